"""Reads times as article files write them. The forms that most files use are read here, and fast: the many forms of ISO
8601, that of mail and feeds (RFC 5322), and seconds or milliseconds since 1970. ``worded_times`` reads all others."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from newsgraph.loaders.fields.read_time import FIRST_YEAR, LONGEST, NO_HINTS, ReadTime, TimeHints, completes, nil
from newsgraph.loaders.fields.zones import numeric_offset
from newsgraph.patterns import later

__all__ = ["NO_HINTS", "ReadTime", "TimeHints", "completes", "parse_time"]

#: 20200610, 20200610T233000Z, 20200610233000, 20200610-233000.
_COMPACT = later(
    r"(\d{4})(\d{2})(\d{2})"
    r"(?:[Tt_ -]?(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII,
)
#: Seconds, milliseconds, microseconds or nanoseconds since 1970, of the years 2001 to 2286, or seconds with a fraction.
_EPOCH = later(r"([1-9]\d{9})(?:(\d{3}|\d{6}|\d{9})(?:\.0+)?|\.(\d{1,9}))?", re.ASCII)
#: As .NET writes times into JSON.
_DATE_CALL = later(r"/?Date\((-?\d{1,15})([+-]\d{4})?\)/?", re.ASCII)
_ISO = later(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?)?",
    re.ASCII,
)
#: Lines of times in UTC, of no leap second.
_ZULUS = later(r"(?:\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:[0-5]\dZ(?:\n|$))++", re.ASCII)
#: From when on, and until when, no time is one that programs write for none.
_FIRST_SURE, _FIRST_UNSURE = datetime(1971, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_MAIL = later(
    r"(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+)?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})"
    r" (\d{2}):(\d{2})(?::(\d{2}))? (GMT|UTC|UT|Z|[+-]\d{4})",
    re.ASCII,
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_WEEKDAYS = {name: number for number, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))}
#: What programs write if there is no time; the negative numbers are Go's and .NET's year 1.
_NULLS = frozenset(
    {
        "null", "none", "nil", "nan", "nat", "n/a", "na", "-", "--", "\N{EM DASH}", "0", "0.0", "-1", "unknown",
        "undefined", "invalid date", "nan-nan-nan", "false", "<na>", "#n/a", "no date", "tbd", "?",
        "nan-nan-nantnan:nan:nanz", "[]", "{}", '""', "#value!", "n.d.", "undated", "not available", "no time",
        "-62135596800", "-62135596800000",
    }
)  # fmt: skip
_YEAR_NOUGHT = later("0000-")
#: The characters of 2021-03-01T10:00:00Z.
_ZULU = 20


def parse_time(text: str | None, hints: TimeHints | Callable[[], TimeHints] = NO_HINTS) -> ReadTime:
    """Returns the time that a text gives, with how sure it is. ``hints`` may be a function, which is called only if
    hints are needed.

    The time is exact only if every word of the text was understood, if it has day, time and zone, and if nothing
    contradicts anything else. A date without a time becomes its midnight in UTC. A time without a zone is read as UTC.
    Nothing is guessed: a date that can be two days, or that lacks its year, is impossible.

    >>> parse_time("Wed, 10 Jun 2020 19:30:00 EDT")
    ReadTime(time=datetime.datetime(2020, 6, 10, 23, 30, tzinfo=datetime.timezone.utc), quality='exact', why='')
    """
    text = (text or "").strip()
    if not text:
        return ReadTime(None, "missing")
    try:
        found = _usual(text)
        if found is not None and found.quality != "no_zone":
            return found
        known = hints if isinstance(hints, TimeHints) else hints()
        if found is None:
            found = _worded(text, known)
        if known.zone and found.quality == "no_zone" and not found.why:
            return _worded(f"{text} {known.zone}", known)
        return found
    except (ValueError, OverflowError):
        if _YEAR_NOUGHT.match(text) or not any(c in text for c in "123456789"):  # 0000-00-00
            return ReadTime(None, "missing", _NIL)
        return ReadTime(None, "impossible", "no calendar or clock shows it")


def exact_time(text: str) -> datetime | None:
    """Returns the time of a text in one of the forms that say all of it, without any hint; None for other texts, which
    :func:`parse_time` must read."""
    try:
        found = _usual(text.strip())
    except (ValueError, OverflowError):
        return None
    return found.time if found is not None and found.quality == "exact" else None


def exact_times(written: Sequence[Any]) -> list[datetime | None]:
    """Returns :func:`exact_time` of each text, and None for what is no text. It takes a third of the time where all are
    written as ``2021-03-01T10:00:00Z``."""
    try:
        if _ZULUS.fullmatch("\n".join(written)):
            times = list(map(datetime.fromisoformat, written))
            if min(times) >= _FIRST_SURE and max(times) < _FIRST_UNSURE:
                return [*times]
    except (TypeError, ValueError):  # one isn't a text, or is no day of the calendar
        pass
    return [exact_time(one) if type(one) is str else None for one in written]


_NIL = "programs write that for no date"


@lru_cache(maxsize=4096)
def _worded(text: str, hints: TimeHints) -> ReadTime:
    from newsgraph.loaders.fields.worded_times import worded_time  # noqa: PLC0415  # most files need it for no time

    return worded_time(text, hints)


def _usual(text: str) -> ReadTime | None:
    """Returns the time if it is written in one of the forms above; None otherwise. Raises ValueError, OverflowError."""
    if len(text) == _ZULU and text[4::3] == "--T::Z" and text.isascii() and text[11:13] != "24" and text[17:19] != "60":
        return _sure(datetime.fromisoformat(text))
    match = _ISO.fullmatch(text)
    if match is not None:
        return _of_figures(match)
    match = _MAIL.fullmatch(text)
    if match is not None:
        weekday, day, month, year, hour, minute, second, zone = match.groups()
        # worded_times decides what the end of a day, a leap second and a wrong weekday mean.
        left = hour == "24" or second == "60"
        clock = (0, 0, 0) if left else (int(hour), int(minute), int(second or 0))
        local = datetime(int(year), _MONTHS[month], int(day), *clock, tzinfo=UTC)
        if left or (weekday and local.weekday() != _WEEKDAYS[weekday]):
            return None
        return _sure(local - _offset(zone) if zone[0] in "+-" else local)
    if text.lower() in _NULLS:
        return ReadTime(None, "missing")
    return _of_digits(text) if text.isascii() and len(text) <= LONGEST else None


def _of_digits(text: str) -> ReadTime | None:
    match = _EPOCH.fullmatch(text)
    if match is not None:
        fraction = int((match[2] or match[3] or "0")[:6].ljust(6, "0"))
        return _sure(datetime.fromtimestamp(int(match[1]), UTC) + timedelta(microseconds=fraction))
    match = _COMPACT.fullmatch(text)
    if match is not None and match[1] >= str(FIRST_YEAR):
        return _of_figures(match)
    match = _DATE_CALL.fullmatch(text)
    if match is not None:
        return _sure(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(match[1])))
    return None


def _of_figures(match: re.Match[str]) -> ReadTime | None:
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    if hour is None:
        return _sure(datetime(int(year), int(month), int(day), tzinfo=UTC), "date_only")
    if hour == "24" or second == "60":
        return None
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), microsecond, UTC)
    if zone is None:
        return _sure(local, "no_zone")
    return _sure(local - _offset(zone) if zone[0] in "+-" else local)


@lru_cache(maxsize=256)
def _offset(written: str) -> timedelta:
    offset = numeric_offset(written)
    if offset is None:
        raise ValueError(f"{written} is the offset of no clock on earth")
    return offset


def _sure(time: datetime, quality: str = "exact") -> ReadTime:
    year = time.year
    if 1970 < year < 9999:
        return ReadTime(time, quality)
    if nil(time.date()) or (
        quality != "date_only" and time.date() in _ZERO_OF_TABLES and time.hour == time.minute == 0
    ):
        return ReadTime(None, "missing", _NIL)
    if year < FIRST_YEAR:
        return ReadTime(None, "impossible", "there was no news in that year")
    return ReadTime(time, quality)


#: The date that spreadsheets show for the number 0.
_ZERO_OF_TABLES = frozenset({date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)})
