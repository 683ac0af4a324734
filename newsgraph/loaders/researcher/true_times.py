"""The times that a researcher's decisions give stories, and which stories of a store don't have theirs yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files

from newsgraph.graph.corrections import Corrections
from newsgraph.graph.events.sync import stories_named
from newsgraph.graph.stores.protocol import Store


def true_times(corrections: Corrections) -> dict[str, tuple[int, datetime]]:
    """Normalised address -> number of the decision, and the time that it gives; the later decision holds."""
    from newsgraph.graph.urls.identity import story_id  # noqa: PLC0415  # reads the public suffix list

    return corrections.numbered_dates({address: story_id(address) or address for address in corrections.addresses})


def misdated(store: Store, times: Mapping[str, tuple[int, datetime]]) -> list[str]:
    """The stories whose time isn't what the decisions say: it is to be corrected, or is corrected no more."""
    wanted: dict[str, tuple[int, datetime]] = {}
    for address, story in stories_named(store, times).items():
        wanted[story] = max(wanted.get(story, times[address]), times[address])
    wrong = {str(id) for id, time, *_ in store.query(_CORRECTED) if wanted.get(str(id), (0, None))[1] != time}
    for node in store.nodes("Story", sorted(wanted)):
        if node.properties.get("date_quality") != "corrected":
            wrong.add(node.id)
    return sorted(wrong)


_CORRECTED = files("newsgraph.graph.events").joinpath("corrected_times.cypher").read_text(encoding="utf-8")
