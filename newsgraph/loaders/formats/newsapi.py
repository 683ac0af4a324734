"""NewsAPI answers (``/v2/everything``, ``/v2/top-headlines``): ``{"status": "ok", "articles": [...]}``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import Dialect
from newsgraph.loaders.json.articles import read_articles
from newsgraph.loaders.json.text import Element
from newsgraph.loaders.records import Reading

DIALECT = Dialect(
    name="newsapi",
    fields={
        "title": ("title",),
        "excerpt": ("description",),
        "url": ("url",),
        "outlet_name": ("source.name",),
    },
    time=("publishedAt",),
    images=("urlToImage",),
    left_out=frozenset({"author", "content", "source"}),
)
#: What stands in the place of an article that its publisher took back.
_REMOVED = "https://removed.com"


def matches(document: Document) -> bool:
    """Whether the first article has a source with a name, and NewsAPI's own names."""
    first = document.sample
    return isinstance(first.get("source"), Mapping) and bool({"urlToImage", "publishedAt"} & first.keys())


def read(document: Document) -> Reading:
    """The articles; those that were taken back are left out and counted in a note."""
    assert document.json is not None
    kept = tuple(one for one in document.json.elements if not _removed(one))
    removed = len(document.json.elements) - len(kept)
    reading = read_articles(document.narrowed(replace(document.json, elements=kept)), DIALECT)
    note = f"{removed:,} articles that NewsAPI says were removed are left out"
    return replace(reading, notes=(note,)) if removed else reading


def _removed(element: Element) -> bool:
    return isinstance(element.value, Mapping) and element.value.get("url") == _REMOVED
