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
    # The engine gives nodes, edges, paths and durations as maps too. Their keys tell which of these it is.
    keys = value.keys()
    convert = _ENTITIES.get(frozenset(keys))
    if convert is not None:
        return convert(value)
    if {"months", "days", "seconds"} <= keys <= {"months", "days", "seconds", "nanoseconds"}:
        return query_text.duration_cell(**value)
    return _cells(value)


def _node_cell(value: dict[str, Any]) -> Cell:
    # The engine adds the label as ``type``. No node declares a property of that name.
    labels = value["labels"]
    properties = {name: own for name, own in value["properties"].items() if name != "type" and [own] != labels}
    return query_text.node_cell(labels, _cells(properties))


def _edge_cell(value: dict[str, Any]) -> Cell:
    return query_text.edge_cell(_cells(value["properties"]))


def _path_cell(value: dict[str, Any]) -> Cell:
    nodes, edges = [_cell(node) for node in value["nodes"]], [_cell(edge) for edge in value["relationships"]]
    return query_text.path_cell(nodes, edges)  # type: ignore[arg-type]  # nodes and edges come as maps


_ENTITIES: dict[frozenset[str], Callable[[dict[str, Any]], Cell]] = {
    frozenset({"id", "labels", "properties"}): _node_cell,
    frozenset({"id", "start", "end", "type", "properties"}): _edge_cell,
    frozenset({"nodes", "relationships"}): _path_cell,
}


def _cells(properties: Mapping[str, Any]) -> dict[str, Cell]:
    return {name: _cell(value) for name, value in properties.items()}
