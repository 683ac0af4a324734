"""GraphML with typed attributes, written while the graph is read.

A node's id is ``Label:id``. ``type`` holds the label of a node or the type of an edge. ``label`` holds the text that a
picture shows beside a node (title or name). Times are ISO 8601 texts in UTC and lists are JSON texts, because GraphML
has no types for them. Format: http://graphml.graphdrawing.org/specification.html
"""

from __future__ import annotations

from newsgraph.graph.exports.context import TextWriter, Writing
from newsgraph.graph.exports.sanitise import display, xml_identifier
from newsgraph.graph.exports.xml_attributes import TYPE_NAMES, attribute_types, value_elements, xml_attributes
from newsgraph.graph.schema import EdgeType, NodeType, Type

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def write(writing: Writing, out: TextWriter) -> None:
    """Writes the part as one GraphML document."""
    part = writing.part
    out(_HEAD)
    keys = {
        "node": {"type": Type.TEXT, "label": Type.TEXT, **attribute_types(part, part.node_types)},
        "edge": {"type": Type.TEXT, **attribute_types(part, part.edge_types)},
    }
    for owner, attributes in keys.items():
        for name, type in attributes.items():
            out(f'<key id="{owner}_{name}" for="{owner}" attr.name="{name}" attr.type="{TYPE_NAMES[type]}"/>\n')
    out(f'<graph id="newsgraph" edgedefault="{"directed" if part.directed else "undirected"}">\n')
    for node_type in part.node_types:
        _write_nodes(writing, out, node_type)
    for edge_type in part.edge_types:
        _write_edges(writing, out, edge_type)
    out("</graph>\n</graphml>\n")


def _write_nodes(writing: Writing, out: TextWriter, declared: NodeType) -> None:
    attributes = xml_attributes(writing, declared, '<data key="node_{name}">')
    xml, label = writing.sanitiser.xml, declared.label
    fixed = f'"><data key="node_type">{label}</data><data key="node_label">'
    for node in writing.nodes(label):
        shown = xml(display(node))
        values = value_elements(attributes, node.properties, "</data>")
        out(f'<node id="{label}:{xml(xml_identifier(node.id))}{fixed}{shown}</data>{values}</node>\n')


def _write_edges(writing: Writing, out: TextWriter, declared: EdgeType) -> None:
    attributes = xml_attributes(writing, declared, '<data key="edge_{name}">')
    xml = writing.sanitiser.xml
    source, target = f'<edge source="{declared.start}:', f'" target="{declared.end}:'
    fixed = f'"><data key="edge_type">{declared.type}</data>'
    for edge in writing.edges(declared.type):
        ends = f"{source}{xml(xml_identifier(edge.start))}{target}{xml(xml_identifier(edge.end))}"
        out(f"{ends}{fixed}{value_elements(attributes, edge.properties, '</data>')}</edge>\n")
