"""What the map shows, read once from a part of the graph: stories, outlets, topics and events as columns.

Columns (one list for each property, in the order of the nodes) are used instead of a record for each node. With 100,000
stories that takes a tenth of the memory and half of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from newsgraph.graph.batch import Node
from newsgraph.graph.gc_pause import collector_paused
from newsgraph.graph.schema import (
    NODES,
    About,
    CopyOf,
    Covers,
    EdgeType,
    Event,
    HasImage,
    Image,
    Outlet,
    PublishedBy,
    RelatedTo,
    Story,
    SubtopicOf,
    Topic,
    Value,
)
from newsgraph.graph.subgraph import Part
from newsgraph.views.document import shown, web_address

Integers = NDArray[np.int64]
Column = list[str | int | float | bool | None]

#: The labels on the map, in the order in which its nodes are numbered.
LABELS = (Event.label, Story.label, Outlet.label, Topic.label)
#: The edges on the map.
EDGE_TYPES: tuple[EdgeType, ...] = (Covers, PublishedBy, About, RelatedTo, CopyOf, SubtopicOf)
#: Properties of a story that every map has. The others (excerpt, scores, further addresses) are left out of large maps.
BRIEF = ("title", "url", "published_at", "date_quality", "kind", "category", "language")
#: Properties that are taken apart into columns of their own.
APART = ((Outlet.label, "facts"), (Outlet.label, "country"), (Outlet.label, "group"))
#: Up to this many stories, a map has every property of them and the links to their images.
FULL_STORIES = 20_000


@dataclass(frozen=True, slots=True)
class MapData:
    """The nodes of the map, numbered in this order: events, stories (by event and time, those without an event last),
    outlets, topics.

    ``ids`` are by label. ``columns`` maps label -> property -> values. Times are whole seconds since 1970 UTC;
    addresses are only there if a page may link to them. ``edges`` maps type -> (starts, ends), as numbers of nodes.
    ``event_of`` has for each story the index of its event, or -1. ``images`` has for each story the addresses of its
    pictures. ``outlet_columns`` are country, group and every other column of the outlets file, with a value for each
    outlet. ``full`` says whether all properties of the stories are there.
    """

    ids: Mapping[str, list[str]]
    columns: Mapping[str, Mapping[str, Column]]
    edges: Mapping[str, tuple[Integers, Integers]]
    event_of: Integers
    images: list[list[str]]
    outlet_columns: Mapping[str, Column]
    full: bool

    def count(self, label: str) -> int:
        """How many nodes of the label there are."""
        return len(self.ids[label])

    def offset(self, label: str) -> int:
        """The number of the first node of the label."""
        return sum(self.count(one) for one in LABELS[: LABELS.index(label)])

    def memberships(self, type: EdgeType) -> sparse.csr_array:
        """Returns a matrix of stories and of the nodes at the ends of their edges of that type: 1 where there is an
        edge."""
        starts, ends = self.edges[type.type]
        shape = (self.count(Story.label), self.count(type.end))
        rows, columns = starts - self.offset(Story.label), ends - self.offset(type.end)
        return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def read_map(part: Part) -> MapData:
    """Reads the part, each label and each type of edge once."""
    with collector_paused():
        return _read(part)


def _read(part: Part) -> MapData:
    plain = {label: list(part.nodes(label)) for label in (Event.label, Outlet.label, Topic.label)}
    stories = list(part.nodes(Story.label))
    full = len(stories) <= FULL_STORIES

    event_number = {node.id: number for number, node in enumerate(plain[Event.label])}
    event_by_story = {
        edge.start: event_number[edge.end] for edge in part.edges(Covers.type) if edge.end in event_number
    }
    far = float("inf")

    def place(node: Node) -> tuple[int, float, str]:
        time = node.properties.get("published_at")
        return (
            event_by_story.get(node.id, len(event_number)),
            time.timestamp() if isinstance(time, datetime) else far,
            node.id,
        )

    stories.sort(key=place)
    event_of = np.fromiter((event_by_story.get(node.id, -1) for node in stories), dtype=np.int64, count=len(stories))
    nodes = {**plain, Story.label: stories}
    ids = {label: [node.id for node in nodes[label]] for label in LABELS}
    columns = {
        label: {
            one.name: _column(nodes[label], one.name)
            for one in part.properties(NODES[label])
            if (full or label != Story.label or one.name in BRIEF) and (label, one.name) not in APART
        }
        for label in LABELS
    }
    outlet_columns = _outlet_columns(nodes[Outlet.label])
    number: dict[str, dict[str, int]] = {}
    offset = 0
    for label in LABELS:
        number[label] = {identity: offset + index for index, identity in enumerate(ids[label])}
        offset += len(ids[label])
    del nodes, plain, stories
    edges = {
        one.type: _ends(
            ((edge.start, edge.end) for edge in part.edges(one.type)), number[one.start].get, number[one.end].get
        )
        for one in EDGE_TYPES
    }
    images = _images(part, ids[Story.label]) if full else []
    return MapData(ids, columns, edges, event_of, images, outlet_columns, full)


def _ends(
    pairs: Iterable[tuple[str, str]], start_of: Callable[[str], int | None], end_of: Callable[[str], int | None]
) -> tuple[Integers, Integers]:
    starts: list[int] = []
    ends: list[int] = []
    for start, end in pairs:
        one, other = start_of(start), end_of(end)
        if one is not None and other is not None:
            starts.append(one)
            ends.append(other)
    known = np.array([starts, ends], dtype=np.int64)
    order = np.lexsort((known[1], known[0]))
    return known[0][order], known[1][order]


def _column(nodes: list[Node], name: str) -> Column:
    address = name == "url" or name.endswith("_url")
    return [_cell(node.properties.get(name), address=address) for node in nodes]


def _cell(value: Value | None, *, address: bool) -> str | int | float | bool | None:
    if isinstance(value, str):
        return (web_address(value) or shown(value, 500)) if address else shown(value)
    if isinstance(value, datetime):
        return round(value.timestamp())
    if isinstance(value, tuple):
        return shown(", ".join(value))
    return value


def _outlet_columns(outlets: list[Node]) -> dict[str, Column]:
    """Returns country, group, and every other column that a researcher gave of outlets: a value for each of them."""
    known: list[dict[str, str]] = []
    for node in outlets:
        facts = node.properties.get("facts")
        pairs = (str(fact).partition("=") for fact in (facts if isinstance(facts, tuple) else ()))
        own = {name: str(node.properties[name]) for name in ("country", "group") if node.properties.get(name)}
        known.append(own | {column: value for column, _, value in pairs if value})
    names = sorted({name for own in known for name in own})
    return {name: [_cell(own.get(name), address=False) for own in known] for name in names}


def _images(part: Part, stories: list[str]) -> list[list[str]]:
    urls = {node.id: str(node.properties.get("url", node.id)) for node in part.nodes(Image.label)}
    found: dict[str, list[str]] = {}
    for edge in part.edges(HasImage.type):
        address = web_address(urls.get(edge.end, ""))
        if address:
            found.setdefault(edge.start, []).append(address)
    return [found.get(story, []) for story in stories]
