"""JSON of no known service: articles by the usual names, in an object, an array, lines, or a list in an object."""

from __future__ import annotations

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.formats.yaml_front_matter import article_or_page
from newsgraph.loaders.frontmatter.outlet_topic_pages import kind
from newsgraph.loaders.json.articles import read_articles
from newsgraph.loaders.json.general_names import general_names
from newsgraph.loaders.json.structure import like_an_article
from newsgraph.loaders.records import Reading


def matches(document: Document) -> bool:
    """Any JSON."""
    return document.json is not None


def read(document: Document) -> Reading | None:
    """Returns the articles; None if the JSON isn't broken and nothing in it looks like an article."""
    assert document.json is not None
    if document.json.kind == "object" and kind(document.sample) not in (None, "other"):
        return article_or_page("json", document.sample)
    if any(like_an_article(one.value) for one in document.json.elements):
        return read_articles(document, GENERAL, general_names)
    if document.json.problems:
        return Reading("json", problems=document.json.problems)
    return None
