"""Time of every question on made-up corpora: embedded in process, from the command line, and on Neo4j over Bolt.

    python bench/questions.py [--stories 64000,318000] [--neo4j] [--duckdb] [--questions scoops,lead-lag]
                              [--folder FOLDER]

Prints a table for each size. ``embedded`` and ``neo4j`` are seconds of the whole question in an open store (best of
three): the query text, and what Python computes from its rows, which is the same on both; ``text`` is the query
text alone, ``CPU`` that of the process for the whole question. ``command`` is the CPU of the whole command in a
process of its own, ``peak`` its memory. The last table has the growth of CPU from the smallest corpus to the
largest as an exponent, 1 is linear; for it the two are measured once more, in turn, so that what else the machine does
weighs on both. Another table has two commands: the page of a large event, and two common words in place of an event, of
which thousands have both. Neo4j is started from Maven's jars, as the tests do; on a busy machine only CPU can be
trusted.

``--duckdb`` asks the whole-corpus questions as SQL of the Parquet export, too (one thread, warm files),
and compares the answers cell by cell; it fails where any differs. Ours is asked in an open store, whose columns stay in
memory after the first question; DuckDB reads its files, which the system has in memory, each time. ``--folder`` keeps
the stores and the exports for the next run.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._measure import run, table
from newsgraph.errors import UsageError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.exports.registry import export
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.queries.ask import ask
from newsgraph.queries.asking.parameters import bind
from newsgraph.queries.questions.date_quality import QUALITIES
from newsgraph.queries.registry import QUESTIONS, question

#: Seconds of a whole question, of its text alone, and of this process's CPU for the whole.
Costs = tuple[float, float, float]

START = datetime(2020, 1, 1, tzinfo=UTC)
OUTLETS, TOPICS, IMAGES = 300, 200, 5_000
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
    "museum",
    "ferry",
    "dam",
    "bank",
]


def batches(stories: int, seed: int = 1) -> Iterator[Batch]:
    """A corpus: events of 1 to 60 stories, most of them small; few outlets with many stories; copies, related
    stories."""
    rng = random.Random(seed)
    yield Batch(
        [Node("Outlet", f"o{n}.example", {"domain": f"o{n}.example", "name": f"Outlet {n}"}) for n in range(OUTLETS)]
        + [Node("Topic", f"topic-{n}", {"name": f"Topic {n}"}) for n in range(TOPICS)]
        + [Node("Image", f"https://img.example/{n}", {"url": f"https://img.example/{n}"}) for n in range(IMAGES)]
    )
    weights = [1 / (n + 1) ** 0.7 for n in range(OUTLETS)]
    made, event = 0, 0
    nodes: list[Node] = []
    edges: list[Edge] = []
    while made < stories:
        size = min(stories - made, 60, int(rng.paretovariate(1.1)))
        began = START + timedelta(seconds=rng.randrange(700 * 86400))
        title = " ".join(rng.choices(WORDS, k=6))
        event_id, first = f"event:{event:08}", ""
        for _ in range(size):
            id = f"https://news.example/{made}"
            at = began + timedelta(seconds=int(rng.expovariate(1 / 36000)))
            quality = "exact" if rng.random() < 0.95 else "date_only"
            words = f"{title} {' '.join(rng.choices(WORDS, k=3))} {made}"
            nodes.append(Node("Story", id, {"title": words, "url": id, "published_at": at, "date_quality": quality}))
            edges.append(Edge("PUBLISHED_BY", id, f"o{rng.choices(range(OUTLETS), weights)[0]}.example"))
            edges.append(Edge("COVERS", id, event_id, {"score": 0.8}))
            if first and rng.random() < 0.1:
                edges.append(Edge("COPY_OF", id, first, {"similarity": 0.95}))
            if first and rng.random() < 0.5:
                edges.append(Edge("RELATED_TO", id, first, {"position": 0}))
            if rng.random() < 0.15:
                for topic in rng.sample(range(TOPICS), 3):
                    edges.append(Edge("ABOUT", id, f"topic-{topic}"))
            if rng.random() < 0.3:
                edges.append(Edge("HAS_IMAGE", id, f"https://img.example/{rng.randrange(IMAGES)}", {"position": 0}))
            first = first or id
            made += 1
        size_of = {"title": title, "story_count": size, "outlet_count": size, "first_published_at": began}
        nodes.append(Node("Event", event_id, size_of))
        event += 1
        if len(nodes) >= 20_000:
            yield Batch(nodes, edges)
            nodes, edges = [], []
    yield Batch(nodes, edges)


def parameters(store: Store) -> dict[str, dict[str, Any]]:
    """What the questions that need something are asked about: a large event, the largest outlet."""
    largest = store.query("MATCH (e:Event) RETURN e.id AS id ORDER BY e.story_count DESC, id LIMIT 1").rows[0][0]
    event, outlet = {"event": largest}, {"outlet": "o0.example"}
    return {
        "first-to-cover": event,
        "thread": event,
        "coverage": event,
        "followers": outlet,
        "blind-spots": outlet,
        "outlet-profile": outlet,
        "path": {"a": "o250.example", "b": "topic-7"},
    }


def best(work: Callable[[], object], least: float = 0.05) -> tuple[float, float]:
    """Seconds, and seconds of this process's CPU, of the fastest of three runs; short work is repeated within each."""
    work()
    rounds = [once(work, least) for _ in range(3)]
    return min(seconds for seconds, _ in rounds), min(cpu for _, cpu in rounds)


