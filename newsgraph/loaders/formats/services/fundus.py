"""Articles of fundus, as its crawler saves them: an array, one object, or lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.json.articles import first_plain, first_text, read_articles, service_dialect
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("fundus")


def matches(document: Document) -> bool:
    """Whether the first article has fundus's names."""
    names = document.sample.keys()
    return "publishing_date" in names or (isinstance(document.sample.get("html"), Mapping) and "title" in names)


def read(document: Document) -> Reading:
    """The articles."""
    return read_articles(document, DIALECT, _named)


def _named(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "title": first_plain(item, "title"),
        "excerpt": first_plain(item, "description", "body.summary"),
        "url": first_text(item, "html.responded_url", "html.requested_url", "responded_url", "requested_url", "url"),
        "language": first_text(item, "lang", "language"),
        "topics": item.get("topics"),
        "outlet_name": first_text(
            item, "publisher.name", "publisher", "html.source_info.publisher.name", "html.source_info.publisher",
            "html.source.publisher", "html.publisher",
        ),
        "authors": item.get("authors"),
        "images": [one for one in (first_text(item, "images.url", "images.versions.url", "image"),) if one],
        "published_at": first_text(item, "publishing_date", "publication_date", "date"),
        "seen_at": first_text(item, "html.crawl_date", "crawl_date"),
    }  # fmt: skip
