"""The layout of the embedded store's file, and how it is verified. Nothing here needs the engine.

The file begins with what the engine writes. Then come the same graph's columns, and a footer of newsgraph with
checksums. The columns (see :mod:`newsgraph.graph.columnar`) are what look-ups, and questions about a whole corpus,
read, so that the engine needs not read its part for them. They are written in one go with the graph that they are made
from, and are never older. They have checksums of their own, one for each block, and what is read of them is verified
when it is read. Everything else is verified before the engine's part is used; the engine itself checks only a part of
it. A graph that was saved with a footer carries a mark, so that a file that lost its footer is noticed, too. A file
without mark and footer, as older versions wrote it, is read unchecked.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from newsgraph.errors import StoreError, StoreFormatError, StoreVersionError
from newsgraph.graph.columnar.checked_arrays import ALIGNED
from newsgraph.graph.columnar.packing import PackedArrays, end_of
from newsgraph.graph.columnar.records import Records
from newsgraph.graph.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from newsgraph.graph.columnar.graph_columns import GraphColumns

# Name, version of the schema, length of everything before the footer, CRC-32 of that without the bytes of the columns,
# and CRC-32 of the footer up to here.
_FIELDS = struct.Struct("<12sIQI")
_SUM = struct.Struct("<I")
_NAME = b"\nnewsgraph1\n"
# Before the footer, where there are columns: their length, CRC-32 of their end, and a name that says how they are
# written. All names begin alike.
_COLUMNS = struct.Struct("<QI12s")
_COLUMNS_NAME = b"\ncolumns4\n\0\0"
_ANY_COLUMNS = b"\ncolumns"
#: The number of bytes whose sum is taken at a time; a multiple of the size of a page.
_SUMMED = 2**23
#: What the user can do about a file that can't be read.
REMEDY = "Restore a backup, or load the folder into another store file"


@dataclass(frozen=True, slots=True)
class Footer:
    """The values at the end of a store's file."""

    schema_version: int
    length: int
    sum: int


class SavedFile:
    """A file that was opened. ``content`` is what it holds before its footer, mapped into memory."""

    def __init__(self, footer: Footer, content: memoryview, url: str) -> None:
        self.footer, self._content, self._url = footer, content, url
        self._packed: memoryview | None = None
        #: The number of bytes before the columns.
        self.length = len(content)
        end = len(content) - _COLUMNS.size
        if end < 0:
            return
        length, sum_, name = _COLUMNS.unpack(content[end:])
        if not name.startswith(_ANY_COLUMNS) or length > end:
            return
        self.length = end - length
        # Numbers are written as most machines have them. Others read the graph.
        if name == _COLUMNS_NAME and sys.byteorder == "little":
            columns = content[end - length : end]
            if zlib.crc32(end_of(columns)) != sum_:
                raise damaged(url)
            self._packed = columns

    @cached_property
    def arrays(self) -> PackedArrays | None:
        """The columns, of which each block is verified when it is read; None if there are none that this version can
        read."""
        return None if self._packed is None else PackedArrays(self._packed, partial(damaged, self._url))

    @cached_property
    def columns(self) -> GraphColumns | None:
        """The columns as arrays of numbers; None if there are none."""
        if self.arrays is None:
            return None
        from newsgraph.graph.columnar.graph_columns import GraphColumns, KeptPart  # noqa: PLC0415  # loads numpy

        return GraphColumns(partial(KeptPart, self.arrays))

    @cached_property
    def records(self) -> Records | None:
        """The columns as what is known of single stories and events; None if there are none."""
        return None if self.arrays is None else Records(self.arrays)

    def verify(self) -> None:
        """Reads what the engine wrote, of which only a small part is in memory at a time. Raises StoreFormatError if it
        isn't as it was written."""
        sum_ = 0
        mapped = self._content.obj
        for start in range(0, self.length, _SUMMED):
            end = min(start + _SUMMED, self.length)
            sum_ = zlib.crc32(self._content[start:end], sum_)
            # What was read is given back before more is. Where the system has no such call, it decides itself.
            if end < self.length and isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
                mapped.madvise(mmap.MADV_DONTNEED, start, end - start)
        if self.length < len(self._content):
            sum_ = zlib.crc32(self._content[-_COLUMNS.size :], sum_)
        if sum_ != self.footer.sum:
            raise damaged(self._url)


