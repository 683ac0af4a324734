"""A time that was read from a text, and what is known about that text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class TimeHints:
    """What is known about a text that holds a time.

    ``country`` (two capitals) and ``language`` (its ISO 639 code) decide what names of time zones and ``3/1/2021``
    mean. ``order`` (``DMY``, ``MDY`` or ``YMD``) is the order that the other dates of a column have shown. ``utc`` says
    that times without a zone are in UTC, as the name of a column can say.
    """

    country: str = ""
    language: str = ""
    order: str = ""
    utc: bool = False


NO_HINTS = TimeHints()


class ReadTime(NamedTuple):
    """A time as a file gives it.

    ``time`` has a zone and is in UTC; None when it is missing or impossible. ``quality`` is exact, date_only (``time``
    is its midnight in UTC), no_zone (read as UTC), doubtful (not every word was understood), missing or impossible.
    ``why`` says in words what was not understood. It is empty if ``quality`` says enough.
    """

    time: datetime | None
    quality: str
    why: str = ""


class NoTimeError(ValueError):
    """A text holds no time. The message says why."""
