"""ninjs, the IPTC's news in JSON, versions 1 to 3. Only texts become stories, not pictures, videos and events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.entities import entity, kind_of
from newsgraph.loaders.json.articles import first_plain, first_text, list_of, read_stories, service_dialect
from newsgraph.loaders.markup.addresses import is_web
from newsgraph.loaders.records import EntityRecord, Reading

DIALECT = service_dialect("ninjs", "uri")
_TEXTS = ("text", "composite", None, "")


def matches(document: Document) -> bool:
    """Whether the first item has the names of ninjs."""
    item = document.sample
    if "ninjs" in str(item.get("standard", "")) or "ninjs" in str(item.get("$schema", "")):
        return True
    names = {str(name).lower() for name in item}
    named = bool({"headline", "headlines"} & names) and "@type" not in names
    own = {
        "versioncreated",
        "pubstatus",
        "description_text",
        "body_text",
        "body_xhtml",
        "contentcreated",
        "firstcreated",
    }
    return named and bool(own & names)


def read(document: Document) -> Reading:
    """Returns the texts. A note counts items that are not texts or were withdrawn."""
    others = "items that are no texts, or that were withheld or cancelled,"
    return read_stories(document, DIALECT, _named, _is_story, others)


def _is_story(written: Mapping[str, Any]) -> bool:
    item = _lower(written)
    return item.get("type") in _TEXTS and item.get("pubstatus") not in ("withheld", "canceled", "cancelled")


def _lower(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns the item with its names in small letters: version 3 writes ``pubStatus`` for ``pubstatus``."""
    return {str(name).lower(): value for name, value in item.items()}


def _named(written: Mapping[str, Any]) -> Mapping[str, Any]:
    item = _lower(written)
    given = (
        item.get("uri"),
        first_text(item, "altids.value"),
        item.get("weburl"),
        item.get("url"),
        item.get("canonical"),
        item.get("guid"),
    )
    return {
        "title": first_plain(item, "headline", "title") or _of_role(item.get("headlines"), "main"),
        "excerpt": first_plain(item, "description_text", "description_xhtml")
        or _of_role(item.get("descriptions"), "summary"),
        "uri": next((one for one in given if isinstance(one, str) and is_web(one)), None),
        "kind": item.get("type"),
        "category": first_text(item, "profile"),
        "language": item.get("language"),
        "topics": [first_text(one, "name") for name in ("subject", "subjects") for one in list_of(item.get(name))],
        "outlet_name": first_text(
            item, "infosources.name", "infosource.name", "provider.name", "source", "copyrightholder"
        ),
        "credit": first_text(item, "creditline", "infosources.name", "infosource.name", "provider.name", "source"),
        "authors": first_plain(item, "byline", "by")
        or [first_text(one, "name", "literal") for one in list_of(item.get("bylines")) if isinstance(one, Mapping)]
        or [first_text(one, "byline") for one in list_of(item.get("bylines"))],
        "entities": list(_entities(item)),
        "images": list(_pictures(item)),
        "published_at": first_text(
            item, "published", "publishedat", "firstcreated", "versioncreated", "contentcreated"
        ),
    }


def _of_role(given: Any, role: str) -> str | None:
    """Returns the text of that role in a list of them, or else the first text."""
    listed = [one for one in list_of(given) if isinstance(one, Mapping)]
    listed.sort(key=lambda one: one.get("role") != role)
    return next((found for one in listed if (found := first_plain(one, "value"))), None)


def _entities(item: Mapping[str, Any]) -> Iterator[EntityRecord | None]:
    """The people, organisations and places that the item lists; the plural names are those of version 2."""
    for names in ("person", "people", "organisation", "organisations", "place", "places"):
        for one in list_of(item.get(names)):
            if isinstance(one, Mapping):
                identifiers = (one.get("uri"), one.get("code"), one.get("sameas"), one.get("literal"))
                yield entity(first_text(one, "name", "literal"), kind_of(names), *identifiers)


def _pictures(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yields one rendition of each picture that belongs to the text."""
    given = item.get("associations")
    for one in given.values() if isinstance(given, Mapping) else list_of(given):
        if not isinstance(one, Mapping) or one.get("type") not in ("picture", "graphic", None):
            continue
        renditions = one.get("renditions")
        for rendition in list(renditions.values()) if isinstance(renditions, Mapping) else list_of(renditions):
            if isinstance(rendition, Mapping) and is_web(
                rendition.get("href") if isinstance(rendition.get("href"), str) else None
            ):
                yield {"url": rendition["href"], "width": rendition.get("width"), "height": rendition.get("height")}
                break
