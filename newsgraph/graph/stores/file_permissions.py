"""What the stores that live in a file share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def same_permissions(path: Path) -> Iterator[None]:
    """Whatever replaces the file inside gets the permissions that the file had, and never more on the way."""
    try:
        mode = path.stat().st_mode & 0o777
    except OSError:
        yield
        return
    umask = os.umask(0o777 & ~mode)
    try:
        yield
    finally:
        os.umask(umask)
    with suppress(OSError):
        path.chmod(mode)


def stamp_of(path: Path) -> tuple[int, int, int] | None:
    """What changes when the file is written: its number on disk, size and time; None when there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns)
