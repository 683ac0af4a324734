"""What all stores in a file need: writing the whole file, and refusing to replace files that must not be replaced."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # a system without it has no such lock
    fcntl = None  # type: ignore[assignment]  # the name of a module

from newsgraph.errors import StoreWriteError


@contextmanager
def replacement(path: Path, url: str) -> Iterator[BinaryIO]:
    """Opens a binary file that replaces the store's file when the block ends without an error.

    Raises StoreWriteError (disk full, no permission, write-protected). The store's file is then as it was before.
    """
    from newsgraph.output.atomic_files import replacing  # noqa: PLC0415  # who only reads writes no file

    refuse_write_protected(path, url)
    try:
        with replacing(path) as file:
            yield file
    except OSError as error:
        raise StoreWriteError(
            url,
            f"it can't be written ({error.strerror or error}); what was saved before is still there",
            "Make room or give permission, then run the same again",
        ) from error


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Waits until no other process is in such a block for a file of the same folder, which a link may lead to. The lock
    is the folder's own, so that no file is left. On systems and disks that have no such lock, nothing is waited for."""
    handle = None
    with suppress(OSError):
        if fcntl is not None:
            handle = os.open(Path(os.path.realpath(path)).parent, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def refuse_write_protected(path: Path, url: str) -> None:
    """Raises StoreWriteError for a file that nobody may write. Renaming would replace it all the same."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise StoreWriteError(url, "it is write-protected", "Give permission (chmod u+w), or write to another store")


def stamp_of(path: Path) -> tuple[int, int, int] | None:
    """Returns values that change when the file is written: its number on disk, size and time; None if there is no
    file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns)
