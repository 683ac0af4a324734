"""Turns HTML into plain text on one line: without tags, and with entities as characters. The time that this takes grows
with the length of the text, whatever it contains."""

from __future__ import annotations

import re
from typing import Any

from newsgraph.loaders.fields.converters import text
from newsgraph.patterns import later

#: The length, in characters, of an excerpt made from a whole text, and of a headline made from a first sentence.
EXCERPT = 500
HEADLINE = 140
_ENTITY = later(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|&nbsp")
#: How often a text is unescaped. Texts are escaped more than once if they passed through several programs.
_TIMES_ESCAPED = 3
# Neither alternative goes beyond a <, so that a text with many of them is read only once.
_TAG = later(r"</?([A-Za-z][A-Za-z0-9:-]*+)(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+>|<[!?][^<>]*+>")
#: A tag that was cut off together with the text.
_CUT = later(r"<(?:[/!?]?|/?[A-Za-z][A-Za-z0-9]*|[A-Za-z][A-Za-z0-9]*\s[^<>]*=[^<>]*)")
_UNSEEN_END = {name: re.compile(rf"</{name}\b[^<>]*+>", re.IGNORECASE) for name in ("script", "style")}
#: Elements between which a blank is needed.
BREAKS = frozenset({
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
})  # fmt: skip
_PARAGRAPH = later(r"<(?:p|div|br|img|a|span|strong|em|ul|ol|h[1-6]|table|figure|blockquote)\b[^<>]*>", re.IGNORECASE)
#: A tag of those that stand inside a line, with its end. Neither is meant as a text's own < and >.
_PAIR = later(
    r"<(b|i|u|em|strong|mark|span|a|sup|sub|font|small|q|cite|p|h[1-6]|li)\b[^<>]*>([^<>]*)</\1>", re.IGNORECASE
)
_DEEPEST = 5
_SENTENCE = later(r"[.!?…](?=\s)")


def _character(found: re.Match[str]) -> str:
    import html  # noqa: PLC0415  # its table of names is large, and most texts have none

    return html.unescape(found[0])


def unescaped(written: str) -> str:
    """Returns the text with its entities as characters, however often it was escaped. Unknown names stay."""
    for _ in range(_TIMES_ESCAPED):
        if "&" not in written:
            break
        before, written = written, _ENTITY.sub(_character, written)
        if written == before:
            break
    return written


def without_tags(written: str) -> str:
    """Returns what a reader would see of HTML, still with its entities."""
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
    """Returns HTML as plain text on one line; None for an empty value. Raises ValueError for a value that isn't a
    text."""
    written = text(value)
    if written is None or not ("<" in written or "&" in written):
        return written
    return text(unescaped(without_tags(written) if "<" in written else _tags_once(written)))


def _tags_once(written: str) -> str:
    """Returns the text unescaped once, and also without its tags if it is a whole paragraph that was escaped twice."""
    once = _ENTITY.sub(_character, written)
    return without_tags(once) if _PARAGRAPH.match(once) else once


def web_text(value: Any) -> str | None:
    """Returns a text from the web on one line, with its entities as characters, and without tags that have an end
    (``<b>...</b>``); None for an empty value.

    Raises ValueError for a value that isn't a text.
    """
    written = text(value)
    if written and "&" in written:
        written = text(unescaped(written))
    return text(_without_pairs(written)) if written and "</" in written else written


def _without_pairs(written: str) -> str:
    """Returns the text without its tags if each has its end. If any has none, the text may be about tags, and stays."""
    bare = written
    for _ in range(_DEEPEST):
        before, bare = bare, _PAIR.sub(r"\2", bare)
        if before == bare:
            break
    return written if "<" in bare else bare


def shortened(written: str | None, length: int = EXCERPT) -> str | None:
    """Returns the text, or its beginning up to the end of a word."""
    if written is None or len(written) <= length:
        return written
    return written[:length].rsplit(" ", 1)[0] + " ..."


def headline(written: str | None) -> str | None:
    """Returns a headline for an item that has only a text: the text if it is short, otherwise its first sentences."""
    if written is None or len(written) <= HEADLINE:
        return written
    ends = [found.end() for found in _SENTENCE.finditer(written, 0, HEADLINE + 1)]
    return written[: ends[-1]] if ends else shortened(written, HEADLINE)
