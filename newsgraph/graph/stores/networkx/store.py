"""The networkx store: the graph *is* an ``nx.MultiDiGraph``, in memory or in one JSON file. It is meant for notebooks.

A node's key is ``Label:id``; its attributes are ``label``, ``id`` and its properties. An edge's key is its type; its
attributes are ``type`` and its properties. ``Event`` has a property ``label`` of its own, which is the attribute
``event_label``. Times are ``datetime`` values with zone, in UTC; lists are tuples. Cypher is answered by a copy in the
embedded engine, which follows the changes of the graph.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import networkx as nx

from newsgraph.errors import (
    StoreError,
    StoreFormatError,
    StoreMissingError,
    StoreVersionError,
    StoreWriteError,
    UsageError,
)
from newsgraph.graph.batch import Batch, Columns, Edge, Node, columns_of_edges, columns_of_nodes
from newsgraph.graph.schema import (
    EDGE_TYPES,
    EDGES,
    NODE_TYPES,
    NODES,
    SCHEMA_VERSION,
    EdgeType,
    NodeType,
)
from newsgraph.graph.stores import validation
from newsgraph.graph.stores.bounds import SECONDS, Bounds
from newsgraph.graph.stores.networkx import graph_file
from newsgraph.graph.stores.networkx.shape import columns, contents, node_key, put_edge, put_node, read
from newsgraph.graph.stores.protocol import Rows, Store
from newsgraph.graph.stores.query_process import QueryProcess
from newsgraph.graph.stores.store_files import one_at_a_time, refuse_write_protected, replacement, stamp_of
from newsgraph.output.leftovers import remove_leftovers

if TYPE_CHECKING:
    import kglite


def open_store(
    url: str, *, create: bool = True, readonly: bool = False, force: bool = False, defer: bool = False
) -> NetworkxStore:
    """Opens ``networkx:`` (in memory) or ``networkx:PATH.json``; see ``open_store`` of ``stores.registry``."""
    return NetworkxStore(url, create=create, readonly=readonly)


def to_networkx(store: Store) -> nx.MultiDiGraph:
    """Returns a copy of any store's whole graph, in the form that this module describes."""
    graph = nx.MultiDiGraph()
    for declared in NODE_TYPES:
        for node in store.nodes(declared.label):
            put_node(graph, node.label, node.id, node.properties)
    for edge_type in EDGE_TYPES:
        for edge in store.edges(edge_type.type):
            put_edge(graph, edge_type, edge.start, edge.end, edge.properties)
    return graph


