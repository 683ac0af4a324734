"""NITF, the IPTC's older news in XML, with one article in each file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import RecordReader
from newsgraph.loaders.fields.entities import entity, kind_of
from newsgraph.loaders.formats.feeds import open_tree, told_breaks
from newsgraph.loaders.json.articles import service_dialect
from newsgraph.loaders.markup.addresses import is_web
from newsgraph.loaders.markup.feed_entries import text_of
from newsgraph.loaders.markup.plain_text import plain, shortened
from newsgraph.loaders.markup.xml_elements import elements, local_name, said_in
from newsgraph.loaders.records import EntityRecord, Reading

DIALECT = service_dialect("nitf", "ex-ref")
#: Names of metadata that may hold the article's address.
_OWN = ("url", "canonical", "link", "weburl", "web-url")
#: Elements that name people, organisations and places, with the kind of each.
_ENTITIES = {"person": "person", "org": "organisation", "location": "place"}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def matches(document: Document) -> bool:
    """Whether its first element is NITF's."""
    return document.xml_root is not None and document.xml_root.local == "nitf"


def read(document: Document) -> Reading:
    """The article."""
    tree = open_tree(document, frozenset({"nitf"}), "article")
    if isinstance(tree, Reading):
        return tree
    reader = RecordReader(DIALECT)
    record = reader.read(named(tree.root))
    problems, notes = told_breaks(tree, 1 if record else 0)
    return Reading(DIALECT.name, (record,) if record else (), (*problems, *reader.problems), reader.unknown, notes)


def _attribute(root: Element, tag: str, *names: str) -> str | None:
    return next((found for name in names for one in elements(root, tag) if (found := one.get(name))), None)


def _bylines(root: Element) -> list[str]:
    """Returns the persons that the bylines name or, if they name none, the bylines as they are."""
    lines = list(elements(root, "byline"))
    people = [told for line in lines for one in elements(line, "person") if (told := plain(text_of(one)))]
    whole = [told for line in lines if (told := plain(text_of(line)))]
    return (
        people
        or whole
        or [
            author
            for one in elements(root, "meta")
            if one.get("name") in ("author", "byline") and (author := one.get("content"))
        ]
    )


def _meta(root: Element, *names: str) -> str | None:
    """Returns the value of the first metadata element with one of those names."""
    return next(
        (said for one in elements(root, "meta") if one.get("name") in names and (said := one.get("content"))), None
    )


def _addresses(root: Element) -> Iterator[str | None]:
    """Yields what may be its address, the likeliest first."""
    yield _attribute(root, "pubdata", "ex-ref")
    yield _attribute(root, "doc-id", "id-string")
    yield from (root.get("id"), root.get("uno"))
    yield from (one.get("content") for one in elements(root, "meta") if (one.get("name") or "").lower() in _OWN)
    yield from (one.get("href") for one in elements(root, "link"))


def _topics(root: Element) -> Iterator[str]:
    yield from (key for one in elements(root, "keyword") if (key := one.get("key")))
    for one in elements(root, "classifier"):
        if one.get("type") == "descriptor" and (told := plain(one.text)):
            yield told


def _entities(root: Element) -> Iterator[EntityRecord | None]:
    """Yields the people, organisations and places that it names, without its authors in the byline."""
    writers = {one for line in elements(root, "byline") for one in line.iter()}
    for one in elements(root, *_ENTITIES):
        if one not in writers:
            kind = kind_of(_ENTITIES[local_name(one)])
            yield entity(one.get("value") or text_of(one), kind, one.get("idsrc-value"))


def named(root: Element) -> dict[str, Any]:
    """The article by the dialect's names."""
    return {
        "title": said_in(root, "hl1", "hedline", "title"),
        "excerpt": shortened(said_in(root, "abstract")),
        "ex-ref": next((one for one in _addresses(root) if is_web(one)), None),
        "category": _meta(root, "online_sections", "section", "dsk") or _attribute(root, "pubdata", "position.section"),
        "language": root.get(_LANG) or _attribute(root, "body", _LANG),
        "topics": list(_topics(root)),
        "outlet_name": _attribute(root, "pubdata", "name") or _attribute(root, "doc.copyright", "holder"),
        "credit": said_in(root, "distributor", "credit") or _attribute(root, "doc.rights", "provider")
        or _attribute(root, "doc.copyright", "holder") or _attribute(root, "pubdata", "name"),
        "authors": _bylines(root),
        "entities": list(_entities(root)),
        "images": [
            source
            for one in elements(root, "media-reference")
            if is_web(source := one.get("source")) and "image" in (one.get("mime-type") or "image")
        ],
        "published_at": _attribute(root, "pubdata", "date.publication")
        or _attribute(root, "date.issue", "norm") or _attribute(root, "date.release", "norm")
        or _attribute(root, "story.date", "norm"),
    }  # fmt: skip
