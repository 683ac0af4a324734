"""Reads XML from strangers as a tree.

The parser never sees declarations, so no entity can multiply and nothing is fetched. Broken XML is mended if its
meaning is clear. If it can't be mended, only the broken entry is lost.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from html.entities import name2codepoint
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from newsgraph.patterns import later

#: The most tags of a document. Each of them takes some hundred bytes.
MAXIMUM_TAGS = 3_000_000
#: The longest beginning of a document, in characters, that is read again for every entry of a broken one.
_LONGEST_START = 16_384
_START = later(r"<((?:[\w.-]+:)?[\w.-]+)(?=[\s/>])")


@dataclass(frozen=True, slots=True)
class Root:
    """Where the first element begins, and its name, both as written and in lower case without its prefix. ``declares``
    is the line on which the document declares entities of its own; None if it doesn't."""

    start: int
    name: str
    local: str
    declares: int | None = None


def find_root(text: str, start: int = 0) -> Root | None:
    """Returns the first element of a text that may be XML, after declarations and comments; None if there is none.

    The text before ``start`` is something else.
    """
    position, declares = start, None
    while True:
        position = _after_blanks(text, position)
        if text.startswith("<?", position):
            position = _after(text, "?>", position)
        elif text.startswith("<!--", position):
            position = _after(text, "-->", position + 4)
        elif text.startswith("<!", position):
            position, declares = _after_doctype(text, position, declares)
        else:
            found = _START.match(text, position)
            return Root(position, found[1], found[1].rpartition(":")[2].lower(), declares) if found else None
        if position < 0:
            return None


_BLANKS = later(r"[\s\ufeff]*")


def _after_blanks(text: str, position: int) -> int:
    found = _BLANKS.match(text, position)
    return found.end() if found else position


def _after(text: str, end: str, position: int) -> int:
    found = text.find(end, position)
    return -1 if found < 0 else found + len(end)


def _after_doctype(text: str, position: int, declares: int | None) -> tuple[int, int | None]:
    """Returns the position after a document type and its declarations, and the line on which it declares an entity."""
    end = text.find(">", position)
    inner = text.find("[", position, end) if end >= 0 else -1
    if inner < 0:
        return (-1 if end < 0 else end + 1), declares
    close = text.find("]", inner)
    declared = text.find("<!ENTITY", inner, close if close >= 0 else len(text))
    if declared >= 0:
        declares = text.count("\n", 0, declared) + 1
    return (-1 if close < 0 else _after(text, ">", close)), declares


@dataclass(frozen=True, slots=True)
class Break:
    """What is wrong with the XML, and on which line of the file. ``lost``: an entry was lost because of it."""

    message: str
    line: int
    lost: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """The document's elements. If the document is broken, ``entries`` are those that could be read one by one."""

    root: Element
    breaks: tuple[Break, ...] = ()
    entries: tuple[Element, ...] | None = None


def parse(text: str, root: Root, entry_names: frozenset[str]) -> Tree | None:
    """Returns the tree of the document whose root begins there; None if not even its beginning can be read.

    ``entry_names`` are the local names of the elements that can be read one by one.
    """
    try:
        return Tree(_parsed(text[root.start :]))
    except (ParseError, ValueError) as error:
        broken = _break(error, text, root.start, lost=False)
    return _Mender(text, root, entry_names, broken).tree()


def _parsed(text: str) -> Element:
    parser = XMLParser()  # noqa: S314  # text begins at the root: no declaration reaches it
    parser.feed(text)
    element: Element = parser.close()
    return element


def _break(error: Exception, text: str, start: int, *, lost: bool) -> Break:
    return _break_from(error, text.count("\n", 0, start) + 1, lost=lost)


def _break_from(error: Exception, first: int, *, lost: bool) -> Break:
    """Returns what went wrong in a text that begins on the line ``first``."""
    if isinstance(error, ParseError):
        return Break(str(error).partition(":")[0], first + error.position[0] - 1, lost)
    return Break("it holds characters that are none", first, lost)


