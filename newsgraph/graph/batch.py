"""Nodes, edges and removals: what loaders give to stores, and what stores give to exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

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


@dataclass(frozen=True, slots=True)
class Batch:
    """One change of the graph. Either all of it is applied or nothing.

    The order is: remove edges, remove nodes (with all their edges), write nodes (all their properties are replaced),
    write edges (likewise). ``gone_nodes`` holds pairs of label and id. Removing what isn't in the store is no error.
    Writing an edge with an end that is neither in the store nor in the batch is an error.
    """

    nodes: Sequence[Node] = ()
    edges: Sequence[Edge] = ()
    gone_nodes: Sequence[tuple[str, str]] = ()
    gone_edges: Sequence[tuple[str, str, str]] = ()  # type, start, end

    def __bool__(self) -> bool:
        return bool(self.nodes or self.edges or self.gone_nodes or self.gone_edges)


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
