"""Tells which stories surely belong to their event. Only such a story can be named as the first."""

from collections.abc import Sequence
from statistics import median

from newsgraph.graph.events.settings import EventSettings


def weak_fits(scores: Sequence[float], settings: EventSettings) -> list[bool]:
    """Tells, for the score of each of an event's stories, whether that story fits the event badly (its fit is weak).

    A fit is weak if the score is below ``weak_share`` of the event's median score. Events of fewer than
    ``weak_stories`` have no weak fits. A story that is in an event by mistake is most often at the edge of the event,
    and often it is the earliest one. The stories of an event are never all weak.

    >>> weak_fits([0.8, 0.7, 0.9, 0.2, 0.8, 0.8], EventSettings())
    [False, False, False, True, False, False]
    """
    if len(scores) < settings.weak_stories:
        return [False] * len(scores)
    least = settings.weak_share * median(scores)
    return [score < least for score in scores]
