"""Events that two names nearly divide: a less strict :mod:`newsgraph.graph.events.text.actors` would split them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from newsgraph.graph.events.clustering.distinct_texts import distinct_texts
from newsgraph.graph.events.clustering.time_windows import Group
from newsgraph.graph.events.model import Background, EventSettings, StoryText
from newsgraph.graph.events.text.actors import Actors
from newsgraph.graph.events.text.background import ceilings


@dataclass(frozen=True, slots=True)
class Seam:
    """The ids of the stories on the two sides of an event; ``share``: of its texts on the smaller side, up to 0.5."""

    one: tuple[str, ...]
    other: tuple[str, ...]
    share: float


def seam_of(stories: Sequence[StoryText], background: Background, settings: EventSettings) -> Seam | None:
    """How two names divide an event, each in a quarter of its texts, which hardly share other names; None where none
    do. The sides may be more alike, and may meet in more titles, than where an event is split."""
    eased = replace(settings, actor_both=0.2, actor_bridge=0.8, actor_likeness=0.95, actor_cover=0.65)
    found = distinct_texts(stories, settings, ceilings(background, settings), timeless=True)
    count = len(found.stories)
    if count < 2 * eased.actor_stories:
        return None
    actors = Actors(Group(found.stories, found.readings, found.times, found.vectors, found.vectors), eased)
    rows = np.arange(count)
    pair = actors.best_pair(rows) if actors.names else None
    if pair is None:
        return None
    side = actors.sides(rows, *pair)
    parts = [
        tuple(story.id for voice, here in zip(found.stories, side, strict=True) if here == one for story in voice)
        for one in (True, False)
    ]
    if not all(parts):
        return None
    return Seam(parts[0], parts[1], round(min(int(side.sum()), count - int(side.sum())) / count, 4))
