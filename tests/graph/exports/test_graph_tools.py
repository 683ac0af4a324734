"""GraphML, GEXF, node-link and Cytoscape JSON, read back by the tools that they are for."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given

from newsgraph.graph.exports import cytoscape, gexf, graphml, nodelink
from newsgraph.graph.exports.context import TextWriter, Writing
from newsgraph.graph.exports.sanitise import attribute, display
from newsgraph.graph.schema import Type, Value
from newsgraph.graph.subgraph import Part, select
from newsgraph.output.times import iso
from tests.graph.exports.graphs import FEWER, MemoryStore, graphs, sample, texts

Plain = dict[str, Any]
#: Without what XML can't hold, and without the empty texts that the readers take for absent.
XML_GRAPHS = graphs(texts(control=False, empty=False))


def written(write: Callable[[Writing, TextWriter], None], store: MemoryStore) -> tuple[str, Writing]:
    out = io.StringIO()
    writing = Writing(select(store))
    write(writing, out.write)
    return out.getvalue(), writing


def plain(kind: Type, value: Value, *, lists: bool) -> object:
    """A value as graph tools hold it: times as texts, and lists too where they have none."""
    if isinstance(value, datetime):
        return iso(value)
    if kind is Type.TEXTS:
        return list(value) if lists else json.dumps(value, ensure_ascii=False, separators=(",", ":"))  # type: ignore[arg-type]  # TEXTS is a tuple
    return value


def expected(part: Part, *, lists: bool) -> tuple[dict[str, Plain], list[tuple[str, str, Plain]]]:
    """The nodes and edges of a part as graph tools hold them."""
    nodes: dict[str, Plain] = {}
    edges: list[tuple[str, str, Plain]] = []
    for node_type in part.node_types:
        kinds = {one.name: one.type for one in node_type.properties}
        for node in part.nodes(node_type.label):
            nodes[f"{node.label}:{told_apart(node.id)}"] = {"type": node.label, "label": display(node)} | {
                attribute(node.label, name): plain(kinds[name], value, lists=lists)
                for name, value in node.properties.items()
            }
    for edge_type in part.edge_types:
        kinds = {one.name: one.type for one in edge_type.properties}
        for edge in part.edges(edge_type.type):
            properties = {name: plain(kinds[name], value, lists=lists) for name, value in edge.properties.items()}
            ends = f"{edge_type.start}:{told_apart(edge.start)}", f"{edge_type.end}:{told_apart(edge.end)}"
            edges.append((*ends, {"type": edge.type} | properties))
    return nodes, edges


def told_apart(id: str) -> str:
    """What looks like an escape of ours in an id is written as one itself, so that two ids never become one."""
    return id.replace("\\u{", "\\u{5c}u{")


def same_edges(found: list[tuple[str, str, Plain]], wanted: list[tuple[str, str, Plain]]) -> None:
    def key(edge: tuple[str, str, Plain]) -> tuple[str, str, str]:
        return edge[0], edge[1], edge[2]["type"]

    assert sorted(found, key=key) == sorted(wanted, key=key)


@FEWER
@given(XML_GRAPHS)
def test_networkx_reads_graphml_as_it_went_out(store: MemoryStore) -> None:
    text, writing = written(graphml.write, store)
    graph = nx.parse_graphml(text, force_multigraph=True)
    nodes, edges = expected(select(store), lists=False)
    assert dict(graph.nodes(data=True)) == nodes
    same_edges(list(graph.edges(data=True)), edges)
    assert graph.is_directed()
    assert (writing.report("-").nodes, writing.report("-").edges) == (len(nodes), len(edges))
    assert writing.report("-").losses == ()


@FEWER
@given(XML_GRAPHS)
def test_igraph_reads_graphml_as_it_went_out(tmp_path_factory: pytest.TempPathFactory, store: MemoryStore) -> None:
    igraph = pytest.importorskip("igraph", reason="igraph comes with newsgraph[dev]")
    path = tmp_path_factory.mktemp("igraph") / "graph.graphml"
    path.write_text(written(graphml.write, store)[0], encoding="utf-8", newline="")
    graph = igraph.Graph.Read_GraphML(str(path))
    nodes, edges = expected(select(store), lists=False)

    def present(attributes: Plain, wanted: Plain) -> Plain:
        # igraph gives every vertex every attribute, with "", NaN or False where it is absent.
        return {name: value for name, value in attributes.items() if name in wanted}

    def floats(properties: Plain) -> Plain:
        return {name: float(value) if type(value) is int else value for name, value in properties.items()}

    # It knows no whole numbers, and shows an ampersand in an id (not in a property) as the reference.
    ids = {vertex.index: vertex["id"].replace("&#38;", "&") for vertex in graph.vs}
    found = {ids[vertex.index]: present(vertex.attributes(), nodes[ids[vertex.index]]) for vertex in graph.vs}
    assert found == {one: floats(properties) for one, properties in nodes.items()}
    found_edges = []
    by_key = {(start, end, properties["type"]): properties for start, end, properties in edges}
    for edge in graph.es:
        start, end = ids[edge.source], ids[edge.target]
        found_edges.append((start, end, present(edge.attributes(), by_key[start, end, edge["type"]])))
    same_edges(found_edges, [(start, end, floats(properties)) for start, end, properties in edges])


@FEWER
@given(XML_GRAPHS)
def test_networkx_reads_gexf_as_it_went_out(store: MemoryStore) -> None:
    text, _ = written(gexf.write, store)
    # networkx knows no dateTime, which GEXF asks for; it takes the times themselves as texts.
    graph = nx.read_gexf(io.BytesIO(text.replace('timeformat="dateTime"', 'timeformat="date"').encode()), version="1.3")
    part = select(store)
    nodes, edges = expected(part, lists=False)
    for node_type, time in (("Story", "published_at"), ("Event", "first_published_at")):
        for properties in nodes.values():
            if properties["type"] == node_type and time in properties:
                properties["start"] = properties[time]
    for _, properties in graph.nodes(data=True):
        assert set(properties.pop("viz")) == {"color", "position", "size"}
    assert {one: dict(properties) for one, properties in graph.nodes(data=True)} == nodes
    kinds = re.findall(r'<edge id="(\d+)"[^>]* kind="(\w+)"', text)
    by_id = dict(kinds)
    found = []
    for start, end, properties in graph.edges(data=True):
        type = by_id[properties.pop("id")]
        found.append((start, end, {"type": type, **properties}))
    same_edges(found, edges)


@FEWER
@given(graphs())
def test_networkx_reads_node_link_json_as_it_went_out(store: MemoryStore) -> None:
    text, writing = written(nodelink.write, store)
    graph = nx.node_link_graph(json.loads(text), edges="edges")
    nodes, edges = expected(select(store), lists=True)
    assert dict(graph.nodes(data=True)) == nodes
    same_edges(list(graph.edges(data=True)), edges)
    assert all(key == properties["type"] for _, _, key, properties in graph.edges(keys=True, data=True))
    assert writing.report("-").losses == ()


@FEWER
@given(graphs())
def test_networkx_reads_cytoscape_json_as_it_went_out(store: MemoryStore) -> None:
    document = json.loads(written(cytoscape.write, store)[0])
    elements = [element["data"] for element in document["elements"]["edges"]]
    # networkx wants a field that Cytoscape has no use for, and tells parallel edges apart by another.
    for element in document["elements"]["nodes"]:
        element["data"]["value"] = element["data"]["id"]
    for element in document["elements"]["edges"]:
        element["data"] = element["data"] | {"key": element["data"]["type"]}
    graph = nx.cytoscape_graph(document | {"directed": True, "multigraph": True, "data": []})
    nodes, edges = expected(select(store), lists=True)
    for properties in nodes.values():
        properties.setdefault("name", properties["label"])
    assert {
        one: {k: v for k, v in found.items() if k not in {"id", "value"}} for one, found in graph.nodes(data=True)
    } == {one: {**properties} for one, properties in nodes.items()}
    assert graph.number_of_edges() == len(elements)
    assert len({element["id"] for element in elements}) == len(elements)
    same_edges(
        [
            (e["source"], e["target"], {k: v for k, v in e.items() if k not in {"id", "source", "target"}})
            for e in elements
        ],
        edges,
    )


@FEWER
@given(graphs())
def test_what_xml_cannot_hold_is_replaced_and_said(store: MemoryStore) -> None:
    for write in (graphml.write, gexf.write):
        text, writing = written(write, store)
        nodes, _ = expected(select(store), lists=False)
        bad = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
        if write is graphml.write:
            graph = nx.parse_graphml(text, force_multigraph=True)
            # Ids stay different, whatever they hold.
            assert len(graph) == len(nodes)
        in_values = any(isinstance(v, str) and bad.search(v) for p in nodes.values() for v in p.values())
        if in_values:
            assert any("control characters" in line for line in writing.report("-").losses)
        assert not bad.search(text)


def test_types_are_declared(tmp_path: Path) -> None:
    text, _ = written(graphml.write, sample())
    assert '<key id="node_width" for="node" attr.name="width" attr.type="long"/>' in text
    assert '<key id="node_published" for="node" attr.name="published" attr.type="boolean"/>' in text
    assert '<key id="edge_similarity" for="edge" attr.name="similarity" attr.type="double"/>' in text
    text, _ = written(gexf.write, sample())
    assert '<attribute id="heat" title="heat" type="long"/>' in text


def test_gexf_stories_appear_when_they_were_published() -> None:
    text, _ = written(gexf.write, sample())
    starts = dict(re.findall(r'<node id="([^"]+)" label="[^"]*" start="([^"]+)">', text))
    assert starts["Story:https://a.example/1"] == "2020-06-01T08:00:00Z"
    assert starts["Event:event:1"] == "2020-06-01T08:00:00Z"
    assert "Story:https://c.example/2" not in starts
    assert 'mode="dynamic" timerepresentation="interval" timeformat="dateTime"' in text


def test_a_value_of_another_type_is_left_out_and_said() -> None:
    store = sample()
    store.batch.nodes[0].properties["heat"] = "hot"  # type: ignore[index]  # as a query of the user's own may leave it
    for write in (graphml.write, gexf.write, nodelink.write, cytoscape.write):
        text, writing = written(write, store)
        assert "hot" not in text
        assert writing.report("-").losses == ("1 values of another type than the schema declares left out",)


def test_numbers_that_no_tool_holds_are_left_out_and_said() -> None:
    store = sample()
    store.batch.nodes[0].properties["heat"] = 2**63  # type: ignore[index]
    next(e for e in store.batch.edges if e.type == "COPY_OF").properties["similarity"] = float("nan")  # type: ignore[index]
    for write in (graphml.write, gexf.write, nodelink.write, cytoscape.write):
        losses = written(write, store)[1].report("-").losses
        assert losses == ("1 numbers that are not finite left out", "1 whole numbers beyond 64 bits left out")


@pytest.mark.parametrize("write", [graphml.write, gexf.write, nodelink.write, cytoscape.write])
def test_lone_surrogates_are_replaced_and_ids_stay_different(write: Callable[[Writing, TextWriter], None]) -> None:
    store = sample()
    nodes = list(store.batch.nodes)
    nodes[0].properties["title"] = "a\ud800b"  # type: ignore[index]
    twins = [type(nodes[0])("Topic", one, {}) for one in ("x\ud800", "x\\u{d800}", "x\ufffd")]
    store.batch = type(store.batch)([*nodes, *twins])
    text, writing = written(write, store)
    text.encode()
    assert "a\ufffdb" in text
    assert writing.report("-").losses
    assert len(set(re.findall(r'id"?[=:] ?"(Topic:x[^"]*)"', text))) == 3
