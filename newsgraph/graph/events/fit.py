"""Tells which stories surely belong to their event. Only such a story can be named as the first."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from statistics import median

from newsgraph.graph.events.model import DerivedEvent, StoryText
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


def able_to_be_first(
    event: DerivedEvent, texts: Mapping[str, StoryText], copies: Collection[str]
) -> list[tuple[datetime, StoryText]]:
    """Returns the times and stories of an event that can be named as its first, in their order: those of a sure time
    that fit well and are no copies. ``texts`` maps ids to stories, and stories that it lacks are left out. ``copies``
    are the ids of copies."""
    able = [
        (story.published_at, story)
        for member in event.members
        if (story := texts.get(member.story_id)) is not None
        and story.published_at is not None
        and story.date_sure
        and not member.weak_fit
        and story.id not in copies
    ]
    return sorted(able, key=lambda timed: (timed[0], timed[1].id))
