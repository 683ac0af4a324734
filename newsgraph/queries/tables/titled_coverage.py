"""The table of :mod:`newsgraph.queries.tables.coverage` with the events' titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsgraph.graph.columnar.graph_columns import GraphColumns
from newsgraph.queries.statistics.first_times import Stories
from newsgraph.queries.tables import coverage


@dataclass(frozen=True, slots=True)
class TitledStories:
    """``titles`` has the title of each of the ``events`` of the stories."""

    stories: Stories
    titles: Sequence[str | None]


def of_rows(rows: Sequence[Sequence[Any]]) -> TitledStories:
    """Returns the table of rows that end with the event's title."""
    stories = coverage.of_rows([row[:5] for row in rows])
    titles = {row[0]: row[5] for row in rows}
    return TitledStories(stories, [titles[event] for event in stories.events])


def of_columns(columns: GraphColumns, values: Mapping[str, Any]) -> TitledStories:
    """Returns the table that the text would give."""
    return TitledStories(coverage.of_columns(columns, values, weak=True), columns.events.names)
