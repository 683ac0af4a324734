"""The stories of a lake as the event resolver needs them: read from the files of the partitions that are asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsgraph.graph.events import StoryText
from newsgraph.graph.events.moments import seconds
from newsgraph.graph.events.sync import story_text
from newsgraph.lake.manifest import Manifest
from newsgraph.lake.partitions import sure_number
from newsgraph.lake.tables import rows_of

_TABLES = ("Story", "PUBLISHED_BY", "RELATED_TO")
_COLUMNS = ("id", "title", "excerpt", "published_at", "date_quality", "language")


@dataclass(frozen=True, slots=True)
class StoryFiles:
    """The files of a lake that say what the resolver sees of stories: of each partition those of ``_TABLES``, empty
    where there is none. It can be sent to other processes."""

    lake: Path
    parts: Mapping[str, tuple[str, ...]]
    part_seconds: int

    @classmethod
    def of(cls, lake: Path, manifest: Manifest) -> StoryFiles:
        """Those of one state of a lake."""
        files = [manifest.files(table) for table in _TABLES]
        parts = {part: tuple(some.get(part, "") for some in files) for part in files[0]}
        return cls(lake, parts, manifest.part_seconds)

    def numbers(self) -> list[int]:
        """The numbers of the partitions of sure times, ascending."""
        return sorted(number for part in self.parts if (number := sure_number(part)) is not None)

    def unsure(self) -> list[str]:
        """The partitions of stories whose time is unsure or missing."""
        return sorted(part for part in self.parts if sure_number(part) is None)

    def within(self, first: int, last: int) -> list[tuple[str, ...]]:
        """The files of the partitions of sure times with these numbers."""
        return [self.parts[part] for part in map(str, range(first, last + 1)) if part in self.parts]

    def numbers_of(self, start: int, end: int) -> tuple[int, int]:
        """The numbers of the partitions that two seconds are in."""
        return start // self.part_seconds, end // self.part_seconds


class LakeStories:
    """Gives the resolver the stories of a lake. What was read stays in memory until it is forgotten."""

    def __init__(self, files: StoryFiles) -> None:
        self._files = files
        self._numbers = files.numbers()
        self._read: dict[str, list[StoryText]] = {}

    def part(self, name: str) -> list[StoryText]:
        """The stories of a partition, by id; none if it doesn't exist."""
        if name not in self._read:
            self._read[name] = (
                list(_stories(self._files.lake, self._files.parts[name])) if name in self._files.parts else []
            )
        return self._read[name]

    def dated(self, start: datetime, end: datetime) -> Iterator[StoryText]:
        """Yields the stories with a sure time from ``start`` to ``end``, both included."""
        first, last = self._files.numbers_of(seconds(start), seconds(end))
        for number in self._numbers:
            if first <= number <= last:
                for story in self.part(str(number)):
                    if story.published_at is not None and start <= story.published_at <= end:
                        yield story

    def forget(self, before: int) -> None:
        """Forgets what was read of the partitions of sure times whose numbers are lower."""
        for part in [one for one in self._read if (number := sure_number(one)) is not None and number < before]:
            del self._read[part]

    def undated(self) -> Iterator[StoryText]:
        """Yields the stories whose time is unsure or missing."""
        for part in self._files.unsure():
            yield from self.part(part)

    def stories(self, ids: Iterable[str]) -> Iterator[StoryText]:
        """Yields the stories with these ids. It reads the ids of all stories of the lake."""
        wanted = set(ids)
        for part in sorted(self._files.parts) if wanted else ():
            there = {row[0] for row in rows_of(self._files.lake, self._files.parts[part][0], ["id"])}
            if not there.isdisjoint(wanted):
                yield from (story for story in self.part(part) if story.id in wanted)


def _stories(lake: Path, files: tuple[str, ...]) -> Iterator[StoryText]:
    stories, published, related = files
    outlets = {row[0]: row[1:] for row in rows_of(lake, published, ["start", "end", "said"])} if published else {}
    listed: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for start, end, position in rows_of(lake, related, ["start", "end", "position"]) if related else ():
        listed[start].append((position, end))
    for row in rows_of(lake, stories, _COLUMNS):
        yield story_text((*row, *outlets.get(row[0], (None, None))), listed)
