"""The embedded store: one file, no server. What :meth:`EmbeddedStore.save` wrote survives ``kill -9``.

The graph is in memory. ``save`` writes a whole new file beside the old one and then gives it the old one's name. Only
one process can write at a time, by a lock that the operating system releases when the process ends, however it ends. A
reader takes no lock. It sees what was saved last before it opened the store.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self

import kglite

from newsgraph.errors import (
    StoreBusyError,
    StoreError,
    StoreFormatError,
    StoreMissingError,
    StoreWriteError,
)
from newsgraph.graph.batch import Batch, Columns, Edge, Node
from newsgraph.graph.schema import SCHEMA_VERSION
from newsgraph.graph.stores import validation
from newsgraph.graph.stores.bounds import SECONDS, Bounds
from newsgraph.graph.stores.embedded import engine, engine_file, reads, store_file, writes
from newsgraph.graph.stores.protocol import Rows
from newsgraph.graph.stores.store_files import refuse_write_protected, stamp_of
from newsgraph.output.leftovers import remove_leftovers

if TYPE_CHECKING:
    from newsgraph.graph.columnar.graph_columns import GraphColumns
    from newsgraph.graph.columnar.records import Records
    from newsgraph.graph.stores.embedded.store_file import SavedFile
    from newsgraph.graph.stores.query_process import QueryProcess

# The lock, and a file that says who holds it. The second is only used for the message of StoreBusyError.
_SIDECARS = (".lock", ".lock-owner")
_NOT_LINKS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


class EmbeddedStore:
    """A :class:`~newsgraph.graph.stores.protocol.Store` in one file."""

    def __init__(self, url: str, *, create: bool = True, readonly: bool = False, path: Path | None = None) -> None:
        self._url = url
        # The real path, so that a later change of the current folder, or of a link, doesn't change where save() writes.
        self._path = path or Path(os.path.realpath(url))
        self._readonly = readonly
        self._process: QueryProcess | None = None
        self._stamp: tuple[int, int, int] | None = None  # what the file was that the graph was read from
        there = self._check_file()
        if not there and (readonly or not create):
            raise StoreMissingError(url, "nothing loaded yet", "Load a folder first: newsgraph load FOLDER")
        self._unsaved = not there
        self._listed: tuple[str, Sequence[str]] = ("", [])  # a label and its ids, by :meth:`_sorted_ids`
        self._edge_types: set[str] = set()  # those of which the graph surely has or had an edge
        self._torn = False  # whether a write was broken off, so that the graph in memory can't be trusted
        self._saved: SavedFile | None = None  # the file, as long as it holds this graph
        self._graph: kglite.KnowledgeGraph | None = self._load()  # None when the store is closed
        try:
            self._graph.read_only(True)
            self._check_version()
        except BaseException:
            self.close()
            raise

    def _load(self) -> kglite.KnowledgeGraph:
        if not self._readonly:
            return self._lease()
        graph, self._saved = engine_file.load(self._path, self._url)
        return graph

    @property
    def url(self) -> str:
        """The path as it was given."""
        return self._url

    def nodes(self, label: str, ids: Iterable[str] | None = None) -> Iterator[Node]:
        """As :meth:`Store.nodes`."""
        return reads.nodes(self._open(), label, self._sorted_ids(label) if ids is None else list(dict.fromkeys(ids)))

    def edges(
        self, type: str, *, starts: Iterable[str] | None = None, ends: Iterable[str] | None = None
    ) -> Iterator[Edge]:
        """As :meth:`Store.edges`."""
        graph, declared = self._open(), validation.edge_type(type)
        if starts is not None and ends is not None:
            raise StoreError(type, "both starts and ends are given", "Give one of them")
        by, some = ("start", starts) if ends is None else ("end", ends)
        ids = self._sorted_ids(declared.start) if some is None else list(dict.fromkeys(some))
        return reads.edges(graph, declared, by, ids)

    def node_columns(self, label: str, names: Sequence[str]) -> Iterator[Columns]:
        """As :meth:`Store.node_columns`."""
        return reads.node_columns(self._open(), label, names, self._sorted_ids(label))

    def edge_columns(self, type: str, names: Sequence[str]) -> Iterator[Columns]:
        """As :meth:`Store.edge_columns`."""
        return reads.edge_columns(self._open(), type, names, self._sorted_ids(validation.edge_type(type).start))

    def columns(self) -> GraphColumns | None:
        """As :meth:`Store.columns`. They are those that were saved. The result is None while changes aren't saved, and
        for a file that an older version wrote: making columns takes longer than running the text of one question."""
        self._open()
        return None if self._saved is None else self._saved.columns

    def records(self) -> Records | None:
        """As :meth:`Store.records`. None in the same cases as for :meth:`columns`."""
        self._open()
        return None if self._saved is None else self._saved.records

    @property
    def saved(self) -> SavedFile | None:
        """The file, for code that belongs to the store; None while changes aren't saved, and if it has no footer."""
        return self._saved

    def write(self, batch: Batch) -> None:
        """As :meth:`Store.write`. In memory until :meth:`save`."""
        graph = self._open(to_write=True)
        if batch:
            prepared = writes.prepare(graph, batch)
            with _undisturbed():
                self._torn = True
                self._saved = None
                writes.apply(graph, prepared, self._edge_types)
                self._torn = False
                self._unsaved = True

    def save(self) -> None:
        """Writes the whole graph beside the file and then renames it. Does nothing if nothing was written since the
        last save.

        Raises StoreWriteError (disk full, no permission, or something else has replaced the file since it was opened).
        The file is then as it was before.
        """
        graph = self._open(to_write=True)
        if self._unsaved:
            if stamp_of(self._path) != self._stamp:
                raise StoreWriteError(self._url, "another program has replaced it since it was opened", "Open it again")
            self._saved = None
            engine_file.save(graph, self._path, self._url, self._packed_columns(graph))
            self._unsaved = False
            self._stamp = stamp_of(self._path)
            self._saved = store_file.open_end(self._path, self._url)

    def _packed_columns(self, graph: kglite.KnowledgeGraph) -> Iterable[bytes]:
        """Returns the bytes of the graph's columns; nothing while a load is under way, when the next save is near."""
        if any(corpus.properties.get("events_current") is False for corpus in self.nodes("Corpus")):
            return ()
        from newsgraph.graph.columnar.packing import packed  # noqa: PLC0415  # a look-up packs nothing
        from newsgraph.graph.stores.embedded.column_scans import parts_of  # noqa: PLC0415  # loads numpy

        parts = parts_of(graph)
        return () if parts is None else packed(parts)

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Rows:
        """As :meth:`Store.query`. ``write`` changes the graph in memory until :meth:`save`."""
        graph = self._open(to_write=write)
        if write:
            self._saved = None
        rows = engine.query(graph, text, parameters, write=write, timeout=timeout, limit=limit)
        if write:
            self._unsaved = True
        return rows

    def user_query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        admin: bool = False,
        timeout: float | None = SECONDS,
        memory: int | str | None = None,
        limit: int | None = None,
    ) -> Rows:
        """As :meth:`Store.user_query`. The query runs in a process of its own; one that writes is first tried on a copy
        there."""
        if write:
            self._open(to_write=True)
        bounds = Bounds.of(timeout=timeout, memory=memory, limit=limit)
        if self._process is None:
            from newsgraph.graph.stores.query_process import QueryProcess  # noqa: PLC0415  # a load asks no questions

            self._process = QueryProcess(self._now)
        rows = self._process.query(text, parameters, bounds, write=write, admin=admin)
        return self.query(text, parameters, write=True, timeout=timeout, limit=limit) if write else rows

    @property
    def engine_graph(self) -> kglite.KnowledgeGraph:
        """Returns the engine's graph, for code that belongs to the store. Raises StoreError when the store is
        closed."""
        return self._open()

    def _now(self) -> bytes | str:
        # The saved file, if it holds the graph as it is now, for the process to read; otherwise the graph as bytes.
        if self._readonly and self._stamp is not None and self._stamp == stamp_of(self._path):
            return str(self._path)
        return self._open().to_bytes()

    def close(self) -> None:
        """Releases the lock without saving. It may be called twice."""
        if self._process is not None:
            self._process.close()
        self._saved = None  # it keeps the file open
        graph, self._graph = self._graph, None
        if graph is None or self._readonly:
            return
        # Only the holder of the lock removes the file, before it lets go of the lock. _lease() handles all other cases.
        self._remove_sidecars()
        _let_go(graph)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and self._graph is not None and not self._readonly:
                self.save()
        finally:
            self.close()

    def _open(self, *, to_write: bool = False) -> kglite.KnowledgeGraph:
        if self._graph is None:
            raise StoreError(self._url, "the store is closed", "Open it again")
        if to_write and self._readonly:
            raise StoreError(self._url, "the store was opened for reading only", "Open it without readonly")
        if self._torn:
            raise StoreError(self._url, "a write broke off", "Open it again; what was saved before is still there")
        if to_write:
            refuse_write_protected(self._path, self._url)
            self._listed = ("", [])
            if self._process is not None:
                self._process.close()
        return self._graph

    def _sorted_ids(self, label: str) -> Sequence[str]:
        # Most types of edge start at stories and are read one after the other, so the ids of stories are listed only
        # once.
        graph = self._open()
        if self._listed[0] != label:
            self._listed = ("", [])  # frees the old list before a new one is made
            self._listed = (label, reads.sorted_ids(graph, label))
        return self._listed[1]

    def _check_file(self) -> bool:
        # True if the file exists. The engine would take a folder for a store of another kind.
        try:
            self._stamp = stamp_of(self._path)  # taken before the file is read, so that a change meanwhile is noticed
            there = self._path.exists()
            regular = self._path.is_file()
            folder = self._path.parent.is_dir()
        except (OSError, ValueError) as error:
            raise StoreError(
                self._url, f"it can't be reached ({error})", "Check the path and its permissions"
            ) from error
        if there and not regular:
            what = "a folder" if self._path.is_dir() else "no file"
            raise StoreFormatError(
                self._url, f"it is {what}, not a store", "Give the path of a store file such as news.kgl"
            )
        if not there and not folder:
            raise StoreMissingError(self._url, f"there is no folder {Path(self._url).parent}", "Make it first")
        return there

    def _lease(self) -> kglite.KnowledgeGraph:
        # A holder that ends removes the lock file. If that happened between our opening and our locking it, we would
        # hold a lock that nobody else can see. So the file must be the same one before and after.
        lock = f"{self._path}.lock"
        self._check_sidecars()
        remove_leftovers(self._path)
        while True:
            try:
                before = os.open(lock, os.O_RDWR | os.O_CREAT | _NOT_LINKS, 0o666)
            except OSError as error:
                raise self._opening_error(error) from error
            try:
                graph = kglite.open(str(self._path), durable="off")
                with suppress(OSError):
                    if os.path.samestat(os.fstat(before), Path(lock).stat()):
                        return self._verified(graph)
                _let_go(graph)
            except (kglite.KgError, OSError, ValueError) as error:
                if not isinstance(error, kglite.WriterLeaseHeldError):
                    self._remove_sidecars()
                raise self._opening_error(error) from error
            finally:
                os.close(before)

    def _verified(self, graph: kglite.KnowledgeGraph) -> kglite.KnowledgeGraph:
        try:
            self._stamp = stamp_of(self._path)
            self._saved = engine_file.check(graph, self._path, self._url)
        except BaseException:
            self._remove_sidecars()
            _let_go(graph)
            raise
        return graph

    def _check_sidecars(self) -> None:
        # The engine writes into these files. It would follow a link that leads out of the folder, and would wait for
        # whoever reads from a FIFO.
        for ending in _SIDECARS:
            sidecar = Path(f"{self._path}{ending}")
            if sidecar.is_symlink() or (sidecar.exists() and not sidecar.is_file()):
                what = "a link" if sidecar.is_symlink() else "no file"
                raise StoreError(self._url, f"{sidecar.name} beside it is {what}", "Remove it; no store makes one")

    def _remove_sidecars(self) -> None:
        for ending in _SIDECARS:
            with suppress(OSError):
                Path(f"{self._path}{ending}").unlink()

    def _opening_error(self, error: Exception) -> StoreError:
        if isinstance(error, kglite.WriterLeaseHeldError):
            pid = error.holder.get("pid")
            who = "this process" if error.holder.get("self") else f"process {pid}" if pid else "another process"
            return StoreBusyError(self._url, f"{who} is writing to it", "Wait until it is done, or stop it")
        return engine_file.opening_error(error, self._path, self._url)

    def _check_version(self) -> None:
        for corpus in self.nodes("Corpus"):
            version = corpus.properties.get("schema_version", SCHEMA_VERSION)
            if isinstance(version, int) and version > SCHEMA_VERSION:
                raise store_file.newer(self._url, version)


def _let_go(graph: kglite.KnowledgeGraph) -> None:
    # The engine's close() would save. Leaving its context by an exception is how it lets go of the graph without
    # saving.
    graph.__exit__(StoreError, StoreError("store", "closed without saving"), None)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Delays Ctrl-C while a batch is written, which takes a fraction of a second."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    received: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: received.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if received:
        before(*received[0])
