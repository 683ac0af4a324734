"""The background of a corpus: words that it has at any time and that therefore say nothing about one event.

A word's frequency in its language doesn't show that in a feed about one product the name of the product says nothing.
But the words of an event come in a burst, while the words of a subject are always there. So the weight of a word
follows from two chances, whichever is greater: its chance in the language, and its chance in this corpus outside of
bursts. The second is its share of the texts in the corpus's spans of days, without the two spans that have it most.

The events depend only on the stories, and an update has to know which events a change can have affected. Three things
keep the background from changing often while a corpus grows:

- it is counted over a *reference*: the first spans of the corpus. Their number grows in steps of two fifths, so stories
  added at the end seldom change it;
- of each span it reads at most ``background_texts`` stories, chosen by a hash of their ids;
- the shares are rounded to powers of two, so that few words change when a count does.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest

import numpy as np
from numpy.typing import NDArray

from newsgraph.graph.events.model import Background, StoryText
from newsgraph.graph.events.moments import seconds
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.texts import Reading, chance_weight, language, read, stable_id

LEAST_SPANS = 4
"""The least number of complete spans. With fewer, words that recur can't be told from words of one event."""
BUSIEST = 2
"""The number of spans with the most uses of a word that are left out. An event may begin in one and end in the next."""
RAREST_LEVEL = 7
"""A word in less than about one of 2**7 texts isn't part of the subject. The count of such a rare word changes with
every single text, and each change would mean that all texts with the word are derived again. With any value from 6 on,
the events of the labelled sets are the same.
"""
STEPS = 2
"""The number of steps in which the number of spans in the reference doubles."""


@dataclass(frozen=True, slots=True)
class Ceilings:
    """The highest weights that words of the background may have: term ids, sorted, and their weights."""

    ids: NDArray[np.int64]
    weights: NDArray[np.float64]

    def lower(self, ids: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Returns ``weights`` of the terms ``ids``, with those above their ceiling lowered to it."""
        if not len(self.ids) or not len(ids):
            return weights
        place = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[place] == ids, np.minimum(weights, self.weights[place]), weights)


NO_CEILINGS = Ceilings(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float64))


def ceilings(background: Background, settings: EventSettings) -> Ceilings:
    """Returns the highest weights that follow from ``background``."""
    if not background.levels:
        return NO_CEILINGS
    found = sorted(background.levels.items())
    return Ceilings(
        np.array([term for term, _ in found], dtype=np.int64),
        np.array([chance_weight(2.0**-level, settings) for _, level in found], dtype=np.float64),
    )


def span_of(story: StoryText, settings: EventSettings) -> int | None:
    """Returns the number of the span of days, counted from 1970, of a story with a sure date; None for other
    stories."""
    if story.published_at is None or not story.date_sure:
        return None
    return seconds(story.published_at) // span_seconds(settings)


def span_seconds(settings: EventSettings) -> int:
    return max(1, int(settings.background_hours * 3600))


def reference(spans: Sequence[int]) -> tuple[int, ...]:
    """Returns those of a corpus's ``spans`` (ascending) that the background is counted over.

    The last span is left out: stories are still added to it. Of the others, the first 4, 5, 8, 11, 16, 22, 32, 45, ...
    are taken: the greatest of these numbers that there are spans for.
    """
    complete = len(spans) - 1
    if complete < LEAST_SPANS:
        return ()
    step = math.floor(STEPS * math.log2(complete) + 1e-9)
    return tuple(spans[: min(complete, math.floor(2.0 ** (step / STEPS) + 1e-9))])


def background(stories: Iterable[StoryText], settings: EventSettings) -> Background:
    """Returns the background of a corpus that consists of ``stories``."""
    stories = list(stories)
    found = {span for story in stories if (span := span_of(story, settings)) is not None}
    spans = tuple(sorted(found))
    counted = reference(spans)
    return Background(spans, background_levels(stories, counted, settings) if counted else {})


def background_levels(stories: Iterable[StoryText], counted: Sequence[int], settings: EventSettings) -> dict[int, int]:
    """Returns the levels of words over the spans ``counted``; stories of other spans are ignored."""
    by_span: dict[int, list[StoryText]] = {span: [] for span in counted}
    for story in stories:
        span = span_of(story, settings)
        if span in by_span:
            by_span[span].append(story)
    return levels_of([words_of(by_span[span], settings) for span in counted], settings)


def has_term(story: StoryText, terms: Container[int], settings: EventSettings) -> bool:
    """Returns whether a story has one of these terms, given by their ids."""
    reading = read(story)
    term = language(reading.language, settings).term
    return any(term(word)[0] in terms for word in (*reading.title, *reading.excerpt))


def weighed(reading: Reading, settings: EventSettings) -> dict[int, float]:
    """Returns the ids of a text's terms, each with the weight that its language gives it."""
    term = language(reading.language, settings).term
    found: dict[int, float] = {}
    for word in (*reading.title, *reading.excerpt):
        term_id, weight = term(word)
        found[term_id] = max(weight, found.get(term_id, 0.0))
    return found


@dataclass(frozen=True, slots=True)
class SpanWords:
    """What a span adds to the background: the number of its texts, for each term the number of texts that have it, and
    the weights that languages give the terms, where they are above 0."""

    texts: int
    counts: Mapping[int, int]
    weights: Mapping[int, float]


def words_of(stories: Sequence[StoryText], settings: EventSettings) -> SpanWords:
    """Returns the words of one span, which has these stories."""
    texts = distinct(stories, settings)
    said: Counter[int] = Counter()
    weights: dict[int, float] = {}
    for found in texts:
        said.update(found.keys())
        for term, weight in found.items():
            if weight > weights.get(term, 0.0):
                weights[term] = weight
    return SpanWords(len(texts), said, weights)


def levels_of(spans: Sequence[SpanWords], settings: EventSettings) -> dict[int, int]:
    """Returns term id -> level. A level of n means that about one text in 2**n has the word, without the two spans that
    have it most. Words whose weight would not be lowered by this are left out."""
    sizes = [span.texts for span in spans]
    counts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    weights: dict[int, float] = {}
    for number, span in enumerate(spans):
        for term, count in span.counts.items():
            counts[term].append((count, number))
        for term, weight in span.weights.items():
            if weight > weights.get(term, 0.0):
                weights[term] = weight
    total = sum(sizes)
    known: dict[int, int] = {}
    for term, places in counts.items():
        if len(places) <= BUSIEST or term not in weights:
            continue
        places.sort(key=lambda place: (-place[0], place[1]))
        elsewhere = sum(count for count, _ in places[BUSIEST:])
        level = round(-math.log2(elsewhere / (total - sum(sizes[number] for _, number in places[:BUSIEST]))))
        if level <= RAREST_LEVEL and chance_weight(2.0**-level, settings) < weights[term]:
            known[term] = level
    return known


def chosen(stories: Iterable[StoryText], settings: EventSettings) -> list[StoryText]:
    """Returns the stories that are read of a span's."""
    return nsmallest(settings.background_texts, stories, key=lambda story: (stable_id(story.id), story.id))


def distinct(stories: Sequence[StoryText], settings: EventSettings) -> list[dict[int, float]]:
    """Returns the terms of the texts that stand for a span, each with its weight. Equal texts count once."""
    texts: dict[str, dict[int, float]] = {}
    for story in chosen(stories, settings):
        reading = read(story)
        if reading.key not in texts:
            texts[reading.key] = weighed(reading, settings)
    return list(texts.values())
