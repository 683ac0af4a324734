"""What verifying a store's file costs beside opening it.

    python bench/checksum.py [--stories 12000,40000] [--repeats 15]

``opening`` is the engine's own reading of the file and one count. ``verifying`` reads the same file and compares its
sums. Both are processor time, the least of the repeats. The target is a share of 0.05.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import kglite

from bench._measure import table
from newsgraph.graph.stores.embedded import store_file
from newsgraph.graph.stores.registry import open_store
from tests.security.test_damage_is_noticed import graph


def least(work: Callable[[], object], repeats: int) -> float:
    """Milliseconds of processor time, when nothing else is in its way."""
    times = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", default="12000,40000")
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    rows = [("stories", "opening ms", "verifying ms", "share")]
    for stories in map(int, options.stories.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "news.kgl"
            with open_store(str(path)) as store:
                store.write(graph(stories))
            text = "MATCH (s:Story) RETURN count(s) AS n"
            opening = least(lambda: kglite.load(str(path)).cypher(text), options.repeats)  # noqa: B023  # called at once
            verifying = least(lambda: store_file.verify(path, str(path)), options.repeats)  # noqa: B023  # called at once
        rows.append((f"{stories:,}", f"{opening:.1f}", f"{verifying:.2f}", f"{verifying / opening:.3f}"))
    table("The checksums of a file", rows)


if __name__ == "__main__":
    main()
