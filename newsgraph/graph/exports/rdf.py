"""The graph in terms of schema.org, for JSON-LD and N-Triples.

A story is a NewsArticle, and its IRI is its own address. Everything else has a URN made of its label and id. What
schema.org has no term for gets a term of newsgraph's own (``urn:newsgraph:term:heat``). Edges have no properties in
RDF: positions, captions, scores and similarities are left out, and the export reports that. The order of a topic's
words is lost. Vocabulary: https://schema.org/NewsArticle and https://www.w3.org/TR/skos-reference/
"""

from __future__ import annotations

import re
from urllib.parse import quote

from newsgraph.graph.batch import Edge
from newsgraph.graph.exports.context import Writing
from newsgraph.graph.schema import EdgeType, NodeType, Story, Type

PREFIXES = {
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "news": "urn:newsgraph:term:",
}
_CLASSES = {
    "Story": "schema:NewsArticle",
    "Outlet": "schema:NewsMediaOrganization",
    "Topic": "schema:DefinedTerm",
    "Image": "schema:ImageObject",
    "Author": "schema:Person",
    "Entity": "schema:Thing",
    "Version": "schema:CreativeWork",
    "Event": "schema:Collection",  # the coverage of an event, which its articles are part of
}
_PROPERTIES = {
    "Story.title": "schema:headline",
    "Story.excerpt": "schema:description",
    "Story.url": "schema:url",
    "Story.published_at": "schema:datePublished",
    "Story.kind": "schema:genre",
    "Story.category": "schema:articleSection",
    "Story.language": "schema:inLanguage",
    "Story.country": "schema:countryOfOrigin",
    "Story.agency": "schema:creditText",
    "Version.title": "schema:headline",
    "Version.excerpt": "schema:description",
    "Author.name": "schema:name",
    "Entity.name": "schema:name",
    "Outlet.name": "schema:name",
    "Outlet.logo_url": "schema:logo",
    "Topic.name": "schema:name",
    "Topic.keywords": "schema:alternateName",
    "Image.url": "schema:contentUrl",
    "Image.width": "schema:width",
    "Image.height": "schema:height",
    "Event.title": "schema:name",
    "Event.label": "schema:alternateName",
    "Event.story_count": "schema:collectionSize",
}
_EDGES = {
    "PUBLISHED_BY": "schema:publisher",
    "ABOUT": "schema:about",
    "HAS_IMAGE": "schema:image",
    "AUTHORED_BY": "schema:author",
    "MENTIONS_ENTITY": "schema:mentions",
    "COVERS": "schema:isPartOf",
    "COPY_OF": "schema:isBasedOn",
    "VERSION_OF": "schema:exampleOfWork",
    "SUBTOPIC_OF": "skos:broader",
    "MENTIONS": "schema:mentions",
}
#: XSD types of literals. Texts have none.
DATATYPES = {
    Type.INTEGER: "xsd:integer",
    Type.REAL: "xsd:double",
    Type.BOOLEAN: "xsd:boolean",
    Type.TIME: "xsd:dateTime",
}
_ADDRESS = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")


def class_term(declared: NodeType) -> str:
    """Returns the class of a label's nodes, with its prefix."""
    return _CLASSES.get(declared.label, f"news:{declared.label}")


def property_term(declared: NodeType, name: str) -> str:
    """Returns the predicate for a property, with its prefix."""
    return _PROPERTIES.get(f"{declared.label}.{name}", f"news:{name}")


def edge_term(declared: EdgeType) -> str:
    """Returns the predicate for an edge type, with its prefix."""
    return _EDGES.get(declared.type, f"news:{declared.type.lower()}")


def iri(label: str, id: str) -> str:
    """Returns the IRI of a node: a story's address, if its id is one; otherwise a URN that holds label and id."""
    if label == Story.label and _ADDRESS.fullmatch(id):
        return id
    return f"urn:newsgraph:{label.lower()}:{quote(id, safe='', errors='surrogatepass')}"


def full(term: str) -> str:
    """Returns a term with its prefix written out."""
    prefix, _, name = term.partition(":")
    return PREFIXES[prefix] + name


def lose_properties(writing: Writing, edge: Edge) -> None:
    """Records that an edge's properties are left out."""
    for name in edge.properties:
        writing.sanitiser.lose(f"values of {edge.type}.{name} left out, for RDF's edges have no properties")
