"""Times in words and figures of any order: ``June 10, 2020 Wednesday 2:30 PM``, ``ke 27 loka 2021 klo 11.34``.

A text is cut into tokens, and each token must have a role: day, month or year, time of day, morning or afternoon, zone,
weekday, or a word that doesn't change the time. A word without a role makes the time doubtful. A number without a role
means that the text gives no time. Nothing is guessed: there is no time without a day, a month and a year.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from newsgraph.loaders.fields.date_words import ENGLISH, FILLERS, Word, foreign_meaning, meaning, plain
from newsgraph.loaders.fields.dates_in_figures import day_of_year, days_in_figures, in_half, is_year, time_of_day
from newsgraph.loaders.fields.read_time import FIRST_YEAR, LONGEST, NO_HINTS, NoTimeError, ReadTime, TimeHints, nil
from newsgraph.loaders.fields.time_spellings import one_spelling
from newsgraph.loaders.fields.zones import can_mean, in_utc, is_zone, named_offset, numeric_offset, region_offset
from newsgraph.patterns import later

#: Up to so many words without a role, before or after a date, make it doubtful. With more, the text isn't a date.
MOST_WORDS_UNREAD = 6
#: Years of the Buddhist calendar, which Thai texts use, are higher by this number.
_BUDDHIST = 543

_TOKEN = later(
    r"""\((?P<comment>[^()]*)\)
    |\[(?P<bracket>[^\[\]]*)\]
    |(?P<region>(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Canada|Etc|Europe|Indian|Pacific|US)
        /[A-Za-z_+\-0-9]+(?:/[A-Za-z_\-]+)?)
    |(?P<week>\d{4}-?W\d{2}-?[1-7](?!\d))
    |(?P<ordinal>\d{4}-\d{3}(?![\d\-/.]))
    |(?P<numbers>\d{1,4}(?P<mark>[\-/.])\s?\d{1,2}(?P=mark)\s?\d{1,4}(?!\d|\.\d)\.?)
    |(?P<basic>\d{8}(?!\d))
    |(?P<clock>\d{1,2}:\d{1,2}(?::\d{1,2}(?:[.,]\d{1,9})?)?(?![:\d])|\d{1,2}\.\d{2}(?:\.\d{2})?(?![\d.:]))
    |(?P<offset>[+\-\u2212\u2013]\d{1,2}(?::?\d{2})?(?::?\d{2})?(?![\d:/.]))
    |(?P<number>'?\d+)(?P<suffix>(?:st|nd|rd|th|er|eme|ème|ste|e|o|a|\u00b0)(?![^\W\d_]))?
    |(?P<gap>[\s,;:|/\u060c\u061b]+|(?<=\d)\u00b7|\u00b7(?=\d))
    |(?P<word>(?:(?![\-\u00b7]\d)[^\s\d,;:()\[\]|/+<>\u060c\u061b])+)
    |(?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CLOCK = later(r"(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,](\d{1,9}))?)?")
#: Names after which an offset is counted from Greenwich.
_BASES = frozenset({"GMT", "UTC", "UT"})
_FROM_GREENWICH = later(r"(?:GMT|UTC)\s?([+\-\u2212]\d{1,2}(?::?\d{2})?)", re.IGNORECASE)
#: Characters between words and figures that have no meaning of their own.
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2022_@\"'\u2019"
#: Characters that have none if they stand alone. Beside a letter they can be a part of it: ``\u013f`` becomes L and
#: U+00B7 when compatible characters are replaced.
_PARTS_OF_LETTERS = frozenset("\u00b7\u02bc")
_AROUND_WORDS = _DASHES + "".join(_PARTS_OF_LETTERS)
#: The letter that stands for "evening" after a time of the day.
_ARABIC_PM = "\u0645"
#: Kinds of tokens after which a zone may follow.
_BEFORE_ZONE = frozenset({"clock", "half", "zone"})


def worded_time(text: str, hints: TimeHints = NO_HINTS) -> ReadTime:
    """Returns the time that the text gives. If it gives none, the quality is impossible and ``why`` says what is
    wrong."""
    if len(text) > LONGEST:
        return ReadTime(None, "impossible", "it is too long for a time")
    try:
        return _Parts(hints).told_by(one_spelling(text))
    except NoTimeError as error:
        return ReadTime(None, "impossible", str(error))
    except (ValueError, OverflowError):
        return ReadTime(None, "impossible", "no calendar or clock shows it")


class _Written(NamedTuple):
    """A word, its place among the tokens, and what it can mean."""

    place: int
    text: str
    means: Word


class _Parts:
    """What was found in one text so far."""

    def __init__(self, hints: TimeHints) -> None:
        self._hints = hints
        self._place = 0
        self._last = ""  # the kind of the token before
        self._days: list[date] = []
        self._possible: tuple[date, ...] = ()  # what the figures of the last of them can mean
        self._numbers: list[tuple[int, str, bool]] = []  # place, figures, whether an ordinal's ending follows
        self._words: list[_Written] = []
        self._clocks: list[timedelta] = []
        self._half = ""
        self._zones: list[str] = []
        self._offset: timedelta | None = None
        self._zones_before_offset = 0
        self._region = ""
        self._unknown_zone = ""
        self._comments: list[str] = []
        self._unread: list[tuple[int, str]] = []
        self._contradiction = ""
        self._languages: set[str] = set()

    def told_by(self, text: str) -> ReadTime:
        for found in _TOKEN.finditer(text):
            kind = str(found.lastgroup)
            kind = {"suffix": "number", "mark": "numbers"}.get(kind, kind)
            if kind == "gap":
                continue
            self._place += 1
            getattr(self, f"_take_{kind}")(found)
        day = self._day()
        if nil(day):
            return ReadTime(None, "missing", "programs write that for no date")
        if day.year < FIRST_YEAR:
            raise NoTimeError("there was no news in that year")
        self._check_words(day)
        return self._time_of(day)

    # -- Tokens --------------------------------------------------------------------------------------------------------

    def _take_comment(self, found: re.Match[str]) -> None:
        self._comments.append(found["comment"].strip())

    def _take_bracket(self, found: re.Match[str]) -> None:
        written = found["bracket"].strip()
        if "/" in written:
            self._take_zone_of(written)
        elif is_zone(written):
            self._zones.append(written)
        else:
            self._unread.append((self._place, written or "[]"))

    def _take_region(self, found: re.Match[str]) -> None:
        self._take_zone_of(found["region"])

    def _take_zone_of(self, region: str) -> None:
        if self._region:
            raise NoTimeError("it has two zones")
        self._region, self._last = region, "zone"

    def _take_week(self, found: re.Match[str]) -> None:
        year, week, day = re.fullmatch(r"(\d{4})-?[Ww](\d{2})-?(\d)", found["week"]).groups()  # type: ignore[union-attr]  # the token is of that shape
        self._take_day(date.fromisocalendar(int(year), int(week), int(day)))

    def _take_ordinal(self, found: re.Match[str]) -> None:
        year, _, day = found["ordinal"].partition("-")
        self._take_day(day_of_year(int(year), int(day)))

    def _take_basic(self, found: re.Match[str]) -> None:
        figures = found["basic"]
        self._take_day(date(int(figures[:4]), int(figures[4:6]), int(figures[6:])))

    def _take_numbers(self, found: re.Match[str]) -> None:
        mark = found["mark"]
        first, second, third = (one.strip() for one in found["numbers"].strip(".").split(mark))
        self._possible = days_in_figures(first, second, third, mark, self._hints)
        self._take_day(self._possible[0])

    def _take_day(self, day: date) -> None:
        self._days.append(day)
        self._last = "day"

    def _take_clock(self, found: re.Match[str]) -> None:
        shown = _CLOCK.fullmatch(found["clock"])
        assert shown is not None  # the token is of that shape
        self._clocks.append(time_of_day(shown))
        self._last = "clock"

    def _take_offset(self, found: re.Match[str]) -> None:
        written = found["offset"]
        after_day = self._last == "day" and (":" in written or written[0] == "+")
        after_year = self._last == "number" and bool(self._clocks) and len(written) > len("+00")
        if self._last in _BEFORE_ZONE or after_day or after_year:
            shown = numeric_offset(written)
            if shown is None or self._offset is not None:
                raise NoTimeError(
                    f"{written} is the offset of no clock on earth" if shown is None else "it has two zones"
                )
            if self._is_span(found, shown):
                raise NoTimeError("it can be a span of time")
            self._offset, self._last, self._zones_before_offset = shown, "zone", len(self._zones)
        elif written[1:].isdecimal() and written[0] != "+":  # 01-Mar-2021
            self._numbers.append((self._place, written[1:], False))
            self._last = "number"
        else:
            raise NoTimeError(f"{written} has no place in a time")

    def _is_span(self, found: re.Match[str], offset: timedelta) -> bool:
        """Tells whether it can be the end of a time span: ``10:00-11:00``. ``14:00-05:00`` can't be, nor what has
        seconds."""
        close = found.start() > 0 and found.string[found.start() - 1].isdecimal()
        if not (close and ":" in found[0] and offset < timedelta(0)) or self._last != "clock":
            return False
        return -offset > self._clocks[-1] and not self._clocks[-1] % timedelta(minutes=1)

    def _take_number(self, found: re.Match[str]) -> None:
        self._numbers.append((self._place, found["number"], bool(found["suffix"])))
        self._last = "number"

    def _take_other(self, found: re.Match[str]) -> None:
        self._unread.append((self._place, found["other"]))
        self._last = ""

    def _take_word(self, found: re.Match[str]) -> None:
        marked = found["word"].strip(_DASHES)
        written = marked.strip(_AROUND_WORDS)
        if not written:
            return
        if not _PARTS_OF_LETTERS.isdisjoint((marked[0], marked[-1])):
            self._unread.append((0, marked))  # not at its place: the word itself can be the month between day and year
        self._take_letters(written)

    def _take_letters(self, written: str) -> None:
        """Finds the role of a word without the signs around it."""
        if self._last in _BEFORE_ZONE and self._is_half(plain(written)):
            return
        if self._takes_zone(written):
            self._zones.append(written.upper())
            self._last = "zone"
            return
        word = plain(written)
        if word == _ARABIC_PM and self._last == "clock":  # after a year it means the Common Era
            self._take_half("pm")
            return
        means = meaning(word)
        if means is not None and means.half and (not word.isascii() or self._last == "clock"):
            self._take_half(means.half)
            return
        if means is not None and (means.months or means.weekdays):
            self._words.append(_Written(self._place, word, means))
        elif word in FILLERS or (means is None and not word):
            return
        elif self._last in _BEFORE_ZONE and written.isupper() and written.isalpha() and len(written) <= 5:
            self._unknown_zone = written
        else:
            self._unread.append((self._place, written))
        self._last = "word"

    def _is_half(self, word: str) -> bool:
        if word not in ("am", "pm", "a.m", "p.m"):
            return False
        self._take_half(word[0] + "m")
        return True

    def _take_half(self, half: str) -> None:
        if self._half:
            raise NoTimeError("it names two halves of the day")
        self._half, self._last = half, "half"

    def _takes_zone(self, written: str) -> bool:
        name = written.upper()
        if not is_zone(name):
            return False
        if name in ("UTC", "GMT"):
            return True
        if self._last in _BEFORE_ZONE or (self._last == "day" and name == "Z"):
            # In small letters only a name that isn't a word in many languages.
            return written.isupper() or len(written) > 2 or name == "Z"
        return bool(self._clocks) and written.isupper() and len(written) > 2

    # -- The day -------------------------------------------------------------------------------------------------------

    def _day(self) -> date:
        months = [word for word in self._words if word.means.months]
        if len(self._days) == 1:
            if any(not word.means.weekdays for word in months) or self._numbers:
                raise NoTimeError("a figure or a month in it has no place")
            return self._days[0] if len(self._possible) < 2 else self._day_of_week()
        if self._days:
            raise NoTimeError("it holds two dates")
        if len(months) != 1:
            self._words = [_with_other_languages(word) for word in self._words]
            months = [word for word in self._words if word.means.months]
        if not months and [len(figures) for _, figures, _ in self._numbers] in (
            [4, 2, 2],
            [4, 1, 1],
            [4, 1, 2],
            [4, 2, 1],
        ):
            year, month, day = (int(figures) for _, figures, _ in self._numbers)
            return date(year, month, day)
        if not months or not self._numbers:
            raise NoTimeError("there is no date in it")
        return self._day_around(self._month(months))

    def _day_of_week(self) -> date:
        """Returns the one of the possible days that is the weekday in the text."""
        weekdays = [word.means.weekdays for word in self._words if word.means.weekdays]
        fitting = [day for day in self._possible if weekdays and all(day.isoweekday() in one for one in weekdays)]
        if len(fitting) != 1:
            days = " or ".join(f"{day.day} {day:%B %Y}" for day in self._possible)
            raise NoTimeError(f"it can be {days}")
        return fitting[0]

    def _month(self, months: list[_Written]) -> _Written:
        sure = [word for word in months if not word.means.weekdays]
        if len(sure) > 1:
            raise NoTimeError("it names two months")
        return sure[0] if sure else months[-1]

    def _day_around(self, word: _Written) -> date:
        if len(self._numbers) != 2:
            raise NoTimeError("a day and a year are wanted beside the month")
        (first_place, first, is_day), (second_place, second, _) = self._numbers
        firstis_year = is_year(first) and not is_day
        if firstis_year == is_year(second) and firstis_year:
            raise NoTimeError("there is no day in it")
        if word.place > second_place and not firstis_year:
            raise NoTimeError("its order is none of a date's")
        year, day = (first, second) if firstis_year else (second, first)
        low, high = min(first_place, word.place), max(second_place, word.place)
        if any(low < place < high for place, _ in self._unread):
            raise NoTimeError(f"{self._unread[0][1]!r} has no place in a date")
        self._words.remove(word)
        self._languages = set().union(*word.means.months.values())
        number = self._meant(word)
        return date(self._full_year(year), number, int(day))

    def _meant(self, word: _Written) -> int:
        """Returns the month that the word means. If it can mean several, the language of the text decides."""
        months = word.means.months
        if len(months) > 1:
            spoken = {self._hints.language} | set().union(
                *(languages for other in self._words for languages in other.means.weekdays.values())
            )
            fitting = [number for number, languages in months.items() if self._hints.language in languages]
            fitting = fitting or [number for number, languages in months.items() if languages & spoken]
            if len(fitting) != 1:
                raise NoTimeError(f"{word.text!r} is another month in another language")
            return fitting[0]
        return next(iter(months))

    def _full_year(self, written: str) -> int:
        year = int(written.strip("'"))
        if len(written.strip("'")) == 2:
            return year + (2000 if year < 50 else 1900)
        thai = self._hints.language == "th" or self._languages == {"th"}
        return year - _BUDDHIST if thai and year > 2400 else year

    # -- The time ------------------------------------------------------------------------------------------------------

    def _check_words(self, day: date) -> None:
        for word in self._words:
            if word.means.months and not word.means.weekdays:
                raise NoTimeError("it names two months")
            if day.isoweekday() not in word.means.weekdays and word.text not in FILLERS:
                self._contradiction = f"{day:%d %b %Y} is no {word.text!r}"
        self._take_zones_of_comments()
        if self._offset is None:  # after an offset they are comments, as in mail
            self._unread += [(self._place, comment or "()") for comment in self._comments]
        if self._unknown_zone and (self._zones or self._region or self._offset is not None):
            self._unread.append((self._place, self._unknown_zone))
        if len(self._unread) > MOST_WORDS_UNREAD:
            raise NoTimeError("it holds more words than a time")
        if self._half and not self._clocks:
            self._unread.append((self._place, self._half))

    def _take_zones_of_comments(self) -> None:
        if self._offset is not None or self._zones or self._region:
            return
        for comment in self._comments:
            found = _FROM_GREENWICH.fullmatch(comment)
            if found is not None and (offset := numeric_offset(found[1])) is not None:
                self._comments.remove(comment)
                self._offset = offset
                return
        for comment in [one for one in self._comments if is_zone(one) or "/" in one]:
            self._comments.remove(comment)
            if "/" in comment:
                self._take_zone_of(comment)
            else:
                self._zones.append(comment)

    def _time_of(self, day: date) -> ReadTime:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        if len(self._clocks) > 1:
            raise NoTimeError("it holds two times of the day")
        if not self._clocks:
            return self._judged(midnight, "date_only")
        local = midnight + in_half(self._clocks[0], self._half)
        offset = self._offset_at(local)
        if offset is None:
            return self._judged(local, "no_zone", self._why_no_zone())
        return self._judged(in_utc(local, offset), "exact")

    def _judged(self, time: datetime, quality: str, why: str = "") -> ReadTime:
        if self._unread:
            return ReadTime(time, "doubtful", f"{self._unread[0][1][:40]!r} was not understood")
        if self._contradiction:
            return ReadTime(time, "doubtful", self._contradiction)
        return ReadTime(time, quality, why)

    def _offset_at(self, local: datetime) -> timedelta | None:
        named = [named_offset(name, local, self._hints.country) for name in self._zones]
        if self._offset is not None:
            self._check_offset(self._offset, local)
            return self._offset
        if self._region:
            return region_offset(self._region, local)
        if self._unknown_zone or not named or None in named:
            return None
        if len(set(named)) > 1:
            self._contradiction = "it has two zones"
        return named[0]

    def _check_offset(self, offset: timedelta, local: datetime) -> None:
        """Notes a zone beside the offset, by its name, that is another one."""
        # GMT+0100 is an hour east of Greenwich; any other zone only repeats the offset.
        repeated = [
            name for number, name in enumerate(self._zones) if number >= self._zones_before_offset or name not in _BASES
        ]
        for name in (*repeated, *filter(is_zone, self._comments)):
            if not can_mean(name, offset, local):
                self._contradiction = f"{name} is another offset"
        if self._region and region_offset(self._region, local) not in (offset, None):
            self._contradiction = f"{self._region} has another offset"

    def _why_no_zone(self) -> str:
        if self._region:
            return f"{self._region} has no such hour, or has it twice, or is unknown"
        name = self._unknown_zone or next(iter(self._zones), "")
        return f"{name} means several time zones or is unknown" if name else ""


def _with_other_languages(word: _Written) -> _Written:
    """Returns the word with its meanings in all languages: ``mar`` is March in English, and also Tuesday in Spanish."""
    other = foreign_meaning(word.text) if word.text in ENGLISH else None
    if other is None:
        return word
    means = Word({**word.means.months, **other.months}, {**word.means.weekdays, **other.weekdays}, word.means.half)
    return word._replace(means=means)
