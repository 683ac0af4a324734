"""Projections: a network of one kind of node, made from the stories between them. Unlike a part it is held in memory.

- ``outlets``: an edge joins two outlets with stories about the same event; ``weight`` is the number of such events.
- ``topics``: an edge joins two topics of the same story; ``weight`` is the number of such stories.
- ``stories``: the stories, and the stories that their articles list as related, as in the graph itself (directed).

``likeness`` is Jaccard's coefficient: what both nodes have, divided by what either has (Jaccard 1912). ``count`` of a
node is the number of its events (for topics: stories). Nodes that have nothing in common with others are kept, without
edges.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from newsgraph.errors import NothingToWriteError, UsageError
from newsgraph.graph.batch import Columns, Edge, Node, columns_of_edges, columns_of_nodes
from newsgraph.graph.schema import (
    About,
    Covers,
    EdgeType,
    NodeType,
    Outlet,
    Property,
    PublishedBy,
    RelatedTo,
    Story,
    Topic,
    Type,
    Value,
)
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.subgraph import Filters, Part, select

_LIKENESS = Property("likeness", Type.REAL, "what both have over what either has, 0 to 1")

SharesEvents = EdgeType(
    "SHARES_EVENTS",
    Outlet.label,
    Outlet.label,
    "both outlets covered the same events",
    (Property("weight", Type.INTEGER, "number of events that both covered"), _LIKENESS),
)
OccursWith = EdgeType(
    "OCCURS_WITH",
    Topic.label,
    Topic.label,
    "both topics are given to the same stories",
    (Property("weight", Type.INTEGER, "number of stories that have both"), _LIKENESS),
)


class Projection(Part):
    """A part with one label and one type of edge without direction. ``weights`` maps pairs of ids, in order, to
    numbers."""

    directed = False

    def __init__(
        self, part: Part, label: NodeType, edge: EdgeType, members: Mapping[str, set[str]], counted: str
    ) -> None:
        """``members`` holds, for each event or story of ``part``, the ids of the nodes that it joins."""
        self.store = part.store
        self.filters = part.filters
        count = Property("count", Type.INTEGER, f"number of its {counted}")
        self._declared = NodeType(label.label, label.meaning, label.id, (*_shown(label), count))
        self.node_types = (self._declared,)
        self.edge_types = (edge,)
        self._counts = Counter(one for group in members.values() for one in group)
        self._weights = Counter(pair for group in members.values() for pair in combinations(sorted(group), 2))
        self._nodes = list(part.nodes(label.label))

    def properties(self, declared: NodeType | EdgeType) -> tuple[Property, ...]:
        """Returns all properties that the projection declares."""
        return declared.properties

    def nodes(self, label: str) -> Iterator[Node]:
        """The nodes by id, with their ``count``."""
        if label != self._declared.label:
            return
        for node in self._nodes:
            properties: dict[str, Value] = {**node.properties, "count": self._counts[node.id]}
            yield Node(label, node.id, properties)

    def edges(self, type: str) -> Iterator[Edge]:
        """The edges by start and end, each once, start before end."""
        if type != self.edge_types[0].type:
            return
        counts = self._counts
        for (one, other), weight in sorted(self._weights.items()):
            likeness = weight / (counts[one] + counts[other] - weight)
            yield Edge(type, one, other, {"weight": weight, "likeness": likeness})

    def node_columns(self, declared: NodeType) -> Iterator[Columns]:
        """The nodes as columns."""
        return columns_of_nodes(self.nodes(declared.label), [one.name for one in declared.properties])

    def edge_columns(self, declared: EdgeType) -> Iterator[Columns]:
        """The edges as columns."""
        return columns_of_edges(self.edges(declared.type), [one.name for one in declared.properties])

    def count_nodes(self, label: str) -> int:
        """How many nodes."""
        return len(self._nodes) if label == self._declared.label else 0


def project(store: Store, name: str, filters: Filters | None) -> Part:
    """Returns the projection of that name, made of what the filters choose.

    Raises UsageError if the filters name ``labels`` or ``edges``, and NothingToWriteError when there is no node to
    show.
    """
    filters = filters or Filters()
    if filters.labels or filters.edges:
        raise UsageError(name, "a projection has one label and one type of edge", "Leave out labels and edges")
    if name == "stories":
        return select(store, replace(filters, labels=(Story.label,), edges=(RelatedTo.type,)))
    part = select(store, filters)
    members: dict[str, set[str]] = defaultdict(set)
    if name == "topics":
        for edge in part.edges(About.type):
            members[edge.start].add(edge.end)
        made = Projection(part, Topic, OccursWith, members, "stories")
    else:
        outlets: dict[str, list[str]] = defaultdict(list)
        for edge in part.edges(PublishedBy.type):
            outlets[edge.start].append(edge.end)
        for edge in part.edges(Covers.type):
            members[edge.end].update(outlets.get(edge.start, ()))
        made = Projection(part, Outlet, SharesEvents, members, "events")
    if not made.count_nodes(made.node_types[0].label):
        raise NothingToWriteError(filters.words(), f"no {name} are in that part of the graph", "Widen the filters")
    return made


def _shown(label: NodeType) -> tuple[Property, ...]:
    return tuple(one for one in label.properties if not one.internal)
