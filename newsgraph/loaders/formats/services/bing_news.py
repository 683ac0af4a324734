"""Answers of Bing's news search: ``{"_type": "News", "value": [...]}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.json.articles import first_plain, first_text, read_articles, service_dialect
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("bing news")


def matches(document: Document) -> bool:
    """Whether the first article has a list of providers, as Bing's have."""
    article = document.sample
    return isinstance(article.get("provider"), list) and "url" in article and "name" in article


def read(document: Document) -> Reading:
    """The articles."""
    return read_articles(document, DIALECT, _named)


def _named(item: Mapping[str, Any]) -> Mapping[str, Any]:
    about = item.get("about")
    return {
        "title": first_plain(item, "name"),
        "excerpt": first_plain(item, "description"),
        "url": item.get("url"),
        "amp_url": item.get("ampUrl"),
        "category": first_text(item, "category"),
        "outlet_name": first_plain(item, "provider.name"),
        "topics": [first_plain(one, "name") for one in about if isinstance(one, Mapping)]
        if isinstance(about, list)
        else [],
        "images": [one for one in (first_text(item, "image.contentUrl", "image.thumbnail.contentUrl"),) if one],
        "published_at": item.get("datePublished"),
    }
