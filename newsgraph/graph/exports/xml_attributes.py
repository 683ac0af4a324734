"""What the XML formats for graph tools share: which attributes there are, and a node's or edge's values as elements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newsgraph.graph.exports.context import Writing
from newsgraph.graph.exports.sanitise import Encoder, attribute
from newsgraph.graph.schema import EdgeType, NodeType, Type, Value
from newsgraph.graph.subgraph import Part

#: Names of types in GraphML and GEXF. Times are ISO 8601 texts and lists JSON texts, for neither format has both.
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
    """A property on its way out: its name, what stands before its value, and how the value is encoded."""

    name: str
    opening: str
    encode: Encoder


def attribute_types(part: Part, declared: Iterable[NodeType | EdgeType]) -> dict[str, Type]:
    """Every attribute that nodes of these labels, or edges of these types, can have, with its type."""
    return {
        attribute(owner_of(one), leaving.name): leaving.type for one in declared for leaving in part.properties(one)
    }


def xml_attributes(writing: Writing, declared: NodeType | EdgeType, opening: str) -> list[XmlAttribute]:
    """The properties that leave with the part; ``opening`` holds ``{name}`` where the attribute's name goes."""
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
    """An element for each value that is there and that the format can hold."""
    elements = ""
    for one in attributes:
        value = properties.get(one.name)
        if value is not None and (text := one.encode(value)) is not None:
            elements += f"{one.opening}{text}{closing}"
    return elements


def owner_of(declared: NodeType | EdgeType) -> str:
    """The label or the type that a declaration is of."""
    return declared.label if isinstance(declared, NodeType) else declared.type
