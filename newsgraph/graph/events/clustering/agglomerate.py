"""Average-linkage agglomeration by reciprocal nearest neighbours, done while stories arrive in order of time.

Average linkage is reducible: merging two groups never brings either of them nearer to a third. So two groups that are
each other's nearest can be merged at once, whatever happens elsewhere. The groups at a threshold are therefore the same
in whatever order, or in whatever slices of time, the merging is done (Bruynooghe 1978; Murtagh 1983). The links here
are squared similarities, so their average is a quadratic mean. They are whole numbers, so the order in which they are
added up makes no difference either.

A group is *closed* when every link of its stories is known. Only closed groups are merged. A closed group whose links
are all below the threshold is final. What the other slices of time hold can no longer change it.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from newsgraph.graph.events.clustering.neighbours import LINK_UNIT, TIE_BITS, Pairs
from newsgraph.graph.events.text.vectors import Int

RETIRED_SHARE = 0.2
"""The share of groups that must be final before the others are copied to a smaller table."""


def least_link(threshold: float) -> float:
    """The link that a similarity of ``threshold`` makes, in the unit of links."""
    return threshold**2 * (LINK_UNIT << TIE_BITS)


class Agglomeration:
    """The groups that are being formed. Stories are numbered in order of time; a group is named by its lowest
    number."""

    def __init__(self, threshold: float) -> None:
        self.least = least_link(threshold)
        self.numbers: Int = np.zeros(0, dtype=np.int64)
        """The number of each active group, in ascending order."""
        self.sizes: Int = np.zeros(0, dtype=np.int64)
        self.closed: NDArray[np.bool_] = np.zeros(0, dtype=bool)
        self.stories: Int = np.zeros(0, dtype=np.int64)
        """The numbers of all stories that are in active groups."""
        self.places: Int = np.zeros(0, dtype=np.int64)
        """For each of ``stories``, the position of its group among the active groups."""
        self.sums: sparse.csr_matrix = sparse.csr_matrix((0, 0), dtype=np.int64)
        """The sum of the links between the stories of each two active groups. It is symmetric and has an empty
        diagonal; two groups that are both not closed have no entry."""
        self.waiting: list[Pairs] = []
        """The links between stories (by number) that are both not closed."""
        self.best: Int = np.zeros(0, dtype=np.int64)
        self.link: NDArray[np.float64] = np.zeros(0)
        """For each group, the group with the highest mean link to it (the earliest one if several are equal), and that
        mean link."""

    def add(self, numbers: Int, pairs: Pairs) -> None:
        """Adds new stories, numbered above all others. ``pairs`` link them to each other and to stories not yet
        closed."""
        active = len(self.numbers)
        size = active + len(numbers)
        self.numbers = np.concatenate([self.numbers, numbers])
        self.sizes = np.concatenate([self.sizes, np.ones(len(numbers), dtype=np.int64)])
        self.closed = np.concatenate([self.closed, np.zeros(len(numbers), dtype=bool)])
        self.stories = np.concatenate([self.stories, numbers])
        self.places = np.concatenate([self.places, np.arange(active, size)])
        self.waiting.append(pairs)
        self.best = np.concatenate([self.best, np.zeros(len(numbers), dtype=np.int64)])
        self.link = np.concatenate([self.link, np.full(len(numbers), -1.0)])

    def close(self, numbers: Int) -> None:
        """Marks stories as closed: no more links to them will be added. Each must still be alone in its group."""
        self.closed[np.searchsorted(self.numbers, numbers)] = True
        size = len(self.numbers)
        old = self.sums.tocoo()
        rows, columns, values = [old.row], [old.col], [old.data]
        still: list[Pairs] = []
        for pairs in self.waiting:
            left, right = np.searchsorted(self.numbers, pairs.left), np.searchsorted(self.numbers, pairs.right)
            now = self.closed[left] | self.closed[right]
            rows += [left[now], right[now]]
            columns += [right[now], left[now]]
            values += [pairs.values[now]] * 2
            if not now.all():
                still.append(Pairs(pairs.left[~now], pairs.right[~now], pairs.values[~now]))
        self.waiting = still
        self.sums = sparse.csr_matrix(
            (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(size, size)
        )
        self.best, self.link = np.zeros(size, dtype=np.int64), np.full(size, -1.0)
        self.renew(np.arange(size))

    def settle(self) -> list[Int]:
        """Merges what can be merged. Returns the groups that are now final, as numbers of stories, and forgets them."""
        final: list[Int] = []
        while len(self.numbers):
            index = np.arange(len(self.best))
            mutual = self.closed & (self.link >= self.least) & (self.best > index)
            mutual[mutual] = (self.best[self.best[mutual]] == index[mutual]) & self.closed[self.best[mutual]]
            if not mutual.any():
                break
            onto = index.copy()
            onto[self.best[mutual]] = index[mutual]
            self.merge(onto)
            done = self.closed & (self.link < self.least)
            if done.mean() > RETIRED_SHARE:
                final.extend(self.retire(done))
        done = self.closed & (self.link < self.least)
        if done.any():
            final.extend(self.retire(done))
        return final

    def renew(self, places: Int) -> None:
        """Finds the nearest groups of some groups anew."""
        part = self.sums[places] if len(places) < len(self.numbers) else self.sums
        lengths = np.diff(part.indptr)
        self.best[places], self.link[places] = 0, -1.0
        filled = np.flatnonzero(lengths)
        if not len(filled):
            return
        means = part.data / (np.repeat(self.sizes[places], lengths) * self.sizes[part.indices])
        heads = part.indptr[filled]
        highest = np.maximum.reduceat(means, heads)
        columns = np.where(means == np.repeat(highest, lengths[filled]), part.indices, len(self.numbers))
        self.best[places[filled]] = np.minimum.reduceat(columns, heads)
        self.link[places[filled]] = highest

    def retire(self, done: NDArray[np.bool_]) -> list[Int]:
        """Returns and forgets the groups ``done`` that will never merge.

        No group that stays has its nearest group, at or above the threshold, among them.
        """
        ended = done[self.places]
        order = np.lexsort((self.stories[ended], self.places[ended]))
        stories, places = self.stories[ended][order], self.places[ended][order]
        groups = np.split(stories, np.flatnonzero(np.diff(places)) + 1)
        kept = np.flatnonzero(~done)
        self.sums = self.sums[kept][:, kept]
        self.numbers, self.sizes, self.closed = self.numbers[kept], self.sizes[kept], self.closed[kept]
        self.stories = self.stories[~ended]
        place = np.cumsum(~done) - 1
        self.places = place[self.places[~ended]]
        # A group whose nearest group has ended has a link below the threshold, or isn't closed and is looked at again.
        self.link = np.where(done[self.best[kept]], -1.0, self.link[kept])
        self.best = np.where(done[self.best[kept]], 0, place[self.best[kept]])
        return groups

    def merge(self, onto: Int) -> None:
        """Joins each group to another one (or to itself), and finds nearest groups again where this may change them."""
        index = np.arange(len(onto))
        stays = onto == index
        kept = np.flatnonzero(stays)
        place = (np.cumsum(stays) - 1)[onto]
        # Columns are joined by renaming them, rows by a product. Values on the diagonal are links within a group.
        renamed = sparse.csr_matrix(
            (self.sums.data, place[self.sums.indices].astype(np.int32), self.sums.indptr),
            shape=(len(onto), len(kept)),
        )
        order = np.argsort(place, kind="stable")
        starts = np.searchsorted(place[order], np.arange(len(kept) + 1))
        rows = sparse.csr_matrix((np.ones(len(onto), dtype=np.int64), order, starts), shape=(len(kept), len(onto)))
        total = rows @ renamed
        row = np.repeat(np.arange(len(kept), dtype=np.int32), np.diff(total.indptr))
        between = total.indices != row
        starts = np.concatenate([[0], np.cumsum(between)])[total.indptr]
        self.sums = sparse.csr_matrix((total.data[between], total.indices[between], starts), shape=total.shape)
        self.sizes = np.bincount(place, weights=self.sizes, minlength=len(kept)).astype(np.int64)
        self.numbers, self.closed = self.numbers[kept], self.closed[kept]
        self.places = place[self.places]
        joined = np.bincount(place, minlength=len(kept)) > 1
        self.best, self.link = place[self.best[kept]], self.link[kept]
        # Because of reducibility, only groups that merged, or whose nearest group did, can have a new nearest group.
        self.renew(np.flatnonzero(joined | (joined[self.best] & (self.link >= 0))))
