"""What the texts of a series are compared by, so that two are together only if they tell of the same thing.

The words of the template say nothing, and one name is little: a town's police log and its weather are two things. So a
text of a series is compared by two kinds of terms. One is its whole title as one word: equal titles of two half days
are alike. The others are pairs of the names that fill its gaps: "Arsenal 3-2 Chelsea: Saka scores twice" has "Arsenal"
with "Chelsea", and each with "Saka". So "Arsenal beat Chelsea 3-2", of another template, is alike; no other game is.

A text of no series that holds two names of such a pair gets the pair as a term beside its words: "Saka double sees
Arsenal past Chelsea" is alike too.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from newsgraph.graph.events.clustering.series import Template, templates_among
from newsgraph.graph.events.clustering.subjects import without_subjects
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.texts import TOKEN, Reading, language, words

MOST_SHARED = 20
"""Texts of a series. A word of their excerpts that so many have, or a third of them, is of the template."""
SHARED_PART = 3
MOST_NAMES = 6
"""Names of a title that are paired."""
MARK = "\N{SECTION SIGN}"
"""Stands around what is one term though several words: no word of a text has it."""
JOINED = frozenset(" -&")
"""What may stand between the words of one name."""

Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """What a text of a series is compared by, and the series."""

    own: Reading
    template: Template
    texts: int
    """Different texts of the half day that the template makes."""
    pairs: tuple[tuple[Name, Name], ...]
    """The names in its gaps, two by two."""


@dataclass(frozen=True, slots=True)
class Found:
    """The texts of one half of a day that aren't compared by their words alone, by place."""

    series: Mapping[int, Series]
    beside: Mapping[int, Reading]
    """Texts of no series with names of one or with a subject (see ``subjects``): what they are compared by."""


def series_among(readings: Sequence[Reading], settings: EventSettings) -> dict[int, Series]:
    """Returns those of the texts of one half of a day, by place, that belong to a series. Equal texts must be given
    once."""
    return {
        place: one
        for template, places in templates_among(readings, settings).items()
        for place, one in zip(places, compared(template, [readings[place] for place in places], settings), strict=True)
    }


def found_among(readings: Sequence[Reading], settings: EventSettings) -> Found:
    """Returns the texts of series among those of one half of a day, and those that tell of the same."""
    series = series_among(readings, settings)
    pairs = {pair for one in series.values() for pair in one.pairs}
    begun: dict[str, set[Name]] = {}
    for pair in pairs:
        for name in pair:
            begun.setdefault(name[0], set()).add(name)
    others = [place for place in range(len(readings)) if place not in series]
    shorter = without_subjects([readings[place] for place in others], settings)
    beside = {others[place]: reading for place, reading in shorter.items()}
    for place in others if pairs else ():
        there = names_told(readings[place].title, begun)
        told = [pair for pair in combinations(there, 2) if pair in pairs]
        if told:
            own = beside.get(place, readings[place])
            beside[place] = replace(own, title=(*own.title, *terms_of_pairs(told)))
    return Found(series, beside)


def names_told(title: Sequence[str], begun: Mapping[str, Iterable[Name]]) -> list[Name]:
    """Returns which of some names a title has, in the order of names; ``begun`` are the names by their first word."""
    return sorted(
        {
            name
            for start, word in enumerate(title)
            for name in begun.get(word, ())
            if tuple(title[start : start + len(name)]) == name
        }
    )


def terms_of_pairs(pairs: Iterable[tuple[Name, Name]]) -> list[str]:
    return [f"{MARK}{' '.join(one)}{MARK}{' '.join(other)}{MARK}" for one, other in pairs]


def compared(template: Template, readings: Sequence[Reading], settings: EventSettings) -> list[Series]:
    """Returns the texts of one template as they are compared: by the whole title, by pairs of names in its gaps, and by
    what only their excerpts say."""
    counts = Counter(word for reading in readings for word in set(reading.excerpt))
    shared = min(MOST_SHARED, max(2, -(-len(readings) // SHARED_PART)))
    found = []
    for reading in readings:
        names = sorted(set(names_in_gaps(template, reading, settings)))[:MOST_NAMES]
        pairs = tuple(combinations(names, 2))
        title = (f"{MARK}{' '.join(reading.title)}{MARK}", *terms_of_pairs(pairs))
        excerpt = tuple(word for word in reading.excerpt if counts[word] < shared and not word[0].isdigit())
        found.append(Series(replace(reading, title=title, excerpt=excerpt), template, len(readings), pairs))
    return found


def names_in_gaps(template: Template, reading: Reading, settings: EventSettings) -> list[Name]:
    """Returns what fills a title's gaps: the words between those of the template, numbers and signs. What has no weight
    is left out."""
    spare = Counter(template)
    term = language(reading.language, settings).term
    names: list[list[str]] = [[]]
    end = 0
    text = reading.title_text
    for match in TOKEN.finditer(text):
        if not JOINED.issuperset(text[end : match.start()]):
            names.append([])
        end = match.end()
        token = match.group().casefold()
        for word in (token,) if token.isalpha() else words(token):
            if spare[word] > 0 or word[0].isdigit():
                spare[word] -= 1
                names.append([])
            else:
                names[-1].append(word)
        if token.endswith("'s"):
            names.append([])
    return [tuple(name) for name in names if any(term(word)[1] > 0.0 for word in name)]
