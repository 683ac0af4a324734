"""Events by size and time, with their first outlet and spread.

Stories, outlets and times are those that the filters leave. Times are those of stories of a sure date. If an event has
no such story, its unsure times are given, if there are any. The first outlet is the one that has the earliest story of
a sure date. It is empty if several outlets published at that same second. The spread is the time from the earliest to
the latest story. Stories that hardly fit the event (``weak_fit``) can't be first, as in first-to-cover. ``confidence``
estimates how likely the first is the true first; the help of first-to-cover says how.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from newsgraph.graph.columnar.cells import NO_TIME
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import ColumnRows, Found, column
from newsgraph.queries.asking.filters import (
    AllDates,
    EventFilter,
    OriginalsFilter,
    OutletFilter,
    PeriodFilter,
    TopicFilter,
    chosen,
    period_notes,
    unsure_note,
)
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.statistics.measures import rounded
from newsgraph.queries.tables.table import Table

_TOLD = Table("event_stories")


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event."""

    event_id: str = column("id of the event")
    event_title: str | None = column("title of the event")
    first_published_at: datetime | None = column("time of its earliest story; empty if no story has a time")
    last_published_at: datetime | None = column("time of its latest story; empty if no story has a time")
    stories: int = column("stories on it; without copies, as long as --copies leaves them out", "stories")
    outlets: int = column("outlets that covered it", "outlets")
    first_outlet: str | None = column("id of the outlet that alone was first; empty for a tie")
    confidence: float | None = column(
        "how likely its first stays the first, 0 to 1 (see first-to-cover); empty for one outlet or without a sure date"
    )
    weak_fit: int = column("of its stories, those that fit so badly that they can't be first", "stories")
    spread_hours: float | None = column("from its earliest story to its latest", "hours")
    unsure: int = column("of its stories, those of an unsure date", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(AllDates, OriginalsFilter, EventFilter, OutletFilter, TopicFilter, PeriodFilter):
    """What events can be asked."""

    min_outlets: int = parameter(Kind.INTEGER, "events with at least so many outlets left", default=1, minimum=0)


def answer(store: Store, text: str, asked: Parameters) -> Found[EventRow]:
    """Returns the largest events first: by stories, then outlets, then time, then id."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.graph.columnar.arrays import Named, Numbers, Times  # noqa: PLC0415
    from newsgraph.queries.statistics.event_order import order_of_events  # noqa: PLC0415

    told = _TOLD.read(store, text, chosen(asked))
    left_out = 0
    if asked.dates == "sure":
        sure = told.sure
        left_out = len(np.unique(told.story[~sure]))
        told = told.rows(np.flatnonzero(sure))
    if asked.copies != "exclude":
        told = replace(told, is_copy=np.zeros(len(told), dtype=np.bool_))
    found = order_of_events(told)
    kept = np.flatnonzero(found.outlets >= asked.min_outlets)
    began = np.where(found.first == NO_TIME, np.iinfo(np.int64).max, found.first)
    # Events ascend by id, and equal ones stay in that order.
    kept = kept[np.lexsort((began[kept], -found.outlets[kept], -found.stories[kept]))]
    event, first, last = found.event[kept], found.first[kept], found.last[kept]
    sureness = rounded(found.confidence[kept], 4)
    rows = ColumnRows(
        EventRow,
        [
            Named(told.events, event),
            Named(told.titles, event),
            Times(first),
            Times(last),
            Numbers(found.stories[kept]),
            Numbers(found.outlets[kept]),
            Named(told.outlets, found.leader[kept]),
            Numbers(sureness, ~np.isnan(sureness)),
            Numbers(found.weak[kept]),
            Numbers((last - first) / 1e6 / 3600, first != NO_TIME),
            Numbers((found.stories - found.sure)[kept]),
        ],
    )
    return Found(rows, (*period_notes(asked), *unsure_note(left_out)))


QUESTION = Question(
    name="events",
    row=EventRow,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/events"),
    detail=__doc__ or "",
    table=_TOLD,
)
