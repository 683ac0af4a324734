"""Reads the text of RTF, as word processors and archives write it: each paragraph on one line, without its
formatting."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|(.)", re.DOTALL | re.I
)
#: Groups that hold no text of the document.
_APART = frozenset(
    {
        "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "headerl", "headerr",
        "footerl", "footerr", "fldinst", "listtable", "listoverridetable", "rsidtbl", "generator", "themedata",
        "datastore", "latentstyles", "xmlnstbl", "bkmkstart", "bkmkend",
    }
)  # fmt: skip
_SIGNS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "cell": "\t", "tab": "\t", "emdash": "\u2014",
    "endash": "\u2013", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d",
    "bullet": "\u2022",
}  # fmt: skip


def rtf_text(rtf: str) -> str:
    """Returns the text of an RTF document. Bytes above ASCII are read as Windows-1252, RTF's default. Broken parts are
    left out. Never raises."""
    told: list[str] = []
    groups: list[tuple[bool, int]] = []
    apart, width, skipped = False, 1, 0  # whether nothing is told here; characters that stand for one \u; how many yet
    for found in _TOKEN.finditer(rtf):
        word, number, code, sign, brace, plain = found.groups()
        if brace == "{":
            groups.append((apart, width))
        elif brace == "}":
            apart, width = groups.pop() if groups else (False, 1)
        elif sign == "*" or (word is not None and word.lower() in _APART):
            apart = True
        elif word is not None:
            name = word.lower()
            if name == "uc" and number is not None:
                width = max(0, int(number))
            elif name == "u" and number is not None and not apart:
                told.append(_character(int(number)))
                skipped = width
            elif not apart:
                told.append(_SIGNS.get(name, ""))
        elif skipped and (code or plain):
            skipped -= 1
        elif not apart:
            told.append(_written(code, sign, plain))
    return "".join(told).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _written(code: str | None, sign: str | None, plain: str | None) -> str:
    """Returns what a byte, an escaped character or a plain character stands for."""
    if code:
        return bytes.fromhex(code).decode("cp1252", "replace")
    if sign is not None:
        return "\u00a0" if sign == "~" else sign if sign in "\\{}" else ""
    return plain or ""


def _character(number: int) -> str:
    return chr(number % 0x10000)  # numbers above 32767 are written as negative ones
