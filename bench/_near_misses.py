"""Labelled stories of a few events that share most of their words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsgraph.graph.events import StoryText


def near_misses(path: Path) -> dict[str, list[tuple[StoryText, str]]]:
    """Returns the sets of a file of near misses by their names: stories, each with the label of its event."""
    return {
        name: [
            (
                StoryText(
                    str(number),
                    one["title"],
                    one["excerpt"],
                    datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=one["published_at_offset_hours"]),
                    outlet=one["outlet"],
                    outlet_name=one["outlet"],
                ),
                one["event"],
            )
            for number, one in enumerate(told)
        ]
        for name, told in json.loads(path.read_text(encoding="utf-8")).items()
    }
