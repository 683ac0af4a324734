"""How many stories there are, and the times of the oldest and the newest of those of a sure time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from newsgraph.graph.columnar.cells import time_of
from newsgraph.graph.columnar.graph_columns import GraphColumns

#: The number of stories, and two times; None for both where no story has a sure time.
Span = tuple[int, datetime | None, datetime | None]


def of_rows(rows: Sequence[Sequence[Any]]) -> Span:
    """Returns the row of ``lookups/story_span``."""
    count, oldest, newest = rows[0]
    return count, oldest, newest


def of_columns(columns: GraphColumns, _: Mapping[str, Any]) -> Span:
    """Returns what the text would give."""
    stories = columns.stories
    moments = stories.moment[stories.sure]
    if not len(moments):
        return len(stories), None, None
    return len(stories), time_of(int(moments.min())), time_of(int(moments.max()))
