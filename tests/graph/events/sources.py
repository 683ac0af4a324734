"""Stories in memory, as the resolver reads them from a store."""

from collections.abc import Iterable
from datetime import datetime

from newsgraph.graph.events import StoryText


class Listed:
    """Stories in a list, as a source for updates."""

    def __init__(self, stories: Iterable[StoryText]) -> None:
        self.all = {story.id: story for story in stories}
        self.read = 0

    def dated(self, start: datetime, end: datetime) -> list[StoryText]:
        found = [
            story
            for story in self.all.values()
            if story.date_sure and story.published_at is not None and start <= story.published_at <= end
        ]
        self.read += len(found)
        return found

    def undated(self) -> list[StoryText]:
        return [story for story in self.all.values() if not story.date_sure or story.published_at is None]

    def stories(self, ids: Iterable[str]) -> list[StoryText]:
        return [self.all[story_id] for story_id in ids if story_id in self.all]
