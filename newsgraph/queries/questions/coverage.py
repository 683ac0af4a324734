"""All stories of an event in time.

The lag is the time since the earliest story of a sure date among those shown. A story of an unsure date is listed at
its time, is marked and has no lag. A story without any time comes last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from newsgraph.graph.schema import SURE
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.filters import (
    AllDates,
    CopiesFilter,
    OutletFilter,
    PeriodFilter,
    TopicFilter,
    chosen,
    period_notes,
)
from newsgraph.queries.asking.kept_rows import rows_of
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged

_NO_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One story of the event. A story with several outlets has a row for each."""

    event_id: str = column("id of the event")
    event_title: str | None = column("title of the event")
    story_id: str = column("id of the story")
    url: str | None = column("web address of the story, as written")
    title: str | None = column("headline of the story")
    outlet: str | None = column("id of the outlet; empty where the story names none")
    outlet_name: str | None = column("name of the outlet")
    published_at: datetime | None = column("when the story was published")
    lag_seconds: int | None = column("time after the earliest story of a sure date; empty if unsure", "seconds")
    is_copy: bool = column("whether another story published the same text first")
    date_quality: str | None = column("exact, or why the time is unsure: date_only, no_zone, seen, missing ...")


@dataclass(frozen=True, kw_only=True)
class Parameters(AllDates, CopiesFilter, OutletFilter, TopicFilter, PeriodFilter):
    """What coverage can be asked."""

    event: str = parameter(
        Kind.EVENT, "the event: its id, the web address of one of its stories, its title, or words", positional=True
    )


def query(asked: Parameters) -> dict[str, Any]:
    """The values of the query text."""
    return {**chosen(asked), "event": asked.event}


def answer(store: Store, _text: str, asked: Parameters) -> Found[CoverageRow]:
    """Returns the rows in order of time, then of ids."""
    rows: list[CoverageRow] = []
    for cells in rows_of(store, "questions/coverage", query(asked)):
        event_id, event_title, story, url, title, published_at, quality, is_copy, outlet, name = cells
        if asked.dates == "sure" and not _sure(published_at, quality):
            continue
        rows.append(
            CoverageRow(event_id, event_title, story, url, title, outlet, name, published_at, None, is_copy, quality)
        )
    first = min((_second(row) for row in rows if _sure(row.published_at, row.date_quality)), default=None)
    rows = [_with_lag(row, first) for row in rows]
    rows.sort(key=lambda row: (row.story_id, row.outlet or ""))
    rows.sort(key=lambda row: (row.published_at is None, row.published_at or _NO_TIME))
    unsure = len({row.story_id for row in rows if not _sure(row.published_at, row.date_quality)})
    note = (f"{unsure} {'story has' if unsure == 1 else 'stories have'} an unsure date and no lag.",) if unsure else ()
    return Found(rows, (*period_notes(asked), *note))


def _sure(published_at: datetime | None, quality: str | None) -> bool:
    return quality in SURE and published_at is not None


def _second(row: CoverageRow) -> int:
    return 0 if row.published_at is None else int(row.published_at.timestamp() // 1)


def _with_lag(row: CoverageRow, first: int | None) -> CoverageRow:
    if first is None or not _sure(row.published_at, row.date_quality):
        return row
    return replace(row, lag_seconds=_second(row) - first)


QUESTION = Question(
    name="coverage",
    row=CoverageRow,
    parameters=Parameters,
    query=query,
    answer=answer,
    text=packaged("questions/coverage"),
    detail=__doc__ or "",
    unsure_in_rows=True,
    includes_copies=True,
)
