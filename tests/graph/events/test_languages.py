"""Languages: told from the words, read as they are written, with names found again in each of their forms."""

# ruff: noqa: RUF001  # letters of other scripts look like Latin ones

from datetime import UTC, datetime, timedelta

import pytest

from newsgraph.graph.events import EventSettings, StoryText, derive
from newsgraph.graph.events.text.languages import detect
from newsgraph.graph.events.text.texts import language, read, tokens

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
SETTINGS = EventSettings()

EVENTS = {
    "ru": (
        ("Что известно о пожаре на складе в Томске", "Пожарные о складе в Томске: что горело"),
        ("Что известно о матче на стадионе в Казани", "Стадион в Казани: что после матча"),
    ),
    "uk": (
        ("Золото Гуменюка у Львові", "Тренер про Гуменюка", "Гуменюком пишаються"),
        ("Злива у Чернівцях", "Чернівці після зливи", "Зливою залито Чернівці"),
    ),
    "sl": (
        ("Zmaga Mavriča v Planici", "Mavrič o skoku", "Z Mavričem v Planico"),
        ("Predor pod Ljubeljem je zaprt, čaka se na žerjav", "Zaprti predor: žerjav prihaja pod Ljubelj"),
    ),
    "ko": (
        ("정다운이 마라톤에서 이겼다", "정다운의 승리, 마라톤은 다음 달에도"),
        ("여수에서 유조선이 좌초했다", "여수의 유조선은 왜 좌초됐나"),
    ),
    "tr": (
        ("İzmit'te yangın için ne dendi", "İzmit'in yangını: bir hafta sonra"),
        ("Öztürk'ün Bodrum zaferi için ne dendi", "Öztürk Bodrum'da bir zafer kazandı"),
    ),
    "ar": (
        ("زلزال في المرسى", "المرسى بعد زلزالٍ"),
        ("ليلى منصوري تفوز في الماراثون", "منصوريّ بعد الماراثونِ"),
    ),
}
"""Two events in each language, with names in other forms or spellings and with small words in common."""


@pytest.mark.parametrize("code", EVENTS)
@pytest.mark.parametrize("given", [True, False])
def test_events_are_found_in_languages_with_other_words_and_scripts(code: str, given: bool) -> None:
    titles = [title for event in EVENTS[code] for title in event]
    stories = [
        StoryText(title, title, "", START + timedelta(hours=hour), language=code if given else None)
        for hour, title in enumerate(titles)
    ]
    found = {frozenset(member.story_id for member in event.members) for event in derive(stories).events}
    assert found == {frozenset(event) for event in EVENTS[code]}


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
