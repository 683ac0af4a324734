"""The layout of the map and of GEXF, "islands": each event is a disc of its stories.

Within a disc the stories are on a sunflower spiral in order of time, the earliest at the centre (H. Vogel, "A better
way to construct the sunflower head", Mathematical Biosciences 44, 1979). Discs of events that share topics and outlets
are near each other. A two-dimensional spectral embedding by power iteration (Y. Koren, "Drawing graphs by
eigenvectors", Computers & Mathematics with Applications 49, 2005) gives the rough positions. Halving a rectangle by
area distributes them evenly. Then the discs are pushed apart in rounds (a k-d tree finds those that overlap), with some
attraction if there are few. Outlets and topics are at the barycentre of their stories, outside the discs. No random
numbers are used: the same graph gives the same positions. Time and memory grow as n log n with stories and edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: The distance of neighbouring stories in a disc. All lengths have the same unit, about a pixel of a small map.
SPACING = 11.0
#: The space between the outermost story and the rim of its disc.
RIM = 9.0
#: The space between discs, for outlets, topics and labels.
GAP = 24.0
GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))


@dataclass(frozen=True, slots=True)
class Islands:
    """The positions on a map: arrays of shape (n, 2) for events, stories, outlets and topics in the order of the input,
    and ``radii`` of shape (events,). y grows downwards."""

    events: Floats
    radii: Floats
    stories: Floats
    outlets: Floats
    topics: Floats


def islands(
    event_of: Integers,
    event_count: int,
    outlets: sparse.csr_array,
    topics: sparse.csr_array,
) -> Islands:
    """Returns the positions of everything.

    ``event_of``: for each story the index of its event, -1 for none. The stories of one event must be in order of time.
    ``outlets`` and ``topics``: a row for each story and a column for each outlet or topic, with 1 where the story has
    it.
    """
    stories = len(event_of)
    # A story without an event is an island of its own, so that it gets a position near similar ones.
    loose = np.flatnonzero(event_of < 0)
    disc_of = event_of.copy()
    disc_of[loose] = event_count + np.arange(len(loose))
    discs = event_count + len(loose)
    sizes = np.bincount(disc_of, minlength=discs)
    radii = np.where(sizes > 0, SPACING * np.sqrt(sizes + 0.5) + RIM, RIM)
    radii[event_count:] = 0.6 * SPACING  # a loose story has no disc around it

    membership = sparse.csr_array((np.ones(stories), (disc_of, np.arange(stories))), shape=(discs, stories))
    shared = sparse.hstack([membership @ topics, 0.5 * (membership @ outlets)], format="csr")
    centres = place_discs(shared, radii)

    order = np.argsort(disc_of, kind="stable")
    starts = np.cumsum(sizes) - sizes
    rank = np.empty(stories, dtype=np.int64)
    rank[order] = np.arange(stories) - np.repeat(starts, sizes)
    turn = rank * GOLDEN_ANGLE
    out = SPACING * np.sqrt(rank + 1.0)
    out[loose] = 0.0
    places = centres[disc_of] + np.stack([out * np.cos(turn), out * np.sin(turn)], axis=1)

    marks = np.concatenate([mark_radii(outlets), mark_radii(topics)])
    wanted = np.concatenate([_barycentres(outlets, places), _barycentres(topics, places)])
    used = np.concatenate([np.asarray(one.sum(axis=0)).ravel() > 0 for one in (outlets, topics)])
    around = _below(wanted, used, centres, radii)
    around[used] = _beside(wanted[used], marks[used], centres, radii)
    return Islands(
        events=centres[:event_count],
        radii=radii[:event_count],
        stories=places,
        outlets=around[: outlets.shape[1]],
        topics=around[outlets.shape[1] :],
    )


def mark_radii(members: sparse.csr_array) -> Floats:
    """Returns the radius of each column's mark. It grows slowly with the number of its stories."""
    counts = np.asarray(members.sum(axis=0)).ravel()
    radii: Floats = 3.0 + 1.1 * np.log2(counts + 1.0)
    return radii


