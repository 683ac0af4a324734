"""The messages between the program and the process that answers users' queries: pickles, each preceded by its length.

They are only sent through the pipes between these two processes.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

from newsgraph.errors import QueryMemoryError
from newsgraph.graph.stores.bounds import in_words

#: The exit code of a process that took more memory than allowed.
TOO_MUCH = 77
_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Task:
    """The first message to the worker: the graph, as bytes or as the path of a saved store; whether it stays whole,
    with the store's internal properties; and the bytes of memory that a query may take."""

    snapshot: bytes | None
    path: str
    whole: bool
    memory: int


@dataclass(frozen=True, slots=True)
class Question:
    """One query. ``write`` runs it on the worker's copy and checks the result, which isn't kept."""

    text: str
    parameters: dict[str, Any]
    write: bool
    admin: bool
    timeout: float | None
    limit: int | None


@dataclass(frozen=True, slots=True)
class Failure:
    """One of newsgraph's errors, with the name of its class."""

    kind: str
    subject: str
    problem: str
    remedy: str


def send(stream: BinaryIO, message: object) -> None:
    """Writes a message. Raises OSError if the other process no longer reads."""
    content = pickle.dumps(message, protocol=5)
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Returns the next message. Raises EOFError at the end."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return pickle.loads(content)  # noqa: S301  # from the other end of our own pipe


def too_much(memory: int) -> QueryMemoryError:
    """Returns the error for a query that took more memory than allowed."""
    return QueryMemoryError(
        "query", f"it needed more than {in_words(memory)} of memory", "Narrow it, or pass a larger memory=SIZE"
    )
