"""Groups stories as the resolver compares them: stories with the very same words at the same time are one *voice*."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from newsgraph.graph.events.clustering.series import SERIES
from newsgraph.graph.events.clustering.series_texts import Series, found_among
from newsgraph.graph.events.model import StoryText
from newsgraph.graph.events.moments import EPOCH, seconds
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.background import Ceilings
from newsgraph.graph.events.text.sentences import sentence_reader
from newsgraph.graph.events.text.texts import Reading, read, stable_id
from newsgraph.graph.events.text.vectors import Int, Vectors, vectorise

CROWD = 200
"""A number of texts. If so many texts of one half of a day differ only in numbers and rare words, they are one voice.
Comparing tens of thousands of them with each other would take the square of their number and find nothing new."""
FRAME_WORDS = 4
"""The least number of words that all texts of a crowd have in common."""
FRAME_SHARE = 0.7
"""The least share of each text's words that these common words must be."""
COMMON_WORD = 20
"""A number of texts of one half of a day. A word in fewer texts is rare: it may be a name filled into a template."""

Key = tuple[str, int]
"""The words of a text, and the number of its half day."""


def story_order(story: StoryText) -> tuple[int, datetime, str]:
    """A sort key: stories of a sure date first, then of an unsure date, then of none; each by time, then by id."""
    if story.published_at is None:
        return 2, EPOCH, story.id
    moment = story.published_at if story.published_at.tzinfo else story.published_at.replace(tzinfo=UTC)
    return (0 if story.date_sure else 1), moment, story.id


@dataclass(frozen=True, slots=True)
class Voice:
    """One distinct text."""

    stories: tuple[StoryText, ...]
    """The stories that have this text, earliest first. Its time and key are those of the first."""
    reading: Reading
    compared: Reading
    """What it is compared by: its words without subjects or, in a series, what ``series_texts`` tells."""


@dataclass(frozen=True, slots=True)
class DistinctTexts:
    """The distinct texts ("voices") of some stories, in order of time."""

    voices: tuple[Voice, ...]
    times: Int
    """For each voice, the time of its first story, in seconds since 1970."""
    keys: Int
    """For each voice, a hash of the id of its first story."""
    vectors: Vectors
    """Of what they are compared by."""

    @property
    def stories(self) -> tuple[tuple[StoryText, ...], ...]:
        """The stories of each voice."""
        return tuple(voice.stories for voice in self.voices)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The words of each voice."""
        return tuple(voice.reading for voice in self.voices)


def half_day_seconds(settings: EventSettings) -> int:
    return max(1, int(settings.same_text_hours * 3600))


def distinct_texts(
    stories: Iterable[StoryText], settings: EventSettings, highest: Ceilings, *, timeless: bool = False
) -> DistinctTexts:
    """Groups stories into voices (see ``voices_of``), with their vectors. ``timeless`` ignores times: all stories count
    as simultaneous."""
    return assemble(voices_of(stories, settings, timeless=timeless), settings, highest, timeless=timeless)


def voices_of(stories: Iterable[StoryText], settings: EventSettings, *, timeless: bool = False) -> list[Voice]:
    """Groups stories that have the same words in the same half of a day (``same_text_hours``) into voices.

    The halves are those of the UTC day and are not counted from the first story, so that no story affects how others
    are grouped. A story without words is a voice of its own.
    """
    bucket = half_day_seconds(settings)
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
    series, own = series_of(readings, settings)
    for together in crowds({key: reading for key, reading in readings.items() if key not in series}):
        first = together[0]
        stories_of = sorted((story for key in together for story in groups[key]), key=story_order)
        for key in together[1:]:
            del groups[key], readings[key]
        groups[first] = stories_of
    return [Voice(tuple(group), readings[key], own.get(key, readings[key])) for key, group in groups.items()]


def series_of(readings: Mapping[Key, Reading], settings: EventSettings) -> tuple[dict[Key, Series], dict[Key, Reading]]:
    """Those of the texts that belong to a series of their half of a day; and, for these and for others that aren't
    compared by all their words, what they are compared by."""
    series: dict[Key, Series] = {}
    own: dict[Key, Reading] = {}
    for keys in by_half_day(readings).values():
        if len(keys) >= SERIES:
            found = found_among([readings[key] for key in keys], settings)
            series.update((keys[place], one) for place, one in found.series.items())
            own.update((keys[place], one.own) for place, one in found.series.items())
            own.update((keys[place], one) for place, one in found.beside.items())
    return series, own


def series_or_subjects(
    stories: Iterable[StoryText], story: StoryText, settings: EventSettings
) -> tuple[Series | None, tuple[str, ...]]:
    """The series that a story of sure date belongs to, if any; and if none, the words of its title that it is compared
    without (see ``subjects``). ``stories`` must hold those of its half of a day."""
    if story.published_at is None or not story.date_sure:
        return None, ()
    bucket = half_day_seconds(settings)
    half = seconds(story.published_at) // bucket
    readings: dict[Key, Reading] = {}
    for one in sorted(stories, key=story_order):
        if one.date_sure and one.published_at is not None and seconds(one.published_at) // bucket == half:
            reading = read(one)
            readings.setdefault((reading.key, half), reading)
    key = (read(story).key, half)
    series, own = series_of(readings, settings)
    if key in series or key not in own:
        return series.get(key), ()
    return None, tuple(word for word in dict.fromkeys(readings[key].title) if word not in own[key].title)


def by_half_day(keys: Iterable[Key]) -> dict[int, list[Key]]:
    """The texts of each half of a day, in their order."""
    halves: dict[int, list[Key]] = {}
    for key in keys:
        halves.setdefault(key[1], []).append(key)
    return halves


def crowds(readings: Mapping[Key, Reading]) -> list[list[Key]]:
    """Returns groups of texts of one half of a day that differ only in numbers and rare words (a crowd), in order.

    Only groups of very many texts are returned. Texts of a series (see ``series``) must not be among the readings.
    """
    found: list[list[Key]] = []
    for keys in by_half_day(readings).values():
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
    voices: Sequence[Voice], settings: EventSettings, highest: Ceilings, *, timeless: bool = False
) -> DistinctTexts:
    """The voices, given in order of time, with the vectors of what they are compared by."""
    times = np.zeros(len(voices), dtype=np.int64) if timeless else times_of(voices)
    vectors = vectorise([voice.compared for voice in voices], settings, highest)
    if settings.semantic:
        titles = sentence_reader(settings.semantic).sentences([voice.reading for voice in voices])
        vectors = replace(vectors, sentences=titles)
    return DistinctTexts(
        tuple(voices),
        times,
        np.array([stable_id(voice.stories[0].id) for voice in voices], dtype=np.int64),
        vectors,
    )


def times_of(voices: Iterable[Voice]) -> Int:
    """The time of the first story of each voice, in seconds since 1970; 0 where it isn't known."""
    moments = (voice.stories[0].published_at for voice in voices)
    return np.array([0 if moment is None else seconds(moment) for moment in moments], dtype=np.int64)
