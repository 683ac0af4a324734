"""The file of the networkx store: JSON, one node or edge a line, in one order, so that files compare well.

Times are ISO 8601 texts, lists JSON lists; the schema says which text is a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.schema import EDGES, NODES, SCHEMA_VERSION, EdgeType, NodeType, Type, Value
from newsgraph.graph.stores.networkx.shape import attribute, columns

FORMAT = "newsgraph networkx store"


def lines(whole: Batch) -> Iterator[str]:
    """The file's text, in pieces."""
    yield f'{{"format": "{FORMAT}", "schema_version": {SCHEMA_VERSION},\n"nodes": ['
    comma = "\n"
    for node in whole.nodes:
        yield comma + _json({"label": node.label, "id": node.id, **_plain(NODES[node.label], node.properties)})
        comma = ",\n"
    yield '\n],\n"links": ['
    comma = "\n"
    for edge in whole.edges:
        ends = {"type": edge.type, "source": edge.start, "target": edge.end}
        yield comma + _json({**ends, **_plain(EDGES[edge.type], edge.properties)})
        comma = ",\n"
    yield "\n]}\n"


def graph(data: Mapping[str, Any]) -> Batch:
    """What a file holds. Raises KeyError, TypeError, ValueError or AttributeError when it is damaged."""
    return Batch([_node(one) for one in data["nodes"]], [_edge(one) for one in data["links"]])


def _plain(declared: NodeType | EdgeType, properties: Mapping[str, Value]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for name, value in properties.items():
        plain[attribute(declared, name)] = value.isoformat() if isinstance(value, datetime) else value
    return plain


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _node(data: dict[str, Any]) -> Node:
    return Node(data["label"], data["id"], _typed(NODES[data["label"]], data, ("label", "id")))


def _edge(data: dict[str, Any]) -> Edge:
    properties = _typed(EDGES[data["type"]], data, ("type", "source", "target"))
    return Edge(data["type"], data["source"], data["target"], properties)


def _typed(declared: NodeType | EdgeType, data: Mapping[str, Any], own: tuple[str, ...]) -> dict[str, Value]:
    types = dict(columns(declared))
    typed: dict[str, Value] = {}
    for key, value in data.items():
        if key in own:
            continue
        name, type_ = types[key]
        if type_ is Type.TIME:
            typed[name] = datetime.fromisoformat(value)
        elif type_ is Type.TEXTS:
            typed[name] = tuple(value)
        elif type_ is Type.REAL:
            typed[name] = float(value)
        else:
            typed[name] = value
    return typed
