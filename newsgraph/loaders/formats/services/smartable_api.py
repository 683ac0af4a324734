"""Smartable's API answers (``/api/news/``): pages of articles under ``value``, with the names of its files."""

from __future__ import annotations

from msgspec.structs import replace

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.json.articles import read_articles
from newsgraph.loaders.records import Reading

DIALECT = replace(GENERAL, name="smartable api")


def matches(document: Document) -> bool:
    """Whether the first article has Smartable's names."""
    if document.json is None or document.json.kind == "front":
        return False
    return bool({"webUrl", "originalUrl", "publishedDateTime"} & document.sample.keys())


def read(document: Document) -> Reading:
    """The articles under ``value``, or in an array or on lines."""
    return read_articles(document, DIALECT)
