"""Builds a lake from folders of articles, and brings it up to date with them: reads what changed, merges, commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsgraph.errors import UsageError
from newsgraph.graph.corrections import Corrections
from newsgraph.graph.gc_pause import collector_paused
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.stores.registry import LAKE_FILE
from newsgraph.lake.engine import Engine
from newsgraph.lake.intake import Batch, BatchRead, KeepSources, Kept, ReadBatch, known_sources
from newsgraph.lake.manifest import DAYS, OWN_NAMES, Chunk, Manifest, read_manifest, write_manifest, writing_lake
from newsgraph.lake.merging import (
    BUCKETS,
    RECORDS_A_BUCKET,
    RECORDS_AT_ONCE,
    TABLES,
    Describe,
    Mention,
    Routes,
    Scatter,
    Settle,
    Spellings,
    Unite,
    links,
    routes_from,
)
from newsgraph.lake.tables import Written, need_pyarrow
from newsgraph.loaders.intake.files import File, Selection, select
from newsgraph.loaders.load_report import LoadReport, Step, Steps
from newsgraph.loaders.merging.own_hosts import OwnHost
from newsgraph.loaders.registry import REGISTRY, known_endings
from newsgraph.loaders.researcher.true_times import true_times
from newsgraph.loaders.source_reading import TO_BE_READ, Known, Settled, places_of, report_failure

#: Files that are read in one call.
FILES_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Sizes:
    """How work is divided. It changes no answer. ``files`` are read in one call, ``records`` are merged in one."""

    files: int = FILES_AT_ONCE
    records: int = RECORDS_AT_ONCE


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What a build can be told. None leaves what the lake remembers.

    ``label`` names the folder, as for a load. ``days`` is the length of the partitions of time, which a lake keeps for
    ever. ``authors`` says whether the names in bylines are kept. ``now`` has a zone; None: the present time.
    """

    label: str | None = None
    outlets: OutletDirectory | None = None
    corrections: Corrections | None = None
    authors: bool | None = None
    days: int | None = None
    now: datetime | None = None
    sizes: Sizes = field(default_factory=Sizes)


def build(
    engine: Engine,
    lake: Path,
    paths: Sequence[Path],
    options: BuildOptions = BuildOptions(),  # frozen
    steps: Steps | None = None,
) -> LoadReport:
    """Builds a lake from files and folders, or brings it up to date with them.

    New and edited files are read, and what deleted files said is removed. The graph is then the one that a load of
    these files into a store gives; its events are out of date until ``derive_events`` is called. Raises UsageError,
    StoreError and OutputError; then the lake is as it was. What is wrong with files is in the report.
    """
    need_pyarrow()
    with collector_paused():
        return _Build(engine, lake.absolute(), options, steps or (lambda step: None)).run(paths)


