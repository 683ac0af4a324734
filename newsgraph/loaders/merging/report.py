"""Lists what was treated as the same thing, and why: spellings of an address, records of a story, names of an
outlet."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from newsgraph.graph import schema_cypher as statements
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.schema import EDGES, Outlet, Story
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.urls.identity import story_id
from newsgraph.loaders.merging.change import unpack
from newsgraph.loaders.merging.stories import PlacedRecord, placed_records


@dataclass(frozen=True, slots=True)
class Merger:
    """Something that was treated as the same as another thing.

    ``kind`` is address, record or outlet. ``id`` is the thing that was kept. ``taken`` is the other spelling, source or
    name. ``source`` is the file that named it first. ``why`` gives the reason in words.
    """

    kind: str
    id: str
    taken: str
    source: str
    why: str


def merged(store: Store) -> Iterator[Merger]:
    """Yields everything in the store that was treated as the same, by kind, then by the thing kept and by the other
    one."""
    stories = {str(id): str(url) for id, url in store.query(statements.read_columns(Story, "url"))}
    story_of = {id: id for id in stories}
    story_of.update((edge.start, edge.end) for edge in store.edges("ADDRESS_OF"))
    addresses: dict[tuple[str, str], Merger] = {}
    records: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for source in store.nodes("Source"):
        for one in placed_records(source.id, enumerate(unpack(source))):
            keys = one.keys
            story = story_of[keys[0]]
            records[story].append((source.id, _place(one), keys[0]))
            for written in one.record.addresses:
                if written != stories[story]:
                    addresses.setdefault((story, written), _address(story, written, one, keys))
    yield from (addresses[key] for key in sorted(addresses))
    for story in sorted(records):
        if len(records[story]) > 1:
            for source_id, place, key in records[story]:
                why = "the same address" if key == story else f"its address {key} is one of the story's"
                yield Merger("record", story, f"{source_id} ({place})", source_id, why)
    yield from _outlets(store)


def _place(one: PlacedRecord) -> str:
    return "main article" if one.position is None else f"related {one.position + 1}"


def _address(story: str, written: str, one: PlacedRecord, keys: tuple[str, ...]) -> Merger:
    field = next(
        name for name in ("url", "original_url", "amp_url", "cdn_amp_url") if getattr(one.record, name) == written
    )
    normalised = story_id(written)
    if normalised == story:
        why = "normalises to the story's own address"
    elif normalised == keys[0] or field == "url":
        why = f"normalises to {normalised}, which another record gives beside the story's address"
    else:
        why = f"the {field} of the same article"
    return Merger("address", story, written, one.source_id, why)


def _outlets(store: Store) -> Iterator[Merger]:
    ids = [str(row[0]) for row in store.query(statements.read_columns(Outlet))]
    said: dict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for id, text, stories in store.query(statements.count_said(EDGES["PUBLISHED_BY"]), {"ids": sorted(ids)}):
        what = json.loads(str(text))
        said[str(id)][what.get("name", ""), what.get("domain", "")] += int(str(stories))
    for domain, outlet in Corpus.of(store).directory.listed.items():
        if outlet in said:
            yield Merger("outlet", outlet, domain, "", "the outlets file says so")
    for id in sorted(said):
        if len(said[id]) > 1:
            for (name, domain), stories in sorted(said[id].items()):
                yield Merger(
                    "outlet", id, f"{name or 'no name'} ({domain})", "", f"so called by {stories:,} of its stories"
                )