def _below(wanted: Floats, used: NDArray[np.bool_], centres: Floats, radii: Floats) -> Floats:
    """Returns positions for what has no story, such as an outlet known only from its own page: a small field below the
    map, where it covers nothing."""
    places = wanted + 0.0
    number = int(np.count_nonzero(~used))
    if number:
        left = float((centres[:, 0] - radii).min()) if len(centres) else 0.0
        bottom = float((centres[:, 1] + radii).max()) if len(centres) else 0.0
        wide = max(int(np.sqrt(number) * 4), 1)
        rank = np.arange(number)
        places[~used] = np.stack([left + rank % wide * 14.0, bottom + 40.0 + rank // wide * 14.0], axis=1)
    return places


def _barycentres(members: sparse.csr_array, places: Floats) -> Floats:
    """Returns the mean position of each column's stories; the origin for a column without any."""
    counts = np.asarray(members.sum(axis=0)).ravel()
    means: Floats = (members.T @ places) / np.maximum(counts, 1.0)[:, None]
    return means


def place_discs(shared: sparse.csr_array, radii: Floats) -> Floats:
    """Returns centres of discs of those radii, near each other if they share columns, without overlaps."""
    count = len(radii)
    if count == 0:
        return np.zeros((0, 2))
    if count == 1:
        return np.zeros((1, 2))
    weights = _normalised(shared)
    back = weights.T.tocsr()
    start = _sunflower(np.argsort(-radii, kind="stable"))
    embedded = _embed(weights, back, start)
    # Half of the area of the picture is discs; the rest is room to move and to read labels in.
    areas = np.pi * (radii + GAP / 2) ** 2
    centres = _rounded(_spread(embedded, areas), areas) * np.sqrt(areas.sum() / 0.62 / 1.2)
    degree = np.maximum(np.asarray(weights @ (back @ np.ones(count))), 1e-12)
    has_likes = degree > 1e-9
    near = _Near(radii)
    # Pulling on thousands of discs would crowd them faster than they can be pushed apart.
    for step in range(40 if count < 2_000 else 0):
        likes = (weights @ (back @ centres)) / degree[:, None]
        centres[has_likes] += 0.05 * (1.0 - step / 40) * (likes - centres)[has_likes]
        near.push_apart(centres)
    for _ in range(300):
        if not near.push_apart(centres):
            break
    centred: Floats = centres - (centres.min(axis=0) + centres.max(axis=0)) / 2
    return centred


def _normalised(shared: sparse.csr_array) -> sparse.csr_array:
    """Returns rows of unit length. Rare columns weigh more: a topic that every event has says nothing about any of
    them."""
    presence = sparse.csr_array((np.ones_like(shared.data), shared.indices, shared.indptr), shape=shared.shape)
    events_with = np.asarray(presence.sum(axis=0)).ravel()
    rarity = np.where(events_with > 1, np.log(1.0 + shared.shape[0] / np.maximum(events_with, 1.0)), 0.0)
    damped = presence.copy()
    damped.data = np.log1p(shared.data)
    weighted = damped @ sparse.diags_array(rarity)
    length = np.sqrt(np.asarray((weighted * weighted).sum(axis=1)).ravel())
    return (sparse.diags_array(1.0 / np.maximum(length, 1e-12)) @ weighted).tocsr()


def _sunflower(order: Integers) -> Floats:
    """Returns points of the unit disc, evenly spread. The first of ``order`` is at the centre."""
    places = np.empty((len(order), 2))
    rank = np.arange(len(order))
    out = np.sqrt((rank + 0.5) / len(order))
    places[order, 0] = out * np.cos(rank * GOLDEN_ANGLE)
    places[order, 1] = out * np.sin(rank * GOLDEN_ANGLE)
    return places


def _embed(weights: sparse.csr_array, back: sparse.csr_array, start: Floats) -> Floats:
    """Returns the two slowest modes of the walk from event to shared topic to event, by power iteration from
    ``start``."""
    degree = np.maximum(np.asarray(weights @ (back @ np.ones(len(start)))), 1e-12)
    share = degree / degree.sum()
    modes = start.copy()
    for _ in range(80):
        # Half a step (a lazy walk) keeps the sign of every mode, so that the iteration can't alternate.
        modes = 0.5 * modes + 0.5 * (weights @ (back @ modes)) / degree[:, None]
        modes -= share @ modes
        modes[:, 0] /= max(np.sqrt(share @ modes[:, 0] ** 2), 1e-12)
        modes[:, 1] -= (share @ (modes[:, 0] * modes[:, 1])) * modes[:, 0]
        modes[:, 1] /= max(np.sqrt(share @ modes[:, 1] ** 2), 1e-12)
    return modes


def _spread(modes: Floats, areas: Floats) -> Floats:
    """Returns the embedding evenly spread. A rectangle of sides 1.2 and 1 is halved again and again, with its points
    ordered by their position in the embedding, so that each point gets a cell of its share of the area. Neighbours stay
    neighbours."""
    places = np.empty_like(modes)
    todo = [(np.arange(len(modes)), -0.6, 0.6, -0.5, 0.5)]
    while todo:
        members, left, right, top, bottom = todo.pop()
        axis = 0 if right - left >= bottom - top else 1
        order = members[np.lexsort((members, modes[members, axis]))]
        ends = np.cumsum(areas[order])
        if len(order) <= 4:
            middles = (ends - areas[order] / 2) / ends[-1]
            places[order, axis] = (left, top)[axis] + middles * ((right - left, bottom - top)[axis])
            places[order, 1 - axis] = ((top + bottom) / 2, (left + right) / 2)[axis]
            continue
        cut = int(np.clip(np.searchsorted(ends, ends[-1] / 2), 1, len(order) - 1))
        share = ends[cut - 1] / ends[-1]
        if axis == 0:
            middle = left + share * (right - left)
            todo += [(order[:cut], left, middle, top, bottom), (order[cut:], middle, right, top, bottom)]
        else:
            middle = top + share * (bottom - top)
            todo += [(order[:cut], left, right, top, middle), (order[cut:], left, right, middle, bottom)]
    return places


def _rounded(places: Floats, areas: Floats) -> Floats:
    """Returns the rectangle of :func:`_spread` as an ellipse of the same area, by the concentric map, which keeps areas
    (P. Shirley and K. Chiu, "A low distortion map between disk and square", Journal of Graphics Tools 2, 1997). Each
    point is moved by a part of its own cell, so that the rows of the rectangle don't show."""
    half = np.array([0.6, 0.5])
    a, b = (places / half).T
    wide = np.abs(a) > np.abs(b)
    out = np.where(wide, a, b)
    ratio = np.divide(np.where(wide, b, a), out, out=np.zeros_like(out), where=out != 0)
    turn = np.where(wide, np.pi / 4 * ratio, np.pi / 2 - np.pi / 4 * ratio)
    round_ = np.stack([out * np.cos(turn), out * np.sin(turn)], axis=1) * half * (2 / np.sqrt(np.pi))
    shift = np.arange(len(places)) * GOLDEN_ANGLE
    reach = 0.35 * np.sqrt(1.2 * areas / areas.sum())
    moved: Floats = round_ + np.stack([np.cos(shift), np.sin(shift)], axis=1) * reach[:, None]
    return moved


class _Near:
    """Pushes overlapping discs apart. Pairs that may overlap are looked up with slack and used again until some disc
    has moved by half of it (L. Verlet's neighbour lists, Physical Review 159, 1967)."""

    def __init__(self, radii: Floats, gap: float = GAP) -> None:
        self.radii = radii
        self.gap = gap
        self.slack = 2.0 * gap
        self.looked_up: Floats | None = None
        classes = np.floor(np.log2(np.maximum(radii, 1.0))).astype(np.int64)
        #: Discs by size, with the most that a radius of the size can be: so one huge disc does not make neighbours of
        #: all small ones.
        self.kinds = [(np.flatnonzero(classes == kind), 2.0 ** (kind + 1)) for kind in np.unique(classes)]

    def push_apart(self, centres: Floats) -> bool:
        """Does one round, in place; the smaller of two discs moves more. Returns whether any overlapped."""
        if self.looked_up is None or np.abs(centres - self.looked_up).max() > self.slack / 3:
            self.looked_up = centres.copy()
            self.first, self.second = self._pairs(centres)
            self.wanted = self.radii[self.first] + self.radii[self.second] + self.gap
        apart = centres[self.second] - centres[self.first]
        distance = np.sqrt(apart[:, 0] ** 2 + apart[:, 1] ** 2)
        touching = np.flatnonzero(self.wanted - distance > 0.05 * self.gap)
        if not len(touching):
            return False
        first, second, apart, distance = (
            self.first[touching],
            self.second[touching],
            apart[touching],
            distance[touching],
        )
        overlap = self.wanted[touching] - distance
        # Two discs at the very same position move in a direction given by their numbers.
        same = distance < 1e-9
        turn = (first[same] + second[same]) * GOLDEN_ANGLE
        apart[same] = np.stack([np.cos(turn), np.sin(turn)], axis=1)
        distance[same] = 1.0
        move = apart * (0.55 * overlap / distance)[:, None]
        weight_first, weight_second = self.radii[first] ** 2, self.radii[second] ** 2
        share = weight_second / (weight_first + weight_second)
        for axis in (0, 1):
            centres[:, axis] -= np.bincount(first, move[:, axis] * share, minlength=len(centres))
            centres[:, axis] += np.bincount(second, move[:, axis] * (1 - share), minlength=len(centres))
        return True

    def _pairs(self, centres: Floats) -> tuple[Integers, Integers]:
        """Returns pairs of discs that may overlap soon, each once."""
        firsts: list[Integers] = []
        seconds: list[Integers] = []
        trees = [cKDTree(centres[members]) for members, _ in self.kinds]
        for larger, (members, limit) in enumerate(self.kinds):
            pairs = trees[larger].query_pairs(2 * limit + self.gap + self.slack, output_type="ndarray")
            firsts.append(members[pairs[:, 0]])
            seconds.append(members[pairs[:, 1]])
            for smaller in range(larger):
                others, other_limit = self.kinds[smaller]
                reach = limit + other_limit + self.gap + self.slack
                found = trees[larger].sparse_distance_matrix(trees[smaller], reach, output_type="coo_matrix")
                firsts.append(members[found.row])
                seconds.append(others[found.col])
        first, second = np.concatenate(firsts), np.concatenate(seconds)
        apart = centres[second] - centres[first]
        reach = self.radii[first] + self.radii[second] + self.gap + self.slack
        near = np.flatnonzero(apart[:, 0] ** 2 + apart[:, 1] ** 2 < reach**2)
        # Sums of floats depend on the order of their terms.
        near = near[np.lexsort((second[near], first[near]))]
        return first[near].astype(np.int64), second[near].astype(np.int64)


def spread_discs(centres: Floats, radii: Floats, *, gap: float) -> Floats:
    """Returns discs of those radii, moved as little as needed until they no longer overlap (or 400 rounds are over)."""
    moved = centres.astype(np.float64)
    near = _Near(radii, gap)
    for _ in range(400):
        if not near.push_apart(moved):
            break
    return moved


def _beside(points: Floats, own: Floats, centres: Floats, radii: Floats) -> Floats:
    """Returns small nodes of radii ``own`` moved out of the discs and apart from each other, as far as there is
    space."""
    if not len(points) or not len(centres):
        return points + 0.0
    points = points.copy()
    tree = cKDTree(centres)
    near = min(6, len(centres))
    rows = np.arange(len(points))
    crowd = _Near(own, 4.0)
    for _ in range(150):
        crowded = crowd.push_apart(points)
        distance, which = tree.query(points, k=near)
        distance, which = distance.reshape(len(points), near), which.reshape(len(points), near)
        room = distance - radii[which] - own[:, None]
        worst = np.argmin(room, axis=1)
        moved = np.flatnonzero(room[rows, worst] < 1.0)
        if not crowded and not len(moved):
            break
        disc = which[moved, worst[moved]]
        away = points[moved] - centres[disc]
        length = np.hypot(away[:, 0], away[:, 1])
        turn = moved * GOLDEN_ANGLE
        away = np.where((length < 1e-6)[:, None], np.stack([np.cos(turn), np.sin(turn)], axis=1), away)
        length = np.maximum(np.hypot(away[:, 0], away[:, 1]), 1e-9)
        points[moved] = centres[disc] + away * ((radii[disc] + own[moved] + 2.0) / length)[:, None]
    return points
