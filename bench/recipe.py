"""What each step and each number of the recipe for events is worth, on labelled sets.

    python bench/recipe.py FOLDER [--only steps|numbers|model] [--factors 0.5,0.8,1.25,2] [--names NAME,...]

``FOLDER`` holds labelled sets, files ``*-tuning.csv`` with the columns url, published_at, outlet, domain, title, event,
and perhaps excerpt, language, group and thin. Each group is a corpus of its own. A set whose name is in ``THINNED``
also counts with the rows alone that are marked ``thin``.

For each set it measures B-cubed F1, F1 over pairs and how often the first is right, asked from each story of each
labelled event of three outlets or more. The first table leaves out one step at a time. The second multiplies one number
at a time. The third, for ``--only model``, has words alone beside the sentence model (which must be installed), the CPU
that each takes, and each number of the model multiplied.

*Chosen by* says how many of the sets, each left out in turn, are such that the others choose the recipe as it is; *left
out* is the mean over the sets of what the others' choice gives on the one left out. *Near misses* counts the sets of
``near-miss-tuning.json``, if it is there, whose events are all right: these share most of their words.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._events import near_misses, scored, timed
from bench._measure import table
from newsgraph.graph.events import EventSettings, StoryText, derive, score
from newsgraph.graph.events.clustering import derivation, series_texts
from newsgraph.graph.events.fit import able_to_be_first
from newsgraph.graph.events.model import Background
from newsgraph.graph.events.text import texts
from newsgraph.graph.events.text.sentences import DEFAULT_MODEL

THINNED = ("headlines",)
#: More than any group has.
ENDLESS = 10**9
#: The numbers of the sentence model, which words alone don't use.
OF_THE_MODEL = "semantic"
#: Numbers that no labelled set can judge: limits for crowds, stories of unsure date, and threads.
UNJUDGED = ("part_most", "unsure_", "thread_")

Figures = tuple[float, float, float]
"""B-cubed F1, pairs F1, first right."""
BySet = dict[str, Figures]


@dataclass(frozen=True, slots=True)
class Corpus:
    stories: tuple[StoryText, ...]
    labels: Mapping[str, str]


def read(folder: Path) -> dict[str, list[Corpus]]:
    """The corpora of each set, by the set's name."""
    found: dict[str, list[Corpus]] = {}
    for path in sorted(folder.glob("*-tuning.csv")):
        name = path.stem.removesuffix("-tuning")
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        found[name] = corpora(rows)
        if name in THINNED:
            found[f"{name}, thin"] = corpora([row for row in rows if row["thin"] == "1"])
    return found


def corpora(rows: Sequence[Mapping[str, str]]) -> list[Corpus]:
    groups: dict[str, dict[str, Mapping[str, str]]] = defaultdict(dict)
    for row in rows:
        groups[row.get("group") or ""].setdefault(row["url"], row)
    return [
        Corpus(
            tuple(
                StoryText(
                    url,
                    row["title"],
                    row.get("excerpt") or "",
                    datetime.fromisoformat(row["published_at"]),
                    language=row.get("language") or None,
                    outlet=row["domain"],
                    outlet_name=row["outlet"],
                )
                for url, row in group.items()
            ),
            {url: row["event"] for url, row in group.items() if row["event"]},
        )
        for group in groups.values()
    ]


def alike(folder: Path) -> list[Corpus]:
    """The sets of near misses; none if the folder has no such file."""
    path = folder / "near-miss-tuning.json"
    if not path.exists():
        return []
    return [
        Corpus(tuple(story for story, _ in told), {story.id: label for story, label in told})
        for told in near_misses(path).values()
    ]


def all_right(sets: Sequence[Corpus], settings: EventSettings) -> str:
    """How many of the sets have exactly their labelled events."""
    right = sum(scored(corpus.stories, corpus.labels, settings).f1 == 1.0 for corpus in sets)
    return f"{right} of {len(sets)}"


def measured(set_: Sequence[Corpus], settings: EventSettings) -> Figures:
    labels: dict[str, str] = {}
    events: dict[str, str] = {}
    firsts: dict[tuple[int, str], list[bool]] = defaultdict(list)
    for number, corpus in enumerate(set_):
        derived = derive(corpus.stories, settings)
        known = {story.id: story for story in corpus.stories}
        copies = {copy.story_id for copy in derived.copies}
        first: dict[str, set[str]] = {}
        for event in derived.events:
            able = able_to_be_first(event, known, copies)
            named = {story.id for time, story in able if time == able[0][0]}
            for member in event.members:
                first[member.story_id] = named
                events[f"{number} {member.story_id}"] = f"{number} {event.id}"
        labels.update((f"{number} {story}", f"{number} {label}") for story, label in corpus.labels.items())
        for story, label, true in asked(corpus, known):
            firsts[number, label].append(not true.isdisjoint(first[story]))
    found = score(labels, events)
    return found.f1, found.pair_f1, mean([mean(answers) for answers in firsts.values()])


