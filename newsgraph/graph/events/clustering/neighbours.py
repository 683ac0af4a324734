"""Finds which stories are alike: by cosines within a window of time, after smoothing with their nearest neighbours."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from newsgraph.graph.events.clustering.similarity import floor_of, pair_factors, similarities
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.sentences import centred
from newsgraph.graph.events.text.vectors import UNIT, Int, Vectors, matrix, repeated_terms, take, unit_rows

ROWS = 512
"""The number of rows that are multiplied at once, with all columns within the window of any of them. It is small, so
that these columns are few."""
MOST_LINKS = 512
"""The highest number of links from a story to earlier ones. Only crowds have more, and there the most alike ones are
enough."""
FULL_ENTRIES = 1 << 22
"""The highest number of entries of a product that are held in memory at once."""
LINK_UNIT = 1 << 20
"""The whole number that stands for a squared similarity of 1."""
TIE_BITS = 8
"""The number of low bits of a link that hold a hash of the pair, so that no two links are equal."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows, each pair once, with a whole number for each."""

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
    earlier: Int | None = None,
    most: int | None = None,
) -> Pairs:
    """Returns the pairs (row, column) at most ``window`` seconds apart with a cosine above ``floor``.

    ``floor`` is the cosine times ``UNIT`` squared. The times of rows and of columns must be in ascending order.
    ``within``: the rows are among the columns, so a term that only one column has can be left out.
    ``earlier``: the column that each row is; only pairs with an earlier column are returned.
    ``most``: the highest number of pairs for each row; the most alike are kept (of equal ones, the first).
    """
    count = len(row_times)
    shared = repeated_terms(columns) if within else np.intersect1d(rows.terms, columns.terms)
    found = [Pairs(*[np.zeros(0, dtype=np.int64)] * 3)]
    left_matrix = matrix(rows, shared).astype(np.int32)
    right_matrix = matrix(columns, shared).astype(np.int32)
    limit = int(floor * UNIT * UNIT)
    for start in range(0, count if len(shared) else 0, ROWS):
        end = min(count, start + ROWS)
        first = int(np.searchsorted(column_times, row_times[start] - window))
        last = int(np.searchsorted(column_times, row_times[end - 1] + window, side="right"))
        if earlier is not None:
            last = min(last, int(earlier[end - 1]))
        if first >= last:
            continue
        for part in above(left_matrix[start:end], right_matrix[first:last].T.tocsr(), limit):
            left, right = part.left + start, part.right + first
            near = np.abs(row_times[left] - column_times[right]) <= window
            if earlier is not None:
                near &= right < earlier[left]
            found.append(likest(Pairs(left[near], right[near], part.values[near]), most))
    return Pairs(
        np.concatenate([pairs.left for pairs in found]),
        np.concatenate([pairs.right for pairs in found]),
        np.concatenate([pairs.values for pairs in found]),
    )


def likest(pairs: Pairs, most: int | None) -> Pairs:
    """Returns ``pairs``, in order of rows, with only the ``most`` alike of each row."""
    if most is None or len(pairs.left) <= most:
        return pairs
    bounds = np.append(np.flatnonzero(np.diff(pairs.left, prepend=-1)), len(pairs.left))
    long = np.flatnonzero(np.diff(bounds) > most)
    if not len(long):
        return pairs
    kept = np.ones(len(pairs.left), dtype=bool)
    for start, end in zip(bounds[long], bounds[long + 1], strict=True):
        values = pairs.values[start:end]
        least = np.partition(values, -most)[-most]
        kept[start:end] = values > least
        equal = start + np.flatnonzero(values == least)
        equal = equal[np.argsort(pairs.right[equal], kind="stable")]
        kept[equal[: most - int(kept[start:end].sum())]] = True
    return Pairs(pairs.left[kept], pairs.right[kept], pairs.values[kept])


