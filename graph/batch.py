"""What travels from loaders to stores and from stores to exports: nodes, edges, and what is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from newsgraph.graph.schema import Value

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
