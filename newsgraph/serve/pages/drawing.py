"""A small picture of the nodes that a query returned. It is laid out here, so that it needs no script.

The positions come from the Fruchterman-Reingold algorithm (Graph drawing by force-directed placement, 1991), as
NetworkX has it, with the same start each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsgraph.graph.schema import NODE_TYPES
from newsgraph.views.document import shown, web_address

#: The number of nodes of one picture. More could not be told apart.
MOST_NODES = 120
WIDTH, HEIGHT, EDGE = 960, 520, 40
_LABEL = 22
#: Above this number of nodes, stories have no text beside them.
_CROWDED = 24
_PROPERTIES = {one.label: frozenset({"id", *(had.name for had in one.properties)}) for one in NODE_TYPES}


@dataclass(frozen=True, slots=True)
class Dot:
    """A node and its position. ``kind`` is its label, or "other"."""

    kind: str
    x: float
    y: float
    label: str
    words: str
    href: str | None
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture. ``cut`` says that some nodes are not in it."""

    width: int
    height: int
    dots: Sequence[Dot]
    lines: Sequence[tuple[float, float, float, float]]
    cut: bool


def drawing(rows: Iterable[Sequence[Any]], href: Callable[[str, str], str | None]) -> Drawing | None:
    """Returns the nodes of the rows, each joined to the one before it in its row; None if there are fewer than two."""
    nodes: dict[str, Mapping[str, Any]] = {}
    pairs: dict[tuple[str, str], None] = {}
    cut = False
    for row in rows:
        last: str | None = None
        for node in _nodes(row):
            id = str(node["id"])
            if id not in nodes:
                if len(nodes) >= MOST_NODES:
                    cut = True
                    continue
                nodes[id] = node
            if last is not None and last != id:
                pairs[(last, id)] = None
            last = id
        if cut:
            break
    if len(nodes) < 2:
        return None
    places = _places(list(nodes), list(pairs))
    crowded = len(nodes) > _CROWDED
    dots = [_dot(node, *places[id], href, crowded=crowded) for id, node in nodes.items()]
    return Drawing(WIDTH, HEIGHT, dots, [(*places[one], *places[other]) for one, other in pairs], cut)


def _nodes(cells: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    """Yields the nodes of a row in order. A path is a list of maps: node, edge, node and so on."""
    for cell in cells:
        if isinstance(cell, Mapping):
            if isinstance(cell.get("id"), str):
                yield cell
        elif isinstance(cell, (list, tuple)):
            yield from _nodes(one for one in cell if isinstance(one, Mapping))


def _places(ids: list[str], pairs: list[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    import networkx as nx  # noqa: PLC0415  # only a picture needs it

    graph = nx.Graph()
    graph.add_nodes_from(ids)
    graph.add_edges_from(pairs)
    raw = nx.spring_layout(graph, seed=1, iterations=80, k=2.2 / len(ids) ** 0.5)
    found = {id: (float(place[0]), float(place[1])) for id, place in raw.items()}
    xs, ys = [x for x, _ in found.values()], [y for _, y in found.values()]

    def between(value: float, values: list[float], size: int) -> float:
        span = (max(values) - min(values)) or 1.0
        return round(EDGE + (value - min(values)) / span * (size - 2 * EDGE), 1)

    return {id: (between(x, xs, WIDTH), between(y, ys, HEIGHT)) for id, (x, y) in found.items()}


def kind_of(node: Mapping[str, Any]) -> str:
    """Returns the label of a node, found by its properties, because an answer has no labels; "other" if none fits."""
    had = frozenset(node)
    fitting = [label for label, declared in _PROPERTIES.items() if had <= declared]
    if str(node.get("id", "")).startswith("event:") and "Event" in fitting:
        return "Event"
    return max(fitting, key=lambda label: (len(had & _PROPERTIES[label]), -len(_PROPERTIES[label])), default="other")


def _dot(node: Mapping[str, Any], x: float, y: float, href: Callable[[str, str], str | None], *, crowded: bool) -> Dot:
    kind = kind_of(node)
    words = shown(str(node.get("title") or node.get("name") or node["id"]), 300)
    inside = href(kind.lower(), str(node["id"])) if kind in ("Event", "Outlet", "Topic") else None
    outside = web_address(str(node.get("url") or "")) if inside is None else None
    known = kind if kind in ("Story", "Outlet", "Topic", "Event") else "other"
    label = "" if crowded and known == "Story" else shown(words, _LABEL)
    return Dot(known, x, y, label, words, inside or outside, inside is None)
