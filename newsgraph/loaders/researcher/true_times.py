"""The times that a researcher's decisions give stories, and which stories of a store don't have theirs yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from newsgraph.graph.corrections import Corrections
from newsgraph.graph.stores.protocol import Store
from newsgraph.packaged_files import packaged_text


def true_times(corrections: Corrections) -> dict[str, tuple[int, datetime]]:
    """Returns normalised address -> number of the decision and the time that it gives. A later decision overrides."""
    from newsgraph.graph.urls.identity import story_id  # noqa: PLC0415  # reads the public suffix list

    return corrections.numbered_dates({address: story_id(address) or address for address in corrections.addresses})


def misdated(store: Store, times: Mapping[str, tuple[int, datetime]]) -> list[str]:
    """Returns the stories whose time isn't what the decisions say: it must be corrected, or no longer be corrected."""
    wanted: dict[str, tuple[int, datetime]] = {}
    for address, story in known_stories(store, times).items():
        wanted[story] = max(wanted.get(story, times[address]), times[address])
    wrong = {str(id) for id, time, *_ in store.query(_CORRECTED) if wanted.get(str(id), (0, None))[1] != time}
    for node in store.nodes("Story", sorted(wanted)):
        if node.properties.get("date_quality") != "corrected":
            wrong.add(node.id)
    return sorted(wrong)


def known_stories(store: Store, addresses: Collection[str]) -> dict[str, str]:
    """Returns address -> id, for the addresses of stories that exist."""
    if not addresses:
        return {}
    from newsgraph.graph.events.sync import stories_named  # noqa: PLC0415  # heavy; only where there are decisions

    return stories_named(store, addresses)


_CORRECTED = packaged_text("newsgraph.graph", "events", "corrected_times.cypher")
