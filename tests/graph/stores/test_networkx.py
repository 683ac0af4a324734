"""The graph of the networkx store is the graph: what a notebook does to it, Cypher and the file see."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings

from newsgraph.errors import StoreError, StoreFormatError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.stores.networkx.graph_file import lines
from newsgraph.graph.stores.networkx.graph_file import read as from_file
from newsgraph.graph.stores.networkx.store import NetworkxStore, to_networkx
from newsgraph.graph.stores.registry import open_store
from tests.strategies import graphs

TIME = datetime(2020, 1, 1, tzinfo=UTC)
GRAPH = Batch(
    [
        Node("Story", "a", {"title": "T", "published_at": TIME}),
        Node("Story", "b"),
        Node("Topic", "t", {"keywords": ("x",)}),
        Node("Event", "e", {"label": "mine"}),
    ],
    [Edge("ABOUT", "a", "t", {"said": "{}"}), Edge("RELATED_TO", "a", "b"), Edge("COPY_OF", "a", "b")],
)


@pytest.fixture
def store() -> NetworkxStore:
    """A store in memory with GRAPH."""
    made = NetworkxStore("networkx:")
    made.write(GRAPH)
    return made


def test_the_form_of_the_graph(store: NetworkxStore) -> None:
    graph = store.graph
    assert type(graph) is nx.MultiDiGraph
    assert graph.nodes["Story:a"] == {"label": "Story", "id": "a", "title": "T", "published_at": TIME}
    assert graph.nodes["Topic:t"] == {"label": "Topic", "id": "t", "keywords": ("x",)}
    assert graph.nodes["Event:e"] == {"label": "Event", "id": "e", "event_label": "mine"}
    assert graph.edges["Story:a", "Topic:t", "ABOUT"] == {"type": "ABOUT", "said": "{}"}
    assert sorted(graph.get_edge_data("Story:a", "Story:b")) == ["COPY_OF", "RELATED_TO"]


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(batch=graphs())
def test_every_store_gives_the_same_graph(batch: Batch) -> None:
    with open_store("networkx:") as store:
        store.write(batch)
        assert isinstance(store, NetworkxStore)
        copy = to_networkx(store)
        assert nx.utils.graphs_equal(copy, store.graph)
        assert copy is not store.graph
        assert from_file("".join(lines(batch)).encode(), "networkx:") == batch


def test_what_is_done_to_the_graph_is_done_to_the_store(store: NetworkxStore) -> None:
    count = "MATCH (s:Story) RETURN count(s)"
    titles = "MATCH (s:Story) RETURN s.title ORDER BY s.id"
    graph = store.graph
    assert list(store.query(count)) == [(2,)]
    graph.add_node("Story:c", label="Story", id="c")
    assert list(store.query(count)) == [(3,)]
    graph.nodes["Story:b"]["title"] = "by hand"
    assert list(store.query(titles)) == [("T",), ("by hand",), (None,)]
    graph.add_edge("Story:b", "Story:c", key="RELATED_TO", position=1)
    assert list(store.query("MATCH (:Story {id: 'b'})-[r:RELATED_TO]->(s) RETURN s.id, r.position")) == [("c", 1)]
    graph.edges["Story:b", "Story:c", "RELATED_TO"]["position"] = 2
    assert list(store.query("MATCH (:Story {id: 'b'})-[r:RELATED_TO]->() RETURN r.position")) == [(2,)]
    store.write(Batch([Node("Story", "d", {"title": "D"})], gone_nodes=[("Story", "a")]))
    assert list(store.query(titles)) == [("by hand",), (None,), ("D",)]
    assert "Story:a" not in graph


def test_a_writing_query_changes_the_graph_that_was_given_away(store: NetworkxStore) -> None:
    graph = store.graph
    store.query("MATCH (s:Story {id: 'b'}) SET s.title = 'new' DETACH DELETE s", write=True)
    store.query("MERGE (s:Story {id: 'z'}) SET s.heat = 1", write=True)
    assert store.graph is graph
    assert sorted(graph) == ["Event:e", "Story:a", "Story:z", "Topic:t"]
    assert list(graph.edges(keys=True)) == [("Story:a", "Topic:t", "ABOUT")]
    assert list(store.query("MATCH (s:Story) RETURN s.id ORDER BY s.id")) == [("a",), ("z",)]


def test_attributes_of_ones_own_stay_in_memory(store: NetworkxStore, tmp_path: Path) -> None:
    nx.set_node_attributes(store.graph, nx.pagerank(nx.DiGraph(store.graph)), "pagerank")
    assert list(store.query("MATCH (s:Story {id: 'b'}) RETURN s.pagerank")) == [(None,)]
    assert list(store.nodes("Story", ["b"])) == [Node("Story", "b")]
    assert store.graph.nodes["Story:b"]["pagerank"] > 0


@pytest.mark.parametrize("key", ["x", "Story:other", 7, ("Story", "x")])
def test_a_node_that_is_not_of_the_schema_is_named(store: NetworkxStore, key: object) -> None:
    store.graph.add_node(key, label="Story", id="x")
    with pytest.raises(StoreFormatError, match="is not of the schema"):
        store.query("RETURN 1")


def test_an_edge_that_is_not_of_the_schema_is_named(store: NetworkxStore) -> None:
    store.graph.add_edge("Topic:t", "Story:a", key="ABOUT")
    with pytest.raises(StoreFormatError, match="'ABOUT' from 'Topic:t' to 'Story:a' is not of the schema"):
        store.query("RETURN 1")


def test_a_value_that_is_not_of_the_schema_is_named(store: NetworkxStore) -> None:
    store.graph.nodes["Story:b"]["heat"] = "hot"
    with pytest.raises(StoreFormatError, match="its heat holds 'hot'"):
        list(store.nodes("Story"))


def test_a_change_by_hand_is_saved(tmp_path: Path) -> None:
    url = f"networkx:{tmp_path / 'g.json'}"
    with NetworkxStore(url) as store:
        store.write(GRAPH)
    with NetworkxStore(url) as store:
        store.graph.remove_node("Topic:t")
    with NetworkxStore(url, readonly=True) as store:
        assert [node.id for node in store.nodes("Topic")] == []


def test_the_file_is_the_same_whatever_the_order(tmp_path: Path) -> None:
    files = []
    for name, batches in (
        ("one", [GRAPH]),
        ("two", [Batch(GRAPH.nodes[::-1]), Batch([], GRAPH.edges[::-1]), Batch(GRAPH.nodes[:1])]),
    ):
        with NetworkxStore(f"networkx:{tmp_path / name}") as store:
            for batch in batches:
                store.write(batch)
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]
    assert len(files[0].splitlines()) == len(GRAPH.nodes) + len(GRAPH.edges) + 6  # head, two lists, checksum


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"label": "Story"', '"label": "Nope"'),
        ('"id": "a"', '"id": 1'),
        ('"title": "T"', '"title": ["T"]'),
        ('"title": "T"', '"heading": "T"'),
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00"),
        ("2020-01-01T00:00:00Z", "soon"),
        ('"target": "t"', '"target": "nowhere"'),
        ('"type": "ABOUT"', '"type": "NOPE"'),
        ('"keywords": ["x"]', '"keywords": 1'),
        ('"links"', '"edges"'),
        ('"nodes": [', '"nodes": [1,'),
    ],
)
def test_a_file_that_was_damaged_by_hand(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "g.json"
    with NetworkxStore(f"networkx:{file}") as store:
        store.write(GRAPH)
    text = file.read_text(encoding="utf-8")
    assert old in text
    unchecked = re.sub(r',\n"sha256": "\w{64}"\}\n$', "}\n", text.replace(old, new))
    assert "sha256" not in unchecked
    for damaged in (text.replace(old, new), unchecked):
        file.write_text(damaged, encoding="utf-8")
        with pytest.raises(StoreFormatError, match=r"g\.json: it is damaged"):
            NetworkxStore(f"networkx:{file}")


def test_memory_holds_nothing_when_opened() -> None:
    with pytest.raises(StoreError, match="networkx:PATH"):
        open_store("networkx:", create=False)
    with open_store("networkx:", readonly=True) as store:
        assert list(store.nodes("Story")) == []


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such lock")
def test_of_two_that_save_at_once_the_later_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"networkx:{tmp_path / 'news.json'}"
    with open_store(url) as first:
        first.write(GRAPH)
    one, other = open_store(url), open_store(url)
    one.write(Batch([Node("Topic", "one")]))
    other.write(Batch([Node("Topic", "other")]))
    refused: list[StoreError] = []

    def save_the_other() -> None:
        try:
            other.save()
        except StoreError as error:
            refused.append(error)

    thread = threading.Thread(target=save_the_other)

    def slow(batch: Batch) -> Iterator[str]:
        monkeypatch.undo()
        thread.start()
        thread.join(0.2)  # it would be done by now, or later, if nothing kept it waiting
        yield from lines(batch)

    monkeypatch.setattr("newsgraph.graph.stores.networkx.graph_file.lines", slow)
    one.save()
    thread.join()
    assert [error.problem for error in refused] == ["another process has written it since it was opened"]
    with open_store(url, readonly=True) as store:
        assert {node.id for node in store.nodes("Topic")} == {"t", "one"}
