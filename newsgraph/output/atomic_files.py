"""Where an export goes: it appears only when complete, replaces nothing unasked, and leaves nothing partial behind."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from newsgraph.errors import OutputError, TargetExistsError, UsageError

_BUFFER = 1 << 20


@contextmanager
def file_target(target: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A binary file that takes the place of ``target`` when the block ends well. Compressed where its name ends in .gz.

    Raises TargetExistsError, UsageError (a folder, or something that is no file, is in the way) or OutputError.
    """
    target = Path(os.path.realpath(target))  # a link keeps pointing where it points
    check_file(target, force=force)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    with _speaking(target):
        raw = beside.open("xb", buffering=_BUFFER)
    try:
        with _speaking(target):
            with raw:
                if target.suffix == ".gz":
                    # No name and no time in its head: equal graphs give equal bytes.
                    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as packed:
                        yield cast("BinaryIO", packed)
                else:
                    yield raw
                raw.flush()
                os.fsync(raw.fileno())
            check_file(target, force=force)  # it may have appeared meanwhile
            beside.replace(target)
            _sync_folder(target.parent)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


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
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
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
    """Raises what stands in the way of writing a file there."""
    with _speaking(target):
        _check_parent(target)
        if target.is_dir():
            raise UsageError(str(target), "is a folder; this format writes a file", "Give a file name")
        if target.exists() and not target.is_file():
            raise UsageError(str(target), "is no ordinary file", "Give a file name, or - for standard output")
        if target.exists() and not force:
            raise TargetExistsError(str(target), "is there already", "Pass force=True to replace it")


def check_folder(target: Path, *, force: bool, ours: Callable[[str], bool]) -> None:
    """Raises what stands in the way of writing a folder there."""
    with _speaking(target):
        _check_parent(target)
        if target.suffix == ".gz":
            raise UsageError(str(target), "a folder can't be compressed", "Give a name without .gz")
        if target.exists() and not target.is_dir():
            raise UsageError(str(target), "is a file; this format writes a folder", "Give the name of a folder")
        if not target.exists():
            return
        foreign = sorted(one.name for one in target.iterdir() if one.is_dir() or not ours(one.name))
        if foreign:
            problem = f"holds {foreign[0]}, which no such export writes, so it is not replaced"
            raise TargetExistsError(str(target), problem, "Give another name")
        if not force:
            raise TargetExistsError(str(target), "is there already", "Pass force=True to replace it")


def _check_parent(target: Path) -> None:
    parent = target.parent
    if not parent.is_dir():
        missing = f"{parent} is no folder" if parent.exists() else f"there is no folder {parent}"
        raise UsageError(str(target), missing, "Make it first, or give another name")


@contextmanager
def _speaking(target: Path) -> Iterator[None]:
    """Turns what the system says into a line for people."""
    try:
        yield
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