def asked(corpus: Corpus, known: Mapping[str, StoryText]) -> Iterator[tuple[str, str, set[str]]]:
    """Each story of each labelled event of three outlets or more: its id, its label, and the event's true firsts."""
    by_label: dict[str, list[StoryText]] = defaultdict(list)
    for story, label in corpus.labels.items():
        by_label[label].append(known[story])
    for label, members in by_label.items():
        if len({story.outlet for story in members}) >= 3:
            begun = min(story.published_at for story in members if story.published_at)
            true = {story.id for story in members if story.published_at == begun}
            for story in members:
                yield story.id, label, true


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def means(found: BySet) -> Figures:
    b3, pairs, first = (mean([figures[place] for figures in found.values()]) for place in range(3))
    return b3, pairs, first


@contextmanager
def replaced(*changes: tuple[object, str, object]) -> Iterator[None]:
    """Within it, the names in these modules stand for other things. What was read with others is read again."""
    with ExitStack() as stack:
        for cached in (texts.language, texts.read):
            cached.cache_clear()
            stack.callback(cached.cache_clear)
        for module, name, value in changes:
            stack.enter_context(patch.object(module, name, value))
        yield


Step = tuple[str, dict[str, float], tuple[tuple[object, str, object], ...]]
STEPS: tuple[Step, ...] = (
    ("background words", {}, ((derivation, "background", lambda stories, settings: Background()),)),
    ("calendar words and years", {}, ((texts, "CALENDAR", {}), (texts, "YEAR", re.compile("(?!)")))),
    ("language told from the words", {}, ((texts, "detect", lambda words: "en"),)),
    ("the outlet's name cut off a title", {}, ((texts, "without_source", lambda title, names: title),)),
    ("excerpts", {"excerpt_weight": 0.0}, ()),
    ("pairs of words", {"bigram_weight": 0.0}, ()),
    ("series", {}, ((series_texts, "series_among", lambda readings, settings: {}),)),
    ("subjects of a half day", {}, ((series_texts, "without_subjects", lambda readings, settings: {}),)),
    ("equal texts as one voice", {"same_text_hours": 1 / 3600}, ()),
    ("smoothing with neighbours", {"smoothing": 0.0}, ()),
    ("a floor for neighbours", {"neighbour_floor": 0.0}, ()),
    ("less alike as time passes", {"decay_hours": float(ENDLESS)}, ()),
    ("coherence of each group", {"part_least": ENDLESS}, ()),
    ("  its evidence of few texts", {"part_evidence": 0.0}, ()),
    ("  its balance of the sides", {"part_balance": 0.0}, ()),
    ("split by actor", {"actor_stories": ENDLESS}, ()),
    ("weak fits are no firsts", {"weak_stories": ENDLESS}, ()),
    ("copies are no firsts", {}, ((derivation, "copies_in", lambda groups, settings: [[] for _ in groups]),)),
)


def judged(*, of_the_model: bool = False) -> list[str]:
    """The names of the numbers that labelled sets can judge: those of words alone, or those of the sentence model."""
    base = EventSettings()
    return [
        field.name
        for field in fields(base)
        if not isinstance(getattr(base, field.name), str)
        and not field.name.startswith(UNJUDGED)
        and field.name.startswith(OF_THE_MODEL) == of_the_model
    ]


def multiplied(settings: EventSettings, name: str, factor: float) -> EventSettings:
    value = getattr(settings, name)
    if not isinstance(value, int):
        return replace(settings, **{name: value * factor})
    return replace(settings, **{name: max(1, math.floor(value * factor) if factor < 1 else math.ceil(value * factor))})


def left_out(choices: Mapping[str, BySet]) -> tuple[dict[str, str], Figures]:
    """For each set, what the other sets choose (by the mean of all three figures; of equal ones, the first), and the
    mean of what their choices give on the set left out."""
    names = list(next(iter(choices.values())))
    chosen = {
        name: max(choices, key=lambda one: mean([sum(choices[one][other]) for other in names if other != name]))
        for name in names
    }
    return chosen, means({name: choices[one][name] for name, one in chosen.items()})


