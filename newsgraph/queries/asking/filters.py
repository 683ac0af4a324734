"""The filters that questions share. A filter chooses stories and means the same everywhere: a question sees only the
stories that are left, and an event's outlets are those that have a story left.

Each class below adds parameters to a question that inherits from it. ``chosen`` turns them into parameters of the query
text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsgraph.output.times import iso
from newsgraph.queries.asking.outlet_columns import Where, chosen_outlets
from newsgraph.queries.asking.parameters import Kind, parameter

_SEVERAL = "; several are alternatives"
COPIES = ("exclude", "include", "only")
DATES = ("all", "sure")

#: The meaning of each filter on stories, for the help of every command that has it.
MEANINGS = {
    "since": "stories published at or after this date or time (a date is its first moment; UTC where no zone is given),"
    " or since so long ago: 7d, 24h, yesterday, last week (from its Monday on)",
    "until": "stories published before this date or time, itself left out (UTC where no zone is given; words as in"
    " --since)",
    "topic": "stories that their file gives this topic: slug or name",
    "outlet": "stories of this outlet: domain or name",
    "outlet_group": "stories of outlets of this group, as the outlets file says",
    "language": "stories in this language: a tag such as en or pt-BR (en takes en-GB, too)",
    "country": "stories of this country, as their file or their outlet says: code or name",
    "where": "stories of outlets whose column of the outlets file has this value, such as country=DE",
    "event": "stories on this event: id, web address of a story, or words",
}
_COPIES = "what to do with stories whose text another published first: exclude, include, or take only them"
_TIMED = "sure: only stories whose time is known exactly; all: also those whose time is unsure, taken at its word"
_KNOWN = "all: every story, its date marked where it is unsure; sure: only those whose time is known exactly"


@dataclass(frozen=True, kw_only=True)
class PeriodFilter:
    """``--since`` and ``--until``."""

    since: datetime | None = parameter(Kind.MOMENT, MEANINGS["since"], default=None)
    until: datetime | None = parameter(Kind.MOMENT, MEANINGS["until"], default=None)


@dataclass(frozen=True, kw_only=True)
class TopicFilter:
    """``--topic``."""

    topic: tuple[str, ...] = parameter(Kind.TOPIC, MEANINGS["topic"] + _SEVERAL, multiple=True)


@dataclass(frozen=True, kw_only=True)
class PlaceFilter:
    """``--language`` and ``--country``."""

    language: tuple[str, ...] = parameter(Kind.LANGUAGE, MEANINGS["language"] + _SEVERAL, multiple=True)
    country: tuple[str, ...] = parameter(Kind.COUNTRY, MEANINGS["country"] + _SEVERAL, multiple=True)


@dataclass(frozen=True, kw_only=True)
class OutletFilter(PlaceFilter):
    """``--outlet``, ``--outlet-group`` and ``--where``, and with them ``--language`` and ``--country``."""

    outlet: tuple[str, ...] = parameter(Kind.OUTLET, MEANINGS["outlet"] + _SEVERAL, multiple=True)
    outlet_group: tuple[str, ...] = parameter(Kind.GROUP, MEANINGS["outlet_group"] + _SEVERAL, multiple=True)
    where: tuple[Where, ...] = parameter(
        Kind.WHERE, MEANINGS["where"] + "; several of one column are alternatives", multiple=True
    )


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """``--by``: the values of a column of the outlets file take the place of outlets."""

    by: str | None = parameter(
        Kind.COLUMN, "count outlets with the same value in this column of the outlets file as one", default=None
    )


@dataclass(frozen=True, kw_only=True)
class EventFilter:
    """``--event``."""

    event: tuple[str, ...] = parameter(Kind.EVENT, MEANINGS["event"] + _SEVERAL, multiple=True)


@dataclass(frozen=True, kw_only=True)
class OriginalsFilter:
    """``--copies``. Copies are left out unless they are asked for."""

    copies: str = parameter(Kind.CHOICE, _COPIES, default="exclude", choices=COPIES)


@dataclass(frozen=True, kw_only=True)
class CopiesFilter:
    """``--copies``. Copies are included unless they are excluded."""

    copies: str = parameter(Kind.CHOICE, _COPIES, default="include", choices=COPIES)


@dataclass(frozen=True, kw_only=True)
class SureDates:
    """``--dates``, for questions that rank by time. Unsure dates are left out unless they are asked for."""

    dates: str = parameter(Kind.CHOICE, _TIMED, default="sure", choices=DATES)


@dataclass(frozen=True, kw_only=True)
class AllDates:
    """``--dates``, for questions that don't depend on time. Unsure dates are included unless they are excluded."""

    dates: str = parameter(Kind.CHOICE, _KNOWN, default="all", choices=DATES)


@dataclass(frozen=True, kw_only=True)
class RankingFilters(SureDates, OriginalsFilter, EventFilter, OutletFilter, TopicFilter, PeriodFilter):
    """All filters, for rankings by time over many events."""


def chosen(filters: object) -> dict[str, Any]:
    """Returns the filters as parameters of a query text. A filter that isn't used is null and lets everything
    through."""
    return {
        "since": getattr(filters, "since", None),
        "until": getattr(filters, "until", None),
        "topics": _listed(filters, "topic"),
        "outlets": _outlets(filters),
        "languages": _listed(filters, "language"),
        "countries": _listed(filters, "country"),
        "groups": _listed(filters, "outlet_group"),
        "events": _listed(filters, "event"),
        "copies": getattr(filters, "copies", "include"),
    }


def _outlets(filters: object) -> list[str] | None:
    # A question may have an OUTLET of its own, which is a text and not a filter.
    outlets = getattr(filters, "outlet", ())
    return chosen_outlets(outlets if isinstance(outlets, tuple) else (), getattr(filters, "where", ()))


def _listed(filters: object, name: str) -> list[str] | None:
    # A question may have an EVENT of its own, which is a text and not a filter.
    values = getattr(filters, name, ())
    return sorted(values) if isinstance(values, tuple) and values else None


def period_notes(filters: object) -> tuple[str, ...]:
    """Returns a note about the period that the stories are from, if one was given."""
    since, until = getattr(filters, "since", None), getattr(filters, "until", None)
    if since is None and until is None:
        return ()
    start = f"from {iso(since)}" if since else "from the first"
    end = f"up to, not including, {iso(until)}" if until else "to the last"
    return (f"Stories {start} {end}; those without a time are left out.",)


def unsure_note(left_out: int) -> tuple[str, ...]:
    """Returns a note about the number of stories that were left out as unsure."""
    if not left_out:
        return ()
    stories = "1 story was" if left_out == 1 else f"{left_out} stories were"
    return (f"{stories} left out: the date is unsure (--dates all takes those that have a time).",)
