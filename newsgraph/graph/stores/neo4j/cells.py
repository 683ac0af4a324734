"""Converts values of the Neo4j driver to the cells of an answer. ``stores.query_text`` says what cells are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from neo4j import graph, spatial, time

from newsgraph.graph.stores import query_text
from newsgraph.graph.stores.neo4j.server_cypher import WRITER_LABEL
from newsgraph.graph.stores.protocol import Cell

_COORDINATES = ("x", "y", "z")
_GEOGRAPHIC = ("longitude", "latitude", "height")


def cell(value: Any) -> Cell:
    """Returns a cell. A time that Python can't hold (a year after 9999) stays the server's ISO 8601 text."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    # The driver's durations and points are tuples, so they must be looked at before lists.
    for kind, convert in _CONVERTERS:
        if isinstance(value, kind):
            return convert(value)
    return query_text.cell(value)


def _list(value: Iterable[Any]) -> Cell:
    return [cell(item) for item in value]


def _map(value: Mapping[str, Any]) -> Cell:
    return {key: cell(item) for key, item in value.items()}


def _node(value: graph.Node) -> dict[str, Cell]:
    # The node that says who writes is newsgraph's own. It holds the secret by which its holder is known.
    return {} if WRITER_LABEL in value.labels else query_text.node_cell(sorted(value.labels), _cells(value))


def _edge(value: graph.Relationship) -> Cell:
    return query_text.edge_cell(_cells(value))


def _path(value: graph.Path) -> Cell:
    return query_text.path_cell(
        list(map(_node, value.nodes)), [query_text.edge_cell(_cells(edge)) for edge in value.relationships]
    )


def _duration(value: time.Duration) -> Cell:
    return query_text.duration_cell(value.months, value.days, value.seconds, value.nanoseconds)


def _point(value: spatial.Point) -> Cell:
    names = _GEOGRAPHIC if isinstance(value, spatial.WGS84Point) else _COORDINATES
    return dict(zip(names, (float(coordinate) for coordinate in value), strict=False))


def _time(value: time.DateTime | time.Date | time.Time) -> Cell:
    try:
        return query_text.cell(value.to_native())
    except ValueError:
        return value.iso_format()


_CONVERTERS: tuple[tuple[type | tuple[type, ...], Callable[[Any], Cell]], ...] = (
    (time.Duration, _duration),
    (spatial.Point, _point),
    ((list, tuple), _list),
    (dict, _map),
    (graph.Node, _node),
    (graph.Relationship, _edge),
    (graph.Path, _path),
    ((time.DateTime, time.Date, time.Time), _time),
)


def _cells(entity: graph.Node | graph.Relationship) -> dict[str, Cell]:
    return {name: cell(one) for name, one in cast("Any", entity).items()}


def parameter(value: Any) -> Any:
    """Returns a parameter for the driver. Times with a zone are converted to UTC, as they are in the store.

    In Neo4j, two times of the same instant in different zones are not equal; elsewhere they are.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo is not None else value
    if isinstance(value, dict):
        return {key: parameter(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [parameter(one) for one in value]
    return value
