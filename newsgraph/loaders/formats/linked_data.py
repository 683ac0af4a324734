"""schema.org articles as JSON-LD: one, an array, lines, or a ``@graph``; also what web pages hold of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import Dialect
from newsgraph.loaders.json.articles import read_articles
from newsgraph.loaders.records import Reading

DIALECT = Dialect(
    name="json-ld",
    fields={
        "title": ("headline", "name", "alternativeHeadline"),
        "excerpt": ("description", "abstract"),
        "url": ("url", "mainEntityOfPage.@id", "mainEntityOfPage", "@id"),
        "category": ("articleSection",),
        "language": ("inLanguage",),
        "topics": ("keywords",),
        "outlet_name": ("publisher.name", "publisher", "sourceOrganization.name"),
        "outlet_domain": ("publisher.url",),
        "outlet_logo_url": ("publisher.logo.url", "publisher.logo"),
    },
    time=("datePublished", "dateCreated", "uploadDate"),
    images=("image", "thumbnailUrl"),
    left_out=frozenset(
        {
            "@context", "@type", "author", "creator", "editor", "articleBody", "dateModified", "isAccessibleForFree",
            "hasPart", "isPartOf", "speakable", "wordCount", "copyrightHolder", "copyrightYear", "commentCount",
            "comment", "video", "mentions", "about", "identifier", "potentialAction", "liveBlogUpdate",
        }
    ),
)  # fmt: skip
_KINDS = ("Article", "Posting", "VideoObject", "Review")


def matches(document: Document) -> bool:
    """Whether the first element is of a type of schema.org's, or an article is among the elements."""
    if document.json is None:
        return False
    return any(is_article(one.value) for one in document.json.elements[:100])


def is_article(value: Any) -> bool:
    """Whether it is an article or something like it."""
    given = value.get("@type") if isinstance(value, Mapping) else None
    types = given if isinstance(given, list) else [given]
    return any(isinstance(one, str) and one.endswith(_KINDS) for one in types)


def read(document: Document) -> Reading:
    """The articles; elements of other types are left alone."""
    assert document.json is not None
    articles = tuple(one for one in document.json.elements if is_article(one.value))
    return read_articles(document.narrowed(replace(document.json, elements=articles)), DIALECT)
