"""What the stores that live in a file share: the file appears whole or not at all, and nothing is left beside it."""

from __future__ import annotations

import os
import re
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsgraph.errors import StoreWriteError

_MAKE_ROOM = "Make room or give permission, then run the same again"


@contextmanager
def replacement(path: Path, url: str) -> Iterator[Path]:
    """The name of a file beside ``path`` to be written; it takes the place of ``path`` when the block ends well, with
    the permissions that ``path`` had.

    Raises StoreWriteError (disk full, no permission, write-protected), with ``path`` as it was.
    """
    refuse_write_protected(path, url)
    remove_leftovers(path)
    beside = path.with_name(f".{path.name}.{_host()}.{os.getpid()}.tmp")
    try:
        with _same_permissions(path):
            try:
                yield beside
                _sync(beside)
                beside.replace(path)
                _sync(path.parent)
            except BaseException:
                with suppress(OSError):
                    beside.unlink()
                raise
    except OSError as error:
        raise StoreWriteError(
            url, f"it can't be written ({error.strerror or error}); what was saved before is still there", _MAKE_ROOM
        ) from error


def refuse_write_protected(path: Path, url: str) -> None:
    """Raises StoreWriteError for a file that its owner may not write: a rename would replace it nevertheless."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise StoreWriteError(url, "it is write-protected", "Give permission (chmod u+w), or write to another store")


def remove_leftovers(path: Path) -> None:
    """Takes away what processes of this machine that are gone left beside a store's file."""
    pattern = re.compile(rf"\.?{re.escape(path.name)}\.(?:{re.escape(_host())}\.|tmp\.)?(\d+)(?:\.\d+|\.tmp)")
    with suppress(OSError):
        for entry in os.scandir(path.parent):
            found = pattern.fullmatch(entry.name)
            if found and not _alive(int(found[1])) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    Path(entry.path).unlink()


def stamp_of(path: Path) -> tuple[int, int, int] | None:
    """What changes when the file is written: its number on disk, size and time; None when there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns)


def _host() -> str:
    return re.sub(r"\W", "-", socket.gethostname()) or "localhost"


def _alive(pid: int) -> bool:
    if os.name != "posix":
        return True  # nothing is taken away where that can't be told
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


@contextmanager
def _same_permissions(path: Path) -> Iterator[None]:
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


def _sync(path: Path) -> None:
    # A folder's own entry survives a power cut likewise; systems that can't open a folder don't need it.
    try:
        handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    except OSError:
        if path.is_dir():
            return
        raise
    try:
        os.fsync(handle)
    except OSError:
        if not path.is_dir():
            raise
    finally:
        os.close(handle)
