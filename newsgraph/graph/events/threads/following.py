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
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from newsgraph.graph.events.clustering.derivation import ScoredGroup
from newsgraph.graph.events.clustering.neighbours import alike
from newsgraph.graph.events.clustering.undated import means
from newsgraph.graph.events.model import Background, EventSettings, Follow, StoryText
from newsgraph.graph.events.text.actors import Written, proven_names
from newsgraph.graph.events.text.background import ceilings
from newsgraph.graph.events.text.texts import read
from newsgraph.graph.events.text.vectors import UNIT, Float, Int, Vectors, matrix, stack, take, unit_rows
from newsgraph.slices import in_slices

MOST_READ = 50
"""Stories of an event whose texts are read, the earliest: what an event is about is told in the first of them."""
CHAPTERS_AT_ONCE = 1_000
"""Chapters that are worked on together. It limits the memory that this takes."""
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
    times = np.array([chapter.begins for chapter in ordered], dtype=np.int64)
    lists = lists_across(ordered)
    names = _Names(ordered, settings)
    found = []
    for some in in_slices(rows, CHAPTERS_AT_ONCE):
        done = -1
        for later, earlier, score, told in _candidates(some, texts, times, lists, settings):
            if later != done and (told or names.of(later) & names.of(earlier)):
                done = later
                found.append(Follow(ordered[later].id, ordered[earlier].id, score, told))
    return sorted(found, key=lambda follow: follow.event_id)


def _texts_of(chapters: Sequence[Chapter], background: Background, settings: EventSettings) -> Vectors:
    """What the chapters are compared by, a row for each. The whole texts of some chapters at a time are in memory."""
    highest = ceilings(background, settings)
    found = []
    for some in in_slices(chapters, CHAPTERS_AT_ONCE):
        read_of = [ScoredGroup(one.stories[:MOST_READ], (1.0,) * len(one.stories[:MOST_READ])) for one in some]
        found.append(telling(means(read_of, settings, highest), settings.thread_terms))
    return stack(found)


def gap_of(settings: EventSettings) -> tuple[int, int]:
    """Seconds that must and may lie between the beginnings of two events of which one follows the other."""
    return int(settings.thread_hours * 3600), int(settings.thread_days * 86_400)


def _candidates(
    rows: Int, texts: Vectors, times: Int, lists: Lists, settings: EventSettings
) -> Iterator[tuple[int, int, float, int]]:
    """Later and earlier chapter, by place, with their score and the related lists across them, where the likeness of
    their texts or a related list is enough: for each of some later chapters (ascending) the best earlier one first."""
    least, most = gap_of(settings)
    count = len(times)
    first, last = int(np.searchsorted(times, times[rows[0]] - most)), int(rows[-1])
    around = np.arange(first, last)
    pairs = alike(
        take(texts, rows), take(texts, around), times[rows], times[around], most, settings.thread_likeness, within=False
    )
    later, earlier, likeness = rows[pairs.left], pairs.right + first, pairs.values / (UNIT * UNIT)
    listed = lists.within(int(rows[0]), last)
    listed = listed[np.isin(listed // count, rows) & ~np.isin(listed, later * count + earlier)]
    listed_likeness = _likeness(texts, listed // count, listed % count)
    enough = listed_likeness > settings.thread_related_likeness
    listed, likeness = listed[enough], np.append(likeness, listed_likeness[enough])
    later, earlier = np.append(later, listed // count), np.append(earlier, listed % count)
    apart = times[later] - times[earlier]
    kept = (apart >= least) & (apart <= most)
    later, earlier, likeness, apart = later[kept], earlier[kept], likeness[kept], apart[kept]
    told = lists.told(later * count + earlier)
    score = np.round(np.minimum(1.0, likeness + settings.related_bonus * np.minimum(told, MOST_LISTS)), 4)
    # Of equally good ones the nearer is continued: what is a whole stretch of days earlier counts half.
    rank = np.round(score * (1.0 - apart / (settings.thread_days * 86_400.0) / 2.0), 9)
    order = np.lexsort((-earlier, -rank, later))
    return zip(later[order].tolist(), earlier[order].tolist(), score[order].tolist(), told[order].tolist(), strict=True)


def _likeness(texts: Vectors, left: Int, right: Int) -> Float:
    """The likeness of the texts of each pair."""
    one, other = take(texts, left), take(texts, right)
    columns = np.unique(one.terms)
    products = matrix(one, columns).multiply(matrix(other, columns))
    return np.asarray(products.sum(axis=1), dtype=np.float64).ravel() / (UNIT * UNIT)


def telling(vectors: Vectors, most: int) -> Vectors:
    """Each row with its ``most`` heaviest terms alone (of equals those of the smaller id), of length one again."""
    count = len(vectors.starts) - 1
    lengths = np.diff(vectors.starts)
    rows = np.repeat(np.arange(count), lengths)
    order = np.lexsort((vectors.terms, -vectors.values, rows))
    place = np.arange(len(rows)) - np.repeat(vectors.starts[:-1], lengths)
    kept = np.sort(order[place < most])
    return unit_rows(count, rows[kept], vectors.terms[kept], vectors.values[kept].astype(np.float64))


@dataclass(frozen=True, slots=True)
class Lists:
    """How many related lists of one chapter name a story of another."""

    count: int
    """The number of chapters."""
    pairs: Int
    """For each pair, ascending: the place of the later chapter times ``count``, plus that of the earlier one."""
    counts: Int

    def within(self, first: int, last: int) -> Int:
        """The pairs whose later chapter is one from ``first`` to ``last``."""
        low, high = np.searchsorted(self.pairs, [first * self.count, (last + 1) * self.count])
        return self.pairs[low:high]

    def told(self, pairs: Int) -> Int:
        """How many lists there are across each of the pairs."""
        if not len(self.pairs):
            return np.zeros(len(pairs), dtype=np.int64)
        place = np.minimum(np.searchsorted(self.pairs, pairs), len(self.pairs) - 1)
        return np.where(self.pairs[place] == pairs, self.counts[place], 0)


def lists_across(chapters: Sequence[Chapter]) -> Lists:
    """The related lists across any two of the chapters, which are in order of time."""
    home = {story.id: place for place, chapter in enumerate(chapters) for story in chapter.stories}
    counts: Counter[int] = Counter()
    for place, chapter in enumerate(chapters):
        for story in chapter.stories:
            for other in {home[id] for id in story.related if id in home} - {place}:
                counts[max(place, other) * len(chapters) + min(place, other)] += 1
    found = sorted(counts.items())
    return Lists(
        len(chapters),
        np.array([pair for pair, _ in found], dtype=np.int64),
        np.array([number for _, number in found], dtype=np.int64),
    )


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
