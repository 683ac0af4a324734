"""The embedded engine's bulk calls, which add new nodes and their edges in columns.

Cypher takes five times as long. The calls are documented for a pandas DataFrame, but they use only those of its methods
that :class:`_Frame` and :class:`_Column` have. pandas itself would be a large dependency and would add a quarter of a
second to each load. The version of the engine is pinned, and the contract tests write every type of value in this way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import kglite

from newsgraph.errors import StoreError
from newsgraph.graph.batch import EdgeTable, NodeTable
from newsgraph.graph.schema import EDGES, NODES, EdgeType, NodeType, Type, Value

#: The names that pandas has for the types. The engine chooses its own types by them.
_DTYPES = {
    Type.TEXT: "str",
    Type.INTEGER: "Int64",
    Type.REAL: "float64",
    Type.BOOLEAN: "boolean",
    Type.TIME: "object",
    Type.TEXTS: "object",
}
#: The engine's names for types that pandas has no name for.
_DECLARED = {Type.TIME: "zoneddatetime", Type.TEXTS: "list"}
_START, _END = "start", "end"
#: The number of nodes that are given to the engine together. With more, it takes more time and memory for each.
_TOGETHER = 2_000


@dataclass(frozen=True, slots=True)
class _Values:
    values: list[Any]

    def tolist(self) -> list[Any]:
        return self.values


@dataclass(frozen=True, slots=True)
class _Column:
    values: list[Any]
    dtype: str

    def __len__(self) -> int:
        return len(self.values)

    def tolist(self) -> list[Any]:
        return self.values

    def isna(self) -> _Values:
        return _Values([value is None for value in self.values])

    def dropna(self) -> list[Any]:
        return [value for value in self.values if value is not None]


class _Frame(dict[str, _Column]):
    @property
    def columns(self) -> list[str]:
        return list(self)

    def reset_index(self, *, drop: bool) -> _Frame:
        return self


def add_nodes(graph: kglite.KnowledgeGraph, table: NodeTable) -> bool:
    """Adds nodes. Those that exist already stay as they are; returns whether there was none. The properties must have
    passed ``validation``."""
    starts = range(0, len(table), _TOGETHER)
    return sum([_add_some(graph, table, slice(start, start + _TOGETHER)) for start in starts]) == len(table)


def _add_some(graph: kglite.KnowledgeGraph, table: NodeTable, some: slice) -> int:
    """Adds the nodes of some rows. Returns how many of them are new."""
    declared = NODES[table.label]
    ids = list(table.ids[some])
    frame = _Frame(id=_Column(ids, "str"))
    types = _fill(frame, declared, {name: column[some] for name, column in table.columns.items()})
    # A node without a title of its own would show its id or its name as its title.
    frame.setdefault("title", _Column([None] * len(ids), "str"))
    added = graph.add_nodes(frame, declared.label, "id", "title", conflict_handling="skip", column_types=types)
    return int(added["nodes_created"])


def add_edges(graph: kglite.KnowledgeGraph, table: EdgeTable) -> None:
    """Adds edges between nodes that exist. None of the edges may exist yet. Each edge added makes the engine look at
    all edges of its start."""
    declared = EDGES[table.type]
    frame = _Frame()
    frame[_START] = _Column(list(table.starts), "str")
    frame[_END] = _Column(list(table.ends), "str")
    types = _fill(frame, declared, table.columns)
    added = graph.add_relationships(
        frame, declared.type, declared.start, _START, declared.end, _END, column_types=types
    )  # fmt: skip
    if added["connections_created"] != len(table):
        raise fewer_edges(declared)


def fewer_edges(declared: EdgeType) -> StoreError:
    """Returns the error for an engine that added fewer edges than it should."""
    return StoreError(
        declared.type, "the engine wrote fewer edges than it was given", "Load the folder into a new store"
    )


def _fill(
    frame: _Frame, declared: NodeType | EdgeType, columns: Mapping[str, Sequence[Value | None]]
) -> dict[str, str]:
    # Adds the properties, and gives the types that the engine must be told.
    types = {}
    for one in declared.properties:
        if one.name in columns:
            frame[one.name] = _Column(list(columns[one.name]), _DTYPES[one.type])
            if one.type in _DECLARED:
                types[one.name] = _DECLARED[one.type]
    return types


def columns_of(rows: Collection[Mapping[str, Value]]) -> dict[str, Sequence[Value | None]]:
    """Returns the properties that any of the rows has, as columns."""
    return {name: _values_of(name, rows) for name in set().union(*rows)}


def _values_of(name: str, rows: Collection[Mapping[str, Value]]) -> list[Any]:
    try:
        return list(map(itemgetter(name), rows))  # takes a third of the time, if all rows have it
    except KeyError:
        return [row.get(name) for row in rows]
