"""Answers of Event Registry (newsapi.ai): ``{"articles": {"results": [...]}}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.json.articles import first_plain, first_text, read_articles, service_dialect
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("event registry")


def matches(document: Document) -> bool:
    """Whether the first article has Event Registry's names."""
    names = document.sample.keys()
    return "dateTimePub" in names or ("isDuplicate" in names and isinstance(document.sample.get("source"), Mapping))


def read(document: Document) -> Reading:
    """The articles."""
    return read_articles(document, DIALECT, _named)


def _named(item: Mapping[str, Any]) -> Mapping[str, Any]:
    concepts = item.get("concepts")
    listed = concepts if isinstance(concepts, list) else []
    category = first_text(item, "categories.label", "categories.uri")
    day, time = item.get("date"), item.get("time")
    found = f"{day}T{time}Z" if isinstance(day, str) and isinstance(time, str) else day  # its clock is UTC
    domain = first_text(item, "source.uri")
    return {
        "title": first_plain(item, "title"),
        "url": item.get("url"),
        "kind": item.get("dataType"),
        "category": category.rpartition("/")[2] if category else None,
        "language": item.get("lang"),
        "outlet_name": first_text(item, "source.title"),
        "outlet_domain": domain if domain and "." in domain else None,
        "topics": [
            first_text(one, "label.eng", "label") or next(iter(one["label"].values()), None)
            for one in listed
            if isinstance(one, Mapping)
            and one.get("type") == "wiki"
            and isinstance(one.get("label"), (Mapping, str))
            and one["label"]
        ],
        "images": [one for one in (item.get("image"),) if one],
        "published_at": item.get("dateTimePub"),
        "seen_at": item.get("dateTime") or found,
    }
