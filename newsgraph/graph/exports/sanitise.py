"""The sanitiser that all exports use. What a format can't hold is replaced or left out, and it is counted, so that
nothing is lost silently.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from newsgraph.graph.batch import Node
from newsgraph.graph.property_types import Plain, Type, Value
from newsgraph.output.safe_text import no_formula

#: Replaces a character that a format can't hold. It is Unicode's own replacement character.
REPLACEMENT = "\ufffd"

#: Turns a value into the form that a format writes. None leaves the property out.
Encoder = Callable[[Value], str | None]

_SURROGATES = re.compile("[\ud800-\udfff]")
_SURROGATES_AND_NUL = re.compile("[\x00\ud800-\udfff]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: XML 1.0 turns a tab or line end in an attribute into a blank, and CR everywhere into LF, unless it is written as a
#: reference.
_XML_SPACES = {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
#: How values that need no quotes are written, where that differs from Python's own form.
_BARE: dict[Type, Callable[[Any], str]] = {Type.BOOLEAN: json.dumps, Type.TIME: str}
#: The message for numbers that no format can hold.
_NUMBERS = {
    Type.INTEGER: "whole numbers beyond 64 bits left out",
    Type.REAL: "numbers that are not finite left out",
}

LIST_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Sanitiser:
    """Makes values fit a format, and counts those that did not. :meth:`losses` describes these in words."""

    def __init__(self) -> None:
        self._lost: Counter[str] = Counter()

    def losses(self) -> tuple[str, ...]:
        """Returns one line for each kind of loss, with how often it happened."""
        return tuple(f"{count:,} {what}" for what, count in sorted(self._lost.items()))

    def lose(self, what: str, count: int = 1) -> None:
        """Counts a loss. ``what`` is the rest of a sentence that begins with a number."""
        self._lost[what] += count

    def _replace(self, pattern: re.Pattern[str], text: str, what: str) -> str:
        text, count = pattern.subn(REPLACEMENT, text)
        if count:
            self.lose(f"{what} replaced by U+FFFD", count)
        return text

    # Texts

    def text(self, text: str) -> str:
        """Returns a text that can be written as UTF-8: lone surrogates are replaced."""
        if text.isascii() or text.isprintable():
            return text
        return self._replace(_SURROGATES, text, "lone surrogates")

    def text_without_nul(self, text: str) -> str:
        """Does what :meth:`text` does, and also replaces NUL, at which tables and databases end a text."""
        if text.isprintable():
            return text
        return self._replace(_SURROGATES_AND_NUL, text, "NUL characters or lone surrogates")

    def xml(self, text: str) -> str:
        """Escapes a text for XML 1.0, for content and for attributes. Characters that XML has no form for are
        replaced."""
        if not text.isprintable():
            text = self._replace(_NOT_XML, text, "control characters")
            text = _escape_xml(text)
            for char, reference in _XML_SPACES.items():
                text = text.replace(char, reference)
            return text
        return _escape_xml(text)

    def guard(self, text: str) -> str:
        """Makes a text cell that no spreadsheet runs: what would begin a formula gets an apostrophe before it."""
        guarded = no_formula(text)
        if guarded != text:
            self.lose("text cells that a spreadsheet would take for formulas have an apostrophe (raw=True leaves them)")
        return guarded

    # Values

    def encoder(self, kind: Type, text: Callable[[str], str]) -> Encoder:
        """Returns a function that writes values of a type as text: times as ISO 8601, lists as JSON, texts by
        ``text``."""

        if kind in (Type.TEXT, Type.TEXTS):

            def encode(value: Value) -> str | None:
                plain = self._json(kind, value)
                return None if plain is None else text(plain if isinstance(plain, str) else LIST_AS_JSON(plain))

            return encode
        write = _BARE.get(kind, repr)

        def encode_bare(value: Value) -> str | None:
            plain = self._json(kind, value)
            return None if plain is None else write(plain)

        return encode_bare

    def plain(self, kind: Type, value: Value) -> Plain | None:
        """Returns the value in JSON's form: times as ISO 8601, lists as lists.

        None for a value that no format can hold; it is counted as a loss.
        """
        plain = self._json(kind, value)
        if isinstance(plain, str):
            return self.text(plain)
        if isinstance(plain, list):
            return [self.text(item) for item in plain]
        return plain

    def _json(self, kind: Type, value: Value) -> Plain | None:
        # Texts are not checked here, because each format has its own characters that it can't hold.
        read = kind.does.read(value)
        if read is None:
            self.mistyped()
            return None
        if kind in _NUMBERS and kind.does.problem(read):
            self.lose(_NUMBERS[kind])
            return None
        return kind.does.to_json(read)

    def column(self, kind: Type, value: Value) -> object:
        """Returns the value for a table with types: in JSON's form, but times as times."""
        return value if kind is Type.TIME and isinstance(value, datetime) else self.plain(kind, value)

    def mistyped(self) -> None:
        """Counts a value that isn't of its declared type. A query of the user's own wrote it; it is left out."""
        self.lose("values of another type than the schema declares left out")


def _escape_xml(text: str) -> str:
    # Most texts contain none of these, and looking first is faster than four replacements.
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
    r"""Returns an id for XML. Different ids stay different: what XML can't hold is written as ``\u{XXXX}``."""
    return _identifier(_NOT_XML, text)


def identifier(text: str) -> str:
    r"""Returns an id that can be written as UTF-8. Different ids stay different: a lone surrogate becomes
    ``\u{XXXX}``."""
    return _identifier(_SURROGATES, text)


def cell_identifier(text: str) -> str:
    r"""Does what :func:`identifier` does, and also writes NUL as ``\u{0}``."""
    return _identifier(_SURROGATES_AND_NUL, text)


def _identifier(bad: re.Pattern[str], text: str) -> str:
    if text.isprintable() and "\\u{" not in text:
        return text
    # A text that already looks like such an escape is escaped itself; otherwise two ids could become one.
    text = re.sub(r"\\(?=u\{[0-9a-f]+\})", r"\\u{5c}", text)
    return bad.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)


def display(node: Node) -> str:
    """Returns the text that a picture shows beside a node: a researcher's label, its title or its name, or else its
    id."""
    for name in ("label", "title", "name"):
        text = node.properties.get(name)
        if isinstance(text, str) and text:
            return text
    return node.id


#: Names of attributes that graph tools use themselves.
RESERVED = frozenset({"id", "label", "type", "source", "target"})


def attribute(owner: str, name: str) -> str:
    """Returns the name of a property in formats for graph tools: as declared, or with the label before it if the tools
    use the name themselves (``Event.label`` becomes ``event_label``)."""
    return f"{owner.lower()}_{name}" if name in RESERVED else name
