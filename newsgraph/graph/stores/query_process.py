"""Runs users' queries in a process of their own, so that no query can harm the program or its store.

The process is started for the first query and is kept for the next ones, as long as the graph stays the same. It is a
new interpreter and not a fork: in a fork the engine's threads would be missing, and a query would wait for them
forever.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import IO, Any, BinaryIO, cast

from newsgraph import errors
from newsgraph.errors import NewsgraphError, QueryCrashError, QueryError, QueryTimeoutError, StoreError
from newsgraph.graph.stores import reading_rules
from newsgraph.graph.stores.bounds import Bounds
from newsgraph.graph.stores.protocol import Rows
from newsgraph.graph.stores.query_messages import TOO_MUCH, Failure, Question, Task, receive, send, too_much

#: The seconds after its time limit at which a query is ended if the engine doesn't end it itself.
GRACE_SECONDS = 0.5
#: How much memory the engine's allocator keeps in reserve (KiB). The default of 1 GiB would count as the query's
#: memory.
_RESERVE_KIB = "65536"
_ENDED = object()
#: What is raised for parameters that can't be sent: Cypher has no values for them, or they nest too deeply.
_NO_VALUES = (pickle.PicklingError, TypeError, AttributeError, ValueError, RecursionError)


class QueryProcess:
    """The worker process of one store. ``graph`` returns the graph's bytes as it is now, or the path of a saved
    store."""

    def __init__(self, graph: Callable[[], bytes | str]) -> None:
        self._graph = graph
        self._worker: _Worker | None = None

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None,
        bounds: Bounds,
        *,
        write: bool = False,
        admin: bool = False,
    ) -> Rows:
        """Returns the answer of a text within the limits. With ``write`` the text runs on a copy, and the result is
        checked. The answer from the copy is returned, and the graph itself isn't changed.

        Raises what the store's own ``query`` raises, QueryMemoryError and QueryCrashError.
        """
        reading_rules.check_size(text)
        if write:
            reading_rules.check_internals(text, parameters)
        else:
            reading_rules.check_reads_only(text, admin=admin)
        question = Question(text, dict(parameters or {}), write, admin, bounds.seconds, bounds.rows)
        worker = self._ready(bounds.memory, whole=write)
        try:
            return worker.ask(question, bounds)
        finally:
            if write or worker.ended:
                self.close()  # its copy is out of date

    def close(self) -> None:
        """Ends the process; the next query starts another one. It must be called whenever the graph changes."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()

    def _ready(self, memory: int, *, whole: bool) -> _Worker:
        worker = self._worker
        if worker is None or worker.ended or worker.memory != memory or worker.whole != whole:
            self.close()
            graph = self._graph()
            snapshot, path = (graph, "") if isinstance(graph, bytes) else (None, graph)
            worker = self._worker = _Worker(Task(snapshot, path, whole, memory))
        return worker


class _Worker:
    def __init__(self, task: Task) -> None:
        self.memory = task.memory
        self.whole = task.whole
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # is open as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-m", "newsgraph.graph.stores.query_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "MIMALLOC_ARENA_RESERVE": _RESERVE_KIB,
            },
        )
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()
        self._send(task)
        self._take(None, 0)

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def ask(self, question: Question, bounds: Bounds) -> Rows:
        began = time.monotonic()
        try:
            self._send(question)
        except _NO_VALUES as error:
            raise QueryError(
                "query", f"a parameter can't be given to it ({error})", "Give texts, numbers, times, lists and maps"
            ) from error
        try:
            # Sending large parameters is part of the time.
            rows: Rows = self._take(bounds.seconds, began)
        except QueryTimeoutError:
            self.end()
            raise
        except BaseException as error:
            if not isinstance(error, NewsgraphError):
                self.end()  # Ctrl-C: nobody waits for the answer any more
            raise
        return rows

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            with suppress(OSError, ValueError):
                if stream is not None:
                    stream.close()

    def _send(self, message: object) -> None:
        with suppress(OSError):  # if the process is gone, what it left behind says why
            send(cast("BinaryIO", self._process.stdin), message)

    def _listen(self) -> None:
        while True:
            try:
                self._answers.put(receive(cast("BinaryIO", self._process.stdout)))
            except (EOFError, OSError, ValueError):
                self._answers.put(_ENDED)
                return

    def _take(self, seconds: float | None, began: float) -> Any:
        try:
            left = None if seconds is None else max(began + seconds + GRACE_SECONDS - time.monotonic(), 0)
            answer = self._answers.get(timeout=left)
        except queue.Empty:
            raise QueryTimeoutError(
                "query", f"it ran longer than {seconds:g} s", "Narrow it, or pass a larger timeout=SECONDS"
            ) from None
        if answer is _ENDED:
            raise self._reason()
        if isinstance(answer, Failure):
            kind: type[NewsgraphError] = getattr(errors, answer.kind)
            raise kind(answer.subject, answer.problem, answer.remedy)
        return answer

    def _reason(self) -> NewsgraphError:
        """Returns why the process ended without an answer."""
        code = self._process.wait()
        self._errors.seek(0)
        written = self._errors.read()[-4_000:].decode("utf-8", "replace")
        if code == TOO_MUCH or "memory allocation of" in written or "MemoryError" in written:
            return too_much(self.memory)
        if "ModuleNotFoundError" in written or "ImportError" in written:
            return StoreError("query", f"its process can't start ({written.strip().splitlines()[-1]:.200})")
        if code == -signal.SIGKILL:
            return too_much(self.memory)  # the system ends a process that takes the last of the memory
        return QueryCrashError(
            "query",
            f"the engine broke down on it (process ended with {code})",
            "Write it another way; the store is whole",
        )
