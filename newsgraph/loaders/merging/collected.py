"""What a file said over all its fetches: the newest version of each story, and the stories that only older fetches had.

A feed holds its last twenty entries, for example, and its next fetch overwrites them. In a folder that is collected,
the Source keeps all fetches that a load saw as one list: the records of the newest fetch, then those that it no longer
has.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from newsgraph.loaders.records import ArticleRecord, OutletRecord, Record


def collected(newest: Sequence[Record], before: Sequence[Record]) -> tuple[Record, ...]:
    """Returns the records of ``newest``, then those of ``before`` that are not in it any more.

    An older article is in the newest fetch if one of its articles has a spelling of its address. That article also
    keeps the related stories that only the older one lists. An older page is in it if there is a newer one of the same
    outlet or topic. Adding a fetch twice changes nothing.
    """
    older: dict[str, list[ArticleRecord]] = {}
    for record in before:
        if isinstance(record, ArticleRecord):
            for spelling in record.spellings:
                older.setdefault(spelling, []).append(record)
    told = {spelling for record in newest for spelling in _spellings(record)}
    kept = [record for record in before if told.isdisjoint(_spellings(record))]
    return (*(_with_related(record, older) for record in newest), *kept)


def not_told(newest: Sequence[Record], before: Sequence[Record]) -> int:
    """Returns how many articles of ``before`` are not in the newest fetch any more."""
    told = {spelling for record in newest for spelling in _spellings(record)}
    return sum(isinstance(record, ArticleRecord) and told.isdisjoint(_spellings(record)) for record in before)


def _spellings(record: Record) -> tuple[str, ...]:
    if isinstance(record, ArticleRecord):
        return record.spellings
    return (f"{record.page}:{record.domain if isinstance(record, OutletRecord) else record.name}",)


def _with_related(record: Record, older: dict[str, list[ArticleRecord]]) -> Record:
    if not isinstance(record, ArticleRecord):
        return record
    listed = {spelling for one in record.related for spelling in one.spellings}
    lost: list[ArticleRecord] = []
    for spelling in record.spellings:
        for old in older.get(spelling, ()):
            for one in old.related:
                if listed.isdisjoint(one.spellings):
                    listed.update(one.spellings)
                    lost.append(one)
    return replace(record, related=(*record.related, *lost)) if lost else record
