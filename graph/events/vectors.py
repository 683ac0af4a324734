"""Texts as sparse vectors of whole numbers.

A component is a cosine component times ``UNIT``, rounded. Products of whole numbers add up to the same sum in any
order, so a similarity is the same whatever else is compared in the same go: this is what makes slices, threads and
updates exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from newsgraph.graph.events.model import EventSettings, StoryText
from newsgraph.graph.events.text import (
    UNSPACED,
    excerpt_text,
    language,
    language_of,
    stable_id,
    title_text,
    unspaced_terms,
    words,
)

UNIT = 1 << 15
"""One, in a component; products of two stay below 2**31."""

Int = NDArray[np.int64]
Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Vectors:
    """Rows of terms, in CSR form: row ``i`` holds ``terms[starts[i]:starts[i + 1]]``, sorted by term."""

    starts: Int
    terms: Int
    """63-bit term ids."""
    values: Int
    """Cosine components times ``UNIT``."""


def vectorise(stories: Sequence[StoryText], settings: EventSettings) -> Vectors:
    """One row a story; a story without words gets an empty row."""
    rows: list[int] = []
    ids: list[int] = []
    weights: list[float] = []
    sections: list[bool] = []
    for row, story in enumerate(stories):
        title, excerpt = title_text(story), excerpt_text(story)
        code = language_of(story, f"{title} {excerpt}")
        tongue = language(code, settings)
        for text, is_title in ((title, True), (excerpt, False)):
            if not text:
                continue
            terms = [tongue.term(word) for word in words(text) if not UNSPACED.match(word)]
            kept = [term for term in terms if term[1] > 0.0]
            if UNSPACED.search(text):
                kept.extend((stable_id(pair), UNSPACED_IDF) for pair in unspaced_terms(text))
            for term_id, weight in kept:
                rows.append(row)
                ids.append(term_id)
                weights.append(weight)
                sections.append(is_title)
    return weigh(
        len(stories),
        np.array(rows, dtype=np.int64),
        np.array(ids, dtype=np.int64),
        np.array(weights, dtype=np.float64),
        np.array(sections, dtype=bool),
        settings,
    )


UNSPACED_IDF = 7.0
"""Weight of a pair of characters: that of a middling word; the lists know words, not pairs."""


def weigh(count: int, rows: Int, ids: Int, weights: Float, is_title: NDArray[np.bool_], settings: EventSettings) -> Vectors:
    """Count the terms of each row, add pairs of neighbours, weigh, and make each row of length one."""
    follows = (rows[1:] == rows[:-1]) & (is_title[1:] == is_title[:-1])
    pair_ids = mixed(ids[:-1], ids[1:])[follows]
    pair_weights = (settings.bigram_weight * ((weights[:-1] + weights[1:]) / 2.0 + settings.bigram_bonus))[follows]
    rows = np.concatenate([rows, rows[:-1][follows]])
    ids = np.concatenate([ids, pair_ids])
    weights = np.concatenate([weights, pair_weights])
    is_title = np.concatenate([is_title, is_title[:-1][follows]])

    order = np.lexsort((ids, rows))
    rows, ids, weights, is_title = rows[order], ids[order], weights[order], is_title[order]
    if not len(rows):
        return Vectors(np.zeros(count + 1, dtype=np.int64), ids, ids)
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]) | (ids[1:] != ids[:-1])
    heads = np.flatnonzero(first)
    times = np.diff(np.append(heads, len(rows)))
    value = np.maximum.reduceat(weights, heads) * (1.0 + np.log(times))
    value *= np.where(np.logical_or.reduceat(is_title, heads), 1.0, settings.excerpt_weight)
    rows, ids = rows[heads], ids[heads]
    return unit_rows(count, rows, ids, value)


def unit_rows(count: int, rows: Int, ids: Int, value: Float) -> Vectors:
    """Rows (sorted, as are the ids in each) scaled to length one and rounded; what rounds to nothing goes."""
    norms = np.sqrt(np.bincount(rows, weights=value * value, minlength=count))
    whole = np.rint(value / norms[rows] * UNIT).astype(np.int64)
    keep = whole > 0
    rows, ids, whole = rows[keep], ids[keep], whole[keep]
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=count), out=starts[1:])
    return Vectors(starts, ids, whole)


def mixed(left: Int, right: Int) -> Int:
    """One 63-bit id for each ordered pair of ids (the finaliser of SplitMix64, Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        z = left.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + right.astype(np.uint64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(1)).astype(np.int64)


def matrix(vectors: Vectors, columns: Int) -> sparse.csr_matrix:
    """``vectors`` as a sparse matrix over ``columns``, the sorted term ids that are to count."""
    position = np.searchsorted(columns, vectors.terms)
    position[position == len(columns)] = 0
    known = columns[position] == vectors.terms if len(columns) else np.zeros(len(vectors.terms), dtype=bool)
    kept = np.concatenate([[0], np.cumsum(known)])[vectors.starts]
    return sparse.csr_matrix(
        (vectors.values[known].astype(np.int32), position[known].astype(np.int32), kept.astype(np.int32)),
        shape=(len(vectors.starts) - 1, len(columns)),
    )