def opened(file: BinaryIO, url: str) -> SavedFile | None:
    """Returns a file, of which only the end has been verified; None if it has no footer.

    Raises StoreFormatError for an end that is damaged, and StoreVersionError when a newer newsgraph wrote it.
    """
    footer = _footer(file)
    if footer is None:
        return None
    if footer.schema_version > SCHEMA_VERSION:
        raise newer(url, footer.schema_version)
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return SavedFile(footer, memoryview(mapped)[: footer.length], url)


def open_end(path: Path, url: str) -> SavedFile | None:
    """Does what :func:`opened` does. Raises its errors, and StoreError if the file can't be read."""
    try:
        with path.open("rb") as file:
            return opened(file, url)
    except OSError as error:
        raise unreadable(error, path, url) from error


def verify(path: Path, url: str) -> SavedFile | None:
    """Reads a whole file but for its columns, and returns it if it is as it was written; None if it has no footer.

    Only a small part of the file is in memory at a time. Raises the errors of :func:`open_end`.
    """
    saved = open_end(path, url)
    if saved is not None:
        saved.verify()
    return saved


def append_end(file: BinaryIO, length: int, sum_: int, columns: Iterable[bytes]) -> None:
    """Writes the bytes of the columns, if there are any, and the footer behind what the engine wrote, whose length and
    CRC-32 are given."""
    # The columns begin with an array, so they are aligned as arrays are.
    filled = bytes(-length % ALIGNED)
    file.write(filled)
    sum_ = zlib.crc32(filled, sum_)
    length += len(filled)
    taken, end = 0, b""
    for piece in columns:
        file.write(piece)
        taken, end = taken + len(piece), piece
    if taken:
        about = _COLUMNS.pack(taken, zlib.crc32(end), _COLUMNS_NAME)
        file.write(about)
        sum_ = zlib.crc32(about, sum_)
        length += taken + len(about)
    fields = _FIELDS.pack(_NAME, SCHEMA_VERSION, length, sum_)
    file.write(fields + _SUM.pack(zlib.crc32(fields)))


def unreadable(error: OSError, path: Path, url: str) -> StoreError:
    """The error for a file that the system can't read."""
    return StoreError(url, f"it can't be opened ({reason(error, path)})", "Check the path and its permissions")


def reason(error: Exception, path: Path) -> str:
    """Returns the message of an error without the path. The engine repeats the path, often together with another
    name."""
    text = str(error).partition("\n")[0].replace(str(path), path.name).strip()
    return f"{error.strerror}" if isinstance(error, OSError) and error.strerror else text


def damaged(url: str) -> StoreFormatError:
    """The error for a file that isn't as it was written."""
    return StoreFormatError(url, "it is damaged (its checksum doesn't fit what it holds)", REMEDY)


def newer(url: str, version: int) -> StoreVersionError:
    """The error for a store that a newer newsgraph wrote."""
    return StoreVersionError(
        url,
        f"it was written by a newer newsgraph (schema {version}, this one knows {SCHEMA_VERSION})",
        "Update newsgraph: pip install -U newsgraph",
    )


def _footer(file: BinaryIO) -> Footer | None:
    size = _FIELDS.size + _SUM.size
    end = file.seek(0, os.SEEK_END)
    if end < size:
        return None
    file.seek(end - size)
    written = file.read(size)
    name, version, length, sum_ = _FIELDS.unpack_from(written)
    (own,) = _SUM.unpack_from(written, _FIELDS.size)
    if name != _NAME or own != zlib.crc32(written[: _FIELDS.size]) or length != end - size:
        return None
    return Footer(version, length, sum_)
