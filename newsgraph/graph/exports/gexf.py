"""GEXF 1.3, dynamic: a story appears when it was published, an event with its first story, an edge with its two ends.

Outlets, topics and images are there from the beginning, and so is a story without a time. An edge has no times of its
own: Gephi shows it while both of its ends are shown. Node ids are ``Label:id``; ``type``
holds a node's label, an edge's ``kind`` its type, so that Gephi keeps edges of several types apart. Lists are JSON
texts. A projection is static. Format: https://gexf.net/schema.html
"""

from __future__ import annotations

from datetime import datetime

from newsgraph.graph.exports.sanitise import Encoder, attribute, display, xml_identifier
from newsgraph.graph.exports.context import TextWriter, Writing
from newsgraph.graph.property_types import iso
from newsgraph.graph.schema import EdgeType, Event, NodeType, Story, Type

_TYPES = {
    Type.TEXT: "string",
    Type.INTEGER: "long",
    Type.REAL: "double",
    Type.BOOLEAN: "boolean",
    Type.TIME: "string",
    Type.TEXTS: "string",
}
#: The property by which a node appears.
_APPEARS = {Story.label: "published_at", Event.label: "first_published_at"}
_WEIGHT = "weight"


def write(writing: Writing, out: TextWriter) -> None:
    """Writes the part as one GEXF document."""
    part = writing.part
    xml = writing.sanitiser.xml
    dynamic = part.directed
    out('<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n')
    out("<meta><creator>newsgraph</creator></meta>\n")
    mode = ' mode="dynamic" timerepresentation="interval" timeformat="dateTime"' if dynamic else ' mode="static"'
    out(f'<graph defaultedgetype="{"directed" if part.directed else "undirected"}"{mode}>\n')
    node_keys: dict[str, Type] = {"type": Type.TEXT}
    edge_keys: dict[str, Type] = {}
    for node_type in part.node_types:
        node_keys |= {attribute(node_type.label, one.name): one.type for one in part.properties(node_type)}
    for edge_type in part.edge_types:
        edge_keys |= {attribute(edge_type.type, one.name): one.type for one in part.properties(edge_type)}
    edge_keys.pop(_WEIGHT, None)  # has an attribute of its own
    for domain, keys in (("node", node_keys), ("edge", edge_keys)):
        out(f'<attributes class="{domain}" mode="static">\n')
        for name, kind in keys.items():
            out(f'<attribute id="{name}" title="{name}" type="{_TYPES[kind]}"/>\n')
        out("</attributes>\n")
    out("<nodes>\n")
    for node_type in part.node_types:
        columns = _columns(writing, node_type)
        label = node_type.label
        typed = f'<attvalue for="type" value="{label}"/>'
        appears = _APPEARS.get(label, "") if dynamic else ""
        for node in writing.nodes(label):
            found = node.properties
            start = _start(found.get(appears)) if appears else ""
            shown = xml(display(node))
            line = f'<node id="{label}:{xml(xml_identifier(node.id))}" label="{shown}"{start}><attvalues>{typed}'
            for name, opening, encode in columns:
                value = found.get(name)
                if value is not None and (text := encode(value)) is not None:
                    line += f'{opening}{text}"/>'
            out(line + "</attvalues></node>\n")
    out("</nodes>\n<edges>\n")
    count = 0
    for edge_type in part.edge_types:
        columns = _columns(writing, edge_type)
        weighted = any(name == _WEIGHT for name, _, _ in columns)
        columns = [column for column in columns if column[0] != _WEIGHT]
        opening_start, opening_end = f'" source="{edge_type.start}:', f'" target="{edge_type.end}:'
        between = f'" kind="{edge_type.type}"'
        for edge in writing.edges(edge_type.type):
            found = edge.properties
            weight = f' weight="{found[_WEIGHT]}"' if weighted and _WEIGHT in found else ""
            line = f'<edge id="{count}{opening_start}{xml(xml_identifier(edge.start))}'
            line += f"{opening_end}{xml(xml_identifier(edge.end))}{between}{weight}>"
            values = ""
            for name, opening, encode in columns:
                value = found.get(name)
                if value is not None and (text := encode(value)) is not None:
                    values += f'{opening}{text}"/>'
            out(f"{line}<attvalues>{values}</attvalues></edge>\n" if values else line + "</edge>\n")
            count += 1
    out("</edges>\n</graph>\n</gexf>\n")


def _start(time: object) -> str:
    return f' start="{iso(time)}"' if isinstance(time, datetime) else ""


def _columns(writing: Writing, declared: NodeType | EdgeType) -> list[tuple[str, str, Encoder]]:
    owner = declared.label if isinstance(declared, NodeType) else declared.type
    return [
        (
            one.name,
            f'<attvalue for="{attribute(owner, one.name)}" value="',
            writing.sanitiser.encoder(one.type, writing.sanitiser.xml),
        )
        for one in writing.part.properties(declared)
    ]
