"""Merges records into stories: records with a common spelling of an address are one story, also through other records.

Fields are merged one by one. The records are put in order (main article before mention, richer before poorer, smaller
source id, place in the file), and the first record that has a field gives it. Edges are joined, but a story has one
outlet.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec import structs

from newsgraph.graph.agencies import agency_credited, agency_in_credit, agency_named, not_own
from newsgraph.graph.batch import Edge, Node
from newsgraph.graph.countries import country_code
from newsgraph.graph.language_tags import normalised_tag
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import DateQuality, Value
from newsgraph.graph.topics import topic_slug
from newsgraph.loaders.merging.outlet_names import usual_name
from newsgraph.loaders.records import ArticleRecord, ImageRecord

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_DECODER = json.JSONDecoder()
#: What a page says about an outlet or a topic counts more than what any number of stories says.
PAGE_WEIGHT = 10**9
#: How many different ways of naming a publisher are remembered. Most corpora have some hundreds.
_REMEMBERED = 2**14
#: The key under which a page's ``said`` names the topics above. They are edges and not a property.
PARENTS = "parents"
#: Record field -> Story property with the same content. Times and addresses are merged separately.
_FIELDS = (
    "title", "excerpt", "amp_url", "cdn_amp_url", "original_url", "kind", "category", "quality", "heat", "published",
    "language", "country",
)  # fmt: skip
_values_of = attrgetter(*_FIELDS)


class PlacedRecord(NamedTuple):
    """One record and where it is: in which source, at which place, as a main article or as related to the ``main``-th
    one. ``keys`` are the spellings of its addresses."""

    source_id: str
    main: int
    position: int | None  # None for a main article; else its place in the article's related list
    record: ArticleRecord
    keys: tuple[str, ...]

    @property
    def rank(self) -> tuple[bool, int, str, int, int]:
        """A sort key by which records count, the best first."""
        return (
            self.position is not None,
            -self.record.richness,
            self.source_id,
            self.main,
            -1 if self.position is None else self.position,
        )


class Merged(NamedTuple):
    """One story with the records that mention it, the best first."""

    id: str
    records: tuple[PlacedRecord, ...]
    addresses: tuple[str, ...]  # every normalised spelling, each with its https://, sorted, including the id


def placed_records(source_id: str, records: Sequence[ArticleRecord]) -> Iterator[PlacedRecord]:
    """Yields the records of one source: main articles and their related stories."""
    for main, record in enumerate(records):
        yield PlacedRecord(source_id, main, None, record, record.spellings)
        for position, related in enumerate(record.related):
            yield PlacedRecord(source_id, main, position, related, related.spellings)


def unite(records: Sequence[PlacedRecord]) -> list[Merged]:
    """Groups records by common spellings (union-find), in the order of the stories' ids."""
    parents: dict[int, int] = {}  # of records that share a spelling with another one, by their place in the sequence

    def find(number: int) -> int:
        root = number
        while (above := parents.get(root, root)) != root:
            root = above
        while (above := parents.get(number, root)) != root:
            parents[number], number = root, above
        return root

    first: dict[str, int] = {}  # spelling -> the first record that has it
    for number, one in enumerate(records):
        for key in one.keys:
            other = first.setdefault(key, number)
            if other != number:
                one_root, other_root = find(number), find(other)
                parents[one_root] = parents[other_root] = other_root
    groups: dict[int, list[PlacedRecord]] = {}
    merged = []
    for number, one in enumerate(records):
        if number in parents:
            groups.setdefault(find(number), []).append(one)
        else:
            keys = one.keys
            merged.append(Merged(keys[0], (one,), keys if len(keys) == 1 else tuple(sorted(keys))))
    for group in groups.values():
        group.sort(key=lambda one: one.rank)
        merged.append(Merged(group[0].keys[0], tuple(group), tuple(sorted({key for one in group for key in one.keys}))))
    merged.sort(key=lambda story: story.id)
    return merged


