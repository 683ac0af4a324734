"""Finds events whose texts say nearly the same."""

from collections.abc import Sequence

import numpy as np

from newsgraph.graph.events.clustering.derivation import ScoredGroup
from newsgraph.graph.events.clustering.neighbours import alike
from newsgraph.graph.events.clustering.undated import means, span
from newsgraph.graph.events.model import Background, EventSettings, StoryText
from newsgraph.graph.events.text.background import ceilings
from newsgraph.graph.events.text.vectors import UNIT


def nearest_events(
    events: Sequence[Sequence[StoryText]], background: Background, settings: EventSettings, least: float
) -> list[tuple[int, int, float]]:
    """Returns pairs of events, by position, whose mean texts have a cosine of ``least`` or more, with that cosine; the
    most alike first. The two events must be within one window of time."""
    found = [ScoredGroup(tuple(stories), (1.0,) * len(stories)) for stories in events]
    if len(found) < 2:
        return []
    texts = means(found, settings, ceilings(background, settings))
    bounds = np.array([span(one) for one in found], dtype=np.int64)
    starts = bounds[:, 0]
    window = int(settings.window_hours * 3600)
    longest = int((bounds[:, 1] - bounds[:, 0]).max())
    pairs = alike(texts, texts, starts, starts, window + longest, least, within=False)
    near = [
        (int(one), int(other), round(float(value) / (UNIT * UNIT), 4))
        for one, other, value in zip(pairs.left, pairs.right, pairs.values, strict=True)
        if one < other and bounds[one, 0] <= bounds[other, 1] + window and bounds[other, 0] <= bounds[one, 1] + window
    ]
    return sorted(near, key=lambda pair: (-pair[2], pair[0], pair[1]))
