"""Quality and speed of event resolution.

    python bench/events.py FOLDER [--full]

``FOLDER`` holds ``headlines-tuning.csv`` (id, published_at, outlet, domain, title, url, event, thin) and
``near-miss-tuning.json``. Prints F1 on all and thin rows, as it stands and in five folds over events, the near-miss
sets, CPU against scikit-learn's TfidfVectorizer on the same titles, growth, memory, and the cost of an update.
``recipe.py`` tells what each step and each number is worth. Without ``--full`` the large corpus has 64,000 stories
instead of 318,000.
"""

import argparse
import csv
import math
import random
import resource
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zlib import crc32

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._events import near_misses, newest_added, scored, timed
from newsgraph.graph.events import EventSettings, StoryText, derive

Labelled = list[tuple[StoryText, str, bool]]


def read(folder: Path) -> Labelled:
    with (folder / "headlines-tuning.csv").open(encoding="utf-8", newline="") as file:
        return [
            (
                StoryText(
                    row["url"],
                    row["title"],
                    "",
                    datetime.fromisoformat(row["published_at"]),
                    outlet=row["domain"],
                    outlet_name=row["outlet"],
                ),
                row["event"],
                row["thin"] == "1",
            )
            for row in csv.DictReader(file)
        ]


def f1(rows: Labelled, settings: EventSettings) -> float:
    return scored([story for story, _, _ in rows], {story.id: label for story, label, _ in rows}, settings).f1


def quality(rows: Labelled) -> None:
    thin = [row for row in rows if row[2]]
    settings = EventSettings()
    print(f"B-cubed F1: dense {f1(rows, settings):.4f}, thin {f1(thin, settings):.4f}")
    # The one number chosen on labels in each fold: the threshold; the rest of the recipe is the same for all.
    for name, part in (("dense", rows), ("thin", thin)):
        held, sizes = [], []
        for fold in range(5):
            inside = [row for row in part if crc32(row[1].encode()) % 5 != fold]
            outside = [row for row in part if crc32(row[1].encode()) % 5 == fold]
            best = max((0.09, 0.10, 0.11, 0.12, 0.13), key=lambda t: f1(inside, replace(settings, threshold=t)))
            held.append(f1(outside, replace(settings, threshold=best)))
            sizes.append(len(outside))
        mean = sum(value * size for value, size in zip(held, sizes, strict=True)) / sum(sizes)
        print(f"  5 folds over events, {name}: {mean:.4f} ({', '.join(f'{value:.3f}' for value in held)})")


def alike(folder: Path) -> None:
    for name, told in near_misses(folder / "near-miss-tuning.json").items():
        rows = [(story, label, False) for story, label in told]
        print(f"near miss {name}: F1 {f1(rows, EventSettings()):.3f}")


def corpus(rows: Labelled, copies: int) -> list[StoryText]:
    """The headlines again and again, each time a week later, one word in eight replaced by one of that copy's own."""
    stories = []
    for copy in range(copies):
        chance = random.Random(copy)
        for story, _, _ in rows:
            words = [
                f"{word[:2]}x{copy}{chance.randrange(40)}q" if chance.random() < 1 / 8 else word
                for word in story.title.split(" ")
            ]
            at = story.published_at
            assert at is not None
            stories.append(
                replace(story, id=f"{story.id}#{copy}", title=" ".join(words), published_at=at + timedelta(weeks=copy))
            )
    return stories


def speed(rows: Labelled, full: bool) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    derive([story for story, _, _ in rows[:50]])  # load the word lists
    spent: dict[int, float] = {}
    for copies in (7, 27, 132) if full else (7, 27):
        stories = corpus(rows, copies)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        titles = [story.title for story in stories]
        vectoriser, _ = timed(lambda: TfidfVectorizer(ngram_range=(1, 2)).fit_transform(titles))  # noqa: B023  # called at once
        cpu, derivation = timed(lambda: derive(stories))  # noqa: B023  # called at once
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        spent[len(stories)] = cpu
        print(
            f"{len(stories)} stories: {cpu:.1f} s CPU, {cpu / vectoriser:.1f} times tf-idf's {vectoriser:.2f} s; "
            f"{len(derivation.events)} events; peak {memory / 1e6:.2f} GB ({before / 1e6:.2f} before)"
        )
        if copies == 27:
            cost, same = newest_added(stories, derivation)
            print(f"  adding the last 1 %: {cost / cpu:.3f} of deriving all; equal: {same}")
    sizes = sorted(spent)
    for small, large in pairwise(sizes):
        exponent = math.log(spent[large] / spent[small]) / math.log(large / small)
        print(f"growth from {small} to {large}: n^{exponent:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--full", action="store_true", help="318,000 stories instead of 64,000 at most")
    parser.add_argument("--only", choices=["quality", "speed"])
    options = parser.parse_args()
    rows = read(options.folder)
    if options.only in (None, "quality"):
        quality(rows)
        alike(options.folder)
    if options.only in (None, "speed"):
        speed(rows, options.full)


if __name__ == "__main__":
    main()
