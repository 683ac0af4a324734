"""Keeps the threads of a store in step with its events."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import chain
from typing import Protocol

from newsgraph.graph.events.model import Background, Derivation, DerivedEvent, EventSettings, Follow, StoryText
from newsgraph.graph.events.moments import PART_OF_A_SECOND, moment_of, seconds

#: Raised whenever the rule changes: threads of a store that another one made are made anew.
RULE = 1


@dataclass(frozen=True, slots=True)
class Before:
    """What a store held. ``members`` are by event, ``begins`` its time, where it has one; ``follows`` by the later
    event."""

    members: Mapping[str, Set[str]]
    begins: Mapping[str, datetime]
    follows: Mapping[str, Follow]


class Texts(Protocol):
    """Where the stories are read."""

    def all(self) -> Iterable[StoryText]:
        """Every story."""
        ...

    def dated(self, start: datetime, end: datetime) -> Iterable[StoryText]:
        """The stories with a sure time from ``start`` to ``end``."""
        ...

    def stories(self, ids: Iterable[str]) -> Iterable[StoryText]:
        """Those of the stories that exist."""
        ...


def threads_made_by(background: Background, settings: EventSettings) -> str:
    """The same text for the same rule, settings and first era of the background."""
    first = sorted(background.eras[0].levels.items()) if background.eras else []
    said = [RULE, sorted(settings.to_dict().items()), first]
    return blake2b(json.dumps(said).encode(), digest_size=8).hexdigest()


def threads_after(
    before: Before,
    derivation: Derivation,
    texts: Texts,
    settings: EventSettings,
    changed: Collection[str] | None,
    left: Collection[str] = (),
    reweighed: Sequence[tuple[datetime, datetime]] = (),
) -> list[Follow]:
    """Which event follows which, in order of their ids: always what ``follows`` gives for all events.

    ``changed`` are the stories that were added or altered since ``before``, ``left`` the events that stories were taken
    from; None makes all anew. ``reweighed`` are the stretches of time whose texts are weighed in another way now. An
    event's answer can only change where it, or an event that began in the days before it, is among those that changed.
    """
    from newsgraph.graph.events.threads.following import Chapter, follows, gap_of  # noqa: PLC0415  # numpy

    now = {event.id: event for event in derivation.events if event.first_published_at is not None}
    begins = {id: _begins(event) for id, event in now.items()}
    ordered = sorted((time, id) for id, time in begins.items())
    _, most = gap_of(settings)
    if changed is None:
        wanted = set(now)
    else:
        stale = {id for id, event in now.items() if any(_overlap(event, *one) for one in reweighed)}
        wanted = _reached(before, now, begins, ordered, most, changed, {*left, *stale})
    kept = [follow for id, follow in before.follows.items() if id in now and id not in wanted]
    if not wanted:
        return sorted(kept, key=lambda follow: follow.event_id)
    needed = wanted | _begun_within(ordered, [(begins[id] - most, begins[id]) for id in wanted])
    told = _stories_of([now[id] for id in needed], texts, all=changed is None)
    chapters = [Chapter(id, begins[id], told[id]) for id in needed]
    return sorted([*kept, *follows(chapters, wanted, derivation.background, settings)], key=lambda one: one.event_id)


def _stories_of(events: Sequence[DerivedEvent], texts: Texts, *, all: bool) -> dict[str, tuple[StoryText, ...]]:
    """The stories of each event, as far as they exist. ``all`` says whether these are all events."""
    known = {story.id: story for story in (texts.all() if all else _near(events, texts))}
    ids = {event.id: [member.story_id for member in event.members] for event in events}
    missing = set(chain.from_iterable(ids.values())).difference(known)
    if missing and not all:
        known.update((story.id, story) for story in texts.stories(missing))
    return {event: tuple(known[id] for id in own if id in known) for event, own in ids.items()}


def _near(events: Iterable[DerivedEvent], texts: Texts) -> Iterator[StoryText]:
    """Yields the stories of the time of some events. They are read by time, which is faster than by id."""
    spans = [(_begins(event), seconds(event.last_published_at)) for event in events if event.last_published_at]
    for start, end in _merged(spans):
        yield from texts.dated(moment_of(start), moment_of(end) + PART_OF_A_SECOND)


def _begins(event: DerivedEvent) -> int:
    assert event.first_published_at is not None
    return seconds(event.first_published_at)


def _overlap(event: DerivedEvent, start: datetime, end: datetime) -> bool:
    first, last = event.first_published_at, event.last_published_at
    return first is not None and last is not None and start <= last and first <= end


def _reached(
    before: Before,
    now: Mapping[str, DerivedEvent],
    begins: Mapping[str, int],
    ordered: list[tuple[int, str]],
    most: int,
    changed: Collection[str],
    left: Collection[str],
) -> set[str]:
    """Events that differ from before, and those that began within ``most`` seconds after such a one."""
    altered = set(changed)
    same = {
        id
        for id, event in now.items()
        if id in before.members
        and id not in left
        and before.begins.get(id) == event.first_published_at
        and (members := {member.story_id for member in event.members}) == before.members[id]
        and altered.isdisjoint(members)
    }
    differing = (before.members.keys() | now.keys()) - same
    times = [begins[id] for id in differing if id in begins]
    times += [seconds(before.begins[id]) for id in differing if id in before.begins]
    return (differing & now.keys()) | _begun_within(ordered, [(time, time + most) for time in times])


def _begun_within(ordered: list[tuple[int, str]], spans: Iterable[tuple[int, int]]) -> set[str]:
    """The events that began in one of the stretches of time. ``ordered`` are all events by when they began."""
    return {
        id
        for start, end in _merged(spans)
        for _, id in ordered[bisect_left(ordered, (start, "")) : bisect_right(ordered, (end + 1, ""))]
    }


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same stretches, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
