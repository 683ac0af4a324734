"""The form of the graph in an ``nx.MultiDiGraph``, as :mod:`newsgraph.graph.stores.networkx.store` describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx

from newsgraph.graph.schema import NODES, EdgeType, NodeType, Type, Value, property_types
from newsgraph.graph.stores import validation


def node_key(label: str, id_: str) -> str:
    """The key of a node in the graph."""
    return f"{label}:{id_}"


def attribute(declared: NodeType | EdgeType, name: str) -> str:
    """Returns the attribute that holds a property: its name, or a longer one if the graph itself uses that name."""
    if isinstance(declared, NodeType) and name in ("label", "id"):
        return f"{declared.label.lower()}_{name}"
    if isinstance(declared, EdgeType) and name == "type":
        return f"{declared.type.lower()}_{name}"
    return name


def put_node(graph: nx.MultiDiGraph, label: str, id_: str, properties: Mapping[str, Value]) -> None:
    """Writes a node, in place of the one with the same id. The edges stay."""
    key = node_key(label, id_)
    graph.add_node(key)
    data = graph.nodes[key]
    data.clear()
    declared = NODES[label]
    data.update(label=label, id=id_)
    data.update({attribute(declared, name): value for name, value in properties.items()})


def put_edge(graph: nx.MultiDiGraph, declared: EdgeType, start: str, end: str, properties: Mapping[str, Value]) -> None:
    start_key, end_key = node_key(declared.start, start), node_key(declared.end, end)
    if not graph.has_edge(start_key, end_key, declared.type):
        graph.add_edge(start_key, end_key, key=declared.type)
    data = graph.edges[start_key, end_key, declared.type]
    data.clear()
    data["type"] = declared.type
    data.update({attribute(declared, name): value for name, value in properties.items()})


def columns(declared: NodeType | EdgeType) -> list[tuple[str, tuple[str, Type]]]:
    """Returns the attribute, the name and the type of each declared property."""
    return [(attribute(declared, name), (name, type_)) for name, type_ in property_types(declared)]


def read(data: Mapping[str, Any], columns_: list[tuple[str, tuple[str, Type]]], subject: str) -> dict[str, Value]:
    """Returns the properties in the attributes of a node or edge. Raises StoreFormatError for a value of a wrong
    type."""
    present = [(declared, data[name]) for name, declared in columns_ if data.get(name) is not None]
    return validation.read_properties([declared for declared, _ in present], [value for _, value in present], subject)


def contents(graph: nx.MultiDiGraph) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns the attributes of nodes by key, and of edges by start, end and key. They are not copies."""
    return dict(graph.nodes(data=True)), nx.to_dict_of_dicts(graph)
