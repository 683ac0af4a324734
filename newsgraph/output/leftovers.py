"""Names for files that are written beside a target, and the removal of such files after a process was killed."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from contextlib import suppress
from pathlib import Path


def name_beside(target: Path, ending: str) -> Path:
    """Returns a name beside the target that nobody else uses. It says which process of which machine uses it."""
    return target.with_name(f".{target.name}.{_host()}.{os.getpid()}.{secrets.token_hex(4)}.{ending}")


def remove_leftovers(target: Path) -> None:
    """Removes files beside a target that processes of this machine left behind when they were killed. Files that can't
    be removed stay."""
    name, host = re.escape(target.name), re.escape(_host())
    # As named above, and as older versions and the embedded engine name theirs.
    left = re.compile(
        rf"\.{name}\.{host}\.(\d+)\.[0-9a-f]+\.(part|old)|\.{name}\.(\d+)\.(?:tmp|part)|{name}\.tmp\.(\d+)\.\d+"
    )
    with suppress(OSError):
        for entry in os.scandir(target.parent):
            found = left.fullmatch(entry.name)
            if found is None or entry.is_symlink() or _alive(int(found[1] or found[3] or found[4])):
                continue
            if found[2] == "old" and not target.exists():
                continue  # the target itself, which a killed process was about to replace
            with suppress(OSError):
                if entry.is_dir():
                    shutil.rmtree(entry.path)
                else:
                    Path(entry.path).unlink()


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
