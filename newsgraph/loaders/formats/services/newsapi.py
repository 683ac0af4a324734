"""NewsAPI answers (``/v2/everything``, ``/v2/top-headlines``): ``{"status": "ok", "articles": [...]}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import Dialect
from newsgraph.loaders.json.articles import plain_or_other, read_articles
from newsgraph.loaders.records import Reading

DIALECT = Dialect(
    name="newsapi",
    fields={
        "title": ("title",),
        "excerpt": ("description",),
        "url": ("url",),
        "language": ("lang", "language"),
        "outlet_name": ("source.name",),
        "outlet_domain": ("source.url",),
        "outlet_country": ("source.country",),
        "authors": ("author",),
    },
    time=("publishedAt",),
    images=("urlToImage", "image"),
    left_out=frozenset({"content", "source"}),
)


def matches(document: Document) -> bool:
    """Whether the first article has a source with a name, and NewsAPI's own names."""
    first = document.sample
    return isinstance(first.get("source"), Mapping) and bool({"urlToImage", "publishedAt"} & first.keys())


def read(document: Document) -> Reading:
    """Returns the articles. Those that were taken back are left out, and a note counts them."""
    return read_articles(document, DIALECT, _named)


def _named(article: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **article,
        "title": plain_or_other(article.get("title")),
        "description": plain_or_other(article.get("description")),
    }