class _Build:
    def __init__(self, engine: Engine, lake: Path, options: BuildOptions, steps: Steps) -> None:
        self._engine = engine
        self._lake = lake
        self._options = options
        self._steps = steps
        self._now = options.now or datetime.now(UTC)
        self._report = LoadReport()

    def run(self, paths: Sequence[Path]) -> LoadReport:
        before = read_manifest(self._lake) if (self._lake / LAKE_FILE).exists() else self._new()
        self._check(before)
        selection = select(paths, before.corpus.folders, self._options.label, known_endings())
        self._report.found = len(selection.files)
        self._report.skipped.update(selection.skipped)
        for problem in selection.problems:
            report_failure(self._report, problem)
        if not selection.files and not before.chunks:
            self._report.nothing = True
            return self._report
        with writing_lake(self._lake):
            settled = self._settled(before, selection)
            chunks = self._read(before, settled, selection)
            after = self._merge(replace(settled, chunks=chunks))
            if after != before or not (self._lake / LAKE_FILE).exists():
                write_manifest(self._lake, after)
        self._report.notes.extend(REGISTRY.problems())
        return self._report

    def _new(self) -> Manifest:
        # A first build that was stopped leaves files of its tables.
        if self._lake.is_dir() and any(place.name not in OWN_NAMES for place in self._lake.iterdir()):
            raise UsageError(str(self._lake), "is a folder with other files", "Give a new folder for the lake")
        return Manifest(days=self._options.days or DAYS)

    def _check(self, before: Manifest) -> None:
        if self._options.days not in (None, before.days):
            raise UsageError(
                "days", f"the partitions of this lake have {before.days} days", "Leave it out, or build a new lake"
            )

    def _settled(self, before: Manifest, selection: Selection) -> Manifest:
        """The state with what this build is told. Other decisions than before put its events out of date."""
        given = self._options
        corpus = replace(before.corpus, folders=dict(selection.folders))
        if given.outlets is not None:
            corpus = replace(corpus, outlets=given.outlets.to_json())
        if given.corrections is not None and (decided := given.corrections.to_json()) != corpus.corrections:
            corpus = replace(corpus, corrections=decided, events_current=False)
        if given.authors is not None:
            corpus = replace(corpus, no_authors=not given.authors)
        return replace(before, corpus=corpus)

    def _read(self, before: Manifest, settled: Manifest, selection: Selection) -> tuple[Chunk, ...]:
        """Reads the files that changed. Returns the chunks with the sources as they are now."""
        known = {chunk: known_sources(self._lake, chunk) for chunk in before.chunks}
        if before.corpus.no_authors != settled.corpus.no_authors:  # what was left out isn't kept anywhere
            known = {chunk: dict.fromkeys(sources, TO_BE_READ) for chunk, sources in known.items()}
        all_known = {id: what for sources in known.values() for id, what in sources.items()}
        there = {file.source_id for file in selection.files}
        gone = {id for id in all_known if id not in there and id.startswith(selection.covered)}
        self._report.gone = len(gone)
        places = places_of(selection.folders, settled.corpus.sites)
        reading = ReadBatch(self._lake, Settled(self._now, places, no_authors=settled.corpus.no_authors))
        batches = list(_batches(selection.files, all_known, self._options.sizes.files))
        self._steps(Step("Reading files", 0, len(selection.files), "files"))
        found: list[BatchRead] = self._engine.run(batches, reading)
        changed = set(gone)
        for one in found:
            changed.update(one.changed)
            _add(self._report, one.report)
        kept = [chunk for chunk, sources in known.items() if changed.isdisjoint(sources)]
        rest = [
            Kept(chunk, frozenset(left))
            for chunk, sources in known.items()
            if not changed.isdisjoint(sources) and (left := sources.keys() - changed)
        ]
        kept += self._engine.run(rest, KeepSources(self._lake))
        kept += [one.chunk for one in found if one.chunk is not None]
        return tuple(sorted(kept, key=lambda chunk: chunk.file))

    def _merge(self, state: Manifest) -> Manifest:
        """Merges the records of all chunks. Returns the state with the tables of the graph."""
        files = [chunk.file for chunk in state.chunks]
        records = sum(chunk.records for chunk in state.chunks)
        buckets = -(-records // self._options.sizes.records) or 1
        shared = max(BUCKETS, records // RECORDS_A_BUCKET)
        self._steps(Step("Merging", 0, records, "records"))
        found: list[Any] = self._engine.run(files, Spellings(self._lake, buckets), links) if buckets > 1 else []
        routes: Routes = routes_from(found, buckets)
        corpus = state.corpus
        times = true_times(Corrections.from_json(corpus.corrections))

        def merged(directory: OutletDirectory) -> tuple[list[Written], list[OwnHost]]:
            given: list[Written | OwnHost] = self._engine.run(
                files,
                Scatter(self._lake, routes, directory),
                Unite(self._now, times, directory, state.part_seconds),
                Mention(self._lake, shared),
                Settle(self._lake, shared),
                Describe(self._lake, directory),
            )
            own = [one for one in given if isinstance(one, OwnHost)]
            return [one for one in given if isinstance(one, Written)], own

        written, own = merged(corpus.directory)
        hosts = tuple(sorted(one.host for one in own))
        if hosts != corpus.own_hosts:  # which hosts they are doesn't depend on which of them are outlets meanwhile
            before = corpus.directory
            corpus = replace(corpus, own_hosts=hosts)
            self._report.tell_own_hosts(own, before, corpus.directory)
            written, _ = merged(corpus.directory)
        after = replace(state.with_tables(TABLES, written), corpus=replace(corpus, own_hosts_current=True))
        if any(after.tables[name] != state.tables.get(name, {}) for name in TABLES):
            after = replace(after, corpus=replace(after.corpus, events_current=False))
        return after


def _batches(files: Sequence[File], known: dict[str, Known], size: int) -> Iterable[Batch]:
    for start in range(0, len(files), size):
        some = tuple(files[start : start + size])
        yield Batch(some, {file.source_id: known[file.source_id] for file in some if file.source_id in known})


def _add(whole: LoadReport, part: LoadReport) -> None:
    """Adds what one batch of files gave to the report of the build."""
    for name in ("read", "unchanged", "failed", "other_kinds"):
        setattr(whole, name, getattr(whole, name) + getattr(part, name))
    for kind, files in part.others.items():
        whole.others.setdefault(kind, []).extend(files)
    whole.messages.extend(part.messages)
    whole.notes.extend(part.notes)
    whole.errors.extend(part.errors)
    whole.unknown_fields.update(part.unknown_fields)
