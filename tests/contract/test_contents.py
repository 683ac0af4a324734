"""What is written is what is read, on every store: nodes, edges, whole batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsgraph.errors import StoreError, UnknownNameError
from newsgraph.graph.batch import Batch, Columns, Edge, EdgeTable, Node, NodeTable
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES, SCHEMA_VERSION, Type, Value
from newsgraph.graph.stores.networkx.store import to_networkx
from newsgraph.graph.stores.protocol import Store
from tests.strategies import Model, graphs, histories

TIME = datetime(2020, 6, 10, 23, 5, 1, 123456, tzinfo=UTC)
EXAMPLES: dict[Type, Any] = {
    Type.TEXT: "é\U0001f600\0",
    Type.INTEGER: 2**63 - 1,
    Type.REAL: 1.0,
    Type.BOOLEAN: False,
    Type.TIME: TIME,
    Type.TEXTS: ("b", "", "a"),
}
STORIES = [Node("Story", id_) for id_ in ("a", "b", "c")]


def contents(store: Store) -> Model:
    """All that the store holds; fails when something comes twice or out of order."""
    model = Model()
    for node_type in NODE_TYPES:
        nodes = list(store.nodes(node_type.label))
        assert [node.id for node in nodes] == sorted({node.id for node in nodes})
        model.nodes |= {(node.label, node.id): dict(node.properties) for node in nodes}
    for edge_type in EDGE_TYPES:
        edges = list(store.edges(edge_type.type))
        ends = [(edge.start, edge.end) for edge in edges]
        assert ends == sorted(set(ends))
        model.edges |= {(edge.type, edge.start, edge.end): dict(edge.properties) for edge in edges}
    return model


def rows(chunks: Iterable[Columns]) -> list[tuple[Any, ...]]:
    """All rows of some columns; fails when the columns differ in length or a chunk is empty."""
    found = [list(zip(*some.ids, *some.values, strict=True)) for some in chunks]
    assert all(found)
    return [row for some in found for row in some]


def assert_columns(store: Store) -> None:
    """Columns say what nodes and edges say, in the same order, of the properties that are asked for in their order."""
    for node_type in NODE_TYPES:
        nodes = list(store.nodes(node_type.label))
        every = [one.name for one in node_type.properties]
        for names in (every, every[::-1][:2], []):
            expected = [(node.id, *map(node.properties.get, names)) for node in nodes]
            assert typed(rows(store.node_columns(node_type.label, names))) == typed(expected)
    for edge_type in EDGE_TYPES:
        edges = list(store.edges(edge_type.type))
        every = [one.name for one in edge_type.properties]
        for names in (every, every[:1], []):
            expected = [(edge.start, edge.end, *map(edge.properties.get, names)) for edge in edges]
            assert typed(rows(store.edge_columns(edge_type.type, names))) == typed(expected)


def typed(found: Iterable[tuple[Any, ...]]) -> list[list[tuple[type, Any]]]:
    """Rows with the type of each value, for 1 == 1.0 == True."""
    return [[(type(value), value) for value in row] for row in found]


def assert_same(store: Store, model: Model) -> None:
    found = contents(store)
    assert found == model
    # 1 == 1.0 == True, so types are compared on their own.
    sides: list[tuple[dict[Any, dict[str, Value]], dict[Any, dict[str, Value]]]]
    sides = [(found.nodes, model.nodes), (found.edges, model.edges)]
    for mine, theirs in sides:
        for key, values in mine.items():
            assert {n: type(v) for n, v in values.items()} == {n: type(v) for n, v in theirs[key].items()}


def in_tables(batch: Batch) -> Batch:
    """The same batch with all that it writes in tables."""
    model = Model()
    model.apply(Batch(batch.nodes, batch.edges))
    nodes: dict[str, dict[str, Any]] = {}
    for (label, id_), properties in model.nodes.items():
        nodes.setdefault(label, {})[id_] = properties
    edges: dict[str, dict[tuple[str, str], Any]] = {}
    for (name, start, end), properties in model.edges.items():
        edges.setdefault(name, {})[start, end] = properties
    return Batch(
        gone_nodes=batch.gone_nodes,
        gone_edges=batch.gone_edges,
        node_tables=[NodeTable(label, list(rows), columns_of(rows)) for label, rows in nodes.items()],
        edge_tables=[
            EdgeTable(name, [one for one, _ in rows], [one for _, one in rows], columns_of(rows))
            for name, rows in edges.items()
        ],
    )


def columns_of(rows: Mapping[Any, Mapping[str, Value]]) -> dict[str, list[Value | None]]:
    names = sorted(set().union(*rows.values()))
    return {name: [properties.get(name) for properties in rows.values()] for name in names}


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories(), tabled=st.lists(st.booleans(), min_size=1, max_size=5))
def test_any_history_of_batches(new_store: Callable[[], Store], history: list[Batch], tabled: list[bool]) -> None:
    model = Model()
    with new_store() as store:
        for number, batch in enumerate(history):
            store.write(in_tables(batch) if tabled[number % len(tabled)] else batch)
            model.apply(batch)
        assert_same(store, model)
        assert_columns(store)
        assert set(to_networkx(store)) == {f"{label}:{id_}" for label, id_ in model.nodes}


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(graph=graphs())
def test_neighbours_of_every_node(new_store: Callable[[], Store], graph: Batch) -> None:
    with new_store() as store:
        store.write(graph)
        for edge_type in EDGE_TYPES:
            edges = [edge for edge in graph.edges if edge.type == edge_type.type]
            starts, ends = {edge.start for edge in edges}, {edge.end for edge in edges}
            key = lambda edge: (edge.start, edge.end)  # noqa: E731  # one use, beside it
            assert sorted(store.edges(edge_type.type, starts=starts), key=key) == sorted(edges, key=key)
            assert sorted(store.edges(edge_type.type, ends=ends), key=key) == sorted(edges, key=key)
            for start in starts:
                own = [edge for edge in edges if edge.start == start]
                assert sorted(store.edges(edge_type.type, starts=[start, start]), key=key) == sorted(own, key=key)


@pytest.mark.parametrize("declared", NODE_TYPES, ids=lambda one: one.label)
def test_every_property_of_a_node(store: Store, declared: Any) -> None:
    properties = {one.name: EXAMPLES[one.type] for one in declared.properties}
    if "schema_version" in properties:  # a store that claims to be newer is refused
        properties["schema_version"] = SCHEMA_VERSION
    node = Node(declared.label, "1", properties)
    store.write(Batch([node, Node(declared.label, "2")]))
    found, bare = store.nodes(declared.label)
    assert found == node
    assert [type(found.properties[name]) for name in node.properties] == [type(v) for v in node.properties.values()]
    assert dict(bare.properties) == {}
    assert_columns(store)


@pytest.mark.parametrize("declared", EDGE_TYPES, ids=lambda one: one.type)
def test_every_property_of_an_edge(store: Store, declared: Any) -> None:
    edge = Edge(declared.type, "x", "y", {one.name: EXAMPLES[one.type] for one in declared.properties})
    store.write(Batch([Node(declared.start, "x"), Node(declared.end, "y")], [edge]))
    assert list(store.edges(declared.type)) == [edge]
    assert_columns(store)


def test_ids_are_texts(store: Store) -> None:
    ids = ["1", "01", "1.0", "1e3", "true", "null", "2020-01-01", " a", "A", "a", "a\0b", "x" * 2000]
    store.write(Batch([Node("Story", id_) for id_ in ids]))
    assert [node.id for node in store.nodes("Story")] == sorted(ids)
    assert [node.id for node in store.nodes("Story", ["01"])] == ["01"]


def test_order_is_that_of_code_points(store: Store) -> None:
    heads = [*"\0 -AZ_az", "z2", "z10", "\xe4", "e\u0301", "\u0130", "\ufb01", "\uffff", "\U0001f600"]
    ids = [head + end for head in heads for end in ("", "\x7f", "b")]
    stories = [Node("Story", id_) for id_ in ids[::-1]]
    store.write(Batch(stories, [Edge("RELATED_TO", start, end) for start in ids[::-2] for end in ids[::3]]))
    assert [node.id for node in store.nodes("Story")] == sorted(ids)
    assert rows(store.node_columns("Story", [])) == [(id_,) for id_ in sorted(ids)]
    expected = sorted((start, end) for start in ids[::-2] for end in ids[::3])
    assert [(edge.start, edge.end) for edge in store.edges("RELATED_TO")] == expected
    assert rows(store.edge_columns("RELATED_TO", [])) == expected


@pytest.mark.slow
def test_more_than_is_read_at_a_time(store: Store) -> None:
    ids = [f"{number:05}" for number in range(5_001)]
    nodes = [Node("Story", id_, {"heat": int(id_)} if int(id_) % 3 else {}) for id_ in ids]
    edges = [Edge("RELATED_TO", start, end, {"position": 1}) for start, end in pairwise(ids)]
    edges += [Edge("RELATED_TO", ids[7], end) for end in ids[10:]]  # one with very many
    store.write(Batch([*nodes, Node("Topic", "t")], [*edges, *(Edge("ABOUT", id_, "t") for id_ in ids)]))
    assert list(store.nodes("Story")) == nodes
    assert list(store.edges("RELATED_TO")) == sorted(edges, key=lambda edge: (edge.start, edge.end))
    assert {edge.start for edge in store.edges("ABOUT", ends=["t"])} == set(ids)
    assert_columns(store)


def test_what_is_written_is_seen_by_the_next_read(store: Store) -> None:
    store.write(Batch(STORIES))
    assert rows(store.node_columns("Story", [])) == [("a",), ("b",), ("c",)]
    store.write(Batch([Node("Story", "aa")], [Edge("RELATED_TO", "aa", "a")]))
    assert rows(store.edge_columns("RELATED_TO", ["position"])) == [("aa", "a", None)]
    store.write(Batch(gone_nodes=[("Story", "b")]))
    assert rows(store.node_columns("Story", [])) == [("a",), ("aa",), ("c",)]
    store.query("CREATE (:Story {id: 'ab'})", write=True)
    assert rows(store.node_columns("Story", [])) == [("a",), ("aa",), ("ab",), ("c",)]


def test_a_title_like_an_id_is_kept(store: Store) -> None:
    titles = {"a": "a", "b": "Story_b", "c": "", "d": "0"}
    store.write(Batch([Node("Story", id_, {"title": title}) for id_, title in titles.items()]))
    assert {node.id: node.properties["title"] for node in store.nodes("Story")} == titles


def test_one_id_under_two_labels_is_two_nodes(store: Store) -> None:
    store.write(Batch([Node("Topic", "x", {"name": "T"}), Node("Outlet", "x", {"name": "O"})]))
    store.write(Batch(gone_nodes=[("Topic", "x")]))
    assert list(store.nodes("Topic")) == []
    assert list(store.nodes("Outlet")) == [Node("Outlet", "x", {"name": "O"})]


def test_large_texts(store: Store) -> None:
    node = Node("Source", "s", {"records": "é\0\U0001f600x" * 250_000})
    store.write(Batch([node]))
    assert list(store.nodes("Source")) == [node]


def test_writing_replaces_all_properties(store: Store) -> None:
    store.write(Batch([Node("Story", "a", {"title": "T", "heat": 1, "published_at": TIME})]))
    store.write(Batch([Node("Story", "a", {"heat": 2})]))
    assert list(store.nodes("Story")) == [Node("Story", "a", {"heat": 2})]
    store.write(Batch([Node("Story", "b")], [Edge("HAS_IMAGE", "a", "i", {"position": 1, "title": "t"})][:0]))
    store.write(Batch([], [Edge("RELATED_TO", "a", "b", {"position": 1})]))
    store.write(Batch([], [Edge("RELATED_TO", "a", "b")]))
    assert list(store.edges("RELATED_TO")) == [Edge("RELATED_TO", "a", "b")]


def test_replacing_a_node_keeps_its_edges(store: Store) -> None:
    store.write(Batch(STORIES, [Edge("RELATED_TO", "a", "b")]))
    store.write(Batch([Node("Story", "a", {"title": "T"})]))
    assert list(store.edges("RELATED_TO")) == [Edge("RELATED_TO", "a", "b")]


def test_the_last_of_several_counts(store: Store) -> None:
    store.write(Batch([Node("Story", "a", {"heat": 1}), Node("Story", "a", {"title": "x"}), *STORIES[1:]]))
    store.write(Batch([], [Edge("COPY_OF", "a", "b", {"similarity": 0.1}), Edge("COPY_OF", "a", "b")]))
    assert list(store.nodes("Story", ["a"])) == [Node("Story", "a", {"title": "x"})]
    assert list(store.edges("COPY_OF")) == [Edge("COPY_OF", "a", "b")]


def test_a_node_to_itself_and_both_ways(store: Store) -> None:
    edges = [Edge("RELATED_TO", *ends) for ends in (("a", "a"), ("a", "b"), ("b", "a"))]
    store.write(Batch(STORIES, edges))
    assert list(store.edges("RELATED_TO")) == edges
    assert sorted(edge.start for edge in store.edges("RELATED_TO", ends=["a"])) == ["a", "b"]


def test_edges_of_a_hub(store: Store) -> None:
    stories = [Node("Story", f"{number:03}") for number in range(60)]
    edges = [Edge("MENTIONS", "f", story.id, {"role": "main"}) for story in stories]
    store.write(Batch([*stories, Node("Source", "f")], edges[:40]))
    store.write(Batch([], [*edges[20:], Edge("MENTIONS", "f", "000", {"role": "related"})]))
    found = list(store.edges("MENTIONS"))
    assert found == [Edge("MENTIONS", "f", "000", {"role": "related"}), *edges[1:]]


def test_deleting_a_node_takes_its_edges(store: Store) -> None:
    store.write(Batch(STORIES, [Edge("RELATED_TO", "a", "b"), Edge("RELATED_TO", "b", "c"), Edge("COPY_OF", "c", "a")]))
    store.write(Batch(gone_nodes=[("Story", "b")]))
    assert [node.id for node in store.nodes("Story")] == ["a", "c"]
    assert list(store.edges("RELATED_TO")) == []
    assert list(store.edges("COPY_OF")) == [Edge("COPY_OF", "c", "a")]


def test_what_is_gone_already_is_no_error(store: Store) -> None:
    store.write(Batch(STORIES, [Edge("RELATED_TO", "a", "b")]))
    store.write(Batch(gone_nodes=[("Story", "z"), ("Topic", "a")], gone_edges=[("RELATED_TO", "b", "a")] * 2))
    assert len(list(store.nodes("Story"))) == 3
    assert len(list(store.edges("RELATED_TO"))) == 1


def test_a_batch_is_applied_in_its_order(store: Store) -> None:
    store.write(Batch(STORIES, [Edge("RELATED_TO", "a", "b"), Edge("RELATED_TO", "b", "c", {"position": 1})]))
    again = Edge("RELATED_TO", "b", "c", {"position": 2})
    store.write(
        Batch(
            [Node("Story", "a", {"title": "new"})],
            [again],
            gone_nodes=[("Story", "a")],
            gone_edges=[("RELATED_TO", "b", "c")],
        )
    )
    assert list(store.nodes("Story", ["a"])) == [Node("Story", "a", {"title": "new"})]
    assert list(store.edges("RELATED_TO")) == [again]


def test_an_end_that_the_same_batch_deletes_is_missing(store: Store) -> None:
    store.write(Batch(STORIES))
    with pytest.raises(StoreError, match="a"):
        store.write(Batch([], [Edge("RELATED_TO", "a", "b")], gone_nodes=[("Story", "a")]))
    assert len(list(store.nodes("Story"))) == 3


@pytest.mark.parametrize("ends", [("a", "nowhere"), ("nowhere", "a"), ("nowhere", "nowhere")])
@pytest.mark.parametrize("crowd", [0, 30])
def test_a_missing_end_leaves_everything_as_it_was(store: Store, ends: tuple[str, str], crowd: int) -> None:
    many = [Node("Story", f"s{number}") for number in range(crowd)]
    store.write(Batch([*STORIES, *many], [Edge("RELATED_TO", "a", "b", {"position": 1}), Edge("COPY_OF", "a", "c")]))
    before = contents(store)
    others = [Edge("RELATED_TO", ends[0] if ends[0] == "a" else "b", node.id) for node in many]
    with pytest.raises(StoreError, match=r"RELATED_TO.*there is no Story nowhere"):
        store.write(
            Batch(
                [Node("Story", "a", {"title": "x"}), Node("Topic", "t")],
                [Edge("RELATED_TO", "a", "b"), Edge("RELATED_TO", *ends), *others],
                gone_nodes=[("Story", "c")],
                gone_edges=[("COPY_OF", "a", "c")],
            )
        )
    assert_same(store, before)


@pytest.mark.parametrize(
    ("properties", "named"),
    [
        ({"title": 1}, "title"),
        ({"heat": "1"}, "heat"),
        ({"heat": True}, "heat"),
        ({"heat": 1.0}, "heat"),
        ({"heat": 2**63}, "heat"),
        ({"published": 1}, "published"),
        ({"published_at": datetime(2020, 1, 1)}, "published_at"),  # no zone is what is refused
        ({"published_at": "2020-01-01"}, "published_at"),
        ({"title": None}, "title"),
        ({"title": ["a"]}, "title"),
        ({"nope": "x"}, "nope"),
        ({"title": "\ud800"}, "surrogate"),
    ],
    ids=str,
)
def test_a_value_that_is_not_of_the_schema_is_refused(store: Store, properties: Any, named: str) -> None:
    with pytest.raises(StoreError, match=named):
        store.write(Batch([Node("Topic", "t"), Node("Story", "a", properties)]))
    table = NodeTable("Story", ["b", "a"], {name: [value, value] for name, value in properties.items()})
    if None not in properties.values():  # in a table it says that there is no value
        with pytest.raises(StoreError, match=named):
            store.write(Batch([Node("Topic", "t")], node_tables=[table]))
    assert contents(store) == Model()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1, "1"], ids=str)
def test_a_real_is_a_finite_float(store: Store, value: Any) -> None:
    with pytest.raises(StoreError, match="similarity"):
        store.write(Batch(STORIES, [Edge("COPY_OF", "a", "b", {"similarity": value})]))
    assert contents(store) == Model()


@pytest.mark.parametrize("keywords", [["a"], ("a", 1), "a", ("\udfff",)], ids=ascii)
def test_a_list_is_a_tuple_of_texts(store: Store, keywords: Any) -> None:
    with pytest.raises(StoreError):
        store.write(Batch([Node("Topic", "t", {"keywords": keywords})]))
    assert contents(store) == Model()


@pytest.mark.parametrize("id_", ["", 1, None, "\ud800"], ids=ascii)
def test_an_id_is_a_text(store: Store, id_: Any) -> None:
    with pytest.raises(StoreError):
        store.write(Batch([Node("Story", id_)]))
    assert contents(store) == Model()


class Kind(StrEnum):
    ARTICLE = "article"


def test_types_of_a_kind_become_the_plain_type(store: Store) -> None:
    kolkata = timezone(timedelta(hours=5, minutes=30))
    store.write(Batch([Node("Story", "a", {"kind": Kind.ARTICLE, "published_at": TIME.astimezone(kolkata)})]))
    (node,) = store.nodes("Story")
    assert node.properties == {"kind": "article", "published_at": TIME}
    assert type(node.properties["kind"]) is str
    time = node.properties["published_at"]
    assert isinstance(time, datetime)
    assert time.utcoffset() == timedelta(0)


def test_unknown_labels_and_types(store: Store) -> None:
    for batch in (Batch([Node("Nope", "a")]), Batch([], [Edge("NOPE", "a", "b")]), Batch(gone_nodes=[("Nope", "a")])):
        with pytest.raises(UnknownNameError, match=r"(?i)nope"):
            store.write(batch)
    with pytest.raises(UnknownNameError, match="Nope"):
        list(store.nodes("Nope"))
    with pytest.raises(UnknownNameError, match="NOPE"):
        list(store.edges("NOPE"))
    with pytest.raises(UnknownNameError, match="Nope"):
        list(store.node_columns("Nope", []))
    with pytest.raises(UnknownNameError, match="NOPE"):
        list(store.edge_columns("NOPE", []))


def test_starts_and_ends_together_are_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="starts and ends"):
        list(store.edges("RELATED_TO", starts=["a"], ends=["b"]))


def test_some_nodes(store: Store) -> None:
    store.write(Batch(STORIES))
    assert sorted(node.id for node in store.nodes("Story", ["c", "z", "a", "c"])) == ["a", "c"]
    assert list(store.nodes("Story", [])) == []
    assert list(store.edges("RELATED_TO", starts=[])) == []
    assert list(store.edges("RELATED_TO", ends=iter(["z"]))) == []


def test_an_empty_store_and_an_empty_batch(store: Store) -> None:
    store.write(Batch())
    assert contents(store) == Model()


def test_reading_while_writing(store: Store) -> None:
    store.write(Batch(STORIES))
    for node in list(store.nodes("Story")):
        store.write(Batch([Node("Story", node.id, {"title": node.id})]))
    assert [node.properties["title"] for node in store.nodes("Story")] == ["a", "b", "c"]
