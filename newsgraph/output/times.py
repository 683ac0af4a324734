"""Reads times that people give, and writes times in ISO 8601."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Any

from newsgraph.errors import UsageError


def iso(moment: datetime) -> str:
    """Returns the time as ISO 8601, with microseconds if there are any.

    A time with a zone is written in UTC with ``Z``; a time without a zone is written without one.

    >>> iso(datetime(2020, 6, 11, 14, 30, tzinfo=UTC))
    '2020-06-11T14:30:00Z'
    """
    if moment.tzinfo is None:
        return moment.isoformat()
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).isoformat()[:-6] + "Z"  # for +00:00


def iso_cells(column: list[Any]) -> list[str]:
    """Returns many times with a zone as :func:`iso` writes them; an empty text for None."""
    return [
        ""
        if time is None
        else (time if time.tzinfo is UTC else time.astimezone(UTC)).isoformat()[:-6] + "Z"  # for +00:00
        for time in column
    ]


#: Units in which a time before now is written: minutes have no letter, for m could be a month, too.
_UNITS = {
    "h": "hours", "hour": "hours", "hours": "hours", "d": "days", "day": "days", "days": "days", "w": "weeks",
    "week": "weeks", "weeks": "weeks", "month": "months", "months": "months", "y": "years", "year": "years",
    "years": "years", "minute": "minutes", "minutes": "minutes",
}  # fmt: skip
_BEFORE = re.compile(r"(\d{1,6}) ?([a-z]+)(?: ago)?")
_WORDED = "Write 2020-06-11, 2020-06-11T14:30:00Z, 7d, 24h, yesterday or last week"


def moment(value: Any, subject: str, *, now: datetime | None = None) -> datetime:
    """Returns a date or time as a time with zone, in UTC. Without a zone it is read as UTC; a date is its first moment.

    ``value`` is a text in ISO 8601, a ``date`` or a ``datetime``, or words that count from ``now`` (with zone; the
    clock's time if it isn't given): see :func:`worded_moment`. Raises UsageError, which names ``subject``, for anything
    else.
    """
    if isinstance(value, str):
        worded = worded_moment(value, now or datetime.now(UTC))
        if worded is not None:
            return worded
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise UsageError(subject, f"{value!r} is neither a date nor a time", _WORDED) from None
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # the zone follows
    if not isinstance(value, datetime):
        raise UsageError(subject, f"{value!r} is neither a date nor a time", "Give a date, a datetime or its text")
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        raise UsageError(subject, f"{value} is out of range", "Years run from 1 to 9999") from None


def worded_moment(text: str, now: datetime) -> datetime | None:
    """A time in words, counted from ``now``, in UTC: ``7d``, ``24h``, ``2 weeks ago``, ``3 months`` is so long ago;
    ``today``, ``yesterday``, ``this week``, ``last week``, ``last month``, ``this year`` are their first moments, weeks
    beginning on Monday. None for anything else, and for times before the year 1.

    >>> worded_moment("last week", datetime(2021, 3, 10, 15, tzinfo=UTC)).date()
    datetime.date(2021, 3, 1)
    """
    words = " ".join(text.casefold().split())
    now = now.astimezone(UTC)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    firsts = {
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
    }
    try:
        if words in ("now", "today", "yesterday"):
            return {"now": now, "today": day, "yesterday": day - timedelta(days=1)}[words]
        which, _, period = words.partition(" ")
        if period in firsts and which in ("this", "last"):
            return firsts[period] if which == "this" else _earlier(firsts[period], 1, f"{period}s")
        found = _BEFORE.fullmatch(words)
        if found is None or found[2] not in _UNITS:
            return None
        return _earlier(now, int(found[1]), _UNITS[found[2]])
    except (ValueError, OverflowError):
        return None


def _earlier(moment: datetime, count: int, unit: str) -> datetime:
    """So many units before: of months and years the same day, or the last one where the month has none such."""
    if unit not in ("months", "years"):
        return moment - timedelta(**{unit: count})
    months = moment.year * 12 + moment.month - 1 - count * (12 if unit == "years" else 1)
    year, month = divmod(months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def lag_words(seconds: float | None) -> str:
    """A length of time to be read, without its sign; empty for None.

    >>> lag_words(48), lag_words(28320), lag_words(266400), lag_words(45 * 86400)
    ('48 s', '7 h 52 min', '3 d 2 h', '45 days')
    """
    if seconds is None:
        return ""
    seconds = abs(round(seconds))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 86_400:
        return _two(seconds // 3600, "h", seconds % 3600 // 60, "min")
    if seconds < 30 * 86_400:
        return _two(seconds // 86_400, "d", seconds % 86_400 // 3600, "h")
    return f"{seconds // 86_400:,} days"


def _two(large: int, unit: str, small: int, other: str) -> str:
    return f"{large} {unit} {small} {other}" if small else f"{large} {unit}"
