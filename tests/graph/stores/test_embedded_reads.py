"""What a hand-written query put there against the schema is named, however it is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsgraph.errors import StoreFormatError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import file_of, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(str(tmp_path / "news.kgl"))
    nodes = [Node("Story", id_, {"heat": 1}) for id_ in "abc"] + [Node("Event", "e")]
    opened.write(Batch(nodes, [Edge("COVERS", id_, "e", {"score": 0.5}) for id_ in "abc"]))
    yield opened
    opened.close()


def test_a_property_of_another_type(store: Store) -> None:
    store.query("MATCH (n:Story {id: 'b'}) SET n.heat = 'hot'", write=True)
    store.query("MATCH (:Story {id: 'c'})-[r:COVERS]->() SET r.score = true", write=True)
    for read in (lambda: store.nodes("Story"), lambda: store.node_columns("Story", ["title", "heat"])):
        with pytest.raises(StoreFormatError, match="Story b: its heat holds 'hot', which is no integer"):
            list(read())
    for read_edges in (lambda: store.edges("COVERS"), lambda: store.edge_columns("COVERS", ["score"])):
        with pytest.raises(StoreFormatError, match="COVERS from c to e: its score holds True, which is no real"):
            list(read_edges())
    assert [some.ids for some in store.node_columns("Story", ["title"])] == [[["a", "b", "c"]]]


def test_a_whole_number_in_a_column_of_reals(store: Store) -> None:
    store.query("MATCH (:Story {id: 'b'})-[r:COVERS]->() SET r.score = 1", write=True)
    store.query("MATCH (:Story {id: 'c'})-[r:COVERS]->() SET r.score = null", write=True)
    (some,) = store.edge_columns("COVERS", ["score"])
    assert [(type(value), value) for value in some.values[0]] == [(float, 0.5), (float, 1.0), (type(None), None)]


def test_an_id_that_is_no_text(store: Store) -> None:
    store.query("CREATE (:Story {id: 5})", write=True)
    for read in (lambda: store.nodes("Story"), lambda: store.edge_columns("COVERS", [])):
        with pytest.raises(
            StoreFormatError, match=r"Story 5: its id is no text\. Remove it by a query that may write: MATCH"
        ):
            list(read())
    store.query("MATCH (n:Story {id: 5}) DETACH DELETE n", write=True)
    assert [node.id for node in store.nodes("Story")] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("news.kgl", "news.kgl"),
        ("/a/b", "/a/b"),
        ("networkx:g.json", "g.json"),
        ("networkx:", None),
        ("neo4j://localhost", None),
        ("bolt+s://h:1/db", None),
    ],
)
def test_the_file_of_a_store(url: str, name: str | None) -> None:
    assert file_of(url) == (Path(name) if name else None)
