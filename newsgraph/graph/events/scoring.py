"""Measures how well derived events agree with a researcher's labels."""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping

from newsgraph.graph.events.model import Score, ScoredEvent

WORST = 10
#: Times that labelled events are drawn for an interval.
DRAWS = 1000


def score_events(labels: Mapping[str, str], events: Mapping[str, str]) -> Score:
    """Returns B-cubed (Bagga and Baldwin 1998), pairs, adjusted Rand index (Hubert and Arabie 1985) and NMI over common
    stories.

    Pairs are all pairs of stories: those together in the events against those together in the labels.

    If no story is in both, all these numbers are 0.
    """
    common = [story for story in labels if story in events]
    cells = Counter((labels[story], events[story]) for story in common)
    rows: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    for (label, event), count in cells.items():
        rows[label] += count
        columns[event] += count
    total = len(common)
    precision = sum(count * count / columns[event] for (_, event), count in cells.items())
    recall = sum(count * count / rows[label] for (label, _), count in cells.items())
    both, labelled, found = (sum(math.comb(count, 2) for count in counts.values()) for counts in (cells, rows, columns))
    pair_precision, pair_recall = both / max(1, found), both / max(1, labelled)
    # Alone, each story has precision 1 and the recall 1 / n of its label's n stories.
    alone = harmonic(1.0, len(rows) / total) if total else 0.0
    return Score(
        precision=precision / total if total else 0.0,
        recall=recall / total if total else 0.0,
        f1=harmonic(precision, recall) / total if total else 0.0,
        pair_precision=pair_precision,
        pair_recall=pair_recall,
        pair_f1=harmonic(pair_precision, pair_recall),
        alone_f1=alone,
        adjusted_rand=adjusted_rand(cells, rows, columns, total),
        mutual_information=mutual_information(cells, rows, columns, total),
        story_count=total,
        label_count=len(rows),
        event_count=len(columns),
        unlabelled=sum(story not in labels for story in events),
        missing=len(labels) - total,
        interval=f1_interval(cells, rows, columns),
        worst=worst_events(cells, rows, columns),
    )


def f1_interval(
    cells: Counter[tuple[str, str]], rows: Counter[str], columns: Counter[str]
) -> tuple[float, float] | None:
    """A 95 % percentile interval of the B-cubed F1: labelled events, not stories, are drawn with replacement (Efron and
    Tibshirani 1993), for the stories of one event are right or wrong together. The same for the same scores; None
    below two labelled events."""
    if len(rows) < 2:
        return None
    parts: dict[str, list[float]] = {label: [0.0, 0.0, float(count)] for label, count in rows.items()}
    for (label, event), count in cells.items():
        parts[label][0] += count * count / columns[event]
        parts[label][1] += count * count / rows[label]
    each = [parts[label] for label in sorted(parts)]
    chance = random.Random(0)  # noqa: S311  # no secret: the same scores are to give the same interval
    drawn = []
    for _ in range(DRAWS):
        sums = [sum(column) for column in zip(*chance.choices(each, k=len(each)), strict=True)]
        drawn.append(harmonic(sums[0], sums[1]) / sums[2])
    drawn.sort()
    return drawn[round(DRAWS * 0.025)], drawn[round(DRAWS * 0.975) - 1]


def harmonic(one: float, other: float) -> float:
    return 2.0 * one * other / (one + other) if one + other else 0.0


def adjusted_rand(cells: Counter[tuple[str, str]], rows: Counter[str], columns: Counter[str], total: int) -> float:
    """Returns 1 for equal partitions and, on average, 0 for random ones; 1 if every partition would be equal."""
    if not total:
        return 0.0
    both = sum(math.comb(count, 2) for count in cells.values())
    one = sum(math.comb(count, 2) for count in rows.values())
    other = sum(math.comb(count, 2) for count in columns.values())
    expected = one * other / math.comb(total, 2) if total > 1 else 0.0
    most = (one + other) / 2.0
    return (both - expected) / (most - expected) if most != expected else 1.0


def mutual_information(cells: Counter[tuple[str, str]], rows: Counter[str], columns: Counter[str], total: int) -> float:
    """Returns the mutual information, normalised by the mean of the two entropies; 1 if both are 0."""
    if not total:
        return 0.0
    shared = sum(
        count / total * math.log(count * total / (rows[label] * columns[event]))
        for (label, event), count in cells.items()
    )
    entropy = sum(-count / total * math.log(count / total) for part in (rows, columns) for count in part.values()) / 2.0
    return max(0.0, shared / entropy) if entropy else 1.0


def worst_events(cells: Counter[tuple[str, str]], rows: Counter[str], columns: Counter[str]) -> tuple[ScoredEvent, ...]:
    """Returns the labelled events with the most stories in a wrong place, most first. Events without any are left
    out."""
    split: dict[str, Counter[str]] = defaultdict(Counter)
    held: dict[str, Counter[str]] = defaultdict(Counter)
    for (label, event), count in cells.items():
        split[label][event] = count
        held[event][label] = count
    scored = []
    for label, parts in split.items():
        size = rows[label]
        precision = sum(count * count / columns[event] for event, count in parts.items()) / size
        recall = sum(count * count for count in parts.values()) / size**2
        merged: Counter[str] = Counter()
        for event in parts:
            merged.update(held[event])
        del merged[label]
        f1 = harmonic(precision, recall)
        if f1 < 1.0:
            scored.append(ScoredEvent(label, size, precision, recall, f1, by_size(parts), by_size(merged)))
    scored.sort(key=lambda event: (-event.story_count * (1.0 - event.f1), event.label))
    return tuple(scored[:WORST])


def by_size(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
