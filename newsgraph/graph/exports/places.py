"""Places, sizes and colours for tools that draw: those of the map, so that a network opened elsewhere reads as it does.

The stories of an event stand in a disc around it and have its colour. Outlets and topics stand beside their stories,
as on the map; what the map doesn't show (images, authors, files) stands at the middle of what it is joined to. Of a
projection, nodes that share much stand near each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from newsgraph.graph.islands import GOLDEN_ANGLE, islands, mark_radii, place_discs
from newsgraph.graph.schema import About, Covers, EdgeType, Event, Outlet, PublishedBy, Story, Topic
from newsgraph.graph.subgraph import Part

Floats = NDArray[np.float64]
Colour = tuple[int, int, int]

#: Colours of events in turn, which those who see few colours tell apart
#: (Okabe and Ito 2008, https://jfly.uni-koeln.de/color/).
EVENT_COLOURS: tuple[Colour, ...] = (
    (0, 114, 178), (230, 159, 0), (0, 158, 115), (204, 121, 167), (86, 180, 233), (213, 94, 0), (240, 228, 66),
)  # fmt: skip
#: Of stories without an event, and of what isn't named below.
GREY: Colour = (150, 150, 150)
LABEL_COLOURS: Mapping[str, Colour] = {Outlet.label: (70, 70, 70), Topic.label: (120, 60, 140)}
_STORY_SIZE = 6.0
_OTHER_SIZE = 3.0


class Look(NamedTuple):
    """How a node is drawn: its place (y grows upwards), its diameter, its colour."""

    x: float
    y: float
    size: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks of all nodes of a part, by label and id."""

    of: Mapping[tuple[str, str], Look]


def looks_of(part: Part) -> Looks:
    """How the nodes of a part, or of a projection, are drawn. The same for the same graph."""
    labels = {declared.label for declared in part.node_types}
    if Story.label in labels and part.directed:
        return Looks(_of_graph(part, labels))
    return Looks(_of_network(part))


def _of_graph(part: Part, labels: set[str]) -> dict[tuple[str, str], Look]:
    ids = {label: [node.id for node in part.nodes(label)] for label in (Event.label, Outlet.label, Topic.label)}
    place_of = {label: {id: at for at, id in enumerate(found)} for label, found in ids.items()}
    event_of: dict[str, int] = {}
    for edge in part.edges(Covers.type):
        if edge.end in place_of[Event.label]:
            event_of[edge.start] = place_of[Event.label][edge.end]
    none = len(ids[Event.label])
    order: list[tuple[int, float, str]] = []
    for node in part.nodes(Story.label):
        time = node.properties.get("published_at")
        seconds = time.timestamp() if isinstance(time, datetime) else float("inf")
        order.append((event_of.get(node.id, none), seconds, node.id))
    order.sort()
    stories = {id: row for row, (_, _, id) in enumerate(order)}
    numbers = np.fromiter((event if event < none else -1 for event, _, _ in order), dtype=np.int64, count=len(order))
    outlets = _memberships(part, PublishedBy, stories, place_of[Outlet.label])
    topics = _memberships(part, About, stories, place_of[Topic.label])
    placed = islands(numbers, none, outlets, topics)
    looks: dict[tuple[str, str], Look] = {}
    for (event, _, id), (x, y) in zip(order, placed.stories, strict=True):
        looks[Story.label, id] = _look(x, y, _STORY_SIZE, _event_colour(event) if event < none else GREY)
    sizes = np.bincount(numbers[numbers >= 0], minlength=none)
    for at, id in enumerate(ids[Event.label]):
        x, y = placed.events[at]
        looks[Event.label, id] = _look(x, y, _STORY_SIZE + 2.0 * np.log2(sizes[at] + 1.0), _event_colour(at))
    for label, places, members in ((Outlet.label, placed.outlets, outlets), (Topic.label, placed.topics, topics)):
        for id, (x, y), radius in zip(ids[label], places, mark_radii(members), strict=True):
            looks[label, id] = _look(x, y, 2.0 * radius, LABEL_COLOURS[label])
    for label in sorted(labels - {Story.label, *ids}):
        _place_among(part, label, looks)
    return looks


