"""NewsML-G2, the IPTC's news in XML: single items, or several in a message. Only items that are texts become
stories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import RecordReader
from newsgraph.loaders.fields.entities import entity, kind_of
from newsgraph.loaders.formats.feeds import open_tree, told_breaks
from newsgraph.loaders.formats.nitf import named as nitf_named
from newsgraph.loaders.json.articles import service_dialect
from newsgraph.loaders.markup.addresses import is_web
from newsgraph.loaders.markup.feed_entries import text_of
from newsgraph.loaders.markup.plain_text import plain, shortened
from newsgraph.loaders.markup.xml_elements import elements, said_in
from newsgraph.loaders.records import EntityRecord, Reading, Record

DIALECT = service_dialect("newsml-g2", "link")
#: Its times: that of publication first, then that of the first version.
_TIMES = ("published", "contentPublished", "firstCreated", "versionCreated", "contentCreated")
_ROOTS = frozenset({"newsmessage", "newsitem"})
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def matches(document: Document) -> bool:
    """Whether its first element is NewsML-G2's."""
    root = document.xml_root
    return (
        root is not None
        and root.local in _ROOTS
        and "iptc.org/std/nar" in document.text[root.start : root.start + 4096]
    )


def read(document: Document) -> Reading:
    """Returns the texts in order. A note counts the items that are not texts."""
    tree = open_tree(document, frozenset({"newsItem"}), "message")
    if isinstance(tree, Reading):
        return tree
    found = tree.entries if tree.entries is not None else tuple(elements(tree.root, "newsItem"))
    reader = RecordReader(DIALECT)
    records: list[Record] = []
    left: Counter[str] = Counter()
    for number, item in enumerate(found):
        kind, status = _code(item, "itemClass"), _code(item, "pubStatus")
        if kind not in ("text", "composite", "") or status in ("canceled", "cancelled", "withheld"):
            left[status if status in ("canceled", "cancelled", "withheld") else kind] += 1
            continue
        record = reader.read(_named(item), f"newsItem[{number}].")
        if record is not None:
            records.append(record)
    problems, notes = told_breaks(tree, len(records))
    if left:
        counted = ", ".join(f"{count:,} {what}" for what, count in sorted(left.items()))
        notes = (*notes, f"items that are no published text are left out: {counted}")
    return Reading(DIALECT.name, tuple(records), (*problems, *reader.problems), reader.unknown, notes)


def _code(item: Element, name: str) -> str:
    """Returns the last part of a code such as ``ninat:text``, in lower case; empty if there is none."""
    for one in elements(item, name):
        return (one.get("qcode") or one.get("uri") or "").rstrip("/").replace("/", ":").rpartition(":")[2].lower()
    return ""


def _who(element: Element) -> str | None:
    return said_in(element, "name") or element.get("literal")


def _topics(item: Element) -> Iterator[str]:
    yield from (told for one in elements(item, "subject") if (told := said_in(one, "name")))
    yield from (told for one in elements(item, "keyword") if (told := plain(one.text)))


def _authors(item: Element) -> Iterator[str]:
    """Yields its bylines or, if it has none, the people who made it."""
    lines = [told for one in elements(item, "by") if (told := plain(text_of(one)))]
    yield from lines
    for one in () if lines else elements(item, "creator", "contributor"):
        if "organisation" not in (one.get("type") or "") and (told := _who(one)):
            yield told


def _named(item: Element) -> dict[str, Any]:
    language = next((one.get("tag") for one in elements(item, "language") if one.get("tag")), None)
    inner = next(elements(item, "nitf"), None)
    within = nitf_named(inner) if inner is not None else {}
    provider = next((told for one in elements(item, "provider", "infoSource", "creator") if (told := _who(one))), None)
    return {
        "title": said_in(item, "headline") or within.get("title") or said_in(item, "title", "h1"),
        "excerpt": shortened(said_in(item, "description") or within.get("excerpt")),
        "link": next((one for one in _addresses(item) if is_web(one)), None) or within.get("ex-ref"),
        "language": language or item.get(_LANG),
        "topics": list(_topics(item)),
        "outlet_name": provider,
        "credit": said_in(item, "creditline") or provider,
        "authors": list(_authors(item)) or within.get("authors"),
        "entities": [*_entities(item), *within.get("entities", ())],
        "images": [],
        "published_at": _first(item, *_TIMES),
    }  # fmt: skip


def _entities(item: Element) -> Iterator[EntityRecord | None]:
    """Yields the people, organisations and places that the item lists as subjects, or states facts about."""
    for tag in ("subject", "assert", "located"):
        for one in elements(item, tag):
            kind = kind_of("place") if tag == "located" else kind_of(one.get("type") or _code_of(one, "type"))
            same = [other.get("uri") or other.get("qcode") for other in elements(one, "sameAs")]
            yield entity(said_in(one, "name") or one.get("literal"), kind, one.get("uri"), one.get("qcode"), same)


def _code_of(element: Element, name: str) -> str | None:
    return next((one.get("qcode") or one.get("uri") for one in elements(element, name)), None)


def _first(item: Element, *names: str) -> str | None:
    return next(
        (one.text.strip() for name in names for one in elements(item, name) if one.text and one.text.strip()), None
    )


def _addresses(item: Element) -> Iterator[str | None]:
    """Yields what may be the address of the text on the web, the likeliest first."""
    links = sorted(elements(item, "link"), key=lambda one: "html" not in (one.get("contenttype") or ""))
    for one in links:
        if "image" not in (one.get("contenttype") or "") and "video" not in (one.get("contenttype") or ""):
            yield one.get("href")
    for one in elements(item, "altId"):
        yield (one.text or "").strip()
    yield item.get("guid")
    for one in elements(item, "remoteContent"):
        if "html" in (one.get("contenttype") or "html"):
            yield one.get("href")
    for one in elements(item, "inlineXML"):
        for link in elements(one, "link"):
            if link.get("rel") == "canonical":
                yield link.get("href")
