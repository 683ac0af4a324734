"""A time as it was read from a text, and what is known from around the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class TimeHints:
    """What is known from around a text that tells a time. ``country`` in two capitals and ``language`` by its code of
    ISO 639 say what zone names and ``3/1/2021`` mean there. ``order`` (``DMY``, ``MDY`` or ``YMD``) is what the other
    dates of a column have shown. ``utc``: times without a zone are in UTC, as a column's name can say."""

    country: str = ""
    language: str = ""
    order: str = ""
    utc: bool = False


NO_HINTS = TimeHints()


class ReadTime(NamedTuple):
    """A time as a file tells it. ``time`` is aware, in UTC; None when it is missing or impossible. ``quality`` is
    exact, date_only (``time`` is its midnight in UTC), no_zone (read as UTC), doubtful (not every word was understood),
    missing or impossible. ``why`` says in words what was not understood; it is empty where the quality tells."""

    time: datetime | None
    quality: str
    why: str = ""


class NoTimeError(ValueError):
    """A text tells no time; its message says why."""
