"""Names for files and folders that are written beside a target, and the removal of such after a process was killed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def name_beside(target: Path, ending: str) -> Path:
    """Returns a name beside the target that nobody else uses. It says which process of which machine uses it."""
    pid = os.getpid()
    return target.with_name(f".{target.name}.{_host()}.{pid}-{_start_of(pid)}.{os.urandom(4).hex()}.{ending}")


@contextmanager
def scratch_folder(target: Path) -> Iterator[Path]:
    """Makes a folder beside the target that only this user may read, and removes it at the end. Raises OSError."""
    folder = name_beside(target, "part")
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        import shutil  # noqa: PLC0415  # slow, and most commands need it nowhere

        shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers(target: Path) -> None:
    """Removes files beside a target that processes of this machine left behind when they were killed. Files that can't
    be removed stay."""
    _remove(target.parent, target.name, old=target.exists())


def remove_all_leftovers(folder: Path) -> None:
    """Does the same for all targets in a folder, except for folders that were about to be replaced, and for names that
    older versions and the embedded engine gave: other programs may give such, too."""
    _remove(folder, "", old=False)


def _remove(folder: Path, target_name: str, *, old: bool) -> None:
    """Removes leftovers in a folder, of one target or (without a name) of all. ``old`` says whether what was about to
    be replaced may go: not while the target is missing, because then it is all that is left of it."""
    left: re.Pattern[str] | None = None
    with suppress(OSError):
        for entry in os.scandir(folder):
            if target_name not in entry.name or entry.name == target_name:
                continue
            left = left or _pattern(target_name)  # making it takes longer than everything else here
            found = left.fullmatch(entry.name)
            if found is None or entry.is_symlink():
                continue
            pid, start, ending, *others = found.groups()
            if _alive(int(next(filter(None, (pid, *others)))), int(start or 0)):
                continue
            if ending == "old" and not old:
                continue
            with suppress(OSError):
                if entry.is_dir():
                    import shutil  # noqa: PLC0415  # as above

                    shutil.rmtree(entry.path)
                else:
                    Path(entry.path).unlink()


def _pattern(target_name: str) -> re.Pattern[str]:
    """Returns the pattern of names as :func:`name_beside` makes them and, for one target, as older versions and the
    embedded engine do."""
    name, host = re.escape(target_name), re.escape(_host())
    ours = rf"\.{name or '.+'}\.{host}\.(\d+)(?:-(\d+))?\.[0-9a-f]+\.(part|old)"
    return re.compile(rf"{ours}|\.{name}\.(\d+)\.(?:tmp|part)|{name}\.tmp\.(\d+)\.\d+" if name else ours)


def _host() -> str:
    if hasattr(os, "uname"):
        name = os.uname().nodename
    else:
        import socket  # noqa: PLC0415  # slow, and the system itself tells elsewhere

        name = socket.gethostname()
    return re.sub(r"\W", "-", name) or "localhost"


def _alive(pid: int, start: int) -> bool:
    """Whether the process is still there that had this number and began at ``start``, as :func:`_start_of` tells."""
    if os.name != "posix":
        return True  # if that can't be told, nothing is removed
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    # Another process may have the number now. In containers, most processes have the same few numbers.
    now = _start_of(pid)
    return not start or not now or start == now


def _start_of(pid: int) -> int:
    """Returns when a process began, in the system's ticks since its own start, which no change of the clock moves; 0
    where the system doesn't tell."""
    try:
        told = Path(f"/proc/{pid}/stat").read_bytes()
        # The fields are counted behind the name of the program, which may hold blanks and brackets.
        return int(told.rpartition(b")")[2].split()[19])
    except (OSError, IndexError, ValueError):  # there is no such file, or it is written in another way
        return 0
