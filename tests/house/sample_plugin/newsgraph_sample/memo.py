"""Memos: a first line ``MEMO ADDRESS``, then the title."""

from __future__ import annotations

from newsgraph.loaders.document import Document
from newsgraph.loaders.records import ArticleRecord, Reading

ENDINGS = (".memo",)
HEAD = "MEMO "


def matches(document: Document) -> bool:
    """Whether the first line begins so."""
    return document.head.startswith(HEAD)


def read(document: Document) -> Reading:
    """The one article. Raises ValueError where a line is missing, as no loader should."""
    first, title = document.text.strip().splitlines()
    return Reading("memo", (ArticleRecord(title=title, url=first.removeprefix(HEAD)),))
