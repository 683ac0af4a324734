"""JSON of no known service: articles by the usual names, in an object, an array, lines, or a list in an object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.fields.dialect import pick
from newsgraph.loaders.formats.yaml_front_matter import article_or_page
from newsgraph.loaders.frontmatter.outlet_topic_pages import kind
from newsgraph.loaders.json.articles import read_articles
from newsgraph.loaders.records import Reading

_ADDRESSES = ("url", "original_url", "amp_url", "cdn_amp_url")


def matches(document: Document) -> bool:
    """Any JSON."""
    return document.json is not None


def read(document: Document) -> Reading | None:
    """The articles; None when nothing in it looks like one, and it is sound."""
    assert document.json is not None
    if document.json.kind == "object" and kind(document.sample) not in (None, "other"):
        return article_or_page("json", document.sample)
    if any(_like_an_article(one.value) for one in document.json.elements):
        return read_articles(document, GENERAL)
    if document.json.problems:
        return Reading("json", problems=document.json.problems)
    return None


def _like_an_article(value: Any) -> bool:
    return isinstance(value, Mapping) and _has(value, ("title",)) and _has(value, _ADDRESSES)


def _has(value: Mapping[str, Any], fields: tuple[str, ...]) -> bool:
    return any(pick(value, name) for field in fields for name in GENERAL.fields[field])
