"""What runs the partition functions of a lake, and the engine that needs nothing but this machine.

An engine has one method. It runs a function for each of some tasks. What that gives is shuffled by its keys, the next
function runs once for each key, and so on. Functions and what they pass on are picklable and hold no open files, so
that they can run in any process of any machine that sees the lake's folder. A function may run more than once for the
same task, because an engine repeats what a lost machine did. So whatever it writes must be the same each time.
"""

from __future__ import annotations

import os
import pickle
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Protocol, Self

from newsgraph.errors import OutputError
from newsgraph.output.leftovers import remove_leftovers, scratch_folder

#: The highest number of shelves for what is shuffled, and their number for each task. A process holds one in memory.
_MOST_SHELVES, _SHELVES_A_TASK = 64, 4

#: Something that a function passes on, with the key that it is shuffled by. Same keys meet in one call of the next.
Keyed = tuple[str, Any]
#: The first function: it is given one task.
First = Callable[[Any], Iterable[Keyed]]
#: Any later function: it is given a key and everything that was passed on under it, in no particular order.
Later = Callable[[str, list[Any]], Iterable[Keyed]]


class Engine(Protocol):
    """Runs functions in partitions. It is a context manager."""

    name: str

    def run(self, tasks: Sequence[Any], first: First, *later: Later) -> list[Any]:
        """Runs ``first`` for each task and then the ``later`` ones, each after a shuffle. Returns what the last of them
        passed on, without its keys and in no particular order."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def shelf_of(key: str, count: int) -> int:
    """The number of the shelf, of ``count``, that a key belongs to: the same in every process."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") % count


class LocalEngine:
    """Runs functions in processes of this machine, or in this process if there is to be one only.

    What is shuffled lies in files of a temporary folder (``TMPDIR``), so that a process needs memory for its partitions
    and not for the corpus.
    """

    def __init__(self, processes: int | None = None) -> None:
        """``processes`` is how many run at once; None: as many as the machine has processors for this program."""
        self.processes = processes or _processors()
        self.name = "this machine"
        self._pool: ProcessPoolExecutor | None = None

    def run(self, tasks: Sequence[Any], first: First, *later: Later) -> list[Any]:
        """See :class:`Engine`. Raises OutputError when a process was killed, as by a machine without memory left, and
        when the temporary folder can't be written."""
        target = Path(tempfile.gettempdir(), "newsgraph-lake")
        remove_leftovers(target)
        try:
            with scratch_folder(target) as folder:
                return self._run(folder, tasks, first, later)
        except OSError as error:
            problem = f"can't be written: {error.strerror or error}"
            raise OutputError(str(target.parent), problem, "Make room, or name another folder with TMPDIR") from error

    def _run(self, folder: Path, tasks: Sequence[Any], first: First, later: Sequence[Later]) -> list[Any]:
        jobs: list[_Job] = [partial(first, task) for task in tasks]
        shelves = min(_MOST_SHELVES, _SHELVES_A_TASK * len(tasks)) or 1
        for number, function in enumerate(later):
            place = folder / str(number)
            place.mkdir()
            parts = self._map(_spill, [(job, shelves, str(place / str(at))) for at, job in enumerate(jobs)])
            jobs = [
                partial(_gathered, function, files)
                for shelf in range(shelves)
                if (files := [name for names in parts for at, name in names if at == shelf])
            ]
        return [one for found in self._map(_last, [(job,) for job in jobs]) for one in found]

    def _map(self, function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
        if self.processes == 1 or len(arguments) < 2:
            return [function(*given) for given in arguments]
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.processes, mp_context=get_context("spawn"), initializer=_end_with_parent
            )
        try:
            return list(self._pool.map(function, *zip(*arguments, strict=True)))
        except BrokenProcessPool as error:
            raise OutputError(
                "lake",
                "a process of this machine was killed, perhaps because memory ran out; the lake is as it was",
                "Give shorter partitions (days=NUMBER) or fewer processes=NUMBER",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _end_with_parent() -> None:
    """Lets this process end when that which started it does, even if it is killed. It would wait for work forever."""
    parent = parent_process()
    assert parent is not None

    def end() -> None:
        parent.join()
        os._exit(1)

    Thread(target=end, daemon=True).start()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class _Spilled:
    """A file of pickled pairs of key and value."""

    path: str
    count: int


#: The first function with its task, or a later one with the files that were shuffled to it.
_Job = Callable[[], Iterable[Keyed]]


def _gathered(function: Later, files: list[_Spilled]) -> Iterable[Keyed]:
    """What a later function passes on for each key in some files."""
    values: dict[str, list[Any]] = defaultdict(list)
    for one in files:
        with Path(one.path).open("rb") as stream:
            for _ in range(one.count):
                key, value = pickle.load(stream)  # noqa: S301  # this process's own temporary folder
                values[key].append(value)
    while values:
        key, several = values.popitem()
        yield from function(key, several)


def _spill(job: _Job, shelves: int, path: str) -> list[tuple[int, _Spilled]]:
    """Runs a job and writes what it passes on, a file for each shelf."""
    streams: dict[int, Any] = {}
    counts: dict[int, int] = defaultdict(int)
    with ExitStack() as opened:
        for key, value in job():
            shelf = shelf_of(key, shelves)
            if shelf not in streams:
                streams[shelf] = opened.enter_context(Path(f"{path}-{shelf}").open("wb"))
            pickle.dump((key, value), streams[shelf], protocol=pickle.HIGHEST_PROTOCOL)
            counts[shelf] += 1
    return [(shelf, _Spilled(f"{path}-{shelf}", count)) for shelf, count in counts.items()]


def _last(job: _Job) -> list[Any]:
    return [value for _, value in job()]
