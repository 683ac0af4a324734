"""The embedded store's file: what the engine writes, followed by a footer of newsgraph with a checksum of all of it.

The engine itself checks only a part of its file. A graph that was saved with a footer carries a mark, so that a file
that lost its footer is noticed, too. A file without mark and footer, as older versions wrote it, is read unchecked.
"""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import threading
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import kglite

from newsgraph.errors import StoreError, StoreFormatError, StoreVersionError, StoreWriteError
from newsgraph.graph.schema import SCHEMA_VERSION
from newsgraph.graph.stores.store_files import replacement
from newsgraph.output.leftovers import name_beside

#: A number that the engine keeps for newsgraph. It says that a footer follows.
_MARK = 1
# Name, version of the schema, length and CRC-32 of everything before the footer, and CRC-32 of the footer up to here.
_FIELDS = struct.Struct("<12sIQI")
_SUM = struct.Struct("<I")
_NAME = b"\nnewsgraph1\n"
#: The number of bytes that are copied at a time.
_PIECE = 2**20
#: What the user can do about a file that can't be read.
REMEDY = "Restore a backup, or load the folder into another store file"


@dataclass(frozen=True, slots=True)
class Footer:
    """The values at the end of a store's file."""

    schema_version: int
    length: int
    sum: int


def load(path: Path, url: str) -> kglite.KnowledgeGraph:
    """Reads and verifies the graph in a file.

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
                    footer = beside.footer()  # "damaged" is a better message than the engine's own
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):  # otherwise it was replaced meanwhile
                    _check_mark(graph, footer, url)
                    return graph
        except (kglite.KgError, OSError, ValueError) as error:
            raise opening_error(error, path, url) from error


def verify(path: Path, url: str) -> Footer | None:
    """Reads a whole file and returns its footer if the file is as it was written; None if it has no footer.

    Raises the errors of :func:`load`.
    """
    try:
        with path.open("rb") as file:
            return _verified(file, url)
    except OSError as error:
        raise opening_error(error, path, url) from error


def check(graph: kglite.KnowledgeGraph, path: Path, url: str) -> None:
    """Raises StoreFormatError when the file, which the engine has just read, isn't what was written."""
    if path.exists():
        _check_mark(graph, verify(path, url), url)


def save(graph: kglite.KnowledgeGraph, path: Path, url: str) -> None:
    """Replaces the file by the graph and its footer. Raises StoreWriteError; the file is then as it was before."""
    if graph.schema_version != _MARK:
        was_reading = graph.read_only()
        graph.read_only(False)
        graph.set_schema_version(_MARK)
        graph.read_only(was_reading)
    with replacement(path, url) as file:
        # The engine writes a file with a name and permissions of its own, and giving it as bytes would take four times
        # the file's size. So it writes into a folder that nobody else may read, and what is left of that after a kill
        # is removed, too.
        folder = name_beside(path, "part")
        folder.mkdir(mode=0o700)
        try:
            _back_up(graph, folder / path.name, url)
            length, sum_ = 0, 0
            with (folder / path.name).open("rb") as written:
                while piece := written.read(_PIECE):
                    file.write(piece)
                    length, sum_ = length + len(piece), zlib.crc32(piece, sum_)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        fields = _FIELDS.pack(_NAME, SCHEMA_VERSION, length, sum_)
        file.write(fields + _SUM.pack(zlib.crc32(fields)))


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
        self._footer: Footer | None = None
        self._error: Exception | None = None

    def run(self) -> None:
        """Verifies the file."""
        try:
            self._footer = _verified(self._file, self._url, self.begun)
        except Exception as error:  # whatever it is, footer() raises it for the one who waits
            self._error = error

    def footer(self) -> Footer | None:
        """Returns the file's footer when it is verified. Raises what the verification raised."""
        self.join()
        if self._error is not None:
            raise self._error
        return self._footer


def _verified(file: BinaryIO, url: str, begun: threading.Event | None = None) -> Footer | None:
    """Does what :func:`verify` does. ``begun`` is set just before the part that takes time."""
    try:
        footer = _footer(file)
        if footer is None:
            return None
        with (
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
            memoryview(mapped)[: footer.length] as content,
        ):
            if begun is not None:
                begun.set()
            sum_ = zlib.crc32(content)
    finally:
        if begun is not None:
            begun.set()
    if sum_ != footer.sum:
        raise StoreFormatError(url, "it is damaged (its checksum doesn't fit what it holds)", REMEDY)
    if footer.schema_version > SCHEMA_VERSION:
        raise newer(url, footer.schema_version)
    return footer


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


def _check_mark(graph: kglite.KnowledgeGraph, footer: Footer | None, url: str) -> None:
    if footer is None and graph.schema_version >= _MARK:
        raise StoreFormatError(url, "it is damaged (its end is missing)", REMEDY)
