"""Makes nodes and edges from the rows that the server sends, in which times are texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from newsgraph.graph.batch import Edge, Node
from newsgraph.graph.schema import EdgeType, NodeType, Type, property_types
from newsgraph.graph.stores import validation


def nodes(declared: NodeType, rows: Iterator[list[Any]]) -> Iterator[Node]:
    """Nodes from rows of id and properties."""
    types, times, label = list(property_types(declared)), _times(declared, 1), declared.label
    for row in rows:
        _to_utc(row, times)
        yield Node(label, row[0], validation.read_properties(types, row[1:], f"{label} {row[0]}"))


def edges(declared: EdgeType, rows: Iterator[list[Any]]) -> Iterator[Edge]:
    """Edges from rows of start, end and properties."""
    types, times, name = list(property_types(declared)), _times(declared, 2), declared.type
    for row in rows:
        _to_utc(row, times)
        yield Edge(
            name, row[0], row[1], validation.read_properties(types, row[2:], f"{name} from {row[0]} to {row[1]}")
        )


def _times(declared: NodeType | EdgeType, first: int) -> list[int]:
    return [place for place, (_, kind) in enumerate(property_types(declared), first) if kind is Type.TIME]


def _to_utc(row: list[Any], places: Iterable[int]) -> None:
    # What isn't a time is left as it is; validation.read_properties then reports it.
    for place in places:
        if row[place] is not None:
            with suppress(ValueError):
                row[place] = datetime.fromisoformat(row[place].partition("[")[0])
