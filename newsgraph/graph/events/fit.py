"""Which stories surely belong to their event: only those can have been first."""

from collections.abc import Sequence
from statistics import median

from newsgraph.graph.events.settings import EventSettings


def weak_fits(scores: Sequence[float], settings: EventSettings) -> list[bool]:
    """For each of an event's stories, by their scores, whether its fit is weak.

    Weak is a score below ``weak_share`` of the event's median, in events of ``weak_stories`` or more. A story that is
    in an event by mistake is most often one of those at its edge, and often the earliest, as an event begins where the
    day before ends. Never are all of an event's stories weak.

    >>> weak_fits([0.8, 0.7, 0.9, 0.2, 0.8, 0.8], EventSettings())
    [False, False, False, True, False, False]
    """
    if len(scores) < settings.weak_stories:
        return [False] * len(scores)
    least = settings.weak_share * median(scores)
    return [score < least for score in scores]
