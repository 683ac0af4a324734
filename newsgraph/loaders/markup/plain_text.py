"""HTML as plain text on one line: tags go, entities become characters. Work grows with the text's length, whatever it
holds."""

from __future__ import annotations

import html
import re
from typing import Any

from newsgraph.loaders.fields.converters import text
from newsgraph.patterns import later

#: Characters of an excerpt that is made from a whole text, and of a headline that is made from a first sentence.
EXCERPT = 500
HEADLINE = 140
_ENTITY = later(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|&nbsp")
#: Texts are escaped more than once where several programs handed them on.
_TIMES_ESCAPED = 3
# Neither alternative passes a <, so that a text of many of them is read once.
_TAG = later(r"</?([A-Za-z][A-Za-z0-9:-]*+)(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+>|<[!?][^<>]*+>")
#: A tag that was cut off with the text.
_CUT = later(r"<(?:[/!?]?|/?[A-Za-z][A-Za-z0-9]*|[A-Za-z][A-Za-z0-9]*\s[^<>]*=[^<>]*)")
_UNSEEN_END = {name: re.compile(rf"</{name}\b[^<>]*+>", re.IGNORECASE) for name in ("script", "style")}
#: Elements between which a blank belongs.
BREAKS = frozenset({
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
})  # fmt: skip
_PARAGRAPH = later(r"<(?:p|div|br|img|a|span|strong|em|ul|ol|h[1-6]|table|figure|blockquote)\b[^<>]*>", re.IGNORECASE)
_SENTENCE = later(r"[.!?…](?=\s)")


def unescaped(written: str) -> str:
    """The text with its entities as characters, however often it was escaped; names that nobody knows stay."""
    for _ in range(_TIMES_ESCAPED):
        if "&" not in written:
            break
        before, written = written, _ENTITY.sub(lambda found: html.unescape(found[0]), written)
        if written == before:
            break
    return written


def without_tags(written: str) -> str:
    """What a reader would see of HTML, entities still in it."""
    parts: list[str] = []
    position, last_end = 0, written.rfind(">")
    while (start := written.find("<", position)) >= 0:
        parts.append(written[position:start])
        if written.startswith("<!--", start):
            end = written.find("-->", start + 4)
            if end < 0:
                return "".join(parts)
            position = end + 3
            continue
        tag = _TAG.match(written, start)
        if tag is None:
            if start > last_end and _CUT.fullmatch(written, start):
                return "".join(parts)
            parts.append("<")
            position = start + 1
            continue
        position = tag.end()
        name = (tag[1] or "").lower()
        if name in BREAKS:
            parts.append(" ")
        elif name in _UNSEEN_END and not tag[0].startswith("</"):
            close = _UNSEEN_END[name].search(written, position)
            if close is None:
                return "".join(parts)
            position = close.end()
    parts.append(written[position:])
    return "".join(parts)


def plain(value: Any) -> str | None:
    """HTML as plain text on one line; None for nothing. Raises ValueError for what is no text."""
    written = text(value)
    if written is None or not ("<" in written or "&" in written):
        return written
    return text(unescaped(without_tags(written) if "<" in written else _tags_once(written)))


def _tags_once(written: str) -> str:
    """The text with one escaping gone; its tags, too, where it is a whole paragraph that was escaped twice."""
    once = _ENTITY.sub(lambda found: html.unescape(found[0]), written)
    return without_tags(once) if _PARAGRAPH.match(once) else once


def web_text(value: Any) -> str | None:
    """A text of web origin on one line, its entities as characters; None for nothing. Raises ValueError for what is no
    text."""
    written = text(value)
    return text(unescaped(written)) if written and "&" in written else written


def shortened(written: str | None, length: int = EXCERPT) -> str | None:
    """The text, or its beginning up to the end of a word."""
    if written is None or len(written) <= length:
        return written
    return written[:length].rsplit(" ", 1)[0] + " ..."


def headline(written: str | None) -> str | None:
    """A headline for an item that has a text only: the text where it is short, else its first sentences."""
    if written is None or len(written) <= HEADLINE:
        return written
    ends = [found.end() for found in _SENTENCE.finditer(written, 0, HEADLINE + 1)]
    return written[: ends[-1]] if ends else shortened(written, HEADLINE)
