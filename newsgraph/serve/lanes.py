"""One thread for each thing that can't do two things at once: the pages' store, and the queries' store."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

from newsgraph.errors import NewsgraphError

Result = TypeVar("Result")

#: The number of requests that may wait for one lane, so that a page that is asked for again and again fills no memory.
MOST_WAITING = 32


class TooBusyError(NewsgraphError):
    """Too many requests are waiting already. Nothing was done."""


class Lane:
    """Does what it is given in one thread, one thing after the other.

    The thread ends with the program: work that only reads isn't waited for after :meth:`close`.
    """

    def __init__(self, name: str) -> None:
        self._waiting = 0
        self._lock = threading.Lock()
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._go, name=name, daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[], Result]) -> Result:
        """Returns or raises what ``work`` does when it is its turn. Raises TooBusyError if too many are waiting."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        with self._lock:
            if self._waiting >= MOST_WAITING:
                raise TooBusyError("newsgraph serve", "too many requests wait already", "Try again in a while")
            self._waiting += 1

        def do() -> None:
            with self._lock:
                self._waiting -= 1
            if future.cancelled():
                return
            try:
                result = work()
            except BaseException as error:  # whoever waits is told, whatever it is
                _tell(loop, future, error, None)
            else:
                _tell(loop, future, None, result)

        self._work.put(do)
        return await future

    def do(self, work: Callable[[], Result]) -> Result:
        """Does the same for callers that can block."""
        future: Future[Result] = Future()

        def done() -> None:
            try:
                future.set_result(work())
            except BaseException as error:  # likewise
                future.set_exception(error)

        self._work.put(done)
        return future.result()

    def close(self, last: Callable[[], None], *, wait: float) -> None:
        """Ends the thread after its present work and then ``last``. Both together are waited for up to ``wait``
        seconds."""
        self._work.put(last)
        self._work.put(None)
        self._thread.join(wait)

    def _go(self) -> None:
        while (work := self._work.get()) is not None:
            work()


def _tell(
    loop: asyncio.AbstractEventLoop, future: asyncio.Future[Any], error: BaseException | None, result: Any
) -> None:
    def tell() -> None:
        if future.cancelled():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)

    try:
        loop.call_soon_threadsafe(tell)
    except RuntimeError:
        return  # the server has ended meanwhile, and nobody waits any more
