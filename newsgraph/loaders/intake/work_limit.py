"""How long the files of a load may be worked on, each file on disk with all that is in it.

Every way of reading is made so that its work grows with the size of a file and no faster. This limit stands behind
that, for what nobody thought of: a file that reaches it is reported, and the load goes on with the next one.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from newsgraph.errors import InputError

if TYPE_CHECKING:
    from newsgraph.loaders.intake.files import File

#: Seconds of processor time that any file may take, and for each million bytes of it: a hundred times what articles do.
SECONDS = 30.0
SECONDS_A_MEGABYTE = 20.0
#: The longest time between two looks at how long a file takes, and the least number of looks within the limit.
_TICK, _LOOKS = 1.0, 5


class _TimeIsUp(BaseException):  # no error of the code that it ends, which must not take it for one
    """Raised wherever the work on a file just is."""


class WorkLimit:
    """Holds the work on each file on disk to a time that depends on its size; what is in an archive counts together.

    It is a context manager, inside of which files can be held. It can be entered again and again. It needs the timers
    of POSIX and the main thread; elsewhere it does nothing. A timer ticks while files are read. Nothing else is done
    for a file, because most files take less than a thousandth of a tick.
    """

    def __init__(self, seconds: float = SECONDS, seconds_a_megabyte: float = SECONDS_A_MEGABYTE) -> None:
        self._seconds = seconds
        self._seconds_a_megabyte = seconds_a_megabyte
        self._tick = min(_TICK, seconds / _LOOKS) or _TICK
        self._until_tick = self._tick
        self._holds = False
        self._handler_before: Any = None
        self._path = ""
        self._ticks = 0  # how often the timer ticked during the work on the file at that path
        self._file: File | None = None  # the file that is worked on now

    def __enter__(self) -> Self:
        self._holds = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        if self._holds:
            self._handler_before = signal.signal(signal.SIGPROF, self._look)
            signal.setitimer(signal.ITIMER_PROF, self._until_tick, self._tick)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._holds:
            # The time until the next tick is kept, so that none is lost if this is entered again.
            self._until_tick = signal.setitimer(signal.ITIMER_PROF, 0)[0] or self._tick
            signal.signal(signal.SIGPROF, self._handler_before)

    def held(self, file: File) -> _Held:
        """Returns a context manager for the work on a file.

        It raises InputError when the work takes longer than the file on disk may take.
        """
        return _Held(self, file)

    def _begin(self, file: File) -> None:
        path = str(file.path)
        if path != self._path:
            self._path, self._ticks = path, 0
        elif self._is_up(file):
            raise self._error(file)
        self._file = file

    def _look(self, _number: int, _frame: FrameType | None) -> None:
        file = self._file
        if file is not None:
            self._ticks += 1
            if self._is_up(file):
                raise _TimeIsUp

    def _is_up(self, file: File) -> bool:
        # The first tick may have come just after the work began.
        return self._ticks > 1 and (self._ticks - 1) * self._tick >= self._allowed(file)

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


class _Held:
    """The work on one file."""

    __slots__ = ("_file", "_limit")

    def __init__(self, limit: WorkLimit, file: File) -> None:
        self._limit, self._file = limit, file

    def __enter__(self) -> None:
        self._limit._begin(self._file)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._limit._file = None
        if kind is _TimeIsUp:
            raise self._limit._error(self._file) from None
