"""Finds the subjects of a half day: rare words that many of its texts share, and nothing else.

In May 2020 every tenth headline has "coronavirus". Word lists hardly know it, so it weighs as much as the name of a
village, and one day shows no background. Two headlines with such a word are alike, whatever they tell of it, and dozens
of stories become one event. The same goes for a word that names stand beside: "James Smith obituary".

The words that the headlines of an event share are of another kind. Not all of them have each word, but they share
several. So the texts of one half of a day that have a rare word in their titles are compared with each other: where
that word alone makes nearly all that they have in common, it is a subject. Texts are compared without it.

It is looked for in each half day and language by itself, like series, so that what is added later changes nothing
before.
"""

import math
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import chain

from newsgraph.graph.events.clustering.series import NAME_WEIGHT, spread
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.texts import Language, Reading, language

SUBJECT_TEXTS = 12
"""Texts of one half of a day. A word that fewer have in their titles isn't looked at: they may be one event, each in
words of its own."""
SUBJECT_SHARE = 0.9
"""The share of what these texts have in common that the word makes if it is a subject: of the squared weights of the
terms that two of them share, over all their pairs."""


def without_subjects(readings: Sequence[Reading], settings: EventSettings) -> dict[int, Reading]:
    """Returns those of the texts of one half of a day, by place, that have a subject, each without it. A text with
    nothing else to be compared by is left as it is. Equal texts must be given once."""
    places: dict[str, list[int]] = {}
    for place, reading in enumerate(readings):
        places.setdefault(reading.language, []).append(place)
    found: dict[int, Reading] = {}
    for code, here in places.items():
        tongue = language(code, settings)
        subjects = subjects_among([readings[place] for place in here], tongue)
        for place in here if subjects else ():
            shorter = without(readings[place], subjects, tongue)
            if shorter is not None:
                found[place] = shorter
    return found


def without(reading: Reading, subjects: Set[str], tongue: Language) -> Reading | None:
    """Returns the text without its subjects; ``None`` if it has none, or little else."""
    if subjects.isdisjoint(reading.title) and subjects.isdisjoint(reading.excerpt):
        return None
    title, excerpt = (tuple(word for word in told if word not in subjects) for told in (reading.title, reading.excerpt))
    if not any(tongue.term(word)[1] > 0.0 for word in (*title, *excerpt)):
        return None
    return replace(reading, title=title, excerpt=excerpt)


def subjects_among(readings: Sequence[Reading], tongue: Language) -> frozenset[str]:
    """Returns the words of the titles of some texts of one language that are subjects."""
    if len(readings) < SUBJECT_TEXTS:
        return frozenset()
    rare = rare_terms(readings, tongue)
    having: dict[int, list[Reading]] = {}
    for reading in readings if rare else ():
        for term in {rare[word] for word in reading.title if word in rare}:
            having.setdefault(term, []).append(reading)
    subjects = {
        term
        for term, texts in having.items()
        if len(texts) >= SUBJECT_TEXTS and makes_nearly_all(term, spread(texts), tongue)
    }
    return frozenset(word for word, term in rare.items() if term in subjects)


def makes_nearly_all(term: int, readings: Sequence[Reading], tongue: Language) -> bool:
    """Returns whether a term of the titles of some texts makes nearly all that these have in common."""
    counts = Counter(word for reading in readings for word in {*reading.title, *reading.excerpt})
    texts: Counter[int] = Counter()
    weights: dict[int, float] = {}
    for word, count in counts.items():
        if count > 1:
            other, weight = tongue.term(word)
            texts[other] += count
            weights[other] = weight
    pairs = {other: weights[other] ** 2 * count * (count - 1) for other, count in texts.items()}
    # This sum is the same in any order.
    return weights[term] ** 2 * len(readings) * (len(readings) - 1) >= SUBJECT_SHARE * math.fsum(pairs.values())


def rare_terms(readings: Sequence[Reading], tongue: Language) -> dict[str, int]:
    """Returns the words of the titles that are as rare as names and whose term may be in ``SUBJECT_TEXTS`` titles, each
    with that term."""
    counts = Counter(chain.from_iterable(reading.title for reading in readings))
    # A form of a word that one text alone has is left out, to save time.
    terms = {word: tongue.term(word) for word, count in counts.items() if count > 1}
    rare = {word: term for word, (term, weight) in terms.items() if weight >= NAME_WEIGHT}
    totals: Counter[int] = Counter()
    for word, term in rare.items():
        totals[term] += counts[word]
    return {word: term for word, term in rare.items() if totals[term] >= SUBJECT_TEXTS}
