"""Finds what a change can reach, and derives the events of that.

*Merged groups* are the groups of the agglomeration before they are parted. Let X be a set of voices that is a union of
merged groups both before and after the change, and that holds one voice at least of every link that has changed. Then
the merges outside X are those of a run without X, before and after, so that the groups outside X are what they were.

X starts with the voices that the change touches (see ``touched``) and their old groups. A group outside X can only
merge with X if one link at least between them is at the threshold or above. So the groups of X and of those *at hand*,
which have such a link, are merged anew. Where one at hand is drawn in, X takes it up, until none is.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from newsgraph.graph.events.clustering.agglomerate import Agglomeration, least_link
from newsgraph.graph.events.clustering.derivation import ScoredGroup, events_of
from newsgraph.graph.events.clustering.neighbours import Pairs
from newsgraph.graph.events.clustering.stretches import Flags, Interval, Stretches, shortly_after
from newsgraph.graph.events.model import DerivedEvent, StorySource
from newsgraph.graph.events.text.background import Ceilings
from newsgraph.graph.events.text.vectors import Int
from newsgraph.graph.events.updates.touched import Places, Search, members_of, moved_flags, span_of_event

READING = 0.5
"""What it costs to read the stories around a change and to smooth and link them, of what deriving their events costs:
measured, as the following."""
MERGING = 0.6
"""What it costs to find out which events a change draws in and to derive these again, in the same unit, beyond what
``renewal`` spends on them."""
ANEW = 0.6
"""What ``renewal`` costs, in the same unit, beside the events that it derives again. Where more is foreseen, before
anything is read or when more is known, all groups are formed anew."""
TITLES = 0.9
"""Where a sentence model reads the titles, the share of the cost that this takes, about: it is ten times the rest."""


class Reach:
    """The search for all that a change bears on."""

    def __init__(self, places: Places, source: StorySource, highest: Ceilings) -> None:
        self.change = places.change
        self.before = places.before
        self.settings = places.settings
        self.world = Stretches(source, places.settings, highest)
        self.window = self.world.window
        self.search = Search(places, self.world)
        self.taken: Flags = np.zeros(0, dtype=bool)
        """X."""
        self.looked_around: Flags = np.zeros(0, dtype=bool)
        """Those of X whose links in both directions were looked at for what is beside X."""
        self.beside: Flags = np.zeros(0, dtype=bool)
        """Voices with a link at the threshold to one of these."""
        self.old: dict[str, DerivedEvent] = {}
        """The old events of X."""

    def settle(self) -> tuple[list[ScoredGroup], set[str]] | None:
        """Returns the events that take the place of old ones, and the ids of those; ``None`` if it costs less to
        form all groups anew."""
        touched = self.search.voices(self._costly)
        if touched is None:
            return None
        self.taken, self.looked_around, self.beside = touched.copy(), touched & False, touched & False
        self.old = self.before.wholes(self.change.changed)
        while True:
            self._take_groups()
            if self._costly(len(self.world.row_of), members_of(self.old)):
                return None
            groups = self._merge()
            if groups is not None:
                return events_of([self.world.group(rows) for rows in groups], self.settings), set(self.old)

    def _costly(self, read: int, taken: int) -> bool:
        """Returns whether it would cost more than to form all groups anew, if so many stories are read and taken."""
        every = len(self.before.events)
        beyond = READING * read + MERGING * taken - ANEW * every
        if self.settings.semantic:
            beyond = TITLES * (read - every) + (1.0 - TITLES) * beyond
        return beyond > 0.0

    def _cover(self, intervals: Iterable[Interval], margin: int) -> None:
        moved = self.world.cover((start - margin, end + margin) for start, end in intervals)
        for name in ("taken", "looked_around", "beside"):
            setattr(self, name, moved_flags(getattr(self, name), moved, len(self.world.times)))

    def _cover_rows(self, rows: Flags) -> None:
        """Reads what the links of the rows, and those of rows within a window, depend on."""
        self._cover(((time, time) for time in np.unique(self.world.times[rows]).tolist()), 2 * self.window)

    def _take_groups(self) -> None:
        """X with the old groups of all that it holds."""
        seen: set[str] = set()
        while True:
            self.old.update(self._events(self.taken))
            fresh = [event for id, event in self.old.items() if id not in seen]
            if not fresh:
                break
            seen.update(event.id for event in fresh)
            rows = self._rows(fresh)  # which may renumber all
            self.taken[rows] = True
        self._cover_rows(self.taken)

    def _events(self, rows: Flags) -> dict[str, DerivedEvent]:
        """Returns the old events of the merged groups of some voices, by id."""
        return self.before.wholes(story.id for row in np.flatnonzero(rows) for story in self.world.voices[row].stories)

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

    def _look_around(self) -> None:
        """Finds what is beside X: to earlier voices by the links of X, to later ones by theirs to X."""
        world = self.world
        least = least_link(self.settings.threshold)
        new = self.taken & ~self.looked_around
        world.link(new)
        later = shortly_after(world.times, world.times[new], self.window) & ~self.taken
        back = world.links_back(later, new)
        strong = world.pairs.values >= least
        self.beside[world.pairs.right[strong & new[world.pairs.left]]] = True
        self.beside[back.left[back.values >= least]] = True
        self.looked_around |= new

    def _merge(self) -> list[Int] | None:
        """Returns the merged groups that X consists of now; ``None`` if X has grown by what was at hand."""
        self._look_around()
        at_hand = self._flags(list(self._events(self.beside & ~self.taken).values()))
        self._cover_rows(at_hand)
        at_hand = self._flags(list(self._events(self.beside & ~self.taken).values()))
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
