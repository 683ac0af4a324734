"""Average-linkage agglomeration by reciprocal nearest neighbours, as stories stream by.

Average linkage is reducible: merging two groups never brings either nearer to a third. So two groups that are each
other's nearest can be merged at once, whatever happens elsewhere, and the groups at a threshold are the same in
whatever order, or in whatever slices of time, that is done (Bruynooghe 1978; Murtagh 1983). The links here are squared
similarities, so what is averaged is a quadratic mean; they are whole numbers, so sums have no order either.

A group is *closed* when every link of its stories is known. Only closed groups merge, and one whose links are all
below the threshold is final. Nothing else depends on what the other slices hold.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from newsgraph.graph.events.neighbours import LINK_UNIT, TIE_BITS, Pairs
from newsgraph.graph.events.vectors import Int


class Agglomeration:
    """Groups in the making. Stories are numbered in order of time; a group is known by its least number."""

    def __init__(self, threshold: float) -> None:
        self.least = threshold**2 * (LINK_UNIT << TIE_BITS)
        self.numbers: Int = np.zeros(0, dtype=np.int64)
        """Of each active group, in order."""
        self.sizes: Int = np.zeros(0, dtype=np.int64)
        self.closed: NDArray[np.bool_] = np.zeros(0, dtype=bool)
        self.stories: Int = np.zeros(0, dtype=np.int64)
        """The stories of active groups ..."""
        self.places: Int = np.zeros(0, dtype=np.int64)
        """... and the place of each one's group among the active ones."""
        self.sums: sparse.csr_matrix = sparse.csr_matrix((0, 0), dtype=np.int64)
        """Total of the links between the stories of two active groups; symmetric, nothing on the diagonal."""

    def add(self, numbers: Int, pairs: Pairs) -> None:
        """New stories, numbered above all others; ``pairs`` (of numbers) link them to each other and to unclosed ones."""
        active = len(self.numbers)
        size = active + len(numbers)
        self.numbers = np.concatenate([self.numbers, numbers])
        self.sizes = np.concatenate([self.sizes, np.ones(len(numbers), dtype=np.int64)])
        self.closed = np.concatenate([self.closed, np.zeros(len(numbers), dtype=bool)])
        self.stories = np.concatenate([self.stories, numbers])
        self.places = np.concatenate([self.places, np.arange(active, size)])
        left, right = np.searchsorted(self.numbers, pairs.left), np.searchsorted(self.numbers, pairs.right)
        old = self.sums.tocoo()
        self.sums = sparse.csr_matrix(
            (
                np.concatenate([old.data, pairs.values, pairs.values]),
                (np.concatenate([old.row, left, right]), np.concatenate([old.col, right, left])),
            ),
            shape=(size, size),
        )

    def close(self, numbers: Int) -> None:
        """No further links will come to these stories, all in groups of one."""
        self.closed[np.searchsorted(self.numbers, numbers)] = True

    def settle(self) -> list[Int]:
        """Merge what can be merged; the groups, as numbers of stories, that are final are handed over and forgotten."""
        final: list[Int] = []
        while len(self.numbers):
            best, link = self.nearest()
            done = self.closed & (link < self.least)
            if done.any():
                final.extend(self.retire(done))
                continue
            index = np.arange(len(best))
            mutual = self.closed & (link >= self.least) & (best > index)
            mutual[mutual] = (best[best[mutual]] == index[mutual]) & self.closed[best[mutual]]
            if not mutual.any():
                break
            onto = index.copy()
            onto[best[mutual]] = index[mutual]
            self.merge(onto)
        return final

    def nearest(self) -> tuple[Int, NDArray[np.float64]]:
        """Of each group, the group with the highest mean link (the earliest of equals), and that link."""
        sums, count = self.sums, len(self.numbers)
        best, link = np.zeros(count, dtype=np.int64), np.full(count, -1.0)
        lengths = np.diff(sums.indptr)
        filled = np.flatnonzero(lengths)
        if not len(filled):
            return best, link
        means = sums.data / (np.repeat(self.sizes, lengths) * self.sizes[sums.indices])
        heads = sums.indptr[filled]
        highest = np.maximum.reduceat(means, heads)
        columns = np.where(means == np.repeat(highest, lengths[filled]), sums.indices, count)
        best[filled] = np.minimum.reduceat(columns, heads)
        link[filled] = highest
        return best, link

    def retire(self, done: NDArray[np.bool_]) -> list[Int]:
        ended = done[self.places]
        order = np.lexsort((self.stories[ended], self.places[ended]))
        stories, places = self.stories[ended][order], self.places[ended][order]
        groups = np.split(stories, np.flatnonzero(np.diff(places)) + 1)
        kept = np.flatnonzero(~done)
        self.sums = self.sums[kept][:, kept]
        self.numbers, self.sizes, self.closed = self.numbers[kept], self.sizes[kept], self.closed[kept]
        self.stories = self.stories[~ended]
        self.places = (np.cumsum(~done) - 1)[self.places[~ended]]
        return groups

    def merge(self, onto: Int) -> None:
        kept = np.flatnonzero(onto == np.arange(len(onto)))
        place = np.cumsum(onto == np.arange(len(onto)))[onto] - 1
        old = self.sums.tocoo()
        row, column = place[old.row], place[old.col]
        between = row != column
        self.sums = sparse.csr_matrix(
            (old.data[between], (row[between], column[between])), shape=(len(kept), len(kept))
        )
        self.sizes = np.bincount(place, weights=self.sizes, minlength=len(kept)).astype(np.int64)
        self.numbers, self.closed = self.numbers[kept], self.closed[kept]
        self.places = place[self.places]
