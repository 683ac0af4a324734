"""A load reads the files of some folders into a store. The graph is then what a fresh load of these files would
give."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from newsgraph.errors import UnknownNameError
from newsgraph.graph import schema_cypher as statements
from newsgraph.graph.batch import Batch, Node
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Corrections
from newsgraph.graph.gc_pause import collector_paused
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import EDGES, NODES, SURE, Source, Value
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.urls.identity import registered_domain
from newsgraph.loaders.intake.files import File, Selection, select
from newsgraph.loaders.intake.sites import site_address
from newsgraph.loaders.load_report import LoadReport, Step, Steps
from newsgraph.loaders.merging.change import DESCRIBING, Change, Changer, unpack_all
from newsgraph.loaders.merging.collected import collected, not_told
from newsgraph.loaders.merging.describing import gather
from newsgraph.loaders.merging.descriptions import TYPES as PAGE_TYPES
from newsgraph.loaders.merging.descriptions import weight
from newsgraph.loaders.merging.own_hosts import own_hosts_in, stories_placed_by
from newsgraph.loaders.merging.versions import packed, remembered, wordings_of
from newsgraph.loaders.record_columns import articles, stories_told
from newsgraph.loaders.records import ArticleRecord, Reading, Record
from newsgraph.loaders.registry import REGISTRY, known_endings
from newsgraph.loaders.researcher.true_times import misdated, true_times
from newsgraph.loaders.source_reading import (
    TO_BE_READ,
    FolderPlace,
    Known,
    Settled,
    SourceReader,
    known_from,
    places_of,
    report_failure,
    without_authors,
)
from newsgraph.packaged_files import packaged_text
from newsgraph.slices import in_slices

if TYPE_CHECKING:
    from newsgraph.graph.events.sync import TitlesRead

#: The number of files that are read before they are counted against the limits below.
FILES_READ_AT_ONCE = 25
#: The number of records, including related ones, that are merged and written together. It limits the memory of a load.
RECORDS_AT_ONCE = 700
#: The number of sources that are removed together, or whose pages are merged again together.
FILES_AT_ONCE = 250
#: The number of stories that are merged again together.
STORIES_AT_ONCE = 2_000
#: The number of shared nodes that are gathered together.
NODES_AT_ONCE = 10_000
#: The number of seconds between saves. A crash during a load can lose the work of that time.
SECONDS_BETWEEN_SAVES = 30.0
#: Changed stories that are remembered as they were. After more changes, all events are derived from nothing anyway, or
#: nearly so.
MOST_FORMER = 20_000
#: A save writes the whole store. In a large one, the time between saves is at least so many times that of a save.
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
    keep_versions: bool | None = None,
    keep_missing: bool = False,
    dry_run: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
    steps: Steps | None = None,
) -> LoadReport:
    """Loads files and folders into the store.

    ``label`` names the folder (``--as``). ``outlets`` replaces the outlets file that the store keeps, ``corrections``
    the decisions. ``columns`` says which column of a table holds which field; the store keeps it. ``site`` is the web
    address of the site that is made from the files; it is kept for their folder. ``authors`` says whether the names in
    bylines are kept. None leaves that as it was; a new store keeps them. ``collect`` says whether everything that the
    folder's files once said is kept until it is forgotten. ``keep_versions`` says whether earlier headlines and
    excerpts of edited stories are kept. None leaves both as they were. ``keep_missing`` keeps what files said that no
    longer exist. ``dry_run`` reads everything and writes nothing. ``now`` (with zone) is the present time, after which
    a story's time counts as future. ``progress`` is called with the number of files done and of all files, ``steps``
    with each step.

    Raises UsageError and StoreError. What is wrong with files is in the report.
    """
    with collector_paused():
        loading = _Load(
            store,
            now or datetime.now(UTC),
            dry_run,
            progress or (lambda done, total: None),
            steps or (lambda step: None),
        )
        return loading.run(
            paths,
            _Options(label, outlets, columns, site, authors, corrections, collect, keep_versions, keep_missing),
        )


def forget(store: Store, patterns: Sequence[str], *, now: datetime | None = None) -> LoadReport:
    """Removes sources from the store, and everything that only they said.

    Each pattern is the id of a source (``feeds/bbc.xml``), or has ``*``, ``?`` or ``[...]`` as in a shell; ``*`` also
    stands for ``/``. The caller must update the events (:func:`derive_after`), which saves the store, or save it. So a
    process that is killed has forgotten all of it or nothing. If a file is still in its folder, the next load reads it
    again.

    Raises UnknownNameError for a pattern that fits no source; nothing is removed then. Raises StoreError as load does.
    """
    from difflib import get_close_matches  # noqa: PLC0415  # a load has no use for it

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


def derive_after(
    store: Store, report: LoadReport, *, semantic: bool | None = None, titles: TitlesRead | None = None
) -> None:
    """Brings the events up to date with what a load, or :func:`forget`, changed; the report then tells of them.

    ``semantic`` and ``titles`` are those of ``newsgraph.graph.events.sync.derive_events``, whose errors are raised.
    """
    from newsgraph.graph.events.sync import derive_events  # noqa: PLC0415  # heavy; only when wanted

    report.events = derive_events(
        store,
        changed=report.changed_stories,
        left=report.left_events,
        former=report.former_stories,
        in_step=report.events_in_step,
        semantic=semantic,
        titles=titles,
    )


def merge_again(store: Store, outlets: Iterable[str] = (), *, now: datetime | None = None) -> frozenset[str]:
    """Merges anew the stories that don't follow the store's decisions yet: those whose time is another, and all of them
    where the store says so (``Corpus.rebuilding``); ``outlets`` are described anew. Gives the stories whose events must
    be looked at. Doesn't save."""
    with collector_paused():
        loading = _Load(store, now or datetime.now(UTC), False, lambda done, total: None, lambda step: None)
        return loading.merge_again(outlets)


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Returns a function that tells whether Ctrl-C was pressed, so that a load can stop between two files.

    If it is pressed again, the load is interrupted at once. If Ctrl-C has another meaning, or in a thread, nothing
    changes.
    """
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


class _Options(Struct, frozen=True):
    """The options of a load, as :func:`load` describes them."""

    label: str | None
    outlets: OutletDirectory | None
    columns: Mapping[str, str] | None
    site: str | None
    authors: bool | None
    corrections: Corrections | None
    collect: bool | None
    keep_versions: bool | None
    keep_missing: bool


#: The sources that the store knows, each with its content's hash, its errors and its stamp.
_Known = dict[str, Known]


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
        self._saving = 0.0  # the seconds that the last save took
        self._corpus = Corpus()
        self._stop: Callable[[], bool] = lambda: False
        self._columns: dict[str, str] = {}
        self._places: tuple[FolderPlace, ...] = ()
        self._no_authors = False
        self._times: dict[str, tuple[int, datetime]] = {}
        self._collecting: set[str] = set()
        self._versioned: set[str] = set()
        self._outlets_before = OutletDirectory()
        self._all_hosts = True  # whether all hosts must be looked at, and not only those of changed stories

    def run(self, paths: Sequence[Path], options: _Options) -> LoadReport:
        report = self._report
        self._begin()
        selection = self._select(paths, options.label)
        known = self._known()
        if not selection.files and not known and options.outlets is None and not options.collect:
            report.nothing = True  # an empty store isn't created
            return report
        known = self._settle(selection, options, known)
        given = options.corrections
        self._times = true_times(Corrections.from_json(self._corpus.corrections) if given is None else given)
        changer = self._changer()
        gone = [id for id in _gone(selection, known.keys()) if not (options.keep_missing or self._collects(id))]
        report.gone = len(gone)
        with _stoppable() as self._stop:
            self._apply_files(changer, selection, known, gone)
        if not self._dry_run:
            self._complete(changer)
        report.notes.extend(REGISTRY.problems())
        report.doubts.update(self._unsure.values())
        report.changed_stories = frozenset(self._changed)
        return report

    def _begin(self) -> None:
        self._corpus = Corpus.of(self._store)
        self._report.events_in_step = self._corpus.events_current
        self._all_hosts = not self._corpus.own_hosts_current
        self._outlets_before = self._corpus.directory

    def _known(self) -> _Known:
        """Returns the sources that the store has."""
        rows = [(str(id), tuple(had), reader) for id, *had, reader in self._store.query(_KNOWN_SOURCES)]
        known = {id: known_from(had, reader) for id, had, reader in rows}
        others = sum(known[id] is not had for id, had, _ in rows)
        if others:
            self._report.notes.append(f"files that another version of newsgraph read are read again: {others:,}")
        return known

    def _select(self, paths: Sequence[Path], label: str | None) -> Selection:
        """Returns the files to load. Notes what is left out, and what is wrong with the paths."""
        self._steps(Step("Looking for files"))
        selection = select(paths, self._corpus.folders, label, known_endings())
        self._report.found = len(selection.files)
        self._report.skipped.update(selection.skipped)
        for problem in selection.problems:
            report_failure(self._report, problem)
        return selection

    def _settle(self, selection: Selection, options: _Options, known: _Known) -> _Known:
        """Decides the settings of this load, by its options and by what the store remembers, and lets the store
        remember them.

        Returns the known sources. Those that must be read again have no hash.
        """
        columns = options.columns
        given = self._corpus.columns if columns is None else json.dumps(dict(columns), sort_keys=True)
        self._columns = json.loads(given) if given else {}
        labels = {file.source_id.partition("/")[0] for file in selection.files}
        sites = {**self._corpus.sites, **(dict.fromkeys(labels, site_address(options.site)) if options.site else {})}
        self._places = places_of(selection.folders, sites)
        if given != self._corpus.columns:  # tables must be read again
            from newsgraph.loaders.formats.tables import FORMAT as TABLE  # noqa: PLC0415  # only where there are tables

            tables = statements.read_columns(Source, "format")
            known |= {str(row[0]): TO_BE_READ for row in self._store.query(tables) if row[1] == TABLE}
        known = self._decide_on_authors(options.authors, known)
        ended = self._decide_on_history(selection, options.collect, options.keep_versions, known)
        known |= dict.fromkeys(ended, TO_BE_READ)
        if not self._dry_run:
            self._write_settings(options, bool(known), folders=dict(selection.folders), columns=given, sites=sites)
        return known

    def _write_settings(self, options: _Options, any_known: bool, **settings: object) -> None:
        """Writes what the store remembers of this load for the next one."""
        settings["collecting"] = tuple(sorted(self._collecting))
        settings["versioned"] = tuple(sorted(self._versioned))
        if options.corrections is not None:
            settings["corrections"] = options.corrections.to_json()
        if options.outlets is not None:
            settings["outlets"] = options.outlets.to_json()
        wanted = replace(self._corpus, **settings)  # type: ignore[arg-type]  # checked by the dataclass's own names
        if wanted.directory != self._corpus.directory:  # stories may have another outlet than before
            settings["rebuilding"] = any_known
        self._corpus = self._corpus.write(self._store, **settings)
        for name in self._stale:
            self._stale[name].update(str(row[0]) for row in self._store.query(statements.stale_ids(NODES[name])))

    def _complete(self, changer: Changer) -> None:
        """Does what follows when the files are read: merges again what must be, gathers shared nodes, and saves."""
        if not self._report.stopped:
            self._leave_out_authors(changer)
            self._merge_again(changer)
            self._set_hosts_apart()
        self._steps(Step("Describing outlets, topics and images"))
        self._gather()
        if self._corpus.rebuilding and not self._report.stopped:
            self._corpus = self._corpus.write(self._store, rebuilding=False)
        self._steps(Step("Saving"))
        self._store.save()

    def forget(self, ids: Sequence[str]) -> LoadReport:
        """Removes the sources, as if their files were gone."""
        self._begin()
        self._times = true_times(Corrections.from_json(self._corpus.corrections))
        changer = self._changer()
        for some in in_slices(ids, FILES_AT_ONCE):
            self._apply(changer, dict.fromkeys(some))
        self._set_hosts_apart()
        self._gather()
        if self._corpus.rebuilding:
            self._corpus = self._corpus.write(self._store, rebuilding=False)
        self._report.gone = len(ids)
        self._report.changed_stories = frozenset(self._changed)
        return self._report

    def merge_again(self, outlets: Iterable[str]) -> frozenset[str]:
        """Makes the stories and outlets follow the decisions again. Returns the stories whose events must be looked
        at."""
        self._begin()
        self._times = true_times(Corrections.from_json(self._corpus.corrections))
        changer = self._changer()
        in_step = self._corpus.events_current
        if self._corpus.rebuilding:
            self._merge_again(changer)
        else:
            self._apply(changer, {}, misdated(self._store, self._times))
        self._set_hosts_apart()
        self._stale["Outlet"].update(node.id for node in self._store.nodes("Outlet", sorted(outlets)))
        self._gather()
        self._corpus.write(self._store, rebuilding=False, events_current=in_step)
        return frozenset(self._changed)

    def _decide_on_history(
        self, selection: Selection, collect: bool | None, keep_versions: bool | None, known: Iterable[str]
    ) -> list[str]:
        """Decides in which folders it is kept what files once said. ``collect`` and ``keep_versions`` decide for the
        folders that the load covers.

        Returns the sources for which it is no longer kept. They must be read again, and then say only what their files
        hold now.
        """
        covered = {file.source_id.partition("/")[0] for file in selection.files}
        covered |= {prefix.partition("/")[0] for prefix in selection.covered}
        self._collecting = _decided(set(self._corpus.collecting), covered, collect)
        self._versioned = _decided(set(self._corpus.versioned), covered, keep_versions)
        ended = (set(self._corpus.collecting) - self._collecting) | (set(self._corpus.versioned) - self._versioned)
        return [id for id in known if id.partition("/")[0] in ended]

    def _collects(self, source_id: str) -> bool:
        return source_id.partition("/")[0] in self._collecting

    def _with_history(self, file: File, reading: Reading, hash: str) -> tuple[Sequence[Record], str]:
        """Returns what a known file says, together with what it once said if its folder is collected; and its earlier
        wordings, packed, if those are kept. If neither is kept, a feed that has fewer stories than before gets a
        remark."""
        collects = self._collects(file.source_id)
        versioned = file.source_id.partition("/")[0] in self._versioned
        if not collects and not versioned and reading.format not in FETCHED_AGAIN:
            return reading.records, ""
        node = next(iter(self._store.nodes("Source", [file.source_id])), None)
        before = unpack_all(node) if node else ()
        records = collected(reading.records, before) if collects else reading.records
        wordings = ""
        if versioned and node:
            # Where the bytes are the same, only the understanding of them is new, and nobody edited anything.
            edited = node.properties["content_hash"] != hash
            wordings = self._wordings(node, articles(before) if edited else (), articles(records))
        if collects:
            return records, wordings
        if lost := not_told(reading.records, before):
            self._report.notes.append(
                f"{file.shown}: no longer tells of {lost:,} of its stories; what no other file tells goes. "
                "load --collect keeps what a feed once said"
            )
        return records, wordings

    def _wordings(self, source: Node, was: Sequence[ArticleRecord], now_says: Sequence[ArticleRecord]) -> str:
        """Returns, packed, what the source remembers of headlines and excerpts that were edited; empty if there are
        none."""
        before, seen_at = wordings_of(source), source.properties["loaded_at"]
        assert isinstance(seen_at, datetime)  # every Source has it
        wordings = remembered(before, was, seen_at, now_says, self._now)
        self._report.reworded += len(set(wordings) - set(before))
        return packed(wordings) if wordings else ""

    def _apply_files(
        self, changer: Changer, selection: Selection, known: Mapping[str, tuple[object, ...]], gone: Sequence[str]
    ) -> None:
        report = self._report
        done, total, told, at_once = 0, len(selection.files), 0, 1
        sources: dict[str, tuple[Node, Sequence[Record]] | None] = {}
        settings = Settled(self._now, self._places, self._columns, self._no_authors, self._dry_run)
        with SourceReader(settings, report, self._steps, self._with_history) as reader:
            while done < total:
                group = selection.files[done : done + at_once]
                read = reader.read(group, known, self._stop)
                told_here = _count_told(read)
                told += told_here
                # Feeds and tables hold many records each.
                at_once = min(2 * at_once, FILES_READ_AT_ONCE, 1 + len(group) * RECORDS_AT_ONCE // (told_here + 1))
                sources.update({id: given for id, given in read.items() if given or not self._collects(id)})
                read.clear()
                done += len(group)
                if done == total or report.stopped or told >= RECORDS_AT_ONCE:
                    if told >= FILES_AT_ONCE:
                        self._steps(Step("Merging", told, None, "records"))
                    self._apply(changer, sources)
                    sources, told = {}, 0
                self._progress(done, total)
                self._steps(Step("Reading files", done, total, "files"))
                if report.stopped:
                    return
        for ids in in_slices(gone, FILES_AT_ONCE):
            self._apply(changer, dict.fromkeys(ids))

    def _apply(
        self,
        changer: Changer,
        sources: dict[str, tuple[Node, Sequence[Record]] | None],
        again: Iterable[str] = (),
    ) -> None:
        """Merges the sources, or none in a dry run, and writes what changes. ``sources`` is emptied."""
        if self._dry_run:
            return
        again = tuple(again)
        if not sources and not again:
            return
        change = changer.change(sources, again)
        sources.clear()  # the change holds what they say, and needs the memory that their records take
        if change.resolvable and (self._corpus.events_current or self._corpus.own_hosts_current):
            self._corpus = self._corpus.write(self._store, events_current=False, own_hosts_current=False)
        if self._report.events_in_step:
            self._remember_former(change)
        self._store.write(change.batch)
        self._count(change)
        # If a store is killed between two saves, it loses what came after the first one. A save only has complete
        # nodes.
        began = monotonic()
        if began - self._saved_at > max(SECONDS_BETWEEN_SAVES, SHARE_OF_SAVES * self._saving):
            self._gather()
            self._store.save()
            self._saved_at = monotonic()
            self._saving = self._saved_at - began

    def _remember_former(self, change: Change) -> None:
        """Keeps what events depend on of the stories that the change alters or removes."""
        former = self._report.former_stories
        altered = change.resolvable - change.added - self._changed
        if altered and len(former) + len(altered) <= MOST_FORMER:
            from newsgraph.graph.events.sync import StoreStories  # noqa: PLC0415  # heavy; only where stories change

            former.update((story.id, story) for story in StoreStories(self._store).stories(altered))

    def _count(self, change: Change) -> None:
        self._report.stories_added += len(change.added)
        self._report.stories_altered += len(change.altered)
        self._report.stories_removed += len(change.removed)
        self._changed |= change.resolvable
        for id in change.removed:
            self._unsure.pop(id, None)
        for id in self._unsure.keys() & change.date_quality.keys():
            del self._unsure[id]
        self._unsure.update((id, quality) for id, quality in change.date_quality.items() if quality not in SURE)
        self._report.left_events.update(change.left)
        for label, ids in change.stale.items():
            self._stale[label] |= ids

    def _decide_on_authors(self, authors: bool | None, known: _Known) -> _Known:
        """Decides whether names are left out.

        If they were left out before and aren't any more, the known sources are returned without their hashes, so that
        every file is read again when it is next loaded. What was left out isn't kept anywhere.
        """
        self._no_authors = self._corpus.no_authors if authors is None else not authors
        if self._no_authors or not self._corpus.no_authors:
            return known
        if not self._dry_run:
            for some in in_slices(sorted(known), FILES_AT_ONCE):
                nodes = [
                    Node("Source", node.id, {**_without(node.properties, "stamp"), "content_hash": ""})
                    for node in self._store.nodes("Source", some)
                ]
                self._store.write(Batch(nodes))
            self._corpus = self._corpus.write(self._store, no_authors=False)
        return dict.fromkeys(known, TO_BE_READ)

    def _leave_out_authors(self, changer: Changer) -> None:
        """Removes the names from what was loaded before the decision to leave them out."""
        if self._no_authors == self._corpus.no_authors:
            return
        ids = [str(row[0]) for row in self._store.query(_KNOWN_SOURCES)]
        for some in in_slices(sorted(ids), FILES_AT_ONCE):
            named = [
                node for node in self._store.nodes("Source", some) if '"authors":' in str(node.properties["records"])
            ]
            self._apply(changer, {node.id: (node, without_authors(unpack_all(node))) for node in named})
        self._corpus = self._corpus.write(self._store, no_authors=True)

    def _merge_again(self, changer: Changer) -> None:
        """Merges again the stories whose time is no longer in the future, or all stories if the outlets file
        changed."""
        if self._corpus.rebuilding:
            ids = [str(row[0]) for row in self._store.query(statements.read_columns(NODES["Story"]))]
        else:
            ids = [str(row[0]) for row in self._store.query(_REJUDGED, {"now": self._now})]
            ids = list({*ids, *misdated(self._store, self._times)})
        for some in in_slices(sorted(ids), STORIES_AT_ONCE):
            self._apply(changer, {}, some)
        if self._corpus.rebuilding:
            self._all_hosts = True
            self._read_pages_again(changer)
            self._stale["Outlet"].update(
                str(row[0]) for row in self._store.query(statements.read_columns(NODES["Outlet"]))
            )

    def _read_pages_again(self, changer: Changer) -> None:
        """Places again what pages say of outlets."""
        paged = {edge.start for type in PAGE_TYPES for edge in self._store.edges(type)}
        for some in in_slices(sorted(paged), FILES_AT_ONCE):
            nodes = self._store.nodes("Source", some)
            self._apply(changer, {node.id: (node, unpack_all(node)) for node in nodes})

    def _set_hosts_apart(self) -> None:
        """Makes hosts outlets of their own where their stories now say so, and takes that back where they no longer
        do."""
        domains = None if self._all_hosts else {domain for id in self._changed if (domain := registered_domain(id))}
        before = set(self._corpus.own_hosts)
        found = own_hosts_in(self._store, self._corpus.directory, domains)
        kept = set() if domains is None else {one for one in before if registered_domain(one) not in domains}
        after = {one.host for one in found} | kept
        differing = before ^ after
        if differing:
            was = self._corpus.directory
            # A load that is killed meanwhile leaves ``rebuilding`` behind, and the next one merges all stories again.
            self._corpus = self._corpus.write(self._store, own_hosts=tuple(sorted(after)), rebuilding=True)
            changer = self._changer()
            for some in in_slices(stories_placed_by(self._store, was, differing), STORIES_AT_ONCE):
                self._apply(changer, {}, some)
            self._read_pages_again(changer)
        self._report.tell_own_hosts(found, self._outlets_before, self._corpus.directory)
        self._corpus = self._corpus.write(self._store, own_hosts_current=True)

    def _changer(self) -> Changer:
        return Changer(self._store, self._corpus.directory, self._now, self._times)

    def _gather(self) -> None:
        """Gives shared nodes what most of their stories say about them. Nodes that no story names any more are
        removed."""
        for label in sorted(self._stale):
            ids, self._stale[label] = sorted(self._stale[label]), set()
            for some in in_slices(ids, NODES_AT_ONCE):
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


_KNOWN_SOURCES = statements.read_columns(Source, "content_hash", "errors", "stamp", "reader")
_REJUDGED = packaged_text("newsgraph.loaders", "rejudged.cypher")


def _decided(labels: set[str], covered: set[str], wanted: bool | None) -> set[str]:
    """Returns the labels with or without the covered ones. If ``wanted`` is None, they stay as they are."""
    if wanted is None:
        return labels
    return labels | covered if wanted else labels - covered


def _without(properties: Mapping[str, Value], name: str) -> dict[str, Value]:
    return {one: value for one, value in properties.items() if one != name}


def _count_told(sources: Mapping[str, tuple[Node, Sequence[Record]] | None]) -> int:
    """Returns how many records the sources hold, including related ones. Each source counts as one at least."""
    return sum(max(1, stories_told(given[1])) if given else 1 for given in sources.values())


def _gone(selection: Selection, known: Iterable[str]) -> list[str]:
    """Returns the known sources that the load covers and that have no file any more."""
    there = {file.source_id for file in selection.files}
    return sorted(id for id in known if id not in there and id.startswith(selection.covered))
