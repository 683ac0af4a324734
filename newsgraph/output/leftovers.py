"""Names for files that are written beside a target, and the removal of such files after a process was killed."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path


def name_beside(target: Path, ending: str) -> Path:
    """Returns a name beside the target that nobody else uses. It says which process of which machine uses it."""
    return target.with_name(f".{target.name}.{_host()}.{os.getpid()}.{os.urandom(4).hex()}.{ending}")


def remove_leftovers(target: Path) -> None:
    """Removes files beside a target that processes of this machine left behind when they were killed. Files that can't
    be removed stay."""
    left: re.Pattern[str] | None = None
    with suppress(OSError):
        for entry in os.scandir(target.parent):
            if target.name not in entry.name or entry.name == target.name:
                continue
            left = left or _pattern(target.name)  # making it takes longer than everything else here
            found = left.fullmatch(entry.name)
            if found is None or entry.is_symlink() or _alive(int(found[1] or found[3] or found[4])):
                continue
            if found[2] == "old" and not target.exists():
                continue  # the target itself, which a killed process was about to replace
            with suppress(OSError):
                if entry.is_dir():
                    import shutil  # noqa: PLC0415  # slow, and seldom needed

                    shutil.rmtree(entry.path)
                else:
                    Path(entry.path).unlink()


def _pattern(target_name: str) -> re.Pattern[str]:
    """Returns the pattern of names as :func:`name_beside` makes them, and as older versions and the embedded engine
    do."""
    name, host = re.escape(target_name), re.escape(_host())
    return re.compile(
        rf"\.{name}\.{host}\.(\d+)\.[0-9a-f]+\.(part|old)|\.{name}\.(\d+)\.(?:tmp|part)|{name}\.tmp\.(\d+)\.\d+"
    )


def _host() -> str:
    if hasattr(os, "uname"):
        name = os.uname().nodename
    else:
        import socket  # noqa: PLC0415  # slow, and the system itself tells elsewhere

        name = socket.gethostname()
    return re.sub(r"\W", "-", name) or "localhost"


def _alive(pid: int) -> bool:
    if os.name != "posix":
        return True  # if that can't be told, nothing is removed
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
