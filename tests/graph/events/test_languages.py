"""Languages: told from the words, read as they are written, with names found again in each of their forms."""

from datetime import UTC, datetime, timedelta

import pytest

from newsgraph.graph.events import EventSettings, StoryText, derive
from newsgraph.graph.events.text.languages import detect
from newsgraph.graph.events.text.texts import language, read, tokens

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
SETTINGS = EventSettings()

EVENTS = {
    "ru": (
        ("Ковальчук выиграл марафон в Казани", "Победа Ковальчука в Казани: марафон прошёл под дождём"),
        ("Власти Томска закрыли мост после паводка", "Томский мост закрыт: паводок размыл опоры"),
    ),
    "uk": (
        ("Ярослава Гуменюк здобула золото у Львові", "Золото Гуменюк у Львові: тренер про перемогу Ярослави"),
        ("Злива підтопила вокзал у Чернівцях", "Підтоплений вокзал Чернівців зачинено після зливи"),
    ),
    "sl": (
        ("Mavrič zmagal v Planici", "Zmaga Mavriča v Planici: žirija o skoku Mavriča"),
        ("Poplave so zaprle predor pod Ljubeljem, čaka se na žerjav", "Predor pod Ljubeljem zaprt zaradi poplave"),
    ),
    "ko": (
        ("정다운 선수가 마라톤에서 우승했다", "정다운의 마라톤 우승에 환호"),
        ("여수 앞바다에서 유조선이 좌초했다", "좌초된 유조선, 여수 어민 피해"),
    ),
    "hi": (
        ("नागपुर में पुल गिरा, तीन घायल", "नागपुर पुल हादसा: तीन घायल अस्पताल में"),
        ("अनन्या राव ने शतरंज का खिताब जीता", "शतरंज खिताब जीतकर अनन्या राव खुश"),
    ),
    "tr": (
        ("İzmit'te fabrika yangını: üç yaralı", "İzmit'teki yangında yaralanan üç işçi hastanede"),
        ("Yelkenci Öztürk'ün Bodrum zaferi", "Öztürk Bodrum'da yelken yarışını kazandı"),
    ),
    "vi": (
        ("Lũ cuốn trôi cầu Sông Mây, hai người mất tích", "Cầu Sông Mây bị lũ cuốn trôi"),
        ("Nguyễn Lan Chi vô địch cờ vua châu Á", "Kỳ thủ Lan Chi kể về chức vô địch cờ vua"),
    ),
    "ar": (
        ("زلزال يضرب مدينة المرسى ويصيب عشرة", "المرسى: عشرة مصابين جرّاء الزلزال"),
        ("العدّاءة ليلى منصوري تفوز بسباق الماراثون", "ليلى منصوري تفوز بذهبية الماراثون"),
    ),
    "fr": (
        ("L'Armorique en alerte après l'échouage du Kervoal", "Échouage du Kervoal : Armorique, une marée noire"),
        ("La joie d'Éloïse Tanguy après l'or", "Eloise Tanguy en or, son entraîneur raconte"),
    ),
}
"""Two events in each language, each told twice, with names in other forms or spellings."""


@pytest.mark.parametrize("code", EVENTS)
@pytest.mark.parametrize("given", [True, False])
def test_events_are_found_in_languages_with_other_words_and_scripts(code: str, given: bool) -> None:
    titles = [title for event in EVENTS[code] for title in event]
    stories = [
        StoryText(str(n), title, "", START + timedelta(hours=n), language=code if given else None)
        for n, title in enumerate(titles)
    ]
    found = {frozenset(member.story_id for member in event.members) for event in derive(stories).events}
    assert found == {frozenset("01"), frozenset("23")}


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Минобороны назвало причину пожара на складе", "ru"),
        ("Уряд назвав причину пожежі на складі", "uk"),
        ("Правителството обяви причините за пожара в склада", "bg"),
        ("Η κυβέρνηση ανακοίνωσε μέτρα", "el"),
        ("الحكومة تعلن عن إجراءات جديدة", "ar"),
        ("دولت از برنامه تازه خود برای تهران خبر داد", "fa"),
        ("政府、新たな対策を発表", "ja"),
        ("政府宣布新的措施", "zh"),
        ("정부, 새로운 대책 발표", "ko"),
        ("Kabinet komt met plan voor boeren en wil niet wachten op het advies", "nl"),
        ("Rząd ogłosił nowe środki, które wejdą w życie w piątek", "pl"),
        ("Regeringen vill inte ändra lagen och får kritik från oppositionen", "sv"),
        ("Vlada zaradi poplav pripravlja nove ukrepe, ki bodo začeli veljati v petek", "sl"),
        ("Hükümet yeni önlemler için meclise gidiyor", "tr"),
        ("Müller and Dončić sign letter against Škoda's plans for Łódź", "en"),
        ("Apple 發表 iPhone 新機", "zh"),
        ("iPhone 15 вышел в России", "ru"),
        ("2026", "en"),
        ("", "en"),
    ],
)
def test_a_language_is_told_from_script_letters_and_small_words(title: str, code: str) -> None:
    assert detect(tokens(title)) == code


@pytest.mark.parametrize(
    ("written", "plainly"),
    [
        ("L'économie d'Armorique", "économie Armorique"),
        ("Jusqu’à l’été", "jusqu'à été"),
        ("dell'Ucraina all'Aquila", "Ucraina Aquila"),
        ("İzmir'de, Ankara'nın", "Izmir Ankara"),
        ("مُحَمَّد صلاح", "محمد صلاح"),
        ("הַמֶּמְשָׁלָה", "הממשלה"),
    ],
)
def test_what_some_texts_leave_out_makes_no_other_word(written: str, plainly: str) -> None:
    assert read(StoryText("a", written)).title == read(StoryText("a", plainly)).title


@pytest.mark.parametrize("title", ["O'Brien says don't", "the boys' club", "दिल्ली में बारिश", "ঢাকায় বৃষ্টি"])
def test_words_stay_whole(title: str) -> None:
    assert len(read(StoryText("a", title)).title) == len(title.split())


def test_names_without_accents_are_the_same_where_a_name_has_one_form() -> None:
    for code in ("en", "fr", "es", "it"):
        assert language(code, SETTINGS).stem("agbégnénouzy") == "agbegnenouzy"
    assert language("sl", SETTINGS).stem("dončića") == language("sl", SETTINGS).stem("dončićem") != "donci"
