"""Events by size and time, with their first outlet and spread.

Stories, outlets and times are those that the filters leave. Times are those of stories of a sure date. If an event has
no such story, its unsure times are given, if there are any. The first outlet is the one that has the earliest story of
a sure date. It is empty if several outlets published at that same second. The spread is the time from the earliest to
the latest story. Stories that hardly fit the event (``weak_fit``) can't be first, as in first-to-cover. ``confidence``
estimates how likely the first is the true first; the help of first-to-cover says how.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

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
from newsgraph.queries.statistics.ranking import StoryOnEvent, confidence, order_of_coverage, stories_of_events

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
    told = store.query(text, chosen(asked)).rows
    events, left_out = stories_of_events(told, dates=asked.dates, copies_count=asked.copies != "exclude")
    rows = []
    for stories in events.values():
        outlets = {story.outlet for story in stories if story.outlet}
        if len(outlets) >= asked.min_outlets:
            rows.append(_row(stories, len(outlets)))
    rows.sort(key=lambda row: row.event_id)
    rows.sort(key=lambda row: (-row.stories, -row.outlets, row.first_published_at or _NO_TIME))
    return Found(rows, (*period_notes(asked), *unsure_note(left_out)))


def _row(stories: list[StoryOnEvent], outlets: int) -> EventRow:
    different = {story.story_id: story for story in stories}
    sure = [story for story in different.values() if story.sure]
    times = [story.published_at for story in sure or different.values() if story.published_at is not None]
    # A story without an outlet can be first, too; then no outlet was.
    places = order_of_coverage(stories)
    leaders = [place.story.outlet for place in places if place.rank == 1] if sure else []
    sureness = confidence(places, stories)
    return EventRow(
        event_id=stories[0].event_id,
        event_title=stories[0].event_title,
        first_published_at=min(times, default=None),
        last_published_at=max(times, default=None),
        stories=len(different),
        outlets=outlets,
        first_outlet=leaders[0] or None if len(leaders) == 1 else None,
        confidence=round(sureness, 4) if sure and sureness is not None else None,
        weak_fit=sum(story.weak_fit for story in different.values()),
        spread_hours=(max(times) - min(times)).total_seconds() / 3600 if times else None,
        unsure=len(different) - len(sure),
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
