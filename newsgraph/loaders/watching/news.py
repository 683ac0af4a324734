"""Finds what is new between two moments, by conditions that a user gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsgraph.errors import UsageError
from newsgraph.graph.schema import Value
from newsgraph.loaders.watching.standing import Covering, EventStanding, Standing
from newsgraph.output.safe_text import one_line
from newsgraph.output.times import iso


@dataclass(frozen=True, slots=True)
class News:
    """Something that is new. ``kind`` is new, outlets or first. ``outlet``, ``url`` and ``published_at`` (UTC) are
    those of the first story. They are empty or None if it isn't sure which story was first."""

    kind: str
    seen_at: datetime
    event: str
    title: str
    outlets: int
    stories: int
    outlet: str = ""
    url: str = ""
    published_at: datetime | None = None

    def as_json(self) -> dict[str, Value | None]:
        """Its fields as values that JSON has, times as ISO 8601."""
        return {
            "kind": self.kind,
            "seen_at": iso(self.seen_at),
            "event": self.event,
            "title": self.title,
            "outlets": self.outlets,
            "stories": self.stories,
            "outlet": self.outlet or None,
            "url": self.url or None,
            "published_at": iso(self.published_at) if self.published_at else None,
        }

    def as_line(self) -> str:
        """One line for people."""
        counts = f"{_counted(self.outlets, 'outlet', 'outlets')}, {_counted(self.stories, 'story', 'stories')}"
        first = f"; first {self.outlet} {iso(self.published_at)}" if self.outlet and self.published_at else ""
        address = f" {self.url}" if self.url else ""
        return one_line(f"{iso(self.seen_at)} {self.kind}: {self.title} ({counts}{first}){address}")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


@dataclass(frozen=True, slots=True)
class Condition:
    """When to report something.

    ``new``: an event of which no story was in an event before. ``outlets``: an event that now has stories of ``number``
    outlets. ``first``: an outlet was the first of at least two to cover an event; only ``outlet``, or any if that is
    empty.
    """

    kind: str
    number: int = 0
    outlet: str = ""

    @classmethod
    def of(cls, text: str) -> Condition:
        """Reads a condition from the command line: ``new``, ``outlets:3``, ``first`` or ``first:bbc.com``. Raises
        UsageError."""
        kind, colon, value = text.partition(":")
        if kind == "new" and not colon:
            return cls("new")
        if kind == "outlets" and value.isascii() and value.isdigit() and 2 <= int(value) <= 1_000_000:
            return cls("outlets", number=int(value))
        if kind == "first" and (value or not colon):
            return cls("first", outlet=value)
        raise UsageError("--when", f"{text!r} is no condition", "Give new, outlets:3, first or first:bbc.com")

    def holds(self, now: EventStanding, before: Sequence[EventStanding]) -> bool:
        """Tells whether the condition is true for an event now and was not true for the events that its stories were in
        before."""
        if self.kind == "new":
            return not before
        if self.kind == "outlets":
            return len(now.outlets) >= self.number > max((len(event.outlets) for event in before), default=0)
        first = now.first
        if first is None or (self.outlet and first.outlet != self.outlet):
            return False
        return first.outlet not in {event.first.outlet for event in before if event.first}


def news_between(
    before: Standing, after: Standing, conditions: Sequence[Condition], seen_at: datetime
) -> Iterator[News]:
    """Yields what is new, in the order of the events' ids, then of the conditions. Each kind comes once for an
    event."""
    for id in sorted(after.events):
        event = after.events[id]
        earlier = before.before(event)
        if earlier == (event,):
            continue
        told: set[str] = set()
        for condition in conditions:
            if condition.holds(event, earlier) and (condition.kind == "outlets" or condition.kind not in told):
                told.add(condition.kind)
                yield _news(condition.kind, event, seen_at)


def _news(kind: str, event: EventStanding, seen_at: datetime) -> News:
    first: Covering | None = event.first or (event.stories[0] if len(event.stories) == 1 else None)
    counts = len(event.outlets), len(event.stories)
    if first is None:
        return News(kind, seen_at, event.id, event.title, *counts)
    return News(kind, seen_at, event.id, event.title, *counts, first.outlet, first.url, first.rankable_at)
