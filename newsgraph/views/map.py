"""The map: stories, outlets, topics and events, drawn as islands.

There are two painters. All other code (search, filters, card, keys, labels) is the same for both:

- Up to ``VIS_NODES`` nodes, pyvis is the data model and vis-network, which comes with it, is the painter. newsgraph
  fixes every position, and physics is off. pyvis's own page isn't used: with its defaults 1,000 nodes take minutes, it
  loads styles from a CDN even when told to be offline, and a title can break out of it.
- For more nodes, ``raster.js`` writes the pixels itself. With 100,000 points on two cores without a GPU (headless
  Chromium, 1400 x 900), WebGL draws 5 to 12 frames a second, a canvas call for each point below 2, and this code 57. A
  library of WebGL points would be as slow as WebGL without a GPU, and adds 100 kB or more. Nothing was measured with a
  GPU. ``bench/pages.py`` repeats the comparison.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.resources import files

import numpy as np

from newsgraph.errors import NothingToWriteError, UnknownNameError, UsageError
from newsgraph.graph.islands import Islands, islands, mark_radii
from newsgraph.graph.schema import DOUBTS, EDGES, About, Covers, Event, Outlet, PublishedBy, Story, Topic
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.subgraph import select
from newsgraph.views.document import Block, Page, data_block, render, script_of
from newsgraph.views.map_data import FULL_STORIES, LABELS, Column, MapData, read_map
from newsgraph.views.options import Options
from newsgraph.views.stamp import stamp

#: Up to this many nodes vis-network paints the map. Above it, newsgraph's own painter is faster to the first drawing.
VIS_NODES = 2_500
#: A map of more stories is refused, because it would be larger than browsers open well.
MOST_STORIES = 250_000
#: The number of categories that get a tint of their own. Discs of the others stay grey.
TINTS = 6
#: Paths inside pyvis.
_VIS = "templates/lib/vis-9.1.2/vis-network.min.js"


def build(store: Store, options: Options) -> Page:
    """Returns the map of the part that the filters choose.

    Raises NothingToWriteError when no story is in it, and UsageError when there are too many.
    """
    data = read_map(select(store, options.filters))
    stories = data.count(Story.label)
    if not stories:
        raise NothingToWriteError(
            "the map", "there is no story to show", "Load articles first, or widen the filters (--since, --topic ...)"
        )
    if stories > MOST_STORIES:
        raise UsageError(
            "the map",
            f"{stories:,} stories are more than the {MOST_STORIES:,} that a page can hold",
            "Choose a part with --since and --until, --topic, --outlet or --event",
        )
    places = islands(data.event_of, data.count(Event.label), data.memberships(PublishedBy), data.memberships(About))
    nodes = sum(data.count(label) for label in LABELS)
    title = options.title or "Map of the news"
    scene = _scene(data, places, _colour_first(options.colour, data))
    small = nodes <= VIS_NODES
    lines = [", ".join(f"{data.count(label):,} {_plural(label, data.count(label))}" for label in _ORDER)]
    if options.words:
        lines.append(f"Only: {options.words}.")
    if not data.full:
        lines.append(f"Excerpts, scores and image links are left out of maps of more than {FULL_STORIES:,} stories.")
    scene["note"] = " ".join(lines[1:])
    blocks = [data_block("scene", scene)]
    scripts = []
    if small:
        blocks.append(Block("vis", _vis_data(data, places), packed=False))
        scripts.append(_vis_script())
    apart = ("published_at", "title", "url")
    columns = {name: column for name, column in data.columns[Story.label].items() if name not in apart}
    stories_block: dict[str, object] = {"columns": columns, "texts": _texts(data), "images": data.images}
    # Addresses are shortened by ids, so they are used as they are; shown() doesn't change a domain.
    stories_block["outlets"] = data.ids[Outlet.label]
    if options.links.nav:
        stories_block["pages"] = {
            label: [options.links.href(label.lower(), id) for id in data.ids[label]]
            for label in LABELS
            if label != Story.label
        }
    blocks.append(data_block("stories", stories_block))
    scripts.append(
        script_of(
            "base.js",
            "graph.js",
            "shapes.js",
            "tints.js",
            "raster.js",
            "vis_painter.js",
            "overlay.js",
            "panel.js",
            "card.js",
            "map.js",
        )
    )
    context = {
        "summary": lines[0],
        "legend": [(label, data.count(label), label.lower()) for label in LABELS],
    }
    return render(
        "map",
        title,
        context=context,
        scripts=scripts,
        blocks=blocks,
        styles=("page.css", "map.css"),
        lines=lines,
        links=options.links,
        stamp=stamp(store, options),
    )


def _colour_first(given: str | None, data: MapData) -> str | None:
    """Returns what is coloured by at first, as the page names it; None for what the map chooses itself. Raises
    UnknownNameError."""
    if given is None:
        return None
    own = {"section": "category", "category": "category", "topic": "topic", "time": "time"}
    name = " ".join(given.split()).casefold()
    if name in data.outlet_columns:  # a researcher's own column called topic is meant before ours
        return f"outlet {name}"
    if name not in own:
        known = ", ".join(["section", "topic", "time", *data.outlet_columns])
        raise UnknownNameError(given, "the discs can't be coloured by it", f"There are: {known}")
    return own[name]


_ORDER = (Story.label, Outlet.label, Topic.label, Event.label)
_PLURALS = {Story.label: "stories"}


def _plural(label: str, count: int) -> str:
    return label.lower() if count == 1 else _PLURALS.get(label, label.lower() + "s")


def _scene(data: MapData, places: Islands, colour_first: str | None) -> dict[str, object]:
    """Returns what the first drawing needs, with numbers rounded to whole units. ``colour_first`` is what the discs are
    coloured by once all data is there; None for what the map chooses itself."""
    events, stories = np.rint(places.events), np.rint(places.stories)
    # Positions and times of stories are written as differences, which take half of the room after compression.
    held = data.event_of >= 0
    stories[held] -= events[data.event_of[held]]
    xy = np.rint(np.concatenate([events, stories, places.outlets, places.topics])).astype(np.int64)
    tints, categories, colour_by = _tints(data)
    return {
        "counts": [data.count(label) for label in LABELS],
        "labels": list(LABELS),
        "x": xy[:, 0].tolist(),
        "y": xy[:, 1].tolist(),
        "radii": np.rint(places.radii).astype(np.int64).tolist(),
        "tints": tints,
        "categories": categories,
        "colourBy": colour_by,
        "colourFirst": colour_first,
        "outletColumns": dict(data.outlet_columns),
        "eventOf": data.event_of.tolist(),
        "time": _differences(data.columns[Story.label]["published_at"]),
        # Impossible dates would make the range of times to choose from too long.
        "doubts": DOUBTS,
        "doubtful": [
            place
            for place, quality in enumerate(data.columns[Story.label]["date_quality"])
            if quality in ("future", "impossible")
        ],
        "size": _sizes(data)[data.offset(Outlet.label) :],
        # Ends are numbered within their own label, which makes the numbers shorter.
        "edges": {
            name: [np.diff(starts, prepend=0).tolist(), (ends - data.offset(EDGES[name].end)).tolist()]
            for name, (starts, ends) in data.edges.items()
            if name != Covers.type  # eventOf says the same
        },
        "columns": {label: dict(data.columns[label]) for label in LABELS if label != Story.label},
        "ids": {Event.label: data.ids[Event.label]},
    }


#: The beginnings of addresses whose host is the story's outlet, and the digits that stand for them.
_BEGINNINGS = (("1", "https://www."), ("2", "https://"), ("3", "http://www."), ("4", "http://"))


def _texts(data: MapData) -> list[str | None]:
    """Returns title and address of each story in turn. An address repeats words of its title, which compresses well
    only if the two follow each other.

    A title is None if it is that of the event, which is there already. An address begins with 0, or with a digit of
    :data:`_BEGINNINGS` if the domain of its outlet is left out.
    """
    columns = data.columns[Story.label]
    count = data.count(Story.label)
    titles = columns.get("title", [None] * count)
    addresses = columns.get("url", [None] * count)
    event_titles = data.columns[Event.label].get("title", [None] * data.count(Event.label))
    starts, ends = data.edges[PublishedBy.type]
    places = zip((starts - data.offset(Story.label)).tolist(), (ends - data.offset(Outlet.label)).tolist(), strict=True)
    domain_of = dict(places)
    ids = data.ids[Outlet.label]
    found: list[str | None] = []
    for story, (title, address, event) in enumerate(zip(titles, addresses, data.event_of.tolist(), strict=True)):
        same = event >= 0 and title is not None and title == event_titles[event]
        found.append(None if same or title is None else str(title))
        domain = ids[domain_of[story]] if story in domain_of else ""
        found.append(None if address is None else _short_address(str(address), domain))
        if title is None and event >= 0 and event_titles[event] is not None:
            found[-2] = ""  # None would stand for the event's
    return found


def _short_address(address: str, domain: str) -> str:
    for digit, beginning in _BEGINNINGS:
        if domain and address.startswith(f"{beginning}{domain}/"):
            return digit + address[len(beginning) + len(domain) :]
    return "0" + address


def _differences(times: Column) -> list[int | None]:
    """Returns each time minus the last known time before it."""
    found: list[int | None] = []
    last = 0
    for time in times:
        if isinstance(time, int):
            found.append(time - last)
            last = time
        else:
            found.append(None)
    return found


def _sizes(data: MapData) -> list[float]:
    """Returns the radius of each node. Those of outlets and topics depend on the number of their stories."""
    sizes = np.full(sum(data.count(label) for label in LABELS), 4.0)
    sizes[: data.count(Event.label)] = 6.0
    for edge in (PublishedBy, About):
        first = data.offset(edge.end)
        sizes[first : first + data.count(edge.end)] = mark_radii(data.memberships(edge))
    return [round(float(size), 1) for size in sizes]


def _tints(data: MapData) -> tuple[list[int], list[str], str]:
    """Returns for each event the index of the section that most of its stories have, the sections by size, and their
    kind. If there are no sections, topics are used instead."""
    categories = data.columns[Story.label].get("category", [])
    values: list[tuple[str, ...]] = [(str(category),) if category else () for category in categories]
    colour_by = "category"
    if len({value for own in values for value in own}) < 2 and data.count(Topic.label) > 1:
        colour_by = "topic"
        values = _topics_of(data)
    totals = Counter(value for own in values for value in own)
    largest = [name for name, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))]
    index = {name: place for place, name in enumerate(largest[:TINTS])}
    votes: list[Counter[int]] = [Counter() for _ in range(data.count(Event.label))]
    for event, own in zip(data.event_of.tolist(), values, strict=True):
        if event >= 0:
            votes[event].update(index[value] for value in own if value in index)
    tints = [min(vote, key=lambda place: (-vote[place], place)) if vote else -1 for vote in votes]
    return tints, largest[:TINTS], colour_by


def _topics_of(data: MapData) -> list[tuple[str, ...]]:
    """Returns the names of each story's topics."""
    ids = data.ids[Topic.label]
    names = [str(name or id) for name, id in zip(data.columns[Topic.label].get("name") or ids, ids, strict=True)]
    topics = data.memberships(About)
    rows = zip(topics.indptr[:-1].tolist(), topics.indptr[1:].tolist(), strict=True)
    return [tuple(names[place] for place in topics.indices[start:end].tolist()) for start, end in rows]


