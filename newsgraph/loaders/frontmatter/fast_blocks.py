"""Front matter of the plainer kind in one pass: many times faster than the complete reader, never another answer.

What is accepted: block mappings and block sequences by indentation, plain keys, values plain or in quotes, lists of
such values in brackets on one line, blank lines, comments, and values that go on over several lines (see
``multiline``). Whatever else YAML knows (anchors, tags, mappings in braces, directives, odd indentation, keys given
twice) makes :func:`load` give up, and ``safe_yaml.load`` has the word. What it does accept it reads exactly as that one
does; a differential test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from newsgraph.loaders.frontmatter.multiline import on_one_line_each
from newsgraph.loaders.frontmatter.plainness import NotPlain
from newsgraph.patterns import later

# Deeper ones are left to the complete reader, which has a limit of its own.
_DEEPEST = 16

#: What a key may look like here. It is short, for libyaml takes no more than 1,024 characters.
KEY = "[A-Za-z_][A-Za-z0-9_.-]{0,99}+"
# A line: blanks, the dash of a sequence's item, a key with its colon, a value. Each part can match in one way only, so
# that no line takes more than one pass. The value is looked at afterwards, by searches that take a tenth of a pattern's
# time.
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
# What no plain value begins with, but for a minus before a digit.
_INDICATORS = frozenset(" \t-?:,[]{}#&*!|>%@`")
_NULLS = frozenset({"~", "null", "Null", "NULL"})

# An item of a list in brackets: in quotes without escapes, or words of letters, digits and harmless signs.
_ITEM = r"""(?:"[^"\\]*+"|'[^']*+'|[^\W][\w.+&/'()-]*+(?: [\w.+&/'()-]++)*+)"""
_BRACKETS = later(rf"\[ *+((?:{_ITEM} *+(?:, *+{_ITEM} *+)*+)?)\](?: ++#.*)?")
_ITEMS = later(_ITEM)

# What can't stand in YAML 1.1, and its own line breaks beside \n (NEL, LS, PS), and the byte-order mark.
_UNUSUAL = later("[^\n\t -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_PRINTABLE_ASCII = b"\n" + bytes(range(0x20, 0x7F))

_COMMENT_LINES = later("^ *+#.*\n", re.MULTILINE)
_COMMENTS_BEHIND_KEYS = later(rf"^( *+(?:- ++)?+{KEY}:) ++#.*", re.MULTILINE)

#: Blanks, dash, key, and what is written behind.
Line = tuple[str, str, str, str]


def load(text: str) -> dict[str, Any] | None:
    """The mapping in ``text``, as ``safe_yaml.load`` gives it, or None when that one has to read it.

    Dicts, lists, texts, and None for what is written as null or left empty. Never raises.
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
    """The text; then, for whom that isn't plain enough, without comments; then with each value on one line, where that
    can be had."""
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
    """Whether only such characters are in a text as are read here."""
    return is_printable(text) or not _UNUSUAL.search(text)


def is_printable(text: str) -> bool:
    """Whether all characters of a text can be printed, and no blank but the plain one is among them; most texts are so.
    Line ends don't count."""
    # What is left without the printable part of ASCII is little, and nothing in most texts.
    try:
        others = text.encode().translate(None, _PRINTABLE_ASCII)
    except UnicodeEncodeError:  # half of a character
        return False
    return not others or others.decode().isprintable()


def without_comments(text: str) -> str:
    """The text without comments on lines of their own or right behind a key. Where each value stands on one line, as
    the other functions here want it, they say nothing."""
    if " #" in text or "\n#" in text or text.startswith("#"):
        return _COMMENTS_BEHIND_KEYS.sub(r"\1", _COMMENT_LINES.sub("", text))
    return text


def lines(text: str) -> list[Line]:
    """The lines of a text that ends with one, each as its blanks, its dash, its key, and what is written behind."""
    return _LINE.findall(text)


def scalar(written: str) -> str | None:
    """The text that is written so on one line, None for null. Raises NotPlain."""
    if written[-1:] == " ":
        written = written.rstrip(" ")  # what stands behind it is no part of it
    first = written[:1]
    if first == '"' and written.find('"', 1) == len(written) - 1 and "\\" not in written:
        return written[1:-1]
    if first in _QUOTES:
        return _unquoted(written)
    if not first or (first in _INDICATORS and not (first == "-" and "0" <= written[1:2] <= "9")):
        raise NotPlain
    if " #" in written:
        written = written[: written.find(" #")].rstrip(" ")
    # A colon before a blank or the end makes a key. That libyaml would read on in the next line is excluded by its
    # indentation. A tab may be a blank or not.
    if ": " in written or written[-1] == ":" or written == "<<" or "\t" in written:
        raise NotPlain
    return None if written in _NULLS else written


def scalar_or_list(written: str) -> str | list[str | None] | None:
    """As :func:`scalar`, or the list that is written so in brackets."""
    return items_in_brackets(written) if written.startswith("[") else scalar(written)


def items_in_brackets(written: str) -> list[str | None]:
    """The list that is written so, between brackets on one line. Raises NotPlain."""
    found = _BRACKETS.fullmatch(written.rstrip(" "))
    if found is None:
        raise NotPlain
    return [scalar(item) for item in _ITEMS.findall(found[1])]


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
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:  # halves of characters, and what is no character
        raise NotPlain
    return chr(code)
