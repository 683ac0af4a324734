"""Every story of every event, with all that decides who was first on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from newsgraph.graph.columnar.arrays import coded
from newsgraph.graph.columnar.cells import microseconds
from newsgraph.graph.columnar.graph_columns import Coded, GraphColumns
from newsgraph.queries.statistics.event_order import EventStories
from newsgraph.queries.tables.chosen_stories import STORY_FILTERS, among, chosen_stories


def of_rows(rows: Sequence[Sequence[Any]]) -> EventStories:
    """Returns the table of the rows of ``questions/events``."""
    ids, titles, outlet_ids, story_ids, times, qualities, copies, fits, weak = (
        zip(*rows, strict=True) if rows else (((),) * 9)
    )
    events, event = coded(ids)
    title_of = dict(zip(ids, titles, strict=True))
    outlets, outlet = coded(outlet_ids)
    _, story = coded(story_ids)
    names, quality = coded([quality or "" for quality in qualities])
    return EventStories(
        events=events,
        titles=[title_of[event] for event in events],
        outlets=outlets,
        event=event,
        outlet=outlet,
        story=story,
        moment=np.array([microseconds(time) for time in times], dtype=np.int64),
        quality=Coded(names, quality),
        is_copy=np.array(copies, dtype=np.bool_),
        fit=np.array([np.nan if fit is None else fit for fit in fits], dtype=np.float64),
        weak=np.array(weak, dtype=np.bool_),
    )


def of_columns(columns: GraphColumns, values: Mapping[str, Any]) -> EventStories:
    """Returns the table that the text would give."""
    rows, stories = columns.coverage, columns.stories
    kept = chosen_stories(columns, values, [name for name in STORY_FILTERS if name != "events"])[rows.story]
    if values["events"] is not None:
        kept &= among(columns.events.ids, values["events"])[rows.event]
    at = np.flatnonzero(kept)
    story = rows.story[at]
    return EventStories(
        events=columns.events.ids,
        titles=columns.events.names,
        outlets=columns.outlets.ids,
        event=rows.event[at].astype(np.int64),
        outlet=rows.outlet[at].astype(np.int64),
        story=story.astype(np.int64),
        moment=stories.moment[story],
        quality=Coded(stories.quality.names, stories.quality.code[story]),
        is_copy=columns.is_copy[story],
        fit=rows.fit[at],
        weak=rows.weak[at],
    )
