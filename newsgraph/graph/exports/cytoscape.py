"""Cytoscape JSON, for Cytoscape (File, Import, Network from file) and Cytoscape.js (``cytoscape({elements})``).

Nodes and edges have the same fields as in the node-link form. ``name`` holds the text that Cytoscape shows beside a
node.
"""

from __future__ import annotations

import json

from newsgraph.graph.exports.context import TextWriter, Writing
from newsgraph.graph.exports.nodelink import edge_maker, node_maker

_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def write(writing: Writing, out: TextWriter) -> None:
    """Writes the part as one JSON object, an element a line."""
    part = writing.part
    out('{"format_version": "1.0", "generated_by": "newsgraph", "target_cytoscapejs_version": "~3",\n')
    out('"data": {"name": "newsgraph"},\n"elements": {"nodes": [')
    between = "\n"
    for node_type in part.node_types:
        plain_node = node_maker(writing, node_type)
        for node in writing.nodes(node_type.label):
            plain = plain_node(node)
            plain.setdefault("name", plain["label"])
            out(f'{between}{{"data": {_ENCODE(plain)}}}')
            between = ",\n"
    out('\n],\n"edges": [')
    between = "\n"
    count = 0
    for edge_type in part.edge_types:
        plain_edge = edge_maker(writing, edge_type)
        for edge in writing.edges(edge_type.type):
            out(f'{between}{{"data": {_ENCODE({"id": f"e{count}", **plain_edge(edge)})}}}')
            between = ",\n"
            count += 1
    out("\n]}}\n")