def _memberships(part: Part, type: EdgeType, stories: Mapping[str, int], ends: Mapping[str, int]) -> sparse.csr_array:
    pairs = [(stories[e.start], ends[e.end]) for e in part.edges(type.type) if e.start in stories and e.end in ends]
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return sparse.csr_array((np.ones(len(pairs)), (rows, columns)), shape=(len(stories), len(ends)))


def _place_among(part: Part, label: str, looks: dict[tuple[str, str], Look]) -> None:
    """Nodes of a label at the middle of those that are placed and joined to them; others in rows below everything."""
    around: dict[str, list[Look]] = {}
    for type in part.edge_types:
        if label not in (type.start, type.end):
            continue
        for edge in part.edges(type.type):
            own, other = (
                (edge.end, (type.start, edge.start)) if type.end == label else (edge.start, (type.end, edge.end))
            )
            if other in looks:
                around.setdefault(own, []).append(looks[other])
    bottom = min((look.y for look in looks.values()), default=0.0) - 40.0
    left = min((look.x for look in looks.values()), default=0.0)
    alone = 0
    for rank, node in enumerate(part.nodes(label)):
        near = around.get(node.id)
        if near:
            turn = rank * GOLDEN_ANGLE  # beside, not upon: of several at one place each is seen
            x = sum(one.x for one in near) / len(near) + 4.0 * np.cos(turn)
            y = sum(one.y for one in near) / len(near) + 4.0 * np.sin(turn)
        else:
            x, y = left + alone % 60 * 14.0, bottom - alone // 60 * 14.0
            alone += 1
        looks[label, node.id] = Look(round(float(x), 2), round(float(y), 2), _OTHER_SIZE, GREY)


def _of_network(part: Part) -> dict[tuple[str, str], Look]:
    """Of a network of one kind of node: those that share much near each other, larger where more counts."""
    nodes = [(declared.label, node) for declared in part.node_types for node in part.nodes(declared.label)]
    row_of = {(label, node.id): row for row, (label, node) in enumerate(nodes)}
    counts = np.array([_number(node.properties.get("count")) for _, node in nodes])
    rows, columns, weights = list(range(len(nodes))), list(range(len(nodes))), [1.0] * len(nodes)
    for type in part.edge_types:
        for edge in part.edges(type.type):
            one, other = row_of.get((type.start, edge.start)), row_of.get((type.end, edge.end))
            if one is not None and other is not None:
                rows.extend((one, other))
                columns.extend((other, one))
                weights.extend([max(_number(edge.properties.get("weight")), 1.0)] * 2)
    radii = 4.0 + 3.0 * np.sqrt(np.log2(counts + 1.0))
    shared = sparse.csr_array((weights, (rows, columns)), shape=(len(nodes), len(nodes)))
    places = place_discs(shared, radii)
    return {
        (label, node.id): _look(x, y, 2.0 * radius, LABEL_COLOURS.get(label, EVENT_COLOURS[0]))
        for (label, node), (x, y), radius in zip(nodes, places, radii, strict=True)
    }


def _look(x: float, y: float, size: float, colour: Colour) -> Look:
    return Look(round(float(x), 2), round(-float(y), 2), round(float(size), 2), colour)


def _event_colour(event: int) -> Colour:
    return EVENT_COLOURS[event % len(EVENT_COLOURS)]


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and np.isfinite(value) else 0.0


def viz(look: Look, elements: Iterable[str] = ("color", "position", "size")) -> str:
    """The look as GEXF's viz elements."""
    red, green, blue = look.colour
    written = {
        "color": f'<viz:color r="{red}" g="{green}" b="{blue}"/>',
        "position": f'<viz:position x="{look.x}" y="{look.y}" z="0.0"/>',
        "size": f'<viz:size value="{look.size}"/>',
    }
    return "".join(written[one] for one in elements)
