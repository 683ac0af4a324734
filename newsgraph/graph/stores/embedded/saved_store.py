"""A store file that is opened for reading. Its graph is loaded only when something needs it.

Look-ups, and questions about a whole corpus, need only what the file keeps beside the graph. A user's query is answered
by another process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from newsgraph.errors import StoreError
from newsgraph.graph.schema import Corpus
from newsgraph.graph.stores.bounds import SECONDS, Bounds
from newsgraph.graph.stores.protocol import Rows
from newsgraph.graph.stores.store_files import stamp_of

if TYPE_CHECKING:
    from pathlib import Path

    import kglite

    from newsgraph.graph.batch import Batch, Columns, Edge, Node
    from newsgraph.graph.columnar.graph_columns import GraphColumns
    from newsgraph.graph.columnar.records import Records
    from newsgraph.graph.stores.embedded.store import EmbeddedStore
    from newsgraph.graph.stores.embedded.store_file import SavedFile
    from newsgraph.graph.stores.query_process import QueryProcess


class SavedStore:
    """A :class:`~newsgraph.graph.stores.protocol.Store` for reading. ``saved`` is its file, and ``stamp`` that of
    :func:`~newsgraph.graph.stores.store_files.stamp_of` from just before the file was opened."""

    def __init__(self, url: str, path: Path, saved: SavedFile, stamp: object) -> None:
        self._url, self._path, self._stamp = url, path, stamp
        self._saved: SavedFile | None = saved
        self._whole: EmbeddedStore | None = None
        self._process: QueryProcess | None = None
        self._closed = False

    @property
    def url(self) -> str:
        """The path as it was given."""
        return self._url

    @property
    def loaded(self) -> bool:
        """Whether the graph was needed."""
        return self._whole is not None

    @property
    def engine_graph(self) -> kglite.KnowledgeGraph:
        """Returns the engine's graph, for code that belongs to the store."""
        return self._graph().engine_graph

    def nodes(self, label: str, ids: Iterable[str] | None = None) -> Iterator[Node]:
        """As :meth:`Store.nodes`. The file keeps the Corpus node beside the graph."""
        records = self.records() if label == Corpus.label else None
        if records is None:
            return self._graph().nodes(label, ids)
        from newsgraph.graph.batch import Node  # noqa: PLC0415  # most look-ups make no node

        corpus = records.corpus
        return (Node(label, id, corpus[id]) for id in (corpus if ids is None else dict.fromkeys(ids)) if id in corpus)

    def edges(
        self, type: str, *, starts: Iterable[str] | None = None, ends: Iterable[str] | None = None
    ) -> Iterator[Edge]:
        """As :meth:`Store.edges`."""
        return self._graph().edges(type, starts=starts, ends=ends)

    def node_columns(self, label: str, names: Sequence[str]) -> Iterator[Columns]:
        """As :meth:`Store.node_columns`."""
        return self._graph().node_columns(label, names)

    def edge_columns(self, type: str, names: Sequence[str]) -> Iterator[Columns]:
        """As :meth:`Store.edge_columns`."""
        return self._graph().edge_columns(type, names)

    def columns(self) -> GraphColumns | None:
        """As :meth:`Store.columns`. None for a file of an older version."""
        self._check_open()
        return None if self._saved is None else self._saved.columns

    def records(self) -> Records | None:
        """As :meth:`Store.records`. None for a file of an older version."""
        self._check_open()
        return None if self._saved is None else self._saved.records

    def write(self, batch: Batch) -> None:
        """Raises StoreError."""
        self._graph().write(batch)

    def save(self) -> None:
        """Raises StoreError."""
        self._graph().save()

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Rows:
        """As :meth:`Store.query`."""
        return self._graph().query(text, parameters, write=write, timeout=timeout, limit=limit)

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
        """As :meth:`Store.user_query`. The process reads the file itself."""
        self._check_open()
        if write or self._whole is not None or self._stamp != stamp_of(self._path):
            return self._graph().user_query(
                text, parameters, write=write, admin=admin, timeout=timeout, memory=memory, limit=limit
            )
        bounds = Bounds.of(timeout=timeout, memory=memory, limit=limit)
        if self._process is None:
            from newsgraph.graph.stores.query_process import QueryProcess  # noqa: PLC0415  # look-ups ask none

            self._process = QueryProcess(lambda: str(self._path))
        return self._process.query(text, parameters, bounds, admin=admin)

    def close(self) -> None:
        """Lets go of the file. It may be called twice."""
        self._closed, self._saved = True, None
        for one in (self._process, self._whole):
            if one is not None:
                one.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError(self._url, "the store is closed", "Open it again")

    def _graph(self) -> EmbeddedStore:
        self._check_open()
        if self._whole is None:
            from newsgraph.graph.stores.embedded.store import EmbeddedStore  # noqa: PLC0415  # loads the engine

            self._whole = EmbeddedStore(self._url, create=False, readonly=True, path=self._path)
            self._saved = self._whole.saved  # the file may be another one than when it was opened
        return self._whole
