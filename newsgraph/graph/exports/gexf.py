"""GEXF 1.3, dynamic: a story appears when it was published, an event with its first story, an edge with its two ends.

Outlets, topics, images and stories without a time are there from the beginning. An edge has no times of its own: Gephi
shows it while both of its ends are shown. Node ids are ``Label:id``. ``type`` holds a node's label, and ``kind`` holds
an edge's type, so that Gephi keeps edges of several types apart. Lists are JSON texts. A projection is static. Every
node has its place, size and colour on the map (``viz``), so that Gephi shows a picture before any layout is run.
Format: https://gexf.net/schema.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import count

from newsgraph.graph.exports.context import TextWriter, Writing
from newsgraph.graph.exports.places import Looks, looks_of, viz
from newsgraph.graph.exports.sanitise import display, xml_identifier
from newsgraph.graph.exports.xml_attributes import TYPE_NAMES, attribute_types, value_elements, xml_attributes
from newsgraph.graph.schema import EdgeType, Event, NodeType, Story, Type
from newsgraph.output.times import iso

#: The property that says when a node appears.
_APPEARS = {Story.label: "published_at", Event.label: "first_published_at"}
_WEIGHT = "weight"
_OPENING = '<attvalue for="{name}" value="'
_CLOSING = '"/>'


def write(writing: Writing, out: TextWriter) -> None:
    """Writes the part as one GEXF document."""
    part = writing.part
    out(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
    )
    out("<meta><creator>newsgraph</creator></meta>\n")
    dynamic = part.dynamic
    mode = ' mode="dynamic" timerepresentation="interval" timeformat="dateTime"' if dynamic else ' mode="static"'
    out(f'<graph defaultedgetype="{"directed" if part.directed else "undirected"}"{mode}>\n')
    _write_attributes(out, "node", {"type": Type.TEXT, **attribute_types(part, part.node_types)})
    edge_attributes = attribute_types(part, part.edge_types)
    edge_attributes.pop(_WEIGHT, None)  # the edge's own element has it as an attribute
    _write_attributes(out, "edge", edge_attributes)
    out("<nodes>\n")
    looks = looks_of(part)
    for node_type in part.node_types:
        _write_nodes(writing, out, node_type, looks)
    out("</nodes>\n<edges>\n")
    numbers = count()
    for edge_type in part.edge_types:
        _write_edges(writing, out, edge_type, numbers)
    out("</edges>\n</graph>\n</gexf>\n")


def _write_attributes(out: TextWriter, owner: str, attributes: Mapping[str, Type]) -> None:
    out(f'<attributes class="{owner}" mode="static">\n')
    for name, type in attributes.items():
        out(f'<attribute id="{name}" title="{name}" type="{TYPE_NAMES[type]}"/>\n')
    out("</attributes>\n")


def _write_nodes(writing: Writing, out: TextWriter, declared: NodeType, looks: Looks) -> None:
    attributes = xml_attributes(writing, declared, _OPENING)
    xml, label = writing.sanitiser.xml, declared.label
    appears = _APPEARS.get(label, "") if writing.part.dynamic else ""
    fixed = f'<attvalue for="type" value="{label}"/>'
    for node in writing.nodes(label):
        start = _start(node.properties.get(appears)) if appears else ""
        shown = xml(display(node))
        opening = f'<node id="{label}:{xml(xml_identifier(node.id))}" label="{shown}"{start}><attvalues>{fixed}'
        drawn = viz(looks.of[label, node.id])
        out(f"{opening}{value_elements(attributes, node.properties, _CLOSING)}</attvalues>{drawn}</node>\n")


def _write_edges(writing: Writing, out: TextWriter, declared: EdgeType, numbers: count[int]) -> None:
    """Writes the edges of one type. ``numbers`` gives their ids and goes on counting through all types."""
    attributes = xml_attributes(writing, declared, _OPENING)
    weighted = any(attribute.name == _WEIGHT for attribute in attributes)
    attributes = [attribute for attribute in attributes if attribute.name != _WEIGHT]
    xml = writing.sanitiser.xml
    source, target, kind = f'" source="{declared.start}:', f'" target="{declared.end}:', f'" kind="{declared.type}"'
    for edge in writing.edges(declared.type):
        weight = f' weight="{edge.properties[_WEIGHT]}"' if weighted and _WEIGHT in edge.properties else ""
        ends = f"{source}{xml(xml_identifier(edge.start))}{target}{xml(xml_identifier(edge.end))}"
        values = value_elements(attributes, edge.properties, _CLOSING)
        content = f"<attvalues>{values}</attvalues>" if values else ""
        out(f'<edge id="{next(numbers)}{ends}{kind}{weight}>{content}</edge>\n')


def _start(time: object) -> str:
    return f' start="{iso(time)}"' if isinstance(time, datetime) else ""
