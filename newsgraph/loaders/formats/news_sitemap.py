"""News sitemaps (``<urlset>`` with Google's ``news:`` names): the pages that a site lists as news."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import RecordReader
from newsgraph.loaders.formats.feeds import open_tree, told_breaks
from newsgraph.loaders.json.articles import service_dialect
from newsgraph.loaders.markup.feed_entries import first, got, said
from newsgraph.loaders.markup.namespaces import Names
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("news sitemap", "loc")


def matches(document: Document) -> bool:
    """Whether it is a sitemap with news."""
    root = document.xml_root
    if root is None or root.local != "urlset":
        return False
    head = document.text[root.start : root.start + 4096]
    return "sitemap-news" in head or "<news:" in head


def read(document: Document) -> Reading | None:
    """Returns the pages; None if none of them is news."""
    tree = open_tree(document, frozenset({"url"}), "sitemap")
    if isinstance(tree, Reading):
        return tree
    names = Names(tree.root.tag, "sitemap")
    reader = RecordReader(DIALECT)
    records = []
    listed = tree.entries if tree.entries is not None else list(tree.root)
    pages = [values for values in (_named(one, names) for one in listed) if values is not None]
    for number, values in enumerate(pages):
        record = reader.read(values, f"url[{number}].")
        if record is not None:
            records.append(record)
    problems, notes = told_breaks(tree, len(records))
    if not pages and not problems:
        return None
    return Reading(DIALECT.name, tuple(records), (*problems, *reader.problems), reader.unknown, notes)


def _named(page: Element, names: Names) -> Mapping[str, Any] | None:
    found = got(page, names)
    if "news:news" not in found:
        return None
    news = got(found["news:news"][0], names)
    publication = got(news["news:publication"][0], names) if "news:publication" in news else {}
    return {
        "title": said(news, ("news:title",)),
        "loc": first(found, ("sitemap:loc", "loc")),
        "language": first(publication, ("news:language",)),
        "outlet_name": said(publication, ("news:name",)),
        "topics": [one for one in (said(news, ("news:keywords",)) or "").split(",") if one.strip()],
        "images": [url for image in found.get("image:image", ()) if (url := first(got(image, names), ("image:loc",)))],
        "published_at": first(news, ("news:publication_date",)),
        "seen_at": first(found, ("sitemap:lastmod", "lastmod")),
    }
