"""The process that answers users' queries: ``python -m newsgraph.graph.stores.query_worker``.

It holds a copy of the graph, or reads the saved file, and answers one query after the other until its standard input
ends. The memory that it takes beyond the graph is limited, so that a query that takes too much ends only this process.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import kglite

from newsgraph.errors import NewsgraphError
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES, EdgeType, NodeType
from newsgraph.graph.stores.embedded import engine
from newsgraph.graph.stores.protocol import Rows
from newsgraph.graph.stores.query_messages import TOO_MUCH, Failure, Question, Task, receive, send, too_much

_POLL_SECONDS = 0.02


def main() -> None:
    """Answers queries until the input ends."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asked decides when to stop
    # Anything that is printed must not mix with the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    task: Task = receive(sys.stdin.buffer)
    try:
        graph = _opened(task)
    except NewsgraphError as error:
        send(answers, _failure(error))
        return
    send(answers, None)
    memory = _Memory(task.memory)
    while True:
        try:
            question: Question = receive(sys.stdin.buffer)
        except EOFError:
            return
        with memory.limited():
            message = _answered(graph, question, task.memory)
        send(answers, message)


def _opened(task: Task) -> kglite.KnowledgeGraph:
    if task.snapshot is None:
        from newsgraph.graph.stores.embedded.store import EmbeddedStore  # noqa: PLC0415  # only to read a file

        graph = EmbeddedStore(task.path, create=False, readonly=True).engine_graph
    else:
        graph = kglite.from_bytes(task.snapshot)
    if not task.whole:
        _remove_internals(graph)
    graph.read_only(True)
    return graph


def _remove_internals(graph: kglite.KnowledgeGraph) -> None:
    # What isn't there can't be shown: by no way of taking a property, by no function, by no message of the engine's.
    graph.read_only(False)
    for node in NODE_TYPES:
        _remove(graph, f"(n:{node.label})", node)
    for edge in EDGE_TYPES:
        _remove(graph, f"(:{edge.start})-[n:{edge.type}]->(:{edge.end})", edge)


def _remove(graph: kglite.KnowledgeGraph, pattern: str, declared: NodeType | EdgeType) -> None:
    names = [f"n.{property_.name}" for property_ in declared.properties if property_.internal]
    if names:
        graph.cypher(f"MATCH {pattern} REMOVE {', '.join(names)}", timeout_ms=0)


def _answered(graph: kglite.KnowledgeGraph, question: Question, memory: int) -> Rows | Failure:
    try:
        if question.write:
            from newsgraph.graph.stores.embedded.rehearsal import rehearse  # noqa: PLC0415  # only for writing

            return rehearse(graph, question.text, question.parameters, question.timeout)
        return engine.query(
            graph,
            question.text,
            question.parameters,
            write=False,
            admin=question.admin,
            timeout=question.timeout,
            limit=question.limit,
        )
    except NewsgraphError as error:
        return _failure(error)
    except MemoryError:
        return _failure(too_much(memory))


def _failure(error: NewsgraphError) -> Failure:
    return Failure(type(error).__name__, error.subject, error.problem, error.remedy)


class _Memory:
    """Limits this process to ``extra`` bytes more than it has now, while it answers.

    On Linux the system refuses more than that (RLIMIT_DATA). There and elsewhere, a thread looks at how much memory the
    process really holds, and ends it if that is too much. The same thread ends it when the process that asked is gone.
    """

    def __init__(self, extra: int) -> None:
        self._extra = extra
        self._base = _resident()
        self._parent = os.getppid()
        self._watched = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    @contextmanager
    def limited(self) -> Iterator[None]:
        self._base = _resident()
        _set_limit(self._extra)
        self._watched.set()
        try:
            yield
        finally:
            self._watched.clear()
            _set_limit(None)

    def _watch(self) -> None:
        while True:
            self._watched.wait()
            if _resident() > self._base + self._extra:
                os._exit(TOO_MUCH)
            if os.getppid() != self._parent:
                os._exit(1)
            time.sleep(_POLL_SECONDS)


def _set_limit(extra: int | None) -> None:
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    data = _status("VmData")
    if data is None:
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    wanted = resource.RLIM_INFINITY if extra is None else data + extra
    soft = wanted if hard == resource.RLIM_INFINITY else hard if wanted == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _resident() -> int:
    """Returns the bytes of memory that the process holds now. If the system tells only the most it ever held, that;
    else 0."""
    now = _status("VmRSS")
    if now is not None:
        return now
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _status(name: str) -> int | None:
    try:
        with open("/proc/self/status", encoding="ascii") as lines:  # noqa: PTH123  # quicker; read 50 times a second
            for line in lines:
                if line.startswith(f"{name}:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


if __name__ == "__main__":
    main()
