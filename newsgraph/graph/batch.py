"""What travels from loaders to stores and from stores to exports: nodes, edges, and what is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from newsgraph.graph.schema import Value

_ROWS = 2_000
_NO_PROPERTIES: Mapping[str, Value] = {}


# Named tuples, for a load makes millions: a frozen dataclass takes thrice as long to make.
class Node(NamedTuple):
    """A node: its label, its id, and its declared properties without ``id`` (absent ones left out)."""

    label: str
    id: str
    properties: Mapping[str, Value] = _NO_PROPERTIES


class Edge(NamedTuple):
    """An edge by the ids of its two ends; their labels are the edge type's, from the schema."""

    type: str
    start: str
    end: str
    properties: Mapping[str, Value] = _NO_PROPERTIES


@dataclass(frozen=True, slots=True)
class Batch:
    """One change of the graph, applied whole or not at all, in this order: edges gone, nodes gone (with every edge they
    have), nodes written (all of their properties replaced), edges written (likewise).

    An edge whose ends are neither in the store nor in the batch is an error. ``gone_nodes`` holds pairs of label and
    id; what is gone already is no error.
    """

    nodes: Sequence[Node] = ()
    edges: Sequence[Edge] = ()
    gone_nodes: Sequence[tuple[str, str]] = ()
    gone_edges: Sequence[tuple[str, str, str]] = ()  # type, start, end

    def __bool__(self) -> bool:
        return bool(self.nodes or self.edges or self.gone_nodes or self.gone_edges)


@dataclass(frozen=True, slots=True)
class Columns:
    """Some nodes of a label, or edges of a type, column by column: a table is read and written so in a fraction of the
    time.

    ``ids`` holds the nodes' ids, or the edges' starts and ends; ``values`` a column for each property that was asked
    for, None where it is absent.
    """

    ids: Sequence[list[str]]
    values: Sequence[list[Value | None]]

    def __len__(self) -> int:
        return len(self.ids[0])


def columns_of_nodes(nodes: Iterable[Node], names: Sequence[str]) -> Iterator[Columns]:
    """The nodes' ids and properties, some thousand rows at a time."""
    rest = iter(nodes)
    while some := list(islice(rest, _ROWS)):
        yield Columns([[node.id for node in some]], _values(some, names))


def columns_of_edges(edges: Iterable[Edge], names: Sequence[str]) -> Iterator[Columns]:
    """The edges' starts, ends and properties, likewise."""
    rest = iter(edges)
    while some := list(islice(rest, _ROWS)):
        yield Columns([[edge.start for edge in some], [edge.end for edge in some]], _values(some, names))


def _values(some: Sequence[Node] | Sequence[Edge], names: Sequence[str]) -> list[list[Value | None]]:
    found = [one.properties for one in some]
    return [[properties.get(name) for properties in found] for name in names]