def above(block: sparse.csr_matrix, columns: sparse.csr_matrix, limit: int) -> Iterator[Pairs]:
    """Yields the entries of ``block`` times ``columns`` that are above ``limit``, in order of rows.

    The numbers are whole, so the product of two rows is the same whatever else is multiplied with them. As many rows
    are multiplied at once as ``FULL_ENTRIES`` allows.
    """
    step = max(1, FULL_ENTRIES // columns.shape[1])
    for start in range(0, block.shape[0], step):
        product = block[start : start + step] @ columns
        kept = product.data > limit
        rows = np.repeat(np.arange(start, start + product.shape[0]), np.diff(product.indptr))
        yield Pairs(rows[kept], product.indices[kept].astype(np.int64), product.data[kept].astype(np.int64))


def smoothed(rows: Int, vectors: Vectors, times: Int, settings: EventSettings) -> Vectors:
    """Returns the vectors of ``rows`` (ascending), each with the weighted mean of its nearest neighbours among all
    ``vectors`` added.

    This is Rocchio's query expansion with pseudo-relevant documents (Rocchio 1971). Two headlines about one event are
    often too short to share words, but both share words with their neighbours.
    """
    count = len(rows)
    own = take(vectors, rows)
    window = int(settings.window_hours * 3600)
    pairs = alike(own, vectors, times[rows], times, window, settings.neighbour_floor, most=settings.neighbours + 1)
    other = rows[pairs.left] != pairs.right
    left, right, values = pairs.left[other], pairs.right[other], pairs.values[other]
    order = np.lexsort((right, -values, left))
    left, right, values = left[order], right[order], values[order]
    rank = np.arange(len(left)) - np.searchsorted(left, left)
    best = rank < settings.neighbours
    left, right = left[best], right[best]
    values = values[best] >> 15  # cosine times UNIT, so that the sums below are of whole numbers
    total = np.bincount(left, weights=values, minlength=count)

    # Only the neighbours' rows take part in the product.
    near = np.unique(right)
    around = take(vectors, near)
    columns = np.unique(np.concatenate([own.terms, around.terms]))
    weights = sparse.csr_matrix((values, (left, np.searchsorted(near, right))), shape=(count, len(near)))
    mean = (weights @ matrix(around, columns)).astype(np.float64)
    mean.sort_indices()
    scale = np.divide(settings.smoothing, total, out=np.zeros(count), where=total > 0)
    mean.data *= np.repeat(scale, np.diff(mean.indptr))
    # At most two numbers fall on one term (the row's own and the mean's), so the order of adding makes no difference.
    both = (matrix(own, columns).astype(np.float64) + mean).tocsr()
    both.sort_indices()
    found = strongest(both, columns, settings.kept_terms)
    if vectors.sentences is None:
        return found
    return replace(found, sentences=centred(vectors.sentences, times, rows, settings))


def strongest(rows: sparse.csr_matrix, terms: Int, most: int) -> Vectors:
    """Returns each row cut to its ``most`` largest terms (equal ones by id) and scaled to length one."""
    lengths = np.diff(rows.indptr)
    row = np.repeat(np.arange(rows.shape[0]), lengths)
    kept = np.ones(len(row), dtype=bool)
    long = np.flatnonzero((lengths > most)[row])
    if len(long):
        order = long[np.lexsort((rows.indices[long], -rows.data[long], row[long]))]
        rank = np.arange(len(order)) - np.searchsorted(row[order], row[order])
        kept[order[rank >= most]] = False
    return unit_rows(rows.shape[0], row[kept], terms[rows.indices[kept]], rows.data[kept])


@dataclass(frozen=True, slots=True)
class Rows:
    """Stories that are to be linked: their smoothed vectors, their times in seconds since 1970, and hashes of their
    ids."""

    vectors: Vectors
    times: Int
    keys: Int

    def pick(self, places: Int) -> "Rows":
        """Some of them, in the order asked for."""
        return Rows(take(self.vectors, places), self.times[places], self.keys[places])


@dataclass(frozen=True, slots=True)
class Links:
    """The links of some rows, and how many columns each row was compared with: ``MOST_LINKS`` where it is of a crowd,
    so that there may be more columns that are alike."""

    pairs: Pairs
    compared: Int


def links(
    rows: Rows, columns: Rows, before: Int, related: Int, settings: EventSettings, *, within: bool = True
) -> Links:
    """Returns the squared similarities of pairs of smoothed vectors, lowered by the time between, as whole numbers.

    Each row is linked to so many of the first columns as ``before`` tells (ascending): those that come before it.
    ``within``: the rows are among the columns. ``related`` are the pairs (row, column) within the window of which one
    article lists the other as related, as an array of two columns. They get a bonus, also where their texts have
    nothing in common. Equal similarities differ in their last bits (see ``TIE_BITS``).
    """
    window = int(settings.window_hours * 3600)
    pairs = alike(
        rows.vectors,
        columns.vectors,
        rows.times,
        columns.times,
        window,
        floor_of(columns.vectors, settings),
        within=within,
        earlier=before,
        most=MOST_LINKS,
    )
    compared = np.bincount(pairs.left, minlength=len(rows.times))
    left, right, cosines = pairs.left, pairs.right, pairs.values / (UNIT * UNIT)
    if rows.vectors.sentences is not None and columns.vectors.sentences is not None:
        cosines = cosines * pair_factors(left, right, rows.vectors.sentences, columns.vectors.sentences, settings)
        kept = cosines > settings.pair_floor
        left, right, cosines = left[kept], right[kept], cosines[kept]
    apart = np.abs(rows.times[left] - columns.times[right])
    similarity = similarities(cosines, apart, settings)
    if len(related):
        width = len(columns.times)
        listed = np.unique(related[:, 0] * width + related[:, 1])
        pair = left * width + right
        similarity = similarity + settings.related_bonus * np.isin(pair, listed)
        wordless = listed[~np.isin(listed, pair)]
        left, right = np.concatenate([left, wordless // width]), np.concatenate([right, wordless % width])
        similarity = np.concatenate([similarity, np.full(len(wordless), settings.related_bonus)])
    return Links(Pairs(left, right, whole_links(similarity, rows.keys[left], columns.keys[right])), compared)


def whole_links(similarity: np.ndarray, left_keys: Int, right_keys: Int) -> Int:
    """Returns the square of a similarity as a whole number whose last bits are a hash of the pair."""
    value = np.rint(np.minimum(similarity, 1.0) ** 2 * LINK_UNIT).astype(np.int64)
    low, high = np.minimum(left_keys, right_keys), np.maximum(left_keys, right_keys)
    with np.errstate(over="ignore"):
        mixed = (low.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) ^ (
            high.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
        )
    told: Int = (value << TIE_BITS) + (mixed >> np.uint64(64 - TIE_BITS)).astype(np.int64)
    return told
