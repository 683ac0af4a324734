"""How alike two texts are, for merging groups and for splitting them: this is the only place that defines it.

``similarities`` turns cosines of smoothed vectors and the time between the stories into similarities. Both the links by
which groups are merged (``neighbours.links``) and those by which a group is judged (``group_similarities``) come from
it. So a further similarity, such as that of sentence vectors, need only be added here.
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
    """Returns the factor by which a similarity is lowered after so many minutes. It is computed by the C library, so
    that it is the same wherever it stands in an array."""
    minutes = int(settings.window_hours * 60) + 1
    return np.array([math.exp(-minute / 60.0 / settings.decay_hours) for minute in range(minutes + 1)])


def similarities(cosines: Float, apart: Int, settings: EventSettings) -> Float:
    """Returns similarities, 0..1, from cosines and the seconds between the stories. It is 0 where these exceed the
    window."""
    return cosines * fading(settings)[apart // 60]


def group_similarities(vectors: Vectors, times: Int, related: Int, settings: EventSettings) -> Float:
    """Returns the similarities of all pairs of a group's texts, as a square table; 0 beyond the window or below the
    floor.

    ``related``: pairs of rows of which one lists the other as related, as an array of two columns.
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
