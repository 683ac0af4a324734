"""Where GEXF puts nodes: read as Gephi reads it."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given

from newsgraph.graph.exports.places import looks_of
from newsgraph.graph.exports.registry import export
from newsgraph.graph.subgraph import select
from tests.graph.exports.graphs import FEWER, MemoryStore, graphs, sample
from tests.newsgraph.views.corpus import make

GEXF = "{http://gexf.net/1.3}"
VIZ = "{http://gexf.net/1.3/viz}"
Drawn = dict[str, tuple[float, float, float, tuple[int, ...]]]


def drawn(path: Path) -> Drawn:
    """Node -> x, y, size, colour."""
    found: Drawn = {}
    for node in ElementTree.parse(path).getroot().iter(f"{GEXF}node"):
        position, size, colour = (node.find(f"{VIZ}{name}") for name in ("position", "size", "color"))
        assert position is not None and size is not None and colour is not None, node.get("id")
        shades = tuple(int(colour.attrib[name]) for name in "rgb")
        assert all(0 <= shade <= 255 for shade in shades)
        place = float(position.attrib["x"]), float(position.attrib["y"])
        found[str(node.get("id"))] = (*place, float(size.attrib["value"]), shades)
    return found


def test_the_stories_of_an_event_stand_around_it_in_its_colour(tmp_path: Path) -> None:
    with_batch = MemoryStore(make(120).batch())
    export("gexf", with_batch, tmp_path / "a.gexf")
    nodes = drawn(tmp_path / "a.gexf")
    event_of = {f"Story:{e.start}": f"Event:{e.end}" for e in with_batch.batch.edges if e.type == "COVERS"}
    assert len(event_of) > 50
    for event in set(event_of.values()):
        apart = {story: math.dist(nodes[story][:2], nodes[event][:2]) for story in event_of}
        rim = max(apart[story] for story in event_of if event_of[story] == event)
        assert all(apart[story] > rim for story in event_of if event_of[story] != event), "nobody else is in its disc"
    assert all(nodes[story][3] == nodes[event][3] for story, event in event_of.items())
    places = Counter(node[:2] for name, node in nodes.items() if name.startswith(("Story:", "Event:")))
    assert max(places.values()) == 1, "no two stand at one place"
    assert len({node[3] for name, node in nodes.items() if name.startswith("Event:")}) > 1
    sizes = {name: node[2] for name, node in nodes.items() if name.startswith("Event:")}
    counts = Counter(event_of.values())
    assert sizes[max(counts, key=lambda one: counts[one])] == max(sizes.values())


def test_a_projection_has_places_too(tmp_path: Path) -> None:
    for name in ("outlets", "topics", "follows", "stories"):
        target = tmp_path / f"{name}.gexf"
        export("gexf", MemoryStore(make(120).batch()), target, project=name)
        nodes = drawn(target)
        assert len(nodes) > 5 and len({node[:2] for node in nodes.values()}) == len(nodes)
        assert 'mode="dynamic"' not in target.read_text() or name == "stories"


@FEWER
@given(graphs())
def test_every_node_of_any_graph_has_a_look(store: MemoryStore) -> None:
    part = select(store)
    looks = looks_of(part).of
    for declared in part.node_types:
        for node in part.nodes(declared.label):
            look = looks[declared.label, node.id]
            assert all(map(math.isfinite, look[:3])) and look.size > 0


@pytest.mark.parametrize("labels", [("Outlet",), ("Story",), ("Outlet", "Topic")])
def test_a_part_without_other_labels_has_places(tmp_path: Path, labels: tuple[str, ...]) -> None:
    from newsgraph.graph.subgraph import Filters

    export("gexf", sample(), tmp_path / "a.gexf", filters=Filters(labels=labels))
    assert drawn(tmp_path / "a.gexf")
