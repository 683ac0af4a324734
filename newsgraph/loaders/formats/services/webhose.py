"""Webhose (webz.io) posts: ``{"posts": [...]}``, an object in each file, an array, or lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import Dialect
from newsgraph.loaders.fields.entities import entities, entity, kind_of
from newsgraph.loaders.json.articles import read_articles
from newsgraph.loaders.records import EntityRecord, Reading


def _entities(given: Any) -> tuple[EntityRecord, ...]:
    """The people, organisations and places that a post lists."""
    groups = given.items() if isinstance(given, Mapping) else ()
    return entities(
        entity(one.get("name"), kind_of(kind))
        for kind, listed in groups
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, Mapping)
    )


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
        "outlet_country": ("thread.country",),
        "authors": ("author",),
        "entities": ("entities",),
    },
    time=("published", "thread.published"),
    seen=("crawled",),
    images=("thread.main_image",),
    converters={"entities": _entities},
    left_out=frozenset(
        {
            "uuid", "ord_in_thread", "parent_url", "text", "highlightText", "highlightTitle",
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
