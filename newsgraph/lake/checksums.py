"""Checksums of a lake's files, which the manifest keeps: a damaged file, or another one in its place, is never read."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from newsgraph.errors import StoreFormatError
from newsgraph.graph.stores.registry import LAKE_FILE

_PIECE = 1 << 20


def checksum(path: Path) -> str:
    """Returns the CRC-32 of a file. Raises OSError."""
    found = 0
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            found = zlib.crc32(piece, found)
    return f"{found:08x}"


def checksums(folder: Path, files: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Returns the checksums of files of a lake, by name; ``known`` are those of files that are not read again. A file
    that isn't there has none. Raises OSError."""
    return {file: known.get(file) or checksum(folder / file) for file in sorted(files) if (folder / file).exists()}


def check(folder: Path, file: str) -> None:
    """Raises StoreFormatError if a file isn't as it was when it became part of the lake. Each state of a file is looked
    at once. Files of lakes that an older version wrote have no checksums, nor have those of a build that isn't done.

    Raises OSError if the file can't be read.
    """
    wanted = _kept(*_state(folder / LAKE_FILE)).get(file)
    if wanted is not None and _checksum_of(*_state(folder / file)) != wanted:
        problem = "is damaged: its checksum isn't that which was kept"
        raise StoreFormatError(str(folder / file), problem, "Build the lake anew in another folder")


def _state(path: Path) -> tuple[Path, int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return path, 0, 0
    return path, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=8)
def _kept(path: Path, _time: int, _size: int) -> Mapping[str, str]:
    try:
        found: Mapping[str, str] = json.loads(path.read_bytes()).get("sums") or {}
    except (OSError, ValueError, AttributeError):
        return {}  # the manifest's own reader says what is wrong with it
    return found


@lru_cache(maxsize=65_536)
def _checksum_of(path: Path, _time: int, _size: int) -> str:
    return checksum(path)
