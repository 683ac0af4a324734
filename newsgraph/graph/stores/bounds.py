"""Limits for the time and memory that a user's query may take."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from newsgraph.errors import UsageError

#: The seconds that a user's query may take if nothing else is given.
SECONDS = 60.0
#: The share of the machine's memory that a user's query may take if nothing else is given.
SHARE = 4
#: The memory that is assumed for a machine where the system doesn't tell.
_UNKNOWN = 8 << 30
_SMALLEST = 16 << 20
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
#: The files in which Linux says how much memory a container may have (cgroup 2, then 1).
_CGROUPS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of one query. ``seconds``: None for no limit. ``memory``: bytes in addition to those of the graph
    itself. ``rows``: None for all."""

    seconds: float | None
    memory: int
    rows: int | None = None

    @classmethod
    def of(cls, *, timeout: float | None, memory: int | str | None, limit: int | None) -> Bounds:
        """Returns the limits that a caller gives. Raises UsageError for one that isn't valid."""
        if timeout is not None and not timeout > 0:
            raise UsageError("timeout", f"{timeout:g} is no time to answer in", "Give seconds above zero")
        return cls(timeout, default_memory() if memory is None else size(memory), limit)


def size(text: int | str) -> int:
    """Returns bytes from a number or a text such as ``500M`` or ``2G`` (units of 1,024). Raises UsageError."""
    found = re.fullmatch(r"\s*+(\d++(?:\.\d++)?)\s*+([KMGT]?)(?:i?B)?\s*+", str(text), re.IGNORECASE)
    if not found:
        raise UsageError("memory", f"{text} is no size", "Write it as 500M or 2G")
    number = int(float(found[1]) * _UNITS[found[2].upper()])
    if number < _SMALLEST:
        raise UsageError("memory", f"{text} is too little to answer anything", "Give 16M or more")
    return number


def in_words(number: int) -> str:
    """Returns a number of bytes in words: ``2.0 GB``, ``500 MB``."""
    return f"{number / (1 << 30):.1f} GB" if number >= 1 << 30 else f"{number / (1 << 20):.0f} MB"


def default_memory() -> int:
    """Returns a quarter of the machine's memory, or of the memory that its container may have."""
    return max(_machine() // SHARE, _SMALLEST)


def _machine() -> int:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        total = _UNKNOWN
    for path in _CGROUPS:
        try:
            total = min(total, int(path.read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue
    return total
