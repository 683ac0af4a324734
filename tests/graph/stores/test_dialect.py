"""The embedded engine's wrong answers: shown to be wrong, and refused; and what is right is not refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import kglite
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsgraph.queries
from newsgraph.errors import QueryError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.stores.embedded import engine, writes
from newsgraph.graph.stores.embedded import unsupported as dialect
from newsgraph.graph.stores.embedded.engine_text import MOST_EDGES, engine_text
from newsgraph.graph.stores.query_text import parameters_in, without_comments
from newsgraph.queries.asking.texts import packaged

QUERIES = Path(newsgraph.queries.__path__[0])
TEXTS = [
    f"{path.parent.name}/{path.stem}"
    for folder in ("questions", "lookups")
    for path in (QUERIES / folder).iterdir()
    if path.suffix == ".cypher"
]
TWICE = "(a)-[:PUBLISHED_BY]->()<-[:PUBLISHED_BY]-()"


@pytest.fixture(scope="module")
def graph() -> kglite.KnowledgeGraph:
    """Stories a, b and c of one outlet, d of another."""
    made = kglite.KnowledgeGraph()
    writes.write(
        made,
        Batch(
            [Node("Story", id_, {"title": id_.upper()}) for id_ in "abcd"] + [Node("Outlet", id_) for id_ in "op"],
            [Edge("PUBLISHED_BY", story, "p" if story == "d" else "o") for story in "abcd"],
        ),
    )
    return made


def ids(graph: kglite.KnowledgeGraph, text: str) -> list[object]:
    """The column ``id`` of what the engine answers."""
    answer = graph.cypher(text)
    assert isinstance(answer, kglite.ResultView)
    return [row["id"] for row in answer]


@pytest.mark.parametrize(
    "condition",
    [TWICE, f"exists({TWICE})", f"EXISTS {{ {TWICE} }}", f"EXISTS {{ MATCH {TWICE} }}", f"all(x IN [1] WHERE {TWICE})"],
)
def test_existence_of_a_pattern_that_repeats_a_type(graph: kglite.KnowledgeGraph, condition: str) -> None:
    text = f"MATCH (a:Story) WHERE {condition} RETURN a.id AS id ORDER BY id"
    counted = f"MATCH (a:Story) WHERE COUNT {{ {TWICE} }} > 0 RETURN a.id AS id ORDER BY id"
    right = ids(graph, counted)
    assert right == ["a", "b", "c"]
    # When this fails, the engine has learnt it: then the refusal can go.
    assert ids(graph, text) != right
    with pytest.raises(QueryError, match=r"COUNT \{"):
        dialect.check(text)
    with pytest.raises(QueryError, match=r"COUNT \{"):
        dialect.check(text.replace("WHERE", "WHERE NOT", 1))
    dialect.check(counted)


@pytest.mark.parametrize(
    ("text", "wrong", "advice"),
    [
        ("MATCH (a:Story {id: 'a'})-[r]->() RETURN startNode(r)", "A", "ends in the pattern"),
        ("MATCH (a:Story {id: 'a'})-[r]->() WITH startNode(r) AS s RETURN s", "A", "ends in the pattern"),
        ("MATCH (a:Story {id: 'a'}) RETURN a.name", "A", "title"),
        ("MATCH (a:Story {id: 'a'}) RETURN a.type", "Story", "labels"),
        ("MATCH (a:Story {id: 'a'}) RETURN a.label", "Story", "labels"),
        ("MATCH (a:Story {id: 'a'}) RETURN a.node_type", "Story", "labels"),
        ("MATCH (:Story {id: 'a'})-[r]->() RETURN r.type", "PUBLISHED_BY", "type"),
        ("MATCH (:Story {id: 'a'})-[r]->() RETURN r.id", 0, "ids of its ends"),
    ],
)
def test_values_that_are_the_engines_own(graph: kglite.KnowledgeGraph, text: str, wrong: object, advice: str) -> None:
    answer = graph.cypher(text)
    assert isinstance(answer, kglite.ResultView) and answer.scalar() == wrong
    with pytest.raises(QueryError, match=advice):
        dialect.check(text)


@pytest.mark.parametrize(
    "text",
    [
        f"MATCH {TWICE} RETURN a",
        f"MATCH (a) WHERE a.heat > 1 OPTIONAL MATCH {TWICE} RETURN a",
        f"MATCH (a) CALL (a) {{ MATCH {TWICE} RETURN count(*) AS n }} RETURN n",
        "MATCH (a) RETURN [(a)-[:PUBLISHED_BY]->()<-[:PUBLISHED_BY]-(x) | x.id]",
        "MATCH (a) WHERE EXISTS { MATCH (a)-[:PUBLISHED_BY]->(o) MATCH (o)<-[:PUBLISHED_BY]-(x) } RETURN a",
        "MATCH (a) WHERE EXISTS { (a)-[:PUBLISHED_BY]->()<-[:PUBLISHED_BY]-(x) WHERE x <> a } RETURN a",
        "MATCH (a) WHERE (a)-[:RELATED_TO]->()-[:PUBLISHED_BY]->() RETURN a",
        "MATCH (a) WHERE (a)-[:RELATED_TO]->() AND NOT (a)<-[:RELATED_TO]-() RETURN a",
        "MATCH p = shortestPath((a)-[:RELATED_TO*..5]-(b)) RETURN p",
        "MATCH (a) WHERE a.title = 'NOT (a)-[:X]->()-[:X]->()' RETURN a // WHERE (a)-->()-->()",
        "MATCH ()-[r]->() RETURN startNode(r).id, labels(endNode(r)), type(r)",
        "MATCH (a)-[r]->() WHERE startNode(r) = a WITH endNode(r) AS e RETURN e.id",
        "UNWIND $rows AS row RETURN row.type, row.name, row.label, row.id",
        "MATCH (o:Outlet) RETURN o.name, o.id",
        "MATCH (a:Story) RETURN a.id;",
        "RETURN ';'",
        "MATCH (a) WHERE (a.heat) - (a.quality) > 0 RETURN a",
        ")]}({[",
    ],
)
def test_what_is_right_is_not_refused(text: str) -> None:
    dialect.check(text)


def test_no_text_of_ours_is_refused() -> None:
    root = Path(__file__).parents[3]
    texts = [path.read_text(encoding="utf-8") for path in (root / "newsgraph" / "graph").rglob("*.cypher")]
    texts += [packaged(name) for name in TEXTS]
    assert len(texts) > len(TEXTS) > 0
    for text in texts:
        dialect.check(text)


@pytest.mark.parametrize("text", ["MATCH (a) RETURN a FORMAT CSV", "RETURN 1 AS a format csv ;"])
def test_a_format_is_left_to_the_command(text: str) -> None:
    with pytest.raises(QueryError, match="can be written as CSV"):
        dialect.check(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("MATCH (s:Story) RETURN percentileCont(s.heat, 0.5)", "sorted list"),
        ("MATCH (s:Story) RETURN max(s.heat) IS NOT NULL", "WITH first"),
    ],
)
def test_what_the_engine_lacks_comes_with_a_remedy(graph: kglite.KnowledgeGraph, text: str, advice: str) -> None:
    with pytest.raises(QueryError, match=advice):
        engine.query(graph, text, None, write=False, timeout=None, limit=None)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("MATCH (s:Story) WHERE s.published_at >= '2026-03-02' RETURN s.id AS id", "datetime"),
        ("MATCH (s:Story) WHERE '2026-03-02' < s.published_at RETURN s.id AS id", "datetime"),
        ("MATCH (s:Story) WHERE s.published_at > date('2026-03-02') RETURN s.id AS id", "datetime"),
        ("MATCH (a:Story), (b:Story) RETURN a.published_at - b.published_at AS d", "duration.inSeconds"),
        ("MATCH (s:Story) RETURN toString(s.published_at) AS t", "time itself"),
        ("RETURN [1, 2] || [3] AS joined", r"with \+"),
        ("OPTIONAL MATCH (i:Image) RETURN i, count(i) AS images", "Begin with MATCH"),
    ],
)
def test_operators_that_mean_something_else(text: str, advice: str) -> None:
    with pytest.raises(QueryError, match=advice):
        dialect.check(text)


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (s:Story) WHERE s.published_at >= datetime('2026-03-02T00:00:00Z') RETURN s.id AS id",
        "MATCH (s:Story) WHERE s.title = 'a' AND s.published_at > $t RETURN s.published_at AS t",
        "MATCH (s:Story) WHERE s.title = ' s.published_at < \\'x\\'' RETURN s.id AS id",
        "RETURN 'a' || 'b' AS joined",
        "OPTIONAL MATCH (i:Image) RETURN i.id AS i, count(i) AS images",
        "OPTIONAL MATCH (i:Image) RETURN i",
        "MATCH (s:Story) OPTIONAL MATCH (s)-[:ABOUT]->(t) RETURN s, count(t) AS topics",
    ],
)
def test_operators_that_mean_the_same(text: str) -> None:
    dialect.check(text)


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("MATCH (s:Story) RETURN s.title AS count", False),
        ("MATCH (s:Story) WHERE (s.heat > 1) AND (s.heat < 3) RETURN COUNT { (s)-[:COVERS]->(:Event) } AS n", False),
        ("MATCH (s:Story) WHERE s.title = 'count(s)' RETURN s.`group` AS x // count(s)", False),
        ("MATCH (s:Story) RETURN count(s) AS n", True),
        ("MATCH (s:Story) RETURN Count  (\n*) AS n", True),
        ("MATCH (s:Story) RETURN some.new(s) AS n", True),
        ("MATCH (s:Story) RETURN `count`(s) AS n", True),
    ],
)
def test_whether_a_text_may_aggregate(text: str, may: bool) -> None:
    assert dialect.may_aggregate(text) is may


@pytest.mark.parametrize("name", TEXTS)
def test_the_pass_that_drops_rows_runs_on_nothing_of_ours(graph: kglite.KnowledgeGraph, name: str) -> None:
    """It is left on where nothing aggregates, for to turn it off costs the engine its plans."""
    text = packaged(name)
    if not dialect.may_aggregate(text):
        values: dict[str, list[str]] = {name: [] for name in parameters_in(text)}
        steps = graph.cypher(f"EXPLAIN {without_comments(text)}", params=values)
        assert isinstance(steps, kglite.ResultView)
        done = " ".join(str(row["operation"]) for row in steps.to_list())
        assert "Return" in done and "fuse_match_return_aggregate" not in done


def test_a_variable_of_another_part_of_a_union_is_another_one() -> None:
    edge = "MATCH (s:Story)-[c:COVERS]->(e:Event) RETURN c.score AS x"
    node = "MATCH (s:Story)<-[:COPY_OF]-(c:Story) RETURN c.id AS x"
    dialect.check(f"{edge} UNION ALL {node}")
    with pytest.raises(QueryError, match="no id of its own"):
        dialect.check(f"{node} UNION {edge.replace('c.score', 'c.id')}")


def ways(edges: list[tuple[int, int]], start: int, directed: bool) -> list[tuple[int, int]]:
    """The end and the length of each way from a node that uses no edge twice."""
    found: list[tuple[int, int]] = []

    def follow(node: int, used: frozenset[int]) -> None:
        for number, (one, other) in enumerate(edges):
            if number not in used and (one == node or (other == node and not directed)):
                end = other if one == node else one
                found.append((end, len(used) + 1))
                follow(end, used | {number})

    follow(start, frozenset())
    return found


@settings(max_examples=40)
@given(
    length=st.integers(1, 14),
    extra=st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=2),
    least=st.sampled_from(["*", "*..", "*1..", "*0..", "*3..", " * 2 .. "]),
    directed=st.booleans(),
)
def test_a_pattern_without_a_limit_follows_all_edges(
    length: int, extra: list[tuple[int, int]], least: str, directed: bool
) -> None:
    edges = sorted({(number, number + 1) for number in range(length)} | set(extra))
    made = kglite.KnowledgeGraph()
    related = [Edge("RELATED_TO", f"{one:02}", f"{other:02}", {"position": 0}) for one, other in edges]
    writes.write(made, Batch([Node("Story", f"{number:02}", {"heat": number}) for number in range(15)], related))
    number = int("".join(filter(str.isdigit, least)) or 1)
    right = [(0, 0)] * (number == 0) + [(end, far) for end, far in ways(edges, 0, directed) if far >= number]
    edge = f"-[:RELATED_TO{least}]-{'>' * directed}"

    def answer(text: str) -> Sequence[tuple[object, ...]]:
        return engine.query(made, text, None, write=False, timeout=None, limit=None).rows

    pattern = f"(:Story {{id: '00'}}){edge}(s:Story)"
    assert sorted(answer(f"MATCH p = {pattern} RETURN s.heat AS heat, length(p) AS far")) == sorted(right)
    assert answer(f"MATCH {pattern} RETURN count(*) AS n, count(DISTINCT s) AS ends") == [
        (len(right), len({end for end, _ in right}))
    ]
    exists = f"MATCH (a:Story {{id: '00'}}), (s:Story {{id: '{length:02}'}}) WHERE EXISTS {{ (a){edge}(s) }}"
    assert answer(f"{exists} RETURN count(*) AS n") == [(int(any(end == length for end, _ in right)),)]


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        ("*", f"*1..{MOST_EDGES}"),
        ("r:A|B * ..", f"r:A|B * ..{MOST_EDGES}"),
        (":A*2.. {x: 1}", f":A*2..{MOST_EDGES} {{x: 1}}"),
        ("*{x: 1}", f"*1..{MOST_EDGES}{{x: 1}}"),
        ("`a*`*", f"`a*`*1..{MOST_EDGES}"),
        ("/* * */*/**/", f"       *    1..{MOST_EDGES}"),
        *((same, same) for same in ("*7", "*..7", "*1..7", "* 1 .. 7 {x: 1}", "*$p", "*1..$p", "", ":A", "`*`")),
    ],
)
def test_where_a_limit_is_missing(inside: str, read: str) -> None:
    assert engine_text(f"MATCH ()-[{inside}]->() RETURN 1") == f"MATCH ()-[{read}]->() RETURN 1"


@pytest.mark.parametrize(
    "text",
    [
        *("RETURN '()-[*]-()'", "RETURN 5 -[x * 2][0]", "RETURN l[1..], l[x*2..]", "RETURN count(*) - 1"),
        *(packaged(name) for name in TEXTS if name != "questions/thread"),
    ],
)
def test_where_no_limit_is_missing(text: str) -> None:
    assert engine_text(text) == without_comments(text)


def test_a_limit_that_only_the_engine_misses_is_asked_for(graph: kglite.KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match=r"no upper limit\. Write one, as in \*1\.\.20"):
        engine.query(graph, "MATCH (a)-[*1.0..]->(b) RETURN b.id", None, write=False, timeout=None, limit=None)
