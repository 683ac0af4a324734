"""What headlines made of templates cost: stock moves, the weather, results.

    python bench/series.py [--kind KIND] [--sizes N ...]

Each size runs in a process of its own: CPU seconds of deriving, peak memory, the number of events and the largest, and
whether adding the last 1 % gives the same at what share of the cost; then the growth between sizes, n to which power.
"""

import argparse
import json
import math
import random
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._events import newest_added, timed
from newsgraph.graph.events import StoryText, derive

START = datetime(2025, 3, 3, tzinfo=UTC)
SYLLABLES = "ac be cor del el fin gar hal in jor kel lum mor nor ol par quin ros sal tor ur ven wex yar zel".split()  # noqa: SIM905  # reads best as a line
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KINDS = ("stocks", "weather", "results", "mixed")


def names(count: int, chance: random.Random, tails: tuple[str, ...]) -> list[str]:
    """Invented names, some of two words."""
    found: dict[str, None] = {}
    while len(found) < count:
        name = "".join(chance.choice(SYLLABLES) for _ in range(3)).capitalize()
        found[f"{name} {tail}" if (tail := chance.choice(tails)) else name] = None
    return list(found)


def corpus(kind: str, count: int, days: float) -> list[StoryText]:
    """``count`` stories over so many days."""
    chance = random.Random(3)
    companies = names(max(500, count // 8), chance, ("", "", "Holdings", "Bank", "Energy", "Group of Companies"))
    cities = names(200, chance, ("", "", "Falls"))
    teams = names(120, chance, ("", "United", "City"))
    stories = []
    for number in range(count):
        at = START + timedelta(days=chance.random() * days)
        day = DAYS[at.weekday()]
        of = kind if kind != "mixed" else chance.choice(KINDS[:3])
        if of == "stocks":
            verb = chance.choice(["rise", "fall", "jump", "slip"])
            title = f"{chance.choice(companies)} shares {verb} {chance.randrange(1, 200) / 10}% on {day}"
        elif of == "weather":
            sky = chance.choice(["sunny", "cloudy", "light rain", "strong wind"])
            title = f"Weather in {chance.choice(cities)}: {sky}, high of {chance.randrange(-5, 40)}"
        else:
            home, away = chance.sample(teams, 2)
            title = f"{home} beat {away} {chance.randrange(1, 6)}-{chance.randrange(0, 3)} in league match"
        stories.append(StoryText(f"s{number:06d}", title, "", at, outlet=f"o{number % 40}.example"))
    return stories


def measure(kind: str, count: int, days: float) -> dict[str, object]:
    stories = corpus(kind, count, days)
    derive(stories[:50])  # load the word lists
    cpu, derivation = timed(lambda: derive(stories))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    spent, same = newest_added(stories, derivation)
    return {
        "kind": kind,
        "stories": count,
        "cpu": round(cpu, 2),
        "peak_gb": round(peak, 2),
        "events": len(derivation.events),
        "largest": max(event.story_count for event in derivation.events),
        "update": round(spent / cpu, 3),
        "equal": same,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=KINDS, default="stocks")
    parser.add_argument("--sizes", type=int, nargs="+", default=[5000, 10_000, 20_000, 40_000])
    parser.add_argument("--days", type=float, default=5.0)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.kind, options.one, options.days)))
        return
    found = []
    for size in options.sizes:
        command = [sys.executable, __file__, "--kind", options.kind, "--days", str(options.days), "--one", str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        print(done.stdout.strip(), flush=True)
        found.append(json.loads(done.stdout))
    for small, large in pairwise(found):
        power = math.log(large["cpu"] / small["cpu"]) / math.log(large["stories"] / small["stories"])
        print(f"growth from {small['stories']} to {large['stories']}: n^{power:.2f}")


if __name__ == "__main__":
    main()
