"""Splits groups that don't hold together, because one threshold can't fit all events.

A threshold low enough for a varied event also joins two events that share a subject. So each group is built again from
its own links, by average linkage, until all of it is joined. Then the last merge is looked at: where the two sides have
much less in common with each other than even the looser of them has in itself, they are two events. Each side is then
looked at in the same way. A last merge whose smaller side is too small to be judged is ignored; that side then goes
with the part that it is nearest to.

The comparison is relative, so that varied events stay whole. It allows for two things. First, average linkage joins the
oddest texts last, so a small side always has a low link; the smaller a side's share of the group, the further apart it
must be to count. Second, a few texts prove little.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage

from newsgraph.graph.events.clustering.similarity import group_similarities
from newsgraph.graph.events.clustering.time_windows import Group, pick
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.texts import stable_id
from newsgraph.graph.events.text.vectors import Int, matrix

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tree:
    """A group built up from single texts by average linkage. Nodes below ``count`` are texts; the others are merges."""

    count: int
    sides: list[tuple[int, int]]
    """For each merge, its two nodes."""
    links: list[float]
    """For each merge, the mean squared similarity between its sides."""
    sizes: list[int]
    """For each node, its number of texts."""
    totals: list[float]
    """For each node, the sum of the squared similarities of its pairs of texts."""

    def within(self, node: int) -> float:
        """Returns the mean squared similarity of the pairs of texts of a node, which must have two texts or more."""
        size = self.sizes[node]
        return self.totals[node] / (size * (size - 1) / 2.0)

    def texts(self, node: int) -> Int:
        """Returns the texts of a node in ascending order."""
        found: list[int] = []
        waiting = [node]
        while waiting:
            one = waiting.pop()
            if one < self.count:
                found.append(one)
            else:
                waiting.extend(self.sides[one - self.count])
        return np.array(sorted(found), dtype=np.int64)


def tree_of(squares: Float) -> Tree:
    """The group with these squared similarities, built by average linkage (Sokal and Michener 1958)."""
    count = len(squares)
    left, right = np.triu_indices(count, 1)
    merges = linkage(1.0 - squares[left, right], "average")
    tree = Tree(count, [], [], [1] * count, [0.0] * count)
    for one, other, distance, size in merges.tolist():
        first, second, link = int(one), int(other), 1.0 - distance
        tree.sides.append((first, second))
        tree.links.append(link)
        tree.sizes.append(int(size))
        between = link * tree.sizes[first] * tree.sizes[second]
        tree.totals.append(tree.totals[first] + tree.totals[second] + between)
    return tree


def coherent_parts(group: Group, settings: EventSettings) -> list[Group]:
    """Returns the groups that the group is split into, or the group itself if it holds together."""
    count = len(group.stories)
    if count < settings.part_least:
        return [group]
    if count <= settings.part_most:
        table = group_similarities(group.smooth, group.times, related_rows(group), settings)
        labels = labels_of_parts(table**2, settings)
    else:
        labels = labels_by_sample(group, settings)
    if not labels.any():
        return [group]
    return [pick(group, np.flatnonzero(labels == label)) for label in range(int(labels.max()) + 1)]


def related_rows(group: Group) -> Int:
    """Returns pairs of the group's texts (as rows) of which one lists the other as related."""
    place = {story.id: row for row, voice in enumerate(group.stories) for story in voice}
    pairs = [
        (row, place[other])
        for row, voice in enumerate(group.stories)
        for story in voice
        for other in story.related
        if place.get(other, row) != row
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def labels_of_parts(squares: Float, settings: EventSettings) -> Int:
    """Returns the number of each text's part, from 0. ``squares`` are the squared similarities of the group."""
    tree = tree_of(squares)
    parts, strays = parted(tree, settings)
    labels = np.zeros(tree.count, dtype=np.int64)
    if len(parts) == 1:
        return labels
    cores = sorted((tree.texts(part) for part in parts), key=lambda texts: int(texts[0]))
    for number, texts in enumerate(cores):
        labels[texts] = number
    for stray in strays:
        texts = tree.texts(stray)
        links = [float(squares[np.ix_(texts, core)].mean()) for core in cores]
        labels[texts] = links.index(max(links))
    return labels


def parted(tree: Tree, settings: EventSettings) -> tuple[list[int], list[int]]:
    """Returns the nodes that the group is split into, and the nodes too small to be judged, which are in none of
    these."""
    parts: list[int] = []
    strays: list[int] = []
    waiting = [2 * tree.count - 2]
    while waiting:
        whole = node = waiting.pop()
        small: list[int] = []
        while node >= tree.count:
            smaller, larger = sorted(tree.sides[node - tree.count], key=lambda side: (tree.sizes[side], -side))
            if tree.sizes[smaller] >= max(2, settings.part_texts):
                break
            small.append(smaller)
            node = larger
        if node >= tree.count and stand_apart(tree, node, smaller, larger, settings):
            waiting += [larger, smaller]
            strays += small
        else:
            parts.append(whole)
    return parts, strays


def stand_apart(tree: Tree, node: int, smaller: int, larger: int, settings: EventSettings) -> bool:
    """Tells whether the two sides of a merge are two events."""
    size = tree.sizes[smaller]
    most = settings.part_ratio + settings.part_balance * size / tree.sizes[node] - settings.part_evidence / size
    looser = min(tree.within(smaller), tree.within(larger))
    return most > 0.0 and tree.links[node - tree.count] < most**2 * looser


def labels_by_sample(group: Group, settings: EventSettings) -> Int:
    """Does the same for a group that is too large to compare all its texts.

    ``part_most`` texts, chosen by a hash of their ids, are split. Each other text joins the part that its words are
    nearest to.
    """
    keys = np.array([stable_id(voice[0].id) for voice in group.stories], dtype=np.int64)
    chosen = np.sort(np.argsort(keys, kind="stable")[: settings.part_most])
    sample = pick(group, chosen)
    found = labels_of_parts(
        group_similarities(sample.smooth, sample.times, related_rows(sample), settings) ** 2, settings
    )
    rows = matrix(group.smooth, np.unique(group.smooth.terms))
    means = np.zeros((int(found.max()) + 1, rows.shape[1]))
    for label in range(len(means)):
        means[label] = np.asarray(rows[chosen[found == label]].sum(axis=0)).ravel() / (found == label).sum()
    labels = np.asarray(np.argmax(rows @ means.T, axis=1), dtype=np.int64)
    labels[chosen] = found
    return labels
