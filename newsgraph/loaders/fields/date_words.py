"""Words in dates: names of months and weekdays, morning and afternoon, and words that have no meaning in a date.

English words are known at once. Words of other languages come from dateparser's tables, which are loaded at the first
word that isn't English, because that takes a third of a second. Only its words are used and not its way of reading
dates, which ignores what it doesn't know and guesses what is missing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Languages whose words are known, by their ISO 639-1 codes.
LANGUAGES = (
    "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fa", "fi", "fil", "fr", "gl",
    "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "mr", "ms", "nb", "nl",
    "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip
#: Words that don't change the time: "at", "on", "o'clock". Words for "about", "until" and "updated" do, and are not
#: among them.
FILLERS = frozenset(
    {
        # English, and letters of ISO 8601
        "at", "on", "of", "the", "published", "posted", "date", "time", "local", "t", "hrs", "hours", "o'clock", "h",
        "first", "originally",
        # German, Dutch, Nordic
        "uhr", "um", "den", "der", "am", "om", "op", "uur", "kl", "klokken", "d", "på", "klo", "kello", "kell", "þann",
        # Romance
        "le", "à", "a", "de", "del", "las", "hs", "el", "di", "ore", "ora", "alle", "il", "às", "as", "em", "ao", "la",
        "horas", "heures", "hores", "du",
        # Slavic and Baltic
        "в", "год", "года", "г", "року", "р", "о", "часов", "година", "godz", "godzina", "o", "dne", "v", "ve", "roku",
        "ob", "u", "god", "godine", "r", "на", "във", "у", "об", "году", "plkst", "gada", "val", "m",
        # Words for "published"
        "publicerad", "publicerat", "publisert", "publiceret", "udgivet", "julkaistu", "veröffentlicht", "erschienen",
        "erstellt", "verschenen", "geplaatst", "criado", "creado", "paru", "parue",
        "publié", "publiée", "publicado", "publicada", "publicat", "pubblicato", "pubblicata", "gepubliceerd",
        "opublikowano", "publikováno", "publikované", "megjelent", "yayınlandı", "yayınlanma", "опубликовано",
        "опубліковано", "публикувано", "diterbitkan", "נשלח", "פורסם", "نشر", "نشرت", "منتشر", "δημοσίευση",
        "발행", "입력", "등록", "게재", "公開", "掲載", "配信", "发布", "发布时间", "發佈", "發布", "发表", "發表",
        # Others
        "saat", "ماه", "م", "günü", "pukul", "jam", "tanggal", "ngày", "năm", "lúc", "น", "เวลา", "เมื่อ", "วันที่", "พ.ศ",
        "พศ", "ค.ศ", "คศ",
        "الساعة", "في", "يوم", "בשעה", "ב", "ساعت", "को", "बजे", "के", "klukkan", "στις", "την",
    }
)  # fmt: skip
#: Roman numerals for months, and words of the tables that are too short or too common to mean anything.
_LEFT_OUT = frozenset(
    {
        "i",
        "ii",
        "iii",
        "iv",
        "v",
        "vi",
        "vii",
        "viii",
        "ix",
        "x",
        "xi",
        "xii",
        "de",
        "du",
        "م",
        "md",
        "pd",
        "e",
        "up",
    }
)


@dataclass(slots=True)
class Word:
    """What a word can mean in a date. ``months`` and ``weekdays`` (1 is January, or Monday) map each meaning to the
    languages in which the word has it."""

    months: dict[int, set[str]] = field(default_factory=dict)
    weekdays: dict[int, set[str]] = field(default_factory=dict)
    half: str = ""  # am or pm


def _english() -> dict[str, Word]:
    words: dict[str, Word] = {}
    for number, name in enumerate(MONTHS, 1):
        for written in {name, name[:3], *(("sept",) if name == "september" else ())}:
            words.setdefault(written, Word()).months[number] = {"en"}
    for number, name in enumerate(WEEKDAYS, 1):
        for written in {name, name[:3], *{2: ("tues",), 3: ("weds",), 4: ("thur", "thurs")}.get(number, ())}:
            words.setdefault(written, Word()).weekdays[number] = {"en"}
    for half in ("am", "pm"):
        words[half] = words[f"{half[0]}.m"] = Word(half=half)
    return words


ENGLISH = _english()


def plain(written: str) -> str:
    """Returns a word in the form of the tables: small letters, without a dot at its end; if it has several dots,
    without any."""
    word = unicodedata.normalize("NFC", written.casefold().replace("i\N{COMBINING DOT ABOVE}", "i")).strip(".'’,")
    return word if word in ("a.m", "p.m") else word.replace(".", "")


def without_marks(word: str) -> str:
    """Returns the word without the accents of its Latin letters."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def meaning(word: str) -> Word | None:
    """Returns what a plain word can mean; None for a word that is in no table. English is looked at first."""
    found = ENGLISH.get(word)
    if found is not None:
        return found
    return _foreign().get(word) or (Word() if word in FILLERS else _shortened(word))


@lru_cache(maxsize=1000)
def _shortened(word: str) -> Word | None:
    """Returns the meaning of the first three or four letters of a month's name, if only one month begins with them."""
    if not 3 <= len(word) <= 4 or not word.isalpha():
        return None
    months: dict[int, set[str]] = {}
    for name, means in _foreign().items():
        if name.startswith(word) and len(name) > len(word):
            if not means.months:
                return None
            for number, languages in means.months.items():
                months.setdefault(number, set()).update(languages)
    return Word(months) if len(months) == 1 else None


def foreign_meaning(word: str) -> Word | None:
    """Returns what the word can mean in languages other than English. A word can have meanings in both."""
    return _foreign().get(word)


@lru_cache(maxsize=1)
def _foreign() -> dict[str, Word]:
    words: dict[str, Word] = {}
    folded: dict[str, Word] = {}
    for language in LANGUAGES:
        for written, kind, number in _words_of(language):
            for target, key in ((words, plain(written)), (folded, without_marks(plain(written)))):
                if not key or key in _LEFT_OUT or (target is folded and not key.isascii()):
                    continue
                word = target.setdefault(key, Word())
                if kind == "month":
                    word.months.setdefault(number, set()).add(language)
                elif kind == "weekday":
                    word.weekdays.setdefault(number, set()).add(language)
                elif key not in ENGLISH:
                    word.half = word.half or kind
    found = folded | words
    for word in found.values():
        if word.weekdays:  # "Sa." is Saturday in German, and the morning in Vietnamese
            word.half = ""
    return found


def _words_of(language: str) -> Iterator[tuple[str, str, int]]:
    table: dict[str, Any] = import_module(f"dateparser.data.date_translation_data.{language}").info
    for kind, names in (("month", MONTHS), ("weekday", WEEKDAYS)):
        for number, name in enumerate(names, 1):
            for written in table.get(name, ()):
                if not any(c.isdecimal() for c in written):
                    yield written, kind, number
    for half in ("am", "pm"):
        for written in table.get(half, ()):
            yield written, half, 0
