"""Adds stories whose date is unsure or missing to events by their text. They never change what other stories form."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from newsgraph.graph.events.clustering.copies import copies_in
from newsgraph.graph.events.clustering.derivation import ScoredGroup, resolve
from newsgraph.graph.events.clustering.distinct_texts import distinct_texts
from newsgraph.graph.events.clustering.neighbours import alike
from newsgraph.graph.events.clustering.time_windows import Group, slices
from newsgraph.graph.events.model import Copy, StoryText
from newsgraph.graph.events.moments import seconds
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.background import Ceilings
from newsgraph.graph.events.text.texts import Reading, read
from newsgraph.graph.events.text.vectors import UNIT, Int, Vectors, matrix, unit_rows, vectorise

BLOCK = 4096
"""Events compared in one go."""
FOREVER = 1 << 62


def attach(
    found: Sequence[ScoredGroup], unsure: Sequence[StoryText], settings: EventSettings, highest: Ceilings
) -> list[ScoredGroup]:
    """Returns ``found`` with the unsure stories added to the events that they fit best, or in events of their own.

    Stories with an unsure date are first grouped with each other as if that date were right. Those without a date are
    grouped as if they were all of one time. Then each group joins the event whose mean text is nearest, if it is near
    enough; it must be nearer where the dates don't confirm it. Groups without a date come last, and they may join an
    event that has only unsure dates.
    """
    events = list(found)
    for stories in by_date(unsure):
        if stories:
            events = joined(events, groups_of(stories, settings, highest), settings, highest)
    return events


def by_date(unsure: Sequence[StoryText]) -> tuple[list[StoryText], list[StoryText]]:
    """Returns the stories with an unsure date, and those without any."""
    return (
        [story for story in unsure if story.published_at is not None],
        [story for story in unsure if story.published_at is None],
    )


def groups_of(stories: Sequence[StoryText], settings: EventSettings, highest: Ceilings) -> list[ScoredGroup]:
    """Returns the groups that stories with an unsure date form, or stories without any; ``stories`` are of one kind."""
    timeless = stories[0].published_at is None
    parts = [list(stories)] if timeless else slices(stories, settings)
    return [replace(group, whole="") for part in resolve(parts, settings, highest, timeless=timeless) for group in part]


def joined(
    events: list[ScoredGroup], groups: list[ScoredGroup], settings: EventSettings, highest: Ceilings
) -> list[ScoredGroup]:
    """Returns ``events`` with each of ``groups`` added to its nearest event, or as a new event after them."""
    best = nearest(events, groups, settings, highest)
    added: dict[int, list[tuple[ScoredGroup, float]]] = {}
    alone: list[ScoredGroup] = []
    for group, found in zip(groups, best, strict=True):
        if found is None:
            alone.append(group)
        else:
            added.setdefault(found.event, []).append((group, found.likeness))
    result = list(events)
    for index, more in added.items():
        result[index] = with_groups(events[index], more, settings, highest)
    return result + alone


@dataclass(frozen=True, slots=True)
class Nearest:
    """The event, by position, that a group is nearest to, with the likeness of their texts and the event's first story
    by id. Of equally near events, the one with the smaller first story counts."""

    likeness: float
    first: str
    event: int


def nearness(likeness: float, first: str) -> tuple[float, str]:
    """A sort key: the nearest event is first. It is made of what ``Nearest`` has."""
    return -likeness, first


def nearest(
    events: Sequence[ScoredGroup], groups: Sequence[ScoredGroup], settings: EventSettings, highest: Ceilings
) -> list[Nearest | None]:
    """Returns, for each of ``groups``, the event that it joins; None for a group that is near to none."""
    best: list[Nearest | None] = [None] * len(groups)
    texts = means(groups, settings, highest)
    spans = np.array([span(group) for group in groups], dtype=np.int64).reshape(-1, 2)
    slack = int(settings.window_hours * 3600)
    firsts = [min(story.id for story in event.stories) for event in events]
    for start in range(0, len(events), BLOCK):
        block = events[start : start + BLOCK]
        nothing = np.zeros(len(block), dtype=np.int64)
        targets = means(block, settings, highest)
        bounds = np.array([span(event) for event in block], dtype=np.int64).reshape(-1, 2)
        pairs = alike(
            texts,
            targets,
            np.zeros(len(groups), dtype=np.int64),
            nothing,
            FOREVER,
            settings.unsure_near_threshold,
            within=False,
        )
        for group, column, value in zip(pairs.left, pairs.right, pairs.values, strict=True):
            likeness = float(value) / (UNIT * UNIT)
            near = spans[group, 0] - slack <= bounds[column, 1] and bounds[column, 0] - slack <= spans[group, 1]
            if near or likeness >= settings.unsure_threshold:
                event = start + int(column)
                found = Nearest(likeness, firsts[event], event)
                before = best[group]
                if before is None or nearness(likeness, found.first) < nearness(before.likeness, before.first):
                    best[group] = found
    return best


def with_groups(
    event: ScoredGroup, groups: Sequence[tuple[ScoredGroup, float]], settings: EventSettings, highest: Ceilings
) -> ScoredGroup:
    """Returns ``event`` with the stories of ``groups``, each given with its likeness to the event."""
    stories, scores = list(event.stories), list(event.scores)
    for group, likeness in groups:
        stories.extend(group.stories)
        scores.extend([min(1.0, round(likeness, 4))] * len(group.stories))
    former = event.former
    as_before = former is not None and former.has(stories, scores)
    copies = former.copies if former and as_before else tuple(copies_of(stories, settings, highest))
    return replace(event, stories=tuple(stories), scores=tuple(scores), copies=copies)


def copies_of(stories: Sequence[StoryText], settings: EventSettings, highest: Ceilings) -> list[Copy]:
    """Returns the copies of an event that unsure stories joined. No limit of time applies to unsure stories."""
    found = distinct_texts(stories, settings, highest, timeless=True)
    group = Group(found.stories, found.readings, found.times, found.vectors, found.vectors)
    return copies_in([group], settings)[0]


def span(found: ScoredGroup) -> tuple[int, int]:
    """Returns the first and last second of the sure dates, or of all dates if none is sure.

    Without any date, it is a span that is not near to any other.
    """
    dates = [seconds(story.published_at) for story in found.stories if story.published_at and story.date_sure]
    dates = dates or [seconds(story.published_at) for story in found.stories if story.published_at]
    return (min(dates), max(dates)) if dates else (FOREVER >> 1, FOREVER >> 1)


def means(found: Sequence[ScoredGroup], settings: EventSettings, highest: Ceilings) -> Vectors:
    """Returns one unit vector for each event: the mean of its distinct texts."""
    readings: list[Reading] = []
    label: list[int] = []
    for index, one in enumerate(found):
        distinct = {reading.key: reading for reading in map(read, sorted(one.stories, key=lambda story: story.id))}
        readings.extend(distinct[key] for key in sorted(distinct))
        label.extend([index] * len(distinct))
    vectors = vectorise(readings, settings, highest)
    columns = np.unique(vectors.terms)
    labels: Int = np.array(label, dtype=np.int64)
    spread = sparse.csr_matrix(
        (np.ones(len(labels), dtype=np.int64), (labels, np.arange(len(labels)))), shape=(len(found), len(labels))
    )
    totals = (spread @ matrix(vectors, columns)).tocsr()
    totals.sort_indices()
    rows = np.repeat(np.arange(len(found)), np.diff(totals.indptr))
    return unit_rows(len(found), rows, columns[totals.indices], totals.data.astype(np.float64))
