"""Elements of XML by their local names, whatever the prefixes in the file, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from newsgraph.loaders.markup.feed_entries import text_of
from newsgraph.loaders.markup.plain_text import plain


def elements(root: Element, *names: str) -> Iterator[Element]:
    """Yields the elements with those local names, the best name first. The root may be one of them."""
    for name in names:
        for element in root.iter():
            if isinstance(element.tag, str) and element.tag.rpartition("}")[2] == name:
                yield element


def said_in(root: Element, *names: str) -> str | None:
    """Returns the first text that is in an element with one of those local names; None if there is none."""
    return next((found for one in elements(root, *names) if (found := plain(text_of(one)))), None)


def local_name(element: Element) -> str:
    """Returns the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
