"""Projections: a network of one kind of node, made from the stories between them. Unlike a part it is held in memory.

- ``outlets``: an edge joins two outlets with stories about the same event; ``weight`` is the number of such events.
- ``follows``: an edge leads from an outlet to another that was earlier on the same event (directed); ``weight`` is the
  number of such events, of the ``shared`` events that both covered at different times. Who was first is told as by the
  question lead-lag: by stories of a sure time that are no copies and fit their event.
- ``topics``: an edge joins two topics of the same story; ``weight`` is the number of such stories.
- ``stories``: the stories, and the stories that their articles list as related, as in the graph itself (directed).

``likeness`` is Jaccard's coefficient: what both nodes have, divided by what either has (Jaccard 1912). ``count`` of a
node is the number of its events (for topics: stories). Nodes that have nothing in common with others are kept, without
edges.

Of ``outlets`` and ``follows`` only the edges above chance are kept, unless a least weight is given: large outlets meet
in many events whatever they do, and of a thousand outlets nearly all meet once. Two outlets share more events than by
chance if Fisher's exact test (1935, one-sided) says so. One outlet follows another if it is later on more than half of
their events by a binomial test (one-sided). Both have a false discovery rate of 5 % over all pairs (Benjamini and
Hochberg 1995).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from statistics import median
from typing import Any

from newsgraph.errors import NothingToWriteError, UsageError
from newsgraph.graph.batch import Columns, Edge, Node, columns_of_edges, columns_of_nodes
from newsgraph.graph.schema import (
    SURE,
    About,
    CopyOf,
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

#: False discovery rate below which an edge is above chance.
CHANCE = 0.05
_LIKENESS = Property("likeness", Type.REAL, "what both have over what either has, 0 to 1")

SharesEvents = EdgeType(
    "SHARES_EVENTS",
    Outlet.label,
    Outlet.label,
    "both outlets covered the same events",
    (Property("weight", Type.INTEGER, "number of events that both covered"), _LIKENESS),
)
Following = EdgeType(
    "FOLLOWS",
    Outlet.label,
    Outlet.label,
    "an outlet was later than the other on events that both covered",
    (
        Property("weight", Type.INTEGER, "number of events on which it was later"),
        Property("shared", Type.INTEGER, "number of events that both covered at different times"),
        Property("median_lag_hours", Type.REAL, "median lag behind the other, over the events on which it was later"),
    ),
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
    dynamic = False

    def __init__(
        self,
        part: Part,
        label: NodeType,
        edge: EdgeType,
        members: Mapping[str, set[str]],
        counted: str,
        min_weight: int | None = 1,
    ) -> None:
        """``members`` holds, for each event or story of ``part``, the ids of the nodes that it joins; ``min_weight``
        is the least weight of an edge, None: above chance."""
        self.store = part.store
        self.filters = part.filters
        count = Property("count", Type.INTEGER, f"number of its {counted}")
        self._declared = NodeType(label.label, label.meaning, label.id, (*_shown(label), count))
        self.node_types = (self._declared,)
        self.edge_types = (edge,)
        self._counts = Counter(one for group in members.values() for one in group)
        self._nodes = list(part.nodes(label.label))
        weights = Counter(pair for group in members.values() for pair in combinations(sorted(group), 2))
        kept = self._kept(weights, members, min_weight)
        self._weights = {pair: weight for pair, weight in weights.items() if pair in kept}
        self.notes = _left_out(len(weights) - len(kept), min_weight)

    def _kept(
        self, weights: Mapping[tuple[str, str], int], members: Mapping[str, set[str]], min_weight: int | None
    ) -> set[tuple[str, str]]:
        if min_weight is not None:
            return {pair for pair, weight in weights.items() if weight >= min_weight}
        from scipy.stats import hypergeom  # noqa: PLC0415  # a second of CPU that other exports save

        pairs = sorted(weights)
        events = sum(bool(group) for group in members.values())
        tails = hypergeom.sf(
            [weights[pair] - 1 for pair in pairs],
            events,
            [self._counts[one] for one, _ in pairs],
            [self._counts[other] for _, other in pairs],
        )
        number = len(self._counts)
        return _discovered(pairs, tails, number * (number - 1) // 2)

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


class Follows(Projection):
    """A network of outlets, with an edge from each to those that are earlier on the events that both cover."""

    directed = True

    def __init__(self, part: Part, firsts: Mapping[str, Mapping[str, datetime]], min_weight: int | None) -> None:
        """``firsts``: event -> outlet -> its first time there."""
        members = {event: set(times) for event, times in firsts.items()}
        super().__init__(part, Outlet, Following, members, "events")
        lags: dict[tuple[str, str], list[float]] = defaultdict(list)
        for times in firsts.values():
            for one, other in combinations(sorted(times), 2):
                lags[one, other].append((times[other] - times[one]).total_seconds())
        self._told: dict[tuple[str, str], dict[str, Value]] = {}
        for (one, other), found in sorted(lags.items()):
            for follower, leader, behind in ((other, one, found), (one, other, [-lag for lag in found])):
                after = [lag for lag in behind if lag > 0]
                decided = sum(lag != 0 for lag in behind)
                if after:
                    told = {"weight": len(after), "shared": decided, "median_lag_hours": median(after) / 3600}
                    self._told[follower, leader] = dict(told)
        kept = self._above(min_weight, len(lags))
        self.notes = _left_out(len(self._told) - len(kept), min_weight)
        self._told = {pair: told for pair, told in sorted(self._told.items()) if pair in kept}

    def _above(self, min_weight: int | None, pairs: int) -> set[tuple[str, str]]:
        weights = {pair: int(str(told["weight"])) for pair, told in self._told.items()}
        if min_weight is not None:
            return {pair for pair, weight in weights.items() if weight >= min_weight}
        from scipy.stats import binom  # noqa: PLC0415  # a second of CPU that other exports save

        ordered = sorted(weights)
        shared = [int(str(self._told[pair]["shared"])) for pair in ordered]
        return _discovered(ordered, binom.sf([weights[pair] - 1 for pair in ordered], shared, 0.5), 2 * pairs)

    def edges(self, type: str) -> Iterator[Edge]:
        """Yields the edges, ordered by follower and leader."""
        if type == Following.type:
            for (follower, leader), told in self._told.items():
                yield Edge(type, follower, leader, told)


def _discovered(pairs: Sequence[tuple[str, str]], tails: Any, tested: int) -> set[tuple[str, str]]:
    """Returns the pairs that chance doesn't explain, at a false discovery rate of :data:`CHANCE` over all ``tested``
    ones; those that are not among ``pairs`` have met by no more than chance."""
    from scipy.stats import false_discovery_control  # noqa: PLC0415

    if not pairs:
        return set()
    rates = false_discovery_control(tails) * (tested / len(pairs))
    return {pair for pair, rate in zip(pairs, rates, strict=True) if rate < CHANCE}


def _left_out(count: int, min_weight: int | None) -> tuple[str, ...]:
    if not count:
        return ()
    why = "no more often together than by chance" if min_weight is None else f"below weight {min_weight}"
    keeps = "; min_weight=1 keeps them" if min_weight is None else ""
    return (f"{count:,} {'edge' if count == 1 else 'edges'} left out, {why}{keeps}",)


def _first_times(part: Part, outlets: Mapping[str, Sequence[str]]) -> dict[str, dict[str, datetime]]:
    """Returns event -> outlet -> its first time there, by stories of a sure time that are no copies and fit the
    event."""
    copies = {edge.start for edge in part.edges(CopyOf.type)}
    times = {
        node.id: time
        for node in part.nodes(Story.label)
        if isinstance(time := node.properties.get("published_at"), datetime)
        and node.properties.get("date_quality") in SURE
        and node.id not in copies
    }
    firsts: dict[str, dict[str, datetime]] = defaultdict(dict)
    for edge in part.edges(Covers.type):
        time = times.get(edge.start)
        if time is not None and not edge.properties.get("weak_fit"):
            for outlet in outlets.get(edge.start, ()):
                had = firsts[edge.end].get(outlet)
                firsts[edge.end][outlet] = time if had is None else min(had, time)
    return firsts


def project(store: Store, name: str, filters: Filters | None, min_weight: int | None = None) -> Part:
    """Returns the projection of that name, made of what the filters choose.

    ``min_weight`` is the least weight of an edge. Without it the edges above chance are kept; of topics and stories
    all.

    Raises UsageError if the filters name ``labels`` or ``edges``, and NothingToWriteError when there is no node to
    show.
    """
    filters = filters or Filters()
    if filters.labels or filters.edges:
        raise UsageError(name, "a projection has one label and one type of edge", "Leave out labels and edges")
    if min_weight is not None and name == "stories":
        raise UsageError(name, "has no weights", "Leave the least weight out")
    if name == "stories":
        return select(store, replace(filters, labels=(Story.label,), edges=(RelatedTo.type,)))
    part = select(store, filters)
    members: dict[str, set[str]] = defaultdict(set)
    if name == "topics":
        for edge in part.edges(About.type):
            members[edge.start].add(edge.end)
        made = Projection(part, Topic, OccursWith, members, "stories", min_weight or 1)
    else:
        outlets: dict[str, list[str]] = defaultdict(list)
        for edge in part.edges(PublishedBy.type):
            outlets[edge.start].append(edge.end)
        if name == "follows":
            made = Follows(part, _first_times(part, outlets), min_weight)
        else:
            for edge in part.edges(Covers.type):
                members[edge.end].update(outlets.get(edge.start, ()))
            made = Projection(part, Outlet, SharesEvents, members, "events", min_weight)
    if not made.count_nodes(made.node_types[0].label):
        raise NothingToWriteError(
            filters.words(),
            f"no {'topics' if name == 'topics' else 'outlets'} are in that part of the graph",
            "Widen the filters",
        )
    return made


def _shown(label: NodeType) -> tuple[Property, ...]:
    return tuple(one for one in label.properties if not one.internal)
