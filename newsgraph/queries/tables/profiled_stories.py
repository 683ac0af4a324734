"""One outlet's stories, and everybody's stories on its events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from newsgraph.graph.columnar.arrays import Flags, Integers, coded
from newsgraph.graph.columnar.cells import place_of
from newsgraph.graph.columnar.graph_columns import GraphColumns, Pairs, joined
from newsgraph.queries.statistics.first_times import Stories
from newsgraph.queries.tables import coverage
from newsgraph.queries.tables.chosen_stories import STORY_FILTERS, chosen_stories


@dataclass(frozen=True, slots=True)
class ProfiledStories:
    """A row for each story of the outlet. ``topic_rows`` are rows with each of their topics, which are positions in
    ``topics``, which ascend; ``copied_rows`` are rows with each of their ``copies``, a number for each copying story.
    ``on_events`` are the stories on its events, its own among them."""

    sure: Flags
    is_copy: Flags
    topics: Sequence[str]
    topic_rows: Integers
    topic: Integers
    copied_rows: Integers
    copies: Integers
    on_events: Stories


def of_rows(rows: Sequence[Sequence[Any]]) -> ProfiledStories:
    """Returns the table of the rows of ``questions/outlet_profile``."""
    own = list({row[3]: row for row in rows if row[0] == "own"}.values())
    topics, topic = coded([topic for row in own for topic in row[7]])
    return ProfiledStories(
        sure=np.array([bool(row[5]) and row[4] is not None for row in own], dtype=np.bool_),
        is_copy=np.array([bool(row[6]) for row in own], dtype=np.bool_),
        topics=topics,
        topic_rows=np.array([at for at, row in enumerate(own) for _ in row[7]], dtype=np.int64),
        topic=topic,
        copied_rows=np.array([at for at, row in enumerate(own) for _ in row[8]], dtype=np.int64),
        copies=coded([copy for row in own for copy in row[8]])[1],
        on_events=coverage.of_rows([row[1:6] for row in rows if row[0] == "event"]),
    )


def of_columns(columns: GraphColumns, values: Mapping[str, Any]) -> ProfiledStories:
    """Returns the table that the text would give."""
    stories, published = columns.stories, columns.published_by
    number = len(stories)
    story = published.start[published.end == place_of(columns.outlets.ids, values["outlet"])]
    filters = [name for name in STORY_FILTERS if name not in ("outlets", "groups", "copies")]
    story = story[chosen_stories(columns, values, filters)[story]]
    topic_rows, about = joined(story, columns.about.start, number)
    order = np.argsort(columns.copy_of.end, kind="stable")
    copied = Pairs(columns.copy_of.end[order], columns.copy_of.start[order])
    copied_rows, by = joined(story, copied.start, number)
    return ProfiledStories(
        sure=stories.sure[story],
        is_copy=columns.is_copy[story],
        topics=columns.topics.ids,
        topic_rows=topic_rows,
        topic=columns.about.end[about].astype(np.int64),
        copied_rows=copied_rows,
        copies=copied.end[by].astype(np.int64),
        on_events=coverage.of_columns(columns, values, of_outlet=True, outlets=()),
    )
