"""GraphML with typed attributes, written as it is read.

A node's id is ``Label:id``. ``type`` holds the label of a node and the type of an edge, ``label`` what a picture writes
beside it (title or name). Times are ISO 8601 texts in UTC and lists JSON texts, for GraphML has types for neither.
Format: http://graphml.graphdrawing.org/specification.html
"""

from __future__ import annotations

from newsgraph.graph.exports.sanitise import Encoder, attribute, display, xml_identifier
from newsgraph.graph.exports.context import TextWriter, Writing
from newsgraph.graph.schema import EdgeType, NodeType, Type

_TYPES = {
    Type.TEXT: "string",
    Type.INTEGER: "long",
    Type.REAL: "double",
    Type.BOOLEAN: "boolean",
    Type.TIME: "string",
    Type.TEXTS: "string",
}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def write(writing: Writing, out: TextWriter) -> None:
    """Writes the part as one GraphML document."""
    part, sanitiser = writing.part, writing.sanitiser
    out(_HEAD)
    node_keys: dict[str, Type] = {"type": Type.TEXT, "label": Type.TEXT}
    edge_keys: dict[str, Type] = {"type": Type.TEXT}
    for node_type in part.node_types:
        node_keys |= {attribute(node_type.label, one.name): one.type for one in part.properties(node_type)}
    for edge_type in part.edge_types:
        edge_keys |= {attribute(edge_type.type, one.name): one.type for one in part.properties(edge_type)}
    for domain, keys in (("node", node_keys), ("edge", edge_keys)):
        for name, kind in keys.items():
            out(f'<key id="{domain}_{name}" for="{domain}" attr.name="{name}" attr.type="{_TYPES[kind]}"/>\n')
    out(f'<graph id="newsgraph" edgedefault="{"directed" if part.directed else "undirected"}">\n')
    xml = sanitiser.xml
    for node_type in part.node_types:
        columns = _columns(writing, node_type, "node")
        label = node_type.label
        fixed = f'"><data key="node_type">{label}</data><data key="node_label">'
        for node in writing.nodes(label):
            shown = xml(display(node))
            line = f'<node id="{label}:{xml(xml_identifier(node.id))}{fixed}{shown}</data>'
            found = node.properties
            for name, opening, encode in columns:
                value = found.get(name)
                if value is not None and (text := encode(value)) is not None:
                    line += f"{opening}{text}</data>"
            out(line + "</node>\n")
    for edge_type in part.edge_types:
        columns = _columns(writing, edge_type, "edge")
        start, end = f'<edge source="{edge_type.start}:', f'" target="{edge_type.end}:'
        fixed = f'"><data key="edge_type">{edge_type.type}</data>'
        for edge in writing.edges(edge_type.type):
            line = f"{start}{xml(xml_identifier(edge.start))}{end}{xml(xml_identifier(edge.end))}{fixed}"
            found = edge.properties
            for name, opening, encode in columns:
                value = found.get(name)
                if value is not None and (text := encode(value)) is not None:
                    line += f"{opening}{text}</data>"
            out(line + "</edge>\n")
    out("</graph>\n</graphml>\n")


def _columns(writing: Writing, declared: NodeType | EdgeType, domain: str) -> list[tuple[str, str, Encoder]]:
    owner = declared.label if isinstance(declared, NodeType) else declared.type
    return [
        (
            one.name,
            f'<data key="{domain}_{attribute(owner, one.name)}">',
            writing.sanitiser.encoder(one.type, writing.sanitiser.xml),
        )
        for one in writing.part.properties(declared)
    ]
