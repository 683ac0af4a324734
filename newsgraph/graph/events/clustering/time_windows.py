"""Forms groups of stories about one event, one slice of time after another.

A slice is at least one window long. So the neighbours of a story are in its own slice or in one of the two beside it,
and only these slices are in memory. The module ``agglomerate`` says why the groups are the same as if all stories were
looked at together.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from newsgraph.graph.events.clustering.agglomerate import Agglomeration
from newsgraph.graph.events.clustering.distinct_texts import (
    DistinctTexts,
    Voice,
    assemble,
    half_day_seconds,
    story_order,
)
from newsgraph.graph.events.clustering.neighbours import Pairs, Rows, links, smoothed
from newsgraph.graph.events.model import StoryText
from newsgraph.graph.events.moments import seconds
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.background import Ceilings
from newsgraph.graph.events.text.texts import Reading
from newsgraph.graph.events.text.vectors import Int, Vectors, stack, take

SLICE_STORIES = 4000
"""A slice is extended until it has so many stories. So a year with few stories isn't cut into a hundred slices."""


@dataclass(frozen=True, slots=True)
class Group:
    """The voices (distinct texts) that cover one event."""

    stories: tuple[tuple[StoryText, ...], ...]
    """For each voice, its stories."""
    readings: tuple[Reading, ...]
    times: Int
    vectors: Vectors
    """The vectors of the texts alone, before smoothing."""
    smooth: Vectors


def pick(group: Group, rows: Int) -> Group:
    """Returns a group of some of the group's voices, given by their rows."""
    return Group(
        tuple(group.stories[row] for row in rows),
        tuple(group.readings[row] for row in rows),
        group.times[rows],
        take(group.vectors, rows),
        take(group.smooth, rows),
    )


@dataclass(slots=True)
class Slice:
    """One stretch of time while it is worked on."""

    texts: DistinctTexts
    smooth: Vectors
    first: int
    """The number of its first voice. Numbers rise with time, across all slices."""
    left: int
    """The voices that are in no final group yet."""


def slices(stories: Iterable[StoryText], settings: EventSettings) -> Iterator[list[StoryText]]:
    """Yields stories in order of time, in slices that begin at a half day (``same_text_hours``) and are a window or
    longer."""
    bucket = half_day_seconds(settings)
    window = int(settings.window_hours * 3600)
    part: list[StoryText] = []
    start = end = 0
    for story in sorted(stories, key=story_order):
        time = 0 if story.published_at is None else seconds(story.published_at)
        bound = time // bucket * bucket
        if part and bound >= end and (len(part) >= SLICE_STORIES) and bound - start > window:
            yield part
            part = []
        if not part:
            start = bound
        end = bound + bucket
        part.append(story)
    if part:
        yield part


def sweep(
    parts: Iterable[list[Voice]],
    settings: EventSettings,
    highest: Ceilings,
    *,
    timeless: bool = False,
) -> Iterator[list[Group]]:
    """Yields groups of voices, given in slices of time, as soon as they are final."""
    run = Sweep(settings, highest, timeless=timeless)
    for part in parts:
        yield run.push(part)
    yield run.finish()


def listed_pairs(stories: Sequence[tuple[StoryText, ...]], times: Int, rows: Int, window: int) -> Int:
    """Pairs (one of ``rows``, an earlier voice) of voices within the window one of which lists the other as related."""
    none = np.zeros((0, 2), dtype=np.int64)
    listing = [(row, other) for row, voice in enumerate(stories) for story in voice for other in story.related]
    if not listing:
        return none
    place = {story.id: row for row, voice in enumerate(stories) for story in voice}
    pairs = np.array([(row, place[other]) for row, other in listing if other in place], dtype=np.int64)
    if not len(pairs):
        return none
    low, high = pairs.min(axis=1), pairs.max(axis=1)
    kept = (low < high) & (times[high] - times[low] <= window) & np.isin(high, rows)
    return np.column_stack([high[kept], low[kept]])


class Sweep:
    """Takes slices in order of time and returns groups when they are final."""

    def __init__(self, settings: EventSettings, highest: Ceilings, *, timeless: bool) -> None:
        self.settings = settings
        self.highest = highest
        self.timeless = timeless
        self.window = int(settings.window_hours * 3600)
        self.agglomeration = Agglomeration(settings.threshold)
        self.recent: list[Slice] = []
        """The last slice, which isn't smoothed yet, and the two before it."""
        self.held: list[Slice] = []
        """The slices that still have voices in no final group."""
        self.number = 0

    def push(self, part: list[Voice]) -> list[Group]:
        found = assemble(part, self.settings, self.highest, timeless=self.timeless)
        self.recent.append(Slice(found, found.vectors, self.number, len(found.voices)))
        self.held.append(self.recent[-1])
        self.number += len(found.voices)
        if len(self.recent) == 1:
            return []
        self.link(len(self.recent) - 2)
        for before in self.recent[:-2]:
            self.close(before)
        self.recent = self.recent[-2:]
        return self.collect()

    def finish(self) -> list[Group]:
        if not self.recent:
            return []
        self.link(len(self.recent) - 1)
        for before in self.recent:
            self.close(before)
        return self.collect()

    def close(self, part: Slice) -> None:
        self.agglomeration.close(part.first + np.arange(len(part.texts.times)))

    def link(self, index: int) -> None:
        """Smooths one of the recent slices and links its voices to each other and to those of the slice before."""
        part = self.recent[index]
        around = self.recent[max(0, index - 1) : index + 2]
        texts = stack([one.texts.vectors for one in around])
        times = np.concatenate([one.texts.times for one in around])
        offset = part.first - around[0].first
        rows = np.arange(offset, offset + len(part.texts.times))
        part.smooth = smoothed(rows, texts, times, self.settings)

        columns = self.recent[max(0, index - 1) : index + 1]
        first = columns[0].first
        times = np.concatenate([one.texts.times for one in columns])
        keys = np.concatenate([one.texts.keys for one in columns])
        mine = np.arange(part.first - first, len(times))
        stories = [voice.stories for one in columns for voice in one.texts.voices]
        listed = listed_pairs(stories, times, mine, self.window)
        listed[:, 0] -= part.first - first
        compared = Rows(stack([one.smooth for one in columns]), times, keys)
        pairs = links(compared.pick(mine), compared, mine, listed, self.settings).pairs
        self.agglomeration.add(mine + first, Pairs(mine[pairs.left] + first, pairs.right + first, pairs.values))

    def collect(self) -> list[Group]:
        """Returns the groups that are final now, with the texts that they are made of."""
        final = self.agglomeration.settle()
        groups: list[Group] = []
        if final:
            starts = np.array([one.first for one in self.held])
            offsets = np.cumsum([0] + [len(one.texts.voices) for one in self.held])
            texts = stack([one.texts.vectors for one in self.held])
            smooth = stack([one.smooth for one in self.held])
            for numbers in final:
                parts = np.searchsorted(starts, numbers, side="right") - 1
                rows = numbers - starts[parts]
                for part in parts:
                    self.held[part].left -= 1
                places = list(zip([self.held[part].texts for part in parts], rows.tolist(), strict=True))
                voices = [one.voices[row] for one, row in places]
                groups.append(
                    Group(
                        tuple(voice.stories for voice in voices),
                        tuple(voice.reading for voice in voices),
                        np.array([one.times[row] for one, row in places]),
                        take(texts, offsets[parts] + rows),
                        take(smooth, offsets[parts] + rows),
                    )
                )
            self.held = [one for one in self.held if one.left or one in self.recent]
        return groups
