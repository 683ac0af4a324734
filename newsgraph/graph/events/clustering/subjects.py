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

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace

import numpy as np
from scipy import sparse

from newsgraph.graph.events.clustering.series import NAME_WEIGHT
from newsgraph.graph.events.model import Background
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.background import ceilings
from newsgraph.graph.events.text.texts import Language, Reading, language
from newsgraph.graph.events.text.vectors import matrix, vectorise

SUBJECT_TEXTS = 12
"""Texts of one half of a day. A word that fewer have in their titles isn't looked at: they may be one event, each in
words of its own."""
SUBJECT_SHARE = 0.9
"""The share of what these texts have in common, on average over all their pairs, that the word makes if it is a
subject."""


def without_subjects(readings: Sequence[Reading], settings: EventSettings) -> dict[int, Reading]:
    """Returns those of the texts of one half of a day, by place, that have a subject, each without it. A text with
    nothing else to be compared by is left as it is. Equal texts must be given once."""
    places: dict[str, list[int]] = {}
    for place, reading in enumerate(readings):
        places.setdefault(reading.language, []).append(place)
    found: dict[int, Reading] = {}
    for code, here in places.items():
        tongue = language(code, settings)
        subjects = subjects_among([readings[place] for place in here], tongue, settings)
        for place in here if subjects else ():
            shorter = without(readings[place], subjects, tongue)
            if shorter is not None:
                found[place] = shorter
    return found


def without(reading: Reading, subjects: Set[int], tongue: Language) -> Reading | None:
    """Returns the text without its subjects; ``None`` if it has none, or little else."""
    term = tongue.term
    title, excerpt = (
        tuple(word for word in found if term(word)[0] not in subjects) for found in (reading.title, reading.excerpt)
    )
    if len(title) == len(reading.title) and len(excerpt) == len(reading.excerpt):
        return None
    if not any(term(word)[1] > 0.0 for word in (*title, *excerpt)):
        return None
    return replace(reading, title=title, excerpt=excerpt)


def subjects_among(readings: Sequence[Reading], tongue: Language, settings: EventSettings) -> frozenset[int]:
    """Returns the subjects among the terms of some texts of one language."""
    if len(readings) < SUBJECT_TEXTS:
        return frozenset()
    rare = rare_terms(readings, tongue)
    if not rare:
        return frozenset()
    having = [(reading, {rare[word] for word in reading.title if word in rare}) for reading in readings]
    having = [(reading, terms) for reading, terms in having if terms]
    vectors = vectorise([reading for reading, _ in having], settings, ceilings(Background(), settings))
    columns = np.unique(vectors.terms)
    rows = matrix(vectors, columns).astype(np.float64)
    terms = np.unique(list(rare.values()))
    entries = np.array([(term, row) for row, (_, those) in enumerate(having) for term in those], dtype=np.int64)
    with_term = sparse.csr_matrix(
        (np.ones(len(entries)), (np.searchsorted(terms, entries[:, 0]), entries[:, 1])), shape=(len(terms), len(having))
    )
    # Over all pairs of the texts with a term: the square of a sum is the sum of all products, less those with itself.
    products = (with_term @ rows).power(2) - with_term @ rows.power(2)
    of_the_term = np.asarray(products[np.arange(len(terms)), np.searchsorted(columns, terms)]).ravel()
    of_all = np.asarray(products.sum(axis=1)).ravel()
    alone = (np.diff(with_term.indptr) >= SUBJECT_TEXTS) & (of_the_term >= SUBJECT_SHARE * of_all)
    return frozenset(terms[alone].tolist())


def rare_terms(readings: Sequence[Reading], tongue: Language) -> dict[str, int]:
    """Returns the words of the titles that are as rare as names and whose term may be in ``SUBJECT_TEXTS`` titles, each
    with that term."""
    counts = Counter(word for reading in readings for word in set(reading.title))
    terms = {word: tongue.term(word) for word in counts}
    totals: Counter[int] = Counter()
    for word, (term, weight) in terms.items():
        if weight >= NAME_WEIGHT:
            totals[term] += counts[word]
    often = {term for term, count in totals.items() if count >= SUBJECT_TEXTS}
    return {word: term for word, (term, weight) in terms.items() if weight >= NAME_WEIGHT and term in often}
