"""Reads whole columns from the embedded engine for :mod:`newsgraph.graph.columnar`, in the order in which they lie.

It is several times as fast as reading nodes by their ids, and needs the memory of a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import kglite

from newsgraph.graph.columnar.graph_columns import PARTS, Part
from newsgraph.graph.columnar.making import Maker, UnfitError
from newsgraph.graph.gc_pause import collector_paused
from newsgraph.graph.schema import EDGES
from newsgraph.graph.stores.embedded import calls


class EngineScans:
    """Reads from a graph in the engine."""

    def __init__(self, graph: kglite.KnowledgeGraph) -> None:
        self._graph = graph

    def nodes(self, label: str, names: Sequence[str]) -> list[list[Any]]:
        """Returns the ids of all nodes of a label, and the values of some properties."""
        values = "".join(f", n.`{name}` AS p{place}" for place, name in enumerate(names))
        return calls.columns(self._graph, f"MATCH (n:{label}) RETURN n.id AS id{values}")

    def edges(self, type: str, names: Sequence[str]) -> list[list[Any]]:
        """Returns the starts and ends of all edges of a type, and the values of some properties."""
        declared = EDGES[type]
        values = "".join(f", r.`{name}` AS p{place}" for place, name in enumerate(names))
        return calls.columns(
            self._graph,
            f"MATCH (a:{declared.start})-[r:{type}]->(b:{declared.end}) RETURN a.id AS one, b.id AS other{values}",
        )


def parts_of(graph: kglite.KnowledgeGraph) -> dict[str, Part] | None:
    """Returns all parts of a graph's columns; None if it holds a value that no column can hold."""
    maker = Maker(EngineScans(graph))
    try:
        with collector_paused():
            return {name: maker.part(name) for name in PARTS}
    except UnfitError:
        return None
