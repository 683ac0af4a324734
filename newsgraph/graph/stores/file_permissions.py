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
