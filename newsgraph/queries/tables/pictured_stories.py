"""Stories with the images that they show, their outlets and their events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from newsgraph.graph.columnar.arrays import Flags, Integers, coded
from newsgraph.graph.columnar.cells import NONE
from newsgraph.graph.columnar.graph_columns import GraphColumns, joined, places_or_none
from newsgraph.queries.statistics.first_times import seconds_of
from newsgraph.queries.tables.chosen_stories import STORY_FILTERS, chosen_outlets, chosen_stories


@dataclass(frozen=True, slots=True)
class PicturedStories:
    """A row for each image, story, outlet and event of the story (``NONE`` without one). ``image``, ``outlet`` and
    ``event`` are positions in ``images``, ``outlets`` and ``events``, which ascend; ``story`` is a number that no other
    story has. ``second`` is 0 without a time; ``sure`` tells whether the time is exact."""

    images: Sequence[str]
    outlets: Sequence[str]
    events: Sequence[str]
    image: Integers
    outlet: Integers
    event: Integers
    story: Integers
    second: Integers
    sure: Flags


def of_rows(rows: Sequence[Sequence[Any]]) -> PicturedStories:
    """Returns the table of the rows of ``questions/shared_images``."""
    ids, story_ids, outlet_ids, seconds, sures, event_ids = zip(*rows, strict=True) if rows else ((),) * 6
    images, image = coded(ids)
    outlets, outlet = coded(outlet_ids)
    events, event = coded(event_ids)
    second, _, sure = seconds_of(seconds, sures)
    return PicturedStories(images, outlets, events, image, outlet, event, coded(story_ids)[1], second, sure)


def of_columns(columns: GraphColumns, values: Mapping[str, Any]) -> PicturedStories:
    """Returns the table that the text would give."""
    shown, stories, number = columns.has_image, columns.stories, len(columns.stories)
    kept = chosen_stories(columns, values, [name for name in STORY_FILTERS if name not in ("outlets", "groups")])
    rows = np.flatnonzero(kept[shown.start])
    story, image = shown.start[rows], shown.end[rows]
    left, right = joined(story, columns.published_by.start, number)
    outlet = columns.published_by.end[right]
    chosen = chosen_outlets(columns, values, ("outlets", "groups"))[outlet]
    story, image, outlet = story[left][chosen], image[left][chosen], outlet[chosen]
    left, right = places_or_none(*joined(story, columns.covers.start, number), len(story))
    story = story[left]
    return PicturedStories(
        images=columns.images,
        outlets=tuple(columns.outlets.ids),
        events=columns.events.ids,
        image=image[left].astype(np.int64),
        outlet=outlet[left].astype(np.int64),
        event=np.append(columns.covers.end, NONE)[right].astype(np.int64),
        story=story.astype(np.int64),
        second=stories.second[story],
        sure=stories.sure[story],
    )
