"""In which partition of a lake a story is kept: by its time where that is sure, apart from those where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from newsgraph.graph.events.moments import seconds
from newsgraph.graph.schema import SURE

#: The partition of stories without any date.
UNDATED = "none"
#: What the partitions of stories with an unsure date begin with.
UNSURE = "u"


def part_of(properties: Mapping[str, object], part_seconds: int) -> str:
    """Returns the partition of a story with these properties.

    >>> from datetime import UTC
    >>> ninth = datetime(1970, 1, 9, tzinfo=UTC)
    >>> part_of({"published_at": ninth, "date_quality": "exact"}, 7 * 86_400)
    '1'
    >>> part_of({"published_at": ninth, "date_quality": "date_only"}, 7 * 86_400)
    'u1'
    """
    time = properties.get("published_at")
    if not isinstance(time, datetime):
        return UNDATED
    number = seconds(time) // part_seconds
    return str(number) if properties.get("date_quality") in SURE else f"{UNSURE}{number}"


def sure_number(part: str) -> int | None:
    """Returns the number of a partition of sure dates; None for any other."""
    return None if part == UNDATED or part.startswith(UNSURE) else int(part)
