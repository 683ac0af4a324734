"""Answers of NewsCatcher: ``{"articles": [...]}``. Its times are in UTC if it says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.json.articles import first_plain, read_articles, service_dialect
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("newscatcher", "link")


def matches(document: Document) -> bool:
    """Whether the first article has NewsCatcher's names."""
    return "link" in document.sample and bool({"clean_url", "domain_url"} & document.sample.keys())


def read(document: Document) -> Reading:
    """The articles."""
    return read_articles(document, DIALECT, _named)


def _named(item: Mapping[str, Any]) -> Mapping[str, Any]:
    time = item.get("published_date")
    if (
        isinstance(time, str)
        and item.get("timezone", item.get("published_date_timezone")) == "UTC"
        and time[-1:].isdigit()
    ):
        time += "Z" if ":" in time else ""
    return {
        "title": first_plain(item, "title"),
        "excerpt": first_plain(item, "excerpt", "description"),
        "link": item.get("link"),
        "category": item.get("topic"),
        "language": item.get("language"),
        "outlet_name": first_plain(item, "name_source", "rights"),
        "outlet_domain": item.get("clean_url") or item.get("domain_url"),
        "outlet_country": item.get("country"),
        "authors": item.get("authors") or item.get("author"),
        "images": [one for one in (item.get("media"),) if isinstance(one, str) and one],
        "published_at": time,
    }
