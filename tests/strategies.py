"""Hypothesis strategies for graphs and changes of them. They are made from the schema and draw everything it
declares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import strategies as st

from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.schema import EDGE_TYPES, EDGES, NODE_TYPES, SCHEMA_VERSION, EdgeType, NodeType, Type, Value

#: Every character except surrogates, which loaders never let through.
CHARACTERS = st.characters(exclude_categories=["Cs"])
_TRAPS = [
    "",
    " ",
    "\0",
    "0",
    "1.0",
    "true",
    "null",
    "NaN",
    "2020-01-01T00:00:00Z",
    "P1D",
    "[]",
    "{}",
    "a\r\nb",
    "'\"`\\",
]
_TRAPS += ["\ufeffx", "\U0001f600", "e\u0301", "\u00e9", "</script>", "$x", "//x", "/*", "\u2028", "=1+1", "\x1b[31m"]
TEXTS = st.text(CHARACTERS, max_size=12) | st.sampled_from(_TRAPS)
#: They are few, so that changes often affect nodes that exist.
IDS = st.sampled_from(
    ["1", "01", "1.0", "true", "a", "A", "b c", "\U0001f600", "https://x.org/?a=1&b=\u00e9"]
) | st.text(CHARACTERS, min_size=1, max_size=4)
TIMES = st.datetimes(timezones=st.just(UTC))
_VALUES: dict[Type, st.SearchStrategy[Value]] = {
    Type.TEXT: TEXTS,
    Type.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Type.REAL: st.floats(allow_nan=False, allow_infinity=False),
    Type.BOOLEAN: st.booleans(),
    Type.TIME: TIMES,
    Type.TEXTS: st.lists(TEXTS, max_size=3).map(tuple),
}


def properties(declared: NodeType | EdgeType) -> st.SearchStrategy[dict[str, Value]]:
    """Any of the declared properties, each with any value of its type; often none."""
    drawn = {one.name: _VALUES[one.type] for one in declared.properties}
    if "schema_version" in drawn:  # a store that claims to be newer is refused
        drawn["schema_version"] = st.integers(0, SCHEMA_VERSION)
    return st.fixed_dictionaries({}, optional=drawn)


def nodes(labels: Iterable[str] = ()) -> st.SearchStrategy[Node]:
    """A node of one of the labels, or of any."""
    wanted = set(labels)
    declared = [one for one in NODE_TYPES if not wanted or one.label in wanted]
    return st.sampled_from(declared).flatmap(lambda one: st.builds(Node, st.just(one.label), IDS, properties(one)))


@dataclass
class Model:
    """What a store must hold after the batches that were applied to it: the protocol in its simplest form."""

    nodes: dict[tuple[str, str], dict[str, Value]] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], dict[str, Value]] = field(default_factory=dict)

    def apply(self, batch: Batch) -> None:
        """Edges gone, nodes gone with their edges, nodes written, edges written."""
        for gone in batch.gone_edges:
            self.edges.pop(gone, None)
        for label, id_ in batch.gone_nodes:
            self.nodes.pop((label, id_), None)
            for name, start, end in list(self.edges):
                if (label, id_) in ((EDGES[name].start, start), (EDGES[name].end, end)):
                    del self.edges[name, start, end]
        for node in batch.nodes:
            self.nodes[node.label, node.id] = dict(node.properties)
        for edge in batch.edges:
            self.edges[edge.type, edge.start, edge.end] = dict(edge.properties)

    def ids(self, label: str) -> list[str]:
        """Ids of a label, in order."""
        return sorted(id_ for one, id_ in self.nodes if one == label)


@st.composite
def batches(draw: st.DrawFn, model: Model | None = None, *, size: int = 6) -> Batch:
    """A change that can be applied to what ``model`` holds (nothing, if None): every edge has both ends."""
    model = model or Model()
    some_nodes = st.sampled_from(sorted(model.nodes)) if model.nodes else st.nothing()
    some_edges = st.sampled_from(sorted(model.edges)) if model.edges else st.nothing()
    anything = st.tuples(st.sampled_from(NODE_TYPES).map(lambda one: one.label), IDS)
    gone_nodes = draw(st.lists(some_nodes | anything, max_size=2)) if model.nodes else []
    gone_edges = draw(st.lists(some_edges, max_size=2)) if model.edges else []
    written = draw(st.lists(nodes(), max_size=size))
    after = Model(dict(model.nodes))
    after.apply(Batch(written, gone_nodes=gone_nodes))
    possible = [one for one in EDGE_TYPES if after.ids(one.start) and after.ids(one.end)]
    edges = (
        draw(st.lists(st.sampled_from(possible).flatmap(lambda one: _edge(one, after)), max_size=size))
        if possible
        else []
    )
    return Batch(written, edges, gone_nodes, gone_edges)


def _edge(declared: EdgeType, model: Model) -> st.SearchStrategy[Edge]:
    ends = st.sampled_from(model.ids(declared.start)), st.sampled_from(model.ids(declared.end))
    return st.builds(Edge, st.just(declared.type), *ends, properties(declared))


@st.composite
def histories(draw: st.DrawFn, *, most: int = 4) -> list[Batch]:
    """Batches that can be applied one after the other to an empty store."""
    model = Model()
    history = []
    for _ in range(draw(st.integers(1, most))):
        batch = draw(batches(model))
        model.apply(batch)
        history.append(batch)
    return history


def graphs(*, size: int = 12) -> st.SearchStrategy[Batch]:
    """A whole graph as one batch for an empty store, each node and edge once."""
    return batches(size=size).map(_once)


def _once(batch: Batch) -> Batch:
    model = Model()
    model.apply(batch)
    return Batch(
        [Node(label, id_, values) for (label, id_), values in model.nodes.items()],
        [Edge(name, start, end, values) for (name, start, end), values in model.edges.items()],
    )


def instant(text: str) -> datetime:
    """A time from ISO 8601 text with its zone, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)
