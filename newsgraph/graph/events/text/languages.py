"""Which language a text is in, and what is known of each language: word lists, stems, names of days and months.

A story mostly gives its language. Where it doesn't, the language is told from the words: the script says which
languages are possible, and word lists which of them is likeliest. Six languages are always compared. Another one in
Latin letters is only looked at where a letter or a small word hints at it, because each list takes some hundredths of
a second to read.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "nl": "dutch", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sh": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
BEGINNINGS = {"bg": 5, "is": 5, "ko": 2, "lv": 5, "mk": 5, "sk": 5, "sl": 5, "uk": 5}
"""Languages that change the ends of words and for which there is no stemmer, each with the number of letters at the
beginning of a word that stand for its stem. This serves nearly as well (McNamee, Nicholas and Mayfield 2009, who found
five letters best). A letter of Korean is a syllable, and most of its nouns have two."""
DECLINING = frozenset({*BEGINNINGS, "cs", "el", "fi", "hu", "lt", "pl", "ru", "sh", "ta", "tr"})
"""Languages that decline names too. In the others a name has one form, and a stemmer would only mutilate it."""
SAME_LISTS = {"bs": "sh", "hr": "sh", "in": "id", "iw": "he", "nn": "nb", "no": "nb", "sr": "sh", "tl": "fil"}
"""Other codes of languages, and the code that has their words."""

DETECTED = ("en", "es", "de", "fr", "pt", "it")
"""The languages that are always looked at when a story doesn't give its own. English wins if two are equal."""
DETECTING_TOKENS = 60
"""The number of words that are read to detect a language. More words don't change the answer."""
UNLISTED_FREQUENCY = 1e-7
"""The frequency that is assumed for a word that a language's list doesn't have. The small lists end at ten times it."""
ENGLISH_PRIOR = 2.0
"""The natural logarithm of how much likelier English is before any word is read."""
USUAL_PRIORS = tuple(ENGLISH_PRIOR if code == "en" else 0.0 for code in DETECTED)
"""The same for each of ``DETECTED``."""

SCRIPTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), ("el",)),
    (re.compile("[\u0400-\u052f]"), ("ru", "uk", "bg", "mk")),
    (re.compile("[\u0590-\u05ff]"), ("he",)),
    (re.compile("[\u0600-\u06ff\u0750-\u077f]"), ("ar", "fa", "ur")),
    (re.compile("[\u0900-\u097f]"), ("hi",)),
    (re.compile("[\u0980-\u09ff]"), ("bn",)),
    (re.compile("[\u0b80-\u0bff]"), ("ta",)),
    (re.compile("[\u1100-\u11ff\uac00-\ud7af]"), ("ko",)),
    (re.compile("[\u3040-\u30ff]"), ("ja",)),
    (re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"), ("zh",)),
)
"""Scripts other than Latin, and the languages with a word list that are written in them."""
KANA = ("ja",)
HAN = ("zh",)
HINTS = {
    code: frozenset((*letters, *small_words.split()))
    for code, letters, small_words in (
        ("ca", "", "els amb dels"),
        ("cs", "ěřůčšžďťň", "při jsou která který bude"),
        ("da", "øå", "ikke efter også"),
        ("fi", "", "että myös oli ovat sekä"),
        ("fil", "", "ang mga"),
        ("hu", "őű", "és egy hogy nem"),
        ("id", "", "yang dengan untuk tidak akan dari"),
        ("is", "ðþ", "að og"),
        ("lt", "ąčęėįšųūž", "kad dėl"),
        ("lv", "āčēģīķļņšūž", "arī"),
        ("ms", "", "yang dengan untuk tidak akan dari"),
        ("nb", "øå", "ikke etter også"),
        ("nl", "", "het een niet voor bij naar ook uit wordt"),
        ("pl", "ąćęłńśźż", "nie się jest oraz przez"),
        ("ro", "ășțşţ", "din pentru sunt"),
        ("sh", "čšžćđ", "nije koji zbog nakon kako"),
        ("sk", "ľĺŕčšžďťň", "nie ktorý ktorá pre"),
        ("sl", "čšžćđ", "bodo tudi zaradi kako lahko"),
        ("sv", "å", "och att inte från efter"),
        ("tr", "ğışİ", "bir için ile olarak"),
        ("vi", "đơưăạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ", "không được"),
    )
}
"""Letters and small words of other languages in Latin letters that the ``DETECTED`` ones hardly use."""
HINTING = frozenset().union(*HINTS.values())

