"""Files that appear only when they are complete: the one way in which exports, answers, pages and stores are written.

Whatever is written goes to a new file beside its target, reaches the disk, and only then takes the target's name. So a
failure half way leaves what was there before, and nothing partial beside it. A link keeps pointing where it points, and
its target is written. What a killed process left is taken away by the next one that writes there. A file that is
replaced keeps its permissions; a new one gets those of any new file.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import shutil
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
    """A binary file that takes the place of ``target`` when the block ends well.

    Without ``force`` a target that came up meanwhile stays, and FileExistsError is raised. Raises OSError as the system
    has it: :func:`file_target` turns it into a line for people, a store into an error of its own.
    """
    target = Path(os.path.realpath(target))
    try:
        mode: int | None = target.stat().st_mode & 0o777
    except OSError:
        mode = None
    remove_leftovers(target)
    beside = name_beside(target, "part")
    # Never more open than what it replaces, not even on its way.
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
    """As :func:`replacing`, for people: compressed where the target's name ends in .gz, and what hinders it is a line.

    Raises TargetExistsError without ``force``, UsageError (a folder, or something that is no file, is in the way) or
    OutputError.
    """
    check_file(target, force=force)
    with _speaking(target), replacing(target, force=force) as raw:
        if target.suffix == ".gz":
            # No name and no time in its head: equal graphs give equal bytes.
            with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as packed:
                yield cast("BinaryIO", packed)
        else:
            yield raw


def write_texts(texts: Iterable[str], target: Path, *, force: bool = False) -> None:
    """Writes texts one after another to a file in UTF-8. Raises as :func:`file_target` does.

    A lone surrogate, which no file of ours should hold, is shown as its escape rather than costing the whole file.
    """
    with file_target(target, force=force) as out:
        for text in texts:
            out.write(text.encode("utf-8", "backslashreplace"))


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Standard output as bytes. Raises BrokenPipeError where its reader went away (``| head``), and OutputError for
    whatever else hinders it."""
    try:
        out = sys.stdout.buffer
        yield cast("BinaryIO", out)
        out.flush()
    except OSError as error:
        # Else the interpreter fails once more when it flushes at exit.
        with contextlib.suppress(OSError, ValueError, io.UnsupportedOperation):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise OutputError("standard output", _reason(error)) from error


@contextmanager
def folder_target(target: Path, *, force: bool, ours: Callable[[str], bool]) -> Iterator[Path]:
    """A new folder that takes the place of ``target`` when the block ends well.

    With ``force`` an existing folder is replaced only when all that it holds are files that such an export writes
    (``ours`` of each name), so that a slip never empties a folder of someone's own.
    """
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
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def check_file(target: Path, *, force: bool) -> None:
    """Raises what stands in the way of writing a file there: TargetExistsError, UsageError or OutputError."""
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
    """Raises what stands in the way of writing a folder there."""
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
        # A hard link fails where the target has come up meanwhile; a rename would replace it.
        os.link(beside, target)
    except FileExistsError:
        raise
    except OSError:
        beside.replace(target)  # a file system without hard links
    else:
        beside.unlink()


def _check_parent(target: Path) -> None:
    """Raises UsageError where the folder of the target is missing; of a link, the folder that it leads to."""
    parent = Path(os.path.realpath(target)).parent
    shown = parent if target.is_symlink() else target.parent
    if not parent.is_dir():
        missing = f"{shown} is no folder" if parent.exists() else f"there is no folder {shown}"
        raise UsageError(str(target), missing, "Make it first, or give another name")


@contextmanager
def _speaking(target: Path) -> Iterator[None]:
    """Turns what the system says into a line for people."""
    try:
        yield
    except FileExistsError:
        raise TargetExistsError(str(target), "is there already", _REPLACE) from None
    except OSError as error:
        raise OutputError(str(target), _reason(error), "Nothing was written") from error


def _reason(error: OSError) -> str:
    return f"can't be written: {error.strerror or error}"


def _sync_folder(folder: Path) -> None:
    # Makes the new name itself survive a power cut; systems that can't open a folder don't need it.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
