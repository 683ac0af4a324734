"""BibTeX and BibLaTeX, the format in which reference managers (Zotero, JabRef, Mendeley) give lists to LaTeX.

An entry is ``@type{key, name = {value}, ...}``. Entries of articles and of pages on the web are read, each by its own
address. Books, theses and the like are left out, with a note.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import RecordReader
from newsgraph.loaders.formats.kept.ris import turned
from newsgraph.loaders.formats.press_archives import without_address
from newsgraph.loaders.json.articles import service_dialect
from newsgraph.loaders.markup.addresses import in_press_archive, is_web
from newsgraph.loaders.markup.plain_text import plain, shortened
from newsgraph.loaders.records import Problem, Reading
from newsgraph.patterns import later

DIALECT = service_dialect("bibtex")
_ENTRY = later(r"@\s*+([A-Za-z]++)\s*+[{(]\s*+([^\s,{}()\"]*+)\s*+,")
_FIRST = later(r"\s*+@\s*+[A-Za-z]++\s*+\{\s*+[^\s,{}\"]++\s*+,\s*+[A-Za-z-]++\s*+=")
_NAME = later(r"[\s,]*([A-Za-z][\w-]*)\s*=\s*")
_STRING = later(r"@\s*+string\s*+[{(]\s*+([\w-]++)\s*+=\s*+", re.IGNORECASE)
_PART = later(r"([^\s,{}()\"#]+)|[{\"]")
_JOINED = later(r"\s*#\s*")
_ARTICLES = frozenset({"article", "online", "misc", "electronic", "www", "newspaper", "webpage", "blog", "news"})
_NO_ENTRIES = frozenset({"comment", "string", "preamble"})
#: How many characters the names of texts may stand for altogether, and how many for each character of the file.
_NAMED, _NAMED_FOR_EACH = 2**22, 2
#: The names of each field, the best one first.
_OUTLET = ("journaltitle", "journal", "newspaper", "publication", "publisher", "organization", "howpublished")
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "i", "j": "j",
}  # fmt: skip
_ACCENT = later(r"\\(?:([`'^~\"=.])\s*+|([uvHckrd])(?:\s++|(?=\{)))\{?\s*+\\?([A-Za-z])\}?")
_LETTER = later(r"\\(ss|o|O|l|L|ae|AE|oe|OE|aa|AA|i|j)(?![A-Za-z])\s?(?:\{\})?")
_COMMAND = later(r"\\(?:url|href|emph|textit|textbf|textsc|mkbibquote|enquote)(?=\{)")
_SIGN = later(r"\\([&%$#_{}\s])")
_AND = later(r"(?<!\s)\s++and\s++", re.IGNORECASE)


def matches(document: Document) -> bool:
    """Tells whether it begins with an entry, or its name says that it is BibTeX."""
    return document.ending == ".bib" or (document.head.startswith("@") and _FIRST.match(document.head) is not None)


def read(document: Document) -> Reading:
    """Returns the entries that have an address. Each of the others becomes a problem that names it."""
    reader = RecordReader(DIALECT)
    records, others = [], 0
    lacking: list[Problem] = []
    named = _Named(document.text)
    for kind, line, entry in _entries(document.text, named):
        if entry is None:
            lacking.append(
                Problem("the entry isn't closed", "It and what follows is left out; mend its braces", line=line)
            )
        elif kind not in _ARTICLES:
            others += 1
        elif (values := _values(entry))["url"] is None:
            lacking.append(without_address(values, "entry", line, "in its field url"))
        elif (record := reader.read(values, "", line)) is not None:
            records.append(record)
    if named.is_spent:
        said = "its texts in @string are used too often for its size"
        lacking.append(Problem(said, "Some are shown by their names; write out what they stand for"))
    for one in lacking:
        reader.problems.append(one)
    notes = (f"{others:,} entries of books and the like are left out",) if others else ()
    problems = tuple(reader.problems)
    other = "" if records or problems else "it has no entries of articles"
    return Reading(DIALECT.name, tuple(records), problems, reader.unknown, notes, other)


class _Named:
    """The texts that a file defines by ``@string``.

    A short file can use a long text again and again, so the characters that names stand for are counted. ``is_spent``
    tells whether they were too many; from then on a name stands for itself.
    """

    def __init__(self, text: str) -> None:
        self.is_spent = False
        self._left = max(_NAMED, _NAMED_FOR_EACH * len(text))
        self._texts: dict[str, str] = {}
        position = 0
        while (found := _STRING.search(text, position)) is not None:
            self._texts[found[1].lower()], position = _value(text, found.end(), None)

    def text(self, name: str) -> str:
        """Returns the text of that name, or the name itself if it has none."""
        text = self._texts.get(name.lower(), name)
        self._left -= len(text)
        if self._left < 0:
            self.is_spent = True
            return name
        return text


def _entries(text: str, named: _Named) -> Iterator[tuple[str, int, Mapping[str, str] | None]]:
    """Yields kind, line and fields of each entry; None for the fields of one that isn't closed."""
    line, counted, position = 1, 0, 0
    while (found := _ENTRY.search(text, position)) is not None:
        line, counted = line + text.count("\n", counted, found.start()), found.start()
        fields: dict[str, str] = {}
        position = found.end()
        while (field := _NAME.match(text, position)) is not None:
            value, position = _value(text, field.end(), named)
            fields.setdefault(field[1].lower(), value)
        if found[1].lower() not in _NO_ENTRIES:
            yield found[1].lower(), line, fields if position < len(text) else None


