"""A part of the graph, from which exports, pages and projections are made.

The whole graph is read from the store while it is written out, and is never held in memory. A part that is narrowed to
some stories holds only the ids of what was chosen.

What a part holds:

- Without a filter on stories: every node and every edge of the chosen labels and types.
- With one (``event``, ``topic``, ``outlet``, ``language``, ``country``, ``where``, ``since``, ``until``): the stories
  that satisfy *all* of them; the outlets, topics, images, authors, entities and events joined to one of those stories
  (sources and addresses too, where they are asked for); and every edge between two chosen nodes. A story without a time
  never satisfies ``since`` or ``until``. The properties of a node stay those of the whole graph: an event's
  ``story_count`` counts its stories outside the part too.
- ``labels`` leaves only those labels, and the edges between them; ``edges`` leaves only those types of edge.
- Labels and edges for bookkeeping (Source, Address, Corpus, MENTIONS, ADDRESS_OF) are left out. They are included if
  ``labels`` or ``edges`` names them, or if the part is made to move a store (``moving``). Internal properties are
  included only with ``moving``. The folders of the user's machine (``Corpus.folders``) are never included. A narrowed
  part never holds what a file said of stories outside it: with ``moving`` it has sources only when they are named, and
  never their ``records``.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from newsgraph.errors import NothingToWriteError, UnknownNameError, UsageError
from newsgraph.graph.batch import Columns, Edge, Node, columns_of_edges, columns_of_nodes
from newsgraph.graph.schema import (
    EDGE_TYPES,
    EDGES,
    NODE_TYPES,
    NODES,
    About,
    Covers,
    EdgeType,
    Event,
    NodeType,
    Outlet,
    Property,
    PublishedBy,
    Source,
    Story,
    Topic,
    Value,
)
from newsgraph.graph.stores.protocol import Store

#: The label and property that never leave the store: they hold paths on the user's machine.
NEVER_LEAVE = frozenset({("Corpus", "folders")})
#: What a file said. It may tell of stories outside a narrowed part.
_RECORDS = ("Source", "records")
#: Up to this many stories are looked up one by one. For more, all edges of the type are read in order and filtered,
#: which needs no memory.
_LOOK_UP = 2_000

#: Edge types that run from a chosen story to what is joined to it, and edge types that run to the story.
_FROM_STORY = tuple(edge for edge in EDGE_TYPES if edge.start == Story.label and edge.end != Story.label)
_TO_STORY = tuple(edge for edge in EDGE_TYPES if edge.end == Story.label and edge.start != Story.label)


#: The filters that choose among the stories.
STORY_FILTERS = ("event", "topic", "outlet", "language", "country", "since", "until", "where")


@dataclass(frozen=True, slots=True)
class Filters:
    """What to choose. ``event``, ``topic`` and ``outlet`` are ids. ``language`` is a tag in small letters; without a
    region it stands for all regions. ``country`` is written as stories and outlets have it. ``since`` and ``until`` are
    times with a zone; ``since`` itself is included, ``until`` isn't. ``where`` are conditions on outlets, written as
    their ``facts`` are (``country=DE``); those on one column are alternatives. ``labels`` and ``edges`` are declared
    names; empty means all that are not for bookkeeping.
    """

    event: str | None = None
    topic: str | None = None
    outlet: str | None = None
    language: str | None = None
    country: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    where: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()

    @property
    def narrow(self) -> bool:
        """Whether the filters choose among the stories."""
        return any(getattr(self, name) not in (None, ()) for name in STORY_FILTERS)

    def words(self) -> str:
        """Returns the filters in words, for messages: ``event=..., since=...``."""
        given = [(name, getattr(self, name)) for name in self.__slots__ if getattr(self, name)]
        return ", ".join(f"{name}={_words(value)}" for name, value in given) or "no filter"


def _words(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return ",".join(value) if isinstance(value, tuple) else str(value)


class Part:
    """The nodes and edges of a selection, in a fixed order. :func:`select` makes it.

    Labels and types are in the order of the schema, nodes are ordered by id, edges by start and end. Every iterator
    reads the store anew. ``node_types`` and ``edge_types`` are what the part can hold. ``directed`` is false for
    projections whose edges have no direction. ``dynamic`` says whether nodes appear in time. ``notes`` are lines that a
    reader must know.
    """

    directed = True
    dynamic = True
    notes: tuple[str, ...] = ()

    def __init__(
        self,
        store: Store,
        node_types: tuple[NodeType, ...],
        edge_types: tuple[EdgeType, ...],
        chosen: dict[str, frozenset[str]] | None,
        *,
        filters: Filters,
        moving: bool,
    ) -> None:
        self.filters = filters
        self.node_types = node_types
        self.edge_types = edge_types
        self.store = store
        self._chosen = chosen  # None means the whole graph
        self._moving = moving

    def properties(self, declared: NodeType | EdgeType) -> tuple[Property, ...]:
        """Returns the declared properties that this part includes, in the order of the schema, without a node's
        ``id``."""
        name = declared.label if isinstance(declared, NodeType) else declared.type
        return tuple(one for one in declared.properties if self._leaves(name, one))

    def _leaves(self, name: str, one: Property) -> bool:
        if (name, one.name) in NEVER_LEAVE or (self._chosen is not None and (name, one.name) == _RECORDS):
            return False
        return self._moving or not one.internal

    def nodes(self, label: str) -> Iterator[Node]:
        """Yields the chosen nodes of a label, by id; none when the label is not in the part."""
        declared = next((one for one in self.node_types if one.label == label), None)
        if declared is None:
            return
        hidden = _hidden(declared, self.properties(declared))
        found = self._found_nodes(label)
        if declared is Event and not self._moving:
            # Stores keep an empty label where a researcher gave none; for other tools it is better left out.
            found = map(_without_empty_label, found)
        for node in found:
            if hidden and not hidden.isdisjoint(node.properties):
                yield Node(label, node.id, _leaving(node.properties, hidden))
            else:
                yield node

    def _found_nodes(self, label: str) -> Iterable[Node]:
        if self._chosen is None:
            return self.store.nodes(label)
        chosen = self._chosen[label]
        if len(chosen) > _LOOK_UP:
            return (node for node in self.store.nodes(label) if node.id in chosen)
        return sorted(self.store.nodes(label, sorted(chosen)), key=lambda node: node.id) if chosen else ()

    def edges(self, type: str) -> Iterator[Edge]:
        """Yields the chosen edges of a type, by start and end; none when the type is not in the part."""
        declared = next((one for one in self.edge_types if one.type == type), None)
        if declared is None:
            return
        hidden = _hidden(declared, self.properties(declared))
        for edge in self._found_edges(declared):
            if hidden and not hidden.isdisjoint(edge.properties):
                yield Edge(type, edge.start, edge.end, _leaving(edge.properties, hidden))
            else:
                yield edge

    def node_columns(self, declared: NodeType) -> Iterator[Columns]:
        """Yields the nodes of a label that is in the part, as columns of :meth:`properties`."""
        names = [one.name for one in self.properties(declared)]
        if self._chosen is not None or (declared is Event and not self._moving):
            return columns_of_nodes(self.nodes(declared.label), names)
        return self.store.node_columns(declared.label, names)

    def edge_columns(self, declared: EdgeType) -> Iterator[Columns]:
        """Yields the edges of a type that is in the part, as columns of :meth:`properties`."""
        names = [one.name for one in self.properties(declared)]
        if self._chosen is not None:
            return columns_of_edges(self.edges(declared.type), names)
        return self.store.edge_columns(declared.type, names)

    def _found_edges(self, declared: EdgeType) -> Iterable[Edge]:
        if self._chosen is None:
            return self.store.edges(declared.type)
        starts, ends = self._chosen[declared.start], self._chosen[declared.end]
        if not starts or not ends:
            return ()
        if min(len(starts), len(ends)) > _LOOK_UP:
            found: Iterable[Edge] = self.store.edges(declared.type)
            return (edge for edge in found if edge.start in starts and edge.end in ends)
        if len(starts) <= len(ends):
            found = self.store.edges(declared.type, starts=sorted(starts))
        else:
            found = self.store.edges(declared.type, ends=sorted(ends))
        inside = (edge for edge in found if edge.start in starts and edge.end in ends)
        return sorted(inside, key=lambda edge: (edge.start, edge.end))

    def count_nodes(self, label: str) -> int:
        """Returns how many nodes of a label the part has. It reads them, unless the ids are already known."""
        if self._chosen is not None:
            return len(self._chosen.get(label, ())) if any(one.label == label for one in self.node_types) else 0
        return sum(1 for _ in self.nodes(label))

    def count_edges(self, type: str) -> int:
        """Returns how many edges of a type the part has. It reads them."""
        return sum(1 for _ in self.edges(type))


def _hidden(declared: NodeType | EdgeType, leaving: tuple[Property, ...]) -> frozenset[str]:
    return frozenset(one.name for one in declared.properties) - {one.name for one in leaving}


def _leaving(properties: Mapping[str, Value], hidden: frozenset[str]) -> dict[str, Value]:
    return {name: value for name, value in properties.items() if name not in hidden}


def select(store: Store, filters: Filters | None = None, *, moving: bool = False) -> Part:
    """Returns the part of the graph that the filters choose. ``moving`` is for formats that move a whole store
    elsewhere.

    Raises UnknownNameError for an event, topic, outlet, label or edge type that doesn't exist, UsageError for filters
    that contradict each other, and NothingToWriteError when the filters leave no node. Without filters, an empty store
    gives an empty part.
    """
    filters = filters or Filters()
    node_types, edge_types = _types(filters, moving=moving)
    chosen = _choose(store, filters, node_types) if filters.narrow else None
    part = Part(store, node_types, edge_types, chosen, filters=filters, moving=moving)
    if chosen is not None:
        empty = not any(chosen[one.label] for one in node_types)
    else:
        empty = bool(filters.labels) and not any(
            any(True for _ in islice(part.nodes(one.label), 1)) for one in node_types
        )
    if empty:
        raise NothingToWriteError(filters.words(), "nothing in the graph fits", "Widen or leave out a filter")
    return part


def _types(filters: Filters, *, moving: bool) -> tuple[tuple[NodeType, ...], tuple[EdgeType, ...]]:
    for name in filters.labels:
        _known(name, NODES, "label")
    for name in filters.edges:
        _known(name, EDGES, "type of edge")
    labels = set(filters.labels) or _usual_labels(filters, moving=moving)
    for name in filters.edges:
        missing = _ends(name) - labels
        if missing:
            raise UsageError(
                name, f"joins {EDGES[name].start} and {EDGES[name].end}, but labels leave out {min(missing)}"
            )
    wanted = set(filters.edges) or set(EDGES)
    return (
        tuple(one for one in NODE_TYPES if one.label in labels),
        tuple(one for one in EDGE_TYPES if one.type in wanted and _ends(one.type) <= labels),
    )


def _ends(type: str) -> set[str]:
    """Returns the labels that a type of edge joins."""
    return {EDGES[type].start, EDGES[type].end}


def _usual_labels(filters: Filters, *, moving: bool) -> set[str]:
    """Returns the labels of a part when none are named."""
    labels = {one.label for one in NODE_TYPES if moving or not one.bookkeeping}
    if filters.narrow:
        labels.discard(Source.label)
    return labels.union(*(_ends(name) for name in filters.edges))


def _known(name: str, known: Collection[str], what: str) -> None:
    if name not in known:
        near = nearest(name, known)
        raise UnknownNameError(
            name, f"there is no {what} of that name", _did_you_mean(near) or f"There are {', '.join(known)}"
        )


def _choose(store: Store, filters: Filters, node_types: tuple[NodeType, ...]) -> dict[str, frozenset[str]]:
    """Returns the ids of the chosen nodes by label, with an entry for every label."""
    stories = _stories(store, filters)
    wanted = {one.label for one in node_types}
    joined = _joined(store, stories, wanted)
    chosen = {one.label: joined.get(one.label, frozenset()) for one in NODE_TYPES}
    if stories:
        for label in wanted - joined.keys() - {Story.label}:
            # All nodes of a label that no edge joins to stories, such as Corpus, are included.
            chosen[label] = frozenset(node.id for node in store.nodes(label))
    if Story.label in wanted:
        chosen[Story.label] = stories
    return chosen


def _joined(store: Store, stories: frozenset[str], wanted: set[str]) -> dict[str, frozenset[str]]:
    """Returns, by label, the ids of nodes that an edge joins to the stories, for those wanted labels that have such
    edges."""
    joined: dict[str, set[str]] = {}
    for edge in _FROM_STORY:
        if edge.end in wanted:
            joined.setdefault(edge.end, set()).update(one.end for one in _at(store, edge, stories, start=True))
    for edge in _TO_STORY:
        if edge.start in wanted and edge.start not in joined:
            joined[edge.start] = {one.start for one in _at(store, edge, stories, start=False)}
    return {label: frozenset(ids) for label, ids in joined.items()}


def _at(store: Store, edge: EdgeType, stories: frozenset[str], *, start: bool) -> Iterator[Edge]:
    """Yields the edges of a type at the given stories, in no fixed order."""
    if len(stories) > _LOOK_UP:
        for one in store.edges(edge.type):
            if (one.start if start else one.end) in stories:
                yield one
    elif stories:
        ids = sorted(stories)
        yield from store.edges(edge.type, starts=ids) if start else store.edges(edge.type, ends=ids)


def _stories(store: Store, filters: Filters) -> frozenset[str]:
    ids = _joined_to(store, filters)
    if filters.since is None and filters.until is None and filters.language is None and filters.country is None:
        return ids or frozenset()
    inside = _between(filters.since, filters.until)
    abroad = _of_country(store, filters.country)
    if ids is not None and len(ids) <= _LOOK_UP:
        nodes: Iterable[Node] = store.nodes(Story.label, sorted(ids)) if ids else ()
    else:
        nodes = store.nodes(Story.label)
    return frozenset(
        node.id
        for node in nodes
        if (ids is None or node.id in ids)
        and _in_language(node, filters.language)
        and (filters.country is None or node.properties.get("country", abroad.get(node.id)) == filters.country)
        and inside(node.properties.get("published_at"))
    )


def _joined_to(store: Store, filters: Filters) -> frozenset[str] | None:
    """Returns the stories that are joined to the event, the topic and the outlets that the filters name; None if they
    name none."""
    ids: frozenset[str] | None = None
    named: list[tuple[EdgeType, list[str]]] = []
    for label, edge, id in (
        (Event.label, Covers, filters.event),
        (Topic.label, About, filters.topic),
        (Outlet.label, PublishedBy, filters.outlet),
    ):
        if id is not None:
            _check_id(store, label, id)
            named.append((edge, [id]))
    if filters.where:
        named.append((PublishedBy, outlets_with(store, filters.where)))
    for edge, ends in named:
        found = frozenset(one.start for one in store.edges(edge.type, ends=ends)) if ends else frozenset()
        ids = found if ids is None else ids & found
    return ids


def outlets_with(store: Store, conditions: Collection[str]) -> list[str]:
    """Returns the outlets whose ``facts`` fulfil the conditions, such as ``country=DE``. Those on one column are
    alternatives."""
    columns: dict[str, set[str]] = {}
    for one in conditions:
        columns.setdefault(one.partition("=")[0], set()).add(one)
    found = []
    for node in store.nodes(Outlet.label):
        facts = node.properties.get("facts")
        if isinstance(facts, tuple) and all(not wanted.isdisjoint(facts) for wanted in columns.values()):
            found.append(node.id)
    return found


def _in_language(node: Node, wanted: str | None) -> bool:
    if wanted is None:
        return True
    tag = str(node.properties.get("language", "")).lower()
    return wanted in (tag, tag.split("-")[0])


def _of_country(store: Store, country: str | None) -> Mapping[str, str]:
    """Returns story -> outlet, for each story of an outlet of that country."""
    if country is None:
        return {}
    outlets = [node.id for node in store.nodes(Outlet.label) if node.properties.get("country") == country]
    edges = store.edges(PublishedBy.type, ends=outlets) if outlets else ()
    return {edge.start: country for edge in edges}


def _between(since: datetime | None, until: datetime | None) -> Callable[[Value | None], bool]:
    for name, time in (("since", since), ("until", until)):
        if time is not None and time.tzinfo is None:
            raise UsageError(name, f"the time {time.isoformat()} has no zone", "Give an aware time, such as one in UTC")
    low = since or datetime.min.replace(tzinfo=UTC)
    high = until or datetime.max.replace(tzinfo=UTC)
    if since and until and since >= until:
        raise UsageError("since", f"{since.isoformat()} is not before until, {until.isoformat()}")

    def inside(time: Value | None) -> bool:
        return isinstance(time, datetime) and low <= time < high

    if since is None and until is None:
        return lambda time: True
    # Without an upper end, the last time that can be represented must be included too.
    return inside if until else lambda time: isinstance(time, datetime) and low <= time


def _check_id(store: Store, label: str, id: str) -> None:
    if not any(True for _ in store.nodes(label, [id])):
        raise UnknownNameError(id, f"there is no {label.lower()} of that id")


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Returns up to three of the known names that look most like ``name``, best first (Ratcliff and Obershelp, as in
    difflib).
    """
    folded: dict[str, str] = {}
    for one in known:
        folded.setdefault(one.casefold(), one)
    return [folded[one] for one in difflib.get_close_matches(name.casefold(), list(folded), n=3, cutoff=0.5)]


def _did_you_mean(names: list[str]) -> str:
    return f"Did you mean {' or '.join(names)}?" if names else ""


__all__ = ["NEVER_LEAVE", "STORY_FILTERS", "Filters", "Part", "nearest", "select"]


def _without_empty_label(node: Node) -> Node:
    if node.properties.get("label") != "":
        return node
    return Node(node.label, node.id, {name: value for name, value in node.properties.items() if name != "label"})
