"""Files that appear only when they are complete. All exports, answers, pages and stores are written in this way.

Everything is first written to a new file beside the target. When it has reached the disk, the new file gets the
target's name. So after a failure the old file is still there, and no partial file is left beside it. If the target is a
link, the link stays and the file that it leads to is replaced. Files that a killed process left behind are removed by
the next process that writes there. A replaced file keeps its permissions; a new one gets those of any new file.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import io
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from newsgraph.errors import OutputError, TargetExistsError, UsageError
from newsgraph.output.leftovers import name_beside, remove_leftovers

_BUFFER = 1 << 20
_REPLACE = "Pass force=True to replace it"


@contextmanager
def replacing(target: Path, *, force: bool = True) -> Iterator[BinaryIO]:
    """Opens a binary file that replaces ``target`` when the block ends without an error.

    Without ``force``, a target that has come into being meanwhile is kept and FileExistsError is raised. Raises the
    system's OSError, also where the target is a device, a pipe or a folder: ``/dev/null`` must stay what it is.
    :func:`file_target` turns it into a line for people; stores turn it into an error of their own.
    """
    target = Path(os.path.realpath(target))
    try:
        found: int | None = target.stat().st_mode
    except OSError:
        found = None
    if found is not None and not stat.S_ISREG(found):
        raise OSError(errno.EEXIST, "it is no ordinary file", str(target))
    mode = None if found is None else found & 0o777
    remove_leftovers(target)
    beside = name_beside(target, "part")
    # It is never more accessible than the file that it replaces, not even while it is written.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(beside, flags, 0o666 if mode is None else mode)
    try:
        with os.fdopen(handle, "wb", buffering=_BUFFER) as raw:
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        if mode is not None:
            beside.chmod(mode)
        _put(beside, target, force=force)
        _sync_folder(target.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


@contextmanager
def file_target(target: Path, *, force: bool) -> Iterator[BinaryIO]:
    """Does what :func:`replacing` does, compresses if the target's name ends in .gz, and raises errors for people.

    Raises TargetExistsError without ``force``, UsageError (if a folder, or something that isn't a file, is in the way)
    or OutputError.
    """
    check_file(target, force=force)
    with _speaking(target), replacing(target, force=force) as raw:
        if target.suffix == ".gz":
            # Neither a name nor a time is in its header, so that equal graphs give equal bytes.
            with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as packed:
                yield cast("BinaryIO", packed)
        else:
            yield raw


def write_texts(texts: Iterable[str], target: Path, *, force: bool = False) -> None:
    """Writes texts, one after another, to a file in UTF-8. Raises what :func:`file_target` raises.

    A lone surrogate is written as its escape, so that it doesn't prevent the whole file from being written.
    """
    with file_target(target, force=force) as out:
        for text in texts:
            out.write(text.encode("utf-8", "backslashreplace"))


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Opens standard output as bytes.

    Raises BrokenPipeError if its reader has ended (``| head``), and OutputError for any other failure.
    """
    try:
        out = sys.stdout.buffer
        yield cast("BinaryIO", out)
        out.flush()
    except OSError as error:
        # Otherwise the interpreter would fail once more when it flushes at its exit.
        with contextlib.suppress(OSError, ValueError, io.UnsupportedOperation):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise OutputError("standard output", _reason(error)) from error


@contextmanager
def folder_target(target: Path, *, force: bool, ours: Callable[[str], bool]) -> Iterator[Path]:
    """Makes a new folder that replaces ``target`` when the block ends without an error.

    With ``force`` an existing folder is replaced only if it holds nothing but files that this export writes (``ours``
    tells that for each name). So a mistake never removes a folder with other files.
    """
    import shutil  # noqa: PLC0415  # slow, and only folders need it

    target = Path(os.path.realpath(target))
    check_folder(target, force=force, ours=ours)
    remove_leftovers(target)
    beside, old = name_beside(target, "part"), name_beside(target, "old")
    with _speaking(target):
        beside.mkdir()
    try:
        with _speaking(target):
            yield beside
            for written in sorted(beside.iterdir()):
                with written.open("rb") as handle:
                    os.fsync(handle.fileno())
            check_folder(target, force=force, ours=ours)
            if target.exists():
                target.rename(old)
                try:
                    beside.rename(target)
                except OSError:
                    old.rename(target)
                    raise
            else:
                beside.rename(target)
            _sync_folder(target.parent)
            shutil.rmtree(old, ignore_errors=True)
            remove_leftovers(target)  # what a process was about to replace when it was killed isn't needed any more
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def check_file(target: Path, *, force: bool) -> None:
    """Raises what prevents writing a file there: TargetExistsError, UsageError or OutputError."""
    real = Path(os.path.realpath(target))
    with _speaking(target):
        _check_parent(target)
        if real.is_dir():
            raise TargetExistsError(str(target), "is a folder; a file is to be written", "Give the name of a file")
        if real.exists() and not real.is_file():
            raise UsageError(str(target), "is no ordinary file", "Give the name of a file")
        if real.exists() and not force:
            raise TargetExistsError(str(target), "is there already", _REPLACE)


def check_folder(target: Path, *, force: bool, ours: Callable[[str], bool]) -> None:
    """Raises what prevents writing a folder there."""
    with _speaking(target):
        _check_parent(target)
        if target.suffix == ".gz":
            raise UsageError(str(target), "a folder can't be compressed", "Give a name without .gz")
        if target.exists() and not target.is_dir():
            raise UsageError(str(target), "is a file; a folder is to be written", "Give the name of a folder")
        if not target.exists():
            return
        foreign = sorted(one.name for one in target.iterdir() if one.is_dir() or not ours(one.name))
        if foreign:
            problem = f"holds {foreign[0]}, which no such export writes, so it is not replaced"
            raise TargetExistsError(str(target), problem, "Give another name")
        if not force:
            raise TargetExistsError(str(target), "is there already", _REPLACE)


def _put(beside: Path, target: Path, *, force: bool) -> None:
    if force:
        beside.replace(target)
        return
    try:
        # A hard link fails if the target has come into being meanwhile; a rename would replace it.
        os.link(beside, target)
    except FileExistsError:
        raise
    except OSError:
        beside.replace(target)  # for a file system without hard links
    else:
        beside.unlink()


def _check_parent(target: Path) -> None:
    """Raises UsageError if the target's folder doesn't exist; for a link, the folder that it leads to."""
    parent = Path(os.path.realpath(target)).parent
    shown = parent if target.is_symlink() else target.parent
    if not parent.is_dir():
        missing = f"{shown} is no folder" if parent.exists() else f"there is no folder {shown}"
        raise UsageError(str(target), missing, "Make it first, or give another name")


@contextmanager
def _speaking(target: Path) -> Iterator[None]:
    """Turns errors of the system into errors of one line for people."""
    try:
        yield
    except FileExistsError:
        raise TargetExistsError(str(target), "is there already", _REPLACE) from None
    except OSError as error:
        raise OutputError(str(target), _reason(error), "Nothing was written") from error


def _reason(error: OSError) -> str:
    return f"can't be written: {error.strerror or error}"


def _sync_folder(folder: Path) -> None:
    # It makes the new name survive a power cut. Systems that can't open a folder don't need it.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
