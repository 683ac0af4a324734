"""Stories in memory, as the resolver reads them from a store."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import datetime

from newsgraph.graph.events import StoryText


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
