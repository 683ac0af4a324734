"""The embedded store's file: what the engine writes, the same graph's columns, and a footer of newsgraph with the
checksums.

The columns (see :mod:`newsgraph.graph.columnar`) are what questions about a whole corpus read, so that the engine needs
not read its part for them. They are written in one go with the graph that they are made from, and are never older. They
have a checksum of their own, which is verified before they are used; everything else is verified when the file is
opened. The engine itself checks only a part of its file. A graph that was saved with a footer carries a mark, so that a
file that lost its footer is noticed, too. A file without mark and footer, as older versions wrote it, is read
unchecked.
"""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import threading
import warnings
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import kglite

from newsgraph.errors import StoreError, StoreFormatError, StoreVersionError, StoreWriteError
from newsgraph.graph.schema import SCHEMA_VERSION
from newsgraph.graph.stores.store_files import replacement
from newsgraph.output.leftovers import name_beside

#: A number that the engine keeps for newsgraph. It says that a footer follows.
_MARK = 1
# Name, version of the schema, length of everything before the footer, CRC-32 of that without the bytes of the columns,
# and CRC-32 of the footer up to here.
_FIELDS = struct.Struct("<12sIQI")
_SUM = struct.Struct("<I")
_NAME = b"\nnewsgraph1\n"
# Before the footer, where there are columns: their length, their CRC-32, and a name that says how they are written.
_COLUMNS = struct.Struct("<QI12s")
_COLUMNS_NAME = b"\ncolumns2\n\0\0"
#: The number of bytes that are copied at a time.
_PIECE = 2**20
#: The number of bytes whose sum is taken at a time, where memory matters; a multiple of the size of a page.
_SUMMED = 2**23
_ALIGNED = 8
#: What the user can do about a file that can't be read.
REMEDY = "Restore a backup, or load the folder into another store file"


@dataclass(frozen=True, slots=True)
class Footer:
    """The values at the end of a store's file."""

    schema_version: int
    length: int
    sum: int


@dataclass(frozen=True, slots=True)
class SavedColumns:
    """The bytes of a file's columns, mapped into memory, and what their CRC-32 has to be."""

    content: memoryview
    sum: int

    def verified(self, url: str) -> memoryview:
        """Returns the bytes. Raises StoreFormatError if they aren't as they were written."""
        if zlib.crc32(self.content) != self.sum:
            raise damaged(url)
        return self.content


@dataclass(frozen=True, slots=True)
class Verified:
    """A file that is as it was written. ``columns`` are its columns, which are verified when they are read; None if it
    has none."""

    footer: Footer
    columns: SavedColumns | None


def load(path: Path, url: str) -> tuple[kglite.KnowledgeGraph, Verified | None]:
    """Reads and verifies the graph in a file; the second part is None for a file without a footer.

    Raises StoreFormatError when the file isn't a store or is damaged, StoreVersionError when a newer newsgraph wrote
    it, and StoreError when it can't be read.
    """
    while True:
        try:
            with path.open("rb") as file:
                # The checksum is taken in one call, during which other threads run. With two cores it takes no
                # additional time.
                beside = _Verification(file, url)
                beside.start()
                beside.begun.wait()
                try:
                    graph = kglite.load(str(path))
                finally:
                    verified = beside.result()  # "damaged" is a better message than the engine's own
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):  # otherwise it was replaced meanwhile
                    _check_mark(graph, verified, url)
                    return graph, verified
        except (kglite.KgError, OSError, ValueError) as error:
            raise opening_error(error, path, url) from error


def verify(path: Path, url: str) -> Verified | None:
    """Reads a whole file, and returns what is known of it if it is as it was written; None if it has no footer.

    Only a small part of the file is in memory at a time. Raises the errors of :func:`load`.
    """
    try:
        with path.open("rb") as file:
            return _verified(file, url)
    except OSError as error:
        raise opening_error(error, path, url) from error


def check(graph: kglite.KnowledgeGraph, path: Path, url: str) -> Verified | None:
    """Returns what :func:`verify` does. Raises StoreFormatError when the file, which the engine has just read, isn't
    what was written; its columns are verified, too, so that nobody goes on writing to a damaged file."""
    if not path.exists():
        return None
    verified = verify(path, url)
    _check_mark(graph, verified, url)
    if verified is not None and verified.columns is not None:
        verified.columns.verified(url)
    return verified


def save(graph: kglite.KnowledgeGraph, path: Path, url: str, columns: Iterable[bytes] = ()) -> None:
    """Replaces the file by the graph, the bytes of its columns, if there are any, and the footer.

    Raises StoreWriteError; the file is then as it was before.
    """
    if graph.schema_version != _MARK:
        was_reading = graph.read_only()
        graph.read_only(False)
        graph.set_schema_version(_MARK)
        graph.read_only(was_reading)
    kglite.trim_memory()  # what writing the graph took isn't needed for saving it
    with replacement(path, url) as file:
        # The engine writes a file with a name and permissions of its own, and giving it as bytes would take four times
        # the file's size. So it writes into a folder that nobody else may read, and what is left of that after a kill
        # is removed, too.
        folder = name_beside(path, "part")
        folder.mkdir(mode=0o700)
        try:
            _back_up(graph, folder / path.name, url)
            with (folder / path.name).open("rb") as written:
                length, sum_ = _append(file, iter(partial(written.read, _PIECE), b""))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        # The columns begin at a multiple of 8 bytes.
        filled, sum_ = _append(file, [bytes(-length % _ALIGNED)], sum_)
        taken, columns_sum = _append(file, columns)
        ended, sum_ = _append(file, [_COLUMNS.pack(taken, columns_sum, _COLUMNS_NAME)] if taken else [], sum_)
        fields = _FIELDS.pack(_NAME, SCHEMA_VERSION, length + filled + taken + ended, sum_)
        file.write(fields + _SUM.pack(zlib.crc32(fields)))


