"""Media Cloud lists of stories, from its API or saved by its client: an array, ``{"stories": [...]}`` or lines. Its
tables (CSV) are read by their headers. Its times have no zone."""

from __future__ import annotations

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import Dialect
from newsgraph.loaders.json.articles import read_articles
from newsgraph.loaders.records import Reading

DIALECT = Dialect(
    name="media cloud",
    fields={
        "title": ("title",),
        "url": ("url",),
        "language": ("language",),
        "topics": ("themes",),
        "outlet_name": ("media_name",),
        "outlet_domain": ("media_url",),
    },
    time=("publish_date",),
    seen=("indexed_date", "collect_date"),
    left_out=frozenset(
        {
            "id", "stories_id", "processed_stories_id", "guid", "media_id", "ap_syndicated", "feeds", "story_tags",
            "word_count", "metadata", "text",
        }
    ),
)  # fmt: skip


def matches(document: Document) -> bool:
    """Whether the first story names its medium as Media Cloud does."""
    return bool({"media_name", "media_url", "stories_id"} & document.sample.keys())


def read(document: Document) -> Reading:
    """The stories."""
    return read_articles(document, DIALECT)
