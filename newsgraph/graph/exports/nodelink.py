"""Node-link JSON as NetworkX reads it (``networkx.node_link_graph(data, edges="edges")``) and D3 draws it.

A node's ``id`` is ``Label:id``. ``type`` holds its label, and ``label`` the text that a picture shows beside it. An
edge has ``source``, ``target`` and ``type``. It also has ``key``, which is the type again, so that two nodes can be
joined by edges of several types. Times are ISO 8601 texts in UTC; lists are lists.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from newsgraph.graph.batch import Edge, Node
from newsgraph.graph.exports.context import TextWriter, Writing
from newsgraph.graph.exports.sanitise import attribute, display, identifier
from newsgraph.graph.schema import EdgeType, NodeType

_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
Plain = dict[str, object]


def write(writing: Writing, out: TextWriter) -> None:
    """Writes the part as one JSON object, a node or edge a line."""
    part = writing.part
    directed = "true" if part.directed else "false"
    out(f'{{"directed": {directed}, "multigraph": true, "graph": {{}},\n"nodes": [')
    between = "\n"
    for node_type in part.node_types:
        plain_node = node_maker(writing, node_type)
        for node in writing.nodes(node_type.label):
            out(between + _ENCODE(plain_node(node)))
            between = ",\n"
    out('\n],\n"edges": [')
    between = "\n"
    for edge_type in part.edge_types:
        plain_edge = edge_maker(writing, edge_type)
        for edge in writing.edges(edge_type.type):
            plain = plain_edge(edge)
            plain["key"] = edge.type
            out(between + _ENCODE(plain))
            between = ",\n"
    out("\n]}\n")


def node_maker(writing: Writing, declared: NodeType) -> Callable[[Node], Plain]:
    """Makes the JSON object of a node: id, type, label and its properties."""
    label, text, plain = declared.label, writing.sanitiser.text, writing.sanitiser.plain
    columns = [(one.name, attribute(label, one.name), one.type) for one in writing.part.properties(declared)]

    def make(node: Node) -> Plain:
        made: Plain = {"id": f"{label}:{identifier(node.id)}", "type": label, "label": text(display(node))}
        found = node.properties
        for name, shown, kind in columns:
            value = found.get(name)
            if value is not None and (kept := plain(kind, value)) is not None:
                made[shown] = kept
        return made

    return make


def edge_maker(writing: Writing, declared: EdgeType) -> Callable[[Edge], Plain]:
    """Makes the JSON object of an edge: source, target, type and its properties."""
    type, plain = declared.type, writing.sanitiser.plain
    columns = [(one.name, attribute(type, one.name), one.type) for one in writing.part.properties(declared)]

    def make(edge: Edge) -> Plain:
        made: Plain = {
            "source": f"{declared.start}:{identifier(edge.start)}",
            "target": f"{declared.end}:{identifier(edge.end)}",
            "type": type,
        }
        found = edge.properties
        for name, shown, kind in columns:
            value = found.get(name)
            if value is not None and (kept := plain(kind, value)) is not None:
                made[shown] = kept
        return made

    return make
