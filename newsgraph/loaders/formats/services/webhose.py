"""Webhose (webz.io) posts: ``{"posts": [...]}``, an object a file, an array, or lines."""

from __future__ import annotations

from collections.abc import Mapping

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import Dialect
from newsgraph.loaders.json.articles import read_articles
from newsgraph.loaders.records import Reading

DIALECT = Dialect(
    name="webhose",
    fields={
        "title": ("title", "thread.title_full", "thread.title"),
        "url": ("url", "thread.url"),
        "excerpt": ("summary",),
        "kind": ("thread.site_type",),
        "category": ("categories", "thread.site_categories"),
        "language": ("language",),
        "topics": ("topics",),
        "outlet_domain": ("thread.site_full", "thread.site"),
    },
    time=("published", "thread.published"),
    seen=("crawled",),
    images=("thread.main_image",),
    left_out=frozenset(
        {
            "uuid", "ord_in_thread", "parent_url", "author", "text", "highlightText", "highlightTitle", "entities",
            "highlightThreadTitle", "external_links", "external_images", "internal_images", "rating", "sentiment",
            "ai_allow", "has_canonical", "webz_reporter", "breaking", "syndication", "updated", "trust", "thread",
        }
    ),
)  # fmt: skip


def matches(document: Document) -> bool:
    """Whether the first post stands in a thread."""
    return isinstance(document.sample.get("thread"), Mapping)


def read(document: Document) -> Reading:
    """The posts."""
    return read_articles(document, DIALECT)
