"""Turns bytes into text: UTF-8, UTF-16, UTF-32, the encoding that XML or HTML names, or a guess, which is reported."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct

from newsgraph.patterns import later

_MARKS = (
    # UTF-32's little-endian mark begins with UTF-16's.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED_IN_XML = later(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
#: The beginning of a page in which HTML must name its encoding.
_DECLARED_IN_HTML = later(rb"""<meta\b[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
_PAGE_HEAD = 4096
#: Encodings that texts are written in. Others that Python knows could be misused to take very long.
_WRITTEN = later(
    r"(?:iso[-_]?8859[-_]\d+|latin-?\d|(?:windows-|cp)(?:125\d|874|932|949)|us-ascii|ascii|koi8-[ru]|gb2312|gbk|gb18030|"
    r"big5|(?:x-)?s(?:hift[_-])?jis|euc-(?:jp|kr|cn)|ks_c_5601-1987|tis-620|macintosh|utf-?8)",
    re.IGNORECASE,
)
#: Encodings whose name is used for texts in another encoding, which has all of its letters and more.
_MEANT = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "us-ascii": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "sjis": "cp932",
    "shift-jis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "tis-620": "cp874",
    "macintosh": "mac_roman", "iso-8859-9": "cp1254", "iso-8859-11": "cp874",
}  # fmt: skip
#: Encodings that are guessed: what people call them, and the languages by whose words two of them are distinguished.
_GUESSED = {
    "cp1252": ("Windows-1252 (Western European)", "en de fr es pt it nl sv da nb fi ca"),
    "cp1250": ("Windows-1250 (Central European)", "pl cs hu ro sh sk sl"),
    "cp1251": ("Windows-1251 (Cyrillic)", "ru uk bg mk"),
    "cp1253": ("Windows-1253 (Greek)", "el"),
    "cp1254": ("Windows-1254 (Turkish)", "tr"),
    "cp1255": ("Windows-1255 (Hebrew)", "he"),
    "cp1256": ("Windows-1256 (Arabic)", "ar fa ur"),
    "cp1257": ("Windows-1257 (Baltic)", "lt lv"),
    "iso8859_2": ("ISO 8859-2 (Central European)", "pl cs hu ro sh sk sl"),
    "koi8_r": ("KOI8-R (Cyrillic)", "ru"),
    "shift_jis": ("Shift JIS (Japanese)", "ja"),
    "euc_jp": ("EUC-JP (Japanese)", "ja"),
    "gb18030": ("GB 18030 (Chinese)", "zh"),
    "big5": ("Big5 (Chinese)", "zh"),
    "euc_kr": ("EUC-KR (Korean)", "ko"),
}
_EAST_ASIAN = frozenset({"shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"})
_BEYOND_ASCII = later(r"([A-Za-z]?)[^\x00-\x7f]+([A-Za-z]?)")
#: The number of bytes by which an encoding is guessed, the number of words by which two are told apart, and how much
#: worse than the best a guess may be to be considered.
_SAMPLE, _WORDS, _WORSE = 2**17, 400, 0.1
#: Half of a character beyond U+FFFF, as Java and old databases write it into text that they call UTF-8.
_ENCODED_SURROGATE = later(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_CONTROLS = later(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
#: Characters that no text means: those that Windows-1252 shows as quotes and dashes, and its five gaps.
_ASCII = bytes(range(0x80))
#: The bytes of nearly all texts: what can be printed of ASCII, and the newline.
_PLAIN = b"\n" + bytes(range(0x20, 0x7F))
_LATIN_CONTROLS = later("[\x80-\x9f]")
_SHOWN = {number: bytes((number,)).decode("cp1252", "replace") for number in range(0x80, 0xA0)}
_SHOWN_NOTE = (
    "it holds characters (U+0080 to U+009F) that were read as Windows-1252 means them, quotes and dashes mostly"
)
_CONVERT = "Save it as UTF-8 (iconv -f OLD -t UTF-8 does); a binary file has no place here"


class NotTextError(ValueError):
    """The bytes can't be read as text."""

    def __init__(self, problem: str, remedy: str, line: int | None = None) -> None:
        super().__init__(problem)
        self.problem, self.remedy, self.line = problem, remedy, line


class Decoded(Struct, frozen=True):
    """The text, whose lines all end in a newline, and a note if the encoding or a character was guessed.

    ``printable`` says that all of its characters but the newlines can surely be printed, and that all of its blanks are
    plain.
    """

    text: str
    note: str = ""
    printable: bool = False


def decode(data: bytes) -> Decoded:
    """Returns the text of the bytes. Raises NotTextError."""
    marked = _marked(data)
    if marked is not None:
        return marked
    # The ends of lines are made alike in the bytes, which takes half the time and memory for a large file.
    utf8 = _lines(data.removeprefix(codecs.BOM_UTF8))
    try:
        return _shown(utf8.decode(), utf8)
    except UnicodeDecodeError as error:
        line = utf8.count(b"\n", 0, error.start) + 1
    if _ENCODED_SURROGATE.search(data):
        try:
            pairs = data.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")
            return _shown(pairs.decode("utf-16", "replace"))
        except UnicodeDecodeError:
            pass
    declared = _declared(data)
    if declared and declared.lower() not in ("utf-8", "utf8"):
        try:
            return _shown(_strict(data, declared), declared=True)
        except NotTextError:
            if _DECLARED_IN_XML.match(data):
                raise
    if _CONTROLS.search(data):
        raise NotTextError("it is not UTF-8 text", _CONVERT, line)
    mixed = _mostly_utf8(data)
    if mixed is not None:
        note = f"line {line} and perhaps others hold bytes that are not UTF-8; they were read as Windows-1252"
        return Decoded(_shown(mixed, declared=True).text, note)
    guessed = _guess(data)
    if guessed is None:
        raise NotTextError("it is not UTF-8 text", _CONVERT, line)
    note = f"it is not UTF-8 text and was read as {_GUESSED[guessed][0]}; check its letters"
    return Decoded(_shown(data.decode(guessed, "replace"), declared=True).text, note)


def _marked(data: bytes) -> Decoded | None:
    """Returns the text if a mark at its beginning says its encoding, or the NUL that half of its characters have."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _shown(_strict(data, encoding))
    return _wide(data) if 0 in data[:2] else None


def _wide(data: bytes) -> Decoded | None:
    """Returns the text if it is UTF-16 without a mark that begins with a character of ASCII; None otherwise."""
    encoding = "utf-16-le" if data[:1] != b"\0" else "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    readable = "\0" not in text and all(one.isprintable() or one.isspace() for one in text[:_WIDE_SAMPLE])
    return Decoded(_shown(text).text, "it has no mark of its encoding and was read as UTF-16") if readable else None


#: The number of characters by which a text in UTF-16 is known as one.
_WIDE_SAMPLE = 1000


def _mostly_utf8(data: bytes) -> str | None:
    """Returns the text if all but a few of its letters are UTF-8, or whole lines of it; the others are read as
    Windows-1252. None otherwise."""
    found = 0

    def as_latin(error: UnicodeError) -> tuple[str, int]:
        nonlocal found
        assert isinstance(error, UnicodeDecodeError)
        found += error.end - error.start
        return error.object[error.start : error.end].decode("cp1252", "replace"), error.end

    codecs.register_error("newsgraph.latin", as_latin)
    text = data.decode("utf-8", "newsgraph.latin")
    mostly = sum(not c.isascii() for c in text) >= _MOST_OF * found or _in_most_lines(data)
    return text if mostly else None


def _in_most_lines(data: bytes) -> bool:
    """Tells whether at least half of the lines with letters beyond ASCII are UTF-8: others were put between them. By
    chance, lines in other encodings hardly ever are."""
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    return 2 * sum(map(_is_utf8, lines)) >= len(lines)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


#: The least number of letters beyond ASCII in UTF-8 for each one that isn't, in a text with such mistakes.
_MOST_OF = 5


def _declared(data: bytes) -> str | None:
    """Returns the encoding that XML or HTML names, by Python's name for it; None if it is none of the usual ones."""
    found = _DECLARED_IN_XML.match(data)
    if found is None and data.lstrip()[:1] == b"<":
        found = _DECLARED_IN_HTML.search(data, 0, _PAGE_HEAD)
    return usual_encoding(found[1].decode("ascii")) if found else None


def usual_encoding(name: str) -> str | None:
    """Returns Python's name for the encoding that is meant by a name; None if it is none of the usual ones."""
    return _MEANT.get(name.lower(), name) if _WRITTEN.fullmatch(name) else None


def _guess(data: bytes) -> str | None:
    """Returns the encoding that the bytes are probably written in; None if none fits."""
    from charset_normalizer import from_bytes  # noqa: PLC0415  # slow to import, and few files need it

    sample = data[:_SAMPLE]
    every = [one for one in from_bytes(sample, cp_isolation=list(_GUESSED)) if one.encoding in _GUESSED]
    found = [one for one in every if one.encoding not in _EAST_ASIAN or not _within_words(str(one))]
    fitting = [one.encoding for one in found if one.chaos <= found[0].chaos + _WORSE]
    texts = {encoding: sample.decode(encoding, "replace") for encoding in fitting}
    if not texts:
        return "cp1252" if every else None
    best = next(iter(texts))
    if len(set(texts.values())) > 1:
        # The first of those whose words are the most usual ones in the languages that use it.
        best = max(texts, key=lambda encoding: _usual(texts[encoding], _GUESSED[encoding][1].split()))
    return "cp1252" if sample.decode("cp1252", "replace") == texts[best] else best


def _within_words(text: str) -> bool:
    """Tells whether most characters beyond ASCII stand beside letters of ASCII, as those of European words do."""
    runs = _BEYOND_ASCII.findall(text)
    return 2 * sum(bool(before or after) for before, after in runs) > len(runs)


def _usual(text: str, languages: Iterable[str]) -> float:
    """Tells how usual the words with letters beyond ASCII are, in the one of these languages that fits best."""
    words = list(dict.fromkeys(word for word in re.findall(r"[^\W\d_]+", text.lower()) if not word.isascii()))[:_WORDS]
    pairs = [word[start : start + 2] for word in words for start in range(len(word) - 1)][:_WORDS]
    return max((_sum_of(pairs if one in ("ja", "ko", "zh") else words, one) for one in languages), default=0.0)


def _sum_of(words: Iterable[str], language: str) -> float:
    known = _words_of(language)
    return sum(1.0 for word in words if word in known)


@lru_cache(maxsize=40)
def _words_of(language: str) -> Mapping[str, float]:
    from wordfreq import get_frequency_dict  # noqa: PLC0415  # slow to import, and few files need it

    words: Mapping[str, float] = get_frequency_dict(language, wordlist="small")
    return words


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        if encoding == "cp1252":  # it has one of its gaps; in Latin-1 each byte is a letter
            return data.decode("latin-1")
        raise NotTextError(f"it is not the {encoding.upper()} text that it begins as", _CONVERT) from None


def _shown(text: str, utf8: bytes | None = None, *, declared: bool = False) -> Decoded:
    """Returns the text with one kind of line end, and with characters that no text means replaced by those that were
    meant. ``utf8`` is the same text as bytes, if there is one; then it has one kind of line end.

    A replacement is reported, unless the encoding was ``declared``, when it is to be expected.
    """
    if utf8 is not None:
        others = utf8.translate(None, _PLAIN)  # mostly few, so that looking at them takes no time
        if not others or others.decode("utf-8", "surrogatepass").isprintable():
            return Decoded(text, printable=True)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise NotTextError("it holds NUL bytes, so it is no text", "Remove it, or save it as UTF-8 text", line)
    text = text.removeprefix("\ufeff")
    if utf8 is None and "\r" in text:
        text = _lines(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
    if text.isascii() or not _LATIN_CONTROLS.search(_beyond_ascii(utf8 or text.encode("utf-8", "surrogatepass"))):
        return Decoded(text)
    return Decoded(text.translate(_SHOWN), "" if declared else _SHOWN_NOTE)


def _beyond_ascii(utf8: bytes) -> str:
    """Returns the characters of a text that aren't ASCII. Mostly they are few, and searching only them takes a tenth of
    the time."""
    return utf8.translate(None, _ASCII).decode("utf-8", "surrogatepass")


def _lines(utf8: bytes) -> bytes:
    """Returns a text in UTF-8 with one kind of line end."""
    if b"\r" not in utf8:
        return utf8
    utf8 = utf8.replace(b"\r\n", b"\n")
    # On old Macs lines end in a carriage return alone.
    return utf8.replace(b"\r", b"\n") if b"\n" not in utf8 else utf8
