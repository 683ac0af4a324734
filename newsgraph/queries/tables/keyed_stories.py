"""Stories by what they belong to: a topic, an outlet or an event each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from newsgraph.graph.columnar.arrays import Flags, Integers, coded, compact
from newsgraph.graph.columnar.graph_columns import GraphColumns
from newsgraph.queries.statistics.first_times import seconds_of
from newsgraph.queries.tables.chosen_stories import chosen_stories


@dataclass(frozen=True, slots=True)
class KeyedStories:
    """A row for each key and story. ``key`` are positions in ``keys``, which ascend; ``story`` is a number that no
    other story has. ``second`` is 0 without a time; ``sure`` tells whether the time is exact."""

    keys: Sequence[str]
    key: Integers
    story: Integers
    second: Integers
    timed: Flags
    sure: Flags

    def grouped(self, value_of: Mapping[str, str]) -> KeyedStories:
        """Returns the table with each key replaced by its value, where it has one. A story counts once for its key,
        even if two of its outlets have the same value."""
        keys, place = coded([value_of.get(key, key) for key in self.keys])
        key = place[self.key]
        stories = int(self.story.max()) + 1 if len(self.story) else 1
        _, rows = np.unique(key * stories + self.story, return_index=True)
        return KeyedStories(keys, key[rows], self.story[rows], self.second[rows], self.timed[rows], self.sure[rows])


def of_rows(rows: Sequence[Sequence[Any]]) -> KeyedStories:
    """Returns the table of rows of key, story and, where the text has them, second and sureness."""
    ids, story_ids, *more = zip(*rows, strict=True) if rows else ((),) * 4
    seconds, sures = more or ((None,) * len(rows), (False,) * len(rows))
    keys, key = coded(ids)
    _, story = coded(story_ids)
    return KeyedStories(keys, key, story, *seconds_of(seconds, sures))


def of_columns(columns: GraphColumns, values: Mapping[str, Any], *, by: str = "") -> KeyedStories:
    """Returns the table that the text would give. ``by`` is topic, outlet or event; without it, a parameter says so."""
    pairs, ids = {
        "topic": lambda: (columns.about, columns.topics.ids),
        "outlet": lambda: (columns.published_by, columns.outlets.ids),
        "event": lambda: (columns.covers, columns.events.ids),
    }[by or values["by"]]()
    kept = np.flatnonzero(chosen_stories(columns, values)[pairs.start])
    story, stories = pairs.start[kept], columns.stories
    present, key = compact(pairs.end[kept], len(ids))
    return KeyedStories(
        keys=ids.taken(present),
        key=key,
        story=story.astype(np.int64),
        second=stories.second[story],
        timed=stories.timed[story],
        sure=stories.sure[story],
    )
