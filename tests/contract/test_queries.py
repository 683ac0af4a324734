"""Cypher on every store: the same columns, rows and types, the same refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from newsgraph.errors import QueryError, QueryTimeoutError, ReadOnlyError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.stores.protocol import Rows, Store
from tests.contract.conftest import Maker

TIME = datetime(2020, 6, 10, 23, 5, 1, 123456, tzinfo=UTC)
A = Node("Story", "a", {"title": "T", "heat": 3, "published": True, "published_at": TIME})
GRAPH = Batch(
    [
        A,
        Node("Story", "b"),
        Node("Topic", "t", {"name": "N", "keywords": ("x", "")}),
        Node("Outlet", "o", {"name": "O"}),
        Node("Event", "e", {"story_count": 2}),
    ],
    [
        Edge("ABOUT", "a", "t", {"said": "{}"}),
        Edge("RELATED_TO", "a", "b", {"position": 0}),
        Edge("COVERS", "a", "e", {"score": 1.0}),
        Edge("PUBLISHED_BY", "a", "o"),
        Edge("PUBLISHED_BY", "b", "o"),
    ],
)


@pytest.fixture(scope="module")
def full(new_store: Maker) -> Iterator[Store]:
    """A store with GRAPH, for tests that only read."""
    with new_store() as store:
        store.write(GRAPH)
        yield store


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RETURN 1 AS x", 1),
        ("RETURN 1.0 AS x", 1.0),
        ("RETURN 7 / 2 AS x", 3),
        ("RETURN true AS x", True),
        ("RETURN null AS x", None),
        ("RETURN 'é\U0001f600' AS x", "é\U0001f600"),
        ("RETURN [1, [null, 'a'], {k: 2.5}] AS x", [1, [None, "a"], {"k": 2.5}]),
        ("RETURN {a: {b: []}} AS x", {"a": {"b": []}}),
        ("RETURN date('2020-02-29') AS x", date(2020, 2, 29)),
        ("RETURN datetime('2020-01-01T01:00:00+02:00') AS x", datetime(2019, 12, 31, 23, tzinfo=UTC)),
        ("RETURN localdatetime('2020-01-01T01:00:00') AS x", datetime(2020, 1, 1, 1)),  # it has no zone
        ("RETURN time('10:00:00+01:00') AS x", "10:00:00+01:00"),
        ("RETURN localtime('10:00:00') AS x", "10:00:00"),
        ("RETURN duration('P14M3DT3665.5S') AS x", "P1Y2M3DT1H1M5.5S"),
        ("RETURN duration('PT0S') AS x", "PT0S"),
        ("RETURN [duration('P1D'), datetime('2020-01-01T00:00:00Z')] AS x", ["P1D", datetime(2020, 1, 1, tzinfo=UTC)]),
        ("RETURN point({latitude: 1.5, longitude: 2}) AS x", {"latitude": 1.5, "longitude": 2.0}),
        ("MATCH (s:Story {id: 'a'}) RETURN s AS x", {"id": "a", **A.properties}),
        ("MATCH (s:Story {id: 'b'}) RETURN s AS x", {"id": "b"}),
        ("MATCH (s:Story {id: 'b'}) RETURN s.title AS x", None),
        ("MATCH (s:Story {id: 'a'}) RETURN s.published_at AS x", TIME),
        ("MATCH (s:Story {id: 'a'}) RETURN s.heat AS x", 3),
        ("MATCH (s:Story {id: 'a'}) RETURN labels(s) AS x", ["Story"]),
        ("MATCH (t:Topic) RETURN t AS x", {"id": "t", "name": "N", "keywords": ["x", ""]}),
        ("MATCH (t:Topic) RETURN properties(t) AS x", {"id": "t", "name": "N", "keywords": ["x", ""]}),
        ("MATCH (t:Topic) RETURN t {.*} AS x", {"id": "t", "name": "N", "keywords": ["x", ""]}),
        ("MATCH (t:Topic) RETURN t.title AS x", None),
        ("MATCH (t:Topic) UNWIND keys(t) AS k WITH k ORDER BY k RETURN collect(k) AS x", ["id", "keywords", "name"]),
        ("MATCH (e:Event) RETURN e AS x", {"id": "e", "story_count": 2}),
        ("MATCH (:Story)-[r:COVERS]->() RETURN r AS x", {"score": 1.0}),
        ("MATCH (:Story)-[r:ABOUT]->() RETURN properties(r) AS x", {"said": "{}"}),
        ("MATCH (:Story)-[r:COVERS]->() RETURN type(r) AS x", "COVERS"),
        (
            "MATCH p = (:Story)-[:COVERS]->() RETURN p AS x",
            [{"id": "a", **A.properties}, {"score": 1.0}, {"id": "e", "story_count": 2}],
        ),
        (
            "MATCH (:Story)-[r:COVERS]->(e) RETURN {e: e, l: [r]} AS x",
            {"e": {"id": "e", "story_count": 2}, "l": [{"score": 1.0}]},
        ),
        ("MATCH p = (:Story {id: 'a'})-[:COVERS]->() RETURN [n IN nodes(p) | n.id] AS x", ["a", "e"]),
        ("MATCH (s:Story) RETURN count(s) AS x", 2),
        ("MATCH (s:Nowhere) RETURN count(s) AS x", 0),
        ("MATCH (s:Story {id: 'a'}) RETURN s.published_at > datetime('2020-06-10T00:00:00Z') AS x", True),
        (
            "MATCH (s:Story) "
            "RETURN max(duration.inSeconds(datetime('2020-06-10T23:00:00Z'), s.published_at).seconds) AS x",
            301,
        ),
        (
            "MATCH (s:Story) WHERE COUNT { (s)-[:PUBLISHED_BY]->()<-[:PUBLISHED_BY]-() } > 0 RETURN min(s.id) AS x",
            "a",
        ),
    ],
)
def test_cells(full: Store, text: str, expected: Any) -> None:
    rows = full.query(text)
    assert rows == Rows(("x",), [(expected,)])
    assert same_types(rows.rows[0][0], expected)


def test_each_cell_of_a_mixed_column_is_what_it_is_alone(full: Store) -> None:
    kinds = "['a', 1, null, 2.5, true, datetime('2020-01-01T01:00:00+01:00'), date('2020-01-02'), duration('P1D'), [1]]"
    expected = ["a", 1, None, 2.5, True, datetime(2020, 1, 1, tzinfo=UTC), date(2020, 1, 2), "P1D", [1]]
    rows = full.query(f"WITH {kinds} AS kinds UNWIND range(0, 8) AS place RETURN place, kinds[place] AS x")
    assert rows.rows == list(enumerate(expected))
    assert all(same_types(x, wanted) for (_, x), wanted in zip(rows.rows, expected, strict=True))


def same_types(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same_types(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return all(map(same_types, one, other))
    return not isinstance(one, datetime) or one.utcoffset() == other.utcoffset()


def test_a_node_begins_with_its_id_then_follows_the_schema(full: Store) -> None:
    (row,) = full.query("MATCH (s:Story {id: 'a'}) RETURN s")
    assert isinstance(row[0], dict)
    assert list(row[0]) == ["id", "title", "published_at", "heat", "published"]


def test_columns_and_rows(full: Store) -> None:
    rows = full.query("MATCH (s:Story) RETURN s.id, s.heat AS heat ORDER BY s.id")
    assert rows.columns == ("s.id", "heat")
    assert list(rows) == [("a", 3), ("b", None)]
    assert len(rows) == 2
    assert rows.to_dicts() == [{"s.id": "a", "heat": 3}, {"s.id": "b", "heat": None}]
    assert full.query("MATCH (s:Story {id: 'z'}) RETURN s.id AS id") == Rows(("id",), [])


@pytest.mark.parametrize(
    ("order", "expected"),
    [("x", ["A", "a", "é", 1, 2.5, 3, None]), ("x DESC", [None, 3, 2.5, 1, "é", "a", "A"])],
)
def test_order(full: Store, order: str, expected: list[Any]) -> None:
    rows = full.query(f"UNWIND $given AS x RETURN x ORDER BY {order}", {"given": [3, "a", None, "A", 1, "é", 2.5]})
    assert [row[0] for row in rows] == expected


@pytest.mark.parametrize(
    "value",
    [1, 1.0, -(2**63), True, None, "é\U0001f600\0'\"\\", [], [1, None, "a"], {"a": [1.5]}, date(2020, 1, 1), TIME, {}],
    ids=ascii,
)
def test_parameters_come_back(full: Store, value: Any) -> None:
    (row,) = full.query("RETURN $value AS value", {"value": value})
    assert row == (value,)
    assert same_types(row[0], value)


def test_parameters_of_other_forms(full: Store) -> None:
    kolkata = timezone(timedelta(hours=5, minutes=30))
    parameters = {"time": TIME.astimezone(kolkata), "texts": ("a", "b"), "unused": 1}
    assert list(full.query("RETURN $time AS time, $texts AS texts", parameters)) == [(TIME, ["a", "b"])]
    found = full.query(
        "MATCH (s:Story) WHERE s.published_at = $time AND s.id IN $ids RETURN s.id", {**parameters, "ids": ["a"]}
    )
    assert list(found) == [("a",)]


@pytest.mark.parametrize(
    "value",
    [object(), 2**63, {1, 2}, "\ud800", ["\ud800"]],
    ids=["an object", "a large number", "a set", "half a character", "half a character in a list"],
)
def test_a_parameter_that_no_store_knows(full: Store, value: Any) -> None:
    with pytest.raises(QueryError):
        full.query("RETURN $value", {"value": value})


def test_missing_parameters_are_named(full: Store) -> None:
    with pytest.raises(QueryError, match=r"no value for \$from, \$until"):
        full.query("RETURN $until, $from, $given, '$text', `$name` // $comment", {"given": 1})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "MATCH (n",
        "RETUR 1",
        "MATCH (n) RETURN m",
        "RETURN nope(1)",
        "RETURN 1 / 0",
        "RETURN 'a",
        "RETURN 1; RETURN 2",
    ],
)
def test_a_text_that_is_refused_gives_one_line(full: Store, text: str) -> None:
    with pytest.raises(QueryError) as caught:
        full.query(text)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


WRITING = [
    "CREATE (:Story {id: 'z'})",
    "create(:Story {id: 'z'})",
    "MERGE (s:Story {id: 'z'})",
    "MATCH (s:Story) SET s.title = 'hacked'",
    "MATCH (s:Story) SET s += {title: 'hacked'}",
    "MATCH (s:Story) SET s:Topic",
    "MATCH (s:Story) REMOVE s.title",
    "MATCH (s:Story) DETACH DELETE s",
    "MATCH ()-[r]->() DELETE r",
    "MATCH (s:Story) FOREACH (x IN [1] | SET s.title = 'x')",
    "MATCH (s:Story) /* ' */ SET s.title = 'hacked' // '",
    "MATCH (s:Story) // \n SET s.title = 'hacked'",
    "MATCH (s:Story) WITH s, '\\'' AS x SET s.title = x",
    "RETURN 1 AS `a` UNION CREATE (:Story {id: 'z'}) RETURN 1 AS `a`",
    "UNWIND [1] AS x CALL { CREATE (:Story {id: 'z'}) } RETURN x",
    "EXPLAIN CREATE (:Story {id: 'z'})",
    "PROFILE CREATE (:Story {id: 'z'})",
    "CREATE INDEX FOR (s:Story) ON (s.heat)",
    "CREATE CONSTRAINT FOR (s:Story) REQUIRE s.heat IS UNIQUE",
    "DROP INDEX x IF EXISTS",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "MATCH (s:Story) WITH s LIMIT 1 SET\ts.title = 'x' RETURN s",
]


@pytest.mark.parametrize("text", WRITING)
def test_reading_queries_cannot_write(full: Store, text: str) -> None:
    with pytest.raises(ReadOnlyError):
        full.query(text)
    assert list(full.nodes("Story")) == list(GRAPH.nodes[:2])
    assert len(list(full.edges("PUBLISHED_BY"))) == 2


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (s:Story) WHERE s.title = 'CREATE (x) SET' RETURN s.id AS set_id // DELETE",
        "MATCH (s:Story) RETURN s.id AS `SET` /* MERGE */",
        'RETURN "it\'s REMOVE" AS delete_this',
        "WITH {set: 1, create: 2} AS m RETURN m.set, m.create",
        "MATCH (s:Story) WHERE s.created = $set RETURN s",
    ],
)
def test_words_that_only_look_like_writing(full: Store, text: str) -> None:
    full.query(text, {"set": 1})


def test_writing_by_query(store: Store) -> None:
    store.write(GRAPH)
    rows = store.query("MERGE (s:Story {id: $id}) SET s.title = 'new' RETURN s.id AS id", {"id": "c"}, write=True)
    assert rows == Rows(("id",), [("c",)])
    store.query("MATCH (s:Story {id: 'c'}), (t:Topic) CREATE (s)-[:ABOUT {said: 'x'}]->(t)", write=True)
    store.query("MATCH (s:Story {id: 'b'}) DETACH DELETE s", write=True)
    assert list(store.nodes("Story")) == [A, Node("Story", "c", {"title": "new"})]
    assert list(store.edges("ABOUT")) == [*GRAPH.edges[:1], Edge("ABOUT", "c", "t", {"said": "x"})]
    assert list(store.edges("RELATED_TO")) == []
    with pytest.raises(ReadOnlyError):
        store.query("MATCH (s) DETACH DELETE s")


def test_a_writing_query_that_fails_changes_nothing(store: Store) -> None:
    store.write(GRAPH)
    with pytest.raises(QueryError):
        store.query("MATCH (s:Story) WITH s ORDER BY s.id SET s.heat = 1 / (coalesce(s.heat, 0))", write=True)
    assert list(store.nodes("Story")) == list(GRAPH.nodes[:2])


@pytest.mark.parametrize(
    ("limit", "kept", "cut"), [(None, 3, False), (3, 3, False), (4, 3, False), (2, 2, True), (1, 1, True)]
)
def test_a_limit_says_whether_it_cut(full: Store, limit: int | None, kept: int, cut: bool) -> None:
    rows = full.query("UNWIND [3, 1, 2] AS x RETURN x ORDER BY x", limit=limit)
    assert [row[0] for row in rows] == [1, 2, 3][:kept]
    assert rows.cut is cut


def test_a_query_that_takes_too_long(store: Store) -> None:
    store.write(Batch([Node("Story", str(number)) for number in range(3000)]))
    product = "MATCH (a:Story), (b:Story), (c:Story), (d:Story) WHERE a.id + b.id + c.id < d.id RETURN count(*)"
    with pytest.raises(QueryTimeoutError, match=r"0\.2 s"):
        store.query(product, timeout=0.2)
    assert list(store.query("MATCH (s:Story) RETURN count(s)", timeout=60)) == [(3000,)]


def test_a_query_sees_what_was_written_before(store: Store) -> None:
    assert list(store.query("MATCH (s:Story) RETURN count(s)")) == [(0,)]
    store.write(GRAPH)
    assert list(store.query("MATCH (s:Story) RETURN count(s)")) == [(2,)]
    store.write(Batch(gone_nodes=[("Story", "a")], gone_edges=[("PUBLISHED_BY", "b", "o")]))
    assert list(store.query("MATCH (s:Story) RETURN s.id, COUNT { (s)--() }")) == [("b", 0)]
