"""The bytes of one file: read without waiting and up to a limit, with their hash and a stamp of the file's state."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import Path

from msgspec import Struct

from newsgraph.errors import InputError

#: Larger files aren't articles, or are too many articles at once; reading them would need much memory for nothing.
MAXIMUM_BYTES = 64 * 2**20
#: In nanoseconds. The coarsest clock of a disk, that of FAT, has steps of two seconds.
SETTLED = 3 * 10**9
#: The number of bytes that are read beyond the size that a file claims.
_MORE = 2**16


class Content(Struct, frozen=True):
    """The bytes of a file and their SHA-256, in hexadecimal. ``stamp``: see :func:`stamp_of`."""

    data: bytes
    hash: str
    stamp: str = ""


def content(path: Path) -> Content:
    """Returns the bytes of a regular file.

    Raises InputError if it can't be read, isn't a regular file, is too large, or changes while it is read.
    """
    try:
        # It is opened without waiting, because a FIFO that nobody writes to would block forever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise InputError(str(path), "it is no regular file", "Name a file or a folder of files")
            if before.st_size > MAXIMUM_BYTES:
                raise too_large(str(path))
            data = _all_of(descriptor, before.st_size)
            after = os.fstat(descriptor)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in its name
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise InputError(
            str(path), f"it can't be read ({reason})", "Check that it is there and that you may read it"
        ) from None
    if len(data) > MAXIMUM_BYTES:
        raise too_large(str(path))
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise InputError(str(path), "it changed while it was read", "Load again when it is complete")
    return Content(data, hashlib.sha256(data).hexdigest(), stamp_of(after, time.time_ns()))


def _all_of(descriptor: int, size: int) -> bytes:
    """Returns the content of a file that claims that size, up to the limit for large files.

    It isn't read as a stream, because that would reserve as much memory as the largest file needs.
    """
    pieces = [os.read(descriptor, size + 1)]
    if 0 < len(pieces[0]) == size:
        return pieces[0]  # one byte more was asked for, so this is its end
    size = len(pieces[0])
    while size <= MAXIMUM_BYTES and (more := os.read(descriptor, _MORE)):
        pieces.append(more)
        size += len(more)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def stamp_of(status: os.stat_result, now: int | None = None) -> str:
    """Returns a text that differs for each state of a file, without reading it: size, times of change and number on
    disk.

    The times are those of its content and of anything about it; the second can't be set by anybody. The text is empty
    if the file changed less than SETTLED before ``now`` (nanoseconds since 1970), because another change could come
    within the same step of the disk's clock and leave the same stamp.
    """
    if now is not None and max(status.st_mtime_ns, status.st_ctime_ns) > now - SETTLED:
        return ""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def content_of(data: bytes) -> Content:
    """Returns these bytes with their hash."""
    return Content(data, hashlib.sha256(data).hexdigest())


def too_large(name: str) -> InputError:
    """Returns the error for a file that is too large."""
    return InputError(
        name, f"it is larger than {MAXIMUM_BYTES // 2**20} MB", "Split it, or leave it out; no article is that long"
    )
