"""For the XML formats of graph tools: which attributes there are, and the values of a node or edge as elements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newsgraph.graph.exports.context import Writing
from newsgraph.graph.exports.sanitise import Encoder, attribute
from newsgraph.graph.schema import EdgeType, NodeType, Type, Value
from newsgraph.graph.subgraph import Part

#: Names of types in GraphML and GEXF. Times are ISO 8601 texts and lists JSON texts: neither format has types for both.
TYPE_NAMES = {
    Type.TEXT: "string",
    Type.INTEGER: "long",
    Type.REAL: "double",
    Type.BOOLEAN: "boolean",
    Type.TIME: "string",
    Type.TEXTS: "string",
}


@dataclass(frozen=True, slots=True)
class XmlAttribute:
    """A property that is written: its name, the text before its value, and how the value is encoded."""

    name: str
    opening: str
    encode: Encoder


def attribute_types(part: Part, declared: Iterable[NodeType | EdgeType]) -> dict[str, Type]:
    """Returns every attribute that nodes of these labels, or edges of these types, can have, with its type."""
    return {
        attribute(owner_of(one), leaving.name): leaving.type for one in declared for leaving in part.properties(one)
    }


def xml_attributes(writing: Writing, declared: NodeType | EdgeType, opening: str) -> list[XmlAttribute]:
    """Returns the properties that the part includes. In ``opening``, ``{name}`` stands for the attribute's name."""
    sanitiser = writing.sanitiser
    return [
        XmlAttribute(
            one.name,
            opening.format(name=attribute(owner_of(declared), one.name)),
            sanitiser.encoder(one.type, sanitiser.xml),
        )
        for one in writing.part.properties(declared)
    ]


def value_elements(attributes: Iterable[XmlAttribute], properties: Mapping[str, Value], closing: str) -> str:
    """Returns an element for each value that exists and that the format can hold."""
    elements = ""
    for one in attributes:
        value = properties.get(one.name)
        if value is not None and (text := one.encode(value)) is not None:
            elements += f"{one.opening}{text}{closing}"
    return elements


def owner_of(declared: NodeType | EdgeType) -> str:
    """Returns the label or the edge type of a declaration."""
    return declared.label if isinstance(declared, NodeType) else declared.type
