"""Graphs for the tests of exports: a small store in memory, generated graphs, and one made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from hypothesis import settings
from hypothesis import strategies as st

from newsgraph.graph.batch import Batch, Columns, Edge, Node, columns_of_edges, columns_of_nodes
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES, EdgeType, NodeType, Type, Value
from newsgraph.graph.stores.protocol import Rows
from newsgraph.graph.subgraph import Part


@dataclass
class MemoryStore:
    """As much of a store as exports use. ``reads`` counts the reads of whole labels and types."""

    batch: Batch = field(default_factory=Batch)
    url: str = "memory:"
    reads: int = 0

    def nodes(self, label: str, ids: Iterable[str] | None = None) -> Iterator[Node]:
        if ids is not None:
            # In an order of its own, as the protocol allows.
            wanted = set(ids)
            yield from sorted(
                (n for n in self.batch.nodes if n.label == label and n.id in wanted), key=lambda n: n.id, reverse=True
            )
            return
        self.reads += 1
        yield from sorted((n for n in self.batch.nodes if n.label == label), key=lambda n: n.id)

    def edges(
        self, type: str, *, starts: Iterable[str] | None = None, ends: Iterable[str] | None = None
    ) -> Iterator[Edge]:
        some = starts if starts is not None else ends
        found = (e for e in self.batch.edges if e.type == type)
        if some is None:
            self.reads += 1
            yield from sorted(found, key=lambda e: (e.start, e.end))
            return
        wanted = set(some)
        chosen = (e for e in found if (e.start if starts is not None else e.end) in wanted)
        yield from sorted(chosen, key=lambda e: (e.end, e.start), reverse=True)

    def node_columns(self, label: str, names: Sequence[str]) -> Iterator[Columns]:
        return columns_of_nodes(self.nodes(label), names)

    def edge_columns(self, type: str, names: Sequence[str]) -> Iterator[Columns]:
        return columns_of_edges(self.edges(type), names)

    def columns(self) -> None: ...
    def records(self) -> None: ...

    def write(self, batch: Batch) -> None:
        raise NotImplementedError

    def save(self) -> None:
        raise NotImplementedError

    def query(self, text: str, parameters: object = None, **options: object) -> Rows:
        raise NotImplementedError

    def user_query(self, text: str, parameters: object = None, **options: object) -> Rows:
        raise NotImplementedError

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


#: A third of what the profile tries: a graph holds dozens of values, each an example of its own.
FEWER = settings(max_examples=max(20, settings().max_examples // 3))

#: Characters that make trouble somewhere: quotes, line ends, formulas, markup, planes beyond the first, right-to-left.
NASTY = "\"'`\\,;|\t\n\r\x0b=+-@<>&]]>\u2028\u2029\u00a0\ufeff\U0001f600\U000e0041\u202eéש中{}$%/#?: "


def texts(*, control: bool = True, nul: bool = True, empty: bool = True) -> st.SearchStrategy[str]:
    """Unicode of all planes without lone surrogates; ``control`` includes what XML can't hold."""
    bad = "" if nul else "\x00"
    if not control:
        bad += "".join(map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]))
    alphabet = st.one_of(
        st.sampled_from([c for c in NASTY if c not in bad]),
        st.characters(exclude_categories=["Cs"], exclude_characters=bad),
    )
    some = st.text(alphabet, max_size=12)
    numbers = st.sampled_from(["007", "1e5", "true", "null", "NaN", "2020-01-01", "=1+1", "-1", "[]", '["a"]'])
    long = st.builds(lambda text: text * 700, st.text(alphabet, min_size=1, max_size=10))
    return st.one_of(some, numbers, long).filter(lambda text: empty or text != "")


TIMES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))


def values(kind: Type, text: st.SearchStrategy[str], times: st.SearchStrategy[datetime] = TIMES) -> Any:
    return {
        Type.TEXT: text,
        Type.INTEGER: st.integers(-(2**63), 2**63 - 1),
        Type.REAL: st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False),
        Type.BOOLEAN: st.booleans(),
        Type.TIME: times,
        Type.TEXTS: st.lists(text, max_size=3).map(tuple),
    }[kind]


def _properties(declared: NodeType | EdgeType, text: Any, times: Any) -> st.SearchStrategy[dict[str, Value]]:
    return st.fixed_dictionaries({}, optional={one.name: values(one.type, text, times) for one in declared.properties})


@st.composite
def graphs(
    draw: st.DrawFn, text: st.SearchStrategy[str] | None = None, times: st.SearchStrategy[datetime] = TIMES
) -> MemoryStore:
    """Graphs of every label and type of edge, from the empty one on."""
    text = text if text is not None else texts()
    ids = text.filter(lambda one: one != "").map(lambda one: one[:40])
    nodes: list[Node] = []
    by_label: dict[str, Sequence[str]] = {}
    for declared in NODE_TYPES:
        by_label[declared.label] = draw(st.lists(ids, max_size=2, unique=True))
        for one in by_label[declared.label]:
            nodes.append(Node(declared.label, one, draw(_properties(declared, text, times))))
    edges: list[Edge] = []
    for edge in EDGE_TYPES:
        starts, ends = by_label[edge.start], by_label[edge.end]
        if not starts or not ends:
            continue
        pairs = draw(st.lists(st.tuples(st.sampled_from(starts), st.sampled_from(ends)), max_size=2, unique=True))
        edges += [Edge(edge.type, start, end, draw(_properties(edge, text, times))) for start, end in pairs]
    return MemoryStore(Batch(nodes, edges))


