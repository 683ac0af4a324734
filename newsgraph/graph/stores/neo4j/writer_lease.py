"""One writer at a time on a Neo4j server, by a lease that ends by itself when its holder dies.

Each single write is safe (constraints, MERGE, one transaction). But a load reads what is there, merges its files into
it and writes the result; two loads at once would overwrite each other's results. So a load holds the lease from its
first read to its last write. The holder gives a sign of life every few seconds. If there was none for
``EXPIRY_SECONDS`` of the server's clock, the next process may take the lease over. What the former holder then writes
is refused in its own transaction.
"""

from __future__ import annotations

import getpass
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from neo4j import ManagedTransaction, unit_of_work
from neo4j.exceptions import ClientError, DriverError, Neo4jError

from newsgraph.errors import StoreBusyError
from newsgraph.graph.stores.neo4j import server_cypher

if TYPE_CHECKING:
    from neo4j import Session

EXPIRY_SECONDS = 30
BEAT_SECONDS = 5.0
POLL_SECONDS = 1.0
# Asking for the lease only ever waits for a transaction that renews it, never for a long one.
_ASK_SECONDS = 20.0
_GONE = "Neo.ClientError.Statement.EntityNotFound"


class Lease:
    """The right of one store to write. ``session`` opens a session that may write."""

    def __init__(self, url: str, session: Callable[[], Session]) -> None:
        self._url = url
        self._session = session
        self._token = secrets.token_hex(8)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._depth = 0

    @property
    def held(self) -> bool:
        """Whether this store holds the lease."""
        return self._depth > 0

    def take(self, wait: float, waiting: Callable[[str], None] | None) -> None:
        """Takes the lease, waiting for up to ``wait`` seconds. ``waiting`` is called once with the name of its holder.

        Raises StoreBusyError if the lease isn't free in time.
        """
        if self._depth == 0:
            deadline = time.monotonic() + wait
            while True:
                answer = self._ask()
                if answer["taken"]:
                    break
                holder, silent = answer["holder"], max(0, answer["silent_seconds"])
                since = answer["since"].to_native().strftime("%H:%M:%S")
                who = f"{holder} is writing to it since {since} UTC (last sign of life {silent} s ago)"
                if time.monotonic() >= deadline:
                    raise StoreBusyError(
                        self._url,
                        who,
                        "Try again when it is done; if it died, its claim ends "
                        f"{EXPIRY_SECONDS} s after its last sign of life",
                    )
                if waiting is not None:
                    waiting(f"{self._url}: {who}; waiting for it")
                    waiting = None
                time.sleep(min(POLL_SECONDS, max(0.05, deadline - time.monotonic())))
            self._stop.clear()
            self._thread = threading.Thread(target=self._beat, name="newsgraph-writer", daemon=True)
            self._thread.start()
        self._depth += 1

    def give_back(self) -> None:
        """Gives the lease back. If it was taken several times, the last call frees it. If the server is gone, it ends
        by itself."""
        self._depth -= 1
        if self._depth:
            return
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_ASK_SECONDS)
            self._thread = None
        try:
            with self._session() as session:
                session.run(server_cypher.LEASE_DROP, token=self._token).consume()
        except (DriverError, Neo4jError, OSError):
            return

    def confirm(self, transaction: ManagedTransaction) -> None:
        """Must be the last step in a writing transaction. Raises StoreBusyError, which undoes it, if the lease is
        lost."""
        if transaction.run(server_cypher.LEASE_RENEW, token=self._token).single() is None:
            raise StoreBusyError(
                self._url,
                f"another process took over the writing, for this one gave no sign of life for {EXPIRY_SECONDS} s",
                "Nothing of this batch was written; run the same again when the other one is done",
            )

    def _ask(self) -> dict[str, Any]:
        @unit_of_work(timeout=_ASK_SECONDS)
        def work(transaction: ManagedTransaction) -> dict[str, Any] | None:
            transaction.run(server_cypher.LEASE_LOCK, token=self._token).consume()
            row = transaction.run(
                server_cypher.LEASE_TAKE, token=self._token, holder=_holder(), expiry=EXPIRY_SECONDS
            ).single()
            return None if row is None else dict(row)

        # If its holder gives it back while we wait for the lock, the node is gone. The server then raises an error, or
        # it waits for nothing more and the second text finds no node. In both cases the lease is free to be asked for.
        while True:
            try:
                with self._session() as session:
                    answer = session.execute_write(work)
            except ClientError as error:
                if error.code != _GONE:
                    raise
            else:
                if answer is not None:
                    return answer

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            try:
                with self._session() as session:
                    if session.run(server_cypher.LEASE_RENEW, token=self._token).single() is None:
                        return
            except (DriverError, Neo4jError, OSError):
                continue  # a server that is away may come back; the next write will show


def _holder() -> str:
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "somebody"
    return f"{user}@{socket.gethostname()} (process {os.getpid()})"