def _value(text: str, position: int, named: _Named | None) -> tuple[str, int]:
    """Returns the value that begins there, and where it ends. Its parts may be joined by ``#``. ``named`` are the texts
    that names stand for."""
    parts = []
    while (found := _PART.match(text, position)) is not None:
        if found[1]:
            parts.append(named.text(found[1]) if named else found[1])
            position = found.end()
        else:
            end = _closed(text, found.end() - 1)
            parts.append(text[found.end() : end])
            position = min(end + 1, len(text))
        joined = _JOINED.match(text, position)
        if joined is None:
            break
        position = joined.end()
    return "".join(parts), position


_BRACE = later(r'\\.|[{}"]', re.DOTALL)


def _closed(text: str, start: int) -> int:
    """Returns where a text in braces or quotes ends; the end of everything if it isn't closed."""
    quoted, depth = text[start] == '"', 0
    for found in _BRACE.finditer(text, start + 1):
        sign = found[0]
        if sign == "{":
            depth += 1
        elif sign == "}":
            if not depth and not quoted:
                return found.start()
            depth -= 1
        elif sign == '"' and quoted and not depth:
            return found.start()
    return len(text)


def _values(entry: Mapping[str, str]) -> dict[str, Any]:
    """Returns the entry by the dialect's names."""
    authors = _AND.split(entry["author"]) if "author" in entry else []
    return {
        "title": plain(_read(entry.get("title"))),
        "excerpt": shortened(plain(_read(entry.get("abstract")))),
        "url": _address(entry),
        "outlet_name": next((told for name in _OUTLET if (told := _read(entry.get(name))) and "://" not in told), None),
        "language": entry.get("langid") or _read(entry.get("language")),
        "authors": [name if given.startswith("{") else turned(name) for given in authors if (name := _read(given))],
        "topics": [one.strip() for one in re.split("[,;]", _read(entry.get("keywords")) or "")],
        "published_at": entry.get("date") or " ".join(filter(None, map(entry.get, ("year", "month", "day")))),
        "seen_at": entry.get("urldate"),
    }


def _address(entry: Mapping[str, str]) -> str | None:
    """Returns the article's own address; None if there is only that of a press archive's copy."""
    given = (_COMMAND.sub("", entry.get(name, "")).strip("{} \n") for name in ("url", "link", "howpublished", "note"))
    every = ("".join(_SIGN.sub(r"\1", one).split()) for one in given)
    return next((one for one in every if is_web(one) and not in_press_archive(one)), None)


def _read(written: str | None) -> str | None:
    """Returns a text as LaTeX would show it: with its accents, and without braces and commands."""
    if not written:
        return None
    if "\\" in written:
        written = _ACCENT.sub(_accented, _COMMAND.sub("", written))
        written = _SIGN.sub(r"\1", _LETTER.sub(lambda found: _LETTERS[found[1]], written))
    return " ".join(written.replace("{", "").replace("}", "").replace("---", "\u2014").replace("--", "\u2013").split())


def _accented(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[3] + _ACCENTS[found[1] or found[2]])
