"""Nodes, edges and removals: what loaders give to stores, and what stores give to exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import NamedTuple, overload

from newsgraph.graph.schema import Value

_ROWS = 2_000
_NO_PROPERTIES: Mapping[str, Value] = {}


# Named tuples, because a load makes millions of them: making a frozen dataclass takes three times as long.
class Node(NamedTuple):
    """A node: its label, its id, and its declared properties without ``id`` (absent ones left out)."""

    label: str
    id: str
    properties: Mapping[str, Value] = _NO_PROPERTIES


class Edge(NamedTuple):
    """An edge, given by the ids of its two ends. The schema says which labels an edge type joins."""

    type: str
    start: str
    end: str
    properties: Mapping[str, Value] = _NO_PROPERTIES


@dataclass(frozen=True, slots=True, eq=False)
class NodeTable:
    """Nodes of one label as columns: their ids, and a column for each property, with None where a node doesn't have
    it. No id may be in it twice."""

    label: str
    ids: Sequence[str]
    columns: Mapping[str, Sequence[Value | None]]

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self) -> Iterator[Node]:
        """Yields the nodes one by one."""
        for id, properties in zip(self.ids, _rows_of(self.columns, len(self.ids)), strict=True):
            yield Node(self.label, id, properties)


@dataclass(frozen=True, slots=True, eq=False)
class EdgeTable:
    """Edges of one type as columns: their starts and ends, and a column for each property, with None where an edge
    doesn't have it. No pair of ends may be in it twice."""

    type: str
    starts: Sequence[str]
    ends: Sequence[str]
    columns: Mapping[str, Sequence[Value | None]]

    def __len__(self) -> int:
        return len(self.starts)

    def rows(self) -> Iterator[Edge]:
        """Yields the edges one by one."""
        for start, end, properties in zip(
            self.starts, self.ends, _rows_of(self.columns, len(self.starts)), strict=True
        ):
            yield Edge(self.type, start, end, properties)


def _rows_of(columns: Mapping[str, Sequence[Value | None]], rows: int) -> Iterator[Mapping[str, Value]]:
    if not columns:
        yield from repeat(_NO_PROPERTIES, rows)
        return
    names = tuple(columns)
    for values in zip(*columns.values(), strict=True):
        yield {name: value for name, value in zip(names, values, strict=True) if value is not None}


class MadeTexts(Sequence[str]):
    """A column of long texts, each of which is made when it is asked for and not kept. They can all be written as
    UTF-8."""

    def __init__(self, makers: Sequence[Callable[[], str]]) -> None:
        self._makers = makers

    def __len__(self) -> int:
        return len(self._makers)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [make() for make in self._makers[index]]
        return self._makers[index]()

    def __iter__(self) -> Iterator[str]:
        return (make() for make in self._makers)


@dataclass(frozen=True, slots=True)
class Batch:
    """One change of the graph. Either all of it is applied or nothing.

    The order is: remove edges, remove nodes (with all their edges), write nodes (all their properties are replaced),
    write edges (likewise). ``gone_nodes`` holds pairs of label and id. Removing what isn't in the store is no error.
    Writing an edge with an end that is neither in the store nor in the batch is an error. The nodes and edges of tables
    are written as if they stood after the others.
    """

    nodes: Sequence[Node] = ()
    edges: Sequence[Edge] = ()
    gone_nodes: Sequence[tuple[str, str]] = ()
    gone_edges: Sequence[tuple[str, str, str]] = ()  # type, start, end
    node_tables: Sequence[NodeTable] = ()
    edge_tables: Sequence[EdgeTable] = ()

    def __bool__(self) -> bool:
        rows = self.nodes or self.edges or self.gone_nodes or self.gone_edges
        return bool(rows or any(self.node_tables) or any(self.edge_tables))

    def all_nodes(self) -> Iterator[Node]:
        """Yields all nodes to write, also those of tables."""
        return chain(self.nodes, chain.from_iterable(table.rows() for table in self.node_tables))

    def all_edges(self) -> Iterator[Edge]:
        """Yields all edges to write, also those of tables."""
        return chain(self.edges, chain.from_iterable(table.rows() for table in self.edge_tables))


@dataclass(frozen=True, slots=True)
class Columns:
    """Some nodes of a label, or some edges of a type, as columns. Tables are read and written much faster in this form.

    ``ids`` holds the ids of the nodes, or the starts and ends of the edges. ``values`` holds a column for each property
    that was asked for, with None where a node or edge doesn't have it.
    """

    ids: Sequence[list[str]]
    values: Sequence[list[Value | None]]

    def __len__(self) -> int:
        return len(self.ids[0])


def columns_of_nodes(nodes: Iterable[Node], names: Sequence[str]) -> Iterator[Columns]:
    """Yields the ids and properties of the nodes, a few thousand rows at a time."""
    rest = iter(nodes)
    while some := list(islice(rest, _ROWS)):
        yield Columns([[node.id for node in some]], _values(some, names))


def columns_of_edges(edges: Iterable[Edge], names: Sequence[str]) -> Iterator[Columns]:
    """Yields the starts, ends and properties of the edges, a few thousand rows at a time."""
    rest = iter(edges)
    while some := list(islice(rest, _ROWS)):
        yield Columns([[edge.start for edge in some], [edge.end for edge in some]], _values(some, names))


def _values(some: Sequence[Node] | Sequence[Edge], names: Sequence[str]) -> list[list[Value | None]]:
    found = [one.properties for one in some]
    return [[properties.get(name) for properties in found] for name in names]
