"""Finds the voices that a change bears on: those that are new or other ones, and those that are smoothed or linked in
another way.

A voice's smoothed vector depends on its nearest neighbours. So what is alike to a voice that is new, other or gone is
smoothed twice, among the voices as they were and as they are: it is touched if the two vectors differ. A voice's links
depend on the smoothed vectors of both sides. They are touched with either side, but for one case: of a crowd only the
likest links count (``MOST_LINKS``), so that a link that is new puts another one out.
"""

import math
from bisect import bisect, bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from newsgraph.graph.events.clustering.distinct_texts import (
    DistinctTexts,
    Voice,
    assemble,
    half_day_seconds,
    story_order,
    voices_of,
)
from newsgraph.graph.events.clustering.neighbours import MOST_LINKS, Rows, alike
from newsgraph.graph.events.clustering.similarity import floor_of
from newsgraph.graph.events.clustering.stretches import (
    NO_VECTORS,
    NOTHING,
    Flags,
    Interval,
    Stretches,
    counted_before,
    joined,
    smoothed_among,
    whole_half_days,
)
from newsgraph.graph.events.model import DerivedEvent, StorySource, StoryText
from newsgraph.graph.events.moments import seconds
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.background import Ceilings
from newsgraph.graph.events.text.vectors import Int, Vectors, stack, take

GROWTH = 1.5
"""How many times as many stories a change draws in as the events of the changed stories have, about: what else they are
like comes to them."""
OF_THE_ALIKE = 0.8
"""Of the stories in one event with what is alike to a changed text, the share that is drawn in, about."""


class Before:
    """The events of the stories with sure dates as they were."""

    def __init__(
        self, events: Iterable[DerivedEvent], siblings: Mapping[str, tuple[DerivedEvent, ...]], highest: Ceilings
    ) -> None:
        there = sorted((span_of_event(event)[0], len(event.members), event.id, event) for event in events)
        self.events = {member.story_id: event for *_, event in there for member in event.members}
        """By story."""
        self.siblings = siblings
        """By event id, for those that one merged group was parted into: all of them."""
        self.highest = highest
        """What their words weighed at most."""
        self.begins = [begin for begin, *_ in there]
        """When each event begins, ascending."""
        self.sizes = [size for _, size, *_ in there]
        """The number of its stories, in the same order."""

    def whole(self, event: DerivedEvent) -> tuple[DerivedEvent, ...]:
        """The events of the merged group that the event came from."""
        return self.siblings.get(event.id, (event,))

    def near(self, intervals: Iterable[Interval]) -> int:
        """How many stories the events have that begin in these intervals."""
        return sum(
            sum(self.sizes[bisect_left(self.begins, start) : bisect(self.begins, end)])
            for start, end in joined(intervals)
        )

    def company(self) -> float:
        """How many stories the event of a story has, on average."""
        return sum(size * size for size in self.sizes) / max(1, len(self.events))

    def merged(self, stories: Sequence[str]) -> tuple[DerivedEvent, ...]:
        """The events of the merged group that had just these stories; empty if there was none."""
        event = self.events.get(stories[0])
        whole = () if event is None else self.whole(event)
        return whole if {member.story_id for one in whole for member in one.members} == set(stories) else ()

    def wholes(self, stories: Iterable[str]) -> dict[str, DerivedEvent]:
        """The events of the merged groups that had one of these stories, by id."""
        found: dict[str, DerivedEvent] = {}
        for story in stories:
            event = self.events.get(story)
            if event is not None and event.id not in found:
                found.update((one.id, one) for one in self.whole(event))
        return found


@dataclass(frozen=True, slots=True)
class Change:
    """What is not as it was: stories by id."""

    changed: frozenset[str]
    """Stories that were added, removed or edited."""
    former: Mapping[str, StoryText] = field(default_factory=dict, hash=False)
    """Those of them that had an event, as they were, as far as that is known."""
    reweighed: tuple[StoryText, ...] = ()
    """Stories of the same text as before, a word of which weighs something else."""


@dataclass(frozen=True, slots=True)
class FormerVectors:
    """Smoothed vectors that are gone or have become other ones, in order of time."""

    vectors: Vectors = NO_VECTORS
    times: Int = field(default_factory=NOTHING.copy)


