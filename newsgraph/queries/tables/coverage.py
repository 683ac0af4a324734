"""Which outlet has which story on which event, and when: the table of the rankings over many events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from newsgraph.graph.columnar.arrays import Array, coded, compact
from newsgraph.graph.columnar.cells import place_of
from newsgraph.graph.columnar.graph_columns import GraphColumns
from newsgraph.queries.statistics.first_times import Stories, seconds_of
from newsgraph.queries.tables.chosen_stories import BOUND, among, chosen_outlets, chosen_stories


def of_rows(rows: Sequence[Sequence[Any]]) -> Stories:
    """Returns the table of rows of event, outlet, story, second, sureness and, where the text has it, the agency."""
    event_ids, outlet_ids, story_ids, seconds, sures, *more = zip(*rows, strict=True) if rows else ((),) * 6
    events, event = coded(event_ids)
    outlets, outlet = coded(outlet_ids)
    _, story = coded(story_ids)
    second, timed, sure = seconds_of(seconds, sures)
    agencies = more[0] if more else (None,) * len(rows)
    credited = np.fromiter((agency is not None for agency in agencies), dtype=np.bool_, count=len(rows))
    return Stories(events, outlets, event, outlet, story, second, timed, sure, credited)


def of_columns(
    columns: GraphColumns,
    values: Mapping[str, Any],
    *,
    of_outlet: bool = False,
    outlets: Sequence[str] = ("outlets", "groups"),
    weak: bool = False,
) -> Stories:
    """Returns the table that the text would give. ``of_outlet``: on the events of the outlet alone that is a parameter.
    ``outlets``: the filters on a row's outlet. ``weak``: with stories that hardly fit their event."""
    rows = columns.coverage
    kept = chosen_stories(columns, values, BOUND)[rows.story] & chosen_outlets(columns, values, outlets)[rows.outlet]
    kept &= rows.outlet >= 0
    if not weak:
        kept &= ~rows.weak
    if values["events"] is not None:
        kept &= among(columns.events.ids, values["events"])[rows.event]
    if of_outlet:
        own = np.zeros(len(columns.events), dtype=np.bool_)
        own[rows.event[rows.outlet == place_of(columns.outlets.ids, values["outlet"])]] = True
        kept &= own[rows.event]
    return stories_at(columns, np.flatnonzero(kept))


def stories_at(columns: GraphColumns, rows: Array) -> Stories:
    """Returns rows of the columns' coverage as a table."""
    table, stories = columns.coverage, columns.stories
    story = table.story[rows]
    # The outlets that are left, as an answer sees no others.
    present, outlet = compact(table.outlet[rows], len(columns.outlets))
    return Stories(
        events=columns.events.ids,
        outlets=tuple(columns.outlets.ids.taken(present)),
        event=table.event[rows].astype(np.int64),
        outlet=outlet,
        story=story.astype(np.int64),
        second=stories.second[story],
        timed=stories.timed[story],
        sure=stories.sure[story],
        credited=stories.agency.code[story] >= 0,
        ordered=True,
    )
