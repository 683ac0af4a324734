"""Bookmarks as browsers and services for bookmarks export them (``<!DOCTYPE NETSCAPE-Bookmark-file-1>``).

The time of a bookmark says when the page was kept; it is used like that of a collector. Addresses of sites and of other
things than web pages are no articles; they are left out, with a note.
"""

from __future__ import annotations

import re

from newsgraph.graph.urls.identity import normalised_address
from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import RecordReader
from newsgraph.loaders.json.articles import service_dialect
from newsgraph.loaders.markup.addresses import is_web
from newsgraph.loaders.markup.html_tags import attributes_at
from newsgraph.loaders.markup.plain_text import plain
from newsgraph.loaders.records import Reading
from newsgraph.patterns import later

DIALECT = service_dialect("bookmarks")
_MARK = "netscape-bookmark-file"
_LINK = later(r"<a(?=\s)", re.IGNORECASE)
#: The end of a bookmark, or the next one if it has none.
_END = later(r"</a\s*+>|<a(?=\s)", re.IGNORECASE)
#: The note that may follow a bookmark.
_NOTE = later(r"\s*<dd>([^<]*)", re.IGNORECASE)


def matches(document: Document) -> bool:
    """Tells whether its first line says so."""
    return document.head.startswith("<") and _MARK in document.head[:200].lower()


def read(document: Document) -> Reading:
    """Returns the pages that were kept."""
    reader = RecordReader(DIALECT)
    records = []
    text, others, position, line = document.text, 0, 0, 1
    while (found := _LINK.search(text, position)) is not None:
        line += text.count("\n", position, found.end())
        named, begin = attributes_at(text, found.end())
        end = _END.search(text, begin) if begin > 0 else None
        if end is None:
            reader.report("", "the file is cut off in a bookmark", "What follows is left out; get it again", line)
            break
        position = found.end()
        address = named.get("href", "")
        if not is_web(address) or "/" not in (normalised_address(address) or ""):
            others += 1
            continue
        note = _NOTE.match(text, end.end())
        values = {
            "title": plain(text[begin : end.start()]),
            "url": address,
            "excerpt": plain(note[1]) if note else None,
            "topics": named.get("tags", "").split(","),
            "seen_at": named.get("add_date") or named.get("time_added"),
        }
        if (record := reader.read(values, "", line)) is not None:
            records.append(record)
    notes = (f"{others:,} bookmarks of sites, or of other things than pages, are left out",) if others else ()
    return Reading(DIALECT.name, tuple(records), tuple(reader.problems), reader.unknown, notes)
