"""Where derived events differ most from a researcher's labels, and the words that caused it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import combinations

import numpy as np

from newsgraph.graph.events.explanation import term_names
from newsgraph.graph.events.model import Background, EventSettings, Mistake, StorySource, StoryText, Term, Wrong
from newsgraph.graph.events.text.background import Ceilings, ceilings
from newsgraph.graph.events.text.texts import Reading, read
from newsgraph.graph.events.text.vectors import UNIT, matrix, vectorise

#: Merges and splits that are told, of each kind.
WORST = 10
#: Words that are told of each.
WORDS = 6
#: Stories of a side whose texts are read.
MOST_READ = 100


@dataclass(frozen=True, slots=True)
class _Side:
    label: str
    event: str
    stories: tuple[str, ...]


def mistakes_in(
    labels: Mapping[str, str],
    events: Mapping[str, str],
    texts: StorySource,
    background: Background,
    settings: EventSettings,
    most: int = WORST,
) -> tuple[Mistake, ...]:
    """The worst merges, then the worst splits, by wrong pairs of stories, at most ``most`` of each.

    ``labels`` and ``events`` lead from stories to labels and to events; only stories in both count.
    """
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    for story in sorted(labels.keys() & events.keys()):
        cells[labels[story], events[story]].append(story)
    sides = [_Side(label, event, tuple(stories)) for (label, event), stories in sorted(cells.items())]
    highest = ceilings(background, settings)
    chosen = [
        *_worst(Wrong.MERGE, _within(sides, [side.event for side in sides], most), most),
        *_worst(Wrong.SPLIT, _within(sides, [side.label for side in sides], most), most),
    ]
    wanted = {story for _, one, other in chosen for side in (one, other) for story in side.stories[:MOST_READ]}
    known = {story.id: story for story in texts.stories(wanted)}
    return tuple(_mistake(kind, one, other, known, highest, settings) for kind, one, other in chosen)


def _within(sides: Sequence[_Side], groups: Sequence[str], most: int) -> Iterator[tuple[_Side, _Side]]:
    """Pairs of sides of the same group. The worst ``most`` of a group are all among its ``most`` + 1 largest sides."""
    by_group: dict[str, list[_Side]] = defaultdict(list)
    for side, group in zip(sides, groups, strict=True):
        by_group[group].append(side)
    for found in by_group.values():
        largest = sorted(found, key=lambda side: (-len(side.stories), side.label, side.event))[: most + 1]
        yield from combinations(largest, 2)


def _worst(kind: Wrong, pairs: Iterable[tuple[_Side, _Side]], most: int) -> list[tuple[Wrong, _Side, _Side]]:
    def order(pair: tuple[_Side, _Side]) -> tuple[int, str, str, str, str]:
        one, other = pair
        return -len(one.stories) * len(other.stories), one.label, other.label, one.event, other.event

    return [(kind, one, other) for one, other in nsmallest(most, pairs, key=order)]


def _mistake(
    kind: Wrong, one: _Side, other: _Side, known: Mapping[str, StoryText], highest: Ceilings, settings: EventSettings
) -> Mistake:
    read_of = [[read(known[id]) for id in side.stories[:MOST_READ] if id in known] for side in (one, other)]
    likeness, words = telling_words(read_of, highest, settings, shared=kind is Wrong.MERGE)
    return Mistake(
        kind=kind,
        pairs=len(one.stories) * len(other.stories),
        label=one.label,
        other_label=other.label,
        event=one.event,
        other_event=other.event,
        stories=len(one.stories),
        others=len(other.stories),
        story=one.stories[0],
        other=other.stories[0],
        likeness=likeness,
        words=words,
    )


def telling_words(
    sides: Sequence[Sequence[Reading]], highest: Ceilings, settings: EventSettings, *, shared: bool
) -> tuple[float, tuple[Term, ...]]:
    """The cosine of the mean texts of two sides, and the words that they share most, or that set them apart most."""
    readings = [reading for side in sides for reading in side]
    if not all(sides):
        return 0.0, ()
    texts = vectorise(readings, settings, highest)
    columns = np.unique(texts.terms)
    if not len(columns):
        return 0.0, ()
    rows = matrix(texts, columns).astype(np.float64) / UNIT
    cut = len(sides[0])
    means = [np.asarray(part.mean(axis=0)).ravel() for part in (rows[:cut], rows[cut:])]
    one, other = (mean / (np.linalg.norm(mean) or 1.0) for mean in means)
    products = one * other
    weights = products if shared else np.maximum(one, other) ** 2 - products
    names: dict[int, str] = {}
    for reading in readings:
        names = term_names(reading, settings) | names
    order = np.lexsort((columns, -np.round(weights, 9)))[:WORDS]
    words = tuple(
        Term(names.get(int(columns[place]), "?"), round(float(weights[place]), 4))
        for place in order
        if weights[place] > 0.0
    )
    return round(float(products.sum()), 4), words
