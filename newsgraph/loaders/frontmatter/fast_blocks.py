"""Reads plain front matter in one pass: many times faster than the complete reader, and always with the same result.

It accepts block mappings and block sequences by indentation, plain keys, values plain or in quotes, lists of such
values in brackets on one line, blank lines, comments, and values that go on over several lines (see ``multiline``). For
everything else that YAML has (anchors, tags, mappings in braces, directives, odd indentation, a key used twice)
:func:`load` returns None, and ``safe_yaml.load`` must be used. A test with many inputs checks that both give the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from newsgraph.loaders.frontmatter.multiline import on_one_line_each
from newsgraph.loaders.frontmatter.plainness import NotPlain
from newsgraph.patterns import later

# Deeper nesting is left to the complete reader, which has a limit of its own.
_DEEPEST = 16

#: The form of a key that is read here. It is short, because libyaml accepts no more than 1,024 characters.
KEY = "[A-Za-z_][A-Za-z0-9_.-]{0,99}+"
# A line: blanks, the dash of a sequence's item, a key with its colon, a value. Each part can match in one way only, so
# no line takes more than one pass. The value is checked afterwards, by searches that take a tenth of a pattern's time.
_LINE = later(rf"( *+)(- ++)?+(?:({KEY}):(?: ++|(?=\n)))?+(.*)\n")
_ESCAPES = r"""(?:["\\/ 0abefnrtvN_LP]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"""
_DOUBLE_QUOTED = later(rf'("[^"\\]*+(?:\\{_ESCAPES}[^"\\]*+)*+")(?: ++#.*)?')
_SINGLE_QUOTED = later(r"('[^']*+(?:''[^']*+)*+')(?: ++#.*)?")
_ESCAPE = later(r"\\(?:[xuU]([0-9A-Fa-f]++)|(.))", re.DOTALL)
_ESCAPED = {
    "0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "N": "\x85",
    "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_QUOTES = frozenset("\"'")
# Characters that no plain value begins with, except for a minus before a digit.
_INDICATORS = frozenset(" \t-?:,[]{}#&*!|>%@`")
_NULLS = frozenset({"~", "null", "Null", "NULL"})

# An item of a list in brackets: in quotes without escapes, or words of letters, digits and other harmless characters.
_ITEM = r"""(?:"[^"\\]*+"|'[^']*+'|[^\W][\w.+&/'()-]*+(?: [\w.+&/'()-]++)*+)"""
_BRACKETS = later(rf"\[ *+((?:{_ITEM} *+(?:, *+{_ITEM} *+)*+)?)\](?: ++#.*)?")
_ITEMS = later(_ITEM)

# Characters that YAML 1.1 doesn't allow, its own line breaks other than \n (NEL, LS, PS), and the byte-order mark.
_UNUSUAL = later("[^\n\t -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_PRINTABLE_ASCII = b"\n" + bytes(range(0x20, 0x7F))

_COMMENT_LINES = later("^ *+#.*\n", re.MULTILINE)
_COMMENTS_BEHIND_KEYS = later(rf"^( *+(?:- ++)?+{KEY}:) ++#.*", re.MULTILINE)

#: Blanks, dash, key, and the text after them.
Line = tuple[str, str, str, str]


def load(text: str) -> dict[str, Any] | None:
    """Returns the mapping in ``text``, as ``safe_yaml.load`` does, or None if only that one can read it.

    It holds dicts, lists and texts, and None for values that are null or empty. Never raises.
    """
    if not text.endswith("\n"):
        text += "\n"
    if is_usual(text):
        for form in forms(text):
            try:
                return mapping(lines(form)) or None
            except NotPlain:
                pass
    return None


def forms(text: str) -> Iterable[str]:
    """Yields the text; then, if that isn't plain enough, the text without comments; then, if possible, the text with
    each value on one line."""
    yield text
    if (bare := without_comments(text)) != text:
        yield bare
    try:
        single = on_one_line_each(text)
    except NotPlain:
        return
    if single != text:
        yield without_comments(single)


def is_usual(text: str) -> bool:
    """Tells whether a text has only characters that are read here."""
    return is_printable(text) or not _UNUSUAL.search(text)


def is_printable(text: str) -> bool:
    """Tells whether all characters of a text can be printed, and its only blank is the plain one. Most texts are like
    that. Line ends don't count."""
    # Without the printable part of ASCII, little is left, and nothing of most texts.
    try:
        others = text.encode().translate(None, _PRINTABLE_ASCII)
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return not others or others.decode().isprintable()


def without_comments(text: str) -> str:
    """Returns the text without comments on lines of their own or directly after a key.

    If each value is on one line, as the other functions here need it, such comments have no meaning.
    """
    if " #" in text or "\n#" in text or text.startswith("#"):
        return _COMMENTS_BEHIND_KEYS.sub(r"\1", _COMMENT_LINES.sub("", text))
    return text


def lines(text: str) -> list[Line]:
    """Returns the lines of a text that ends with a line end, each as its blanks, its dash, its key, and the text after
    it."""
    return _LINE.findall(text)


def scalar(written: str) -> str | None:
    """Returns the text that is written in this way on one line, or None for null. Raises NotPlain."""
    if written[-1:] == " ":
        written = written.rstrip(" ")  # blanks at the end aren't part of it
    first = written[:1]
    if first == '"' and written.find('"', 1) == len(written) - 1 and "\\" not in written:
        return written[1:-1]
    if first in _QUOTES:
        return _unquoted(written)
    if not first or (first in _INDICATORS and not (first == "-" and "0" <= written[1:2] <= "9")):
        raise NotPlain
    if " #" in written:
        written = written[: written.find(" #")].rstrip(" ")
    # A colon before a blank or the end makes a key. The indentation makes sure that libyaml wouldn't read on in the
    # next line. A tab may count as a blank or not.
    if ": " in written or written[-1] == ":" or written == "<<" or "\t" in written:
        raise NotPlain
    return None if written in _NULLS else written


def scalar_or_list(written: str) -> str | list[str | None] | None:
    """Returns what :func:`scalar` returns, or the list that is written in brackets."""
    return items_in_brackets(written) if written.startswith("[") else scalar(written)


def items_in_brackets(written: str) -> list[str | None]:
    """Returns the list that is written between brackets on one line. Raises NotPlain."""
    found = _BRACKETS.fullmatch(written.rstrip(" "))
    if found is None:
        raise NotPlain
    return [scalar(item) for item in _ITEMS.findall(found[1])]


def mapping(lines: Iterable[Line]) -> dict[str, Any]:  # noqa: PLR0912  # calls would cost
    """Returns the mapping that the lines make. Raises NotPlain."""
    root: dict[str, Any] = {}
    # The innermost container is the last one that is open. Each has a place, which is higher further inside: twice the
    # column of a mapping's keys, or of a sequence's dashes plus one, because dashes may be in the column of their own
    # key.
    inmost, sequence, place = root, _NO_ITEMS, 0
    around: list[tuple[dict[str, Any], list[Any], int]] = []
    waiting = ""  # the key of the line before if it has no value: lines further inside belong to it
    for indent, dash, key, written in lines:
        if not written and not key:
            if dash:
                raise NotPlain
            continue  # an empty line
        value = scalar_or_list(written) if written else None
        here = 2 * len(indent) + 1 if dash else 2 * len(indent)
        if here < place:
            while here < place:
                inmost, sequence, place = around.pop()
            if here != place:
                raise NotPlain
        elif here > place:
            if not waiting or len(around) > _DEEPEST:
                raise NotPlain
            around.append((inmost, sequence, place))
            place = here
            if dash:
                sequence = inmost[waiting] = []
            else:
                inner: dict[str, Any] = {}
                inmost[waiting] = inner
                inmost = inner
        if dash:
            if not key:
                sequence.append(value)
                waiting = ""
                continue
            around.append((inmost, sequence, place))
            inmost, place = {}, here - 1 + 2 * len(dash)
            sequence.append(inmost)
        elif not key:
            raise NotPlain
        if key in inmost or key in _NULLS:
            raise NotPlain
        inmost[key] = value
        waiting = "" if written else key
    return root


_NO_ITEMS: list[Any] = []


def _unquoted(written: str) -> str:
    found = _DOUBLE_QUOTED.fullmatch(written)
    if found:
        return _ESCAPE.sub(_unescaped, found[1][1:-1])
    found = _SINGLE_QUOTED.fullmatch(written)
    if found:
        return found[1][1:-1].replace("''", "'")
    raise NotPlain


def _unescaped(match: re.Match[str]) -> str:
    if match[1] is None:
        return _ESCAPED.get(match[2], match[2])
    code = int(match[1], 16)
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:  # surrogates, and numbers that aren't characters
        raise NotPlain
    return chr(code)
