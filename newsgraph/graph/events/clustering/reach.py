"""Finds what a change can reach, and derives the events of that.

*Merged groups* are the groups of the agglomeration before they are parted. Let X be a set of voices that is a union of
merged groups both before and after the change, and that holds one voice at least of every link that has changed. Then
the merges outside X are those of a run without X, before and after, so that the groups outside X are what they were.

X starts with the voices that are new or other ones, those whose neighbours may have changed, and their old groups. A
group outside X can only merge with X if one link at least between them is at the threshold or above. So the groups of X
and of those *at hand*, which have such a link, are merged anew. Where one at hand is drawn in, X takes it up, until
none is.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from newsgraph.graph.events.clustering.agglomerate import Agglomeration, least_link
from newsgraph.graph.events.clustering.derivation import ScoredGroup, events_of
from newsgraph.graph.events.clustering.distinct_texts import DistinctTexts, distinct_texts
from newsgraph.graph.events.clustering.neighbours import MOST_LINKS, Pairs, alike
from newsgraph.graph.events.clustering.stretches import (
    Flags,
    Interval,
    Stretches,
    joined,
    shortly_after,
)
from newsgraph.graph.events.model import DerivedEvent, StorySource, StoryText
from newsgraph.graph.events.moments import seconds
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.background import Ceilings
from newsgraph.graph.events.text.vectors import Int, Vectors, take

MOST_TAKEN = 0.6
"""Share of stories from which all is better derived from nothing: to look for the rest costs as much."""


@dataclass(frozen=True, slots=True)
class Before:
    """The events of the stories with sure dates as they were."""

    events: Mapping[str, DerivedEvent]
    """By story."""
    siblings: Mapping[str, tuple[DerivedEvent, ...]]
    """By event id, for those that one merged group was parted into: all of them."""
    highest: Ceilings
    """What their words weighed at most."""

    def whole(self, event: DerivedEvent) -> tuple[DerivedEvent, ...]:
        """The events of the merged group that the event came from."""
        return self.siblings.get(event.id, (event,))


@dataclass(frozen=True, slots=True)
class Change:
    """What is not as it was: stories by id."""

    changed: frozenset[str]
    """Stories that were added, removed or edited."""
    former: Mapping[str, StoryText] = field(default_factory=dict, hash=False)
    """Those of them that had an event, as they were, as far as that is known."""
    reweighed: tuple[StoryText, ...] = ()
    """Stories of the same text as before, a word of which weighs something else."""


class Reach:
    """The search for all that a change bears on."""

    def __init__(
        self, change: Change, before: Before, source: StorySource, settings: EventSettings, highest: Ceilings
    ) -> None:
        self.change = change
        self.before = before
        self.settings = settings
        self.world = Stretches(source, settings, highest)
        self.window = self.world.window
        now = [story for story in source.stories(sorted(change.changed)) if story.date_sure]
        self.places = sorted(seconds_of(now))
        """Where changed stories are now."""
        self.left = [story for _, story in sorted(change.former.items()) if story.date_sure and story.published_at]
        """Changed stories of a sure date, as they were, where that is known."""
        self.lost = self._lost()
        """Where texts may have been that are not known any more."""
        self.gone = len([story for story in change.changed if story in before.events])
        """Voices, at most, that are there no more."""
        self.touched: Flags = np.zeros(0, dtype=bool)
        """Voices that are new, or whose smoothed vectors may be other ones."""
        self.taken: Flags = np.zeros(0, dtype=bool)
        """X."""
        self.old: dict[str, DerivedEvent] = {}
        """The old events of X."""

    def _lost(self) -> list[Interval]:
        found = []
        for story in self.change.changed - self.change.former.keys():
            event = self.before.events.get(story)
            if event is not None and event.first_published_at is not None and event.last_published_at is not None:
                # Where in its event's span the story was is not known any more; its voice was of the same half day.
                span = seconds(event.first_published_at), seconds(event.last_published_at)
                found.append(self.world.whole_half_days(*span))
        return joined(found)

    def settle(self) -> tuple[list[ScoredGroup], set[str]] | None:
        """Returns the events that take the place of old ones, and the ids of those; ``None`` if that is nearly all."""
        if self._wide():
            return None
        self._touch()
        self._take_old(self.before.events[story] for story in self.change.changed if story in self.before.events)
        while True:
            self._take_groups()
            if self.taken.sum() > MOST_TAKEN * len(self.before.events):
                return None
            groups = None if self._crowd_out() else self._merge()
            if groups is not None:
                return events_of([self.world.group(rows) for rows in groups], self.settings), set(self.old)

    def _wide(self) -> bool:
        """Returns whether most stories changed, or texts that are not known any more may have been neighbours of nearly
        all stories."""
        if len(self.change.changed) > MOST_TAKEN * len(self.before.events):
            return True
        wide = joined((start - self.window, end + self.window) for start, end in self.lost)
        starts = [start for start, _ in wide]
        reached = 0
        for event in {event.id: event for event in self.before.events.values()}.values() if wide else ():
            first, last = span_of_event(event)
            place = bisect_right(starts, first) - 1
            inside = place >= 0 and last <= wide[place][1]
            reached += len(event.members) if inside else 0
        return reached > MOST_TAKEN * len(self.before.events)

    def _cover(self, intervals: Iterable[Interval], margin: int) -> None:
        moved = self.world.cover((start - margin, end + margin) for start, end in intervals)
        size = len(self.world.stories)
        for name in ("touched", "taken"):
            flags = np.zeros(size, dtype=bool)
            flags[moved[getattr(self, name)]] = True
            setattr(self, name, flags)

    def _cover_rows(self, rows: Flags) -> None:
        """Reads what the links of the rows, and those of rows within a window, depend on."""
        self._cover(((time, time) for time in np.unique(self.world.times[rows]).tolist()), 2 * self.window)

    def _touch(self) -> None:
        """Finds the voices that are new or other ones, and those whose neighbours may have changed."""
        half_day, world = self.world.half_day, self.world
        spans = [world.whole_half_days(time, time) for time in (*self.places, *seconds_of(self.left))]
        around = [*self.lost]
        if self.settings.semantic:
            # Sentence vectors are centred on all texts within a window, so that each changed one moves them.
            around += spans
        spans += [world.whole_half_days(time, time) for time in seconds_of(self.change.reweighed)]
        self._cover([*spans, *self.lost], self.window)
        for start, end in around:
            self.touched |= (world.times >= start - self.window) & (world.times <= end + self.window)
        halves = [span for span in set(spans) if not any(first <= span[0] <= last for first, last in self.lost)]
        now = np.flatnonzero(np.isin(world.times // half_day, [start // half_day for start, _ in halves]))
        was = self._voices_before(now, {start // half_day for start, _ in halves})
        new, gone = differing(now, world, was)
        self.gone += len(gone)
        self.touched[new] = True
        # The same text may list other stories as related now.
        rows = [row for story in sorted(self.change.changed) if (row := world.row_of.get(story)) is not None]
        self.touched[rows] = True
        for vectors, times, within in (
            (take(world.vectors, new), world.times[new], True),
            (take(was.vectors, gone), was.times[gone], False),
        ):
            found = alike(
                vectors, world.vectors, times, world.times, self.window, self.settings.neighbour_floor, within=within
            )
            self.touched[found.right] = True
        self.taken |= self.touched

    def _voices_before(self, now: Int, halves: set[int]) -> DistinctTexts:
        """The voices of these halves of a day as they were; ``now`` are the rows of what is there now."""
        stayed = [story for row in now for story in self.world.stories[row] if story.id not in self.change.changed]
        left = [
            one for one in self.left if one.published_at and seconds(one.published_at) // self.world.half_day in halves
        ]
        return distinct_texts([*stayed, *left], self.settings, self.before.highest)

    def _take_old(self, events: Iterable[DerivedEvent]) -> None:
        for event in events:
            self.old.update((one.id, one) for one in self.before.whole(event))

    def _take_groups(self) -> None:
        """X with the old groups of all that it holds."""
        seen: set[str] = set()
        while True:
            self._take_old(self._events(self.taken))
            fresh = [event for id, event in self.old.items() if id not in seen]
            if not fresh:
                break
            seen.update(event.id for event in fresh)
            rows = self._rows(fresh)  # which may renumber all
            self.taken[rows] = True
        self._cover_rows(self.taken)

    def _events(self, rows: Flags) -> list[DerivedEvent]:
        """Returns the old events of the stories of some voices."""
        found: dict[str, DerivedEvent] = {}
        for row in np.flatnonzero(rows):
            for story in self.world.stories[row]:
                event = self.before.events.get(story.id)
                if event is not None:
                    found[event.id] = event
        return list(found.values())

    def _rows(self, events: Sequence[DerivedEvent]) -> Int:
        """Returns the voices of the stories that were in some events and are as they were."""
        members = [
            member.story_id
            for event in events
            for member in event.members
            if member.story_id not in self.change.changed
        ]
        if any(story not in self.world.row_of for story in members):
            self._cover((span_of_event(event) for event in events), 0)
        return np.array([self.world.row_of[story] for story in members], dtype=np.int64)

    def _crowd_out(self) -> bool:
        """Links the voices of X and those after them. Whether X has grown by some of these: of a crowd, only the likest
        links count, so that one that is new can put another one out."""
        world = self.world
        world.link(shortly_after(world.times, world.times[self.taken], self.window))
        counts = np.bincount(world.pairs.left, minlength=len(world.times))
        others = world.times[self.touched]
        new = np.searchsorted(others, world.times, side="right") - np.searchsorted(others, world.times - self.window)
        crowded = world.linked & ~self.taken & (counts + new + self.gone >= MOST_LINKS)
        crowded &= shortly_after(world.times, world.times[self.touched], self.window) | bool(self.gone)
        self.taken |= crowded
        return bool(crowded.any())

    def _merge(self) -> list[Int] | None:
        """Returns the merged groups that X consists of now; ``None`` if X has grown by what was at hand."""
        pairs = self.world.pairs
        strong = pairs.values >= least_link(self.settings.threshold)
        beside = np.zeros(len(self.taken), dtype=bool)
        left, right = pairs.left[strong], pairs.right[strong]
        beside[left[self.taken[right]]] = True
        beside[right[self.taken[left]]] = True
        beside &= ~self.taken
        at_hand = np.zeros(len(self.taken), dtype=bool)
        if beside.any():
            events = [one for event in self._events(beside) for one in self.before.whole(event)]
            at_hand = self._flags(events)
            self._cover_rows(at_hand)
            at_hand = self._flags(events)
        both = self.taken | at_hand
        self.world.link(both)
        rows = np.flatnonzero(both)
        pairs = self.world.pairs
        inside = both[pairs.left] & both[pairs.right]
        merging = Agglomeration(self.settings.threshold)
        merging.add(rows, Pairs(pairs.left[inside], pairs.right[inside], pairs.values[inside]))
        merging.close(rows)
        groups = merging.settle()
        own: list[Int] = []
        grown = False
        for group in groups:
            part = self.taken[group]
            if part.all():
                own.append(group)
            elif part.any():
                self.taken[group] = grown = True
        return None if grown else own

    def _flags(self, events: Sequence[DerivedEvent]) -> Flags:
        rows = self._rows(events)
        flags = np.zeros(len(self.world.times), dtype=bool)
        flags[rows] = True
        return flags


def seconds_of(stories: Iterable[StoryText]) -> list[int]:
    """Returns the times of those stories that have one."""
    return [seconds(story.published_at) for story in stories if story.published_at is not None]


def differing(rows: Int, world: Stretches, was: DistinctTexts) -> tuple[Int, Int]:
    """Returns the rows that are no voice of before with the same vector, and the voices of before that are no row."""
    place = {tuple(story.id for story in voice): row for row, voice in enumerate(was.stories)}
    gone = set(range(len(was.stories)))
    new: list[int] = []
    for row in rows.tolist():
        old = place.get(tuple(story.id for story in world.stories[row]))
        if old is not None and same_row(world.vectors, row, was.vectors, old):
            gone.discard(old)
        else:
            new.append(row)
    return np.array(new, dtype=np.int64), np.array(sorted(gone), dtype=np.int64)


def same_row(one: Vectors, row: int, other: Vectors, place: int) -> bool:
    """Returns whether two rows have the same terms and values."""
    here = slice(one.starts[row], one.starts[row + 1])
    there = slice(other.starts[place], other.starts[place + 1])
    return np.array_equal(one.terms[here], other.terms[there]) and np.array_equal(one.values[here], other.values[there])


def span_of_event(event: DerivedEvent) -> Interval:
    """First and last second."""
    if event.first_published_at is None or event.last_published_at is None:
        return 0, 0
    return seconds(event.first_published_at), seconds(event.last_published_at)
