"""Which stories are alike: cosines within a window of time, and vectors smoothed with their nearest neighbours."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.vectors import UNIT, Int, Vectors, matrix, repeated_terms, take, unit_rows

ROWS = 2048
"""Rows multiplied in one go: keeps the product of a busy week within tens of megabytes."""
MOST_LIKE = 512
"""Entries that the fast product keeps of a row; a row with more is multiplied in full."""
FULL_ENTRIES = 1 << 24
"""Entries of a full product at most in memory."""
LINK_UNIT = 1 << 20
"""One, in a squared similarity as a whole number."""
TIE_BITS = 8
"""Low bits of a link that tell apart what would be equal, by a hash of the pair."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows, each once, with a whole number for each."""

    left: Int
    right: Int
    values: Int


def alike(
    rows: Vectors,
    columns: Vectors,
    row_times: Int,
    column_times: Int,
    window: int,
    floor: float,
    *,
    within: bool = True,
) -> Pairs:
    """Pairs (row, column) at most ``window`` seconds apart whose cosine (times ``UNIT`` squared) is above ``floor``.

    ``within``: the rows are among the columns, so that a term of one column alone can be left out.
    """
    count = len(row_times)
    shared = repeated_terms(columns) if within else np.intersect1d(rows.terms, columns.terms)
    found = [Pairs(*[np.zeros(0, dtype=np.int64)] * 3)]
    left_matrix = matrix(rows, shared).astype(np.int32)
    right_matrix = matrix(columns, shared).astype(np.int32).T.tocsr()
    limit = int(floor * UNIT * UNIT)
    for start in range(0, count if len(shared) else 0, ROWS):
        block = left_matrix[start : start + ROWS]
        for part in above(block, right_matrix, limit):
            near = np.abs(row_times[part.left + start] - column_times[part.right]) <= window
            found.append(Pairs(part.left[near] + start, part.right[near], part.values[near]))
    return Pairs(
        np.concatenate([pairs.left for pairs in found]),
        np.concatenate([pairs.right for pairs in found]),
        np.concatenate([pairs.values for pairs in found]),
    )


def above(block: sparse.csr_matrix, columns: sparse.csr_matrix, limit: int) -> Iterator[Pairs]:
    """The entries of ``block`` times ``columns`` that are above ``limit``.

    Whole numbers: nothing but the limit cuts a row short, so the product is the same in any company. The few rows with
    very many entries are multiplied again in full, as the fast product keeps a bounded number.
    """
    top = min(columns.shape[1], MOST_LIKE)
    product = sp_matmul_topn(block, columns, top_n=top, threshold=limit, density=0.1)
    lengths = np.diff(product.indptr)
    left = np.repeat(np.arange(block.shape[0]), lengths)
    right, values = product.indices[: len(left)].astype(np.int64), product.data[: len(left)].astype(np.int64)
    short = (lengths < top)[left]
    yield Pairs(left[short], right[short], values[short])
    full = np.flatnonzero(lengths >= top)
    step = max(1, FULL_ENTRIES // columns.shape[1])
    for start in range(0, len(full), step):
        rows = full[start : start + step]
        whole = (block[rows] @ columns).tocoo()
        kept = whole.data > limit
        yield Pairs(rows[whole.row[kept]], whole.col[kept].astype(np.int64), whole.data[kept].astype(np.int64))


def smoothed(rows: slice, vectors: Vectors, times: Int, settings: EventSettings) -> Vectors:
    """The vectors of ``rows``, each with the weighted mean of its nearest neighbours among all ``vectors`` added.

    Rocchio's query expansion with pseudo-relevant documents (Rocchio 1971): headlines are too short to share words, but
    their neighbours do.
    """
    count = rows.stop - rows.start
    own = take(vectors, np.arange(rows.start, rows.stop))
    window = int(settings.window_hours * 3600)
    pairs = alike(own, vectors, times[rows], times, window, settings.neighbour_floor)
    other = pairs.left + rows.start != pairs.right
    left, right, values = pairs.left[other], pairs.right[other], pairs.values[other]
    order = np.lexsort((right, -values, left))
    left, right, values = left[order], right[order], values[order]
    rank = np.arange(len(left)) - np.searchsorted(left, left)
    best = rank < settings.neighbours
    left, right = left[best], right[best]
    values = values[best] >> 15  # cosine times UNIT: the sums below stay whole
    total = np.bincount(left, weights=values, minlength=count)

    columns = np.unique(vectors.terms)
    weights = sparse.csr_matrix((values, (left, right)), shape=(count, len(times)))
    mean = (weights @ matrix(vectors, columns)).tocsr()
    scale = np.divide(settings.smoothing, total, out=np.zeros(count), where=total > 0)
    mean_rows = np.repeat(np.arange(count), np.diff(mean.indptr))
    own_rows = np.repeat(np.arange(count), np.diff(own.starts))
    return strongest(
        count,
        np.concatenate([own_rows, mean_rows]),
        np.concatenate([own.terms, columns[mean.indices]]),
        np.concatenate([own.values.astype(np.float64), mean.data * scale[mean_rows]]),
        settings.kept_terms,
    )


def strongest(count: int, rows: Int, terms: Int, values: np.ndarray, most: int) -> Vectors:
    """Rows with what falls on one term added up, cut to their ``most`` largest terms (ties by id), at length one."""
    order = np.lexsort((terms, rows))
    rows, terms, values = rows[order], terms[order], values[order]
    if not len(rows):
        return Vectors(np.zeros(count + 1, dtype=np.int64), terms, terms)
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]) | (terms[1:] != terms[:-1])
    heads = np.flatnonzero(first)
    # At most two fall on one term, own and mean: their sum has no order.
    values = np.add.reduceat(values, heads)
    rows, terms = rows[heads], terms[heads]
    order = np.lexsort((terms, -values, rows))
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    kept = np.sort(order[rank < most])
    return unit_rows(count, rows[kept], terms[kept], values[kept])


