"""Makes texts safe to show: characters that would control a terminal or a page become visible.

Each function has its own use:

- :func:`printable`: where each character matters, as in errors. Nothing is hidden, and all of it is on one line.
- :func:`one_line`: for a text to be read, such as a headline in a table. Ends of lines and tabs become blanks.
- :func:`harmless`: for a whole document, such as CSV or JSON for a terminal. Its lines and tabs stay.
- :func:`showable`: for a text in a page. U+FFFD stands for what can't be shown.
- :func:`no_formula`: for a cell of a table that a spreadsheet may open. :func:`formula_guarded` and
  :func:`formula_unguarded` do the same for a table that is read again, where each text must come back as it was.

This module imports nothing of newsgraph but its patterns, because the module of errors needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from newsgraph.patterns import later

#: C0 except tab and line feed, DEL and C1; separators that end a line for some readers; characters that change the
#: direction of text (Unicode Bidirectional Algorithm, https://www.unicode.org/reports/tr9/).
_OBEYED = chain(
    (code for code in range(0x20) if code not in (0x09, 0x0A)),
    range(0x7F, 0xA0),
    (0x061C, 0x200E, 0x200F, 0x2028, 0x2029),
    range(0x202A, 0x202F),
    range(0x2066, 0x206A),
)
_CODES = {code: f"\\u{code:04x}" for code in _OBEYED}

#: Control characters except tab and line feed, lone surrogates, non-characters, and the bidirectional overrides, which
#: would show a text in another order than it is written. Marks that Arabic and Hebrew headlines need (U+200E, U+200F)
#: are not among them.
NOT_SHOWABLE = later("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    r"""Returns the text on one line. What can't be printed, including ends of lines, is shown as its code
    (``\x0a``)."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def one_line(text: str) -> str:
    r"""Returns the text on one line. Ends of lines and tabs become blanks; what else can't be printed is shown as its
    code (``\u001b``)."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c in "\n\r\t" else f"\\u{ord(c):04x}" for c in text)


def harmless(text: str) -> str:
    r"""Returns the text with every control character except tab and line feed, every line separator and every
    bidirectional control as ``\uXXXX``. In JSON such characters are only in strings, so the values of JSON stay the
    same."""
    return text if text.isprintable() else text.translate(_CODES)


def showable(text: str) -> str:
    """Returns the text with U+FFFD for each character that a page can't show, or that would reorder others."""
    return NOT_SHOWABLE.sub("\ufffd", text)


#: Characters with which a formula begins (OWASP, CSV Injection: https://owasp.org/www-community/attacks/CSV_Injection),
#: and their wide and small forms, which spreadsheets in East Asian languages treat alike.
_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
#: Characters that may separate cells for a reader that uses another separator. For some, ends of lines and NUL do.
_PARTS = "\x00\t\n\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029,;|"
#: Characters that a reader may skip before the first character of a cell: quotes, blanks and invisible ones.
_PASSED_OVER = '"\u1680\u3000\xad\ufeff' + "".join(
    map(chr, chain(range(0x21), range(0x7F, 0xA1), range(0x2000, 0x2010), range(0x2028, 0x2030), range(0x205F, 0x206A)))
)
_PART = later(f"[{re.escape(_PARTS)}]")
#: A formula's first character after one of these. Only such texts must be looked at more closely.
_SIGN_BEHIND = later(f"[{re.escape(_SIGNS)}](?<=[{re.escape(_PARTS + _PASSED_OVER)}][{re.escape(_SIGNS)}])")
#: A sign, with the apostrophes before it.
_GUARDED_SIGN = later(f"(?<!')('*+)[{re.escape(_SIGNS)}]")
#: A text that begins with one of these gets an apostrophe as a whole, because some spreadsheets remove it.
_TAKEN_AWAY = ("\t", "\r", "\n", "\x00")
_AT_THE_START = (*_SIGNS, *_TAKEN_AWAY)


def no_formula(text: str) -> str:
    """Returns the text with an apostrophe before each character that would begin a formula, wherever a spreadsheet may
    begin a cell: at the start, and after a semicolon, comma, tab, bar, end of line or NUL.

    A text without such a place is returned unchanged, for example ``a-b`` and ``1 + 1``.
    """
    guarded = "'" if text.startswith(_AT_THE_START) else ""
    done = 0
    for sign in _SIGN_BEHIND.finditer(text):
        # Characters that are skipped are between two others, so each is looked at once.
        before = text[done : sign.start()]
        run = before[len(before.rstrip(_PARTS + _PASSED_OVER)) :]
        if _PART.search(run) or len(run) == sign.start():
            before += "'"
        guarded += before
        done = sign.start()
    return guarded + text[done:] if guarded else text


def formula_guarded(text: str) -> str:
    """Returns a text of one line with an apostrophe before each character that would begin a formula, as
    :func:`no_formula` does, and one more where an apostrophe is there already. So :func:`formula_unguarded` can tell
    which of them were added.

    >>> formula_guarded("=1"), formula_guarded("'=1"), formula_unguarded("'=1")
    ("'=1", "''=1", '=1')
    """
    parts, done = [], 0
    for found in _beginning_signs(text):
        parts += [text[done : found.start()], "'"]
        done = found.start()
    return "".join((*parts, text[done:]))


def formula_unguarded(text: str) -> str:
    """Returns the text that :func:`formula_guarded` returned this text for. In a text that was never guarded, an
    apostrophe is removed wherever it keeps a formula from being one."""
    parts, done = [], 0
    for found in _beginning_signs(text):
        if found[1]:
            parts.append(text[done : found.start()])
            done = found.start() + 1
    return "".join((*parts, text[done:]))


def _beginning_signs(text: str) -> Iterator[re.Match[str]]:
    """Yields each sign that begins a formula, or would do so without the apostrophes before it."""
    done = 0
    for found in _GUARDED_SIGN.finditer(text):
        before = text[done : found.start()]
        run = before[len(before.rstrip(_PARTS + _PASSED_OVER)) :]
        if _PART.search(run) or len(run) == found.start():
            yield found
        done = found.end()