class Places:
    """The places in time that a change is at, and what is other there."""

    def __init__(self, change: Change, before: Before, source: StorySource, settings: EventSettings) -> None:
        self.change = change
        self.before = before
        self.settings = settings
        self.window = int(settings.window_hours * 3600)
        self.half_day = half_day_seconds(settings)
        self.left = [story for _, story in sorted(change.former.items()) if story.date_sure and story.published_at]
        """Changed stories of a sure date, as they were, where that is known."""
        self.lost = self._lost()
        """Where texts may have been that are not known any more."""
        self.met = members_of(before.wholes((*change.changed, *(story.id for story in change.reweighed))))
        """How many stories the merged groups had that changed stories were in, or such that are weighed in another
        way."""
        now = [story for story in source.stories(sorted(change.changed)) if story.date_sure]
        self.changed_at = self._half_days((*seconds_of(now), *seconds_of(self.left)))
        """The half days that changed stories are or were in."""
        self.at = self.changed_at | self._half_days(seconds_of(change.reweighed))
        """The same with those of the stories that are weighed in another way."""

    def _half_days(self, times: Iterable[int]) -> set[Interval]:
        return {whole_half_days(time, time, self.half_day) for time in times}

    def _lost(self) -> list[Interval]:
        found = []
        for story in self.change.changed - self.change.former.keys():
            event = self.before.events.get(story)
            if event is not None and event.first_published_at is not None and event.last_published_at is not None:
                # Where in its event's span the story was is not known any more; its voice was of the same half day.
                found.append(whole_half_days(*span_of_event(event), self.half_day))
        return joined(found)

    def near_lost(self, times: Int) -> Flags:
        """Returns which times (ascending) are so near to texts that are not known any more that these may have been
        neighbours."""
        return self._near(times, self.lost)

    def recentred(self, times: Int) -> Flags:
        """Returns which times (ascending) are of voices whose sentence vectors are other ones: as these are centred on
        all texts within a window, each changed text moves them."""
        return self._near(times, self.changed_at if self.settings.semantic else ())

    def _near(self, times: Int, intervals: Iterable[Interval]) -> Flags:
        found = np.zeros(len(times), dtype=bool)
        for start, end in intervals:
            first, last = np.searchsorted(times, (start - self.window, end + self.window + 1))
            found[first:last] = True
        return found

    def replaced(self, voices: Sequence[Voice], times: Int, row_of: Mapping[str, int]) -> tuple[Int, list[Voice]]:
        """Returns the rows of those voices that are no voice of before with the same text, time and weights, and the
        voices that are gone, both in order of time.

        The voices must hold all that are of a half day that the change is at. ``times`` are theirs, ascending.
        ``row_of`` tells the row of each story.
        """
        change = self.change
        known = {
            start // self.half_day for start, _ in self.changed_at if not any(a <= start <= b for a, b in self.lost)
        }
        rows = np.flatnonzero(np.isin(times // self.half_day, sorted(known))).tolist()
        stayed = [story for row in rows for story in voices[row].stories if story.id not in change.changed]
        left = [
            one for one, time in zip(self.left, seconds_of(self.left), strict=True) if time // self.half_day in known
        ]
        was = {
            tuple(story.id for story in voice.stories): voice for voice in voices_of([*stayed, *left], self.settings)
        }
        reweighed = {row_of[story.id] for story in change.reweighed}
        new: set[int] = set(reweighed)
        gone: list[Voice] = [voices[row] for row in reweighed.difference(rows)]
        for row in rows:
            voice = voices[row]
            ids = tuple(story.id for story in voice.stories)
            old = was.get(ids)
            # A changed story may have the same text at another time of the half day.
            if old is None or old.compared != voice.compared or not change.changed.isdisjoint(ids):
                new.add(row)
            elif row not in reweighed:
                del was[ids]
        gone += was.values()
        gone.sort(key=lambda voice: story_order(voice.stories[0]))
        return np.array(sorted(new), dtype=np.int64), gone


class Search:
    """The search for the voices that are touched."""

    def __init__(self, places: Places, world: Stretches) -> None:
        self.places = places
        self.change = places.change
        self.before = places.before
        self.world = world
        self.settings = places.settings
        self.window = world.window
        self.unknown: Flags = np.zeros(0, dtype=bool)
        """Voices near those that are not known any more: they count as touched, and how they were smoothed isn't
        known."""
        self.touched: Flags = np.zeros(0, dtype=bool)

    def voices(self, costly: Callable[[int, int], bool]) -> Flags | None:
        """Returns which of the voices that are read now are touched.

        ``costly`` tells whether it would cost too much to read so many stories and to derive so many again. It is asked
        each time that more is known of them, and where it says so, the answer is ``None``.
        """
        if costly(*self._foreseen()):
            return None
        margin = 2 * self.window
        self.world.cover((start - margin, end + margin) for start, end in self._at())
        new, left = self.places.replaced(self.world.voices, self.world.times, self.world.row_of)
        gone = assemble(left, self.settings, self.before.highest)
        alike_to = self._alike(new, gone)
        if costly(len(self.world.row_of), int(OF_THE_ALIKE * self._in_events(alike_to))):
            return None
        was = self._smoothed_otherwise(new, gone, alike_to)
        if costly(len(self.world.row_of), self._in_events(self.touched)):
            return None
        self._read_around_touched()
        self.touched |= self._crowded_out(was)
        return self.touched

    def _at(self) -> Iterable[Interval]:
        return (*self.places.at, *self.places.lost)

    def _foreseen(self) -> tuple[int, int]:
        """Returns about how many stories will be read, and how many will be derived again."""
        window = self.window
        read = self.before.near((start - 3 * window, end + 3 * window) for start, end in self._at())
        # Stories that had no event come to some event each, several of them to the same.
        fresh = len(self.change.changed - self.before.events.keys()) * self.before.company()
        taken = GROWTH * self.places.met + read * (1.0 - math.exp(-fresh / max(1, read)))
        lost = self.before.near((start - window, end + window) for start, end in self.places.lost)
        return read, max(lost, int(min(read, taken)))

    def _in_events(self, rows: Flags) -> int:
        """Returns how many stories the merged groups of some voices had."""
        stories = (story.id for row in np.flatnonzero(rows) for story in self.world.voices[row].stories)
        return members_of(self.before.wholes(stories))

    def _alike(self, new: Int, gone: DistinctTexts) -> Flags:
        """Returns the voices that are smoothed in another way, if any are; sets those that are touched in any case."""
        world = self.world
        self.touched = np.zeros(len(world.times), dtype=bool)
        self.touched[new] = True
        # The same text may list other stories as related now.
        self.touched[[world.row_of[story] for story in self.change.changed if story in world.row_of]] = True
        self.unknown = self.places.near_lost(world.times)
        self.touched |= self.unknown
        found = self.touched.copy()
        for vectors, times, within in (
            (take(world.vectors, new), world.times[new], True),
            (gone.vectors, gone.times, False),
        ):
            pairs = alike(
                vectors, world.vectors, times, world.times, self.window, self.settings.neighbour_floor, within=within
            )
            found[pairs.right] = True
        return found | self.places.recentred(world.times)

    def _smoothed_otherwise(self, new: Int, gone: DistinctTexts, alike_to: Flags) -> FormerVectors:
        """Marks the voices whose smoothed vector is another one as touched. Returns the former vectors of those, and of
        the voices that are gone."""
        world = self.world
        count = len(world.times)
        stays = np.ones(count, dtype=bool)
        stays[new] = False
        rows = np.flatnonzero(stays)
        places = [
            bisect(rows, story_order(voice.stories[0]), key=lambda row: story_order(world.voices[row].stories[0]))
            for voice in gone.voices
        ]
        # The voices as they were, in order of time: rows, and from ``count`` on the voices that are gone.
        former = np.insert(rows, np.array(places, dtype=np.int64), count + np.arange(len(gone.voices)))
        looked_at = np.concatenate([alike_to & stays & ~self.unknown, np.ones(len(gone.voices), dtype=bool)])
        places_of = np.flatnonzero(looked_at[former])
        if not len(places_of):
            return FormerVectors()
        times = np.concatenate([world.times, gone.times])[former]
        vectors = take(stack([world.vectors, gone.vectors]), former)
        was = smoothed_among(places_of, vectors, times, self.settings)
        world.smooth_flagged(alike_to)
        kept = []
        for place, row in enumerate(former[places_of].tolist()):
            if row >= count:
                kept.append(place)
            elif not same_row(world.smooth, int(np.searchsorted(world.smooth_rows, row)), was, place):
                self.touched[row] = True
                kept.append(place)
        return FormerVectors(take(was, np.array(kept, dtype=np.int64)), times[places_of[kept]])

    def _read_around_touched(self) -> None:
        margin = 2 * self.window
        times = np.unique(self.world.times[self.touched]).tolist()
        moved = self.world.cover((time - margin, time + margin) for time in times)
        self.touched, self.unknown = (
            moved_flags(flags, moved, len(self.world.times)) for flags in (self.touched, self.unknown)
        )

    def _crowded_out(self, was: FormerVectors) -> Flags:
        """Returns the voices after touched ones of which a link to another one may have come in or been put out."""
        world, window = self.world, self.window
        touched = np.flatnonzero(self.touched)
        times = world.times
        met, met_before = (counted_before(times, some, window) for some in (times[touched], was.times))
        unknown = counted_before(times, times[self.unknown], window)
        earlier = np.arange(len(times)) - np.searchsorted(times, times - window)
        # No row was linked to more voices than are there now and those that are gone or were smoothed otherwise.
        most = earlier + met_before + unknown
        rows = np.flatnonzero(~self.touched & (met + met_before > 0) & (most >= MOST_LINKS))
        found = np.zeros(len(times), dtype=bool)
        if not len(rows):
            return found
        looked_at = self.touched.copy()
        looked_at[rows] = True
        world.smooth_flagged(looked_at)
        own = world.smoothed(rows)
        floor = floor_of(own.vectors, self.settings)
        links = counted_links(own, world.smoothed(touched), np.searchsorted(touched, rows), window, floor)
        former = np.searchsorted(was.times, own.times, side="right")
        links_before = counted_links(own, was, former, window, floor)
        links_before += unknown[rows]
        linked = found.copy()
        linked[rows[links + links_before > 0]] = True
        world.link(linked)
        found[rows] = linked[rows] & (world.compared[rows] + links_before >= MOST_LINKS)
        return found


def counted_links(rows: Rows, columns: Rows | FormerVectors, before: Int, window: int, floor: float) -> Int:
    """Returns how many of the first columns, so many as ``before`` tells, each row is linked to."""
    pairs = alike(rows.vectors, columns.vectors, rows.times, columns.times, window, floor, within=False, earlier=before)
    return np.bincount(pairs.left, minlength=len(rows.times))


def members_of(events: Mapping[str, DerivedEvent]) -> int:
    """Returns how many stories some events have."""
    return sum(len(event.members) for event in events.values())


def moved_flags(flags: Flags, moved: Int, size: int) -> Flags:
    """Returns flags of rows after the rows were numbered anew."""
    found = np.zeros(size, dtype=bool)
    found[moved[flags]] = True
    return found


def seconds_of(stories: Iterable[StoryText]) -> list[int]:
    """Returns the times of those stories that have one."""
    return [seconds(story.published_at) for story in stories if story.published_at is not None]


def same_row(one: Vectors, row: int, other: Vectors, place: int) -> bool:
    """Returns whether two rows have the same terms and values, and the same sentence vector where they have one."""
    here = slice(one.starts[row], one.starts[row + 1])
    there = slice(other.starts[place], other.starts[place + 1])
    return (
        np.array_equal(one.terms[here], other.terms[there])
        and np.array_equal(one.values[here], other.values[there])
        and (
            one.sentences is None
            or other.sentences is None
            or (
                one.sentences.weights[row] == other.sentences.weights[place]
                and np.array_equal(one.sentences.rows[row], other.sentences.rows[place])
            )
        )
    )


def span_of_event(event: DerivedEvent) -> Interval:
    """First and last second."""
    if event.first_published_at is None or event.last_published_at is None:
        return 0, 0
    return seconds(event.first_published_at), seconds(event.last_published_at)
