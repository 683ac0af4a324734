"""Stories in memory, as the resolver reads them from a store."""

from collections.abc import Iterable
from datetime import datetime

from newsgraph.graph.events import StoryText


class Listed:
    """Stories in a list, as a source for updates. All of them have a sure time."""

    def __init__(self, stories: Iterable[StoryText]) -> None:
        self.all = {story.id: story for story in stories}

    def dated(self, start: datetime, end: datetime) -> list[StoryText]:
        """Returns the stories from ``start`` to ``end``, both included."""
        return [story for story in self.all.values() if story.published_at and start <= story.published_at <= end]

    def undated(self) -> list[StoryText]:
        """Returns the stories of an unsure time: none."""
        return []

    def stories(self, ids: Iterable[str]) -> list[StoryText]:
        """Returns the stories with these ids; ids that the list doesn't have are left out."""
        return [self.all[story_id] for story_id in ids if story_id in self.all]
