"""Forms all groups anew, but derives only the events of those that aren't as they were.

Reading, smoothing, linking and merging all texts is about half of what deriving all costs. The other half is done for
each merged group by itself: it is parted, its texts are scored and compared for copies, and its events are named. This
half is left out for a group that is as it was: it has just the stories of a group of before, all its voices are those
of before, and they are smoothed as before, because none is alike to a voice that is new or gone.
"""

from collections.abc import Sequence

import numpy as np

from newsgraph.graph.events.clustering.derivation import ScoredGroup, events_of
from newsgraph.graph.events.clustering.distinct_texts import Voice, times_of, voices_of
from newsgraph.graph.events.clustering.neighbours import alike
from newsgraph.graph.events.clustering.time_windows import Group, slices, sweep
from newsgraph.graph.events.model import DerivedEvent, StorySource
from newsgraph.graph.events.moments import FIRST, LAST
from newsgraph.graph.events.text.background import Ceilings
from newsgraph.graph.events.text.vectors import stack, take, vectorise
from newsgraph.graph.events.updates.touched import Places


def renewed(places: Places, source: StorySource, highest: Ceilings) -> tuple[list[ScoredGroup], set[str]]:
    """Returns the events that take the place of old ones, and the ids of those."""
    settings = places.settings
    parts = [voices_of(part, settings) for part in slices(source.dated(FIRST, LAST), settings)]
    same = Same([voice for part in parts for voice in part], places, highest)
    stayed: set[str] = set()
    fresh: list[ScoredGroup] = []
    for groups in filter(None, sweep(parts, settings, highest)):
        events = same.events(groups)
        stayed.update(event.id for whole in events for event in whole)
        fresh += events_of([group for group, whole in zip(groups, events, strict=True) if not whole], settings)
    return fresh, {event.id for event in places.before.events.values()} - stayed


class Same:
    """Tells which merged groups are as they were."""

    def __init__(self, voices: Sequence[Voice], places: Places, highest: Ceilings) -> None:
        """``voices`` are all that there are now, in order of time."""
        self.places = places
        self.before = places.before
        self.settings = places.settings
        row_of = {story.id: row for row, voice in enumerate(voices) for story in voice.stories}
        rows, gone = places.replaced(voices, times_of(voices), row_of)
        new = [voices[row] for row in rows]
        self.altered = places.change.changed.union(story.id for voice in new for story in voice.stories)
        """The stories that changed, and those of voices that are new."""
        self.replaced = [
            (vectorise([voice.compared for voice in some], self.settings, weights), times_of(some))
            for some, weights in ((new, highest), (gone, self.before.highest))
        ]
        """The vectors and times of the voices that are new, and of those that are gone."""

    def events(self, groups: Sequence[Group]) -> list[tuple[DerivedEvent, ...]]:
        """Returns the events that each group was parted into; none for a group that isn't as it was."""
        stories = [[story.id for voice in group.stories for story in voice] for group in groups]
        return [
            () if otherwise or not self.altered.isdisjoint(ids) else self.before.merged(ids)
            for ids, otherwise in zip(stories, self._smoothed_otherwise(groups), strict=True)
        ]

    def _smoothed_otherwise(self, groups: Sequence[Group]) -> list[bool]:
        """Returns which groups have a voice that may be smoothed in another way."""
        times = np.concatenate([group.times for group in groups])
        order = np.argsort(times, kind="stable")
        number = np.repeat(np.arange(len(groups)), [len(group.times) for group in groups])[order]
        vectors, times = take(stack([group.vectors for group in groups]), order), times[order]
        found = self.places.near_lost(times) | self.places.recentred(times)
        window, floor = self.places.window, self.settings.neighbour_floor
        for others, moments in self.replaced:
            near = np.arange(*np.searchsorted(moments, (times[0] - window, times[-1] + window + 1)))
            pairs = alike(take(others, near), vectors, moments[near], times, window, floor, within=False)
            found[pairs.right] = True
        otherwise: list[bool] = (np.bincount(number[found], minlength=len(groups)) > 0).tolist()
        return otherwise
