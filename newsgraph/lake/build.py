"""Builds a lake from folders of articles, and brings it up to date with them: reads what changed, merges, commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsgraph.errors import UsageError
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Corrections
from newsgraph.graph.gc_pause import collector_paused
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import DescribesTopic, SubtopicOf
from newsgraph.graph.stores.registry import LAKE_FILE
from newsgraph.lake.engine import Engine
from newsgraph.lake.intake import Batch, BatchRead, KeepSources, Kept, ReadBatch, known_sources
from newsgraph.lake.manifest import DAYS, OWN_NAMES, Manifest, Merged, read_manifest, write_manifest, writing_lake
from newsgraph.lake.merging import (
    BUCKETS,
    OF_CHUNKS,
    OF_PARTS,
    RECORDS_A_BUCKET,
    RECORDS_AT_ONCE,
    ChunkTask,
    Mention,
    Scatter,
    Settle,
    Spellings,
    StandingTask,
    TopicsAbove,
    Unite,
    WriteSubtopics,
    links,
    part_key,
    routes_from,
)
from newsgraph.lake.reach import Moved, Reach, SourceChange, reach_of
from newsgraph.lake.said import HOSTS, SAID, SHARED, Describe, Standing, bucket_key, bucket_of_host, hosts_key
from newsgraph.lake.tables import COUNTED, Written, key_of, need_pyarrow
from newsgraph.loaders.intake.files import File, Selection, select
from newsgraph.loaders.load_report import LoadReport, Step, Steps
from newsgraph.loaders.merging.own_hosts import OwnHost
from newsgraph.loaders.registry import REGISTRY, known_endings
from newsgraph.loaders.researcher.true_times import true_times
from newsgraph.loaders.source_reading import TO_BE_READ, Known, Settled, places_of, report_failure
from newsgraph.slices import in_slices

#: Files that are read in one call.
FILES_AT_ONCE = 2_000
#: The share of sources that changed above which all records are merged: that is then less work than to find out which.
MOST_CHANGED = 0.1
#: How many times as many records as its shared nodes have buckets for a lake may hold.
_CROWDED = 4
#: The tables of the graph that a build makes.
_TABLES = (*OF_CHUNKS, *OF_PARTS, *SHARED, SubtopicOf.type)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How work is divided. It changes no answer. ``files`` are read in one call, ``records`` are merged in one.
    ``changed`` is the share of sources up to which a build merges only what their change reaches."""

    files: int = FILES_AT_ONCE
    records: int = RECORDS_AT_ONCE
    changed: float = MOST_CHANGED


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


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is merged: the state without the tables and rows that are made anew, the chunks with the records, and how
    many these are. ``by_key`` has the files that rows are added to, by where each is worked on."""

    standing: Manifest
    merged: Merged
    chunks: tuple[ChunkTask, ...]
    records: int
    reach: Reach = field(default_factory=Reach)
    by_key: Mapping[str, Standing] = field(default_factory=dict)


class _Build:
    def __init__(self, engine: Engine, lake: Path, options: BuildOptions, steps: Steps) -> None:
        self._engine = engine
        self._lake = lake
        self._options = options
        self._steps = steps
        self._now = options.now or datetime.now(UTC)
        self._report = LoadReport()

    def run(self, paths: Sequence[Path]) -> LoadReport:
        before = self._before()
        selection = self._selected(paths, before)
        if not selection.files and not before.chunks:
            self._report.nothing = True
            self._tell(selection)
            return self._report
        with writing_lake(self._lake):
            if (latest := self._before()) != before:  # another process has written it meanwhile
                before, selection = latest, self._selected(paths, latest)
            self._tell(selection)
            settled = self._settled(before, selection)
            after = self._merge(before, settled, self._read(before, settled, selection))
            if after != before or not (self._lake / LAKE_FILE).exists():
                write_manifest(self._lake, after)
        self._report.notes.extend(REGISTRY.problems())
        return self._report

    def _before(self) -> Manifest:
        """The state of the lake, or that of a new one. Raises UsageError if it isn't what the options say."""
        found = read_manifest(self._lake) if (self._lake / LAKE_FILE).exists() else self._new()
        if self._options.days not in (None, found.days):
            raise UsageError(
                "days", f"the partitions of this lake have {found.days} days", "Leave it out, or build a new lake"
            )
        return found

    def _selected(self, paths: Sequence[Path], before: Manifest) -> Selection:
        return select(paths, before.corpus.folders, self._options.label, known_endings())

    def _tell(self, selection: Selection) -> None:
        self._report.found = len(selection.files)
        self._report.skipped.update(selection.skipped)
        for problem in selection.problems:
            report_failure(self._report, problem)

    def _new(self) -> Manifest:
        # A first build that was stopped leaves files of its tables, and one that was killed a part of its manifest.
        names = [place.name for place in self._lake.iterdir()] if self._lake.is_dir() else []
        if any(name not in OWN_NAMES and not name.startswith(f".{LAKE_FILE}.") for name in names):
            raise UsageError(str(self._lake), "is a folder with other files", "Give a new folder for the lake")
        return Manifest(days=self._options.days or DAYS)

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

    def _read(self, before: Manifest, settled: Manifest, selection: Selection) -> SourceChange:
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
        same = tuple(chunk for chunk, sources in known.items() if changed.isdisjoint(sources))
        fewer = [
            Kept(chunk, frozenset(out), len(sources) - len(out))
            for chunk, sources in known.items()
            if (out := changed & sources.keys())
        ]
        moved: list[Moved] = self._engine.run(fewer, KeepSources(self._lake))
        fresh = tuple(one.chunk for one in found if one.chunk is not None)
        return SourceChange(same, tuple(moved), fresh)

    def _merge(self, before: Manifest, settled: Manifest, change: SourceChange) -> Manifest:
        """Merges what the change of sources reaches. Returns the state with the tables of the graph."""
        state = replace(settled, chunks=change.chunks)
        plan = self._some(before, state, change) if self._stands(before, state, change) else self._all(state)
        if plan is None:
            return replace(before, corpus=state.corpus)
        after, own = self._merged(plan, before)
        hosts = tuple(sorted({*(one.host for one in own), *_hosts_left(plan, after)}))
        if hosts != state.corpus.own_hosts:  # which hosts they are doesn't depend on which are outlets meanwhile
            state = replace(state, corpus=replace(state.corpus, own_hosts=hosts))
            self._report.tell_own_hosts(own, settled.corpus.directory, state.corpus.directory)
            after, _ = self._merged(self._all(state), before)
        current = all(after.files(name) == before.files(name) for name in _TABLES) and state.corpus.events_current
        return replace(after, corpus=replace(after.corpus, own_hosts_current=True, events_current=current))

    def _stands(self, before: Manifest, state: Manifest, change: SourceChange) -> bool:
        """Whether the tables of the state before stand, apart from what the change of sources reaches."""
        merged = before.merged
        return (
            merged is not None
            and merged.outlets == _outlets(state)
            and _CROWDED * merged.buckets >= _records(state) // RECORDS_A_BUCKET
            and change.share <= self._options.sizes.changed
        )

    def _all(self, state: Manifest) -> _Plan:
        """All records are merged."""
        buckets = max(BUCKETS, _records(state) // RECORDS_A_BUCKET)
        merged = Merged(buckets, _outlets(state), self._now.isoformat())
        standing = state.with_tables((*OF_CHUNKS, *OF_PARTS, *SHARED, *COUNTED), ())
        return _Plan(
            replace(standing, merged=merged),
            merged,
            tuple(ChunkTask(chunk.file) for chunk in state.chunks),
            _records(state),
        )

    def _some(self, before: Manifest, state: Manifest, change: SourceChange) -> _Plan | None:
        """Only the stories are merged that a change reaches. None: there are none."""
        assert before.merged is not None
        dated, was = (_true_times(one.corpus) for one in (state, before))
        redated = {address for address, _ in dated.items() ^ was.items()}
        reach = reach_of(self._engine, self._lake, before, change, redated, self._now)
        if not (reach.again.stories or change.moved or change.fresh):
            return None
        merged = replace(before.merged, now=self._now.isoformat())
        stems = {Path(chunk.file).stem for chunk in state.chunks}
        left = {name: {part: file for part, file in before.files(name).items() if part in stems} for name in OF_CHUNKS}
        standing = replace(state, tables={**state.tables, **left}, merged=merged)
        records = sum(chunk.records for chunk in change.fresh) + reach.records
        return _Plan(standing, merged, _chunks_to_read(before, change, reach), records, reach, _standing(before))

    def _merged(self, plan: _Plan, before: Manifest) -> tuple[Manifest, list[OwnHost]]:
        """Merges the records of a plan. Returns the state with the tables of the graph, and those hosts that are papers
        of their own in the buckets that were written."""
        state, again, shared = plan.standing, plan.reach.again, plan.merged.buckets
        directory = state.corpus.directory
        self._steps(Step("Merging", 0, plan.records, "records"))
        buckets = -(-plan.records // self._options.sizes.records) or 1
        found: list[Any] = (
            self._engine.run(plan.chunks, Spellings(self._lake, buckets, again), links) if buckets > 1 else []
        )
        given: list[Written | OwnHost] = self._engine.run(
            (*plan.chunks, StandingTask(plan.by_key)),
            Scatter(self._lake, routes_from(found, buckets), directory, again),
            Unite(self._now, _true_times(state.corpus), directory, state.part_seconds),
            Mention(self._lake, again.stories, shared),
            Settle(self._lake, again.stories, plan.reach.parts, shared),
            Describe(self._lake, directory),
        )
        own = [one for one in given if isinstance(one, OwnHost)]
        after = state.with_tables((), [one for one in given if isinstance(one, Written)])
        topics = after.files(DescribesTopic.type)
        if topics != before.files(DescribesTopic.type):
            above = self._engine.run(list(topics.values()), TopicsAbove(self._lake), WriteSubtopics(self._lake))
            after = after.with_tables([SubtopicOf.type], above)
        return after, own


def _chunks_to_read(before: Manifest, change: SourceChange, reach: Reach) -> tuple[ChunkTask, ...]:
    """The new chunks, and of those that were there before what a change reaches."""
    tasks = [ChunkTask(chunk.file) for chunk in change.fresh]
    unmoved = [Moved(one, one, frozenset()) for one in change.same if one.file in reach.sources]
    for one in (*unmoved, *change.moved):
        files = before.of_part(OF_CHUNKS, Path(one.before.file).stem)
        file = one.after.file if one.after is not None else ""
        if file or files:
            tasks.append(ChunkTask(file, reach.sources.get(file, frozenset()), one.gone, files))
    return tuple(tasks)


def _standing(before: Manifest) -> dict[str, Standing]:
    """The files of partitions and buckets as they are, by the key under which they are written anew."""
    assert before.merged is not None
    by_key = {part_key(part): Standing(before.of_part(OF_PARTS, part)) for part in before.files("Story")}
    for bucket in map(str, range(before.merged.buckets)):
        by_key[bucket_key(bucket)] = Standing(before.of_part((SAID, *SHARED), bucket))
        by_key[hosts_key(bucket)] = Standing(before.of_part((HOSTS,), bucket))
    return by_key


def _records(state: Manifest) -> int:
    return sum(chunk.records for chunk in state.chunks)


def _outlets(state: Manifest) -> str:
    """A hash of the outlets that stories can have."""
    return key_of(state.corpus.directory.to_json())


def _true_times(corpus: Corpus) -> dict[str, tuple[int, datetime]]:
    return true_times(Corrections.from_json(corpus.corrections))


def _hosts_left(plan: _Plan, after: Manifest) -> list[str]:
    """The hosts that are papers of their own in buckets that are as they were."""
    standing, buckets = plan.standing, plan.merged.buckets
    had, has = standing.files(HOSTS), after.files(HOSTS)

    def stands(host: str) -> bool:
        bucket = str(bucket_of_host(host, buckets))
        return bucket in had and had[bucket] == has.get(bucket)

    return [host for host in standing.corpus.own_hosts if stands(host)]


def _batches(files: Sequence[File], known: dict[str, Known], size: int) -> Iterable[Batch]:
    for some in in_slices(tuple(files), size):
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