NodeContent = dict[tuple[str, str], dict[str, Value]]
EdgeContent = dict[tuple[str, str, str], dict[str, Value]]


def content(part: Part) -> tuple[NodeContent, EdgeContent]:
    """All that a part holds, as two dicts to compare."""
    nodes = {(one.label, one.id): dict(one.properties) for t in part.node_types for one in part.nodes(t.label)}
    edges = {(e.type, e.start, e.end): dict(e.properties) for t in part.edge_types for e in part.edges(t.type)}
    return nodes, edges


def time(day: int, hour: int = 0) -> datetime:
    return datetime(2020, 6, 1, tzinfo=UTC) + timedelta(days=day - 1, hours=hour)


def sample() -> MemoryStore:
    """Six stories of three outlets on two events, with everything that the schema knows."""
    stories: list[tuple[str, dict[str, Value]]] = [
        ("https://a.example/1", {"title": "Bridge closed", "published_at": time(1, 8), "date_quality": "exact"}),
        ("https://a.example/2", {"title": "Bridge open", "published_at": time(3), "date_quality": "date_only"}),
        ("https://b.example/1", {"title": 'Bridge "shut" <b>', "published_at": time(1, 9), "heat": 7}),
        ("https://b.example/2", {"title": "=Vote", "published_at": time(5, 1), "published": True}),
        ("https://c.example/1", {"title": "Vote, count", "excerpt": "One\ntwo", "published_at": time(5, 2)}),
        ("https://c.example/2", {"title": "No date", "date_quality": "missing"}),
    ]
    nodes = [Node("Story", one, dict(properties)) for one, properties in stories]
    for letter in "abc":
        name = f"Outlet {letter.upper()}"
        nodes.append(Node("Outlet", f"{letter}.example", {"domain": f"{letter}.example", "name": name, "stale": True}))
    nodes += [
        Node("Topic", "bridges", {"name": "Bridges", "keywords": ("bridge", "span")}),
        Node("Topic", "votes", {"name": "Votes"}),
        Node("Topic", "unused", {"name": "Unused"}),
        Node("Image", "https://a.example/i.png", {"url": "https://a.example/i.png", "width": 640}),
        Node("Author", "una-quay", {"name": "Una Quay"}),
        Node("Entity", "Q42", {"name": "Ida Mole", "kind": "person", "wikidata": "Q42"}),
        Node("Event", "event:1", {"title": "Bridge closed", "label": "The bridge", "first_published_at": time(1, 8)}),
        Node("Event", "event:2", {"title": "=Vote", "story_count": 2}),
        Node("Version", "https://a.example/1#1", {"title": "Bridge to close", "replaced_at": time(1, 9)}),
        Node("Source", "x/1.md", {"path": "1.md", "records": '[{"title": "Bridge closed"}, {"title": "Two"}]'}),
        Node("Address", "https://amp.a.example/1", {}),
        Node("Corpus", "corpus", {"schema_version": 1, "folders": '{"x": "/home/someone/x"}'}),
    ]
    edges = [
        *(Edge("PUBLISHED_BY", one, f"{one[8]}.example", {"said": "{}"}) for one, _ in stories),
        *(Edge("ABOUT", stories[i][0], "bridges") for i in (0, 1, 2)),
        *(Edge("ABOUT", stories[i][0], "votes") for i in (2, 3, 4)),
        Edge("HAS_IMAGE", stories[0][0], "https://a.example/i.png", {"position": 0, "title": "A bridge"}),
        Edge("AUTHORED_BY", stories[0][0], "una-quay", {"position": 0, "said": "{}"}),
        Edge("MENTIONS_ENTITY", stories[0][0], "Q42", {"said": "{}"}),
        Edge("RELATED_TO", stories[0][0], stories[2][0], {"position": 0}),
        Edge("RELATED_TO", stories[0][0], stories[4][0], {"position": 1}),
        *(Edge("COVERS", stories[i][0], "event:1", {"score": 0.5}) for i in (0, 1, 2)),
        *(Edge("COVERS", stories[i][0], "event:2", {"score": 1.0}) for i in (3, 4)),
        Edge("FOLLOWS", "event:2", "event:1", {"score": 0.375, "related": 1}),
        Edge("COPY_OF", stories[2][0], stories[0][0], {"similarity": 0.875}),
        Edge("VERSION_OF", "https://a.example/1#1", stories[0][0]),
        Edge("SUBTOPIC_OF", "bridges", "votes"),
        Edge("MENTIONS", "x/1.md", stories[0][0], {"role": "main"}),
        Edge("ADDRESS_OF", "https://amp.a.example/1", stories[0][0]),
        Edge("DESCRIBES_OUTLET", "x/1.md", "a.example", {"said": "{}"}),
        Edge("DESCRIBES_TOPIC", "x/1.md", "bridges", {"said": "{}"}),
    ]
    return MemoryStore(Batch(nodes, edges))
