"""JSON-LD with schema.org's terms: every article with its publisher, topics, pictures and event inside it.

For the terms see :mod:`newsgraph.graph.exports.rdf`. The context is inside the file, so nothing is fetched to read it.
Format: https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from newsgraph.graph.batch import Edge
from newsgraph.graph.exports.context import TextWriter, Writing
from newsgraph.graph.exports.rdf import (
    DATATYPES,
    PREFIXES,
    class_term,
    edge_term,
    iri,
    lose_properties,
    property_term,
)
from newsgraph.graph.schema import EdgeType, NodeType, Type
from newsgraph.graph.subgraph import Part

_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def write(writing: Writing, out: TextWriter) -> None:
    """Writes the part as one JSON-LD document, a node a line."""
    part = writing.part
    out(f'{{"@context": {_ENCODE(_context(part))},\n"@graph": [')
    between = "\n"
    for node_type in part.node_types:
        for line in _lines(writing, node_type):
            out(between + line)
            between = ",\n"
    out("\n]}\n")


def _lines(writing: Writing, declared: NodeType) -> Iterator[str]:
    """Yields the nodes of a label, each with the edges that start at it. Both are read in the order of ids, so each is
    read only once.
    """
    part, sanitiser = writing.part, writing.sanitiser
    columns = [(one.name, one.type, _key(property_term(declared, one.name))) for one in part.properties(declared)]
    starting = [_Edges(writing, one) for one in part.edge_types if one.start == declared.label]
    for node in writing.nodes(declared.label):
        made: dict[str, object] = {"@id": iri(node.label, node.id), "@type": _key(class_term(declared))}
        for name, kind, key in columns:
            value = node.properties.get(name)
            if value is not None and (plain := sanitiser.plain(kind, value)) is not None:
                made[key] = plain
        for edges in starting:
            ends = edges.of(node.id)
            if ends:
                made[edges.key] = ends
        yield _ENCODE(made)
    for edges in starting:  # edges that a store gave in another order than its nodes
        for edge in edges.rest():
            yield _ENCODE({"@id": iri(declared.label, edge.start), edges.key: [edges.end(edge)]})


class _Edges:
    """The edges of a type, which are given out start by start."""

    def __init__(self, writing: Writing, declared: EdgeType) -> None:
        self.key = _key(edge_term(declared))
        self._writing = writing
        self._declared = declared
        self._edges = writing.edges(declared.type)
        self._next = next(self._edges, None)

    def of(self, start: str) -> list[dict[str, str]]:
        """Returns the ends of the edges that start there, if these edges come next."""
        ends = []
        while self._next is not None and self._next.start == start:
            ends.append(self.end(self._next))
            self._next = next(self._edges, None)
        return ends

    def end(self, edge: Edge) -> dict[str, str]:
        """Returns an edge's end as a reference."""
        lose_properties(self._writing, edge)
        return {"@id": iri(self._declared.end, edge.end)}

    def rest(self) -> Iterator[Edge]:
        """Yields all edges that were not given out."""
        if self._next is not None:
            yield self._next
        yield from self._edges


def _context(part: Part) -> dict[str, object]:
    """Returns the meaning of each key: of every term that the file can hold, and of no other."""
    context: dict[str, object] = dict(PREFIXES)
    for node_type in part.node_types:
        term = class_term(node_type)
        context[_key(term)] = term
        for one in part.properties(node_type):
            term = property_term(node_type, one.name)
            typed = {"@id": term, "@type": DATATYPES[one.type]} if one.type is Type.TIME else term
            context[_key(term)] = typed
    for edge_type in part.edge_types:
        term = edge_term(edge_type)
        context[_key(term)] = term
    return context


def _key(term: str) -> str:
    """Returns the key in the file: schema.org's terms without prefix, as its tools expect them, and others with
    prefix."""
    prefix, _, name = term.partition(":")
    return name if prefix == "schema" else term
