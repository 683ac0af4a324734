"""One file's bytes to a Reading: its format is found by its content, and by its ending where that doesn't tell."""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from newsgraph.graph.errors import InputError
from newsgraph.loaders.records import Problem, Reading

#: Formats in the order in which they are tried: modules with ``matches(head, ending)`` and ``read(text)``. One line a
#: format.
LOADERS: tuple[str, ...] = ("newsgraph.loaders.frontmatter",)

#: Larger files hold no article; reading them whole would cost memory for nothing.
MAXIMUM_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a file and their SHA-256, in hexadecimal."""

    data: bytes
    hash: str


def content(path: Path) -> Content:
    """The bytes of a regular file. Raises InputError when it can't be read, is no regular file or too large."""
    try:
        # Opening without waiting: a FIFO that nobody writes to would block for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise InputError(str(path), "it is no regular file", "Name a file or a folder of files")
            data = stream.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(
            str(path), f"it can't be read ({reason})", "Check that it is there and that you may read it"
        ) from None
    if len(data) > MAXIMUM_BYTES:
        raise InputError(
            str(path), f"it is larger than {MAXIMUM_BYTES // 2**20} MB", "No article is; leave it out of the folder"
        )
    return Content(data, hashlib.sha256(data).hexdigest())


def read(data: bytes, ending: str) -> Reading | None:
    """What the file says; None when it is a page of a kind that holds no story. Problems are in the Reading, never
    raised."""
    try:
        text = _decode(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _failed("it is not UTF-8 text", "Save it as UTF-8; a binary file has no place here", line)
    if "\0" in text:
        return _failed("it holds NUL bytes, so it is no text", "Remove it, or save it as UTF-8 text")
    if not text.strip():
        return _failed("it is empty", "Remove it, or write an article into it")
    head = text[:512].lstrip()
    for name in LOADERS:
        module = import_module(name)
        if module.matches(head, ending):
            reading: Reading | None = module.read(text)
            return reading
    return None


def _failed(message: str, remedy: str, line: int | None = None) -> Reading:
    return Reading("unknown", problems=(Problem(message, remedy, line=line),))


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16").replace("\r\n", "\n")
    return data.decode("utf-8-sig").replace("\r\n", "\n")