@dataclass(frozen=True, slots=True)
class Rows:
    """Stories to be linked: smoothed vectors, times in seconds, and hashed ids."""

    vectors: Vectors
    times: Int
    keys: Int


def links(rows: Rows, columns: Rows, related: Int, settings: EventSettings) -> Pairs:
    """Squared similarities, faded by the time between, of pairs of smoothed vectors: whole numbers, ties told apart.

    ``related`` are pairs (row, column) within the window that an article lists as related, as an array of two columns;
    they get a bonus, in the place of a similarity where the texts have none.
    """
    window = int(settings.window_hours * 3600)
    pairs = alike(rows.vectors, columns.vectors, rows.times, columns.times, window, settings.pair_floor)
    apart = np.abs(rows.times[pairs.left] - columns.times[pairs.right])
    similarity = pairs.values / (UNIT * UNIT) * fading(settings)[apart // 60]
    left, right = pairs.left, pairs.right
    if len(related):
        width = len(columns.times)
        listed = np.unique(related[:, 0] * width + related[:, 1])
        pair = left * width + right
        similarity = similarity + settings.related_bonus * np.isin(pair, listed)
        wordless = listed[~np.isin(listed, pair)]
        left, right = np.concatenate([left, wordless // width]), np.concatenate([right, wordless % width])
        similarity = np.concatenate([similarity, np.full(len(wordless), settings.related_bonus)])
    return Pairs(left, right, whole_links(similarity, rows.keys[left], columns.keys[right]))


def whole_links(similarity: np.ndarray, left_keys: Int, right_keys: Int) -> Int:
    """The square of a similarity as a whole number whose last bits are a hash of the pair."""
    value = np.rint(np.minimum(similarity, 1.0) ** 2 * LINK_UNIT).astype(np.int64)
    low, high = np.minimum(left_keys, right_keys), np.maximum(left_keys, right_keys)
    with np.errstate(over="ignore"):
        mixed = (low.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) ^ (
            high.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
        )
    told: Int = (value << TIE_BITS) + (mixed >> np.uint64(64 - TIE_BITS)).astype(np.int64)
    return told


def fading(settings: EventSettings) -> np.ndarray:
    """What is left of a similarity after so many minutes; from the C library, so the same for every element."""
    minutes = int(settings.window_hours * 60) + 1
    return np.array([math.exp(-minute / 60.0 / settings.decay_hours) for minute in range(minutes + 1)])
