"""Loading against the plain script on the same files, warm cache, each a process of its own, --no-events.

python bench/load.py [--files 2000] [--like article,samples,even] [--folder SCRATCH] [--repeats 1] [--ours-only]
python bench/load.py --parts [--files 2000] [--like article,samples,even] [--folder SCRATCH]

The files are laid out like the real article among the samples, like all samples, or as evenly as a program writes them.

With repeats the plain script and the load take turns, and of each the run with the least CPU counts, for a busy machine
only ever adds to it. ``--parts`` tells instead where the CPU of one load goes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from functools import reduce, wraps
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent))
from _corpus import LAYOUTS, write_like
from _measure import Cost, run, table

PLAIN = Path(__file__).resolve().parent / "_plain_script.py"
#: The parts of a load with the function of each. What runs inside another part is counted by itself.
PARTS = {
    "newsgraph.loaders.intake.files FileReader.content": "open, read and hash files",
    "newsgraph.loaders.source_reading reading_of": "turn texts into records",
    "newsgraph.loaders.merging.change Changer.change": "work out the change",
    "newsgraph.graph.stores.embedded.writes prepare": "check what is written",
    "newsgraph.graph.stores.embedded.bulk_calls add_nodes": "the engine adds nodes",
    "newsgraph.graph.stores.embedded.bulk_calls add_edges": "the engine adds edges",
    "newsgraph.graph.stores.embedded.calls columns": "the engine answers queries",
    "newsgraph.graph.stores.embedded.engine query": "the engine answers queries",
    "newsgraph.graph.stores.embedded.engine_file save": "save the file",
}
REST = "all else: imports, finding files"


def load(store: Path, folder: Path) -> Cost:
    return run(sys.executable, "-m", "newsgraph", "load", str(folder), "--store", str(store), "--no-events")


def least(costs: list[Cost]) -> Cost:
    return min(costs, key=lambda cost: cost.cpu)


def row(what: str, cost: Cost, plain: Cost | None) -> tuple[str, ...]:
    if plain is None:
        return what, f"{cost.cpu:.2f}", "", f"{cost.peak:.0f}", ""
    return what, f"{cost.cpu:.2f}", f"{plain.cpu / cost.cpu:.2f}", f"{cost.peak:.0f}", f"{cost.peak / plain.peak:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--like", default="article,samples", help="layouts, of " + ", ".join(LAYOUTS))
    parser.add_argument("--folder", type=Path, help="where the articles are written and found again; else a new one")
    parser.add_argument("--repeats", type=int, default=1, help="of the plain script and the load into a new store")
    parser.add_argument("--ours-only", action="store_true", help="leave the plain script out, as with very many files")
    parser.add_argument("--parts", action="store_true", help="tell where the CPU of one load goes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for layout in options.like.split(","):
            folder = write_like((options.folder or Path(scratch)) / f"{layout}-{options.files}", options.files, layout)
            if options.parts:
                tell_parts(folder, Path(scratch) / f"{layout}.kgl", layout)
            else:
                measure(folder, Path(scratch), layout, options.repeats, options.ours_only)


class Parts:
    """Counts the CPU of each part of this process. A part within another one stops the clock of that one."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._open = [REST]
        self._since = process_time()

    def turn(self) -> None:
        """Counts the time until now for the innermost part."""
        now = process_time()
        self.spent[self._open[-1]] += now - self._since
        self._since = now

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Returns the function with a clock around it."""

        @wraps(function)
        def call(*values: Any, **named: Any) -> Any:
            self.turn()
            self._open.append(part)
            try:
                return function(*values, **named)
            finally:
                self.turn()
                self._open.pop()

        return call


def tell_parts(folder: Path, store: Path, layout: str) -> None:
    """Loads a folder in this process, and tells which part took how much."""
    parts = Parts()
    with ExitStack() as clocks:
        for place, part in PARTS.items():
            module, _, name = place.partition(" ")
            *owners, own = name.split(".")
            owner = reduce(getattr, owners, import_module(module))
            clocks.enter_context(patch.object(owner, own, parts.timed(part, getattr(owner, own))))
        with import_module("newsgraph.api").open(str(store)) as graph:
            report = graph.load(folder, events=False)
    parts.turn()
    whole, stories = sum(parts.spent.values()), report.stories_added
    rows = [("part", "CPU s", "share", "us a story")]
    rows += [
        (part, f"{spent:.2f}", f"{spent / whole:.0%}", f"{1e6 * spent / stories:.1f}")
        for part, spent in parts.spent.most_common()
    ]
    table(f"Loading {stories:,} stories, laid out: {layout}", rows)


def measure(folder: Path, scratch: Path, layout: str, repeats: int, ours_only: bool) -> None:
    store = scratch / "bench.kgl"
    rows = [("what", "CPU s", "plain / ours", "peak MB", "ours / plain")]
    plains: list[Cost] = []
    loads: list[Cost] = []
    for _ in range(repeats):
        if not ours_only:
            plains.append(run(sys.executable, str(PLAIN), str(folder), str(scratch / "plain.json")))
        store.unlink(missing_ok=True)
        loads.append(load(store, folder))
    plain = least(plains) if plains else None
    if plain is not None:
        rows.append(row("plain script", plain, plain))
    rows.append(row("load, nothing there", least(loads), plain))
    rows.append(row("load again, nothing changed", load(store, folder), plain))
    names = sorted(folder.glob("*.md"))
    some = names[:: max(1, len(names) // (len(names) // 100 or 1))]
    edited = {path: path.read_bytes() for path in some}
    for path, data in edited.items():
        path.write_bytes(data.replace(b'excerpt: "', b'excerpt: "Updated. ', 1))
    try:
        rows.append(row("load again, 1 % changed", load(store, folder), plain))
    finally:
        for path, data in edited.items():
            path.write_bytes(data)
    table(f"Loading {len(names):,} files, laid out: {layout}", rows)


if __name__ == "__main__":
    main()
