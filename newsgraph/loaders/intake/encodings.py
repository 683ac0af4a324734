"""Bytes to text: UTF-8, UTF-16, UTF-32, what an XML declaration names, and Windows-1252 where that is likely."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    # UTF-32's little-endian mark begins as UTF-16's does.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
#: Encodings that texts are written in; others that Python knows can be made to take long.
_WRITTEN = re.compile(
    rb"(?:iso-8859-\d+|latin-?1|(?:windows-|cp)125\d|us-ascii|koi8-[ru]|gb2312|gbk|gb18030|big5|shift[_-]jis|"
    rb"euc-(?:jp|kr|cn))",
    re.IGNORECASE,
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
#: Most of the bytes of a text in a Western language are ASCII; where more than these are not, it is another encoding.
_WESTERN = 0.15
_CONVERT = "Save it as UTF-8 (iconv -f OLD -t UTF-8 does); a binary file has no place here"


class NotTextError(ValueError):
    """The bytes are no text that can be read."""

    def __init__(self, problem: str, remedy: str, line: int | None = None) -> None:
        super().__init__(problem)
        self.problem, self.remedy, self.line = problem, remedy, line


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, lines ending in a newline each, and a note where the encoding was guessed."""

    text: str
    note: str = ""


def decode(data: bytes) -> Decoded:
    """The text that the bytes are. Raises NotTextError."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(_lines(_strict(data, encoding)))
    try:
        return Decoded(_lines(_sound(data.decode("utf-8-sig"))))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    declared = _DECLARED.match(data)
    if declared and _WRITTEN.fullmatch(declared[1]):
        return Decoded(_lines(_strict(data, declared[1].decode("ascii"))))
    sample = data[: 2**20]
    high = sum(map(sample.count, (bytes((number,)) for number in range(0x80, 0x100))))
    if not _CONTROLS.search(data) and high <= _WESTERN * len(sample):
        try:
            note = "it is not UTF-8 text and was read as Windows-1252 (Western European); check its letters"
            return Decoded(_lines(data.decode("cp1252")), note)
        except UnicodeDecodeError:
            pass  # bytes that Windows-1252 has no character for
    raise NotTextError("it is not UTF-8 text", _CONVERT, line)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return _sound(data.decode(encoding))
    except (UnicodeDecodeError, LookupError):
        raise NotTextError(f"it is not the {encoding.upper()} text that it begins as", _CONVERT) from None


def _sound(text: str) -> str:
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise NotTextError("it holds NUL bytes, so it is no text", "Remove it, or save it as UTF-8 text", line)
    return text.removeprefix("\ufeff")


def _lines(text: str) -> str:
    if "\r" not in text:
        return text
    text = text.replace("\r\n", "\n")
    # Old Macs' lines end in a carriage return alone.
    return text.replace("\r", "\n") if "\n" not in text else text
