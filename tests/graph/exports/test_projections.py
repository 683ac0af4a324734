"""Networks of outlets, topics and stories."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given

from newsgraph.errors import NothingToWriteError, UsageError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.exports.projections import project
from newsgraph.graph.exports.registry import export
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.subgraph import Filters
from newsgraph.queries.ask import ask
from tests.graph.exports.graphs import FEWER, MemoryStore, content, graphs, sample, time


def test_outlets_are_joined_by_the_events_that_both_covered() -> None:
    nodes, edges = content(project(sample(), "outlets", None, 1))
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
    nodes, edges = content(project(sample(), "outlets", Filters(event="event:2"), 1))
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
    export("graphml", sample(), tmp_path / "outlets.graphml", project="outlets", min_weight=1)
    export("gexf", sample(), tmp_path / "outlets.gexf", project="outlets", min_weight=1)
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


def meetings(told: list[tuple[str, ...]]) -> MemoryStore:
    """Events, each with the outlets that cover it, in their order, an hour apart."""
    nodes = [Node("Outlet", one, {"domain": one, "name": one}) for one in sorted({o for line in told for o in line})]
    edges = []
    for number, line in enumerate(told):
        nodes.append(Node("Event", f"event:{number}", {"title": f"Event {number}"}))
        for hour, outlet in enumerate(line):
            story = f"https://{outlet}/{number}"
            when = datetime(2021, 3, 1 + number // 24, hour, tzinfo=UTC)
            nodes.append(Node("Story", story, {"title": story, "published_at": when, "date_quality": "exact"}))
            edges += [
                Edge("COVERS", story, f"event:{number}", {"score": 1.0, "weak_fit": False}),
                Edge("PUBLISHED_BY", story, outlet, {}),
            ]
    return MemoryStore(Batch(nodes, edges))


#: a and b always meet, a first; c comes to every third event of theirs and to as many others, first and last in turn.
HABITS = [("a", "b", *("c" if n % 3 == 0 else "")) for n in range(12)] + [("c", f"d{n}") for n in range(12)]


def test_edges_that_chance_explains_are_left_out_and_counted() -> None:
    part = project(meetings(HABITS), "outlets", None)
    assert list(content(part)[1]) == [("SHARES_EVENTS", "a", "b")]
    assert part.notes == ("14 edges left out, no more often together than by chance; min_weight=1 keeps them",)
    everything = project(meetings(HABITS), "outlets", None, 1)
    assert len(content(everything)[1]) == 15 and everything.notes == ()
    some = content(project(meetings(HABITS), "outlets", None, 4))[1]
    assert {key[1:]: edge["weight"] for key, edge in some.items()} == {("a", "b"): 12, ("a", "c"): 4, ("b", "c"): 4}


def test_who_follows_whom_has_a_direction() -> None:
    part = project(meetings(HABITS), "follows", None)
    assert part.directed
    edges = content(part)[1]
    assert edges == {("FOLLOWS", "b", "a"): {"weight": 12, "shared": 12, "median_lag_hours": 1.0}}
    whole = content(project(meetings(HABITS), "follows", None, 1))[1]
    assert whole["FOLLOWS", "c", "a"] == {"weight": 4, "shared": 4, "median_lag_hours": 2.0}
    assert ("FOLLOWS", "a", "b") not in whole


def test_follows_counts_as_lead_lag_does(tmp_path: Path) -> None:
    with open_store("networkx:") as store:
        store.write(meetings([*HABITS, ("b", "a"), ("c", "b", "a")]).batch)
        edges = {key[1:]: edge for key, edge in content(project(store, "follows", None, 1))[1].items()}
        pairs = list(ask(store, "lead-lag", min_shared=1))
        assert pairs
        for pair in pairs:
            for follower, leader, count in ((pair.b, pair.a, pair.a_first), (pair.a, pair.b, pair.b_first)):
                assert (edges[follower, leader]["weight"] if count else 0) == count
                assert ((follower, leader) in edges) == bool(count)


def test_a_least_weight_is_of_projections_alone(tmp_path: Path) -> None:
    for wrong in ({"min_weight": 2}, {"project": "outlets", "min_weight": 0}, {"project": "stories", "min_weight": 2}):
        with pytest.raises(UsageError, match="least weight"):
            export("gexf", sample(), tmp_path / "x.gexf", **wrong)
    report = export("graphml", sample(), tmp_path / "x.graphml", project="outlets")
    assert "left out" in report.next_steps[0]
