"""The stories that an answer is based on, with their web addresses, so that readers can check them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from newsgraph.graph.schema import SURE, Event, Outlet, PublishedBy, Story, Topic
from newsgraph.graph.stores.protocol import Store
from newsgraph.output.times import iso
from newsgraph.queries.asking.texts import packaged
from newsgraph.views.document import shown, web_address

#: The number of sources of one answer; of ids in its cells that are looked up; of stories of one event, outlet or
#: topic.
MOST_SOURCES = 40
MOST_IDS = 1_000
MOST_EACH = 3
_LONGEST_ID = 2_000
_NEVER = datetime.max.replace(tzinfo=UTC)
#: Label -> the text that gives its stories: the first ones of an event, and the newest ones of the others.
_STORIES_OF = (
    (Event.label, "event_sources", False),
    (Outlet.label, "outlet_sources", True),
    (Topic.label, "topic_sources", True),
)


class Source(BaseModel, frozen=True):
    """A story.

    ``url`` is its web address, or its id if that isn't an address. ``published_at`` is in ISO 8601; None if it has no
    time. ``of`` is the id of the event, outlet or topic in the answer that the story belongs to; empty for a story that
    the answer itself names.
    """

    url: str
    title: str
    outlets: list[str]
    published_at: str | None
    date_quality: str
    of: str = ""


def sources(store: Store, rows: Iterable[Sequence[Any]]) -> list[Source]:
    """Returns the stories of the rows: those whose ids are in them, and the earliest stories of events in them. If they
    name neither stories nor events, these are the newest stories of outlets or topics."""
    ids = list(dict.fromkeys(_ids(rows)))[:MOST_IDS]
    named = {node.id for node in store.nodes(Story.label, ids)}
    found: dict[str, str] = {id: "" for id in ids if id in named}
    for label, text, newest in _STORIES_OF:
        if found and label != Event.label:
            break
        there = {node.id for node in store.nodes(label, ids)}
        held = [id for id in ids if id in there][:MOST_SOURCES]
        for id, stories in _by_id(store, text, held, newest=newest).items():
            for story in stories:
                found.setdefault(story, id)
    return list(_described(store, found))


def _ids(cells: Iterable[Any]) -> Iterator[str]:
    """Yields every text in the cells that may be an id."""
    for cell in cells:
        if isinstance(cell, str):
            if 0 < len(cell) <= _LONGEST_ID:
                yield cell
        elif isinstance(cell, Mapping):
            yield from _ids([cell.get("id")])
        elif isinstance(cell, (list, tuple)):
            yield from _ids(cell)


def _by_id(store: Store, text: str, ids: Sequence[str], *, newest: bool) -> Mapping[str, Sequence[str]]:
    if not ids:
        return {}
    found: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for id, story, at, quality in store.query(packaged(text, "newsgraph.serve.assistant"), {"ids": list(ids)}):
        known = at if isinstance(at, datetime) and quality in SURE else _NEVER
        found[str(id)].append((known, str(story)))
    picked: dict[str, list[str]] = {}
    for id in ids:
        # Those of an unsure date come last, and only if there are no others.
        dated = sorted(one for one in found[id] if one[0] != _NEVER) or sorted(found[id])
        picked[id] = [story for _, story in (dated[::-1] if newest else dated)[:MOST_EACH]]
    return picked


def _described(store: Store, found: Mapping[str, str]) -> Iterator[Source]:
    kept = list(found)[:MOST_SOURCES]
    outlets: dict[str, list[str]] = defaultdict(list)
    for edge in store.edges(PublishedBy.type, starts=kept):
        outlets[edge.start].append(edge.end)
    nodes = {node.id: node.properties for node in store.nodes(Story.label, kept)}
    for id in kept:
        had = nodes.get(id)
        if had is not None:
            at = had.get("published_at")
            yield Source(
                url=web_address(str(had.get("url") or id)) or shown(id, 300),
                title=shown(str(had.get("title") or ""), 300),
                outlets=sorted(outlets[id]),
                published_at=iso(at) if isinstance(at, datetime) else None,
                date_quality=str(had.get("date_quality") or "missing"),
                of=found[id],
            )
