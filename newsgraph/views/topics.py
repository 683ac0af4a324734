"""Topics that occur together, as a network, beside attention to them over time, with bursts.

The numbers are those of the questions topics-together and attention. The positions in the network come from Kamada and
Kawai, "An algorithm for drawing general undirected graphs", Information Processing Letters 31, 1989, separately for
each component. Names are then pushed apart, so that none covers another, and components are put on shelves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np

from newsgraph.errors import NothingToWriteError
from newsgraph.graph.islands import Floats, spread_discs
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.ask import ask
from newsgraph.queries.questions.topics_together import TopicsTogether
from newsgraph.views.attention import panels
from newsgraph.views.document import Page, render, script_of, shown_names
from newsgraph.views.options import Options
from newsgraph.views.stamp import stamp
from newsgraph.views.wording import counted, rounded, small

#: The number of topics in the network, and of rows of attention: those with the most stories.
MOST_TOPICS = 60
MOST_ROWS = 40
#: The number of lines in the network: the closest pairs.
MOST_LINES = 240
#: The width of the network that its part of the page has room for, the height of a topic with its name, and the room
#: between components, in pixels.
_WIDE = 640.0
_NAME_HIGH = 26.0
_GAP = 18.0
#: The largest radius of a topic in the network, in pixels. Names keep topics farther apart, so no disc covers another.
_LARGEST = 15.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A topic in the network: position and radius in the units of the drawing."""

    id: str
    name: str
    x: float
    y: float
    r: float
    stories: int


@dataclass(frozen=True, slots=True)
class Line:
    """Two topics together. ``strength`` is 1 to 4 by NPMI. ``sure`` means that the false discovery rate is below 5
    %."""

    a: Dot
    b: Dot
    strength: int
    sure: bool
    words: str


def build(store: Store, options: Options) -> Page:
    """Returns network and attention of the stories that the filters leave.

    Raises NothingToWriteError when none of them has a topic.
    """
    asked = options.asked()
    attention = ask(store, "attention", by="topic", **asked)
    together = ask(store, "topics-together", **asked, min_together=2)
    if not len(attention) and not len(together):
        raise NothingToWriteError("topics", "no story that is left has a topic", "Load more, or widen the filters")
    names = shown_names(store, "topic", 60)
    rows, days = panels(attention, names, MOST_ROWS)
    dots, lines, size = network(together, names)
    summary = [f"{counted(len({row.key for row in attention}), 'topic')} with stories of sure dates"]
    if len(together):
        summary.append(
            f"{counted(len(together), 'pair')} of topics in at least 2 of {together[0].all_stories:,} stories, "
            f"{sum(pair.npmi is None or pair.npmi > 0 for pair in together):,} of them together more than by chance"
        )
    context = {
        "facts": summary,
        "filters": options.words,
        "dots": dots,
        "lines": lines,
        "size": size,
        "more_pairs": max(len(together) - len(lines), 0),
        "rows": rows,
        "days": days,
        "more_rows": max(len({row.key for row in attention}) - len(rows), 0),
        "attention_notes": attention.notes,
        "together_notes": together.notes,
        "pairs": len(together),
        "all_stories": together[0].all_stories if len(together) else 0,
    }
    return render(
        "topics",
        options.title or "Topics together, and in time",
        context=context,
        scripts=[script_of("base.js", "topics.js")],
        styles=("page.css", "sheet.css", "topics.css"),
        lines=summary,
        links=options.links,
        stamp=stamp(store, options),
    )


