"""Who did not cover an event: outlets that cover much, and published in that time, but nothing on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from newsgraph.views.event_story import Absent

#: The number of outlets whose absence is reported (those with the most events), and the number named on one page.
WATCHED = 40
MOST_ABSENT = 12
#: On an event of fewer outlets nobody is missing.
FEWEST_OUTLETS = 3


def watched(counts: Mapping[str, int]) -> list[str]:
    """Returns the outlets with the most events, of those with at least two. ``counts`` are the events of each
    outlet."""
    return [id for id, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])) if count > 1][:WATCHED]


def absent(
    times: Mapping[str, Sequence[datetime]],
    covering: Collection[str | None],
    span: tuple[datetime | None, datetime | None],
    names: Mapping[str, str],
) -> list[Absent]:
    """Returns watched outlets that aren't among those covering the event, and published in its ``span``, from its first
    to its last story. ``times`` has the sure times of each watched outlet, in the order of their importance."""
    begun, ended = span
    if begun is None or ended is None or len([one for one in covering if one is not None]) < FEWEST_OUTLETS:
        return []
    found = []
    for outlet, moments in times.items():
        number = sum(begun <= at <= ended for at in moments) if outlet not in covering else 0
        if number:
            found.append(Absent(outlet, names.get(outlet, outlet), number))
    return found[:MOST_ABSENT]
