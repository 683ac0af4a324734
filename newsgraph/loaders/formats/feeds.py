"""RSS of every version and Atom, as files; nothing is fetched. XML that declares its own entities is refused, because
they may multiply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import Dialect, RecordReader
from newsgraph.loaders.fields.many_records import ManyRecords
from newsgraph.loaders.markup.feed_entries import ENTRY_NAMES, FeedDocument, Got, is_atom, named, other_kind
from newsgraph.loaders.markup.xml_tree import MAXIMUM_TAGS, Tree, parse
from newsgraph.loaders.records import Problem, Reading

DIALECT = Dialect(
    name="feed",
    fields={
        "title": ("title",),
        "excerpt": ("summary",),
        "url": ("link",),
        "original_url": ("original",),
        "language": ("language",),
        "topics": ("topics",),
        "outlet_name": ("outlet_name",),
        "outlet_domain": ("outlet_domain",),
        "credit": ("credit",),
        "authors": ("authors",),
    },
    time=("published",),
    seen=("updated",),
    images=("images",),
    address_name="link",
)
_ROOTS = frozenset({"rss", "feed", "rdf", "channel", "entry"})
_ATOM = "http://www.w3.org/2005/Atom"

#: Turns an entry into values by the dialect's names; None if the entry is no story.
Naming = Callable[[Element, Got, FeedDocument], Mapping[str, Any] | None]


def matches(document: Document) -> bool:
    """Tells whether it is XML with a feed at its root, or has a feed's file name."""
    root = document.xml_root
    if root is None:
        return False
    if root.local in _ROOTS:
        if root.local == "entry":
            return _ATOM in document.head
        return root.local != "rdf" or "<item" in document.text or ":item" in document.text
    return document.ending in (".rss", ".atom") and root.local != "html"


def read(document: Document) -> Reading:
    """The entries, in order."""
    return read_entries(document, named)


def read_entries(document: Document, naming: Naming) -> Reading:
    """Returns the entries in order. ``naming`` turns each into values by the dialect's names."""
    opened = open_tree(document, ENTRY_NAMES, "feed")
    if isinstance(opened, Reading):
        return opened
    found = FeedDocument.of(opened)
    reader = RecordReader(DIALECT)
    many = ManyRecords(reader)
    left: Counter[str] = Counter()
    for number, (entry, inside) in enumerate(found.entries):
        other = other_kind(inside)
        if other:
            left[other] += 1
            continue
        values = naming(entry, inside, found)
        if values is not None:
            many.add(values, f"entry[{number}].")
    records = many.read()
    format = "atom" if is_atom(opened.root) else "rss"
    problems, notes = told_breaks(opened, len(records))
    if left:
        counted = ", ".join(f"{number:,} {what}" for what, number in sorted(left.items()))
        notes = (*notes, f"what is no story is left out: {counted}")
    if not found.entries and not problems:
        notes = (*notes, "the feed has no entries")
    return Reading(format, records, (*problems, *reader.problems), reader.unknown, notes)


def open_tree(document: Document, entry_names: frozenset[str], kind: str) -> Tree | Reading:
    """Returns the document's tree, or a reading that says why it can't be read. ``kind`` is the word for it in
    messages, such as "feed"."""
    root = document.xml_root
    assert root is not None  # it matched
    if root.declares is not None:
        return _failed(
            "the XML declares entities of its own", f"No {kind} needs them; leave the file out", root.declares
        )
    if document.text.count("<") > MAXIMUM_TAGS:
        return _failed(f"the {kind} has more than {MAXIMUM_TAGS:,} tags", "Split it, or leave it out")
    tree = parse(document.text, root, entry_names)
    return tree or _failed("the XML is broken at its beginning", f"Save the {kind} again")


def told_breaks(tree: Tree, kept: int) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """Returns what is reported about broken places: errors if something was lost, notes if it was mended."""
    lost = tuple(
        Problem(
            f"the XML is broken: {one.message}",
            f"What stands there is left out, {kept:,} are kept; mend it",
            line=one.line,
        )
        for one in tree.breaks
        if one.lost
    )
    mended = tuple(
        f"the XML is broken in line {one.line:,} ({one.message}) and was mended; nothing is lost"
        for one in tree.breaks
        if not one.lost
    )
    return lost, mended[:1]


def _failed(message: str, remedy: str, line: int | None = None) -> Reading:
    return Reading("feed", problems=(Problem(message, remedy, line=line),))
