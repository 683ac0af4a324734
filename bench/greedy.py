"""What greedy queries take: time, memory and how each ends, on every store, from the command line and from Python.

    python bench/greedy.py [--stores embedded,networkx,neo4j] [--doors python,command] [--stories 30000] [--timeout 2]
        [--memory 500M] [--only TEXT]

Each query of ``bench/_greedy_queries.py`` is asked by ``graph.cypher()`` and by ``newsgraph cypher``, with a limit of
time and one of memory. A row has the seconds beyond what ``RETURN 1`` takes, the most memory that the query's own
process and the process that asked held beyond what they held for ``RETURN 1``, and how it ended: answered, or the kind
of the error. On Neo4j the limit of memory is the server's, set as ``docker-compose.yml`` sets it, and the memory is
that of the process that asked; the server's own peak is at the end.

Ends with code 1 when a query was answered by anything but an answer or an error of one line (exit code 1, or 2 where
the store refuses the text), took more than a second beyond its limit, held more than its limit of memory, or when the
store isn't as it was. A busy machine takes longer to end a process. Needs Linux.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import newsgraph
from bench._greedy_queries import GREEDY
from bench._measure import table
from bench.questions import filled
from newsgraph.errors import NewsgraphError
from newsgraph.graph.stores import bounds
from newsgraph.graph.stores.registry import open_store

COUNT = "MATCH (n) RETURN count(n) AS n"
READY = "RETURN 1 AS ready"
#: A query's process may hold this many MB more than it may take: what the engine had and gave back, and the message.
SLACK = 40.0
#: The settings of docker-compose.yml, and the heap.
SETTINGS = (
    "db.memory.transaction.max=512m",
    "dbms.memory.transaction.total.max=1g",
    "db.transaction.monitor.check.interval=500ms",
)
HEAP = "2g"


@dataclass(frozen=True)
class Taken:
    """One query by one door: seconds, MB of its own process and of the one that asked, and how it ended."""

    seconds: float
    own: float
    asking: float
    ended: str
    fault: str = ""


def held(pid: int) -> tuple[int, int]:
    """Bytes that a process holds, and those that all processes started by it hold."""

    def resident(one: int) -> int:
        try:
            return int(Path(f"/proc/{one}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            return 0

    def below(one: int) -> Iterator[int]:
        try:
            threads = list(Path(f"/proc/{one}/task").iterdir())
            children = [int(child) for task in threads for child in (task / "children").read_text().split()]
        except OSError:
            return
        for child in children:
            yield child
            yield from below(child)

    return resident(pid), sum(map(resident, below(pid)))


class Watch:
    """Looks at a process and those below it, and keeps the most that they held."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.most = held(pid)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.01):
            now = held(self._pid)
            self.most = max(self.most[0], now[0]), max(self.most[1], now[1])

    def end(self) -> tuple[float, float]:
        """The most that the process held, and those below it, in MB."""
        self._ended.set()
        self._thread.join()
        return self.most[0] / 1e6, self.most[1] / 1e6


def by_python(graph: newsgraph.Graph, text: str, seconds: float, memory: str) -> Taken:
    graph.cypher(READY, memory=memory)  # its process is there: the start doesn't count
    asking, own = (one / 1e6 for one in held(os.getpid()))
    watch, began, said = Watch(os.getpid()), time.monotonic(), ""
    try:
        answer = graph.cypher(text, timeout=seconds, memory=memory, limit=100_000)
        ended = f"answered, {len(answer):,} rows"
        del answer
    except NewsgraphError as error:
        ended, said = type(error).__name__, str(error)
    spent = time.monotonic() - began
    most_asking, most_own = watch.end()
    fault = "more than a line" if "\n" in said else ""
    return Taken(spent, most_own - own, most_asking - asking, ended, fault)


