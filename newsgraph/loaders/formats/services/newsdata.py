"""Answers of newsdata.io: ``{"status": "success", "results": [...]}``. Its times are in UTC if it says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.json.articles import first_plain, first_text, read_articles, service_dialect
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("newsdata", "link")


def matches(document: Document) -> bool:
    """Whether the first article has newsdata's names."""
    names = document.sample.keys()
    return "link" in names and "source_id" in names and bool({"pubDate", "article_id", "source_name"} & names)


def read(document: Document) -> Reading:
    """The articles."""
    return read_articles(document, DIALECT, _named)


def _named(item: Mapping[str, Any]) -> Mapping[str, Any]:
    time = item.get("pubDate")
    if isinstance(time, str) and item.get("pubDateTZ") == "UTC" and time[-1:].isdigit() and ":" in time:
        time += "Z"
    return {
        "title": first_plain(item, "title"),
        "excerpt": first_plain(item, "description"),
        "link": item.get("link"),
        "kind": item.get("datatype"),
        "category": first_text(item, "category"),
        "language": item.get("language"),
        "topics": item.get("keywords"),
        "outlet_name": item.get("source_name"),
        "outlet_domain": item.get("source_url"),
        "outlet_country": item.get("country"),
        "authors": item.get("creator"),
        "images": [one for one in (item.get("image_url"),) if one],
        "published_at": time,
    }
