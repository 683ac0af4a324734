"""The embedded engine's bulk calls: new nodes, and their edges, in columns. Cypher takes five times as long for each.

They are documented for a pandas DataFrame, and ask it for no more than :class:`_Frame` and :class:`_Column` answer;
pandas itself would be a large dependency and a quarter of a second of each load. The engine is pinned, and the contract
tests write every type of value this way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import kglite

from newsgraph.errors import StoreError
from newsgraph.graph.schema import EdgeType, NodeType, Type, Value

#: pandas' names of the types, by which the engine chooses its own.
_DTYPES = {
    Type.TEXT: "str",
    Type.INTEGER: "Int64",
    Type.REAL: "float64",
    Type.BOOLEAN: "boolean",
    Type.TIME: "object",
    Type.TEXTS: "object",
}
#: What the engine calls the types that pandas has no name for.
_DECLARED = {Type.TIME: "zoneddatetime", Type.TEXTS: "list"}
_START, _END = "start", "end"


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


def add_nodes(graph: kglite.KnowledgeGraph, declared: NodeType, rows: Mapping[str, Mapping[str, Value]]) -> None:
    """Adds nodes by their ids, none of them there yet, with properties as ``validation`` lets them pass."""
    frame = _Frame(id=_Column(list(rows), "str"))
    types = _fill(frame, declared, rows.values())
    # Without a title of its own a node would show its id, or its name, as one.
    frame.setdefault("title", _Column([None] * len(rows), "str"))
    graph.add_nodes(frame, declared.label, "id", "title", column_types=types)


def add_edges(
    graph: kglite.KnowledgeGraph, declared: EdgeType, rows: Mapping[tuple[str, str], Mapping[str, Value]]
) -> None:
    """Adds edges by their ends, which must be there; the edges must not. Each looks at all edges of its start."""
    frame = _Frame()
    frame[_START] = _Column([start for start, _ in rows], "str")
    frame[_END] = _Column([end for _, end in rows], "str")
    types = _fill(frame, declared, rows.values())
    added = graph.add_relationships(
        frame, declared.type, declared.start, _START, declared.end, _END, column_types=types
    )  # fmt: skip
    if added["connections_created"] != len(rows):
        raise fewer_edges(declared)


def fewer_edges(declared: EdgeType) -> StoreError:
    """The error for an engine that doesn't do what it says."""
    return StoreError(
        declared.type, "the engine wrote fewer edges than it was given", "Load the folder into a new store"
    )


def _fill(frame: _Frame, declared: NodeType | EdgeType, rows: Collection[Mapping[str, Value]]) -> dict[str, str]:
    # Fills in the properties that any of the rows has; gives the types that the engine must be told.
    there = set().union(*rows)
    types = {}
    for one in declared.properties:
        if one.name in there:
            frame[one.name] = _Column(_values_of(one.name, rows), _DTYPES[one.type])
            if one.type in _DECLARED:
                types[one.name] = _DECLARED[one.type]
    return types


def _values_of(name: str, rows: Collection[Mapping[str, Value]]) -> list[Any]:
    try:
        return list(map(itemgetter(name), rows))  # in a third of the time, where all have it
    except KeyError:
        return [row.get(name) for row in rows]