_BAD = later("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = later(r"&(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)?|<(?![A-Za-z_/!?])")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PREFIXES = later(r"(?<=[<\s])/?([A-Za-z_][\w.-]{0,40}):(?=[A-Za-z_][\w.-]*)")
_DECLARED = later(r"\sxmlns:([\w.-]+)\s*=")


class _Mender:
    def __init__(self, text: str, root: Root, entry_names: frozenset[str], broken: Break) -> None:
        self._text = text
        self._root = root
        self._broken = broken
        self._entry = re.compile(rf"<((?:[\w.-]+:)?(?:{'|'.join(sorted(entry_names))}))(?=[\s>])")

    def tree(self) -> Tree | None:
        try:
            return Tree(_parsed(self._declared(self._mended_whole)), (self._broken,))
        except (ParseError, ValueError):
            return self._one_by_one()

    @cached_property
    def _mended_whole(self) -> str:
        whole = self._text[self._root.start :]
        close = f"</{self._root.name}>"
        end = whole.rfind(close)
        return mended(whole if end < 0 else whole[: end + len(close)])

    @cached_property
    def _undeclared(self) -> str:
        """Returns declarations for the prefixes that the document uses but doesn't declare."""
        whole = self._text[self._root.start :]
        used = {found[1] for found in _PREFIXES.finditer(whole)} - {"xml", "xmlns", "http", "https"}
        lacking = sorted(used - {found[1] for found in _DECLARED.finditer(whole)})
        return "".join(f' xmlns:{name}="undeclared:{name}"' for name in lacking[:200])

    def _declared(self, whole: str) -> str:
        after = len(self._root.name) + 1
        return whole[:after] + self._undeclared + whole[after:]

    def _one_by_one(self) -> Tree | None:
        text, start = self._text, self._root.start
        places = [found.start() for found in self._entry.finditer(text, start)]
        head = text[start : places[0] if places else len(text)]
        opening = self._declared(_opening(head))
        top = _beginning(self._declared(mended(head)))
        if top is None or len(opening) > _LONGEST_START:
            return None
        breaks, entries = [], []
        line, counted = text.count("\n", 0, start) + 1, start
        for place, following in zip(places, [*places[1:], len(text)], strict=False):
            name = self._entry.match(text, place)
            assert name is not None  # these are the places where it matches
            close = f"</{name[1]}>"
            end = text.find(close, place, following)
            part = text[place : following if end < 0 else end + len(close)]
            try:
                entries.append(self._entry_alone(opening, part))
            except (ParseError, ValueError, IndexError) as error:
                # From the last break on only: else many breaks would cost the square of their number.
                line, counted = line + text.count("\n", counted, place), place
                breaks.append(_break_from(error, line, lost=True))
                if end < 0 and following == len(text):
                    entries.extend(self._cut_entry(opening, part, close))
        if not breaks:
            # The entries are complete, but the end is missing: the file may have been cut off.
            cut = self._broken.message.startswith(_CUT_OFF)
            breaks = [replace(self._broken, lost=cut)]
        return Tree(top, tuple(breaks), tuple(entries))

    def _entry_alone(self, opening: str, part: str) -> Element:
        try:
            return _parsed(f"{opening}{mended(part)}</{self._root.name}>")[0]
        except (ParseError, ValueError, IndexError):
            held = _texts_held(part)
            if held == part:
                raise
            return _parsed(f"{opening}{mended(held)}</{self._root.name}>")[0]

    def _cut_entry(self, opening: str, part: str, close: str) -> Iterator[Element]:
        """Yields the last entry of a file that was cut off inside it, with the elements that are complete."""
        try:
            yield self._entry_alone(opening, part[: part.rfind(">") + 1] + close)
        except (ParseError, ValueError, IndexError):
            return


#: Elements of an entry that hold text for readers. HTML may be in them without being escaped.
_TEXTS = ("title", "description", "content:encoded", "summary", "content")


def _texts_held(part: str) -> str:
    """Returns the entry with the HTML in its texts, which may not be valid XML, escaped."""
    for name in _TEXTS:
        start = part.find(f"<{name}")
        begin = part.find(">", start) + 1 if start >= 0 else 0
        end = part.find(f"</{name}>", begin)
        if begin and end >= 0 and "<" in part[begin:end] and "<![CDATA[" not in part[begin:end]:
            part = part[:begin] + part[begin:end].replace("<", "&lt;") + part[end:]
    return part


#: The parser's message if the file ends too early.
_CUT_OFF = ("no element found", "unclosed")


def _opening(head: str) -> str:
    """Returns the root's start tag."""
    end = head.find(">")
    return f"{head[:end].rstrip('/')}>" if end >= 0 else head


def _beginning(head: str) -> Element | None:
    """Returns what is before the first entry. Its elements needn't be closed."""
    builder = TreeBuilder()
    parser = XMLParser(target=builder)  # noqa: S314  # text begins at the root: no declaration reaches it
    with suppress(ParseError, ValueError):
        parser.feed(head)
    try:
        found: Element | None = builder.close()
    except (AssertionError, ParseError):
        return None
    return found


def mended(text: str) -> str:
    """Returns XML in which what is surely meant is written correctly: entities of HTML as characters, a lone & or <
    escaped, no control characters."""
    text = _BAD.sub("", text)
    first, *sections = text.split("<![CDATA[")
    pieces = [_mended_text(first)]
    for section in sections:
        inside, end, after = section.partition("]]>")
        pieces += ["<![CDATA[", inside, end, _mended_text(after)]
    return "".join(pieces)


def _mended_text(text: str) -> str:
    return _REFERENCE.sub(_reference, text) if "&" in text or "<" in text else text


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&lt;" if found[0] == "<" else "&amp;"
    if name in _XML_NAMES:
        return found[0]
    if name[0] != "#" and name not in name2codepoint and f"{name};" not in html.entities.html5:
        return f"&amp;{name};"
    character = html.unescape(found[0])
    return "" if character == "\N{REPLACEMENT CHARACTER}" else html.escape(_BAD.sub("", character))
