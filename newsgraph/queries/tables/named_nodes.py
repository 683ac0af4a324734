"""Topics, outlets or events, each with its name or title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from newsgraph.graph.columnar.graph_columns import GraphColumns


def of_rows(rows: Sequence[Sequence[Any]]) -> dict[str, str | None]:
    """Returns the names by id, from the rows of ``lookups/topics``, ``lookups/outlets`` or ``lookups/events``."""
    return {row[0]: row[1] for row in rows}


def of_columns(columns: GraphColumns, values: Mapping[str, Any]) -> dict[str, str | None]:
    """Returns the names that the text would give. The parameter ``kind`` is topic, outlet or event."""
    kind = values["kind"]
    named = columns.outlets if kind == "outlet" else columns.topics if kind == "topic" else columns.events
    return dict(zip(named.ids, named.names, strict=True))