def once(work: Callable[[], object], least: float = 0.05) -> tuple[float, float]:
    """As :func:`best`, of one run."""
    number, started, busy = 0, time.perf_counter(), time.process_time()
    while (spent := time.perf_counter() - started) < least or number == 0:
        work()
        number += 1
    return spent / number, (time.process_time() - busy) / number


def measured(store: Store, names: list[str]) -> dict[str, Costs]:
    """Seconds of each question, of its text alone, and of this process's CPU for the whole."""
    found, needed = {}, parameters(store)
    for name in names:
        given = needed.get(name, {})
        asked = question(name)
        values = dict(asked.query(bind(asked.parameters, given, store)))
        whole, cpu = best(lambda name=name, given=given: ask(store, name, **given))  # type: ignore[misc]  # bound early
        text, _ = best(lambda asked=asked, values=values: store.query(asked.text, values))  # type: ignore[misc]  # likewise
        found[name] = (whole, text, cpu)
        print(f"  {store.url.split(':')[0][-12:]:12} {name:16} {whole:8.4f} s, text {text:8.4f} s", file=sys.stderr)
    return found


def on_duckdb(path: Path, folder: Path, names: list[str], embedded: Mapping[str, Costs]) -> list[tuple[str, ...]]:
    """CPU seconds of the questions that have SQL, from the store and by DuckDB from its export, and what is compared.

    Raises SystemExit where an answer differs.
    """
    from bench import _questions_sql as sql  # DuckDB is for developers only

    rows: list[tuple[str, ...]] = [("question", "CPU s", "DuckDB CPU s", "ours/DuckDB", "rows", "columns compared")]
    with open_store(str(path), create=False, readonly=True) as store:
        if not folder.exists():
            export("parquet", store, folder)
        needed, files = parameters(store), sql.Parquet(folder)
        values = {"outlet": "o0.example", "qualities": list(QUALITIES)}
        for name in (name for name in names if name in sql.QUERIES):
            answer, theirs = ask(store, name, **needed.get(name, {})), files.rows(name, values)
            if wrong := sql.differences(name, answer, theirs):
                raise SystemExit("\n".join(wrong[:10]))
            spent, cpu = files.cpu(name, values), embedded[name][2]
            shared, number = sql.compared(name, answer, theirs)
            ratio = f"{cpu / spent:.1f}"
            rows.append((name, f"{cpu:.3f}", f"{spent:.3f}", ratio, f"{len(answer):,}", f"{shared} of {number}"))
    return rows


def commands(path: Path, names: list[str]) -> dict[str, tuple[float, float]]:
    """CPU seconds and peak MB of each question from the command line."""
    with open_store(str(path), create=False, readonly=True) as store:
        needed = parameters(store)
    found = {}
    for name in names:
        given = needed.get(name, {}).values()
        cost = run(sys.executable, "-m", "newsgraph", "ask", name, *given, "--format", "csv", "--store", str(path))
        found[name] = (cost.cpu, cost.peak)
    return found


def further_commands(path: Path) -> list[tuple[str, ...]]:
    """CPU seconds and peak MB of a large event's page, and of looking for the event of two common words."""
    with open_store(str(path), create=False, readonly=True) as store:
        event = parameters(store)["first-to-cover"]["event"]
    rows: list[tuple[str, ...]] = [("command", "CPU s", "peak MB")]
    with tempfile.TemporaryDirectory() as folder:
        page = ("view", "timeline", str(Path(folder, "page.html")), "--event", event)
        words = ("ask", "first-to-cover", *WORDS[:2])
        for name, given, code in (("page of an event", page, 0), ("two common words", words, UsageError.exit_code)):
            cost = run(sys.executable, "-m", "newsgraph", *given, "--store", str(path), code=code)
            rows.append((name, f"{cost.cpu:.2f}", f"{cost.peak:.0f}"))
    return rows


