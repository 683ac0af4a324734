"""Unites records into stories: records with a common spelling of an address are one story, also through other records.

The records of a story are put in order: main article before mention, richer before poorer, smaller source id, place in
the file. Of each field, the first record that has it gives the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newsgraph.loaders.records import ArticleRecord


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


def placed_records(source_id: str, records: Sequence[ArticleRecord]) -> Iterator[PlacedRecord]:
    """Yields the records of one source: main articles and their related stories."""
    for main, record in enumerate(records):
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
