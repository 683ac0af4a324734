"""How two stories, outlets, topics or events are connected.

It is the shortest way, over edges in either direction. Of several shortest ways it is the one whose sequence of ids is
the smallest. Only what the stories themselves say counts as a connection, not the files that they were in, other
spellings of addresses and the like. Each end is an id, a web address, a name or words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.names import Thing
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged

_LISTS = {"Story": "stories", "Outlet": "outlets", "Topic": "topics", "Image": "images", "Event": "events"}

#: How each edge is read in its direction, and against it.
_WORDS = {
    "PUBLISHED_BY": ("was published by", "published"),
    "ABOUT": ("is about", "is a topic of"),
    "HAS_IMAGE": ("shows", "is shown with"),
    "RELATED_TO": ("lists as related", "is listed as related by"),
    "COVERS": ("covers", "is covered by"),
    "COPY_OF": ("repeats", "is repeated by"),
    "SUBTOPIC_OF": ("belongs under", "has the subtopic"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One node on the way."""

    step: int = column("place on the way, from 0", "edges")
    label: str = column("Story, Outlet, Topic, Image or Event")
    id: str = column("id of the node")
    name: str | None = column("title of a story or an event, name of an outlet or a topic")
    edge: str | None = column("type of the edge to the next node; empty at the end")
    reads: str | None = column("that edge in words, read towards the next node")


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What path can be asked."""

    a: Thing = parameter(Kind.THING, "where the way begins: a story, outlet, topic or event", positional=True)
    b: Thing = parameter(Kind.THING, "where it ends", positional=True)
    longest: int = parameter(Kind.INTEGER, "edges that the way may have", default=8, minimum=0)


@dataclass(frozen=True, slots=True)
class _Edge:
    type: str
    forward: bool


#: The neighbours of the nodes that were looked up, each with all edges between the two.
_Neighbours = dict[Thing, dict[Thing, set[_Edge]]]


def query(asked: Parameters) -> dict[str, Any]:
    """Returns the values of the query text for the first ring, around ``a``."""
    return _ring([asked.a])


def answer(store: Store, text: str, asked: Parameters) -> Found[Step]:
    """Returns the nodes of the way in order; no row if there is no way."""
    neighbours: _Neighbours = {}

    def expand(ring: Iterable[Thing]) -> None:
        new = sorted(thing for thing in ring if thing not in neighbours)
        if not new:
            return
        neighbours.update({thing: {} for thing in new})
        cells: Any
        for cells in store.query(text, _ring(new)):
            label, id, edge, forward, other_label, other_id = cells
            around = neighbours[Thing(label, id)]
            around.setdefault(Thing(other_label, other_id), set()).add(_Edge(edge, bool(forward)))

    way = _way(asked, neighbours, expand)
    if way is None:
        return Found((), (f"No way of at most {asked.longest} edges joins the two.",))
    return Found(_steps(store, way, neighbours))


def _ring(things: Iterable[Thing]) -> dict[str, Any]:
    ring = list(things)
    return {name: [thing.id for thing in ring if thing.label == label] for label, name in _LISTS.items()}


def _way(asked: Parameters, neighbours: _Neighbours, expand: Any) -> list[Thing] | None:
    """Draws rings around both ends, the smaller one first, until they meet."""
    ahead: list[set[Thing]] = [{asked.a}]
    back: list[set[Thing]] = [{asked.b}]
    seen_ahead, seen_back = {asked.a}, {asked.b}
    while not ahead[-1] & back[-1]:
        if len(ahead) + len(back) - 2 >= asked.longest:
            return None
        rings, seen = (ahead, seen_ahead) if len(ahead[-1]) <= len(back[-1]) else (back, seen_back)
        expand(rings[-1])
        ring = {other for thing in rings[-1] for other in neighbours[thing]} - seen
        if not ring:
            return None
        rings.append(ring)
        seen |= ring
    return _smallest_way(_on_a_way(ahead, back, neighbours), neighbours)


def _on_a_way(ahead: list[set[Thing]], back: list[set[Thing]], neighbours: _Neighbours) -> list[set[Thing]]:
    """Returns the rings from one end to the other, each with only the nodes that are on a shortest way."""
    rings = [*ahead[:-1], ahead[-1] & back[-1], *reversed(back[:-1])]
    meeting = len(ahead) - 1
    for place in range(meeting, 0, -1):
        rings[place - 1] = {thing for thing in rings[place - 1] if rings[place] & neighbours[thing].keys()}
    for place in range(meeting, len(rings) - 1):
        reached = {other for other in rings[place + 1] if rings[place] & neighbours[other].keys()}
        rings[place + 1] = reached
    return rings


def _smallest_way(rings: list[set[Thing]], neighbours: _Neighbours) -> list[Thing]:
    """Returns, of all ways through the rings, the one that takes the smallest id at each step."""
    (start,) = rings[0]
    way = [start]
    for ring in rings[1:]:
        here = way[-1]
        joined = (thing for thing in ring if _joined(here, thing, neighbours))
        way.append(min(joined, key=lambda thing: (thing.id, thing.label)))
    return way


def _joined(one: Thing, other: Thing, neighbours: _Neighbours) -> bool:
    return other in neighbours.get(one, {}) or one in neighbours.get(other, {})


def _steps(store: Store, way: list[Thing], neighbours: _Neighbours) -> list[Step]:
    steps = []
    for place, thing in enumerate(way):
        edge = reads = None
        if place + 1 < len(way):
            found = _edge(thing, way[place + 1], neighbours)
            edge, reads = found.type, _WORDS[found.type][not found.forward]
        steps.append(Step(place, thing.label, thing.id, _name(store, thing), edge, reads))
    return steps


def _edge(one: Thing, other: Thing, neighbours: _Neighbours) -> _Edge:
    """Returns the edge to read. Of several it is the smallest by name, and preferably one in its direction."""
    edges = neighbours.get(one, {}).get(other, set())
    back = {_Edge(edge.type, not edge.forward) for edge in neighbours.get(other, {}).get(one, set())}
    return min(edges | back, key=lambda edge: (edge.type, not edge.forward))


def _name(store: Store, thing: Thing) -> str | None:
    for node in store.nodes(thing.label, [thing.id]):
        name = node.properties.get("title", node.properties.get("name"))
        return None if name is None else str(name)
    return None


QUESTION = Question(
    name="path",
    row=Step,
    parameters=Parameters,
    query=query,
    answer=answer,
    text=packaged("questions/path"),
    detail=__doc__ or "",
)
