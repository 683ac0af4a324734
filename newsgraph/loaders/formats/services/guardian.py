"""Answers of the Guardian's open platform (content API): ``{"response": {"results": [...]}}``, or one item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.json.articles import first_plain, first_text, read_articles, service_dialect
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("guardian", "webUrl")


def matches(document: Document) -> bool:
    """Whether the first article has the Guardian's names."""
    return "webTitle" in document.sample and bool({"webUrl", "webPublicationDate"} & document.sample.keys())


def read(document: Document) -> Reading:
    """The articles."""
    return read_articles(document, DIALECT, _named)


def _named(item: Mapping[str, Any]) -> Mapping[str, Any]:
    tags = item.get("tags")
    listed = tags if isinstance(tags, list) else []
    return {
        "title": first_plain(item, "webTitle", "fields.headline"),
        "excerpt": first_plain(item, "fields.trailText", "fields.standfirst"),
        "webUrl": item.get("webUrl"),
        "kind": item.get("type"),
        "category": item.get("sectionName"),
        "language": first_text(item, "fields.lang"),
        "outlet_name": first_text(item, "fields.publication"),
        "topics": [tag.get("webTitle") for tag in listed if isinstance(tag, Mapping) and tag.get("type") == "keyword"],
        "authors": first_plain(item, "fields.byline")
        or [tag.get("webTitle") for tag in listed if isinstance(tag, Mapping) and tag.get("type") == "contributor"],
        "images": [url for url in (first_text(item, "fields.thumbnail"),) if url],
        "published_at": item.get("webPublicationDate"),
    }
