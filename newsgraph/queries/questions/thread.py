"""The thread of an event: what came before it, what came after, in time.

An event follows the earlier one that it continues: it began at least 12 hours and at most 28 days after it, and either
the stories of both tell of the same subject and name somebody or something in their titles that is the same, or a
related list leads from one to the other. An event follows at most one, the one that it has most in common with.
``part`` is before for the events that this one continues, after for those that continue it, and beside for other
continuations of the events before. docs/events.md has the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from newsgraph.graph.events.threads.reading import thread_around
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.kept_rows import rows_of
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged

_NO_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ThreadEvent:
    """One event of the thread."""

    part: str = column("before, this (the event asked about), after or beside")
    event_id: str = column("id of the event")
    event_title: str | None = column("title of the event")
    first_published_at: datetime | None = column("time of its earliest story of a sure date")
    last_published_at: datetime | None = column("time of its latest story of a sure date")
    stories: int = column("stories on it", "stories")
    outlets: int = column("outlets that covered it", "outlets")
    follows: str | None = column("id of the earlier event that it continues; empty where it continues none")
    score: float | None = column("how much the two have in common, 0 to 1; empty where it continues none")
    related: int | None = column(
        "related lists that lead from one to the other; empty where it continues none", "lists"
    )


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What thread can be asked."""

    event: str = parameter(
        Kind.EVENT, "the event: its id, the web address of one of its stories, its title, or words", positional=True
    )


def query(asked: Parameters) -> dict[str, Any]:
    """The values of the query text."""
    return {"event": asked.event}


def answer(store: Store, text: str, asked: Parameters) -> Found[ThreadEvent]:
    """In order of time, then of id."""
    cells: dict[str, tuple[Any, ...]] = {str(row[0]): row for row in rows_of(store, "questions/thread", query(asked))}
    thread = thread_around(asked.event, {id: row[6] for id, row in cells.items() if row[6] is not None})
    parts = {asked.event: "this"}
    for part in ("before", "after", "beside"):
        parts.update(dict.fromkeys(getattr(thread, part), part))
    rows = [ThreadEvent(part, *cells[id]) for id, part in parts.items() if id in cells]
    rows.sort(key=lambda row: (row.first_published_at or _NO_TIME, row.event_id))
    notes = ("It continues no event, and none continues it.",) if len(rows) == 1 else ()
    return Found(rows, notes)


QUESTION = Question(
    name="thread",
    row=ThreadEvent,
    parameters=Parameters,
    query=query,
    answer=answer,
    text=packaged("questions/thread"),
    detail=__doc__ or "",
)
