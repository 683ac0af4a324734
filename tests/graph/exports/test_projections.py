"""Networks of outlets, topics and stories."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given

from newsgraph.errors import NothingToWriteError, UsageError
from newsgraph.graph.exports.projections import project
from newsgraph.graph.exports.registry import export
from newsgraph.graph.subgraph import Filters
from tests.graph.exports.graphs import FEWER, MemoryStore, content, graphs, sample, time


def test_outlets_are_joined_by_the_events_that_both_covered() -> None:
    nodes, edges = content(project(sample(), "outlets", None))
    assert {id: one["count"] for (_, id), one in nodes.items()} == {"a.example": 1, "b.example": 2, "c.example": 1}
    assert edges == {
        ("SHARES_EVENTS", "a.example", "b.example"): {"weight": 1, "likeness": 0.5},
        ("SHARES_EVENTS", "b.example", "c.example"): {"weight": 1, "likeness": 0.5},
    }


def test_topics_are_joined_by_the_stories_that_have_both() -> None:
    nodes, edges = content(project(sample(), "topics", None))
    assert {id: one["count"] for (_, id), one in nodes.items()} == {"bridges": 3, "votes": 3, "unused": 0}
    assert edges == {("OCCURS_WITH", "bridges", "votes"): {"weight": 1, "likeness": 0.2}}


def test_stories_are_joined_by_what_they_list() -> None:
    part = project(sample(), "stories", Filters(until=time(3)))
    _, edges = content(part)
    assert part.directed
    assert edges == {("RELATED_TO", "https://a.example/1", "https://b.example/1"): {"position": 0}}


def test_filters_narrow_what_counts() -> None:
    nodes, edges = content(project(sample(), "outlets", Filters(event="event:2")))
    assert {id for _, id in nodes} == {"b.example", "c.example"}
    assert [edge[1:] for edge in edges] == [("b.example", "c.example")]


@FEWER
@given(graphs())
def test_weights_count_the_stories_that_have_both(store: MemoryStore) -> None:
    _, edges = (
        content(project(store, "topics", None)) if any(n.label == "Topic" for n in store.batch.nodes) else ({}, {})
    )
    about = [(e.start, e.end) for e in store.batch.edges if e.type == "ABOUT"]
    topics = sorted({end for _, end in about})
    wanted = {
        (one, other): sum((story, one) in about and (story, other) in about for story in {start for start, _ in about})
        for one, other in combinations(topics, 2)
    }
    assert {key[1:]: edge["weight"] for key, edge in edges.items()} == {k: v for k, v in wanted.items() if v}
    assert all(0 < edge["likeness"] <= 1 for edge in edges.values())  # type: ignore[operator]  # a number


def test_a_projection_opens_in_networkx_without_direction(tmp_path: Path) -> None:
    export("graphml", sample(), tmp_path / "outlets.graphml", project="outlets")
    export("gexf", sample(), tmp_path / "outlets.gexf", project="outlets")
    for graph in (
        nx.read_graphml(tmp_path / "outlets.graphml"),
        nx.read_gexf(tmp_path / "outlets.gexf", version="1.3"),
    ):
        assert not graph.is_directed()
        assert graph.edges["Outlet:a.example", "Outlet:b.example"]["weight"] == 1
        assert graph.nodes["Outlet:b.example"]["count"] == 2
        assert nx.pagerank(graph)["Outlet:b.example"] > nx.pagerank(graph)["Outlet:a.example"]


def test_a_projection_has_no_place_for_labels() -> None:
    with pytest.raises(UsageError, match="labels and edges"):
        project(sample(), "outlets", Filters(labels=("Story",)))


@pytest.mark.parametrize("name", ["outlets", "topics"])
def test_a_projection_of_nothing_says_so(name: str) -> None:
    with pytest.raises(NothingToWriteError):
        project(MemoryStore(), name, None)
