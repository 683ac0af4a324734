"""A load: the files of some folders into a store, so that the graph is what a fresh load of those files gives."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from fnmatch import fnmatchcase
from importlib.resources import files as package_files
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Any, TypeVar

from newsgraph.errors import InputError, UnknownNameError
from newsgraph.graph import schema_cypher as statements
from newsgraph.graph.batch import Batch, Node
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Corrections
from newsgraph.graph.gc_pause import collector_paused
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import EDGES, NODES, SURE, Source, Value
from newsgraph.graph.stores.protocol import Store
from newsgraph.loaders.formats.tables import FORMAT as TABLE
from newsgraph.loaders.intake.files import File, FileReader, Selection, select
from newsgraph.loaders.intake.sites import PAGES, PagePlace, Sites, hash_of, site_address, stamp_of
from newsgraph.loaders.load_report import LoadReport, Step, Steps, Told
from newsgraph.loaders.merging.change import DESCRIBING, Change, Changer, unpack_all
from newsgraph.loaders.merging.collected import collected, not_told
from newsgraph.loaders.merging.descriptions import TYPES as PAGE_TYPES
from newsgraph.loaders.merging.descriptions import weight
from newsgraph.loaders.merging.stories import gather
from newsgraph.loaders.records import ArticleRecord, Problem, Reading, Record
from newsgraph.loaders.registry import REGISTRY, known_endings, reading_of
from newsgraph.loaders.researcher.true_times import misdated, true_times

#: Files that are read before it is seen whether enough came together.
FILES_READ_AT_ONCE = 25
#: Records, related ones among them, that are merged and written together; bounds the memory of a load.
RECORDS_AT_ONCE = 700
#: Sources that are gone, or whose pages are merged anew, together.
FILES_AT_ONCE = 250
#: Stories that are merged anew together.
STORIES_AT_ONCE = 2_000
#: Shared nodes that are gathered together.
NODES_AT_ONCE = 10_000
#: Seconds between checkpoints: what a crash in mid-load can cost.
SECONDS_BETWEEN_SAVES = 30.0
#: A save writes the whole store; in a large one, saves come so many times their own duration apart.
SHARE_OF_SAVES = 20

#: Formats whose files are usually overwritten by their next fetch.
FETCHED_AGAIN = frozenset({"rss", "atom", "json feed", "news sitemap"})

Progress = Callable[[int, int | None], None]
_Item = TypeVar("_Item")


def load(
    store: Store,
    paths: Sequence[Path],
    *,
    label: str | None = None,
    outlets: OutletDirectory | None = None,
    columns: Mapping[str, str] | None = None,
    site: str | None = None,
    authors: bool | None = None,
    corrections: Corrections | None = None,
    collect: bool | None = None,
    keep_missing: bool = False,
    dry_run: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
    steps: Steps | None = None,
) -> LoadReport:
    """Loads files and folders. ``label`` names the folder (``--as``); ``outlets`` replaces the outlets file that the
    store keeps, ``corrections`` the decisions; ``columns`` says which column of a table holds which field, and is kept,
    too; ``site`` is the web address of the site that is made from the files, kept for their folder; ``authors`` says
    whether the names in bylines are kept, and is remembered (as it was, when None; at first they are); ``collect`` says
    whether what the folder's files once said stays until it is forgotten, which is kept, too (None: as before);
    ``keep_missing`` keeps what files said that are gone; ``dry_run`` reads everything and writes nothing; ``now``
    (aware) is the time against which a story is in the future. ``progress`` is told how many files are done, of how
    many; ``steps`` all that is done.

    Raises UsageError and StoreError; what is wrong with files is in the report.
    """
    with collector_paused():
        loading = _Load(
            store,
            now or datetime.now(UTC),
            dry_run,
            progress or (lambda done, total: None),
            steps or (lambda step: None),
        )
        return loading.run(paths, label, outlets, columns, corrections, keep_missing, site, authors, collect)


def forget(store: Store, patterns: Sequence[str], *, now: datetime | None = None) -> LoadReport:
    """Takes sources out again, and what only they said. Each pattern is the id of a source (``feeds/bbc.xml``), or has
    ``*``, ``?`` or ``[...]`` as in a shell, where ``*`` also fits ``/``. Events are left to the caller. A file that is
    still in its folder is read anew by the next load, and says then what it holds now.

    Raises UnknownNameError for a pattern that fits no source; nothing is forgotten then. StoreError as load does.
    """
    known = [str(row[0]) for row in store.query(_KNOWN_SOURCES)]
    ids: set[str] = set()
    for pattern in patterns:
        fitting = [id for id in known if id == pattern or fnmatchcase(id, pattern)]
        if not fitting:
            near = get_close_matches(pattern, known, n=2)
            remedy = (
                f"Did you mean {' or '.join(near)}?" if near else "newsgraph cypher lists them: MATCH (s:Source) ..."
            )
            raise UnknownNameError(pattern, "no source has this id", remedy)
        ids.update(fitting)
    with collector_paused():
        loading = _Load(store, now or datetime.now(UTC), False, lambda done, total: None, lambda step: None)
        return loading.forget(sorted(ids))


def merge_again(store: Store, outlets: Iterable[str] = (), *, now: datetime | None = None) -> frozenset[str]:
    """Merges anew the stories that don't follow the store's decisions yet: those whose time is another, and all of them
    where the store says so (``Corpus.rebuilding``); ``outlets`` are described anew. Gives the stories whose events must
    be looked at. Doesn't save."""
    with collector_paused():
        loading = _Load(store, now or datetime.now(UTC), False, lambda done, total: None, lambda step: None)
        return loading.merge_again(outlets)


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Gives a function that says whether Ctrl-C was pressed, so that a load stops between two files; pressed again, it
    interrupts at once. Where Ctrl-C has another meaning, or in a thread, nothing changes."""
    pressed = threading.Event()
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield pressed.is_set
        return

    def press(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            signal.default_int_handler(number, frame)
        pressed.set()

    signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class _Load:
    def __init__(self, store: Store, now: datetime, dry_run: bool, progress: Progress, steps: Steps) -> None:
        self._store = store
        self._now = now
        self._dry_run = dry_run
        self._progress = progress
        self._steps = steps
        self._report = LoadReport()
        self._stale: dict[str, set[str]] = {label: set() for label in DESCRIBING.values()}
        self._changed: set[str] = set()
        self._unsure: dict[str, str] = {}  # story -> date_quality
        self._saved_at = monotonic()
        self._saving = 0.0  # seconds that the last save took
        self._corpus = Corpus()
        self._files = FileReader()
        self._stop: Callable[[], bool] = lambda: False
        self._columns: dict[str, str] = {}
        self._no_authors = False
        self._roots: Mapping[str, Path] = {}
        self._sites: dict[str, Sites] = {}
        self._times: dict[str, tuple[int, datetime]] = {}
        self._collecting: set[str] = set()

    def run(
        self,
        paths: Sequence[Path],
        label: str | None,
        outlets: OutletDirectory | None,
        columns: Mapping[str, str] | None,
        corrections: Corrections | None,
        keep_missing: bool,
        site: str | None,
        authors: bool | None,
        collect: bool | None,
    ) -> LoadReport:
        store, report = self._store, self._report
        self._corpus = Corpus.of(store)
        self._steps(Step("Looking for files"))
        selection = select(paths, self._corpus.folders, label, known_endings())
        report.found = len(selection.files)
        report.skipped.update(selection.skipped)
        for problem in selection.problems:
            self._failed(problem)
        known = {str(row[0]): row[1:] for row in store.query(_KNOWN_SOURCES)}
        if not selection.files and not known and outlets is None and not collect:
            report.nothing = True  # a store that holds nothing is not made
            return report
        given = self._corpus.columns if columns is None else json.dumps(dict(columns), sort_keys=True)
        self._columns = json.loads(given) if given else {}
        labels = {file.source_id.partition("/")[0] for file in selection.files}
        sites = {**self._corpus.sites, **(dict.fromkeys(labels, site_address(site)) if site else {})}
        self._roots = {name: Path(folder) for name, folder in selection.folders.items()}
        self._sites = {name: Sites(sites.get(name, "")) for name in self._roots}
        if given != self._corpus.columns:  # tables are to be read anew
            tables = statements.read_columns(Source, "format")
            known |= {str(row[0]): ("", 0, None) for row in store.query(tables) if row[1] == TABLE}
        known = self._decide_on_authors(authors, known)
        known |= dict.fromkeys(self._end_collecting(selection, collect, known), ("", 0, None))
        if not self._dry_run:
            self._keep_settings(
                {
                    "folders": dict(selection.folders),
                    "columns": given,
                    "sites": sites,
                    "collecting": tuple(sorted(self._collecting)),
                },
                outlets,
                corrections,
                bool(known),
            )
        decided = Corrections.from_json(self._corpus.corrections) if corrections is None else corrections
        self._times = true_times(decided)
        changer = Changer(store, self._corpus.directory, self._now, self._times)
        gone = [] if keep_missing else [id for id in _gone(selection, known.keys()) if not self._collects(id)]
        report.gone = len(gone)
        with _stoppable() as self._stop, self._files:
            self._apply_files(changer, selection, known, gone)
        if not self._dry_run:
            if not report.stopped:
                self._leave_out_authors(changer)
                self._merge_again(changer)
            self._steps(Step("Describing outlets, topics and images"))
            self._gather()
            if self._corpus.rebuilding and not report.stopped:
                self._corpus = self._corpus.write(store, rebuilding=False)
            self._steps(Step("Saving"))
            store.save()
        report.notes.extend(REGISTRY.problems())
        report.doubts.update(self._unsure.values())
        report.changed_stories = frozenset(self._changed)
        return report

    def forget(self, ids: Sequence[str]) -> LoadReport:
        """The sources are taken out as if their files were gone."""
        self._corpus = Corpus.of(self._store)
        self._times = true_times(Corrections.from_json(self._corpus.corrections))
        changer = Changer(self._store, self._corpus.directory, self._now, self._times)
        for some in _slices(ids, FILES_AT_ONCE):
            self._apply(changer, dict.fromkeys(some))
        self._gather()
        self._store.save()
        self._report.gone = len(ids)
        self._report.changed_stories = frozenset(self._changed)
        return self._report

    def _keep_settings(
        self,
        changes: dict[str, object],
        outlets: OutletDirectory | None,
        corrections: Corrections | None,
        loaded: bool,
    ) -> None:
        """Writes what the store is to remember of this load; where stories may have another outlet than before, all
        that are ``loaded`` are to be merged anew."""
        if corrections is not None:
            changes["corrections"] = corrections.to_json()
        if outlets is not None:
            changes["outlets"] = outlets.to_json()
        wanted = replace(self._corpus, **changes)  # type: ignore[arg-type]  # checked by the dataclass's own names
        if wanted.directory != self._corpus.directory:
            changes["rebuilding"] = loaded
        self._corpus = self._corpus.write(self._store, **changes)
        for name in self._stale:
            self._stale[name].update(str(row[0]) for row in self._store.query(statements.stale_ids(NODES[name])))

    def merge_again(self, outlets: Iterable[str]) -> frozenset[str]:
        """What stands in the store follows its decisions again; the stories whose events must be looked at."""
        self._corpus = Corpus.of(self._store)
        self._times = true_times(Corrections.from_json(self._corpus.corrections))
        changer = Changer(self._store, self._corpus.directory, self._now, self._times)
        in_step = self._corpus.events_current
        if self._corpus.rebuilding:
            self._merge_again(changer)
        else:
            self._apply(changer, {}, misdated(self._store, self._times))
        self._stale["Outlet"].update(node.id for node in self._store.nodes("Outlet", sorted(outlets)))
        self._gather()
        self._corpus.write(self._store, rebuilding=False, events_current=in_step)
        return frozenset(self._changed)

    def _end_collecting(self, selection: Selection, collect: bool | None, known: Iterable[str]) -> list[str]:
        """Settles which folders are collected; ``collect`` decides for those that the load covers. Gives the sources
        that are collected no more: they are to be read anew, and then say what their files hold."""
        covered = {file.source_id.partition("/")[0] for file in selection.files}
        covered |= {prefix.partition("/")[0] for prefix in selection.covered}
        self._collecting = set(self._corpus.collecting)
        if collect is not None:
            self._collecting = self._collecting | covered if collect else self._collecting - covered
        ended = set(self._corpus.collecting) - self._collecting
        return [id for id in known if id.partition("/")[0] in ended]

    def _collects(self, source_id: str) -> bool:
        return source_id.partition("/")[0] in self._collecting

    def _with_history(self, file: File, reading: Reading) -> Sequence[Record]:
        """What a known file says together with what it once said, where its folder is collected; where it isn't, a feed
        that tells less than before is remarked upon."""
        collects = self._collects(file.source_id)
        if not collects and reading.format not in FETCHED_AGAIN:
            return reading.records
        node = next(iter(self._store.nodes("Source", [file.source_id])), None)
        before = unpack_all(node) if node else ()
        if collects:
            return collected(reading.records, before)
        if lost := not_told(reading.records, before):
            self._report.notes.append(
                f"{file.shown}: no longer tells of {lost:,} of its stories; what no other file tells goes. "
                "load --collect keeps what a feed once said"
            )
        return reading.records

    def _apply_files(
        self, changer: Changer, selection: Selection, known: Mapping[str, tuple[object, ...]], gone: Sequence[str]
    ) -> None:
        report = self._report
        done, total = 0, len(selection.files)
        sources: dict[str, tuple[Node, Sequence[Record]] | None] = {}
        for group in _slices(selection.files, FILES_READ_AT_ONCE):
            sources |= self._read(group, known)
            done += len(group)
            told = _count_told(sources)
            if done == total or report.stopped or told >= RECORDS_AT_ONCE:
                if told >= FILES_AT_ONCE:
                    self._steps(Step("Merging", told, None, "records"))
                self._apply(changer, sources)
                sources = {}
            self._progress(done, total)
            self._steps(Step("Reading files", done, total, "files"))
            if report.stopped:
                return
        for ids in _slices(gone, FILES_AT_ONCE):
            self._apply(changer, dict.fromkeys(ids))

    def _read(
        self, group: Iterable[File], known: Mapping[str, tuple[object, ...]]
    ) -> dict[str, tuple[Node, Sequence[Record]] | None]:
        """The sources of a group that changed, each with its records, or None where it says nothing any more."""
        report = self._report
        sources: dict[str, tuple[Node, Sequence[Record]] | None] = {}
        for file in group:
            if self._stop():
                report.stopped = True
                break
            source_id = file.source_id
            before = known.get(source_id, (None, None, None))  # hash, errors, stamp
            page = self._page(file)
            if before[1] == 0 and before[2] and before[2] == stamp_of(self._files.stamp(file), page):
                report.unchanged += 1
                continue
            try:
                found = self._files.content(file)
            except InputError as error:
                report.failed += 1
                self._failed(error)
                continue
            hash = hash_of(found.hash, page)
            if before[:2] == (hash, 0):
                report.unchanged += 1
                continue
            reading = reading_of(found.data, file.ending, self._columns, file.inner_path, page, self._rows_of(file))
            errors = self._note(file, reading.problems)
            if reading.other:
                report.other_kinds += 1
                report.others.setdefault(reading.other, []).append(file.shown)
                report.told.append(Told("other", file.shown, reading.other))
            elif reading.records or not errors:
                report.read += 1
            else:
                report.failed += 1
            report.notes.extend(f"{file.shown}: {note}" for note in reading.notes)
            if reading.records:
                report.unknown_fields.update(reading.unknown_fields)
                properties: dict[str, Value] = {
                    "path": file.inner_path,
                    "format": reading.format,
                    "content_hash": hash,
                    "loaded_at": self._now,
                    "errors": errors,
                }
                if found.stamp:
                    properties["stamp"] = stamp_of(found.stamp, page)
                records = self._with_history(file, reading) if source_id in known else reading.records
                records = _without_authors(records) if self._no_authors else records
                sources[source_id] = Node("Source", source_id, properties), records
            elif source_id in known and not self._collects(source_id):
                sources[source_id] = None
        return sources

    def _note(self, file: File, problems: Iterable[Problem]) -> int:
        errors = 0
        for problem in problems:
            if problem.doubt:
                if self._dry_run:  # nothing is merged then
                    self._report.doubts[problem.doubt] += problem.count
                continue
            line = problem.describe(file.shown)
            kind = "remark" if problem.remark else "error"
            self._report.told.append(
                Told(kind, file.shown, problem.message, problem.remedy, problem.field, problem.line, problem.count)
            )
            if problem.remark:
                self._report.notes.append(line)
            else:
                errors += 1
                self._report.errors.append(line)
        return errors

    def _failed(self, error: InputError) -> None:
        self._report.errors.append(str(error))
        self._report.told.append(Told("error", error.subject, error.problem, error.remedy))

    def _page(self, file: File) -> PagePlace | None:
        """The file's place in its site; None for what is no page of one."""
        if file.ending not in PAGES or file.members:
            return None
        label, _, _ = file.source_id.partition("/")
        return self._sites[label].place_of(file.path, self._roots[label], file.inner_path)

    def _rows_of(self, file: File) -> Callable[[int], None]:
        """Tells how many rows of a file are read."""
        name = file.inner_path.rpartition("/")[2]
        return lambda rows: self._steps(Step(f"Reading {name}", rows, None, "rows"))

    def _apply(
        self,
        changer: Changer,
        sources: Mapping[str, tuple[Node, Sequence[Record]] | None],
        again: Iterable[str] = (),
    ) -> None:
        if self._dry_run:
            return
        again = tuple(again)
        if not sources and not again:
            return
        change = changer.change(sources, again)
        if self._corpus.events_current and change.resolvable:
            self._corpus = self._corpus.write(self._store, events_current=False)
        self._store.write(change.batch)
        self._count(change)
        # Between two saves a store that is killed loses what came after the first; a save shows whole nodes only.
        began = monotonic()
        if began - self._saved_at > max(SECONDS_BETWEEN_SAVES, SHARE_OF_SAVES * self._saving):
            self._gather()
            self._store.save()
            self._saved_at = monotonic()
            self._saving = self._saved_at - began

    def _count(self, change: Change) -> None:
        self._report.stories_added += len(change.added)
        self._report.stories_altered += len(change.altered)
        self._report.stories_removed += len(change.removed)
        self._changed |= change.resolvable
        for id in change.removed:
            self._unsure.pop(id, None)
        for id, quality in change.date_quality.items():
            if quality not in SURE:
                self._unsure[id] = quality
            else:
                self._unsure.pop(id, None)
        self._report.left_events.update(change.left)
        for label, ids in change.stale.items():
            self._stale[label] |= ids

    def _decide_on_authors(self, authors: bool | None, known: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
        """Decides whether names are left out. Where they were and aren't any more, the known sources come back without
        their hashes, so that every file is read again when it is loaded next: what was left out isn't kept anywhere."""
        self._no_authors = self._corpus.no_authors if authors is None else not authors
        if self._no_authors or not self._corpus.no_authors:
            return known
        if not self._dry_run:
            for some in _slices(sorted(known), FILES_AT_ONCE):
                nodes = [
                    Node("Source", node.id, {**_without(node.properties, "stamp"), "content_hash": ""})
                    for node in self._store.nodes("Source", some)
                ]
                self._store.write(Batch(nodes))
            self._corpus = self._corpus.write(self._store, no_authors=False)
        return dict.fromkeys(known, ("", 0, None))

    def _leave_out_authors(self, changer: Changer) -> None:
        """Takes the names out of what was loaded before they were to be left out."""
        if self._no_authors == self._corpus.no_authors:
            return
        ids = [str(row[0]) for row in self._store.query(_KNOWN_SOURCES)]
        for some in _slices(sorted(ids), FILES_AT_ONCE):
            named = [
                node for node in self._store.nodes("Source", some) if '"authors":' in str(node.properties["records"])
            ]
            self._apply(changer, {node.id: (node, _without_authors(unpack_all(node))) for node in named})
        self._corpus = self._corpus.write(self._store, no_authors=True)

    def _merge_again(self, changer: Changer) -> None:
        """Merges anew the stories that the clock has overtaken, or all of them when the outlets file changed."""
        if self._corpus.rebuilding:
            ids = [str(row[0]) for row in self._store.query(statements.read_columns(NODES["Story"]))]
        else:
            ids = [str(row[0]) for row in self._store.query(_REJUDGED, {"now": self._now})]
            ids = list({*ids, *misdated(self._store, self._times)})
        for some in _slices(sorted(ids), STORIES_AT_ONCE):
            self._apply(changer, {}, some)
        if self._corpus.rebuilding:
            paged = {edge.start for type in PAGE_TYPES for edge in self._store.edges(type)}
            for some in _slices(sorted(paged), FILES_AT_ONCE):
                nodes = self._store.nodes("Source", some)
                self._apply(changer, {node.id: (node, unpack_all(node)) for node in nodes})
            self._stale["Outlet"].update(
                str(row[0]) for row in self._store.query(statements.read_columns(NODES["Outlet"]))
            )

    def _gather(self) -> None:
        """Gives shared nodes what most of their stories say of them; those that no story names any more go."""
        for label in sorted(self._stale):
            ids, self._stale[label] = sorted(self._stale[label]), set()
            for some in _slices(ids, NODES_AT_ONCE):
                said: dict[str, dict[str, int]] = {id: {} for id in some}
                for type in (type for type, end in DESCRIBING.items() if end == label):
                    for id, text, stories in self._store.query(statements.count_said(EDGES[type]), {"ids": list(some)}):
                        told = said[str(id)]
                        told[str(text)] = told.get(str(text), 0) + int(str(stories)) * weight(type)
                directory = self._corpus.directory
                self._store.write(
                    Batch(
                        nodes=[gather(label, id, texts, directory) for id, texts in said.items() if texts],
                        gone_nodes=[(label, id) for id, texts in said.items() if not texts],
                    )
                )


_KNOWN_SOURCES = statements.read_columns(Source, "content_hash", "errors", "stamp")
_REJUDGED = package_files("newsgraph.loaders").joinpath("rejudged.cypher").read_text(encoding="utf-8")


def _without_authors(records: Sequence[Record]) -> tuple[Record, ...]:
    return tuple(one.without_authors() if isinstance(one, ArticleRecord) else one for one in records)


def _without(properties: Mapping[str, Value], name: str) -> dict[str, Value]:
    return {one: value for one, value in properties.items() if one != name}


def _slices(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _count_told(sources: Mapping[str, tuple[Node, Sequence[Record]] | None]) -> int:
    """How many records the sources hold, related ones among them; each source counts at least once."""
    return len(sources) + sum(
        len(record.related)
        for given in sources.values()
        if given
        for record in given[1]
        if isinstance(record, ArticleRecord)
    )


def _gone(selection: Selection, known: Iterable[str]) -> list[str]:
    """Known sources that the load covers and that have no file any more."""
    there = {file.source_id for file in selection.files}
    return sorted(id for id in known if id not in there and id.startswith(selection.covered))
