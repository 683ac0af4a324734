"""GDELT DOC 2.0 lists of articles (``mode=artlist&format=json``): ``{"articles": [...]}``. ``seendate`` is when GDELT
found the article, so its time is marked as unsure."""

from __future__ import annotations

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import Dialect
from newsgraph.loaders.json.articles import read_articles
from newsgraph.loaders.records import Reading

DIALECT = Dialect(
    name="gdelt",
    fields={
        "title": ("title",),
        "url": ("url",),
        "amp_url": ("url_mobile",),
        "language": ("language",),
        "outlet_domain": ("domain",),
        "outlet_country": ("sourcecountry",),
    },
    time=(),
    seen=("seendate",),
    images=("socialimage",),
)


def matches(document: Document) -> bool:
    """Whether the first article has GDELT's time."""
    return "seendate" in document.sample


def read(document: Document) -> Reading:
    """The articles."""
    return read_articles(document, DIALECT)
