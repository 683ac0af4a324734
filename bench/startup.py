"""Measures the CPU time that a command takes before it does anything, relative to a bare ``python -c pass``.

    python bench/startup.py [--runs 15] [--store FILE]

Prints one line for each command: its CPU time (user and system, of the process and its children; the median of the
runs), the ratio to the bare interpreter, which is measured in turn with it, and the highest ratio that is allowed. The
exit code is 1 if one is above that.

With ``--store``, look-ups in that store are measured instead (``bench/questions.py --folder`` keeps some): of an event
by its id, by the address of a story, and by words. There is a column more, the command's peak memory in MB. No ratio is
demanded of them.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._measure import run

SEEDS = Path(__file__).parents[1] / "seeds"
NEWSGRAPH = (sys.executable, "-m", "newsgraph")
#: Command -> its arguments, and the highest time that it may take, in bare interpreters.
COMMANDS: dict[str, tuple[tuple[str, ...], float]] = {
    "--help": (("--help",), 8),
    "ask first-to-cover EVENT": (("ask", "first-to-cover", "https://www.bbc.com/news/business-53015468"), 14),
}


def look_ups(store: str) -> dict[str, tuple[str, ...]]:
    """Look-ups of an event of average size in a store: by id, by address, by all words of a title."""
    from newsgraph.graph.stores.registry import open_store

    # The graph isn't loaded: a process that is started counts the memory of the one that starts it.
    with open_store(store, create=False, readonly=True, defer=True) as opened:
        records = opened.records()
        assert records is not None
        place = next(one for one in range(len(records.events)) if records.events.integer("story_count", one) == 7)
        covering = records.coverage(place)[0].story
        event, story, title = records.events.ids[place], records.stories.ids[covering], records.stories.title(covering)
    given = {"by id": event, "by address": story, "by title": title}
    return {name: ("ask", "first-to-cover", str(value), "--store", store) for name, value in given.items()}


def main() -> int:
    """Measures and prints. The bare interpreter and each command take turns, so that a busy machine affects both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--store", help="measure look-ups in this store")
    given = parser.parse_args()
    runs = given.runs
    if given.store:
        for name, command in {"--version": ("--version",), **look_ups(given.store)}.items():
            costs = [run(*NEWSGRAPH, *command) for _ in range(runs)]
            cpu = statistics.median(cost.cpu for cost in costs)
            print(f"{name:28}{cpu * 1e3:8.1f} ms CPU{max(cost.peak for cost in costs):8.0f} MB")
        return 0
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NEWSGRAPH_STORE"] = str(Path(folder) / "demo.kgl")
        run(*NEWSGRAPH, "load", str(SEEDS))
        print(f"{'command':28}{'CPU ms':>8}{'bare ms':>9}{'ratio':>7}{'target':>8}")
        for name, (arguments, target) in COMMANDS.items():
            command = (*NEWSGRAPH, *arguments)
            run(*command)  # the first run compiles and fills the disk's cache
            turns = [(run(sys.executable, "-c", "pass").cpu, run(*command).cpu) for _ in range(runs)]
            bare, cost = (statistics.median(column) for column in zip(*turns, strict=True))
            failed |= cost / bare > target
            print(f"{name:28}{cost * 1e3:8.1f}{bare * 1e3:9.1f}{cost / bare:7.1f}{target:8.0f}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