def _append(file: BinaryIO, pieces: Iterable[bytes], sum_: int = 0) -> tuple[int, int]:
    """Writes the pieces at the end of a file. Returns their length, and the sum continued by them."""
    length = 0
    for piece in pieces:
        file.write(piece)
        length, sum_ = length + len(piece), zlib.crc32(piece, sum_)
    return length, sum_


def _back_up(graph: kglite.KnowledgeGraph, path: Path, url: str) -> None:
    try:
        with warnings.catch_warnings():
            # It only says that opening the file memory-mapped, which newsgraph doesn't do, would need more memory.
            warnings.simplefilter("ignore", kglite.MappedFallbackWarning)
            graph.backup(str(path))
    except kglite.KgError as error:
        raise StoreWriteError(
            url,
            f"it can't be written ({reason(error, path)}); what was saved before is still there",
            "Make room or give permission, then run the same again",
        ) from error


def opening_error(error: Exception, path: Path, url: str) -> StoreError:
    """Returns newsgraph's error for an error of the engine or of the system."""
    if isinstance(error, StoreError):
        return error
    text = reason(error, path)
    if isinstance(error, kglite.FileFormatError):
        if "only supports up to version" in text:
            return StoreVersionError(
                url, f"it was written by a newer engine ({text.partition(': ')[2]})", "Update newsgraph and kglite"
            )
        return StoreFormatError(url, f"it is no newsgraph store, or is damaged ({text})", REMEDY)
    return StoreError(url, f"it can't be opened ({text})", "Check the path and its permissions")


def reason(error: Exception, path: Path) -> str:
    """Returns the message of an error without the path. The engine repeats the path, often together with another
    name."""
    text = str(error).partition("\n")[0].replace(str(path), path.name).strip()
    return f"{error.strerror}" if isinstance(error, OSError) and error.strerror else text


class _Verification(threading.Thread):
    """Runs :func:`_verified` in a thread of its own."""

    def __init__(self, file: BinaryIO, url: str) -> None:
        super().__init__(daemon=True)
        #: Set just before the part that takes time.
        self.begun = threading.Event()
        self._file, self._url = file, url
        self._result: Verified | None = None
        self._error: Exception | None = None

    def run(self) -> None:
        """Verifies the file."""
        try:
            self._result = _verified(self._file, self._url, self.begun)
        except Exception as error:  # whatever it is, result() raises it for the one who waits
            self._error = error

    def result(self) -> Verified | None:
        """Returns what :func:`verify` returns when that is known. Raises what the verification raised."""
        self.join()
        if self._error is not None:
            raise self._error
        return self._result


def _verified(file: BinaryIO, url: str, begun: threading.Event | None = None) -> Verified | None:
    """Does what :func:`verify` does. ``begun`` is set just before the part that takes time; with it, the sum is taken
    in one call."""
    try:
        footer = _footer(file)
        if footer is None:
            return None
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if begun is not None:
            begun.set()
        columns, summed = _columns(memoryview(mapped)[: footer.length])
        sum_ = _sum(mapped, summed, summed if begun is not None else _SUMMED)
        if columns is not None:
            sum_ = zlib.crc32(mapped[footer.length - _COLUMNS.size : footer.length], sum_)
    finally:
        if begun is not None:
            begun.set()
    if sum_ != footer.sum:
        raise damaged(url)
    if footer.schema_version > SCHEMA_VERSION:
        raise newer(url, footer.schema_version)
    return Verified(footer, columns)


def _sum(mapped: mmap.mmap, length: int, piece: int) -> int:
    """Returns CRC-32 of the first bytes, taken ``piece`` bytes at a time. What was summed leaves the memory again."""
    sum_ = 0
    with memoryview(mapped) as content:
        for start in range(0, length, piece):
            end = min(start + piece, length)
            sum_ = zlib.crc32(content[start:end], sum_)
            if hasattr(mmap, "MADV_DONTNEED"):  # not on every system; then the system decides
                mapped.madvise(mmap.MADV_DONTNEED, start, end - start)
    return sum_


def _columns(content: memoryview) -> tuple[SavedColumns | None, int]:
    """Returns the columns at the end of what a file holds before its footer, and the length of what comes before them;
    None and the whole length if it has none that this version knows."""
    end = len(content) - _COLUMNS.size
    if end >= 0:
        length, sum_, name = _COLUMNS.unpack(content[end:])
        if name == _COLUMNS_NAME and length <= end:
            return SavedColumns(content[end - length : end], sum_), end - length
    return None, len(content)


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


def _check_mark(graph: kglite.KnowledgeGraph, verified: Verified | None, url: str) -> None:
    if verified is None and graph.schema_version >= _MARK:
        raise StoreFormatError(url, "it is damaged (its end is missing)", REMEDY)
