"""Articles of one file as columns: for a large file they take a third of the memory of records, and what reads a column
as a whole needs no object for each article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, overload

from msgspec import NODEFAULT
from msgspec.structs import fields

from newsgraph.loaders.records import ArticleRecord, Record

#: The fields of an article in their order, each with the value of an article that doesn't have it.
DEFAULTS: Mapping[str, Any] = {
    one.name: None if one.default is NODEFAULT else one.default for one in fields(ArticleRecord)
}
#: The number of records that are made together.
_TOGETHER = 1_000


class RecordColumns(Sequence[ArticleRecord]):
    """Articles in the order of their file. As a sequence it gives their records, which are made when they are asked
    for and not kept; a slice is a list of records.

    ``columns`` has the fields that any of the articles has, and ``spellings`` what ``ArticleRecord.spellings`` is for
    each of them.
    """

    def __init__(self) -> None:
        self.columns: dict[str, list[Any]] = {}
        self.spellings: list[tuple[str, ...]] = []

    def extend(self, columns: Mapping[str, Sequence[Any]], spellings: Sequence[tuple[str, ...]]) -> None:
        """Adds articles. ``columns`` may lack fields that none of them has."""
        before = len(self.spellings)
        self.spellings.extend(spellings)
        for field, column in columns.items():
            if field not in self.columns:
                if column.count(DEFAULTS[field]) == len(column):
                    continue
                self.columns[field] = [DEFAULTS[field]] * before
            self.columns[field].extend(column)
        for field in self.columns.keys() - columns.keys():
            self.columns[field].extend(repeat(DEFAULTS[field], len(spellings)))

    def append(self, record: ArticleRecord) -> None:
        """Adds an article."""
        self.extend({field: [getattr(record, field)] for field in DEFAULTS}, [record.spellings])

    def column(self, field: str) -> Sequence[Any]:
        """Returns the values of a field; those of articles that don't have it are as in their records."""
        return self.columns.get(field) or [DEFAULTS[field]] * len(self)

    def with_related(self) -> list[int]:
        """Returns the places of the articles that list related stories."""
        return [place for place, related in enumerate(self.columns.get("related", ())) if related]

    def numbered(self, places: Sequence[int]) -> Iterator[tuple[int, ArticleRecord]]:
        """Yields the records at some places, each with its place."""
        return ((place, self[place]) for place in places)

    def __len__(self) -> int:
        return len(self.spellings)

    @overload
    def __getitem__(self, index: int) -> ArticleRecord: ...
    @overload
    def __getitem__(self, index: slice) -> list[ArticleRecord]: ...
    def __getitem__(self, index: int | slice) -> ArticleRecord | list[ArticleRecord]:
        if not isinstance(index, slice):
            place = range(len(self))[index]
            return self[place : place + 1][0]
        spellings = self.spellings[index]
        columns = (
            self.columns[field][index] if field in self.columns else repeat(default, len(spellings))
            for field, default in DEFAULTS.items()
        )
        records = list(map(ArticleRecord, *columns))
        for record, own in zip(records, spellings, strict=True):
            record.__dict__["spellings"] = own  # where cached_property keeps it
        return records

    def __iter__(self) -> Iterator[ArticleRecord]:
        return chain.from_iterable(self[start : start + _TOGETHER] for start in range(0, len(self), _TOGETHER))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (RecordColumns, tuple, list)) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # it can be extended

    def __repr__(self) -> str:
        return repr(list(self))


def articles(records: Iterable[Record]) -> Sequence[ArticleRecord]:
    """Returns the articles among the records, in order."""
    if isinstance(records, RecordColumns):
        return records
    return tuple([record for record in records if isinstance(record, ArticleRecord)])


def stories_told(records: Iterable[Record]) -> int:
    """Returns how many articles the records are, including related ones."""
    told = articles(records)
    related = told.column("related") if isinstance(told, RecordColumns) else map(attrgetter("related"), told)
    return len(told) + sum(map(len, related))
