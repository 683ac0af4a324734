"""Texts as sparse vectors of whole numbers.

A component is a cosine component times ``UNIT``, rounded. A sum of products of whole numbers is the same in any order.
So the similarity of two texts is the same whatever else is compared at the same time. This makes it possible to work
in slices and in threads, and to update, with exactly the same result.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.background import Ceilings
from newsgraph.graph.events.text.sentences import Sentences, stacked
from newsgraph.graph.events.text.texts import MOST_TOKENS, Reading, language

UNIT = 1 << 15
"""The whole number that stands for 1 in a component. A product of two stays below 2**31."""

REPEATED = np.array([0.0] + [1.0 + math.log(times) for times in range(1, MOST_TOKENS + 1)])
"""For a term that occurs n times, at index n, its count: 1 + ln n."""

FULL_TABLE = 1 << 16
"""The number of cells up to which rows are multiplied as a full table: most groups are small, and a sparse one takes
many steps."""

NEVER = -(1 << 62)
"""The second of a text without a time: it belongs to the first era."""

Int = NDArray[np.int64]
Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Vectors:
    """Rows of terms, in CSR form: row ``i`` holds ``terms[starts[i]:starts[i + 1]]``, sorted by term."""

    starts: Int
    terms: Int
    """Term ids of 63 bits."""
    values: Int
    """Cosine components times ``UNIT``."""
    sentences: Sentences | None = None
    """What a sentence model makes of the titles, a row for each row; only where one is used."""


def vectorise(readings: Sequence[Reading], settings: EventSettings, highest: Ceilings) -> Vectors:
    """Returns one row for each reading; one without words gets an empty row. No term weighs more than its ceiling."""
    terms: list[tuple[int, float]] = []
    lengths: list[int] = []
    for reading in readings:
        tongue = language(reading.language, settings)
        term, known = tongue.term, tongue.known
        for found in (reading.title, reading.excerpt):
            terms.extend([known[word] if word in known else term(word) for word in found])
            lengths.append(len(found))
    count = len(terms)
    ids = np.fromiter((term_id for term_id, _ in terms), dtype=np.int64, count=count)
    sections = np.repeat(np.arange(len(lengths)), np.array(lengths, dtype=np.int64))
    times = np.array([NEVER if reading.time is None else reading.time for reading in readings], dtype=np.int64)
    weights = np.fromiter((weight for _, weight in terms), dtype=np.float64, count=count)
    weights = highest.lower(ids, weights, times[sections >> 1])
    said = weights > 0.0
    sections = sections[said]
    return weigh(len(readings), sections >> 1, ids[said], weights[said], sections % 2 == 0, settings)


def weigh(
    count: int, rows: Int, ids: Int, weights: Float, is_title: NDArray[np.bool_], settings: EventSettings
) -> Vectors:
    """Counts the terms of each row, adds pairs of neighbours, weighs them, and scales each row to length one."""
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
    value = np.maximum.reduceat(weights, heads) * REPEATED[np.minimum(times, MOST_TOKENS)]
    value *= np.where(np.logical_or.reduceat(is_title, heads), 1.0, settings.excerpt_weight)
    rows, ids = rows[heads], ids[heads]
    return unit_rows(count, rows, ids, value)


def unit_rows(count: int, rows: Int, ids: Int, value: Float) -> Vectors:
    """Scales rows to length one and rounds; terms that are 0 after rounding are dropped. Rows, and ids within them,
    must be sorted."""
    norms = np.sqrt(np.bincount(rows, weights=value * value, minlength=count))
    whole = np.rint(value / norms[rows] * UNIT).astype(np.int64)
    keep = whole > 0
    rows, ids, whole = rows[keep], ids[keep], whole[keep]
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=count), out=starts[1:])
    return Vectors(starts, ids, whole)


def mixed(left: Int, right: Int) -> Int:
    """Returns one 63-bit id for each ordered pair of ids (the finaliser of SplitMix64, Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        z = left.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + right.astype(np.uint64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(1)).astype(np.int64)


def stack(parts: Sequence[Vectors]) -> Vectors:
    """Returns the rows of several ``Vectors``, one after the other."""
    ends = np.cumsum([0] + [int(part.starts[-1]) for part in parts])
    starts = [part.starts[:-1] + end for part, end in zip(parts, ends[:-1], strict=True)]
    sentences = [part.sentences for part in parts if part.sentences is not None]
    return Vectors(
        np.concatenate([*starts, ends[-1:]]),
        np.concatenate([part.terms for part in parts]),
        np.concatenate([part.values for part in parts]),
        stacked(sentences) if sentences else None,
    )


def take(vectors: Vectors, rows: Int) -> Vectors:
    """Returns some of the rows, in the order asked for."""
    lengths = np.diff(vectors.starts)[rows]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    where = np.arange(starts[-1]) + np.repeat(vectors.starts[:-1][rows] - starts[:-1], lengths)
    sentences = None if vectors.sentences is None else vectors.sentences.take(rows)
    return Vectors(starts, vectors.terms[where], vectors.values[where], sentences)


def matrix(vectors: Vectors, columns: Int) -> sparse.csr_matrix:
    """Returns ``vectors`` as a sparse matrix. ``columns`` are the sorted ids of the terms that count; others are left
    out.
    """
    position = np.minimum(np.searchsorted(columns, vectors.terms), max(len(columns) - 1, 0))
    known = columns[position] == vectors.terms if len(columns) else np.zeros(len(vectors.terms), dtype=bool)
    starts = np.concatenate([[0], np.cumsum(known)])[vectors.starts]
    return sparse.csr_matrix(
        (vectors.values[known], position[known], starts),
        shape=(len(vectors.starts) - 1, len(columns)),
    )


def products(vectors: Vectors) -> Float:
    """Returns the products of all pairs of rows, as a square table. They are whole numbers, so that it makes no
    difference in which way they are added up."""
    columns, places = np.unique(vectors.terms, return_inverse=True)
    count = len(vectors.starts) - 1
    if count * len(columns) > FULL_TABLE:
        rows = matrix(vectors, columns)
        return np.asarray((rows @ rows.T).toarray(), dtype=np.float64)
    table = np.zeros((count, len(columns)))
    table[np.repeat(np.arange(count), np.diff(vectors.starts)), places] = vectors.values
    return table @ table.T


def repeated_terms(vectors: Vectors) -> Int:
    """Returns the sorted ids of the terms that at least two rows have. Only these can make rows alike."""
    ids, counts = np.unique(vectors.terms, return_counts=True)
    return ids[counts > 1]
