"""The one sanitiser of all exports: what a format can't hold is replaced or left out, and counted, never dropped
silently.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from newsgraph.graph.batch import Node
from newsgraph.graph.schema import Type, Value
from newsgraph.output.times import iso

#: What replaces a character that a format can't hold: the standard's own replacement character.
REPLACEMENT = "\ufffd"

#: Turns a value into what a format writes; None leaves the property out.
Encoder = Callable[[Value], str | None]

_SURROGATES = re.compile("[\ud800-\udfff]")
_SURROGATES_AND_NUL = re.compile("[\x00\ud800-\udfff]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: XML 1.0 turns a tab or line end in an attribute into a blank, and CR everywhere into LF, unless written as a
#: reference.
_XML_SPACES = {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
#: Cells that a spreadsheet would run as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

LIST_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Sanitiser:
    """Makes values fit a format and counts what did not; :meth:`losses` says so in words."""

    def __init__(self) -> None:
        self._lost: Counter[str] = Counter()

    def losses(self) -> tuple[str, ...]:
        """One line for each kind of loss, with how often it happened."""
        return tuple(f"{count:,} {what}" for what, count in sorted(self._lost.items()))

    def lose(self, what: str, count: int = 1) -> None:
        """Notes a loss; ``what`` reads on from a number."""
        self._lost[what] += count

    def _replace(self, pattern: re.Pattern[str], text: str, what: str) -> str:
        text, count = pattern.subn(REPLACEMENT, text)
        if count:
            self.lose(f"{what} replaced by U+FFFD", count)
        return text

    # Texts

    def text(self, text: str) -> str:
        """A text that can be written as UTF-8: lone surrogates replaced."""
        if text.isascii() or text.isprintable():
            return text
        return self._replace(_SURROGATES, text, "lone surrogates")

    def text_without_nul(self, text: str) -> str:
        """As :meth:`text`, NUL replaced too: tables and databases end a text there."""
        if text.isprintable():
            return text
        return self._replace(_SURROGATES_AND_NUL, text, "NUL characters or lone surrogates")

    def xml(self, text: str) -> str:
        """Escaped for XML 1.0, as content and in attributes; characters that XML has no form for are replaced."""
        if not text.isprintable():
            text = self._replace(_NOT_XML, text, "control characters")
            text = _escape_xml(text)
            for char, reference in _XML_SPACES.items():
                text = text.replace(char, reference)
            return text
        return _escape_xml(text)

    def guard(self, text: str) -> str:
        """A text cell that no spreadsheet runs: one that begins like a formula gets an apostrophe before it."""
        if text.startswith(FORMULA):
            self.lose("text cells that begin like a formula have an apostrophe before them (--raw leaves them)")
            return "'" + text
        return text

    # Values

    def encoder(self, kind: Type, text: Callable[[str], str]) -> Encoder:
        """How values of a type are written as text: times as ISO 8601, lists as JSON, texts by ``text``."""

        def encode_text(value: Value) -> str | None:
            if isinstance(value, str):
                return text(value)
            self.mistyped()
            return None

        def encode_integer(value: Value) -> str | None:
            return str(value) if self.integer(value) is not None else None

        def encode_real(value: Value) -> str | None:
            real = self.real(value)
            return None if real is None else repr(real)

        def encode_boolean(value: Value) -> str | None:
            if isinstance(value, bool):
                return "true" if value else "false"
            self.mistyped()
            return None

        def encode_time(value: Value) -> str | None:
            if isinstance(value, datetime):
                return iso(value)
            self.mistyped()
            return None

        def encode_texts(value: Value) -> str | None:
            if isinstance(value, (tuple, list)):
                return text(LIST_AS_JSON(value))
            self.mistyped()
            return None

        return {
            Type.TEXT: encode_text,
            Type.INTEGER: encode_integer,
            Type.REAL: encode_real,
            Type.BOOLEAN: encode_boolean,
            Type.TIME: encode_time,
            Type.TEXTS: encode_texts,
        }[kind]

    def integer(self, value: Value) -> int | None:
        """A whole number of 64 bits; a larger one is left out, for no target's integers hold it."""
        if not isinstance(value, int) or isinstance(value, bool):
            self.mistyped()
            return None
        if -(2**63) <= value < 2**63:
            return value
        self.lose("whole numbers beyond 64 bits left out")
        return None

    def real(self, value: Value) -> float | None:
        """A finite number; others are left out, for JSON and most tools have no form for them."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.mistyped()
            return None
        if math.isfinite(value):
            return float(value)
        self.lose("numbers that are not finite left out")
        return None

    def plain(self, kind: Type, value: Value) -> str | int | float | bool | list[str] | None:
        """The value as JSON has it: times as ISO 8601, lists as lists."""
        if kind is Type.INTEGER:
            return self.integer(value)
        if kind is Type.REAL:
            return self.real(value)
        plain: str | bool | list[str] | None = None
        if kind is Type.TEXT and isinstance(value, str):
            plain = self.text(value)
        elif kind is Type.BOOLEAN and isinstance(value, bool):
            plain = value
        elif kind is Type.TIME and isinstance(value, datetime):
            plain = iso(value)
        elif kind is Type.TEXTS and isinstance(value, (tuple, list)):
            plain = [self.text(one) for one in value]
        else:
            self.mistyped()
        return plain

    def column(self, kind: Type, value: Value) -> object:
        """The value for a typed table: as JSON has it, but times as times."""
        return value if kind is Type.TIME and isinstance(value, datetime) else self.plain(kind, value)

    def mistyped(self) -> None:
        """Notes a value that is not of its declared type, written by a query of the user's own; it is left out."""
        self.lose("values of another type than the schema declares left out")


def _escape_xml(text: str) -> str:
    # Most texts hold none of these; looking first is cheaper than four replacements.
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if '"' in text:
        text = text.replace('"', "&quot;")
    return text


def xml_identifier(text: str) -> str:
    r"""An id for XML that stays different for different ids: what XML can't hold is written ``\u{XXXX}``."""
    return _identifier(_NOT_XML, text)


def identifier(text: str) -> str:
    r"""An id that can be written as UTF-8 and stays different for different ids: a lone surrogate is ``\u{XXXX}``."""
    return _identifier(_SURROGATES, text)


def cell_identifier(text: str) -> str:
    r"""As :func:`identifier`, NUL written ``\u{0}`` too."""
    return _identifier(_SURROGATES_AND_NUL, text)


def _identifier(bad: re.Pattern[str], text: str) -> str:
    if text.isprintable() and "\\u{" not in text:
        return text
    # What looks like such an escape already is escaped itself, or two ids could become one.
    text = re.sub(r"\\(?=u\{[0-9a-f]+\})", r"\\u{5c}", text)
    return bad.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)


def display(node: Node) -> str:
    """What a picture writes beside a node: a researcher's label, its title or its name, else its id."""
    for name in ("label", "title", "name"):
        text = node.properties.get(name)
        if isinstance(text, str) and text:
            return text
    return node.id


#: Names that graph tools keep for themselves.
RESERVED = frozenset({"id", "label", "type", "source", "target"})


def attribute(owner: str, name: str) -> str:
    """The name of a property in formats for graph tools: as declared, or with the label before it where the tools keep
    the name for themselves (``Event.label`` is ``event_label``)."""
    return f"{owner.lower()}_{name}" if name in RESERVED else name
