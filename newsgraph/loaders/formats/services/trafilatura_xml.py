"""What trafilatura extracts, as XML (``trafilatura --xml``) or as TEI (``--xmltei``), with one page in each file."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import RecordReader
from newsgraph.loaders.formats.feeds import open_tree, told_breaks
from newsgraph.loaders.formats.services.trafilatura import named
from newsgraph.loaders.json.articles import service_dialect
from newsgraph.loaders.markup.feed_entries import text_of
from newsgraph.loaders.markup.plain_text import plain
from newsgraph.loaders.markup.xml_elements import elements, local_name, said_in
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("trafilatura xml")
_TEI = "http://www.tei-c.org/ns/1.0"


def matches(document: Document) -> bool:
    """Tells whether its root is trafilatura's, with the page's address, or TEI that gives one."""
    root = document.xml_root
    if root is None:
        return False
    if root.local == "doc":
        return "<main" in document.text and " url=" in document.head
    return root.local == "tei" and _TEI in document.head and 'type="URL"' in document.head


def read(document: Document) -> Reading:
    """Returns the article."""
    tree = open_tree(document, frozenset({"doc", "tei"}), "article")
    if isinstance(tree, Reading):
        return tree
    reader = RecordReader(DIALECT)
    record = reader.read(_of_tei(tree.root) if local_name(tree.root) == "TEI" else _of_doc(tree.root))
    problems, notes = told_breaks(tree, 1 if record else 0)
    return Reading(DIALECT.name, (record,) if record else (), (*problems, *reader.problems), reader.unknown, notes)


def _of_doc(root: Element) -> dict[str, Any]:
    """Returns the attributes of trafilatura's own XML, which are named as in its JSON, by the dialect's names."""
    values = dict(named(root.attrib))
    values["url"] = values.pop("source")
    return values


def _of_tei(root: Element) -> dict[str, Any]:
    """Returns the header of a text in TEI by the dialect's names."""
    address = next((one.get("target") for one in elements(root, "ptr") if one.get("type") == "URL"), None)
    return {
        "title": said_in(root, "title"),
        "excerpt": said_in(root, "abstract"),
        "url": address,
        "outlet_name": said_in(root, "publisher"),
        "authors": list(dict.fromkeys(filter(None, (plain(text_of(one)) for one in elements(root, "author"))))),
        "published_at": said_in(root, "date"),
    }
