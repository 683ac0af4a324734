"""Events by size and time, with their first outlet and spread.

Stories, outlets and times are those left after the filters. The first outlet is the one whose earliest story of a
sure date is alone the earliest of the event; it is empty where several outlets share that second. The spread runs
from the earliest to the latest story. An event with no story of a sure date is left out unless ``--dates all``
takes unsure dates at their word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.filters import RankingFilters, chosen, period_notes, unsure_note
from newsgraph.queries.parameters import Kind, parameter
from newsgraph.queries.question import Question
from newsgraph.queries.text import packaged


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event."""

    event_id: str = column("id of the event")
    event_title: str | None = column("title of the event")
    first_published_at: datetime | None = column("time of its earliest story")
    last_published_at: datetime | None = column("time of its latest story")
    stories: int = column("stories on it", "stories")
    outlets: int = column("outlets that covered it", "outlets")
    first_outlet: str | None = column("id of the outlet that alone was first; empty for a tie")
    spread_hours: float | None = column("from its earliest story to its latest", "hours")
    unsure: int = column("stories left out because their date is unsure", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(RankingFilters):
    """What events can be asked."""

    min_outlets: int = parameter(Kind.INTEGER, "events with at least so many outlets left", default=1, minimum=0)


@dataclass(slots=True)
class _Event:
    title: str | None
    stories: set[str] = field(default_factory=set)
    outlets: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    times: list[datetime] = field(default_factory=list)
    firsts: dict[str, int] = field(default_factory=dict)


def answer(store: Store, text: str, asked: Parameters) -> Found[EventRow]:
    """Largest first: by stories, then outlets, then time, then id."""
    events: dict[str, _Event] = {}
    left_out: set[str] = set()
    cells: Any
    for cells in store.query(text, chosen(asked)):
        event_id, title, outlet, story, second, sure, published_at = cells
        event = events.setdefault(event_id, _Event(title))
        if second is None or (asked.dates == "sure" and not sure):
            event.unsure.add(story)
            left_out.add(story)
            continue
        event.stories.add(story)
        event.times.append(published_at)
        if outlet is not None:
            event.outlets.add(outlet)
            event.firsts[outlet] = min(second, event.firsts.get(outlet, second))
    rows = [
        _row(id, event) for id, event in events.items() if event.stories and len(event.outlets) >= asked.min_outlets
    ]
    rows.sort(key=lambda row: row.event_id)
    rows.sort(key=lambda row: (-row.stories, -row.outlets, row.first_published_at))
    dateless = sum(not event.stories for event in events.values())
    notes = (f"{dateless} events have no story of a known time and are left out.",) if dateless else ()
    return Found(rows, (*period_notes(asked), *unsure_note(len(left_out)), *notes))


def _row(id: str, event: _Event) -> EventRow:
    first, last = min(event.times), max(event.times)
    earliest = min(event.firsts.values(), default=None)
    leaders = [outlet for outlet, second in event.firsts.items() if second == earliest]
    # A story without an outlet may be earlier still: then no outlet was first.
    alone = len(leaders) == 1 and earliest == int(first.timestamp() // 1)
    return EventRow(
        event_id=id,
        event_title=event.title,
        first_published_at=first,
        last_published_at=last,
        stories=len(event.stories),
        outlets=len(event.outlets),
        first_outlet=leaders[0] if alone else None,
        spread_hours=(last - first).total_seconds() / 3600,
        unsure=len(event.unsure),
    )


QUESTION = Question(
    name="events",
    row=EventRow,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("events"),
    detail=__doc__ or "",
)
