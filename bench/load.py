"""Loading against the plain script on the same files, warm cache, each a process of its own, --no-events.

python bench/load.py [--files 2000] [--like article,samples,even] [--folder SCRATCH] [--repeats 1] [--ours-only]

The files are laid out like the real article among the samples, like all samples, or as evenly as a program writes them.

With repeats the plain script and the load take turns, and of each the run with the least CPU counts, for a busy machine
only ever adds to it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from _corpus import LAYOUTS, write_like
from _measure import Cost, run, table

PLAIN = Path(__file__).resolve().parent / "_plain_script.py"


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
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for layout in options.like.split(","):
            folder = write_like((options.folder or Path(scratch)) / f"{layout}-{options.files}", options.files, layout)
            measure(folder, Path(scratch), layout, options.repeats, options.ours_only)


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
