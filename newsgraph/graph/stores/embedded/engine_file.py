"""Reads the engine's graph from a store's file, and writes the file. :mod:`store_file` knows its layout."""

from __future__ import annotations

import os
import warnings
import zlib
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import kglite

from newsgraph.errors import StoreError, StoreFormatError, StoreVersionError, StoreWriteError
from newsgraph.graph.stores.embedded import store_file
from newsgraph.graph.stores.embedded.store_file import REMEDY, SavedFile, reason
from newsgraph.graph.stores.store_files import replacement
from newsgraph.output.leftovers import scratch_folder

#: A number that the engine keeps for newsgraph. It says that a footer follows.
_MARK = 1
#: The number of bytes that are copied at a time.
_PIECE = 2**20


def load(path: Path, url: str) -> tuple[kglite.KnowledgeGraph, SavedFile | None]:
    """Reads and verifies the graph in a file; the second part is None for a file without a footer.

    Raises StoreFormatError when the file isn't a store or is damaged, StoreVersionError when a newer newsgraph wrote
    it, and StoreError when it can't be read.
    """
    while True:
        try:
            with path.open("rb") as file:
                # Before the engine reads the file: "damaged" is a better message than the engine's own.
                saved = store_file.opened(file, url)
                if saved is not None:
                    saved.verify()
                graph = kglite.load(str(path))
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):  # otherwise it was replaced meanwhile
                    _check_mark(graph, saved, url)
                    return graph, saved
        except (kglite.KgError, OSError, ValueError) as error:
            raise opening_error(error, path, url) from error


def check(graph: kglite.KnowledgeGraph, path: Path, url: str) -> SavedFile | None:
    """Returns what :func:`store_file.verify` does. Raises StoreFormatError when the file, which the engine has just
    read, isn't what was written; its columns are verified, too, so that nobody goes on writing to a damaged file."""
    if not path.exists():
        return None
    saved = store_file.verify(path, url)
    _check_mark(graph, saved, url)
    if saved is not None and saved.arrays is not None:
        saved.arrays.verify()
    return saved


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
        # is removed, too. Copied in large pieces, the file lies in larger pages, and is verified a tenth faster.
        length = sum_ = 0
        with scratch_folder(path) as folder:
            _back_up(graph, folder / path.name, url)
            with (folder / path.name).open("rb") as written:
                for piece in iter(partial(written.read, _PIECE), b""):
                    file.write(piece)
                    length, sum_ = length + len(piece), zlib.crc32(piece, sum_)
        store_file.append_end(file, length, sum_, columns)


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


def _check_mark(graph: kglite.KnowledgeGraph, saved: SavedFile | None, url: str) -> None:
    if saved is None and graph.schema_version >= _MARK:
        raise StoreFormatError(url, "it is damaged (its end is missing)", REMEDY)
