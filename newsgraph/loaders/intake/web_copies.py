"""Copies of pages with the address that each was found at: archives of crawls (WARC), and pages that browsers save as
one file (MHTML, Safari's ``.webarchive``).

The address is written before the page, as browsers do when they save one. That is where pages are read from.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import IO

from newsgraph.loaders.intake.decompress import MAXIMUM_RATIO, RATIO_FROM, TooMuchError
from newsgraph.loaders.intake.encodings import NotTextError, usual_encoding
from newsgraph.patterns import later

#: The length of a line in a header, and the number of such lines.
_LONGEST_LINE, _MOST_LINES = 16_384, 500
#: The number of bytes of an answer in which its own header ends.
_ANSWER_HEAD = 65_536
_HEAD = 8_192
_CHARSET = later(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
#: Endings for what a crawl found, by its type. Other types give their own name, such as ``.png``.
_ENDINGS = {
    "text/html": ".html", "application/xhtml+xml": ".html", "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "text/xml": ".xml", "application/xml": ".xml", "application/json": ".json", "application/ld+json": ".json",
    "application/feed+json": ".json",
}  # fmt: skip
_SAVE = "Save the page again, as HTML"
_UNSAFE = later(r"[^\w.-]+")
#: How most files begin, none of which a browser saved as one: front matter, JSON and markup. They aren't searched.
_OTHERS = (b"---\n", b"---\r", b"{", b"[", b"<")


def page(body: bytes, address: str, charset: str | None = None) -> bytes:
    """Returns a page with its address before it. If its encoding is known from elsewhere, it becomes UTF-8."""
    mark, encoding = b"", usual_encoding(charset or "")
    if encoding and not body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with suppress(LookupError, UnicodeError):  # the page itself may say it better
            body, mark = body.decode(encoding).encode(), codecs.BOM_UTF8
    if re.fullmatch(r"https?://[^\s<>]+", address) is None or "--" in address:
        return mark + body
    return mark + f"<!-- saved from url=({len(address):04d}){address} -->\n".encode() + body


def saved_page(data: bytes) -> bytes | None:
    """Returns the page in a file that a browser saved as one; None for any other file. Raises NotTextError if the page
    can't be found in it."""
    if data.startswith(_OTHERS):
        return None
    head = data[:_HEAD]
    if head.startswith(b"bplist") and b"WebMainResource" in data:
        return _of_safari(data)
    low = head.lower()
    if b"multipart/related" in low and (b"\nsnapshot-content-location:" in low or b"\ncontent-location:" in low):
        return _of_mhtml(data)
    return None


def _of_mhtml(data: bytes) -> bytes:
    import email  # noqa: PLC0415  # few folders hold such a file

    message = email.message_from_bytes(data)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            address = message["Snapshot-Content-Location"] or part["Content-Location"] or ""
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                return page(body, str(address).strip(), part.get_content_charset())
    raise NotTextError("no page is in it", _SAVE)


