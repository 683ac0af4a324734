"""How long the files of a load may be worked on, each file on disk with all that is in it.

Every way of reading is made so that its work grows with the size of a file and no faster. This limit stands behind
that, for what nobody thought of: a file that reaches it is reported, and the load goes on with the next one.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time
from types import FrameType
from typing import NoReturn

from newsgraph.errors import InputError
from newsgraph.loaders.intake.files import File

#: Seconds of processor time that any file may take, and for each million bytes of it: a hundred times what articles do.
SECONDS = 30.0
SECONDS_A_MEGABYTE = 20.0


class _TimeIsUp(BaseException):  # no error of the code that it ends, which must not take it for one
    """Raised wherever the work on a file just is."""


class WorkLimit:
    """Holds the work on each file on disk to a time that depends on its size; what is in an archive counts together.

    It needs the timers of POSIX and the main thread; elsewhere it does nothing.
    """

    def __init__(self, seconds: float = SECONDS, seconds_a_megabyte: float = SECONDS_A_MEGABYTE) -> None:
        self._seconds = seconds
        self._seconds_a_megabyte = seconds_a_megabyte
        self._path = ""
        self._left = 0.0

    @contextmanager
    def held(self, file: File) -> Iterator[None]:
        """The work on a file. Raises InputError when it takes longer than the file on disk may take."""
        if not _can_be_held():
            yield
            return
        if str(file.path) != self._path:
            self._path, self._left = str(file.path), self._allowed(file)
        if self._left <= 0:
            raise self._error(file)
        began = process_time()
        before = signal.signal(signal.SIGVTALRM, _end)
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, self._left)
            yield
        except _TimeIsUp:
            raise self._error(file) from None
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            self._left -= process_time() - began
            signal.signal(signal.SIGVTALRM, before)

    def _allowed(self, file: File) -> float:
        try:
            size = file.path.stat().st_size
        except (OSError, ValueError):
            size = 0  # reading it will say what is wrong
        return self._seconds + self._seconds_a_megabyte * size / 1e6

    def _error(self, file: File) -> InputError:
        return InputError(
            file.shown,
            f"reading {self._path} takes longer than {self._allowed(file):,.0f} s, too long for its size",
            "Leave it out, or unpack or split it and load what you trust",
        )


def _can_be_held() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _TimeIsUp
