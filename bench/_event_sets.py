"""Labelled sets of stories, and measures of how right the events derived from them are."""

import csv
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsgraph.graph.events import Derivation, EventSettings, StoryText, derive

SETS = ("dense", "thin", "one-feed", "subjects", "ground", "ecb")
"""The sets: the headlines complete and thinned, one feed, single subjects, politics, and natural near misses."""


@dataclass(frozen=True, slots=True)
class LabelledStory:
    """A story and the event that a person put it into; "" if nobody did."""

    story: StoryText
    label: str


Corpora = list[list[LabelledStory]]


@dataclass(frozen=True, slots=True)
class Rightness:
    """How right the events of a set are. Each number is 0..1."""

    b3: float
    pairs: float
    first: float
    stories: int
    firsts: tuple[float, ...]
    """For each labelled event of at least three outlets, the share of its stories that lead to the true first one."""


def read_sets(folder: Path) -> dict[str, Corpora]:
    """Returns the sets, each as one or more corpora whose events are derived separately."""
    headlines = rows_of(folder / "headlines-tuning.csv")
    subjects: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows_of(folder / "subjects-tuning.csv"):
        subjects[row["group"]].append(row)
    return {
        "dense": [labelled(headlines)],
        "thin": [labelled([row for row in headlines if row["thin"] == "1"])],
        "one-feed": [labelled(rows_of(folder / "one-feed-tuning.csv"))],
        "subjects": [labelled(rows) for rows in subjects.values()],
        "ground": [labelled(rows_of(folder / "ground-tuning.csv"))],
        "ecb": [labelled(rows_of(folder / "ecb-tuning.csv"))],
    }


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def labelled(rows: Sequence[dict[str, str]]) -> list[LabelledStory]:
    """Returns the rows as stories. Rows with the same address are one story."""
    found: dict[str, LabelledStory] = {}
    for row in rows:
        at = datetime.fromisoformat(row["published_at"])
        story = StoryText(
            row["url"],
            row["title"],
            row.get("excerpt") or "",
            at if at.tzinfo else at.replace(tzinfo=UTC),
            language=row.get("language") or None,
            outlet=row["domain"],
            outlet_name=row["outlet"],
        )
        found.setdefault(row["url"], LabelledStory(story, row["event"]))
    return list(found.values())


def rightness(corpora: Corpora, settings: EventSettings) -> Rightness:
    """Returns B-cubed F1, F1 over pairs, and how often the outlet named first is the true first, over all corpora."""
    true: list[tuple[int, str]] = []
    got: list[tuple[int, str]] = []
    firsts: list[float] = []
    for number, rows in enumerate(corpora):
        found = derive([row.story for row in rows], settings)
        event_of = {member.story_id: event.id for event in found.events for member in event.members}
        for row in rows:
            if row.label:
                true.append((number, row.label))
                got.append((number, event_of[row.story.id]))
        firsts.extend(first_right(rows, found))
    b3, pairs = agreement(true, got)
    return Rightness(b3, pairs, sum(firsts) / len(firsts) if firsts else 0.0, len(true), tuple(firsts))


def agreement(true: Sequence[tuple[int, str]], got: Sequence[tuple[int, str]]) -> tuple[float, float]:
    """Returns B-cubed F1 and F1 over pairs."""
    both = Counter(zip(true, got, strict=True))
    labels, events = Counter(true), Counter(got)
    precision = sum(count * count / events[event] for (_, event), count in both.items()) / len(true)
    recall = sum(count * count / labels[label] for (label, _), count in both.items()) / len(true)
    joint = sum(count * (count - 1) // 2 for count in both.values())
    found = sum(count * (count - 1) // 2 for count in events.values())
    wanted = sum(count * (count - 1) // 2 for count in labels.values())
    return harmonic(precision, recall), 2.0 * joint / (found + wanted) if found + wanted else 1.0


def harmonic(one: float, other: float) -> float:
    return 2.0 * one * other / (one + other) if one + other else 0.0


def first_right(rows: Sequence[LabelledStory], found: Derivation) -> list[float]:
    """Returns, for each labelled event of three outlets or more, the share of its stories that lead to its true
    first."""
    story_of = {row.story.id: row for row in rows}
    copied = {copy.story_id for copy in found.copies}
    named: dict[str, set[str]] = {}
    for event in found.events:
        eligible = [m.story_id for m in event.members if not m.weak_fit and m.story_id not in copied]
        earliest = min(story_of[story].story.published_at or datetime.max.replace(tzinfo=UTC) for story in eligible)
        first = {story for story in eligible if story_of[story].story.published_at == earliest}
        named.update((member.story_id, first) for member in event.members)
    by_label: dict[str, list[LabelledStory]] = defaultdict(list)
    for row in rows:
        if row.label:
            by_label[row.label].append(row)
    shares = []
    for members in by_label.values():
        if len({member.story.outlet for member in members}) < 3:
            continue
        start = min(member.story.published_at for member in members if member.story.published_at)
        true = {member.story.id for member in members if member.story.published_at == start}
        shares.append(sum(not true.isdisjoint(named[member.story.id]) for member in members) / len(members))
    return shares