class NetworkxStore:
    """A :class:`~newsgraph.graph.stores.protocol.Store` around an ``nx.MultiDiGraph``."""

    def __init__(self, url: str, *, create: bool = True, readonly: bool = False) -> None:
        self._url = url
        name = url.partition(":")[2]
        self._path = Path(os.path.realpath(name)) if name else None
        self._readonly = readonly
        self._closed = False
        self._unsaved = False
        self._graph = nx.MultiDiGraph()
        self._mirror: kglite.KnowledgeGraph | None = None
        self._pending: list[Batch] = []  # written to the graph, but not to the copy for Cypher
        self._given: object = None  # what that copy was made from, once the graph was given to a caller
        self._stamp: object = None
        self._process = QueryProcess(lambda: self._synchronised().to_bytes())
        if self._path is None and not create:
            raise StoreMissingError(
                url, "a store in memory holds nothing when opened", "Give a file: networkx:PATH.json"
            )
        if self._path is not None:
            self._read(self._path, create and not readonly)

    @property
    def url(self) -> str:
        """The URL as it was given."""
        return self._url

    @property
    def graph(self) -> nx.MultiDiGraph:
        """The graph itself, not a copy. What you change in it is changed in the store.

        Attributes that the schema doesn't declare are kept in memory only; Cypher, exports and the file don't contain
        them.
        """
        self._check_open()
        if self._given is None:
            self._mirror, self._pending, self._given = None, [], ()
        self._unsaved = True
        return self._graph

    def nodes(self, label: str, ids: Iterable[str] | None = None) -> Iterator[Node]:
        """As :meth:`Store.nodes`."""
        self._check_open()
        return self._nodes(validation.node_type(label), ids)

    def edges(
        self, type: str, *, starts: Iterable[str] | None = None, ends: Iterable[str] | None = None
    ) -> Iterator[Edge]:
        """As :meth:`Store.edges`."""
        self._check_open()
        if starts is not None and ends is not None:
            raise StoreError(type, "both starts and ends are given", "Give one of them")
        return self._edges(validation.edge_type(type), starts, ends)

    def node_columns(self, label: str, names: Sequence[str]) -> Iterator[Columns]:
        """As :meth:`Store.node_columns`."""
        return columns_of_nodes(self.nodes(label), names)

    def edge_columns(self, type: str, names: Sequence[str]) -> Iterator[Columns]:
        """As :meth:`Store.edge_columns`."""
        return columns_of_edges(self.edges(type), names)

    def columns(self) -> None:
        """As :meth:`Store.columns`. Always None, because the caller can change the graph at any time."""

    def records(self) -> None:
        """As :meth:`Store.records`. Always None, as there are no columns."""

    def write(self, batch: Batch) -> None:
        """As :meth:`Store.write`. In memory until :meth:`save`."""
        self._check_open(to_write=True)
        if batch:
            self._apply(batch)

    def _apply(self, batch: Batch) -> None:
        node_rows, edge_rows = validation.node_rows(batch), validation.edge_rows(batch)
        gone_nodes, gone_edges = validation.gone_nodes(batch), validation.gone_edges(batch)
        self._check_ends(edge_rows, node_rows, {label: set(ids) for label, ids in gone_nodes.items()})
        # Nothing below can fail.
        graph = self._graph
        for name, pairs in gone_edges.items():
            declared = EDGES[name]
            graph.remove_edges_from(
                (node_key(declared.start, start), node_key(declared.end, end), name) for start, end in pairs
            )
        for label, ids in gone_nodes.items():
            graph.remove_nodes_from([node_key(label, id_) for id_ in ids])
        for label, rows in node_rows.items():
            for id_, properties in rows.items():
                put_node(graph, label, id_, properties)
        for name, by_ends in edge_rows.items():
            for (start, end), properties in by_ends.items():
                put_edge(graph, EDGES[name], start, end, properties)
        self._unsaved = True
        if self._mirror is not None:
            self._pending.append(batch)

    def save(self) -> None:
        """Writes the file beside the old one and then renames it. For a graph in memory alone it does nothing.

        Raises StoreWriteError (disk full, no permission, or another process has written the file since it was opened).
        The file is then as it was before.
        """
        self._check_open(to_write=True)
        if self._path is None or not self._unsaved:
            return
        with one_at_a_time(self._path):
            if stamp_of(self._path) != self._stamp:
                raise StoreWriteError(self._url, "another process has written it since it was opened", "Open it again")
            with replacement(self._path, self._url) as file:
                file.writelines(piece.encode() for piece in graph_file.lines(self._whole()))
            self._stamp = stamp_of(self._path)
        self._unsaved = False

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
        from newsgraph.graph.stores.embedded import engine, reads  # noqa: PLC0415  # loaded when it is needed

        self._check_open(to_write=write)
        mirror = self._synchronised()
        rows = engine.query(mirror, text, parameters, write=write, timeout=timeout, limit=limit)
        if write:
            changed = nx.MultiDiGraph()
            for declared in NODE_TYPES:
                for node in reads.nodes(mirror, declared.label, reads.sorted_ids(mirror, declared.label)):
                    put_node(changed, node.label, node.id, node.properties)
            for edge_type in EDGE_TYPES:
                for edge in reads.edges(mirror, edge_type, "start", reads.sorted_ids(mirror, edge_type.start)):
                    put_edge(changed, edge_type, edge.start, edge.end, edge.properties)
            self._graph.clear()
            self._graph.add_nodes_from(changed.nodes(data=True))
            self._graph.add_edges_from(changed.edges(keys=True, data=True))
            self._unsaved = True
            self._remember()
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
        self._check_open(to_write=write)
        bounds = Bounds.of(timeout=timeout, memory=memory, limit=limit)
        if self._given is not None:
            self._process.close()  # the caller may have changed the graph
        rows = self._process.query(text, parameters, bounds, write=write, admin=admin)
        return self.query(text, parameters, write=True, timeout=timeout, limit=limit) if write else rows

    def close(self) -> None:
        """Releases the graph without saving. It may be called twice."""
        self._closed = True
        self._process.close()
        self._mirror = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and not self._closed and not self._readonly:
                self.save()
        finally:
            self.close()

    def _check_open(self, *, to_write: bool = False) -> None:
        if self._closed:
            raise StoreError(self._url, "the store is closed", "Open it again")
        if to_write and self._readonly:
            raise StoreError(self._url, "the store was opened for reading only", "Open it without readonly")
        if to_write:
            if self._path is not None:
                refuse_write_protected(self._path, self._url)
            self._process.close()

    def _check_ends(
        self,
        edge_rows: dict[str, validation.EdgeRows],
        node_rows: dict[str, validation.NodeRows],
        gone: dict[str, set[str]],
    ) -> None:
        def there(label: str, id_: str) -> bool:
            return id_ in node_rows.get(label, ()) or (
                node_key(label, id_) in self._graph and id_ not in gone.get(label, ())
            )

        for name, rows in edge_rows.items():
            declared = EDGES[name]
            for start, end in rows:
                for label, id_ in ((declared.start, start), (declared.end, end)):
                    if not there(label, id_):
                        raise validation.missing_end(declared, start, end, id_)

    def _nodes(self, declared: NodeType, ids: Iterable[str] | None) -> Iterator[Node]:
        label, columns_ = declared.label, columns(declared)
        if ids is None:
            ids = self._ids(label)
        for id_ in dict.fromkeys(ids):
            data = self._graph.nodes.get(node_key(label, id_))
            if data is not None:
                yield Node(label, id_, read(data, columns_, f"{label} {id_}"))

    def _every_node(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for key, data in self._graph.nodes(data=True):
            if data.get("label") not in NODES or key != node_key(data["label"], data.get("id", "")):
                raise StoreFormatError(
                    self._url,
                    f"node {key!r:.80} is not of the schema",
                    "Give it the attributes label and id, and the key label:id, or remove it",
                )
            yield key, data

    def _ids(self, label: str) -> list[str]:
        return sorted(data["id"] for _, data in self._every_node() if data["label"] == label)

    def _edges(self, declared: EdgeType, starts: Iterable[str] | None, ends: Iterable[str] | None) -> Iterator[Edge]:
        graph, name, columns_ = self._graph, declared.type, columns(declared)
        if ends is not None:
            label, ids, around, other = declared.end, ends, graph.in_edges, 0
        else:
            label, around, other = declared.start, graph.out_edges, 1
            ids = self._ids(label) if starts is None else starts
        for id_ in dict.fromkeys(ids):
            key = node_key(label, id_)
            if key not in graph:
                continue
            found = [
                (graph.nodes[edge[other]].get("id", ""), edge[3])
                for edge in around(key, keys=True, data=True)
                if edge[2] == name
            ]
            for neighbour, data in sorted(found, key=lambda one: one[0]):
                start, end = (neighbour, id_) if ends is not None else (id_, neighbour)
                yield Edge(name, start, end, read(data, columns_, f"{name} from {start} to {end}"))

    def _whole(self) -> Batch:
        nodes = [node for declared in NODE_TYPES for node in self._nodes(declared, None)]
        edges = [edge for declared in EDGE_TYPES for edge in self._edges(declared, None, None)]
        if len(edges) != self._graph.number_of_edges():
            for start, end, name in self._graph.edges(keys=True):
                ends = (self._graph.nodes[start].get("label"), self._graph.nodes[end].get("label"))
                if name not in EDGES or ends != (EDGES[name].start, EDGES[name].end):
                    raise StoreFormatError(
                        self._url,
                        f"edge {name!r:.40} from {start!r:.80} to {end!r:.80} is not of the schema",
                        "Give its type as the key, and the ends that it is declared for, or remove it",
                    )
        return Batch(nodes, edges)

    def _synchronised(self) -> kglite.KnowledgeGraph:
        import kglite  # noqa: PLC0415  # as in query()

        from newsgraph.graph.stores.embedded import writes  # noqa: PLC0415  # as in query()

        mirror, self._mirror = self._mirror, None  # made anew if a write is broken off
        if mirror is None or (self._given is not None and self._given != contents(self._graph)):
            mirror = kglite.KnowledgeGraph()
            writes.write(mirror, self._whole())
            self._remember()
        while self._pending:
            writes.write(mirror, self._pending[0])
            del self._pending[0]
        self._mirror = mirror
        return mirror

    def _remember(self) -> None:
        self._pending = []
        if self._given is not None:
            nodes, edges = contents(self._graph)
            self._given = (
                {key: dict(data) for key, data in nodes.items()},
                {
                    start: {end: {key: dict(data) for key, data in keys.items()} for end, keys in ends.items()}
                    for start, ends in edges.items()
                },
            )

    def _read(self, path: Path, create: bool) -> None:
        try:
            if not self._readonly:
                remove_leftovers(path)
            self._stamp = stamp_of(path)
            if self._stamp is None:
                self._begin(path, create)
                return
            if not path.is_file():
                raise StoreFormatError(self._url, "it is no file", graph_file.NO_STORE)
            content = path.read_bytes()
        except OSError as error:
            raise StoreError(
                self._url, f"it can't be opened ({error.strerror})", "Check the path and its permissions"
            ) from error
        try:
            self._apply(graph_file.read(content, self._url))
        except (UsageError, StoreError) as error:
            if isinstance(error, StoreFormatError | StoreVersionError):
                raise
            raise StoreFormatError(self._url, f"it is damaged ({error})", graph_file.NO_STORE) from error
        for corpus in self._nodes(NODES["Corpus"], None):
            version = corpus.properties.get("schema_version", SCHEMA_VERSION)
            if isinstance(version, int) and version > SCHEMA_VERSION:
                raise graph_file.newer(self._url, version)
        self._unsaved = False

    def _begin(self, path: Path, create: bool) -> None:
        if not path.parent.is_dir():
            raise StoreMissingError(self._url, f"there is no folder {Path(self._name()).parent}", "Make it first")
        if not create:
            raise StoreMissingError(self._url, "nothing loaded yet", "Load a folder first: newsgraph load FOLDER")
        self._unsaved = True

    def _name(self) -> str:
        return self._url.partition(":")[2]
