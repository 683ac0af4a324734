"""CPU and memory of every export beside the fastest writers of NetworkX and pandas, on one made-up graph.

    python bench/exports.py [--stories 64000] [--formats graphml,csv]

Prints a table. Every measurement is a process of its own. The first CPU column is the writing of a graph that is in
memory already (NetworkX's graph, or our nodes and edges), user and system, ours with making the file durable. The
second begins with the opened store: NetworkX's graph is built from it, and ours are read from it. Memory is the peak
of that process above its imports. Beside it is what of that lies above the opened store: without the index of ids that
its engine makes at the first look-up, and without the pages of the store's file, which are read where they lie. Ratios
are to networkx.write_graphml, NetworkX's fastest writer (for gexf, to write_gexf).
"""

from __future__ import annotations

import argparse
import gc
import json
import pickle
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from newsgraph.graph.batch import Batch, Columns, Edge, Node, columns_of_edges, columns_of_nodes
from newsgraph.graph.exports.registry import EXPORTS, export
from newsgraph.graph.exports.sanitise import display
from newsgraph.graph.schema import NODES
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.subgraph import Part, select
from newsgraph.output.times import iso

WORDS = [
    "council",
    "bridge",
    "river",
    "harbour",
    "vote",
    "budget",
    "school",
    "strike",
    "storm",
    "court",
    "trial",
    "market",
]
REFERENCES = ("networkx.write_graphml", "networkx.write_gexf", "pandas.to_csv")