def by_command(url: str, text: str, seconds: float, memory: str) -> Taken:
    command = [sys.executable, "-m", "newsgraph", "cypher", "-", "--store", url, "--memory", memory]
    began = time.monotonic()
    process = subprocess.Popen(
        [*command, "--timeout", str(seconds), "--format", "csv"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    watch = Watch(process.pid)
    out, err = process.communicate(text.encode())
    spent = time.monotonic() - began
    asking, own = watch.end()
    lines = err.decode().splitlines()
    if process.returncode == 0:
        return Taken(spent, own, asking, f"answered, {len(out.splitlines()) - 1:,} rows")
    wrong = process.returncode not in (1, 2) or len(lines) != 1 or out
    return Taken(spent, own, asking, f"code {process.returncode}", f"{lines[-3:]}" if wrong else "")


def compared(taken: Taken, empty: Taken, seconds: float, memory: float) -> Taken:
    """The same beyond what the empty query took, with what is wrong with it."""
    spent, own, asking = taken.seconds - empty.seconds, taken.own - empty.own, taken.asking - empty.asking
    fault = taken.fault
    if spent > seconds + 1:
        fault = f"{spent:.1f} s"
    if own > memory + SLACK:
        fault = f"{own:.0f} MB"
    return Taken(max(spent, 0.0), max(own, 0.0), max(asking, 0.0), taken.ended, fault)


class Server:
    """A Neo4j of its own, which is started again when a query has taken it away from everybody."""

    def __init__(self, folder: Path) -> None:
        from tests.neo4j.server import Neo4jServer

        self.one = Neo4jServer(folder, heap=HEAP)
        self.one.start(*SETTINGS)
        os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"] = self.one.user, self.one.password

    def answers(self) -> bool:
        """Whether it counts its nodes within ten seconds. If not, it is started again."""
        try:
            with newsgraph.open(self.one.url, create=False, readonly=True) as graph:
                graph.cypher(COUNT, timeout=10)
        except NewsgraphError:
            self.one.kill()
            self.one.start(*SETTINGS)
            return False
        return True


def measured(
    kind: str, url: str, names: list[str], options: argparse.Namespace, answers: Callable[[], bool]
) -> list[str]:
    """Asks all queries, prints the table and returns the faults. ``answers`` says whether the store still does."""
    seconds, memory, doors = options.timeout, options.memory, options.doors.split(",")
    most = bounds.size(memory) / 1e6 if kind != "neo4j" else float("inf")
    with open_store(url) as store:
        filled(store, options.stories)
    saved = Path(url.removeprefix("networkx:"))
    before = hashlib.sha256(saved.read_bytes()).hexdigest() if kind != "neo4j" else ""
    rows = [("query", *(f"{door} {unit}" for door in doors for unit in ("s", "MB", "asking MB", "ended")))]
    faults: list[str] = []
    with newsgraph.open(url, create=False, readonly=True) as graph:
        nodes = graph.cypher(COUNT).rows[0][0]
        ask: dict[str, Callable[[str], Taken]] = {
            "python": lambda text: by_python(graph, text, seconds, memory),
            "command": lambda text: by_command(url, text, seconds, memory),
        }
        empty = {door: min((ask[door](READY) for _ in range(3)), key=lambda one: one.seconds) for door in doors}
        for name in names:
            taken = [compared(ask[door](GREEDY[name]), empty[door], seconds, most) for door in doors]
            cells = ((f"{one.seconds:.1f}", f"{one.own:.0f}", f"{one.asking:.0f}", one.ended) for one in taken)
            rows.append((name, *(cell for some in cells for cell in some)))
            print(" | ".join((kind, *rows[-1])), file=sys.stderr, flush=True)
            faults += [
                f"{kind}, {door}: {name}: {one.fault}" for door, one in zip(doors, taken, strict=True) if one.fault
            ]
            if not answers():
                faults.append(f"{kind}: {name}: the server no longer answered and was started again")
            if graph.cypher(COUNT).rows != [(nodes,)]:
                faults.append(f"{kind}: {name}: the store isn't as it was")
    if before and hashlib.sha256(saved.read_bytes()).hexdigest() != before:
        faults.append(f"{kind}: its file isn't as it was")
    table(f"{kind}, {nodes:,} nodes, {seconds:g} s, {memory}", rows)
    return faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stores", default="embedded,networkx,neo4j")
    parser.add_argument("--doors", default="python,command")
    parser.add_argument(
        "--stories", type=int, default=30_000, help="with their events and outlets, 40,000 nodes and more"
    )
    parser.add_argument("--timeout", type=float, default=2.0)
    parser.add_argument("--memory", default="500M")
    parser.add_argument("--only", default="", help="the queries whose name holds this")
    options = parser.parse_args()
    names = [name for name in GREEDY if options.only in name]
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        urls = {"embedded": f"{scratch}/news.kgl", "networkx": f"networkx:{scratch}/news.json"}
        for kind in options.stores.split(","):
            if kind in urls:
                faults += measured(kind, urls[kind], names, options, lambda: True)
                continue
            server = Server(Path(scratch) / "neo4j")
            try:
                faults += measured(kind, server.one.url, names, options, server.answers)
                print(f"The server held {server.one.peak_megabytes():.0f} MB at most; its heap may take {HEAP}.")
            finally:
                server.one.kill()
    for fault in faults:
        print(fault)
    print(f"{len(names)} queries: {f'{len(faults)} faults' if faults else 'each kept its limits'}.")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
