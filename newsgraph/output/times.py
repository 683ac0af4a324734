"""Reads times that people give, and writes times in ISO 8601."""

from __future__ import annotations

from datetime import UTC, date, datetime
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


def moment(value: Any, subject: str) -> datetime:
    """Returns a date or time as a time with zone, in UTC. Without a zone it is read as UTC; a date is its first moment.

    ``value`` is a text in ISO 8601, a ``date`` or a ``datetime``. Raises UsageError, which names ``subject``, for
    anything else.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise UsageError(
                subject, f"{value!r} is neither a date nor a time", "Write 2020-06-11 or 2020-06-11T14:30:00Z"
            ) from None
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # the zone follows
    if not isinstance(value, datetime):
        raise UsageError(subject, f"{value!r} is neither a date nor a time", "Give a date, a datetime or its text")
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        raise UsageError(subject, f"{value} is out of range", "Years run from 1 to 9999") from None
