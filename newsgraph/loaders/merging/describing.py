"""What stories say about their outlets, topics, images, authors and entities, and what these nodes are by all that is
said about them.

Each edge to such a node keeps what its story says, so that the node can be made again when a story changes.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from newsgraph.loaders.merging.stories import StoryColumns
from newsgraph.loaders.records import EntityRecord, ImageRecord

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

    def tables(self, stories: StoryColumns) -> list[EdgeTable]:
        """Returns the edges of the stories to their outlets, topics, images, authors and entities."""
        return [
            _table("PUBLISHED_BY", list(self._outlet_edges(stories)), "said"),
            _table("ABOUT", list(_edges(stories, "topics", _topic_said)), "said"),
            _table("HAS_IMAGE", list(_edges(stories, "images", _image_said)), "position", "said", "title"),
            _table("AUTHORED_BY", list(_edges(stories, "authors", _author_said)), "position", "said"),
            _table("MENTIONS_ENTITY", list(_edges(stories, "entities", _entity_said)), "said"),
        ]

    def _outlet_edges(self, stories: StoryColumns) -> Iterator[tuple[str, str, str]]:
        """Yields each story that has an outlet, with the outlet and what the story says about it."""
        told: dict[str, list[str | None]] = {name: list(stories.column(name)) for name in _OF_OUTLETS}
        for number, records in stories.several.items():
            for name, column in told.items():
                own = (getattr(one.record, name) for one in records)
                column[number] = column[number] or next(filter(None, own), None)
        addresses = stories.first_addresses()
        known = self._outlets
        for number, (id, *naming) in enumerate(zip(stories.ids, *told.values(), strict=True)):
            # The directory uses only the host of the address and the provider's domain.
            key = id.split("/", 3)[2], *naming
            if key not in known:
                if len(known) >= _REMEMBERED:  # logos of a picture service can be different in every story
                    known.clear()
                known[key] = self._outlet(addresses[number], *naming)
            outlet = known[key]
            if outlet is not None:
                yield id, *outlet

    def _outlet(
        self, address: str, name: str | None, domain: str | None, logo_url: str | None, country: str | None
    ) -> tuple[str, str] | None:
        """Returns the outlet of a story, and what the story says about it."""
        outlet = self._directory.outlet_of(address, domain or None)
        if outlet is None:
            return None
        agency = agency_named(name or "")
        if agency is not None and not_own(agency, outlet.domain):
            name = None  # it is a credit; the outlet is the one whose page it is
        return outlet.id, _said_of_outlet(country or None, outlet.domain, logo_url or None, name or None)


#: What records say of their outlets.
_OF_OUTLETS = ("outlet_name", "outlet_domain", "outlet_logo_url", "outlet_country")


def _edges(
    stories: StoryColumns, field: str, said: Callable[[int, Any], tuple[Any, ...] | None]
) -> Iterator[tuple[Any, ...]]:
    """Yields the edges that a list in each record gives: the story, the other end, and the edge's properties.

    ``said`` returns the last two for a place in the list and what stands there; None if that names nothing. What a
    story names twice, or in several records, counts where it is first.
    """
    column = stories.column(field)
    if not any(column) and not stories.several:
        return
    for number, (id, values) in enumerate(zip(stories.ids, column, strict=True)):
        records = stories.several.get(number)
        lists = (values,) if records is None else [getattr(one.record, field) for one in records]
        seen: set[str] = set()
        for several in lists:
            for position, one in enumerate(several):
                found = said(position, one)
                if found is not None and found[0] not in seen:
                    seen.add(found[0])
                    yield id, *found


def _topic_said(position: int, name: str) -> tuple[str, str] | None:
    slug, said = _topic(name)
    return None if slug is None else (slug, said)


def _image_said(position: int, image: ImageRecord) -> tuple[str, int, str, str | None] | None:
    return None if image.id is None else (image.id, position, _said_of_image(image), image.title)


def _author_said(position: int, name: str) -> tuple[str, int, str] | None:
    slug, said = _topic(name)
    return None if slug is None or agency_named(name) is not None else (slug, position, said)


def _entity_said(position: int, entity: EntityRecord) -> tuple[str, str] | None:
    return None if entity.id is None else (entity.id, _said(msgspec.structs.asdict(entity)))


def _table(type: str, rows: Sequence[tuple[Any, ...]], *names: str) -> EdgeTable:
    starts, ends, *columns = zip(*rows, strict=True) if rows else ((),) * (2 + len(names))
    return EdgeTable(type, starts, ends, dict(zip(names, columns, strict=True)))


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