def network(
    together: Sequence[TopicsTogether], names: Mapping[str, str]
) -> tuple[list[Dot], list[Line], tuple[int, int]]:
    """Returns the topics with the most stories, the closest pairs of them, and the width and height of the drawing."""
    stories: Counter[str] = Counter()
    for pair in together:
        stories[pair.a], stories[pair.b] = pair.a_stories, pair.b_stories
    chosen = {name for name, _ in sorted(stories.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOPICS]}
    close = [
        pair for pair in together if pair.a in chosen and pair.b in chosen and (pair.npmi is None or pair.npmi > 0)
    ]
    close.sort(key=lambda pair: (-(1.0 if pair.npmi is None else pair.npmi), -pair.together, pair.a, pair.b))
    close = close[:MOST_LINES]
    graph = nx.Graph()
    for pair in close:
        graph.add_edge(pair.a, pair.b, distance=1.6 - (1.0 if pair.npmi is None else pair.npmi))
    topics = sorted(graph)
    places = _places(graph, topics, [len(names.get(topic, topic)) for topic in topics])
    if not topics:
        return [], [], (1, 1)
    low, high = places.min(axis=0) - np.array([80, 30]), places.max(axis=0) + np.array([80, 34])
    width, height = (int(value) for value in np.ceil(high - low))
    radii = {topic: 3 + 2.2 * stories[topic] ** 0.45 for topic in topics}
    scale = min(1.0, _LARGEST / max(radii.values()))
    dots = {
        topic: Dot(
            topic,
            names.get(topic, topic),
            round(float(x - low[0]), 1),
            round(float(y - low[1]), 1),
            round(scale * radii[topic], 1),
            stories[topic],
        )
        for topic, (x, y) in zip(topics, places, strict=True)
    }
    lines = []
    for pair in close:
        npmi = 1.0 if pair.npmi is None else pair.npmi
        words = (
            f"{dots[pair.a].name} and {dots[pair.b].name}: {counted(pair.together, 'story', 'stories')} on both, of "
            f"{pair.a_stories} and {pair.b_stories}; NPMI {rounded(pair.npmi, 2) or 'none'}, q {small(pair.q)}"
        )
        lines.append(Line(dots[pair.a], dots[pair.b], min(1 + int(npmi * 4), 4), pair.q < 0.05, words))
    return list(dots.values()), lines, (width, height)


def _shelves(boxes: Sequence[Floats]) -> list[Floats]:
    """Returns the upper left corners of boxes that are put beside each other on shelves, the highest first."""
    wide = max([_WIDE, *(float(box[0]) for box in boxes)])
    corners: list[Floats] = [np.zeros(2) for _ in boxes]
    left = top = high = 0.0
    for at in sorted(range(len(boxes)), key=lambda one: (-float(boxes[one][1]), one)):
        box = boxes[at]
        if left and left + box[0] > wide:
            left, top, high = 0.0, top + high + _GAP, 0.0
        corners[at] = np.array([left, top])
        left += float(box[0]) + _GAP
        high = max(high, float(box[1]))
    return corners


def _places(graph: nx.Graph, topics: Sequence[str], letters: Sequence[int]) -> Floats:
    """Returns positions in pixels: each component is laid out by itself, and the components stand beside each
    other."""
    number = {topic: place for place, topic in enumerate(topics)}
    radii = np.array([max(24.0, 3.4 * min(length, 26) + 8) for length in letters])
    places = np.zeros((len(topics), 2))
    components = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: (-len(part), part))
    boxes = []
    for part in components:
        members = [number[topic] for topic in part]
        # A subgraph would be in the order of a set, which changes from run to run, and so would the layout.
        ordered = nx.Graph()
        ordered.add_nodes_from(part)
        ordered.add_edges_from((a, b, graph[a][b]) for a in part for b in sorted(graph[a]))
        laid = nx.kamada_kawai_layout(ordered, weight="distance", scale=1.0)
        own = np.array([laid[topic] for topic in part])
        own *= np.sqrt(np.sum(radii[members] ** 2))
        own = spread_discs(own, radii[members], gap=2.0)
        # Names are wide and not high, so a component lies on its longer side.
        if np.ptp(own[:, 1]) > np.ptp(own[:, 0]):
            own = own[:, ::-1]
        beside = np.stack([radii[members], np.full(len(members), _NAME_HIGH)], axis=1)
        low, high = (own - beside).min(axis=0), (own + beside).max(axis=0)
        places[members] = own - low
        boxes.append(high - low)
    for part, corner in zip(components, _shelves(boxes), strict=True):
        places[[number[topic] for topic in part]] += corner
    return places
