"""The background of a corpus: words that it has at any time and that therefore say nothing about one event.

A word's frequency in its language doesn't show that in a feed about one product the name of the product says nothing.
But the words of an event come in a burst, while the words of a subject are always there. So the weight of a word
follows from two chances, whichever is greater: its chance in the language, and its chance in this corpus outside of
bursts. The second is its share of the texts in some of the corpus's spans of days (a *reference*), without the two
spans that have it most.

A long corpus changes its subject, so texts of different *eras* are weighed by different references. The first era is
weighed by the first spans of the corpus. Each sixteen spans (64 days) begins another era, which is weighed by the spans
just before it. A corpus with few texts has only the first era: see ``eras_of``.

The events depend only on the stories, and an update has to know which events a change can have affected. Four things
keep the background from changing often while a corpus grows:

- what is added at the end is in no reference yet. It begins an era of its own at most, which other texts don't belong
  to. Only the reference of the first era grows, in steps of two fifths, until it is large enough;
- of each span at most ``background_texts`` stories are read, chosen by a hash of their ids;
- the counts of each span are kept, so that only the spans with changed stories are counted anew;
- the shares are rounded to powers of two, so that few words change when a count does.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from itertools import accumulate, count, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsgraph.graph.events.model import Background, Era, StoryText
from newsgraph.graph.events.moments import FIRST, LAST, PART_OF_A_SECOND, moment_of, seconds
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.texts import Language, Reading, chance_weight, language, read, stable_id

Int = NDArray[np.int64]
WIDE = np.dtype("<i8")
"""How terms are kept: in 8 bytes, the lowest first."""

LEAST_SPANS = 4
"""The least number of complete spans. With fewer, words that recur can't be told from words of one event."""
BUSIEST = 2
"""The number of spans with the most uses of a word that are left out. An event may begin in one and end in the next."""
RAREST_LEVEL = 7
"""A word in less than about one of 2**7 texts isn't part of the subject. The count of such a rare word changes with
every single text, and each change would mean that all texts with the word are derived again. With any value from 6 on,
the events of the labelled sets are the same. On sets that nothing was chosen by, 7 is better than 6 in eight of nine.
"""
STEPS = 2
"""The number of steps in which the number of spans in a reference doubles."""
ERA_SPANS = 16
"""Spans. The length of an era, and the least number of spans in the reference of one after the first."""
ERA_TEXTS = 1000
"""Texts. The least number of texts in the reference of an era after the first: fewer show the shares of rare words only
by chance. A corpus with fewer texts is derived anew in less than a second."""