def shown(figures: Figures) -> str:
    return " / ".join(f"{value:.3f}" for value in figures)


def steps(sets: Mapping[str, Sequence[Corpus]], close: Sequence[Corpus], whole: BySet) -> None:
    base = EventSettings()
    rows = [("without", *sets, "near misses", "mean", "chosen by")]
    figures = (shown(figures) for figures in whole.values())
    rows.append(("nothing: the recipe", *figures, all_right(close, base), shown(means(whole)), ""))
    for name, numbers, changes in STEPS:
        with replaced(*changes):
            settings = replace(base, **numbers)
            found = {set_: measured(corpora, settings) for set_, corpora in sets.items()}
            right = all_right(close, settings)
        chosen, _ = left_out({"with": whole, "without": found})
        votes = f"{Counter(chosen.values())['with']} of {len(sets)}"
        same = ("=" if figures == whole[set_] else shown(figures) for set_, figures in found.items())
        rows.append((name, *same, right, shown(means(found)), "no difference" if found == whole else votes))
    table("Without each step: B-cubed F1 / pairs F1 / first right", rows)


def numbers(
    sets: Mapping[str, Sequence[Corpus]],
    base: EventSettings,
    whole: BySet,
    factors: Sequence[float],
    names: Sequence[str],
) -> None:
    rows = [("number", "value", *(f"x {factor:g}" for factor in factors), "chosen by", "left out")]
    for name in names:
        choices = {"as it is": whole}
        for factor in factors:
            choices[f"{factor:g}"] = {
                set_: measured(corpora, multiplied(base, name, factor)) for set_, corpora in sets.items()
            }
        chosen, others = left_out(choices)
        votes = f"{Counter(chosen.values())['as it is']} of {len(sets)}"
        moved = ("=" if choices[f"{factor:g}"] == whole else shown(means(choices[f"{factor:g}"])) for factor in factors)
        rows.append((name, f"{getattr(base, name):g}", *moved, votes, shown(others)))
        print(" | ".join(rows[-1]), flush=True, file=sys.stderr)
    table(f"Each number: means over the sets; as it is, {shown(means(whole))}", rows)


def model(sets: Mapping[str, Sequence[Corpus]], factors: Sequence[float], names: Sequence[str]) -> None:
    settings = EventSettings(semantic=DEFAULT_MODEL)
    # Weights and word lists are read before anything is timed.
    derive(next(iter(sets.values()))[0].stories[:20], settings)
    # Titles that an earlier set had are remembered by the model, and cost nothing.
    light, heavy = (
        {name: timed(lambda: measured(corpora, used)) for name, corpora in sets.items()}  # noqa: B023  # called at once
        for used in (EventSettings(), settings)
    )
    rows = [("set", "stories", "words alone", "with the model", "CPU seconds", "with the model")]
    for name, corpora in sets.items():
        (cpu, words), (more_cpu, semantic) = light[name], heavy[name]
        stories = sum(len(corpus.stories) for corpus in corpora)
        rows.append((name, str(stories), shown(words), shown(semantic), f"{cpu:.1f}", f"{more_cpu:.1f}"))
    alone, with_model = ({name: figures for name, (_, figures) in found.items()} for found in (light, heavy))
    rows.append(("mean", "", shown(means(alone)), shown(means(with_model)), "", ""))
    table("Words alone, and with the sentence model: B-cubed F1 / pairs F1 / first right", rows)
    numbers(sets, settings, with_model, factors, names)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=["steps", "numbers", "model"])
    parser.add_argument("--factors", default="0.5,0.8,1.25,2")
    parser.add_argument("--names", default="", help="these numbers alone")
    options = parser.parse_args()
    sets = read(options.folder)
    if not sets:
        parser.error(f"{options.folder} has no file *-tuning.csv")
    factors = [float(factor) for factor in options.factors.split(",")]
    names = options.names.split(",") if options.names else judged(of_the_model=options.only == "model")
    if options.only == "model":
        model(sets, factors, names)
        return
    whole = {name: measured(corpora, EventSettings()) for name, corpora in sets.items()}
    if options.only != "numbers":
        steps(sets, alike(options.folder), whole)
    if options.only != "steps":
        numbers(sets, EventSettings(), whole, factors, names)


if __name__ == "__main__":
    main()