def _of_safari(data: bytes) -> bytes:
    import plistlib  # noqa: PLC0415  # few folders hold such a file

    try:
        main = plistlib.loads(data)["WebMainResource"]
        return page(main["WebResourceData"], main["WebResourceURL"], main.get("WebResourceTextEncodingName"))
    except (plistlib.InvalidFileException, KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise NotTextError(f"the saved page is damaged ({type(error).__name__})", _SAVE) from None


class Crawl:
    """The answers that a WARC file holds, by names made of their number and address. Only those that were found
    (status 200) count. ``stream`` is plain and can be read at any place."""

    def __init__(self, stream: IO[bytes], count: Callable[[], None] = lambda: None) -> None:
        """``count`` is called for each record, and may raise ValueError when there are too many."""
        self._stream = stream
        self._count = count
        self._places: dict[str, tuple[int, int, str, bool]] = {}

    def answers(self) -> Iterator[tuple[str, int]]:
        """Yields name and size of each. Raises ValueError, EOFError."""
        stream, number = self._stream, 0
        stream.seek(0)
        while (line := stream.readline(_LONGEST_LINE)) != b"":
            if not line.strip():
                continue
            if not line.startswith(b"WARC/"):
                raise ValueError("a record doesn't begin with WARC/")
            self._count()
            told = _header(stream)
            size, begins = int(told.get("content-length", "-1")), stream.tell()
            if size < 0:
                raise ValueError("a record has no length")
            number += 1
            name = self._name(told, begins, size, number)
            if name is not None:
                yield name, size
            if stream.seek(0, 1) != begins + size:
                stream.seek(begins + size)

    def _name(self, told: Mapping[str, str], begins: int, size: int, number: int) -> str | None:
        address = told.get("warc-target-uri", "").strip("<>")
        kind = told.get("warc-type", "").lower()
        if not address.lower().startswith(("http://", "https://")) or kind not in ("response", "resource"):
            return None
        answered = kind == "response"
        given = _answer(self._stream.read(min(size, _ANSWER_HEAD)))[0] if answered else told
        if given is None or (answered and given.get("status") != "200"):
            return None
        type = given.get("content-type", "text/html").partition(";")[0].strip().lower()
        ending = _ENDINGS.get(type) or "." + (_UNSAFE.sub("", type.rpartition("/")[2]) or "other")
        shown = _UNSAFE.sub("_", address.partition("://")[2])[:80].strip("._")
        name = f"{number:07d}-{shown}{ending}"
        self._places[name] = begins, size, address, answered
        return name

    def read(self, name: str, limit: int) -> bytes:
        """Returns an answer's content, a page with its address before it. Raises KeyError, ValueError, EOFError."""
        if name not in self._places:
            with suppress(ValueError, EOFError):  # a crawl that was cut off keeps the answers before its end
                for _ in self.answers():
                    pass
        begins, size, address, answered = self._places[name]
        self._stream.seek(begins)
        body = self._stream.read(min(size, limit + 1))
        if len(body) < min(size, limit + 1):
            raise EOFError("it ends too early")
        charset = None
        if answered:
            told, body = _answer(body)
            assert told is not None  # it was read before
            body = _unpacked(body, told, limit)
            found = _CHARSET.search(told.get("content-type", ""))
            charset = found[1] if found else None
        return page(body, address, charset) if name.endswith(".html") else body


def _header(stream: IO[bytes]) -> dict[str, str]:
    """Returns the lines of a record's header, by names in small letters."""
    lines: list[bytes] = []
    while (line := stream.readline(_LONGEST_LINE)).strip():
        lines.append(line)
        if len(lines) > _MOST_LINES or len(line) == _LONGEST_LINE:
            raise ValueError("the header of a record is too long")
        if not line.endswith(b"\n"):
            raise EOFError("it ends too early")
    if not line:
        raise EOFError("it ends too early")
    return _named(lines)


def _named(lines: list[bytes]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode("utf-8", "replace").partition(":")
        found.setdefault(name.strip().lower(), value.strip())
    return found


def _answer(data: bytes) -> tuple[dict[str, str] | None, bytes]:
    """Returns the header of a server's answer, with its ``status``, and its content; None if it isn't one."""
    head, mark, body = data.partition(b"\r\n\r\n")
    if not mark:
        head, mark, body = data.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    if not mark or not first.startswith(b"HTTP/"):
        return None, data
    return {**_named(lines[:_MOST_LINES]), "status": [*first.split(), b"", b""][1].decode("ascii", "replace")}, body


def _unpacked(body: bytes, told: Mapping[str, str], limit: int) -> bytes:
    """Returns the content without the forms in which servers send it."""
    if "chunked" in told.get("transfer-encoding", "").lower():
        body = _joined(body)
    if told.get("content-encoding", "").lower() in ("gzip", "x-gzip", "deflate") and not body.lstrip().startswith(b"<"):
        machine = zlib.decompressobj(47 if body[:1] in (b"\x1f", b"\x78") else -15)
        plain = machine.decompress(body, limit + 1)
        if len(plain) > RATIO_FROM and len(plain) > MAXIMUM_RATIO * len(body):
            raise TooMuchError(f"it unpacks to more than {MAXIMUM_RATIO} times its size")
        return plain
    return body


def _joined(body: bytes) -> bytes:
    """Returns the content of an answer that was sent in pieces; as it is if it isn't in pieces."""
    pieces: list[bytes] = []
    place = 0
    while (end := body.find(b"\n", place, place + 1_000)) >= 0:
        try:
            size = int(body[place:end].partition(b";")[0].strip(), 16)
        except ValueError:
            return b"".join(pieces) if pieces else body  # the program that crawled joined them before
        if size <= 0:
            break
        pieces.append(body[end + 1 : end + 1 + size])
        place = end + 1 + size
        place += 2 if body[place : place + 2] == b"\r\n" else 1
    return b"".join(pieces) if pieces else body