def growth(small: Path, large: Path, names: list[str], times: float) -> list[tuple[str, ...]]:
    """CPU of each question in a small store and one ``times`` as large, measured in turn, and the exponent between."""
    rows: list[tuple[str, ...]] = [("question", "CPU s", "CPU s", "exponent")]
    with ExitStack() as opened:
        stores = [opened.enter_context(open_store(str(path), create=False, readonly=True)) for path in (small, large)]
        for name in names:
            works = [partial(ask, store, name, **parameters(store).get(name, {})) for store in stores]
            rounds = [[once(work)[1] for work in works] for _ in range(4)]
            one, other = (min(spent) for spent in zip(*rounds, strict=True))
            rows.append((name, f"{one:.4f}", f"{other:.4f}", f"{math.log(other / one) / math.log(times):.2f}"))
    return rows


def filled(store: Store, stories: int) -> None:
    """Writes the corpus."""
    for batch in batches(stories):
        store.write(batch)
    store.save()


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", default="64000", help="sizes, separated by commas")
    parser.add_argument("--questions", default=",".join(QUESTIONS))
    parser.add_argument("--neo4j", action="store_true", help="measure a Neo4j server too")
    parser.add_argument("--duckdb", action="store_true", help="compare with SQL over the Parquet export")
    parser.add_argument("--folder", type=Path, help="keep the stores and exports there")
    parser.add_argument("--no-commands", action="store_true", help="leave the command line out")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.stories.split(",")]
    names = arguments.questions.split(",")
    bare = run(sys.executable, "-c", "pass").cpu
    kept = tempfile.TemporaryDirectory()
    folder = arguments.folder or Path(kept.name)
    paths = [folder / f"{size}.kgl" for size in sizes]
    for size, path in zip(sizes, paths, strict=True):
        if not path.exists():
            with open_store(str(path)) as store:
                filled(store, size)
        with open_store(str(path), create=False, readonly=True) as store:
            embedded = measured(store, names)
        lines = commands(path, names) if not arguments.no_commands else {}
        server: dict[str, Costs] = {}
        if arguments.neo4j:
            with tempfile.TemporaryDirectory() as server_folder:
                server = on_neo4j(size, names, Path(server_folder))
        rows = [
            (
                "question",
                "embedded s",
                "CPU s",
                "text s",
                "command CPU s",
                "x bare",
                "peak MB",
                "neo4j s",
                "text s",
                "ours/neo4j",
                "text",
            )
        ]
        for name in names:
            whole, text, own_cpu = embedded[name]
            cpu, peak = lines.get(name, (math.nan, math.nan))
            there, there_text, _ = server.get(name, (math.nan, math.nan, math.nan))
            numbers = (
                f"{whole:.4f}",
                f"{own_cpu:.4f}",
                f"{text:.4f}",
                f"{cpu:.2f}",
                f"{cpu / bare:.0f}",
                f"{peak:.0f}",
                f"{there:.4f}",
            )
            rows.append((name, *numbers, f"{there_text:.4f}", f"{whole / there:.3f}", f"{text / there_text:.4f}"))
        table(f"{size:,} stories; python -c pass costs {bare:.3f} s CPU", rows)
        if not arguments.no_commands:
            table(f"{size:,} stories, further commands", further_commands(path))
        if arguments.duckdb:
            compared = on_duckdb(path, folder / f"{size}-parquet", names, embedded)
            table(f"{size:,} stories, the Parquet export with DuckDB on one thread", compared)
    if len(sizes) > 1:
        grown = growth(paths[0], paths[-1], names, sizes[-1] / sizes[0])
        table(f"growth from {sizes[0]:,} to {sizes[-1]:,} stories", grown)
    kept.cleanup()


def on_neo4j(size: int, names: list[str], folder: Path) -> dict[str, Costs]:
    """The same corpus and questions on a server of its own."""
    from tests.neo4j import server

    one = server.Neo4jServer(folder / "neo4j", java_flags=("-Xmx3g",))
    one.start()
    try:
        os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"] = one.user, one.password
        with open_store(one.url) as store:
            filled(store, size)
            return measured(store, names)
    finally:
        one.kill()


if __name__ == "__main__":
    main()
