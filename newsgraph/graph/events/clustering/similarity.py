"""How alike two texts are, for merging groups and for splitting them: this is the only place that defines it.

``similarities`` turns cosines of smoothed vectors and the time between the stories into similarities. Both the links by
which groups are merged (``neighbours.links``) and those by which a group is judged (``group_similarities``) come from
it.

If a sentence model is used, its judgement of two titles is blended in here and nowhere else: a cosine of words is
multiplied by a factor that rises with the likeness of the titles (``factors``). So two texts without a common word are
never alike, and where the model knows nothing, the words alone decide.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.sentences import Sentences, likeness_table, trust_table
from newsgraph.graph.events.text.vectors import UNIT, Int, Vectors, products

Float = NDArray[np.float64]

ROWS = 512
"""Rows whose titles are compared in one go."""


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


def factors(likeness: Float, trust: Float, settings: EventSettings) -> Float:
    """What cosines of words are multiplied by: 1 where the likeness of the titles isn't to be trusted at all."""
    whole = np.clip(settings.semantic_slope * likeness, 0.0, settings.semantic_most)
    return np.asarray(1.0 + trust * (whole - 1.0), dtype=np.float64)


def pair_factors(left: Int, right: Int, rows: Sentences, columns: Sentences, settings: EventSettings) -> Float:
    """The factors of pairs (row, column), given in order of rows."""
    found = np.ones(len(left))
    for start in range(0, len(rows.weights), ROWS):
        first, last = np.searchsorted(left, [start, start + ROWS])
        if first == last:
            continue
        low, high = int(right[first:last].min()), int(right[first:last].max()) + 1
        one, other = (
            rows.take(np.arange(start, min(start + ROWS, len(rows.weights)))),
            columns.take(np.arange(low, high)),
        )
        table = factors(likeness_table(one, other), trust_table(one, other), settings)
        found[first:last] = table[left[first:last] - start, right[first:last] - low]
    return found


def floor_of(vectors: Vectors, settings: EventSettings) -> float:
    """The cosine of words from which a pair is looked at: lower where titles may raise it to ``pair_floor``."""
    return settings.pair_floor if vectors.sentences is None else settings.semantic_floor


def group_similarities(vectors: Vectors, times: Int, related: Int, settings: EventSettings) -> Float:
    """Returns the similarities of all pairs of a group's texts, as a square table; 0 beyond the window or below the
    floor.

    ``related``: pairs of rows of which one lists the other as related, as an array of two columns.
    """
    window = int(settings.window_hours * 3600)
    cosines = products(vectors) / (UNIT * UNIT)
    cosines[cosines <= floor_of(vectors, settings)] = 0.0
    if vectors.sentences is not None:
        titles = vectors.sentences
        cosines *= factors(likeness_table(titles, titles), trust_table(titles, titles), settings)
        cosines[cosines <= settings.pair_floor] = 0.0
    apart = np.abs(times[:, None] - times[None, :])
    near = apart <= window
    table = np.where(near, similarities(cosines, np.minimum(apart, window), settings), 0.0)
    if len(related):
        bonus = np.zeros(table.shape, dtype=bool)
        bonus[related[:, 0], related[:, 1]] = bonus[related[:, 1], related[:, 0]] = True
        table += settings.related_bonus * (bonus & near)
    return np.asarray(np.minimum(table, 1.0), dtype=np.float64)