def story_node(story: Merged, now: datetime, true_times: Mapping[str, tuple[int, datetime]] | None = None) -> Node:
    """Returns the Story node of a merged story. A time after ``now`` is marked as future.

    ``true_times`` maps any spelling of an address to the time that a researcher gave and the number of that decision.
    The last decision holds, and the files' own time is kept in addition.
    """
    best, *others = [one.record for one in story.records]
    records = (best, *others)
    properties: dict[str, Value] = {
        name: value
        for record in reversed(records)
        for name, value in zip(_FIELDS, _values_of(record), strict=True)
        if value is not None
    }
    # If no record has a webUrl, the address that names the story is used.
    properties["url"] = best.url or next((record.url for record in others if record.url), best.addresses[0])
    dated = best if best.published_at is not None else next((r for r in others if r.published_at is not None), None)
    if dated is not None and dated.published_at is not None:
        properties["published_at"] = dated.published_at
        properties["date_quality"] = "future" if dated.published_at > now else dated.date_quality
    else:
        impossible = any(record.date_quality == "impossible" for record in records)
        properties["date_quality"] = "impossible" if impossible else "missing"
    if "language" in properties:
        properties["language"] = normalised_tag(str(properties["language"]))
    agency = _agency(records)
    if agency is not None:
        properties["agency"] = agency
    if true_times:
        _correct_time(properties, story, true_times)
    return Node("Story", story.id, properties)


def _agency(records: Sequence[ArticleRecord]) -> str | None:
    """Returns the agency that the records of a story, the best one first, credit.

    It is looked for in fields for credits, in bylines, as the source, and as a mark at the beginning or end of an
    excerpt or title.
    """
    texts: dict[str, None] = {}
    for record in records:
        if record.credit is not None and (found := agency_in_credit(record.credit)) is not None:
            return found
        for name in record.authors:
            if (found := agency_named(name)) is not None:
                return found
        if record.outlet_name is not None and (found := agency_named(record.outlet_name)) is not None:
            return found
        if record.excerpt is not None:
            texts[record.excerpt] = None
        texts[record.title] = None
    for text in texts:
        if (found := agency_credited(text)) is not None:
            return found
    return None


def _correct_time(properties: dict[str, Value], story: Merged, true_times: Mapping[str, tuple[int, datetime]]) -> None:
    given = max((true_times[one] for one in story.addresses if one in true_times), default=None)
    if given is None:
        return
    if "published_at" in properties:
        properties["source_published_at"] = properties["published_at"]
    properties["source_date_quality"] = properties["date_quality"]
    properties |= {"published_at": given[1], "date_quality": DateQuality.CORRECTED.value}


class Describer:
    """Collects what stories say about their outlets, topics, images, authors and entities. It caches, because most
    stories say what others say."""

    def __init__(self, directory: OutletDirectory) -> None:
        self._directory = directory
        self._outlets: dict[tuple[str, *tuple[str | None, ...]], tuple[str, Mapping[str, Value]] | None] = {}

    def edges(self, story: Merged) -> list[Edge]:
        """Returns the story's edges to its outlet, topics, images, authors and entities. Each has what this story says
        about the node at its end."""
        id = story.id
        edges: list[Edge] = []
        records = [one.record for one in story.records]
        outlet = self._outlet(story, records)
        if outlet is not None:
            edges.append(Edge("PUBLISHED_BY", id, *outlet))
        topics: dict[str, Mapping[str, Value]] = {}
        images: dict[str, Edge] = {}
        authors: dict[str, Edge] = {}
        entities: dict[str, Edge] = {}
        for record in records:
            for topic in record.topics:
                slug, properties = _topic(topic)
                if slug is not None:
                    topics.setdefault(slug, properties)
            for position, name in enumerate(record.authors):
                slug, properties = _topic(name)
                if slug is not None and slug not in authors and agency_named(name) is None:
                    authors[slug] = Edge("AUTHORED_BY", id, slug, {"position": position, **properties})
            for entity in record.entities:
                key = entity.id
                if key is not None and key not in entities:
                    entities[key] = Edge("MENTIONS_ENTITY", id, key, {"said": _said(structs.asdict(entity))})
            for position, image in enumerate(record.images):
                key = image.id
                if key is not None and key not in images:
                    images[key] = Edge("HAS_IMAGE", id, key, _listed_image(position, image))
        edges.extend([Edge("ABOUT", id, slug, properties) for slug, properties in topics.items()])
        for listed in (images, authors, entities):
            edges.extend(listed.values())
        return edges

    def _outlet(self, story: Merged, records: Sequence[ArticleRecord]) -> tuple[str, Mapping[str, Value]] | None:
        best = records[0]
        name, domain, logo_url, country = _of_outlet(best)
        for record in records[1:]:
            other = _of_outlet(record)
            name, domain, logo_url, country = (
                name or other[0], domain or other[1], logo_url or other[2], country or other[3],
            )  # fmt: skip
        # The directory uses only the host of the address and the provider's domain.
        key = story.id.split("/", 3)[2], name, domain, logo_url, country
        if key not in self._outlets:
            if len(self._outlets) >= _REMEMBERED:  # logos of a picture service can be different in every story
                self._outlets.clear()
            outlet = self._directory.outlet_of(best.addresses[0], domain)
            self._outlets[key] = None
            if outlet is not None:
                agency = agency_named(name or "")
                if agency is not None and not_own(agency, outlet.domain):
                    name = None  # it is a credit; the outlet is the one whose page it is
                said = {"country": country, "domain": outlet.domain, "logo_url": logo_url, "name": name}
                self._outlets[key] = outlet.id, {"said": _said(said)}
        return self._outlets[key]


