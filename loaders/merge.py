"""One story, one node: records that share any spelling of an address are one story, transitively.

Fields are merged one by one: of the records in order (main article before mention, richer before poorer, smaller source
id, place in the file), the first that has the field gives it. Edges are united, but a story has one outlet.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from newsgraph.graph.batch import Edge, Node
from newsgraph.graph.identity import image_id, normalised_address, topic_slug
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import Value
from newsgraph.loaders.records import ArticleRecord

_SCHEME = "https://"
#: What a page says of an outlet or a topic stands before what any number of stories says.
PAGE_WEIGHT = 10**9
#: Key under which a page's ``said`` names the topics above; they are edges, no property.
PARENTS = "parents"
#: Record field -> Story property where the name is the same; times and addresses are merged apart.
_FIELDS = (
    "title", "excerpt", "amp_url", "cdn_amp_url", "original_url", "kind", "category", "quality", "heat", "published",
    "language",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One record where it stands: in which source, at which place, as main article or as related to the ``main``-th."""

    source_id: str
    main: int
    position: int | None  # None: the main article itself; else its place in the article's related list
    record: ArticleRecord

    @property
    def rank(self) -> tuple[bool, int, str, int, int]:
        """The order in which records count, the best first."""
        return (
            self.position is not None,
            -self.record.richness,
            self.source_id,
            self.main,
            -1 if self.position is None else self.position,
        )


@dataclass(frozen=True, slots=True)
class Merged:
    """One story with the records that tell of it, the best first."""

    id: str
    told: tuple[Told, ...]
    addresses: tuple[str, ...]  # every normalised spelling, each with its https://, sorted; the id is among them


def told(source_id: str, records: Sequence[ArticleRecord]) -> Iterable[Told]:
    """The records of one source, main articles and their related ones."""
    for main, record in enumerate(records):
        yield Told(source_id, main, None, record)
        for position, related in enumerate(record.related):
            yield Told(source_id, main, position, related)


def spellings(record: ArticleRecord) -> tuple[str, ...]:
    """The record's addresses, each as the id that a story of that address would have; the naming one first."""
    keys = (normalised_address(address) for address in record.addresses)
    return tuple(dict.fromkeys(_SCHEME + key for key in keys if key))


def unite(records: Iterable[Told]) -> list[Merged]:
    """Groups records by shared spellings (union-find), in the order of the stories' ids."""
    parents: dict[str, str] = {}

    def find(key: str) -> str:
        root = key
        while parents[root] != root:
            root = parents[root]
        while parents[key] != root:
            parents[key], key = root, parents[key]
        return root

    named: list[tuple[Told, str]] = []
    for one in records:
        keys = spellings(one.record)
        for key in keys:
            parents.setdefault(key, key)
        first = find(keys[0])
        for key in keys[1:]:
            parents[find(key)] = first
        named.append((one, keys[0]))
    groups: dict[str, list[Told]] = defaultdict(list)
    for one, key in named:
        groups[find(key)].append(one)
    addresses: dict[str, list[str]] = defaultdict(list)
    for key in parents:
        addresses[find(key)].append(key)
    merged = []
    for root, group in groups.items():
        group.sort(key=lambda one: one.rank)
        merged.append(Merged(spellings(group[0].record)[0], tuple(group), tuple(sorted(addresses[root]))))
    merged.sort(key=lambda story: story.id)
    return merged


def story_node(story: Merged, now: datetime) -> Node:
    """The Story node of a merged story; a time after ``now`` is marked as future."""
    records = [one.record for one in story.told]
    properties: dict[str, Value] = {}
    for name in _FIELDS:
        value = next((v for record in records if (v := getattr(record, name)) is not None), None)
        if value is not None:
            properties[name] = value
    # Where no record has a webUrl, the address that names the story stands for it.
    properties["url"] = next((record.url for record in records if record.url), records[0].addresses[0])
    dated = next((record for record in records if record.published_at is not None), None)
    if dated is not None and dated.published_at is not None:
        properties["published_at"] = dated.published_at
        properties["date_quality"] = "future" if dated.published_at > now else dated.date_quality
    else:
        impossible = any(record.date_quality == "impossible" for record in records)
        properties["date_quality"] = "impossible" if impossible else "missing"
    return Node("Story", story.id, properties)


def described(story: Merged, directory: OutletDirectory) -> list[Edge]:
    """The story's edges to its outlet, topics and images, each with what this story says of the node at the end."""
    edges: list[Edge] = []
    records = [one.record for one in story.told]
    provider = next((r for r in records if r.outlet_domain), None) or next((r for r in records if r.outlet_name), None)
    outlet = directory.outlet_of(records[0].addresses[0], provider.outlet_domain if provider else None)
    if outlet is not None:
        said = _said(
            domain=outlet.domain,
            name=next((r.outlet_name for r in records if r.outlet_name), None),
            logo_url=next((r.outlet_logo_url for r in records if r.outlet_logo_url), None),
        )
        edges.append(_describing("PUBLISHED_BY", story.id, outlet.id, said))
    topics: dict[str, str] = {}
    images: dict[str, tuple[int, dict[str, Value], str | None]] = {}
    for record in records:
        for name in record.topics:
            slug = topic_slug(name)
            if slug is not None:
                topics.setdefault(slug, name)
        for position, image in enumerate(record.images):
            key = image_id(image.url)
            if key is not None and key not in images:
                said = _said(url=image.url, width=image.width, height=image.height, cached=image.cached)
                images[key] = position, said, image.title
    edges.extend(_describing("ABOUT", story.id, slug, {"name": name}) for slug, name in topics.items())
    for key, (position, said, title) in images.items():
        more: dict[str, Value] = {"position": position}
        if title is not None:
            more["title"] = title
        edges.append(_describing("HAS_IMAGE", story.id, key, said, more))
    return edges


def said_text(said: Mapping[str, Any]) -> str:
    """What is said of a shared node, as the JSON text that its edge keeps."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _said(**values: Value | None) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}


def _describing(
    type: str, start: str, end: str, said: dict[str, Value], more: Mapping[str, Value] | None = None
) -> Edge:
    return Edge(type, start, end, {**(more or {}), "said": said_text(said)})


def gather(label: str, id: str, said: Mapping[str, int], directory: OutletDirectory) -> Node:
    """A shared node from what its stories say of it: ``said`` maps each JSON text to the number of stories saying it.

    Each property is what most of them say, ties going to the smallest, so that no order of loading shows. A page about
    the node counts as PAGE_WEIGHT stories.
    """
    counts: dict[str, Counter[Value]] = defaultdict(Counter)
    for text, stories in said.items():
        for name, value in _parsed(text):
            if name != PARENTS:
                counts[name][value] += stories
    properties: dict[str, Value] = {
        name: min(counter, key=lambda value: (-counter[value], str(value))) for name, counter in counts.items()
    }
    if label == "Outlet":
        properties.setdefault("name", properties.get("domain", id))
        properties.update(directory.facts(id))
    return Node(label, id, properties)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[tuple[str, Any], ...]:
    return tuple((name, tuple(v) if isinstance(v, list) else v) for name, v in json.loads(text).items())
