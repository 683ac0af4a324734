"""What a part of the graph holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.errors import NothingToWriteError, UnknownNameError, UsageError
from newsgraph.graph import subgraph as parts
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES
from newsgraph.graph.subgraph import Filters, nearest, select
from tests.graph.exports.graphs import FEWER, MemoryStore, content, graphs, sample, time


def stories(filters: Filters) -> list[str]:
    """The stories of the sample that the filters choose, shortened."""
    return [
        node.id.removeprefix("https://").replace(".example/", "") for node in select(sample(), filters).nodes("Story")
    ]


@pytest.mark.parametrize(
    ("filters", "chosen"),
    [
        (Filters(), ["a1", "a2", "b1", "b2", "c1", "c2"]),
        (Filters(event="event:1"), ["a1", "a2", "b1"]),
        (Filters(topic="votes"), ["b1", "b2", "c1"]),
        (Filters(outlet="b.example"), ["b1", "b2"]),
        (Filters(event="event:1", topic="votes"), ["b1"]),
        (Filters(since=time(3)), ["a2", "b2", "c1"]),
        (Filters(until=time(3)), ["a1", "b1"]),
        (Filters(since=time(1, 9), until=time(5, 2)), ["a2", "b1", "b2"]),
        (Filters(outlet="a.example", since=time(2)), ["a2"]),
    ],
)
@pytest.mark.parametrize("look_up", [0, 1000])
def test_chooses_the_stories_that_satisfy_every_filter(
    filters: Filters, chosen: list[str], look_up: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "_LOOK_UP", look_up)
    assert stories(filters) == chosen


def test_holds_what_is_joined_to_its_stories_and_the_edges_between() -> None:
    nodes, edges = content(select(sample(), Filters(event="event:1")))
    assert {label for label, _ in nodes} == {
        "Story",
        "Outlet",
        "Topic",
        "Image",
        "Author",
        "Entity",
        "Event",
        "Version",
    }
    assert {one for label, one in nodes if label == "Outlet"} == {"a.example", "b.example"}
    assert {one for label, one in nodes if label == "Topic"} == {"bridges", "votes"}
    assert {one for label, one in nodes if label == "Event"} == {"event:1"}
    # The related story of another event is outside, so the edge to it is too.
    assert [end for type, _, end in edges if type == "RELATED_TO"] == ["https://b.example/1"]
    assert ("SUBTOPIC_OF", "bridges", "votes") in edges
    assert all(("Story", start) in nodes for type, start, _ in edges if type == "COVERS")


def test_labels_and_edges_narrow_further() -> None:
    part = select(sample(), Filters(event="event:1", labels=("Outlet", "Story"), edges=("PUBLISHED_BY",)))
    nodes, edges = content(part)
    assert {label for label, _ in nodes} == {"Story", "Outlet"}
    assert {type for type, _, _ in edges} == {"PUBLISHED_BY"}
    nodes, edges = content(select(sample(), Filters(event="event:1", labels=("Topic",))))
    assert set(nodes) == {("Topic", "bridges"), ("Topic", "votes")}
    assert {type for type, _, _ in edges} == {"SUBTOPIC_OF"}


def test_bookkeeping_comes_only_when_named_or_moving() -> None:
    assert "Source" not in {label for label, _ in content(select(sample()))[0]}
    nodes, edges = content(select(sample(), Filters(edges=("MENTIONS",))))
    assert ("Source", "x/1.md") in nodes
    assert set(edges) == {("MENTIONS", "x/1.md", "https://a.example/1")}
    moved = content(select(sample(), moving=True))
    assert {label for label, _ in moved[0]} == {one.label for one in NODE_TYPES}
    assert {type for type, _, _ in moved[1]} == {one.type for one in EDGE_TYPES}


def test_internal_properties_leave_only_with_a_moving_store() -> None:
    outlet, edge = ("Outlet", "a.example"), ("PUBLISHED_BY", "https://a.example/1", "a.example")
    nodes, edges = content(select(sample()))
    assert nodes[outlet] == {"domain": "a.example", "name": "Outlet A"}
    assert edges[edge] == {}
    nodes, edges = content(select(sample(), moving=True))
    assert nodes[outlet]["stale"] is True
    assert edges[edge] == {"said": "{}"}
    assert "records" in nodes["Source", "x/1.md"]


def test_a_narrowed_part_never_holds_what_files_said_of_other_stories() -> None:
    narrow = Filters(event="event:1")
    assert "Source" not in {label for label, _ in content(select(sample(), narrow, moving=True))[0]}
    nodes, _ = content(select(sample(), replace(narrow, labels=("Source", "Story")), moving=True))
    assert nodes["Source", "x/1.md"] == {"path": "1.md"}


@pytest.mark.parametrize("moving", [True, False])
@pytest.mark.parametrize("filters", [Filters(), Filters(event="event:1"), Filters(labels=("Corpus",))])
def test_no_path_of_the_machine_ever_leaves(filters: Filters, moving: bool) -> None:
    assert "/home/someone" not in repr(content(select(sample(), filters, moving=moving)))


@FEWER
@given(graphs(), st.data())
def test_every_edge_of_any_part_has_both_of_its_ends(store: MemoryStore, data: st.DataObject) -> None:
    events = [node.id for node in store.batch.nodes if node.label == "Event"]
    filters = Filters(
        event=data.draw(st.sampled_from(events)) if events else None,
        labels=data.draw(st.lists(st.sampled_from([one.label for one in NODE_TYPES]), unique=True).map(tuple)),
    )
    try:
        part = select(store, filters, moving=data.draw(st.booleans()))
    except NothingToWriteError:
        return
    nodes, edges = content(part)
    ends = {one.type: one for one in part.edge_types}
    for type, start, end in edges:
        assert (ends[type].start, start) in nodes
        assert (ends[type].end, end) in nodes
    for label in {one.label for one in NODE_TYPES}:
        assert part.count_nodes(label) == sum(one == label for one, _ in nodes)
    for type in {one.type for one in EDGE_TYPES}:
        assert part.count_edges(type) == sum(one == type for one, _, _ in edges)


@FEWER
@given(graphs())
def test_without_filters_everything_but_bookkeeping_comes_in_order(store: MemoryStore) -> None:
    part = select(store)
    nodes, edges = content(part)
    kept = [one.label for one in NODE_TYPES if not one.bookkeeping]
    types = [one.type for one in EDGE_TYPES if not one.bookkeeping]
    assert list(nodes) == sorted(
        ((n.label, n.id) for n in store.batch.nodes if n.label in kept), key=lambda n: (kept.index(n[0]), n[1])
    )
    assert list(edges) == sorted(
        ((e.type, e.start, e.end) for e in store.batch.edges if e.type in types),
        key=lambda e: (types.index(e[0]), *e[1:]),
    )


@pytest.mark.parametrize(
    "filters",
    [
        Filters(event="event:2", outlet="a.example"),
        Filters(topic="unused"),
        Filters(since=time(20)),
        Filters(event="event:2", labels=("Image",)),
    ],
)
def test_filters_that_leave_nothing_say_so(filters: Filters) -> None:
    with pytest.raises(NothingToWriteError) as caught:
        select(sample(), filters)
    assert caught.value.exit_code == 1


def test_an_empty_store_is_a_part_but_not_when_a_label_is_asked_for() -> None:
    assert content(select(MemoryStore())) == ({}, {})
    with pytest.raises(NothingToWriteError):
        select(MemoryStore(), Filters(labels=("Story",)))


@pytest.mark.parametrize(
    ("filters", "near"),
    [
        (Filters(labels=("Storry",)), "Story"),
        (Filters(edges=("COVER",)), "COVERS"),
    ],
)
def test_an_unknown_name_names_the_nearest(filters: Filters, near: str) -> None:
    with pytest.raises(UnknownNameError, match=f"Did you mean .*{near}"):
        select(sample(), filters)


@pytest.mark.parametrize("filters", [Filters(event="nope"), Filters(topic="nope"), Filters(outlet="nope")])
def test_an_id_that_is_not_there_is_refused(filters: Filters) -> None:
    with pytest.raises(UnknownNameError, match=r"nope: there is no (event|topic|outlet) of that id"):
        select(sample(), filters)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(since=datetime(2020, 6, 1)),
        Filters(since=time(3), until=time(3)),
        Filters(labels=("Story",), edges=("ABOUT",)),
    ],
)
def test_filters_at_odds_are_refused(filters: Filters) -> None:
    with pytest.raises(UsageError):
        select(sample(), filters)


def test_the_whole_graph_is_read_once_for_each_label_and_type() -> None:
    store = sample()
    content(select(store))
    assert store.reads == 8 + 11


def test_nearest_ignores_case() -> None:
    assert nearest("GRAPHML", ["graphml", "gexf"]) == ["graphml"]
    assert nearest("zzz", ["graphml"]) == []
