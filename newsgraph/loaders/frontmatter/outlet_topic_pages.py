"""Pages about an outlet or a topic, as Smartable's sites keep them. They are front matter or a YAML file with
``taxonomy: organization`` or ``taxonomy: topic``, and they hold no story."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from newsgraph.graph.topics import topic_slug
from newsgraph.graph.urls.identity import read_host_or_address
from newsgraph.loaders.fields.converters import items, mapping, picture, tags, text
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.fields.dialect import RecordReader
from newsgraph.loaders.records import OutletRecord, PageRecord, Reading, TopicRecord

FORMAT = "outlet and topic pages"
_KINDS = {"organization": "outlet", "organisation": "outlet", "outlet": "outlet", "topic": "topic"}
_KNOWN = {
    "page", "taxonomy", "_id", "id", "name", "shortname", "otherNames", "domain", "images", "logo_url", "description",
    "keywords", "hashtags", "services", "parent", "parents", "layout", "permalink", "title", "excerpt", "hidden",
}  # fmt: skip


def kind(data: Mapping[str, Any]) -> str | None:
    """Returns outlet or topic, "other" for a page about anything else, and None if it isn't such a page.

    Most of Smartable's topic files don't say what they are. They are recognised by an ``_id``, a name and no
    address."""
    if "taxonomy" in data:
        return _KINDS.get(str(data["taxonomy"]).strip().lower(), "other")
    if "_id" in data and "name" in data and not {"title", "webUrl", "originalUrl"} & data.keys():
        return "outlet" if "domain" in data else "topic" if {"keywords", "parent", "services"} & data.keys() else None
    return None


def read_page(data: Mapping[str, Any], kind: str, lines: Callable[[], Mapping[str, int]]) -> Reading:
    """Returns the page that the named values of a file make."""
    reader = RecordReader(GENERAL, lines)
    record = page(reader, data, kind)
    return Reading(FORMAT, () if record is None else (record,), tuple(reader.problems), reader.unknown)


def page(reader: RecordReader, data: Mapping[str, Any], kind: str, line: int | None = None) -> PageRecord | None:
    """Returns the page of that kind, or None if it lacks the name of its subject. Problems are reported to the
    reader."""
    reader.unknown.update(str(name)[:80] for name in data if name not in _KNOWN)

    def value(converter: Any, name: str) -> Any:
        return reader.convert(converter, data.get(name), name, line)

    name = value(text, "name")
    if kind == "outlet":
        domain = value(text, "domain") or value(text, "_id")
        if domain is None or read_host_or_address(domain) is None:
            reader.report(
                "domain", "there is no domain", "The page is left out; give it a domain such as example.com", line
            )
            return None
        logo = value(picture, "logo_url")
        for number, image in enumerate(value(items, "images") or ()):
            place = f"images[{number}]"
            found = reader.convert(mapping, {"url": image} if isinstance(image, str) else image, place, line) or {}
            logo = logo or reader.convert(picture, found.get("url"), f"{place}.url", line)
        return OutletRecord(page="outlet", domain=domain, name=name, logo_url=logo)
    if kind != "topic" or name is None or topic_slug(name) is None:
        reader.report("name", "there is no name", "The page is left out; give its outlet or topic a name", line)
        return None
    parents = value(tags, "parents") or value(tags, "parent") or ()
    return TopicRecord(page="topic", name=name, keywords=value(tags, "keywords") or (), parents=parents)
