"""Stories as the resolver compares them: those with the very same words at the same time are one voice."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from newsgraph.graph.events.model import StoryText
from newsgraph.graph.events.moments import EPOCH, seconds
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.background import Ceilings
from newsgraph.graph.events.text.texts import Reading, read, stable_id
from newsgraph.graph.events.text.vectors import Int, Vectors, vectorise

CROWD = 200
"""Texts. From so many in one half of a day that are the same but for numbers and odd words, they are one voice: each
compared with each, tens of thousands would cost the square of their number and say nothing new."""
FRAME_WORDS = 4
"""Words that a crowd's texts have in common at least ..."""
FRAME_SHARE = 0.7
"""... and their share of each text."""
COMMON_WORD = 20
"""Texts of one half of a day. A word that fewer have is odd: it may be a name filled in."""

Key = tuple[str, int]
"""A text's words, and its half of a day."""


def story_order(story: StoryText) -> tuple[int, datetime, str]:
    """Earliest first: sure dates, then unsure ones, then none; ties by id."""
    if story.published_at is None:
        return 2, EPOCH, story.id
    moment = story.published_at if story.published_at.tzinfo else story.published_at.replace(tzinfo=UTC)
    return (0 if story.date_sure else 1), moment, story.id


@dataclass(frozen=True, slots=True)
class Voices:
    """Distinct texts in order of time."""

    stories: tuple[tuple[StoryText, ...], ...]
    """Of each, the stories that say it, earliest first; the first speaks for all."""
    readings: tuple[Reading, ...]
    times: Int
    """Seconds since 1970 of the first story."""
    keys: Int
    """Hash of the id of the first story."""
    vectors: Vectors


def voices(
    stories: Iterable[StoryText], settings: EventSettings, highest: Ceilings, *, timeless: bool = False
) -> Voices:
    """Group stories by their words and their half of the day (``same_text_hours``).

    The halves are those of the UTC day, not counted from the first story, so that no story decides about others.
    Without words, every story is a voice of its own. ``timeless`` leaves times out: all at one instant.
    """
    bucket = max(1, int(settings.same_text_hours * 3600))
    groups: dict[Key, list[StoryText]] = {}
    readings: dict[Key, Reading] = {}
    for story in sorted(stories, key=story_order):
        reading = read(story)
        time = 0 if timeless or story.published_at is None else seconds(story.published_at) // bucket
        key = (reading.key if reading.title or reading.excerpt else f"|{story.id}|", time)
        if key in groups:
            groups[key].append(story)
        else:
            groups[key], readings[key] = [story], reading
    for together in crowds(readings):
        first = together[0]
        stories_of = sorted((story for key in together for story in groups[key]), key=story_order)
        for key in together[1:]:
            del groups[key], readings[key]
        groups[first] = stories_of
    return assemble(list(groups.values()), [readings[key] for key in groups], settings, highest, timeless=timeless)


def crowds(readings: Mapping[Key, Reading]) -> list[list[Key]]:
    """Texts of one half of a day that are the same but for numbers and odd words, if there are very many; in order."""
    halves: dict[int, list[Key]] = {}
    for key in readings:
        halves.setdefault(key[1], []).append(key)
    found: list[list[Key]] = []
    for keys in halves.values():
        if len(keys) < CROWD:
            continue
        counts = Counter(word for key in keys for word in set(readings[key].title))
        frames: dict[tuple[str, ...], list[Key]] = {}
        for key in keys:
            title = readings[key].title
            frame = tuple(word for word in title if counts[word] >= COMMON_WORD and not word[0].isdigit())
            if len(frame) >= FRAME_WORDS and len(frame) >= FRAME_SHARE * len(title):
                frames.setdefault(frame, []).append(key)
        found.extend(together for together in frames.values() if len(together) >= CROWD)
    return found


def assemble(
    groups: Sequence[Sequence[StoryText]],
    readings: Sequence[Reading],
    settings: EventSettings,
    highest: Ceilings,
    *,
    timeless: bool,
) -> Voices:
    times = np.array(
        [0 if timeless or group[0].published_at is None else seconds(group[0].published_at) for group in groups],
        dtype=np.int64,
    )
    return Voices(
        tuple(tuple(group) for group in groups),
        tuple(readings),
        times,
        np.array([stable_id(group[0].id) for group in groups], dtype=np.int64),
        vectorise(readings, settings, highest),
    )