@dataclass(frozen=True, slots=True)
class EraCeilings:
    """The highest weights that words of the background may have in one era: term ids, sorted, and their weights."""

    ids: Int
    weights: NDArray[np.float64]

    def lower(self, ids: Int, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Returns ``weights`` of the terms ``ids``, with those above their ceiling lowered to it."""
        if not len(self.ids) or not len(ids):
            return weights
        place = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[place] == ids, np.minimum(weights, self.weights[place]), weights)


@dataclass(frozen=True, slots=True)
class Ceilings:
    """The highest weights that words of the background may have."""

    begins: Int
    """The second at which each era but the first begins, ascending."""
    eras: tuple[EraCeilings, ...]

    def lower(self, ids: Int, weights: NDArray[np.float64], times: Int) -> NDArray[np.float64]:
        """Returns ``weights`` of the terms ``ids`` in texts of these ``times``, in seconds since 1970, with those above
        their ceiling lowered to it."""
        if not self.eras or not len(ids):
            return weights
        era = np.searchsorted(self.begins, times, side="right")
        lowered = weights.copy()
        for number in np.unique(era):
            here = era == number
            lowered[here] = self.eras[number].lower(ids[here], weights[here])
        return lowered


def ceilings(background: Background, settings: EventSettings) -> Ceilings:
    """Returns the highest weights that follow from ``background``."""
    length = span_seconds(settings)
    eras = []
    for era in background.eras:
        found = sorted(era.levels.items())
        eras.append(
            EraCeilings(
                np.array([term for term, _ in found], dtype=np.int64),
                np.array([ceiling(level, settings) for _, level in found], dtype=np.float64),
            )
        )
    begins = [era.begins * length for era in background.eras[1:]]
    return Ceilings(np.array(begins, dtype=np.int64), tuple(eras))


def ceiling(level: int | None, settings: EventSettings) -> float:
    """Returns the highest weight of a word of this level; without a level, there is no limit."""
    return math.inf if level is None else chance_weight(2.0**-level, settings)


def levels_at(background: Background, time: float | None, settings: EventSettings) -> Mapping[int, int]:
    """Returns the levels that weigh the words of a text of this second; None for a text without a time."""
    time = -math.inf if time is None else time
    return next((era.levels for era in eras_between(background, time, time, settings)), {})


def eras_between(background: Background, first: float, last: float, settings: EventSettings) -> Sequence[Era]:
    """Returns the eras of texts from one second to another."""
    length = span_seconds(settings)
    begins = [era.begins * length for era in background.eras[1:]]
    return background.eras[bisect_right(begins, first) : bisect_right(begins, last) + 1]


def lowered_words(reading: Reading, background: Background, settings: EventSettings) -> dict[str, tuple[int, int]]:
    """Returns those words of a text that weigh less because the corpus always has them, in their order, each with the
    id of its term and its level."""
    levels = levels_at(background, reading.time, settings)
    term = language(reading.language, settings).term
    found: dict[str, tuple[int, int]] = {}
    for word in (*reading.title, *reading.excerpt):
        term_id, weight = term(word)
        level = levels.get(term_id)
        if level is not None and ceiling(level, settings) < weight:
            found[word] = term_id, level
    return found


class MovedWords(dict[str, bool]):
    """The words of one language, each with whether it weighs something else now: worked out when it is asked for."""

    def __init__(self, tongue: Language, moved: Mapping[int, tuple[float, float]]) -> None:
        self.tongue = tongue
        self.moved = moved
        """Term ids, each with its ceiling as it was and as it is."""

    def __missing__(self, word: str) -> bool:
        term, weight = self.tongue.term(word)
        was, now = self.moved.get(term, (weight, weight))
        found = self[word] = min(weight, was) != min(weight, now)
        return found


class Moved(dict[str, MovedWords]):
    """The words that weigh something else now, by language."""

    def __init__(self, moved: Mapping[int, tuple[float, float]], settings: EventSettings) -> None:
        self.moved = moved
        self.settings = settings

    def __missing__(self, code: str) -> MovedWords:
        found = self[code] = MovedWords(language(code, self.settings), self.moved)
        return found

    def has(self, story: StoryText) -> bool:
        """Returns whether a story has a word that weighs something else now."""
        reading = read(story)
        words = self[reading.language]
        return any(map(words.__getitem__, reading.title)) or any(map(words.__getitem__, reading.excerpt))


def stretches_between(eras: Iterable[Era], settings: EventSettings) -> Iterator[tuple[float, float]]:
    """Yields the stretches of time between the beginnings of eras: their first second, and the one after the last."""
    begins = {era.begins * span_seconds(settings) for era in eras}
    return pairwise([-math.inf, *sorted(begins), math.inf])


def moved_ceilings(
    old: Background, new: Background, settings: EventSettings
) -> Iterator[tuple[datetime, datetime, Moved]]:
    """Yields the stretches of time, from a first to a last moment, whose texts have words that are weighed in another
    way, with these words."""
    for start, end in stretches_between([*old.eras[1:], *new.eras[1:]], settings):
        was, now = (levels_at(one, start, settings) for one in (old, new))
        moved = {
            term: (ceiling(was.get(term), settings), ceiling(now.get(term), settings))
            for term in was.keys() | now.keys()
            if was.get(term) != now.get(term)
        }
        if moved:
            first = FIRST if math.isinf(start) else moment_of(int(start))
            yield first, LAST if math.isinf(end) else moment_of(int(end) - 1) + PART_OF_A_SECOND, Moved(moved, settings)


def span_of(story: StoryText, settings: EventSettings) -> int | None:
    """Returns the number of the span of days, counted from 1970, of a story with a sure date; None for other
    stories."""
    if story.published_at is None or not story.date_sure:
        return None
    return seconds(story.published_at) // span_seconds(settings)


def span_seconds(settings: EventSettings) -> int:
    return max(1, int(settings.background_hours * 3600))


def steps(most: int) -> Iterator[int]:
    """Yields the numbers of spans that a reference may have, up to ``most``: 4, 5, 8, 11, 16, 22, 32, 45, ..."""
    for exponent in count(STEPS * int(math.log2(LEAST_SPANS))):
        size = math.floor(2.0 ** (exponent / STEPS) + 1e-9)
        if size > most:
            return
        yield size


def references(spans: Sequence[int], texts: Sequence[int]) -> list[tuple[int, range]]:
    """Returns the eras of a corpus: the span that each begins with, and the places of the spans that it is weighed by.

    ``spans`` (ascending) are those that have stories, and ``texts`` tells how many texts stand for each but the last.
    The last is in no reference: stories are still added to it. A reference is full with ``ERA_SPANS`` spans and
    ``ERA_TEXTS`` texts. That of the first era has as many of the first spans as there are steps for, up to the step
    with which it is full. From then on, an era begins with each number of spans that ``ERA_SPANS`` divides. It is
    weighed by the last spans before it, with the least step that is full.
    """
    before = [0, *accumulate(texts)]

    def full(some: range) -> bool:
        return len(some) >= ERA_SPANS and before[some.stop] - before[some.start] >= ERA_TEXTS

    found: list[tuple[int, range]] = []
    for size in steps(len(spans) - 1):
        found = [(spans[0], range(size))]
        if full(range(size)):
            break
    if not found or not full(found[0][1]):
        return found
    for begin in sorted({span // ERA_SPANS * ERA_SPANS for span in spans}):
        end = bisect_left(spans, begin)
        some = next((one for size in steps(end) if full(one := range(end - size, end))), None)
        if some is not None and some != found[-1][1]:
            found.append((begin, some))
    return found


def background(stories: Iterable[StoryText], settings: EventSettings) -> Background:
    """Returns the background of a corpus that consists of ``stories``."""
    by_span: dict[int, list[StoryText]] = {}
    for story in stories:
        span = span_of(story, settings)
        if span is not None:
            by_span.setdefault(span, []).append(story)
    spans = sorted(by_span)
    return background_of(spans, {span: words_of(by_span[span], settings) for span in spans[:-1]}, settings)


def background_of(
    spans: Sequence[int], fresh: Mapping[int, "SpanWords"], settings: EventSettings, old: Background | None = None
) -> Background:
    """Returns the background of a corpus with stories in these ``spans`` (ascending). The words of each span but the
    last must be in ``fresh`` or known from the ``old`` background."""
    whole = tuple(spans[:-1])
    known = with_spans(NO_COUNTS if old is None else unpacked(old, settings), whole, fresh)
    texts = tuple(known.texts.tolist())
    eras = tuple(Era(begins, levels_of(known, some)) for begins, some in references(spans, texts))
    return Background(tuple(spans), eras, texts, packed(known, settings))


def terms_of(reading: Reading, settings: EventSettings) -> set[int]:
    """Returns the ids of a text's terms, without those that weigh nothing in its language."""
    term = language(reading.language, settings).term
    return {found[0] for word in (*reading.title, *reading.excerpt) if (found := term(word))[1] > 0.0}


@dataclass(frozen=True, slots=True)
class SpanWords:
    """What a span adds to the background: the number of its texts, and the terms, ascending, each with the number of
    texts that have it."""

    texts: int
    terms: Int
    counts: Int


def words_of(stories: Iterable[StoryText], settings: EventSettings) -> SpanWords:
    """Returns the words of one span, which has these stories. Equal texts count once."""
    texts = {reading.key: reading for reading in map(read, chosen(stories, settings))}
    said = Counter(term for reading in texts.values() for term in terms_of(reading, settings))
    found = np.array(sorted(said.items()), dtype=np.int64).reshape(-1, 2)
    return SpanWords(len(texts), found[:, 0], found[:, 1])


@dataclass(frozen=True, slots=True)
class WordCounts:
    """The words of some spans, in order of terms and then of spans."""

    spans: Int
    texts: Int
    """The number of texts of each span."""
    terms: Int
    places: Int
    """The place of the span, among ``spans``, that has each of ``terms``."""
    counts: Int
    """The number of texts of that span that have it."""


NO_COUNTS = WordCounts(*[np.zeros(0, dtype=np.int64)] * 5)


def with_spans(old: WordCounts, spans: Sequence[int], fresh: Mapping[int, SpanWords]) -> WordCounts:
    """Returns the words of ``spans`` (ascending), those that are ``fresh`` and of the others those that were known."""
    whole = np.array(spans, dtype=np.int64)
    kept = ~np.isin(old.spans, [span for span in old.spans.tolist() if span in fresh or span not in spans])
    inside = kept[old.places]
    place = np.searchsorted(whole, old.spans)
    texts = np.zeros(len(whole), dtype=np.int64)
    texts[place[kept]] = old.texts[kept]
    parts = [(old.terms[inside], place[old.places[inside]], old.counts[inside])]
    for number, span in enumerate(spans):
        if span in fresh:
            one = fresh[span]
            texts[number] = one.texts
            parts.append((one.terms, np.full(len(one.terms), number, dtype=np.int64), one.counts))
    terms, places, counts = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((places, terms))
    return WordCounts(whole, texts, terms[order], places[order], counts[order])


def levels_of(known: WordCounts, reference: range) -> dict[int, int]:
    """Returns term id -> level. A level of n means that about one text in 2**n of the spans in the ``reference`` has
    the word, without the two spans that have it most."""
    inside = (known.places >= reference.start) & (known.places < reference.stop)
    terms, places, counts = known.terms[inside], known.places[inside], known.counts[inside]
    order = np.lexsort((places, -counts, terms))
    terms, places, counts = terms[order], places[order], counts[order]
    if not len(terms):
        return {}
    heads = np.flatnonzero(np.diff(terms, prepend=-1))
    rank = np.arange(len(terms)) - np.repeat(heads, np.diff(np.append(heads, len(terms))))
    elsewhere = np.add.reduceat(np.where(rank >= BUSIEST, counts, 0), heads)
    busiest = np.add.reduceat(np.where(rank < BUSIEST, known.texts[places], 0), heads)
    said = elsewhere > 0
    shares = elsewhere[said] / (known.texts[reference.start : reference.stop].sum() - busiest[said])
    levels = np.rint(-np.log2(shares)).astype(np.int64)
    common = levels <= RAREST_LEVEL
    return dict(zip(terms[heads][said][common].tolist(), levels[common].tolist(), strict=True))


def packed(known: WordCounts, settings: EventSettings) -> bytes:
    """Returns the words in few bytes: how many terms there are; the terms; how many spans have each of them; and for
    each of these, its place and its count. Numbers begin with their lowest byte."""
    terms, spans_of_term = np.unique(known.terms, return_counts=True)
    place, number = narrow(len(known.spans)), narrow(settings.background_texts)
    return b"".join(
        column.tobytes()
        for column in (
            np.array([len(terms)], dtype=WIDE),
            terms.astype(WIDE),
            spans_of_term.astype(place),
            known.places.astype(place),
            known.counts.astype(number),
        )
    )


def unpacked(background: Background, settings: EventSettings) -> WordCounts:
    """Returns the words that a background keeps."""
    if not background.words:
        return NO_COUNTS
    words, rest = background.words, WIDE.itemsize
    size = int(np.frombuffer(words, WIDE, 1)[0])
    place, number = narrow(len(background.texts)), narrow(settings.background_texts)
    terms = np.frombuffer(words, WIDE, size, rest)
    rest += terms.nbytes
    spans_of_term = np.frombuffer(words, place, size, rest)
    rest += spans_of_term.nbytes
    entries = int(spans_of_term.sum(dtype=np.int64))
    places = np.frombuffer(words, place, entries, rest)
    counts = np.frombuffer(words, number, entries, rest + places.nbytes)
    return WordCounts(
        np.array(background.spans[: len(background.texts)], dtype=np.int64),
        np.array(background.texts, dtype=np.int64),
        np.repeat(terms, spans_of_term).astype(np.int64),
        places.astype(np.int64),
        counts.astype(np.int64),
    )


def narrow(most: int) -> np.dtype[Any]:
    """Returns the smallest type for numbers from 0 to ``most``."""
    return np.min_scalar_type(most).newbyteorder("<")


def chosen(stories: Iterable[StoryText], settings: EventSettings) -> list[StoryText]:
    """Returns the stories that are read of a span's."""
    return nsmallest(settings.background_texts, stories, key=lambda story: (stable_id(story.id), story.id))