def _of_outlet(record: ArticleRecord) -> tuple[str | None, str | None, str | None, str | None]:
    """Returns name, domain, logo and country of the outlet as one record gives them."""
    return (
        record.outlet_name or None, record.outlet_domain or None, record.outlet_logo_url or None,
        record.outlet_country or None,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _topic(name: str) -> tuple[str | None, Mapping[str, Value]]:
    return topic_slug(name), {"said": _said({"name": name})}


def _listed_image(position: int, image: ImageRecord) -> dict[str, Value]:
    # It writes what _said() writes, in a third of the time, because a corpus has more pictures than anything else.
    cached = "" if image.cached is None else '"cached":true,' if image.cached else '"cached":false,'
    height = "" if image.height is None else f'"height":{image.height},'
    width = "" if image.width is None else f',"width":{image.width}'
    said = f'{{{cached}{height}"url":{encode_basestring(image.url)}{width}}}'
    if image.title is None:
        return {"position": position, "said": said}
    return {"position": position, "said": said, "title": image.title}


def said_text(statements: Mapping[str, Any]) -> str:
    """Returns what is said about a shared node as the JSON text that its edge keeps: names sorted, without empty
    values."""
    return _said(dict(sorted(statements.items())))


def _said(said: dict[str, Any]) -> str:
    # The names are sorted already.
    if None in said.values():
        said = {name: value for name, value in said.items() if value is not None}
    return _ENCODER.encode(said)


def gather(label: str, id: str, statements: Mapping[str, int], directory: OutletDirectory) -> Node:
    """Returns a shared node made from what its stories say about it.

    ``statements`` maps each JSON text to its number of stories.

    Each property is what most of them say. Of equally frequent values the smallest is taken, so that the order of
    loading makes no difference. An outlet's name is its usual one. A page about the node counts as PAGE_WEIGHT stories.
    """
    if len(statements) == 1:
        (text,) = statements
        properties = _parsed(text)
        return _gathered(label, id, properties, directory, Counter({properties.get("name"): 1}))
    counts: dict[str, Counter[Value]] = defaultdict(Counter)
    for text, stories in statements.items():
        for name, value in _parsed(text).items():
            counts[name][value] += stories
    properties = {
        name: min(counter, key=lambda value: (-counter[value], str(value))) for name, counter in counts.items()
    }
    return _gathered(label, id, properties, directory, counts["name"])


def _gathered(
    label: str, id: str, properties: dict[str, Value], directory: OutletDirectory, names: Mapping[Any, int]
) -> Node:
    if label == "Outlet":
        known = {name: count for name, count in names.items() if name}
        domain = str(properties.get("domain", id))
        properties["name"] = usual_name(known, domain) if known else domain
        properties.update(directory.properties(id))
        others = tuple(sorted(str(name) for name in known if name != properties["name"]))
        if others:
            properties["names"] = others
        if "country" in properties:
            named = str(properties["country"])
            properties["country"] = country_code(named) or named
    return Node(label, id, properties)


def _parsed(text: str) -> dict[str, Value]:
    said: dict[str, Any] = _DECODER.raw_decode(text)[0]
    said.pop(PARENTS, None)
    if "[" in text:
        said = {name: tuple(value) if type(value) is list else value for name, value in said.items()}
    return said
