"""Unites records into stories: records with a common spelling of an address are one story, also through other records.

The records of a story are put in order: main article before mention, richer before poorer, smaller source id, place in
the file. Of each field, the first record that has it gives the value.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from msgspec import Struct

from newsgraph.loaders.record_columns import RecordColumns
from newsgraph.loaders.records import ADDRESSES, ArticleRecord


class PlacedRecord(NamedTuple):
    """One record and where it is: in which source, at which place, as a main article or as related to the ``main``-th
    one. ``keys`` are the spellings of its addresses."""

    source_id: str
    main: int
    position: int | None  # None for a main article; else its place in the article's related list
    record: ArticleRecord
    keys: tuple[str, ...]

    @property
    def rank(self) -> tuple[bool, int, str, int, int]:
        """A sort key by which records count, the best first."""
        return (
            self.position is not None,
            -self.record.richness,
            self.source_id,
            self.main,
            -1 if self.position is None else self.position,
        )


class MergedStory(NamedTuple):
    """One story with the records that mention it, the best first."""

    id: str
    records: tuple[PlacedRecord, ...]
    addresses: tuple[str, ...]  # every normalised spelling, each with its https://, sorted, including the id


class StoryColumns(Struct, frozen=True, eq=False):
    """Stories with what the best record of each says, as columns.

    ``addresses`` are as in :class:`MergedStory`. ``several`` holds, by a story's place, all records of those stories
    that more than one record tells, the best first. ``column`` gives the values of a field of the best records.
    """

    ids: Sequence[str]
    addresses: Sequence[tuple[str, ...]]
    several: Mapping[int, Sequence[PlacedRecord]]
    column: Callable[[str], Sequence[Any]]

    @classmethod
    def of(cls, stories: Sequence[MergedStory]) -> StoryColumns:
        """Returns merged stories as columns."""
        best = [story.records[0].record for story in stories]
        return cls(
            [story.id for story in stories],
            [story.addresses for story in stories],
            {number: story.records for number, story in enumerate(stories) if len(story.records) > 1},
            lambda field: list(map(attrgetter(field), best)),
        )

    @classmethod
    def told_once(cls, told: RecordColumns, others: Container[int] = ()) -> StoryColumns:
        """Returns the articles of a file, each as a story that nothing else tells, but for the ``others``."""
        rows = [row for row in range(len(told)) if row not in others] if others else None
        spellings = told.spellings if rows is None else [told.spellings[row] for row in rows]
        return cls(
            list(map(itemgetter(0), spellings)),
            [own if len(own) == 1 else tuple(sorted(own)) for own in spellings],
            {},
            told.column if rows is None else lambda field: list(map(told.column(field).__getitem__, rows)),
        )

    @classmethod
    def joined(cls, parts: Iterable[StoryColumns]) -> StoryColumns:
        """Returns the stories of all parts."""
        several = [part for part in parts if part.ids]
        if len(several) == 1:
            return several[0]
        starts = accumulate((len(part.ids) for part in several), initial=0)
        return cls(
            list(chain.from_iterable(part.ids for part in several)),
            list(chain.from_iterable(part.addresses for part in several)),
            {
                start + number: records
                for start, part in zip(starts, several, strict=False)
                for number, records in part.several.items()
            },
            lambda field: list(chain.from_iterable(part.column(field) for part in several)),
        )

    def first_addresses(self) -> Sequence[str]:
        """Returns the first address of each best record, as written."""
        urls = self.column("url")
        if all(urls):
            return urls
        others = zip(urls, *map(self.column, ADDRESSES[1:]), strict=True)
        return [next(filter(None, several)) for several in others]


def placed_records(source_id: str, records: Iterable[tuple[int, ArticleRecord]]) -> Iterator[PlacedRecord]:
    """Yields some records of one source, each given with its place: main articles and their related stories."""
    for main, record in records:
        yield PlacedRecord(source_id, main, None, record, record.spellings)
        for position, related in enumerate(record.related):
            yield PlacedRecord(source_id, main, position, related, related.spellings)


def unite(records: Sequence[PlacedRecord]) -> list[MergedStory]:
    """Groups records by common spellings (union-find). A story stands where its first record does.

    In that order the values of the stories lie in memory as they were read. In another one, such as that of their ids,
    everything that follows would take a third longer for a large file, because it would wait for the memory.
    """
    parents: dict[int, int] = {}  # of records that share a spelling with another one, by their place in the sequence

    def find(number: int) -> int:
        root = number
        while (above := parents.get(root, root)) != root:
            root = above
        while (above := parents.get(number, root)) != root:
            parents[number], number = root, above
        return root

    first: dict[str, int] = {}  # spelling -> the first record that has it
    for number, one in enumerate(records):
        for key in one.keys:
            other = first.setdefault(key, number)
            if other != number:
                one_root, other_root = find(number), find(other)
                parents[one_root] = parents[other_root] = other_root
    groups: dict[int, list[PlacedRecord]] = {}
    for number in parents:
        groups.setdefault(find(number), []).append(records[number])
    merged = []
    for number, one in enumerate(records):
        if number not in parents:
            keys = one.keys
            merged.append(MergedStory(keys[0], (one,), keys if len(keys) == 1 else tuple(sorted(keys))))
        elif (group := groups.pop(find(number), None)) is not None:
            group.sort(key=lambda one: one.rank)
            addresses = tuple(sorted({key for one in group for key in one.keys}))
            merged.append(MergedStory(group[0].keys[0], tuple(group), addresses))
    return merged
