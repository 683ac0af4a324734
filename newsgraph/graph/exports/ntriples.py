"""N-Triples: one statement on each line, for triple stores, SPARQL and rdflib.

For the terms see :mod:`newsgraph.graph.exports.rdf`. Format: https://www.w3.org/TR/n-triples/
"""

from __future__ import annotations

import re

from newsgraph.graph.exports.context import TextWriter, Writing
from newsgraph.graph.exports.rdf import DATATYPES, class_term, edge_term, full, iri, lose_properties, property_term
from newsgraph.graph.schema import Type

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_UNSAFE = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]')


def write(writing: Writing, out: TextWriter) -> None:
    """Writes the part as N-Triples."""
    part, sanitiser = writing.part, writing.sanitiser
    for node_type in part.node_types:
        kind = f" {_TYPE} <{full(class_term(node_type))}> .\n"
        columns = []
        for one in part.properties(node_type):
            datatype = f"^^<{full(DATATYPES[one.type])}>" if one.type in DATATYPES else ""
            predicate = f" <{full(property_term(node_type, one.name))}> "
            columns.append((one.name, one.type, predicate, datatype, sanitiser.encoder(one.type, sanitiser.text)))
        for node in writing.nodes(node_type.label):
            subject = f"<{iri(node.label, node.id)}>"
            out(subject + kind)
            for name, value_type, predicate, datatype, encode in columns:
                value = node.properties.get(name)
                if value is None:
                    continue
                if value_type is Type.TEXTS:
                    items = sanitiser.plain(value_type, value)
                    for item in items if isinstance(items, list) else ():
                        out(f"{subject}{predicate}{_literal(item)} .\n")
                elif (text := encode(value)) is not None:
                    out(f"{subject}{predicate}{_literal(text)}{datatype} .\n")
    for edge_type in part.edge_types:
        predicate = f" <{full(edge_term(edge_type))}> "
        for edge in writing.edges(edge_type.type):
            lose_properties(writing, edge)
            out(f"<{iri(edge_type.start, edge.start)}>{predicate}<{iri(edge_type.end, edge.end)}> .\n")


def _literal(text: str) -> str:
    return '"' + _UNSAFE.sub(_escape, text) + '"'


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    return "\\" + char if char in '"\\' else f"\\u{ord(char):04X}"
