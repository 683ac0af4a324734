"""A time that was read from a text, and what is known about that text."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from msgspec import Struct


class TimeHints(Struct, frozen=True):
    """What is known about a text that holds a time.

    ``country`` (two capitals) and ``language`` (its ISO 639 code) decide what names of time zones and ``3/1/2021``
    mean. ``order`` (``DMY``, ``MDY`` or ``YMD``) is the order that the other dates of a column have shown. ``zone`` is
    the one of times that have none themselves, as the name of a column can say.
    """

    country: str = ""
    language: str = ""
    order: str = ""
    zone: str = ""


NO_HINTS = TimeHints()

#: The first newspapers are from 1605; an earlier year is a mistake.
FIRST_YEAR = 1600
#: The length, in characters, of the longest text that is read as a time.
LONGEST = 120
_NIL_DAYS = frozenset({date(1969, 12, 31), date(1970, 1, 1), date(1601, 1, 1), date(9999, 12, 31)})


class ReadTime(NamedTuple):
    """A time as a file gives it.

    ``time`` has a zone and is in UTC; None when it is missing or impossible. ``quality`` is exact, date_only (``time``
    is its midnight in UTC), no_zone (read as UTC), doubtful (not every word was understood), missing or impossible.
    ``why`` says in words what was not understood. It is empty if ``quality`` says enough.
    """

    time: datetime | None
    quality: str
    why: str = ""


#: A time on earth is at most so far from midnight UTC of its local date.
_FURTHEST_ZONE = timedelta(hours=14)
_A_DAY_ANYWHERE = timedelta(hours=38)


def completes(other: ReadTime, told: ReadTime) -> bool:
    """Tells whether another time that is given for an article is to be preferred to the one told first: if that is none
    or only of a collector, or if the other gives the time of that day, or the zone of that time."""
    if other.time is None or told.time is None:
        return other.time is not None
    if told.quality == "seen":
        return other.quality != "seen"
    apart = abs(other.time - told.time)
    if told.quality == "no_zone":  # the same time with its zone
        return other.quality == "exact" and apart <= _FURTHEST_ZONE and not apart % timedelta(minutes=15)
    timed = told.quality == "date_only" and other.quality in ("exact", "no_zone")
    return timed and apart < _A_DAY_ANYWHERE


def nil(day: date) -> bool:
    """Tells whether programs write that day for "no date": in the years 0 and 1, and the day from which computers
    count."""
    return day.year <= 1 or day in _NIL_DAYS


class NoTimeError(ValueError):
    """A text holds no time. The message says why."""