CALENDAR = {
    code: frozenset(names.split())
    for code, names in {
        "en": "january february march april may june july august september october november december jan feb apr jun "
        "jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday tue tues "
        "wed thu thur thurs fri",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre "
        "lunes martes miércoles jueves viernes sábado domingo",
        "de": "januar februar märz april mai juni juli august september oktober november dezember "
        "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre "
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro domingo sábado",
        "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre "
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "nl": "januari februari maart april mei juni juli augustus september oktober november december "
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia "
        "poniedziałek wtorek środa środę czwartek piątek sobota sobotę niedziela niedzielę",
        "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря "
        "понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье",
        "sv": "januari februari mars april maj juni juli augusti september oktober november december "
        "måndag tisdag onsdag torsdag fredag lördag söndag",
        "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня "
        "понеділок вівторок середа середу четвер пʼятниця п'ятниця субота суботу неділя неділю",
    }.items()
}
"""Months and days in some languages. They only say when, and the time of a story says that better."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """Takes the first letters of a word for its stem."""

    letters: int

    def stemWord(self, word: str) -> str:  # noqa: N802  # the name that stemmers of snowball have
        return word[: self.letters]


def stemmer(code: str) -> Any:
    """Returns what makes stems in a language; None where words are compared whole."""
    import snowballstemmer  # noqa: PLC0415  # heavy: on first use only

    if code in BEGINNINGS:
        return Beginning(BEGINNINGS[code])
    return snowballstemmer.stemmer(STEMMERS[code]) if code in STEMMERS else None


def word_frequencies(code: str, size: str = "best") -> dict[str, float]:
    """Returns the words of a language with their share of all words; none if there is no list."""
    import wordfreq  # noqa: PLC0415  # heavy: on first use only

    return wordfreq.get_frequency_dict(code, size) if code in wordfreq.available_languages(size) else {}


def plain_code(given: str) -> str:
    """Returns the code by which a language is known here: "sl" of "sl-SI", "nb" of "no"."""
    code = given.replace("_", "-").split("-")[0].lower()
    return SAME_LISTS.get(code, code)


def detect(text_words: Sequence[str]) -> str:
    """Returns the likeliest language by naive Bayes over word lists (Maron 1961); English when in doubt."""
    some = text_words[:DETECTING_TOKENS]
    letters = "".join(some)
    hints = HINTING.intersection(some)
    if not letters.isascii():
        others = scripts_of(some)
        if others:
            return likeliest(some, others)
        hints |= HINTING.intersection(letters)
    if not hints:
        return likeliest_usual(some)
    return likeliest(some, (*DETECTED, *(code for code, known in HINTS.items() if not known.isdisjoint(hints))))


def scripts_of(text_words: Sequence[str]) -> tuple[str, ...]:
    """Returns the languages of the script that most words are written in; none if that is Latin."""
    counts: Counter[tuple[str, ...]] = Counter()
    for word in text_words:
        if word[0].isalpha():
            counts[next((codes for script, codes in SCRIPTS if script.match(word)), ())] += 1
    if counts[KANA]:  # Japanese is written in Chinese characters too
        counts[KANA] += counts.pop(HAN, 0)
    return max(counts, key=lambda codes: (counts[codes], codes), default=())


def likeliest(text_words: Sequence[str], codes: Sequence[str]) -> str:
    """Returns the likeliest of some languages."""
    lists = [small_list(code) for code in codes]
    totals = [ENGLISH_PRIOR if code == "en" else 0.0 for code in codes]
    for word in text_words:
        known = [frequencies.get(word, 0.0) for frequencies in lists]
        if any(known):
            for place, frequency in enumerate(known):
                totals[place] += math.log(max(frequency, UNLISTED_FREQUENCY))
    return codes[max(range(len(codes)), key=lambda place: (totals[place], -place))]


def likeliest_usual(text_words: Sequence[str]) -> str:
    """Returns the likeliest of ``DETECTED``, as ``likeliest`` does, and faster."""
    lists = usual_lists()
    known = [lists[word] for word in text_words if word in lists]
    totals = list(map(math.fsum, zip(USUAL_PRIORS, *known, strict=True)))
    return DETECTED[totals.index(max(totals))]


@lru_cache(maxsize=64)
def small_list(code: str) -> dict[str, float]:
    return word_frequencies(code, "small")


@lru_cache(maxsize=1)
def usual_lists() -> dict[str, tuple[float, ...]]:
    """Returns the words of the small lists, each with the logarithm of its frequency in each of ``DETECTED``."""
    lists = [small_list(code) for code in DETECTED]
    words_of_all = sorted(set().union(*lists))
    return {
        word: tuple(math.log(max(frequencies.get(word, 0.0), UNLISTED_FREQUENCY)) for frequencies in lists)
        for word in words_of_all
    }
