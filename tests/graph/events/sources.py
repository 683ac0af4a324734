"""Stories in memory, as the resolver reads them from a store, and updates of their events."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import pytest

from newsgraph.graph.events import DEFAULTS, Derivation, EventSettings, StoryText, update
from newsgraph.graph.events.clustering import time_windows
from newsgraph.graph.events.updates import changes, reach


class Listed:
    """Stories in a list, as a source for updates."""

    def __init__(self, stories: Iterable[StoryText]) -> None:
        self.all = {story.id: story for story in stories}
        sure = [(story.published_at, story) for story in self.all.values() if story.date_sure and story.published_at]
        self.sure = sorted(sure, key=lambda pair: pair[0])
        self.read = 0

    def dated(self, start: datetime, end: datetime) -> list[StoryText]:
        low = bisect_left(self.sure, start, key=lambda pair: pair[0])
        high = bisect_right(self.sure, end, key=lambda pair: pair[0])
        self.read += high - low
        return [story for _, story in self.sure[low:high]]

    def undated(self) -> list[StoryText]:
        return [story for story in self.all.values() if not story.date_sure or story.published_at is None]

    def stories(self, ids: Iterable[str]) -> list[StoryText]:
        return [self.all[story_id] for story_id in ids if story_id in self.all]


def updated(
    previous: Derivation,
    after: Collection[StoryText],
    changed: Iterable[str],
    former: Mapping[str, StoryText] | None = None,
    numbers: EventSettings = DEFAULTS,
) -> Derivation:
    """The update, which must be the same in both ways, however much the change reaches: by what is near the change, and
    by forming all groups anew, in as many slices as can be."""
    ids = set(changed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changes, "MOST_REACHED", 2.0)
        patch.setattr(reach, "ANEW", 9.0)
        near = update(previous, Listed(after), ids, numbers, former)
        patch.setattr(reach, "ANEW", -99.0)
        patch.setattr(time_windows, "SLICE_STORIES", 1)
        assert update(previous, Listed(after), ids, numbers, former) == near
    return near
