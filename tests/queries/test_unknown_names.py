"""Misspelt labels, types of edges and properties of a user's query are named, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

import newsgraph
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES
from newsgraph.queries.asking.unknown_names import unknown_names

TEXTS = sorted(Path(newsgraph.__file__).parent.rglob("*.cypher"))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("MATCH (s:Stroy) RETURN s.titel", ["Stroy: no node has this label. Did you mean Story?"]),
        ("MATCH (s:story) RETURN s", ["story: no node has this label. Did you mean Story?"]),
        (
            "MATCH (s:Story)-[:PUBLISHD_BY]->(o:Outlet|Evnt) RETURN s.titel, o.name",
            [
                "Evnt: no node has this label. Did you mean Event?",
                "PUBLISHD_BY: no edge has this type. Did you mean PUBLISHED_BY?",
                "titel: no Story has this property. Did you mean title?",
            ],
        ),
        (
            "MATCH (s:Story {titel: $t})-[r:COVERS {scor: 1}]->() RETURN s, r",
            [
                "scor: no COVERS has this property. Did you mean score?",
                "titel: no Story has this property. Did you mean title?",
            ],
        ),
        (
            "MATCH ()-[r:COVERS|ABOUT*1..2]->() RETURN r.id",
            ["id: no COVERS or ABOUT has this property. There is: score, weak_fit"],
        ),
        ("MATCH (n:Story|Event) WHERE n.excerpt = '' RETURN n.story_count, n.id, s.titel", []),
        # What stands in a text, a comment or backticks, and what a variable means later, is another matter.
        ("MATCH (s:Story) RETURN '(:Foo)', s.`titel` // (:Bar)", []),
        ("MATCH (s:Story) WITH {titel: s.title} AS s RETURN s.titel, s.published_at", []),
        ("MATCH (s:Story) WITH collect(s) AS all RETURN [s IN all | s.titel]", []),
        ("UNWIND [{a: 1}] AS m MATCH (s:Story) RETURN m.a, m.b, s.published_at.year, point.srid", []),
    ],
)
def test_names_that_the_graph_does_not_have(text: str, lines: list[str]) -> None:
    assert list(unknown_names(text)) == lines


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_the_questions_use_no_unknown_name(path: Path) -> None:
    assert not unknown_names(path.read_text(encoding="utf-8"))


def test_every_declared_name_is_known() -> None:
    for kind in NODE_TYPES:
        for name in ("id", *(one.name for one in kind.properties)):
            assert not unknown_names(f"MATCH (a:{kind.label} {{{name}: 1}}) WHERE a.{name} IS NULL RETURN a")
    for edge in EDGE_TYPES:
        for one in edge.properties:
            assert not unknown_names(f"MATCH ()-[r:{edge.type} {{{one.name}: 1}}]-() RETURN r.{one.name}")


@pytest.mark.parametrize("piece", ["(", "(a:", "[:A|", "a.", "(:A {", "(:A {a:", " AS "])
def test_no_text_takes_long(piece: str) -> None:
    unknown_names(piece * (100_000 // len(piece)))  # a backtracking expression would not end


def test_an_answer_tells_of_them() -> None:
    with newsgraph.open("networkx:") as graph:
        rows = graph.cypher("MATCH (s:Stroy) RETURN s.title AS title")
    assert rows.notes == ("Stroy: no node has this label. Did you mean Story?",)
    assert "Did you mean Story?" in rows._repr_html_()
