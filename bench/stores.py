"""The Neo4j store beside a bare driver loop: loading, reading back, and the client's memory.

    python bench/stores.py [--stories 64000] [--memory 64000,318000] [--repeats 3] [--chunks 1000,2000,5000,10000]

``rows`` are nodes and edges. ``CPU`` is the processor time of client and server together, which a busy machine
disturbs less than the wall clock; rows a second and the ratio to the bare loop are by it. Best of the repeats, the ways
in turn on one server. The bare loop sends the same batches in the same UNWIND ... MERGE statements, one transaction
each, without checking a value, sorting or keeping other writers out; the bare read fetches every record and looks at
none.
``--memory`` loads in a process of its own for each number of stories and prints its peak. Questions on Neo4j and the
embedded store: bench/questions.py --neo4j. The server is started from Maven's jars, as the tests do.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import neo4j

from bench._measure import table
from bench.questions import batches
from newsgraph.graph import schema_cypher as statements
from newsgraph.graph.batch import Batch
from newsgraph.graph.schema import EDGE_TYPES, EDGES, NODE_TYPES, NODES
from newsgraph.graph.stores.neo4j import writes as module
from newsgraph.graph.stores.neo4j.store import FETCH
from newsgraph.graph.stores.networkx.store import to_networkx
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.transfer import copy
from tests.neo4j.server import Neo4jServer


class Stopwatch:
    """Wall seconds, and CPU seconds of client and server, of a piece of work."""

    def __init__(self, server: Neo4jServer) -> None:
        self._server = server

    def __call__(self, work: Callable[[], object]) -> tuple[float, float, float]:
        wall, client, served = time.perf_counter(), time.process_time(), self._server.cpu_seconds()
        work()
        client = time.process_time() - client
        return client + self._server.cpu_seconds() - served, client, time.perf_counter() - wall


def bare_load(driver: neo4j.Driver, loaded: list[Batch]) -> None:
    """Writes the same batches by the same statements, without anything else."""
    for batch in loaded:
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for node in batch.nodes:
            text = statements.merge_nodes(NODES[node.label])
            rows[text].append({"id": node.id, "properties": {"id": node.id, **node.properties}})
        for edge in batch.edges:
            text = statements.merge_edges(EDGES[edge.type])
            rows[text].append({"start": edge.start, "end": edge.end, "properties": edge.properties})

        def work(transaction: neo4j.ManagedTransaction, rows: dict[str, list[dict[str, Any]]] = rows) -> None:
            for text, every in rows.items():
                for start in range(0, len(every), module.CHUNK):
                    transaction.run(text, rows=every[start : start + module.CHUNK]).consume()  # type: ignore[arg-type]  # ours

        with driver.session() as session:
            session.execute_write(work)


def bare_read(driver: neo4j.Driver) -> int:
    """Every node and edge as a record."""
    texts = [f"MATCH (n:{one.label}) RETURN n.id, properties(n)" for one in NODE_TYPES]
    texts += [
        f"MATCH (a:{one.start})-[r:{one.type}]->(b:{one.end}) RETURN a.id, b.id, properties(r)" for one in EDGE_TYPES
    ]
    count = 0
    for text in texts:
        with driver.session(default_access_mode=neo4j.READ_ACCESS, fetch_size=FETCH) as session:
            for _ in session.run(text):  # type: ignore[arg-type]  # ours
                count += 1
    return count


def load(url: str, loaded: list[Batch]) -> None:
    """Writes the batches through the store, as the only writer."""
    with open_store(url) as store, store.writer():  # type: ignore[attr-defined]  # a Neo4j store
        for batch in loaded:
            store.write(batch)


def read(url: str) -> None:
    """Every node and edge through the store."""
    with open_store(url, create=False, readonly=True) as store:
        for node_type in NODE_TYPES:
            for _ in store.nodes(node_type.label):
                pass
        for edge_type in EDGE_TYPES:
            for _ in store.edges(edge_type.type):
                pass


def convert(url: str) -> None:
    """The whole graph as a NetworkX graph."""
    with open_store(url, create=False, readonly=True) as store:
        to_networkx(store)


def copy_out(url: str) -> None:
    """A copy into memory."""
    with open_store(url, create=False, readonly=True) as store, open_store("networkx:") as target:
        copy(store, target)


def stores(server: Neo4jServer, stories: int, repeats: int, chunks: list[int]) -> None:
    """Measures loading and reading, by the store and by the bare loop."""
    loaded = list(batches(stories))
    rows = sum(len(batch.nodes) + len(batch.edges) for batch in loaded)
    found: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    timed = Stopwatch(server)
    with server.driver() as driver:
        load(server.url, loaded)  # constraints, and a warm server
        for _ in range(repeats):
            for name, work in (
                ("bare", lambda: bare_load(driver, loaded)),
                ("store", lambda: load(server.url, loaded)),
            ):
                server.clear()
                found[f"load, {name}"].append(timed(work))
                print(f"  load, {name}: {found[f'load, {name}'][-1][0]:.1f} s of CPU", file=sys.stderr)
        bare_read(driver)
        for _ in range(repeats):
            found["read, bare"].append(timed(lambda: bare_read(driver)))
            found["read, store"].append(timed(lambda: read(server.url)))
            found["read, to_networkx"].append(timed(lambda: convert(server.url)))
            found["read, copy to networkx:"].append(timed(lambda: copy_out(server.url)))
        assert bare_read(driver) == rows
    lines = [("", "CPU s", "of it client", "wall s", "rows/s of CPU", "of bare", "target")]
    for name, times in found.items():
        cpu, client, wall = min(times)
        bare = min(found[f"{name.partition(',')[0]}, bare"])[0]
        target = "" if name.endswith("bare") else "0.9" if name.startswith("load") else "0.7"
        figures = (f"{cpu:.2f}", f"{client:.2f}", f"{wall:.2f}", f"{rows / cpu:,.0f}", f"{bare / cpu:.2f}")
        lines.append((name, *figures, target))
    table(f"{stories:,} stories, {rows:,} nodes and edges, best of {repeats}", lines)
    if chunks:
        lines = [("rows of one UNWIND", "CPU s", "rows/s of CPU")]
        for size in chunks:
            module.CHUNK = size
            best = math.inf
            for _ in range(repeats):
                server.clear()
                best = min(best, timed(lambda: load(server.url, loaded))[0])
            lines.append((f"{size:,}", f"{best:.2f}", f"{rows / best:,.0f}"))
        table("Size of a statement", lines)


def memory(server: Neo4jServer, sizes: list[int]) -> None:
    """Measures the peak memory of a process that loads, one process for each size."""
    peaks = []
    for size in sizes:
        server.clear()
        command = [sys.executable, __file__, "--only-load", f"{server.url} {size}"]
        peaks.append(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    lines = [("stories", "peak MB", f"over {sizes[0]:,}", "target")]
    for size, peak in zip(sizes, peaks, strict=True):
        lines.append((f"{size:,}", f"{peak:.0f}", f"{peak / peaks[0]:.2f}", "at most 1.2"))
    table("Memory of the client while loading", lines)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=64_000, help="0: leave the first table out")
    parser.add_argument("--memory", default="64000,318000", help="sizes, separated by commas; empty: leave out")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--chunks", default="", help="sizes of a statement to compare, separated by commas")
    parser.add_argument("--only-load", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only_load:
        url, size = arguments.only_load.split()
        with open_store(url) as store:
            for batch in batches(int(size)):
                store.write(batch)
        # Measured by the process itself, because what the system reports to a parent begins with the parent's own size.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
        return
    with tempfile.TemporaryDirectory() as folder:
        server = Neo4jServer(Path(folder) / "neo4j")
        os.environ.update(NEO4J_USERNAME=server.user, NEO4J_PASSWORD=server.password)
        server.start()
        try:
            chunks = [int(size) for size in arguments.chunks.split(",") if size]
            if arguments.stories:
                stores(server, arguments.stories, arguments.repeats, chunks)
            if arguments.memory:
                memory(server, [int(size) for size in arguments.memory.split(",")])
        finally:
            server.kill()


if __name__ == "__main__":
    main()
