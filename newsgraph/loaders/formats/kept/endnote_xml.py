"""EndNote's XML, which reference managers (EndNote, Mendeley, Zotero) export. A record needs an address of its own;
without one it is reported by its title, as in RIS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import RecordReader
from newsgraph.loaders.fields.times import parse_time
from newsgraph.loaders.formats.feeds import open_tree, told_breaks
from newsgraph.loaders.formats.kept.ris import turned
from newsgraph.loaders.formats.press_archives import without_address
from newsgraph.loaders.json.articles import service_dialect
from newsgraph.loaders.markup.addresses import in_press_archive, is_web
from newsgraph.loaders.markup.feed_entries import text_of
from newsgraph.loaders.markup.plain_text import plain, shortened
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("endnote")
#: The number of characters in which the first record begins.
_BEGINNING = 1_000


def matches(document: Document) -> bool:
    """Tells whether its first element is EndNote's, with records in it."""
    root = document.xml_root
    return (
        root is not None and root.local == "xml" and "<records>" in document.text[root.start : root.start + _BEGINNING]
    )


def read(document: Document) -> Reading:
    """Returns the records that have an address. Each of the others becomes a problem that names it."""
    tree = open_tree(document, frozenset({"record"}), "list")
    if isinstance(tree, Reading):
        return tree
    reader = RecordReader(DIALECT)
    records = []
    for number, one in enumerate(tree.entries if tree.entries is not None else tree.root.iter("record")):
        values = _values(one)
        if values["url"] is None:
            reader.problems.append(without_address(values, "record", None, "in its related-urls"))
        elif (record := reader.read(values, f"record[{number}].")) is not None:
            records.append(record)
    problems, notes = told_breaks(tree, len(records))
    return Reading(DIALECT.name, tuple(records), (*problems, *reader.problems), reader.unknown, notes)


def _values(record: Element) -> dict[str, Any]:
    """Returns the record by the dialect's names."""
    addresses = (one for path in ("urls/related-urls/url", "urls/web-urls/url") for one in _told(record, path))
    return {
        "title": _first(record, "titles/title"),
        "excerpt": shortened(_first(record, "abstract")),
        "url": next((one for one in addresses if is_web(one) and not in_press_archive(one)), None),
        "outlet_name": _first(record, "titles/secondary-title") or _first(record, "periodical/full-title"),
        "language": _first(record, "language"),
        "authors": [turned(one) for one in _told(record, "contributors/authors/author")],
        "topics": list(_told(record, "keywords/keyword")),
        "published_at": _time(record),
    }


def _time(record: Element) -> str | None:
    """Returns the date, with the year if it lacks it, or else the year alone."""
    year, day = _first(record, "dates/year"), _first(record, "dates/pub-dates/date")
    return f"{day} {year}" if day and year and parse_time(day).time is None else day or year


def _first(record: Element, path: str) -> str | None:
    return next(_told(record, path), None)


def _told(record: Element, path: str) -> Iterator[str]:
    """Yields the texts at a path, which may be parted by styles."""
    for element in record.iterfind(path):
        written = plain(text_of(element))
        if written:
            yield written
