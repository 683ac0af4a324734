"""Cells of an answer from the values of the Neo4j driver; :mod:`newsgraph.graph.stores.query_text` says what they are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from neo4j import graph, spatial, time

from newsgraph.graph.stores import query_text as cypher
from newsgraph.graph.stores.protocol import Cell

_COORDINATES = ("x", "y", "z")
_GEOGRAPHIC = ("longitude", "latitude", "height")


def cell(value: Any) -> Cell:  # noqa: PLR0911  # one return a type of value is the plainest form
    """A cell. What Python's types can't hold (years beyond 9999) stays as the server's ISO 8601 text."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list | tuple) and not isinstance(value, time.Duration | spatial.Point):
        return [cell(one) for one in value]
    if isinstance(value, dict):
        return {key: cell(one) for key, one in value.items()}
    if isinstance(value, graph.Node):
        return cypher.node_cell(sorted(value.labels), _cells(value))
    if isinstance(value, graph.Relationship):
        return cypher.edge_cell(_cells(value))
    if isinstance(value, graph.Path):
        nodes = [cypher.node_cell(sorted(node.labels), _cells(node)) for node in value.nodes]
        return cypher.path_cell(nodes, [cypher.edge_cell(_cells(edge)) for edge in value.relationships])
    if isinstance(value, time.Duration):
        return cypher.duration_cell(value.months, value.days, value.seconds, value.nanoseconds)
    if isinstance(value, spatial.Point):
        names = _GEOGRAPHIC if isinstance(value, spatial.WGS84Point) else _COORDINATES
        return dict(zip(names, (float(one) for one in value), strict=False))
    if isinstance(value, time.DateTime | time.Date | time.Time):
        try:
            return cypher.cell(value.to_native())
        except ValueError:
            return value.iso_format()
    return cypher.cell(value)


def _cells(entity: graph.Node | graph.Relationship) -> dict[str, Cell]:
    return {name: cell(one) for name, one in cast("Any", entity).items()}


def parameter(value: Any) -> Any:
    """A parameter as the driver takes it: times with a zone in UTC, as they are in the store.

    For Neo4j two times of the same instant in different zones are not equal; elsewhere they are.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo is not None else value
    if isinstance(value, dict):
        return {key: parameter(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [parameter(one) for one in value]
    return value
