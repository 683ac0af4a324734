"""What a file said over all its fetches: the newest telling of each story, and what older fetches alone told.

A feed holds its last twenty entries, and its next fetch overwrites them. In a folder that is collected the Source keeps
the fold of all fetches that a load saw: what the newest says, then what it doesn't tell any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from newsgraph.loaders.records import ArticleRecord, OutletRecord, Record


def collected(newest: Sequence[Record], before: Sequence[Record]) -> tuple[Record, ...]:
    """The records of ``newest``, then those of ``before`` that it doesn't tell. An article is told when one of the
    newest shares a spelling of its address; that one also keeps the related stories that only the older one lists. A
    page is told when there is a newer one of the same outlet or topic. Folding a fetch twice changes nothing."""
    older: dict[str, list[ArticleRecord]] = {}
    for record in before:
        if isinstance(record, ArticleRecord):
            for spelling in record.spellings:
                older.setdefault(spelling, []).append(record)
    told = {spelling for record in newest for spelling in _spellings(record)}
    kept = [record for record in before if told.isdisjoint(_spellings(record))]
    return (*(_with_related(record, older) for record in newest), *kept)


def not_told(newest: Sequence[Record], before: Sequence[Record]) -> int:
    """How many articles of ``before`` the newest fetch doesn't tell any more."""
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
