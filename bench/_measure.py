"""CPU seconds and peak memory of whole commands, as the operating system counts them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """CPU in seconds (user and system), peak resident memory in MB."""

    cpu: float
    peak: float


def run(*command: str, env: dict[str, str] | None = None, code: int = 0) -> Cost:
    """Runs a command to its end, on one thread where the libraries allow that. Raises unless it ends with ``code``.

    Linux counts a command's peak from before its program starts, so it is never less than this process's own memory.
    """
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    process = subprocess.Popen(
        command, env={**os.environ, **single, **(env or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.stderr.close()
    if os.waitstatus_to_exitcode(status) != code:
        sys.stderr.buffer.write(said)
        raise SystemExit(f"{' '.join(command)} failed")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def table(title: str, rows: list[tuple[str, ...]]) -> None:
    """Prints rows under a title with aligned columns. The first row is the header."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print(title)
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print()
