"""Shows what decisions would change in the events of a store, without writing anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources import files

from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Conflict, Corrections, constraints_of
from newsgraph.graph.events import Derivation, DerivedEvent, StoryText, update
from newsgraph.graph.events.fit import able_to_be_first
from newsgraph.graph.events.sync import (
    StoreStories,
    corrected,
    kept_settings,
    read_base,
    read_derivation,
    stories_named,
)
from newsgraph.graph.schema import SURE
from newsgraph.graph.stores.protocol import Store
from newsgraph.output.times import iso

_CORRECTED = files("newsgraph.graph.events").joinpath("corrected_times.cypher").read_text(encoding="utf-8")


#: Events before, and after, that are listed.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """An event as it is before or after a decision.

    ``first_outlet`` and ``first_at`` belong to the first story of the event: the earliest one that has a sure date, is
    no copy and fits the event. Both are None if there is no such story.
    """

    id: str
    title: str
    stories: tuple[str, ...]
    outlets: int
    first_outlet: str | None
    first_at: datetime | None

    @property
    def words(self) -> str:
        """Returns a line that describes the event for people."""
        count = len(self.stories)
        said = f"{self.title or self.id}: {count:,} {'story' if count == 1 else 'stories'}"
        said += f" of {self.outlets:,} {'outlet' if self.outlets == 1 else 'outlets'}"
        if self.first_at is None:
            return f"{said}, no first"
        return f"{said}, first {self.first_outlet or 'an unknown outlet'} at {iso(self.first_at)}"


@dataclass(frozen=True, slots=True)
class Preview:
    """What decisions would change.

    ``before`` are the events that would be replaced, ``after`` the events that would take their place. ``copies_gone``
    and ``copies_new`` are pairs (copy, original) that would no longer count or would newly count as copies.
    ``conflicts`` are contradictions between decisions. ``absent`` are the stories that a decision names but that the
    store doesn't have, each as the number of the decision and the address.
    """

    before: tuple[SeenEvent, ...]
    after: tuple[SeenEvent, ...]
    copies_gone: tuple[tuple[str, str], ...]
    copies_new: tuple[tuple[str, str], ...]
    conflicts: tuple[Conflict, ...]
    absent: tuple[tuple[int, str], ...]

    def __bool__(self) -> bool:
        """Tells whether anything would change."""
        return bool(self.before or self.after or self.copies_gone or self.copies_new)

    def lines(self) -> Iterator[str]:
        """Yields the changes as lines for people. What would go begins with "-", what would come with "+". Of many
        events only the largest are listed. Events that read the same before and after are only counted."""
        alike = {(one.words, one.stories) for one in self.before} & {(one.words, one.stories) for one in self.after}
        for sign, events in (("-", self.before), ("+", self.after)):
            shown = [one for one in events if (one.words, one.stories) not in alike]
            for event in shown[:SHOWN]:
                yield f"{sign} {event.words}"
            if len(shown) > SHOWN:
                yield f"{sign} and {len(shown) - SHOWN:,} more events"
        if alike:
            events_keep = "1 more event keeps its" if len(alike) == 1 else f"{len(alike):,} more events keep their"
            yield f"= {events_keep} stories, first and number of outlets"
        for copy, original in self.copies_gone:
            yield f"- {copy} is a copy of {original}"
        for copy, original in self.copies_new:
            yield f"+ {copy} is a copy of {original}"


def preview(store: Store, corrections: Corrections, outlets: Mapping[str, str | None] | None = None) -> Preview:
    """Compares the events that the store has now with those that it would have with these decisions. ``outlets`` maps
    each story that would have another outlet to that one."""
    named = stories_named(store, corrections.addresses)
    constraints = constraints_of(corrections, named)
    settings = kept_settings(Corpus.of(store))
    stories = _Altered(store, corrections.dates(named), outlets or {})
    base, labels = read_base(store)
    if stories.changed and Corpus.of(store).event_origin == "derived":
        base = update(base, stories, stories.changed, settings)
    done = corrected(base, stories, constraints, settings)
    names = {id: name for id, name in labels.items() if id not in done.made} | dict(done.names)
    before, after = read_derivation(store), done.derivation
    old = {event.id: event for event in before.events}
    new = {event.id: replace(event, title=names.get(event.id, event.title)) for event in after.events}
    copied = {copy.story_id for copy in {*before.copies} ^ {*after.copies}} | stories.changed
    differing = {
        id
        for id in old.keys() | new.keys()
        if _told(old.get(id)) != _told(new.get(id)) or _holds(old.get(id), copied) or _holds(new.get(id), copied)
    }
    now = StoreStories(store)
    return Preview(
        before=_seen(before, [old[id] for id in differing if id in old], now),
        after=_seen(after, [new[id] for id in differing if id in new], stories),
        copies_gone=_pairs(before, after),
        copies_new=_pairs(after, before),
        conflicts=(*constraints.conflicts, *Corpus.of(store).decided_outlets(corrections).conflicts),
        absent=constraints.absent,
    )


def _told(event: DerivedEvent | None) -> object:
    return event and (event.title, event.outlet_count, {member.story_id for member in event.members})


def _holds(event: DerivedEvent | None, stories: set[str]) -> bool:
    return event is not None and any(member.story_id in stories for member in event.members)


def _pairs(one: Derivation, other: Derivation) -> tuple[tuple[str, str], ...]:
    there = {(copy.story_id, copy.original_id) for copy in other.copies}
    here = {(copy.story_id, copy.original_id) for copy in one.copies}
    return tuple(sorted(here - there))


def _seen(derivation: Derivation, events: Iterable[DerivedEvent], stories: StoreStories) -> tuple[SeenEvent, ...]:
    events = list(events)
    copies = {copy.story_id for copy in derivation.copies}
    texts = {story.id: story for story in stories.stories(m.story_id for event in events for m in event.members)}
    return tuple(sorted((_one(event, copies, texts) for event in events), key=lambda one: (-len(one.stories), one.id)))


def _one(event: DerivedEvent, copies: set[str], texts: Mapping[str, StoryText]) -> SeenEvent:
    time, first = next(iter(able_to_be_first(event, texts, copies)), (None, None))
    return SeenEvent(
        event.id,
        event.title,
        tuple(member.story_id for member in event.members),
        event.outlet_count,
        first.outlet if first else None,
        time,
    )


class _Altered(StoreStories):
    """The stories of a store as they would be with other decisions about dates and outlets: with the times and outlets
    that these give, and with their own time where a decision that changed it is gone."""

    def __init__(self, store: Store, dates: Mapping[str, datetime], outlets: Mapping[str, str | None]) -> None:
        super().__init__(store)
        self._outlets = outlets
        self._times: dict[str, tuple[datetime | None, bool]] = {}
        for row in store.query(_CORRECTED):
            id, time, given, quality = str(row[0]), *row[1:]
            if dates.get(id) != time:
                self._times[id] = (given if isinstance(given, datetime) else None), quality in SURE
        there = {node.id: node for node in store.nodes("Story", sorted(dates))}
        for id, node in there.items():
            if node.properties.get("date_quality") != "corrected" or node.properties.get("published_at") != dates[id]:
                self._times[id] = dates[id], True
        self.changed = self._times.keys() | outlets.keys()

    def all(self) -> Sequence[StoryText]:
        return [self._altered(story) for story in super().all()]

    def dated(self, start: datetime, end: datetime) -> Iterator[StoryText]:
        yield from (self._altered(story) for story in super().dated(start, end) if story.id not in self._times)
        for story in self.stories(self._times):
            if story.date_sure and story.published_at is not None and start <= story.published_at <= end:
                yield story

    def undated(self) -> Iterator[StoryText]:
        yield from (self._altered(story) for story in super().undated() if story.id not in self._times)
        yield from (s for s in self.stories(self._times) if not s.date_sure or s.published_at is None)

    def stories(self, ids: Iterable[str]) -> Iterator[StoryText]:
        return map(self._altered, super().stories(ids))

    def _altered(self, story: StoryText) -> StoryText:
        if story.id in self._outlets:
            story = replace(story, outlet=self._outlets[story.id])
        if story.id not in self._times:
            return story
        time, sure = self._times[story.id]
        return replace(story, published_at=time, date_sure=sure)
