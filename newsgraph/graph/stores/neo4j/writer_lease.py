"""One writer at a time on a Neo4j server: a lease that ends by itself when its holder dies.

Each write is safe on its own (constraints, MERGE, one transaction). A load, though, reads what is there, merges its
files into it and writes the outcome: two at once would overwrite each other's. So a load holds the lease from its first
read to its last write. The holder gives a sign of life every few seconds; when none came for ``EXPIRY_SECONDS`` of the
server's clock, the next one may take over, and what the former holder writes then is refused in its own transaction.
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
# Asking for the lease waits for a transaction that is just renewing it, never for a long one.
_ASK_SECONDS = 20.0
_GONE = "Neo.ClientError.Statement.EntityNotFound"


class Lease:
    """The right to write, for one store at a time. ``session`` opens a session that may write."""

    def __init__(self, url: str, session: Callable[[], Session]) -> None:
        self._url = url
        self._session = session
        self._token = secrets.token_hex(8)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._depth = 0

    @property
    def held(self) -> bool:
        """Whether this store asked for the lease and has not given it back."""
        return self._depth > 0

    def take(self, wait: float, waiting: Callable[[str], None] | None) -> None:
        """Takes the lease within ``wait`` seconds; ``waiting`` is told once for whom. Raises StoreBusyError."""
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
        """Gives one taking back; the last one frees the lease. A server that is gone frees it by itself later."""
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
        """The last thing in a writing transaction: raises StoreBusyError, which undoes it, when the lease is lost."""
        if transaction.run(server_cypher.LEASE_RENEW, token=self._token).single() is None:
            raise StoreBusyError(
                self._url,
                f"another process took over the writing, for this one gave no sign of life for {EXPIRY_SECONDS} s",
                "Nothing of this batch was written; run the same again when the other one is done",
            )

    def _ask(self) -> dict[str, Any]:
        @unit_of_work(timeout=_ASK_SECONDS)
        def work(transaction: ManagedTransaction) -> dict[str, Any]:
            transaction.run(server_cypher.LEASE_LOCK, token=self._token).consume()
            row = transaction.run(
                server_cypher.LEASE_TAKE, token=self._token, holder=_holder(), expiry=EXPIRY_SECONDS
            ).single(strict=True)
            return dict(row)

        while True:
            try:
                with self._session() as session:
                    return session.execute_write(work)
            except ClientError as error:
                # Its holder gave it back, and so removed it, while we waited for it.
                if error.code != _GONE:
                    raise

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            try:
                with self._session() as session:
                    if session.run(server_cypher.LEASE_RENEW, token=self._token).single() is None:
                        return
            except (DriverError, Neo4jError, OSError):
                continue  # a server that is away may come back; the next write tells


def _holder() -> str:
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "somebody"
    return f"{user}@{socket.gethostname()} (process {os.getpid()})"