def made_up(stories: int) -> Iterator[Batch]:
    """A corpus with the proportions of a real one: 200 outlets, 12 stories an event, 3 topics and 5 related a story."""
    some = random.Random(7)
    start = datetime(2020, 1, 1, tzinfo=UTC)

    def text(count: int) -> str:
        return " ".join(some.choices(WORDS, k=count)).capitalize()

    outlets, topics, events = 200, 2_000, max(1, stories // 12)
    nodes = [
        Node("Outlet", f"outlet{i}.example", {"domain": f"outlet{i}.example", "name": text(2)}) for i in range(outlets)
    ]
    nodes += [Node("Topic", f"topic-{i}", {"name": text(2), "keywords": tuple(text(3).split())}) for i in range(topics)]
    nodes += [
        Node("Event", f"event:{i:06}", {"title": text(8), "story_count": 12, "first_published_at": start})
        for i in range(events)
    ]
    yield Batch(nodes)
    ids = [
        f"https://outlet{i % outlets}.example/2020/{i % 12 + 1:02}/{text(6).lower().replace(' ', '-')}-{i}"
        for i in range(stories)
    ]
    for low in range(0, stories, 20_000):
        high = min(low + 20_000, stories)
        nodes, edges = [], []
        for i in range(low, high):
            properties = {
                "title": text(9),
                "excerpt": text(30) + ". " + ("“Ça” — " if i % 10 == 0 else "") + text(12),
                "url": ids[i] + "?utm_source=feed&id=" + str(i),
                "original_url": ids[i],
                "published_at": start + timedelta(minutes=i * 7),
                "date_quality": "exact",
                "kind": "article",
                "category": "news",
                "quality": some.randrange(100),
                "heat": some.randrange(100),
                "published": True,
            }
            nodes.append(Node("Story", ids[i], properties))
            edges.append(
                Edge("PUBLISHED_BY", ids[i], f"outlet{i % outlets}.example", {"said": '{"name": "An outlet"}'})
            )
            edges.append(Edge("COVERS", ids[i], f"event:{i // 12 % events:06}", {"score": some.random()}))
            edges += [Edge("ABOUT", ids[i], f"topic-{one}") for one in some.sample(range(topics), 3)]
            if i % 2 == 0:
                image = f"https://cdn.example/{i}.jpg"
                nodes.append(Node("Image", image, {"url": image, "width": 1200, "height": 630, "cached": False}))
                edges.append(Edge("HAS_IMAGE", ids[i], image, {"position": 0}))
            related = {some.randrange(max(0, i - 400), i) for _ in range(5)} if i else set()
            edges += [
                Edge("RELATED_TO", ids[i], ids[other], {"position": p}) for p, other in enumerate(sorted(related))
            ]
        yield Batch(nodes, edges)


class Held:
    """A graph in memory with as much of a store as exports read."""

    url = "networkx:"

    def __init__(self, part: Part) -> None:
        self.found = {one.label: list(part.nodes(one.label)) for one in part.node_types}
        self.joined = {one.type: list(part.edges(one.type)) for one in part.edge_types}

    def nodes(self, label: str, ids: object = None) -> Iterator[Node]:
        """All nodes of a label."""
        return iter(self.found.get(label, ()))

    def edges(self, type: str, **some: object) -> Iterator[Edge]:
        """All edges of a type."""
        return iter(self.joined.get(type, ()))

    def node_columns(self, label: str, names: Sequence[str]) -> Iterator[Columns]:
        """All nodes of a label, as columns."""
        return columns_of_nodes(self.nodes(label), names)

    def edge_columns(self, type: str, names: Sequence[str]) -> Iterator[Columns]:
        """All edges of a type, as columns."""
        return columns_of_edges(self.edges(type), names)


def to_networkx(part: Part) -> object:
    """The part as NetworkX's writers take it: plain values, times and lists as texts."""
    import networkx as nx

    def plain(properties: Mapping[str, object]) -> dict[str, object]:
        return {
            name: iso(one) if isinstance(one, datetime) else json.dumps(one) if isinstance(one, tuple) else one
            for name, one in properties.items()
        }

    graph = nx.MultiDiGraph()
    for node_type in part.node_types:
        for node in part.nodes(node_type.label):
            shown = {"type": node.label, **plain(node.properties), "label": display(node)}
            graph.add_node(f"{node.label}:{node.id}", **shown)
    for edge_type in part.edge_types:
        for edge in part.edges(edge_type.type):
            ends = f"{edge_type.start}:{edge.start}", f"{edge_type.end}:{edge.end}"
            graph.add_edge(*ends, type=edge.type, **plain(edge.properties))
    return graph


def pandas_csv(store: Store, folder: Path) -> None:
    """A CSV file for each label and type of edge, through pandas."""
    import pandas as pd

    part = select(store)
    folder.mkdir()
    for node_type in part.node_types:
        rows = [{"id": node.id, **node.properties} for node in part.nodes(node_type.label)]
        pd.DataFrame(rows).to_csv(folder / f"{node_type.label}.csv", index=False)
    for edge_type in part.edge_types:
        edges = [{"start": one.start, "end": one.end, **one.properties} for one in part.edges(edge_type.type)]
        pd.DataFrame(edges).to_csv(folder / f"{edge_type.type}.csv", index=False)


def measure(what: str, source: str, target: Path) -> dict[str, float]:
    """CPU in seconds, and in MB the peak of the whole process above its imports and above the opened store, and the
    size of the outcome.

    ``source`` is a store file, or a pickled graph that is in memory before the clock runs.
    """
    import networkx as nx
    import pandas  # noqa: F401  # imports are not what is measured
    import pyarrow.parquet  # noqa: F401  # likewise

    import newsgraph.graph.stores.embedded.store  # noqa: F401  # likewise

    gc.collect()
    imported = memory("VmRSS")
    held = source.endswith(".pickle")
    if held:
        with Path(source).open("rb") as file:
            store = pickle.load(file)
    else:
        store = open_store(source, create=False, readonly=True)
        for label in NODES:
            list(store.nodes(label, ["none"]))
    opened = memory("RssAnon")
    run: Callable[[], object]
    if what.startswith("networkx."):
        write = getattr(nx, what.partition(".")[2])
        run = partial(write, store, target) if held else lambda: write(to_networkx(select(store)), target)
    elif what == "pandas.to_csv":
        run = partial(pandas_csv, store, target)
    else:
        run = partial(export, what, store, target)
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    cpu = cpu_time()
    run()
    used = cpu_time() - cpu
    peak = memory("VmHWM")
    size = sum(one.stat().st_size for one in (target.iterdir() if target.is_dir() else [target]))
    return {"cpu": used, "memory": peak - imported, "above": peak - memory("RssFile") - opened, "size": size / 1e6}


def cpu_time() -> float:
    """User and system seconds of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def memory(name: str) -> float:
    """A figure of /proc/self/status, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1000
    raise KeyError(name)


def main() -> None:
    """Makes the graph, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=64_000)
    parser.add_argument("--formats", default=",".join(name for name in EXPORTS if name != "jsonl"))
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one[0], given.one[1], Path(given.one[2]))))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_store(str(folder / "bench.kgl")) as store:
            for batch in made_up(given.stories):
                store.write(batch)
            part = select(store, moving=True)
            counts = sum(map(part.count_nodes, part_names(part)[0])), sum(map(part.count_edges, part_names(part)[1]))
            (folder / "held.pickle").write_bytes(pickle.dumps(Held(part)))
            (folder / "networkx.pickle").write_bytes(pickle.dumps(to_networkx(select(store))))
        print(f"{given.stories:,} stories, {counts[0]:,} nodes, {counts[1]:,} edges\n")
        print("| writer | writing, CPU s | ratio | from the store, CPU s | ratio | peak MB | ratio | above MB | MB |")
        print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
        bases: dict[str, tuple[dict[str, float], dict[str, float]]] = {}
        for what in (*REFERENCES, *given.formats.split(",")):
            alone = one(what, folder, "networkx.pickle" if what.startswith("networkx.") else "held.pickle")
            whole = one(what, folder, "bench.kgl")
            base_alone, base_whole = bases.setdefault("gexf" if "gexf" in what else "", (alone, whole))
            print(
                f"| {what} | {alone['cpu']:.2f} | {alone['cpu'] / base_alone['cpu']:.2f} "
                f"| {whole['cpu']:.2f} | {whole['cpu'] / base_whole['cpu']:.2f} "
                f"| {whole['memory']:.0f} | {whole['memory'] / base_whole['memory']:.2f} "
                f"| {whole['above']:.0f} | {whole['size']:.0f} |",
                flush=True,
            )


def part_names(part: Part) -> tuple[list[str], list[str]]:
    """The labels and the edge types of a part."""
    return [one.label for one in part.node_types], [one.type for one in part.edge_types]


def one(what: str, folder: Path, source: str) -> dict[str, float]:
    """One measurement in a process of its own."""
    target = folder / "out"
    command = [sys.executable, __file__, "--one", what, str(folder / source), str(target)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink()
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
