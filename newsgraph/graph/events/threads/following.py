"""Which event continues which earlier one.

Coverage goes on after an event is over: an inquiry, a trial, the next launch. Such events are not one, and who was
first is a question about each of them. An event follows at most one earlier event, the one that it has most in common
with, so that threads are trees. It must begin some hours later, and at most so many days, and either

- its stories' mean text is much like that of the earlier event (the subject), and both name somebody or something in
  their titles (an actor), or
- a story of one lists a story of the other as related, and the texts have a little in common.

The answer for one event depends only on that event and on those that began in the days before it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from newsgraph.graph.events.clustering.derivation import ScoredGroup
from newsgraph.graph.events.clustering.neighbours import alike
from newsgraph.graph.events.clustering.undated import means
from newsgraph.graph.events.model import Background, EventSettings, Follow, StoryText
from newsgraph.graph.events.text.actors import Written, proven_names
from newsgraph.graph.events.text.background import ceilings
from newsgraph.graph.events.text.texts import read
from newsgraph.graph.events.text.vectors import UNIT, Vectors, matrix, stack, take, unit_rows

MOST_READ = 50
"""Stories of an event whose texts are read, the earliest: what an event is about is told in the first of them."""
CHAPTERS_AT_ONCE = 1_000
"""Chapters whose whole texts are weighed together. It limits the memory that this takes."""
MOST_LISTS = 4
"""Related lists across two events that count: a feed may repeat the same list under each article."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """An event as threads see it: when it begins, in seconds since 1970, and its stories, earliest first."""

    id: str
    begins: int
    stories: tuple[StoryText, ...]


def follows(
    chapters: Sequence[Chapter], wanted: Collection[str], background: Background, settings: EventSettings
) -> list[Follow]:
    """Which of the ``wanted`` chapters follow an earlier one, in order of their ids.

    ``chapters`` must hold the wanted ones and all that began within ``thread_days`` before them; others change nothing.
    """
    ordered = sorted(chapters, key=lambda chapter: (chapter.begins, chapter.id))
    rows = np.array([place for place, one in enumerate(ordered) if one.id in wanted], dtype=np.int64)
    if len(rows) == 0 or len(ordered) < 2:
        return []
    texts = _texts_of(ordered, background, settings)
    related = lists_across(ordered)
    best: dict[int, tuple[tuple[float, int, str], Follow]] = {}
    names = _Names(ordered, settings)
    for row, column, likeness in _candidates(ordered, rows, texts, related, settings):
        later, earlier = ordered[row], ordered[column]
        lists = related.get((row, column), 0)
        if not lists and not names.of(row) & names.of(column):
            continue
        score = round(min(1.0, likeness + settings.related_bonus * min(lists, MOST_LISTS)), 4)
        # Of equally good ones the nearer is continued: what is a whole stretch of days earlier counts half.
        gap = (later.begins - earlier.begins) / (settings.thread_days * 86_400.0)
        rank = (round(score * (1.0 - gap / 2.0), 9), earlier.begins, earlier.id)
        if row not in best or rank > best[row][0]:
            best[row] = (rank, Follow(later.id, earlier.id, score, lists))
    return sorted((follow for _, follow in best.values()), key=lambda follow: follow.event_id)


def _texts_of(chapters: Sequence[Chapter], background: Background, settings: EventSettings) -> Vectors:
    """What the chapters are compared by, a row for each. The whole texts of some chapters at a time are in memory."""
    highest = ceilings(background, settings)
    found = []
    for some in (chapters[start : start + CHAPTERS_AT_ONCE] for start in range(0, len(chapters), CHAPTERS_AT_ONCE)):
        read_of = [ScoredGroup(one.stories[:MOST_READ], (1.0,) * len(one.stories[:MOST_READ])) for one in some]
        found.append(telling(means(read_of, settings, highest), settings.thread_terms))
    return stack(found)


def gap_of(settings: EventSettings) -> tuple[int, int]:
    """Seconds that must and may lie between the beginnings of two events of which one follows the other."""
    return int(settings.thread_hours * 3600), int(settings.thread_days * 86_400)


def _candidates(
    ordered: Sequence[Chapter],
    rows: np.typing.NDArray[np.int64],
    texts: Vectors,
    related: Mapping[tuple[int, int], int],
    settings: EventSettings,
) -> Iterator[tuple[int, int, float]]:
    """Later and earlier chapter, by place, and the likeness of their texts, where that or a related list is enough."""
    least, most = gap_of(settings)
    times = np.array([chapter.begins for chapter in ordered], dtype=np.int64)
    pairs = alike(take(texts, rows), texts, times[rows], times, most, settings.thread_likeness, within=False)
    seen: set[tuple[int, int]] = set()
    for left, right, value in zip(rows[pairs.left].tolist(), pairs.right.tolist(), pairs.values.tolist(), strict=True):
        if least <= ordered[left].begins - ordered[right].begins <= most:
            seen.add((left, right))
            yield left, right, value / (UNIT * UNIT)
    asked = set(rows.tolist())
    for left, right in sorted(related.keys() - seen):
        if left in asked and least <= ordered[left].begins - ordered[right].begins <= most:
            both = take(texts, np.array([left, right], dtype=np.int64))
            columns = np.unique(both.terms)
            table = matrix(both, columns) if len(columns) else None
            likeness = 0.0 if table is None else float((table[0] @ table[1].T).sum()) / (UNIT * UNIT)
            if likeness > settings.thread_related_likeness:
                yield left, right, likeness


def telling(vectors: Vectors, most: int) -> Vectors:
    """Each row with its ``most`` heaviest terms alone (of equals those of the smaller id), of length one again."""
    count = len(vectors.starts) - 1
    lengths = np.diff(vectors.starts)
    rows = np.repeat(np.arange(count), lengths)
    order = np.lexsort((vectors.terms, -vectors.values, rows))
    place = np.arange(len(rows)) - np.repeat(vectors.starts[:-1], lengths)
    kept = np.sort(order[place < most])
    return unit_rows(count, rows[kept], vectors.terms[kept], vectors.values[kept].astype(np.float64))


def lists_across(chapters: Sequence[Chapter]) -> dict[tuple[int, int], int]:
    """Later and earlier chapter, by place -> how many related lists of one name a story of the other."""
    home = {story.id: place for place, chapter in enumerate(chapters) for story in chapter.stories}
    counts: Counter[tuple[int, int]] = Counter()
    for place, chapter in enumerate(chapters):
        for story in chapter.stories:
            for other in {home[id] for id in story.related if id in home} - {place}:
                counts[max(place, other), min(place, other)] += 1
    return dict(counts)


class _Names:
    """The names in the titles of chapters, worked out when they are asked for."""

    def __init__(self, chapters: Sequence[Chapter], settings: EventSettings) -> None:
        self.chapters = chapters
        self.settings = settings
        self.known: dict[int, frozenset[str]] = defaultdict(frozenset)

    def of(self, place: int) -> frozenset[str]:
        if place not in self.known:
            stories = self.chapters[place].stories[:MOST_READ]
            written = [Written(story, read(story), self.settings) for story in stories]
            capitalised = {stem for one in written for stem in one.capitalised}
            self.known[place] = frozenset(capitalised & proven_names(written, self.settings))
        return self.known[place]
