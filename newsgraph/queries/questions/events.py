"""Events by size and time, with their first outlet and spread.

Stories, outlets and times are those that the filters leave. Times are those of stories of a sure date. If an event has
no such story, its unsure times are given, if there are any. The first outlet is the one that has the earliest story of
a sure date. It is empty if several outlets published at that same second. The spread is the time from the earliest to
the latest story.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
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

_NO_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event."""

    event_id: str = column("id of the event")
    event_title: str | None = column("title of the event")
    first_published_at: datetime | None = column("time of its earliest story; empty if no story has a time")
    last_published_at: datetime | None = column("time of its latest story; empty if no story has a time")
    stories: int = column("stories on it", "stories")
    outlets: int = column("outlets that covered it", "outlets")
    first_outlet: str | None = column("id of the outlet that alone was first; empty for a tie")
    spread_hours: float | None = column("time from its earliest to its latest story", "hours")
    unsure: int = column("of its stories, those of an unsure date", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(AllDates, OriginalsFilter, EventFilter, OutletFilter, TopicFilter, PeriodFilter):
    """What events can be asked."""

    min_outlets: int = parameter(Kind.INTEGER, "events with at least so many outlets left", default=1, minimum=0)


@dataclass(slots=True)
class _Event:
    title: str | None
    stories: set[str] = field(default_factory=set)
    outlets: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    times: list[datetime] = field(default_factory=list)
    unsure_times: list[datetime] = field(default_factory=list)
    firsts: dict[str | None, int] = field(default_factory=dict)  # by outlet; None is for stories without one


def answer(store: Store, text: str, asked: Parameters) -> Found[EventRow]:
    """Returns the largest events first: by stories, then outlets, then time, then id."""
    events: dict[str, _Event] = {}
    left_out: set[str] = set()
    cells: Any
    for cells in store.query(text, chosen(asked)):
        event_id, title, outlet, story, second, sure, published_at = cells
        known = bool(sure) and second is not None
        if asked.dates == "sure" and not known:
            left_out.add(story)
            continue
        event = events.setdefault(event_id, _Event(title))
        event.stories.add(story)
        if outlet is not None:
            event.outlets.add(outlet)
        if known:
            event.times.append(published_at)
            event.firsts[outlet] = min(second, event.firsts.get(outlet, second))
        else:
            event.unsure.add(story)
            event.unsure_times += [published_at] if published_at is not None else []
    rows = [_row(id, event) for id, event in events.items() if len(event.outlets) >= asked.min_outlets]
    rows.sort(key=lambda row: row.event_id)
    rows.sort(key=lambda row: (-row.stories, -row.outlets, row.first_published_at or _NO_TIME))
    return Found(rows, (*period_notes(asked), *unsure_note(len(left_out))))


def _row(id: str, event: _Event) -> EventRow:
    times = event.times or event.unsure_times
    earliest = min(event.firsts.values(), default=None)
    leaders = [outlet for outlet, second in event.firsts.items() if second == earliest]
    return EventRow(
        event_id=id,
        event_title=event.title,
        first_published_at=min(times, default=None),
        last_published_at=max(times, default=None),
        stories=len(event.stories),
        outlets=len(event.outlets),
        first_outlet=leaders[0] if len(leaders) == 1 else None,
        spread_hours=(max(times) - min(times)).total_seconds() / 3600 if times else None,
        unsure=len(event.unsure),
    )


QUESTION = Question(
    name="events",
    row=EventRow,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/events"),
    detail=__doc__ or "",
)
