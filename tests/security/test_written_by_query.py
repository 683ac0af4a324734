"""Promise: a query that writes leaves a graph of the schema, or changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsgraph.errors import NewsgraphError, QueryError
from newsgraph.graph.backup import check
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from tests.security.graphs import graph

SLIPS = [
    "MATCH (s:Story) SET s.title = 5",
    "MATCH (s:Story) SET s.heat = 'hot'",
    "MATCH (s:Story) SET s.heat = 1.5",
    "MATCH (s:Story) SET s.published_at = '2026-03-02'",
    "MATCH (s:Story) SET s.published_at = date('2026-03-02')",
    "MATCH (s:Story) SET s.published = 'yes'",
    "MATCH (t:Topic) SET t.keywords = 'rain'",
    "MATCH (t:Topic) SET t.keywords = [1, 2]",
    "MATCH ()-[r:RELATED_TO]->() SET r.position = 'first'",
    "MATCH (c:Corpus) SET c.schema_version = 'two'",
    "MATCH (c:Corpus) SET c.schema_version = 99",
    "MATCH (c:Corpus) SET c.event_origin = 'mine'",
    "MATCH (c:Corpus) REMOVE c.schema_version",
    "MATCH (c:Corpus) DETACH DELETE c",
    "CREATE (:Corpus {id: 'corpus'})",
    "CREATE (:Corpus {id: 'another'})",
    "CREATE (:Story {title: 'without an id'})",
    "CREATE (:Story {id: 5})",
    "MATCH (s:Story {heat: 1}) CREATE (:Story {id: s.id})",
    "MATCH (s:Story {heat: 1}), (t:Topic) CREATE (s)-[:ABOUT]->(t)",
    "MATCH (s:Story {heat: 1}) SET s:Topic",
    "MATCH (s:Source) SET s.records = '[]'",
    "MATCH (s:Source) SET s += $map",
    "MATCH ()-[r:ABOUT]->() SET r.said = '{}'",
    "CREATE (:Source {id: 'feed/2.md'})",
    "MATCH (s:Story {heat: 1}) MERGE (e:Event {id: 'event:1'}) MERGE (s)-[:COVERS]->(e)",
    "MATCH (s:Story {heat: 1}), (o:Story {heat: 2}) MERGE (s)-[:COPY_OF]->(o)",
    "MATCH (t:Topic) SET t.keywords = [null]",
    "MATCH (s:Story) SET s.published_at = 1234567",
    "MATCH (s:Story) SET s.published_at = localdatetime('2026-03-02T09:00:00')",
    "CREATE (:Event {id: 'event:1', story_count: 'many'})",
    "MATCH (s:Story {heat: 1}) SET s.id = null",
    "MATCH (n) DETACH DELETE n",
]
#: What only a store of ours refuses: a server may hold what other applications keep beside it.
UNDECLARED = {
    "CREATE (:Note {id: 'n'})": "nodes of the label Note",
    "MATCH (s:Story {heat: 1}) SET s.titel = 'a slip'": "the property titel of Story",
    "MATCH ()-[r:ABOUT]->() SET r.weight = 2": "the property weight of ABOUT",
    "MATCH (s:Story {heat: 1}), (t:Topic) CREATE (t)-[:ABOUT]->(s)": "edges ABOUT from Topic to Story",
    "MATCH (s:Story {heat: 1}), (t:Topic) CREATE (s)-[:LIKES]->(t)": "edges LIKES from Story to Topic",
}


def contents(store: Store) -> list[object]:
    return [list(store.nodes(node.label)) for node in NODE_TYPES] + [
        list(store.edges(edge.type)) for edge in EDGE_TYPES
    ]


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_changes_nothing(store: Store, text: str) -> None:
    before = contents(store)
    with pytest.raises(NewsgraphError) as caught:
        store.user_query(text, {"map": {"records": "[]"}} if "$map" in text else None, write=True)
    assert "\n" not in str(caught.value)
    assert contents(store) == before
    check(store)


@pytest.mark.parametrize("text", UNDECLARED)
@pytest.mark.parametrize("kind", ["embedded", "networkx"])
def test_what_the_schema_does_not_know_is_refused(tmp_path: Path, kind: str, text: str) -> None:
    url = {"embedded": f"{tmp_path}/news.kgl", "networkx": "networkx:"}[kind]
    with open_store(url) as store:
        store.write(graph())
        before = contents(store)
        with pytest.raises(QueryError, match=f"it would leave {UNDECLARED[text]}, which the schema doesn't have"):
            store.user_query(text, write=True)
        assert contents(store) == before


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("MATCH (s:Story {heat: 3}) SET s.title = 'Sun' RETURN s.title AS title", 1),
        ("MATCH (s:Story {heat: 3}) SET s.title = null", 0),
        ("MATCH (s:Story) WHERE s.heat > 10 DETACH DELETE s", 0),
        ("MERGE (t:Topic {id: 'snow'}) SET t.name = 'Snow', t.keywords = ['ice']", 0),
        ("MATCH (s:Story {heat: 3}), (t:Topic) MERGE (s)-[:ABOUT]->(t)", 0),
        ("MATCH (s:Story {heat: 3}) SET s.published_at = datetime('2026-01-01T00:00:00Z')", 0),
    ],
)
def test_what_fits_is_done_once(store: Store, text: str, count: int) -> None:
    before = contents(store)
    rows = store.user_query(text, write=True)
    assert len(rows) == count
    after = contents(store)
    if "MERGE (s)-" not in text:
        assert after != before
    check(store)


def test_a_greedy_write_ends_and_changes_nothing(store: Store) -> None:
    before = contents(store)
    with pytest.raises((QueryError, NewsgraphError)):
        store.user_query(
            "UNWIND range(1, 100000000) AS x CREATE (:Topic {id: toString(x)})", write=True, timeout=3, memory="200M"
        )
    assert contents(store) == before
