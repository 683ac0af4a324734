"""What stories say about their outlets, topics, images, authors and entities, and what these nodes are by all that is
said about them.

Each edge to such a node keeps what its story says, so that the node can be made again when a story changes.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

import msgspec

from newsgraph.graph.agencies import agency_named, not_own
from newsgraph.graph.batch import EdgeTable, Node
from newsgraph.graph.countries import country_code
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import Value
from newsgraph.graph.topics import topic_slug
from newsgraph.loaders.merging.outlet_names import usual_name
from newsgraph.loaders.merging.stories import MergedStory, PlacedRecord
from newsgraph.loaders.records import ArticleRecord, ImageRecord

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_DECODER = msgspec.json.Decoder(dict[str, Any])
#: What a page says about an outlet or a topic counts more than what any number of stories says.
PAGE_WEIGHT = 10**9
#: How many different ways of naming a publisher are remembered. Most corpora have some hundreds.
_REMEMBERED = 2**14
#: The key under which a page's ``said`` names the topics above. They are edges and not a property.
PARENTS = "parents"


class Describer:
    """Collects what stories say about other nodes. It caches, because most stories say what others say."""

    def __init__(self, directory: OutletDirectory) -> None:
        self._directory = directory
        self._outlets: dict[tuple[str | None, ...], tuple[str, str] | None] = {}

    def tables(self, stories: Iterable[MergedStory]) -> list[EdgeTable]:
        """Returns the edges of the stories to their outlets, topics, images, authors and entities."""
        # Each list has start, end and properties of its edges.
        outlets: list[tuple[str, str, str]] = []
        topics: list[tuple[str, str, str]] = []
        images: list[tuple[str, str, int, str, str | None]] = []
        authors: list[tuple[str, str, int, str]] = []
        entities: list[tuple[str, str, str]] = []
        for id, records, _ in stories:
            outlet = self._outlet(id, records)
            if outlet is not None:
                outlets.append((id, *outlet))
            # What a story names twice, or in several records, counts where it is first.
            seen: set[tuple[str, str]] = set()
            for one in records:
                record = one.record
                for topic in record.topics:
                    slug, said = _topic(topic)
                    if slug is not None and (pair := ("topic", slug)) not in seen:
                        seen.add(pair)
                        topics.append((id, slug, said))
                for position, image in enumerate(record.images):
                    key = image.id
                    if key is not None and (pair := ("image", key)) not in seen:
                        seen.add(pair)
                        images.append((id, key, position, _said_of_image(image), image.title))
                for position, name in enumerate(record.authors):
                    slug, said = _topic(name)
                    if slug is not None and agency_named(name) is None and (pair := ("author", slug)) not in seen:
                        seen.add(pair)
                        authors.append((id, slug, position, said))
                for entity in record.entities:
                    key = entity.id
                    if key is not None and (pair := ("entity", key)) not in seen:
                        seen.add(pair)
                        entities.append((id, key, _said(msgspec.structs.asdict(entity))))
        return [
            _table("PUBLISHED_BY", outlets, "said"),
            _table("ABOUT", topics, "said"),
            _table("HAS_IMAGE", images, "position", "said", "title"),
            _table("AUTHORED_BY", authors, "position", "said"),
            _table("MENTIONS_ENTITY", entities, "said"),
        ]

    def _outlet(self, id: str, records: Sequence[PlacedRecord]) -> tuple[str, str] | None:
        """Returns the outlet of a story, and what the story says about it."""
        best = records[0].record
        name, domain, logo_url, country = _of_outlet(best)
        for one in records[1:]:
            other = _of_outlet(one.record)
            name, domain, logo_url, country = (
                name or other[0], domain or other[1], logo_url or other[2], country or other[3],
            )  # fmt: skip
        # The directory uses only the host of the address and the provider's domain.
        key = id.split("/", 3)[2], name, domain, logo_url, country
        try:
            return self._outlets[key]
        except KeyError:
            pass
        if len(self._outlets) >= _REMEMBERED:  # logos of a picture service can be different in every story
            self._outlets.clear()
        outlet = self._directory.outlet_of(best.addresses[0], domain)
        found = None
        if outlet is not None:
            agency = agency_named(name or "")
            if agency is not None and not_own(agency, outlet.domain):
                name = None  # it is a credit; the outlet is the one whose page it is
            found = outlet.id, _said_of_outlet(country, outlet.domain, logo_url, name)
        self._outlets[key] = found
        return found


def _table(type: str, rows: Sequence[tuple[Any, ...]], *names: str) -> EdgeTable:
    starts, ends, *columns = zip(*rows, strict=True) if rows else ((),) * (2 + len(names))
    return EdgeTable(type, starts, ends, dict(zip(names, columns, strict=True)))


def _of_outlet(record: ArticleRecord) -> tuple[str | None, str | None, str | None, str | None]:
    """Returns name, domain, logo and country of the outlet as one record gives them."""
    return (
        record.outlet_name or None, record.outlet_domain or None, record.outlet_logo_url or None,
        record.outlet_country or None,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _topic(name: str) -> tuple[str | None, str]:
    return topic_slug(name), _said({"name": name})


def _said_of_image(image: ImageRecord) -> str:
    # It writes what _said() writes, in a third of the time, because a corpus has more pictures than anything else.
    cached = "" if image.cached is None else '"cached":true,' if image.cached else '"cached":false,'
    height = "" if image.height is None else f'"height":{image.height},'
    width = "" if image.width is None else f',"width":{image.width}'
    return f'{{{cached}{height}"url":{encode_basestring(image.url)}{width}}}'


def _said_of_outlet(country: str | None, domain: str, logo_url: str | None, name: str | None) -> str:
    # It writes what _said() writes, in a third of the time, because stories can have logos of their own.
    known = (("country", country), ("domain", domain), ("logo_url", logo_url), ("name", name))
    parts = [f'"{key}":{encode_basestring(one)}' for key, one in known if one is not None]
    return f"{{{','.join(parts)}}}"


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
        return _gathered(label, id, properties, directory, {properties.get("name"): 1})
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
    said: dict[str, Any] = _DECODER.decode(text)
    said.pop(PARENTS, None)
    if "[" in text:
        said = {name: tuple(value) if type(value) is list else value for name, value in said.items()}
    return said
