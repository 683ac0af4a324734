"""Runs a query text on the embedded Cypher engine (kglite), for the embedded store and the networkx store.

A fault of the engine is avoided here: one pass of its optimiser gives wrong rows. What it would read wrongly is written
in another way by ``engine_text``, or refused by ``unsupported``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import kglite

from newsgraph.graph.property_types import are_times_in_utc
from newsgraph.graph.stores import query_text, reading_rules
from newsgraph.graph.stores.embedded import unsupported
from newsgraph.graph.stores.embedded.calls import translated
from newsgraph.graph.stores.embedded.engine_text import check_warnings, engine_text
from newsgraph.graph.stores.protocol import Cell, Rows

# This pass drops rows of MATCH ... RETURN with an aggregate in some forms (seen on 0.21.2). Disabling it has a price:
# the engine makes the plan anew each time.
_UNSAFE_PASSES = ["fuse_match_return_aggregate"]
# Types of values that are cells already, as the engine gives them.
_AS_THEY_ARE = frozenset({str, bool, int, float, type(None)})


def query(
    graph: kglite.KnowledgeGraph,
    text: str,
    parameters: Mapping[str, Any] | None,
    *,
    write: bool,
    timeout: float | None,
    limit: int | None,
    admin: bool = False,
) -> Rows:
    """As :meth:`Store.query`."""
    given = dict(parameters or {})
    if not write:
        reading_rules.check_reads_only(text, admin=admin)
    query_text.check_parameters(text, given)
    unsupported.check(text)
    if graph.read_only() == write:  # setting what is set already would make the engine forget its plans
        graph.read_only(not write)
    try:
        result = graph.cypher(
            engine_text(text),
            params=given,
            timeout_ms=0 if timeout is None else max(1, math.ceil(timeout * 1000)),
            row_limit=limit,
            disabled_passes=_UNSAFE_PASSES if unsupported.may_aggregate(text) else None,
            hide_structural_keys=True,
        )
        assert isinstance(result, kglite.ResultView)  # for mypy: FORMAT CSV, which gives text, was refused
        columns = tuple(result.columns)
        rows = list(zip(*(_cells_of(result.column(name)) for name in columns), strict=True))
        diagnostics: Mapping[str, Any] = result.diagnostics or {}
    except BaseException as error:
        ours = translated(error, timeout)
        if ours is None:
            raise
        raise ours from error
    finally:
        if write:
            graph.read_only(True)
    check_warnings(diagnostics.get("warnings", ()))
    return Rows(columns, rows, cut=diagnostics.get("total_rows") is not None)


def _cells_of(column: list[Any]) -> list[Cell]:
    # Most columns hold nothing that must be converted. Seeing that for a whole column at once is fast.
    if _AS_THEY_ARE.issuperset(map(type, column)) or are_times_in_utc(column):
        return column
    return [value if type(value) in _AS_THEY_ARE else _cell(value) for value in column]


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        return _cell_of_map(value)
    if isinstance(value, list):
        return [_cell(item) for item in value]
    return query_text.cell(value)


def _cell_of_map(value: dict[str, Any]) -> Cell:
    # The engine gives nodes, edges, paths and durations as maps too. Their keys tell which of these it is, and the
    # types of their values that it isn't a map which the text itself made with such keys.
    convert = _ENTITIES.get(frozenset(value))
    return _cells(value) if convert is None else convert(value)


def _is_node(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == _NODE
        and isinstance(value["id"], int)
        and isinstance(value["labels"], list)
        and all(isinstance(label, str) for label in value["labels"])
        and _are_properties(value["properties"])
    )


def _is_edge(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == _EDGE
        and all(isinstance(value[name], int) for name in ("id", "start", "end"))
        and isinstance(value["type"], str)
        and _are_properties(value["properties"])
    )


def _are_properties(value: Any) -> bool:
    return isinstance(value, dict) and frozenset(value) not in _ENTITIES


def _node_cell(value: dict[str, Any]) -> Cell:
    if not _is_node(value):
        return _cells(value)
    # The engine adds the label as ``type``. No node declares a property of that name.
    labels = value["labels"]
    properties = {name: own for name, own in value["properties"].items() if name != "type" and [own] != labels}
    return query_text.node_cell(labels, _cells(properties))


def _edge_cell(value: dict[str, Any]) -> Cell:
    return query_text.edge_cell(_cells(value["properties"])) if _is_edge(value) else _cells(value)


def _path_cell(value: dict[str, Any]) -> Cell:
    nodes, edges = value["nodes"], value["relationships"]
    if not (isinstance(nodes, list) and isinstance(edges, list) and len(nodes) == len(edges) + 1):
        return _cells(value)
    if not (all(map(_is_node, nodes)) and all(map(_is_edge, edges))):
        return _cells(value)
    return query_text.path_cell([_cell(node) for node in nodes], [_cell(edge) for edge in edges])  # type: ignore[misc]  # they are maps


def _duration_cell(value: dict[str, Any]) -> Cell:
    parts = value.values()
    return query_text.duration_cell(**value) if all(type(part) is int for part in parts) else _cells(value)


_NODE = frozenset({"id", "labels", "properties"})
_EDGE = frozenset({"id", "start", "end", "type", "properties"})
_DURATION = frozenset({"months", "days", "seconds"})
_ENTITIES: dict[frozenset[str], Callable[[dict[str, Any]], Cell]] = {
    _NODE: _node_cell,
    _EDGE: _edge_cell,
    frozenset({"nodes", "relationships"}): _path_cell,
    _DURATION: _duration_cell,
    _DURATION | {"nanoseconds"}: _duration_cell,
}


def _cells(properties: Mapping[str, Any]) -> dict[str, Cell]:
    return {name: _cell(value) for name, value in properties.items()}
