"""news-please articles, such as its extracts of Common Crawl's news: a JSON object in each file, an array, or lines.
Its times have no zone."""

from __future__ import annotations

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.converters import Converter, text
from newsgraph.loaders.fields.dialect import CONVERTERS, Dialect
from newsgraph.loaders.json.articles import read_articles
from newsgraph.loaders.records import Reading


def _but_none(converter: Converter) -> Converter:
    """Returns a converter that reads the text None, which news-please writes for an empty value, as no value."""
    return lambda value: None if value in ("None", "none", "null") else converter(value)


_FIELDS = {
    "title": ("title", "title_rss", "title_page"),
    "excerpt": ("description",),
    "url": ("url",),
    "language": ("language",),
    "outlet_domain": ("source_domain",),
    "authors": ("authors",),
}
DIALECT = Dialect(
    name="news-please",
    fields=_FIELDS,
    time=("date_publish",),
    seen=("date_download",),
    images=("image_url",),
    left_out=frozenset({"date_modify", "filename", "localpath", "maintext", "text", "html", "warc"}),
    converters={
        **{name: _but_none(CONVERTERS[field]) for field, names in _FIELDS.items() for name in names},
        **dict.fromkeys(("date_publish", "date_download"), _but_none(text)),
    },
)


def matches(document: Document) -> bool:
    """Whether the first article has news-please's names."""
    names = document.sample.keys()
    return "source_domain" in names and bool({"date_publish", "date_download", "maintext"} & names)


def read(document: Document) -> Reading:
    """The articles."""
    return read_articles(document, DIALECT)
