"""One look at the watched folders: a load, the events, and what is new because of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsgraph.graph.corpus import Corpus
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.writer_lock import writing
from newsgraph.loaders.load import derive_after, load
from newsgraph.loaders.load_report import LoadReport
from newsgraph.loaders.researcher.correcting import given_corrections
from newsgraph.loaders.watching.news import Condition, News, news_between
from newsgraph.loaders.watching.standing import Standing


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found. If ``began``, the store had no event before. Everything would be new then, so ``news`` is
    empty. ``notes`` has a line for each thing to be said of the file of decisions."""

    report: LoadReport
    news: tuple[News, ...]
    began: bool
    notes: tuple[str, ...] = ()


def look(
    store: Store,
    paths: Sequence[Path],
    conditions: Sequence[Condition],
    *,
    collect: bool | None = None,
    now: datetime | None = None,
    wait: float = 0.0,
    waiting: Callable[[str], None] | None = None,
) -> Look:
    """Loads the files that arrived, derives the events, and compares them with those that the store had before.

    Nothing else is remembered between two looks, so a program that was stopped continues where it was. ``now`` (with
    zone) is the present time. The other options are those of a load. Raises UsageError and StoreError.
    """
    moment = now or datetime.now(UTC)
    with writing(store, wait=wait, waiting=waiting):
        before = Standing.of(store)
        behind = not Corpus.of(store).events_current  # a load was stopped before its events were derived
        decided = given_corrections(store, None)
        report = load(store, paths, corrections=decided.corrections, collect=collect, now=moment)
        report.errors.extend(decided.problems)
        if report.stopped or report.nothing:
            return Look(report, (), not before.events, decided.notes)
        derive_after(store, report)
        if not before.events or not (report.changed_stories or behind):
            return Look(report, (), not before.events, decided.notes)
        return Look(report, tuple(news_between(before, Standing.of(store), conditions, moment)), False, decided.notes)
