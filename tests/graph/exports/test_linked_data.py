"""JSON-LD and N-Triples, read back by rdflib."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given

from newsgraph.graph.exports import jsonld, ntriples, rdf
from newsgraph.graph.exports.context import TextWriter, Writing
from newsgraph.graph.schema import NODE_TYPES, Type
from newsgraph.graph.subgraph import Filters, Part, select
from newsgraph.output.times import iso
from tests.graph.exports.graphs import FEWER, MemoryStore, graphs, sample

rdflib = pytest.importorskip("rdflib", reason="rdflib comes with newsgraph[dev]")

# rdflib's JSON-LD parser calls rdflib's own old names.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

#: Subject, predicate, and object as its kind, text and type.
Triple = tuple[str, str, tuple[str, str, str]]
EVERYTHING = Filters(labels=tuple(one.label for one in NODE_TYPES))
A = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def written(write: Callable[[Writing, TextWriter], None], store: MemoryStore) -> tuple[str, Writing]:
    out = io.StringIO()
    writing = Writing(select(store) if not store.batch.nodes else select(store, _all(store)))
    write(writing, out.write)
    return out.getvalue(), writing


def _all(store: MemoryStore) -> Filters:
    return EVERYTHING if store.batch.nodes else Filters()


def expected(part: Part) -> set[Triple]:
    """What a part says, as triples."""
    found: set[Triple] = set()
    for node_type in part.node_types:
        for node in part.nodes(node_type.label):
            subject = rdf.iri(node.label, node.id)
            found.add((subject, A, ("iri", rdf.full(rdf.class_term(node_type)), "")))
            for name, value in node.properties.items():
                kind = node_type.property(name).type
                predicate = rdf.full(rdf.property_term(node_type, name))
                datatype = rdf.full(rdf.DATATYPES[kind]) if kind in rdf.DATATYPES else ""
                if isinstance(value, tuple):
                    found |= {(subject, predicate, ("literal", one, "")) for one in value}
                elif isinstance(value, datetime):
                    found.add((subject, predicate, ("literal", iso(value), datatype)))
                else:
                    text = str(value).lower() if kind is Type.BOOLEAN else str(value)
                    found.add((subject, predicate, ("literal", text, datatype)))
    for edge_type in part.edge_types:
        predicate = rdf.full(rdf.edge_term(edge_type))
        for edge in part.edges(edge_type.type):
            end = ("iri", rdf.iri(edge_type.end, edge.end), "")
            found.add((rdf.iri(edge_type.start, edge.start), predicate, end))
    return found


def triples(text: str, format: str) -> set[Triple]:
    """What rdflib reads, its literals exactly as they stand."""
    rdflib.NORMALIZE_LITERALS = False
    graph = rdflib.Graph()
    graph.parse(data=text, format=format)
    found: set[Triple] = set()
    for subject, predicate, end in graph:
        if isinstance(end, rdflib.Literal):
            datatype = str(end.datatype or "")
            what = ("literal", str(end), "" if datatype.endswith("#string") else datatype)
        else:
            what = ("iri", str(end), "")
        found.add((str(subject), str(predicate), what))
    return found


@FEWER
@given(graphs())
def test_rdflib_reads_n_triples_as_it_went_out(store: MemoryStore) -> None:
    text, _ = written(ntriples.write, store)
    assert triples(text, "nt") == expected(select(store, _all(store)) if store.batch.nodes else select(store))


@FEWER
@given(graphs())
def test_rdflib_reads_json_ld_as_it_went_out(store: MemoryStore) -> None:
    text, _ = written(jsonld.write, store)
    assert triples(text, "json-ld") == expected(select(store, _all(store)) if store.batch.nodes else select(store))


def test_json_ld_uses_no_term_that_its_context_does_not_define() -> None:
    document = json.loads(written(jsonld.write, sample())[0])
    context = document["@context"]

    def check(value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == "@type":
                    assert inner in context
                elif key != "@id":
                    assert key in context, key
                    check(inner)
        elif isinstance(value, list):
            for one in value:
                check(one)

    check(document["@graph"])
    assert "@vocab" not in context
    for key, term in context.items():
        target = term["@id"] if isinstance(term, dict) else term
        assert key in rdf.PREFIXES or target.partition(":")[0] in rdf.PREFIXES


def test_an_article_holds_its_publisher_topics_picture_and_event() -> None:
    document = json.loads(written(jsonld.write, sample())[0])
    article = next(one for one in document["@graph"] if one["@id"] == "https://a.example/1")
    assert article["@type"] == "NewsArticle"
    assert article["headline"] == "Bridge closed"
    assert article["datePublished"] == "2020-06-01T08:00:00Z"
    assert article["publisher"] == [{"@id": "urn:newsgraph:outlet:a.example"}]
    assert article["about"] == [{"@id": "urn:newsgraph:topic:bridges"}]
    assert article["image"] == [{"@id": "urn:newsgraph:image:https%3A%2F%2Fa.example%2Fi.png"}]
    assert article["isPartOf"] == [{"@id": "urn:newsgraph:event:event%3A1"}]
    outlet = next(one for one in document["@graph"] if one["@id"] == "urn:newsgraph:outlet:a.example")
    assert outlet["@type"] == "NewsMediaOrganization"


@pytest.mark.parametrize("write", [jsonld.write, ntriples.write])
def test_what_edges_cannot_carry_is_said(write: Callable[[Writing, TextWriter], None]) -> None:
    losses = written(write, sample())[1].report("-").losses
    assert "5 values of COVERS.score left out, for RDF's edges have no properties" in losses
    assert "1 values of HAS_IMAGE.title left out, for RDF's edges have no properties" in losses


def test_edges_out_of_the_order_of_nodes_are_not_lost() -> None:
    class Reversed(MemoryStore):
        def nodes(self, label: str, ids: Any = None) -> Any:
            return iter(list(super().nodes(label, ids))[::-1])

    store = sample()
    backwards = Reversed(store.batch)
    assert triples(written(jsonld.write, backwards)[0], "json-ld") == triples(
        written(jsonld.write, store)[0], "json-ld"
    )
