"""Derives the events of one stretch of time exactly, from the stories of that stretch and of a margin around it.

A story's links depend on the stories within two windows of it: its own vector is smoothed with its neighbours, and so
are those of its neighbours. A group is final when all links of all its stories are known and none of its links to
others reaches the threshold; nothing farther away can change it then (see ``graph.events.clustering.agglomerate``). The
margin grows until every story of the stretch is in a final group. A group belongs to the stretch that its earliest text
is in, so that each group belongs to one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from newsgraph.graph.events.clustering.agglomerate import Agglomeration
from newsgraph.graph.events.clustering.derivation import ScoredGroup, events_of
from newsgraph.graph.events.clustering.neighbours import Pairs
from newsgraph.graph.events.clustering.stretches import Stretches
from newsgraph.graph.events.model import EventSettings
from newsgraph.graph.events.text.vectors import Int

#: The margin, in windows, that is tried first: the links of stories two windows before and one after are then known.
MARGIN = 4


@dataclass(frozen=True, slots=True)
class Stretch:
    """The events of a stretch of time, and the first and last second of the stories that they depend on."""

    events: list[ScoredGroup]
    low: int
    high: int


def derive_stretch(world: Stretches, start: int, end: int) -> Stretch:
    """Returns the events whose earliest text is from second ``start`` to before second ``end``.

    What was worked out for earlier stretches in the same ``world`` is not worked out again, as far as it is in the
    margin of this one. The rest is forgotten.
    """
    settings = world.settings
    margin = MARGIN * world.window
    world.forget(start - margin)
    while True:
        low, high = start - margin, end - 1 + margin
        world.cover([(low, high)])
        groups = _final(world, low, high, settings)
        rows = np.flatnonzero((world.times >= start) & (world.times < end))
        settled = np.concatenate([np.zeros(0, dtype=np.int64), *groups])
        if np.isin(rows, settled).all():
            own = [world.group(group) for group in groups if start <= world.times[group[0]] < end]
            return Stretch(events_of(own, settings), low, high)
        margin *= 2


def _final(world: Stretches, low: int, high: int, settings: EventSettings) -> list[Int]:
    """Returns the groups that can't change any more, as rows, where only what lies between two seconds is known.

    The world may know links of other stretches, too, which are left aside.
    """
    window, times = world.window, world.times
    linked = (times >= low + 2 * window) & (times <= high - 2 * window)
    world.link(linked)
    merging = Agglomeration(settings.threshold)
    known = linked[world.pairs.left]
    pairs = Pairs(world.pairs.left[known], world.pairs.right[known], world.pairs.values[known])
    merging.add(np.flatnonzero((times >= low + window) & (times <= high - 2 * window)), pairs)
    merging.close(np.flatnonzero(linked & (times <= high - 3 * window)))
    return merging.settle()
