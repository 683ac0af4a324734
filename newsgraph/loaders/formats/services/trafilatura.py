"""What trafilatura extracts, as JSON (``trafilatura --json``): one object, an array or lines. Its dates
have no time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.json.articles import first_plain, read_articles, service_dialect
from newsgraph.loaders.markup.addresses import is_web
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("trafilatura", "source")


def matches(document: Document) -> bool:
    """Whether the first article has trafilatura's names."""
    names = document.sample.keys()
    return "source-hostname" in names or (
        {"hostname", "source"} <= names and bool({"fingerprint", "raw_text", "sitename"} & names)
    )


def read(document: Document) -> Reading:
    """The articles."""
    return read_articles(document, DIALECT, named)


def named(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The article by the dialect's names."""
    source = item.get("source")
    return {
        "title": first_plain(item, "title"),
        "excerpt": first_plain(item, "excerpt", "description"),
        "source": source if isinstance(source, str) and is_web(source) else item.get("url"),
        "kind": item.get("pagetype"),
        "category": next((one.strip() for one in str(item.get("categories") or "").split(";") if one.strip()), None),
        "language": item.get("language"),
        "topics": item.get("tags"),
        "outlet_name": item.get("source-hostname") or item.get("sitename"),
        "outlet_domain": item.get("hostname"),
        "authors": item.get("author"),
        "images": [one for one in (item.get("image"),) if one],
        "published_at": item.get("date"),
        "seen_at": item.get("filedate"),
    }
