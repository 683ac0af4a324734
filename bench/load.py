"""Loading against the plain script on the same files, warm cache, each a process of its own, --no-events.

python bench/load.py [--files 2000] [--folder SCRATCH] [--repeats 1] [--ours-only]

With repeats the plain script and the load take turns, and of each the run with the least CPU counts, for a busy machine
only ever adds to it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from _corpus import write
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
    parser.add_argument("--folder", type=Path, help="where the articles are written and found again; else a new one")
    parser.add_argument("--repeats", type=int, default=1, help="of the plain script and the load into a new store")
    parser.add_argument("--ours-only", action="store_true", help="leave the plain script out, as with very many files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        base = options.folder or Path(scratch)
        folder = write(base / f"articles-{options.files}", options.files)
        store = Path(scratch, "bench.kgl")
        rows = [("what", "CPU s", "plain / ours", "peak MB", "ours / plain")]
        plains: list[Cost] = []
        loads: list[Cost] = []
        for _ in range(options.repeats):
            if not options.ours_only:
                plains.append(run(sys.executable, str(PLAIN), str(folder), str(Path(scratch, "plain.json"))))
            store.unlink(missing_ok=True)
            loads.append(load(store, folder))
        plain = least(plains) if plains else None
        if plain is not None:
            rows.append(row("plain script", plain, plain))
        rows.append(row("load, nothing there", least(loads), plain))
        rows.append(row("load again, nothing changed", load(store, folder), plain))
        names = sorted(folder.glob("*.md"))
        some = names[:: max(1, len(names) // (len(names) // 100 or 1))]
        edited = {path: path.read_text(encoding="utf-8") for path in some}
        for path, text in edited.items():
            path.write_text(text.replace('excerpt: "', 'excerpt: "Updated. ', 1), encoding="utf-8")
        try:
            rows.append(row("load again, 1 % changed", load(store, folder), plain))
        finally:
            for path, text in edited.items():
                path.write_text(text, encoding="utf-8")
        table(f"Loading {options.files:,} files of 11 stories", rows)


if __name__ == "__main__":
    main()