def _vis_data(data: MapData, places: Islands) -> str:
    """The nodes and edges as pyvis's Network holds them, for vis-network's DataSets."""
    from pyvis.network import Network  # noqa: PLC0415  # imports IPython: a second of CPU that a large map saves

    from newsgraph.views.document import json_text  # noqa: PLC0415

    network = Network(directed=True)
    # add_node and add_edge look through all earlier ones each time, so the lists are filled directly.
    xy = np.rint(np.concatenate([places.events, places.stories, places.outlets, places.topics])).astype(int).tolist()
    sizes = _sizes(data)
    labels = [label for label in LABELS for _ in range(data.count(label))]
    network.nodes = [
        {"id": number, "group": label, "x": x, "y": y, "size": size}
        for number, (label, (x, y), size) in enumerate(zip(labels, xy, sizes, strict=True))
    ]
    # Its position shows to which event a story belongs; a line would only be in the way.
    network.edges = [
        {"from": start, "to": end}
        for name, (starts, ends) in data.edges.items()
        if name != Covers.type
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    return json_text({"nodes": network.nodes, "edges": network.edges})


@cache
def _vis_script() -> str:
    # Line ends as a browser hashes them.
    return (files("pyvis") / _VIS).read_text(encoding="utf-8").replace("\r\n", "\n")
