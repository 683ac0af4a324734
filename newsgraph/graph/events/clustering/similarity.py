"""How alike two texts are, as the merging and the parting of groups go by it: the one place that says so.

``similarities`` turns cosines of smoothed vectors and the time between into similarities. Both the links that groups
are merged by (``neighbours.links``) and those that a group is judged by (``group_similarities``) come from it, so that
a further similarity, such as that of sentence vectors, is blended in here and nowhere else.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.vectors import UNIT, Int, Vectors, matrix

Float = NDArray[np.float64]


@lru_cache(maxsize=8)
def fading(settings: EventSettings) -> Float:
    """What is left of a similarity after so many minutes; from the C library, so the same for every element."""
    minutes = int(settings.window_hours * 60) + 1
    return np.array([math.exp(-minute / 60.0 / settings.decay_hours) for minute in range(minutes + 1)])


def similarities(cosines: Float, apart: Int, settings: EventSettings) -> Float:
    """Similarities, 0..1, from cosines and the seconds between, none above the window."""
    return cosines * fading(settings)[apart // 60]


def group_similarities(vectors: Vectors, times: Int, related: Int, settings: EventSettings) -> Float:
    """The similarities of all pairs of a group's texts, as a square table; 0 beyond the window or below the floor.

    ``related``: pairs of rows one of which lists the other as related, as an array of two columns.
    """
    window = int(settings.window_hours * 3600)
    rows = matrix(vectors, np.unique(vectors.terms))
    cosines = (rows @ rows.T).toarray() / (UNIT * UNIT)
    cosines[cosines <= settings.pair_floor] = 0.0
    apart = np.abs(times[:, None] - times[None, :])
    near = apart <= window
    table = np.where(near, similarities(cosines, np.minimum(apart, window), settings), 0.0)
    if len(related):
        bonus = np.zeros(table.shape, dtype=bool)
        bonus[related[:, 0], related[:, 1]] = bonus[related[:, 1], related[:, 0]] = True
        table += settings.related_bonus * (bonus & near)
    return np.asarray(np.minimum(table, 1.0), dtype=np.float64)
