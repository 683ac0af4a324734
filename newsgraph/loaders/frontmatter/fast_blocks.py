"""Front matter of the plainest kind in one pass: many times faster than the complete reader, never another answer.

What is accepted: block mappings and block sequences by indentation, plain keys, and values that stand on one line,
plain or in quotes. Whatever else YAML knows (anchors, tags, flow collections, block scalars, scalars over several
lines, comments, directives, other escapes, tabs, odd indentation, keys given twice) makes :func:`load` give up, and
``safe_yaml.load`` has the word. What it does accept it reads exactly as that one does; a differential test holds the
two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

#: Deeper ones are left to the complete reader, which has a limit of its own.
_DEEPEST = 16

# A line: blanks, "- " of a sequence, a key with its colon, a value. Each part can match in one way only, so that no
# line takes more than one pass. A key is short, for libyaml takes no more than 1,024 characters. The value is looked at
# afterwards, by searches that take a tenth of a pattern's time.
_LINE = re.compile(r"( *+)(- )?+(?:([A-Za-z_][A-Za-z0-9_.-]{0,99}+):(?: ++|(?=\n)))?+(.*)\n")
_DOUBLE_QUOTED = re.compile(r'"[^"\\]*+(?:\\["\\/nrt][^"\\]*+)*+"')
_SINGLE_QUOTED = re.compile(r"'[^']*+(?:''[^']*+)*+'")
_QUOTES = frozenset("\"'")
# What no plain value begins with, but for a minus before a digit.
_INDICATORS = frozenset(" -?:,[]{}#&*!|>%@`")

# What can't stand in YAML 1.1, and its own line breaks beside \n (NEL, LS, PS), tabs, and the byte-order mark.
_UNUSUAL = re.compile("[^\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_USUAL_ASCII = b"\n" + bytes(range(0x20, 0x7F))
_ESCAPE = re.compile(r'\\(["\\/nrt])')
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_NULLS = frozenset({"~", "null", "Null", "NULL"})


Line = tuple[str, str, str, str]


class NotPlain(Exception):  # noqa: N818  # no error: the sign to give up
    """Something that the complete reader has to look at."""


def load(text: str) -> dict[str, Any] | None:
    """The mapping in ``text``, as ``safe_yaml.load`` gives it, or None when that one has to read it.

    Dicts, lists, texts, and None for what is written as null or left empty. Never raises.
    """
    if not text.endswith("\n"):
        text += "\n"
    if not is_usual(text):
        return None
    try:
        return mapping(lines(text)) or None
    except NotPlain:
        return None


def is_usual(text: str) -> bool:
    """Whether only such characters are in a text as are read here."""
    # Most texts are ASCII, or hold nothing that can't be printed; both are seen faster than the pattern finds nothing.
    if text.isascii():
        return not text.encode().translate(None, _USUAL_ASCII)
    return text.replace("\n", "").isprintable() or not _UNUSUAL.search(text)


def lines(text: str) -> list[Line]:
    """The lines of a text that ends with one, each as its blanks, its dash, its key, and what is written behind."""
    return _LINE.findall(text)


def scalar(written: str) -> str | None:
    """The value that is written so on one line, None for null. Raises NotPlain."""
    if written[-1:] == " ":
        written = written.rstrip(" ")  # what stands behind it is no part of it
    first = written[:1]
    if first == '"' and written.find('"', 1) == len(written) - 1 and "\\" not in written:
        return written[1:-1]
    if first in _QUOTES:
        return _unquoted(written)
    if not first or (first in _INDICATORS and not (first == "-" and "0" <= written[1:2] <= "9")):
        raise NotPlain
    # A colon before a blank or the end makes a key, a # after a blank a comment. That libyaml would read on in the next
    # line is excluded by its indentation.
    if ": " in written or " #" in written or written[-1] == ":" or written == "<<":
        raise NotPlain
    return None if written in _NULLS else written


def mapping(lines: Iterable[Line]) -> dict[str, Any]:  # noqa: PLR0912  # calls would cost
    """The mapping that the lines make. Raises NotPlain."""
    root: dict[str, Any] = {}
    # The innermost container is the last of those that are open. Each has a place, which grows inwards: twice the
    # column of a mapping's keys, or of a sequence's dashes and one more, for dashes may stand below their own key.
    inmost, sequence, place = root, _NO_ITEMS, 0
    around: list[tuple[dict[str, Any], list[Any], int]] = []
    waiting = ""  # the key of the line before when nothing stood behind it: what is further inside belongs to it
    for indent, dash, key, written in lines:
        if not written and not key:
            if dash:
                raise NotPlain
            continue  # an empty line
        value = scalar(written) if written else None
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
            inmost, place = {}, here + 3
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
    if _DOUBLE_QUOTED.fullmatch(written):
        return _ESCAPE.sub(_unescaped, written[1:-1])
    if _SINGLE_QUOTED.fullmatch(written):
        return written[1:-1].replace("''", "'")
    raise NotPlain


def _unescaped(match: re.Match[str]) -> str:
    return _ESCAPED.get(match[1], match[1])
