"""The Neo4j store: a graph on a server, for corpora and teams that need more than one machine. Needs Neo4j 5 or newer.

Every batch is one managed transaction. It is tried again if the server, or the leader of a cluster, is away for a
while, and it is applied completely or not at all. Only nodes and edges of the types in ``graph/schema.py`` are read,
written or deleted.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import neo4j
from neo4j.exceptions import DriverError, IncompleteCommit, Neo4jError

from newsgraph.errors import (
    QueryError,
    StoreConnectionError,
    StoreError,
    StoreMissingError,
    StoreVersionError,
)
from newsgraph.graph.batch import Batch, Columns, Edge, Node, columns_of_edges, columns_of_nodes
from newsgraph.graph.schema import SCHEMA_VERSION
from newsgraph.graph.stores import query_text, reading_rules, validation
from newsgraph.graph.stores.bounds import SECONDS, Bounds
from newsgraph.graph.stores.neo4j import cells, reads, server_cypher, user_queries, writes, written_check
from newsgraph.graph.stores.neo4j.address import Address, credentials, parse
from newsgraph.graph.stores.neo4j.errors import translated, translated_query
from newsgraph.graph.stores.neo4j.writer_lease import Lease
from newsgraph.graph.stores.protocol import Rows
from newsgraph.slices import in_slices

# The driver logs warnings about things that we report as errors. Without a handler they would reach the terminal.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

CONNECT_SECONDS = 10.0
#: The seconds for which a transaction is tried again while the server is away, with growing pauses.
RETRY_SECONDS = 30.0
#: The number of rows that the server sends at once.
FETCH = 2_000

#: The first version of the server that can tell the type of a value.
_TYPE_CHECKS = (5, 13)
_IN_TRANSACTIONS = re.compile(r"\bIN\s+(?:\S+\s+CONCURRENT\s+)?TRANSACTIONS\b", re.IGNORECASE)


def open_store(
    url: str, *, create: bool = True, readonly: bool = False, force: bool = False, defer: bool = False
) -> Neo4jStore:
    """Opens the store at a ``neo4j://`` or ``bolt://`` URL; see :func:`newsgraph.graph.stores.registry.open_store`.

    The user comes from NEO4J_USERNAME (or is ``neo4j``), the password from NEO4J_PASSWORD or from the file that
    NEO4J_PASSWORD_FILE names. Raises UsageError for an address that isn't valid, StoreConnectionError when no Neo4j
    answers or it refuses the log-in, and StoreVersionError for a Neo4j older than 5. With ``defer`` the server is first
    asked when something is read, so that connecting is part of a query's time; these errors are raised then.
    """
    address = parse(url)
    return Neo4jStore(address, credentials(address.url), create=create, readonly=readonly, force=force, defer=defer)


class Neo4jStore:
    """A :class:`~newsgraph.graph.stores.protocol.Store` on a server."""

    def __init__(
        self,
        address: Address,
        login: tuple[str, str] | None,
        *,
        create: bool = True,
        readonly: bool = False,
        force: bool = False,
        defer: bool = False,
    ) -> None:
        self._address = address
        self._force = force
        self._readonly = readonly
        self._user = login[0] if login else None
        self._closed = False
        self._create = create and not readonly
        self._connecting = threading.RLock()
        self._is_connected = False
        self._is_set_up = False
        self._version = (5, 0)
        self._quiet: dict[str, Any] = {}
        with translated(self.url, self._user):
            self._driver = neo4j.GraphDatabase.driver(
                address.server,
                auth=login,
                connection_timeout=CONNECT_SECONDS,
                connection_acquisition_timeout=1.5 * CONNECT_SECONDS,  # the log-in counts as part of it
                max_transaction_retry_time=RETRY_SECONDS,
                user_agent="newsgraph",
            )
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        self._lease = Lease(self.url, lambda: self._session(neo4j.WRITE_ACCESS))
        if defer and not self._create:
            return
        try:
            with translated(self.url, self._user):
                self._connect()
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        """The address, which never holds credentials."""
        return self._address.url

    def nodes(self, label: str, ids: Iterable[str] | None = None) -> Iterator[Node]:
        """As :meth:`Store.nodes`. It needs only memory for the rows that the server sends at once."""
        self._check_open()
        declared = validation.node_type(label)
        if ids is None:
            return reads.nodes(declared, self._stream(server_cypher.list_nodes(declared, some=False)))
        return reads.nodes(declared, self._chunked(server_cypher.list_nodes(declared, some=True), ids))

    def edges(
        self, type: str, *, starts: Iterable[str] | None = None, ends: Iterable[str] | None = None
    ) -> Iterator[Edge]:
        """As :meth:`Store.edges`. It needs only memory for the rows that the server sends at once."""
        self._check_open()
        declared = validation.edge_type(type)
        if starts is not None and ends is not None:
            raise StoreError(type, "both starts and ends are given", "Give one of them")
        if starts is not None:
            return reads.edges(declared, self._chunked(server_cypher.list_edges(declared, by="start"), starts))
        if ends is not None:
            return reads.edges(declared, self._chunked(server_cypher.list_edges(declared, by="end"), ends))
        return reads.edges(declared, self._stream(server_cypher.list_edges(declared)))

    def node_columns(self, label: str, names: Sequence[str]) -> Iterator[Columns]:
        """As :meth:`Store.node_columns`."""
        return columns_of_nodes(self.nodes(label), names)

    def edge_columns(self, type: str, names: Sequence[str]) -> Iterator[Columns]:
        """As :meth:`Store.edge_columns`."""
        return columns_of_edges(self.edges(type), names)

    def columns(self) -> None:
        """As :meth:`Store.columns`. Always None, because other programs can change a server's graph at any time."""

    def records(self) -> None:
        """As :meth:`Store.records`. Always None, as there are no columns."""

    def write(self, batch: Batch) -> None:
        """As :meth:`Store.write`. It is one transaction, which the server holds in memory until it is done."""
        self._check_open(to_write=True)
        if not batch:
            return
        steps = writes.steps(batch, self.url)

        def work(transaction: neo4j.ManagedTransaction) -> None:
            for text, name, rows, edge in steps:
                for chunk in in_slices(rows, writes.CHUNK):
                    result = transaction.run(text, {name: chunk})
                    if edge is None:
                        result.consume()
                    elif result.single(strict=True)["written"] != len(chunk):
                        writes.raise_missing_end(transaction, edge, chunk)
            self._lease.confirm(transaction)

        with self.writer(), translated(self.url, self._user):
            self._write(work)

    @contextmanager
    def writer(self, *, wait: float = 0.0, waiting: Callable[[str], None] | None = None) -> Iterator[None]:
        """As :meth:`Store.writer`. Nobody else can write to this store until the block ends; see ``writer_lease``."""
        self._check_open(to_write=True)
        with translated(self.url, self._user):
            self._set_up()
            self._lease.take(wait, waiting)
        try:
            yield
        finally:
            self._lease.give_back()

    def save(self) -> None:
        """Does nothing: after a write has returned, it is on the server's disk."""
        self._check_open(to_write=True)

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Rows:
        """As :meth:`Store.query`. The server stops at the time limit, and it sends one row more than ``limit`` at
        most."""
        self._check_open(to_write=write)
        given = {name: cells.parameter(value) for name, value in (parameters or {}).items()}
        if not write:
            reading_rules.check_reads_only(text)
        query_text.check_parameters(text, given)

        def answer(runner: neo4j.ManagedTransaction | neo4j.Session) -> Rows:
            return user_queries.answer(runner, question, given, limit)

        seconds = None if timeout is None else max(timeout, 0.001)
        fetch = FETCH if limit is None else min(FETCH, limit + 1)
        managed = neo4j.unit_of_work(timeout=seconds)(answer)
        question: Any = text
        with translated_query(self.url, self._user, timeout):
            if not write:
                with self._session(neo4j.READ_ACCESS, fetch) as session:
                    return session.execute_read(managed)
            with self.writer(), self._session(neo4j.WRITE_ACCESS, fetch) as session:
                if _IN_TRANSACTIONS.search(query_text.masked(text)):
                    # Such a text opens transactions of its own, so it can't run inside one.
                    question = neo4j.Query(text, timeout=seconds)
                    return answer(session)
                return session.execute_write(managed)

    def user_query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        admin: bool = False,
        timeout: float | None = SECONDS,
        memory: int | str | None = None,
        limit: int | None = None,
    ) -> Rows:
        """As :meth:`Store.user_query`. ``memory`` has no effect here: the server itself limits the memory of a query
        (db.memory.transaction.max)."""
        self._check_open(to_write=write)
        bounds = Bounds.of(timeout=timeout, memory=memory, limit=limit)
        deadline = None if bounds.seconds is None else time.monotonic() + bounds.seconds
        reading_rules.check_size(text)
        reading_rules.check_internals(text, parameters)
        if any(server_cypher.WRITER_LABEL in reading for reading in reading_rules.readings(text)):
            problem = f"{server_cypher.WRITER_LABEL} is kept for newsgraph itself"
            raise QueryError("query", problem, "Name other labels")
        given = {name: cells.parameter(value) for name, value in (parameters or {}).items()}
        query_text.check_parameters(text, given)
        if write:
            return self._write_by_user(text, given, bounds)
        reading_rules.check_reads_only(text, admin=admin)
        fetch = FETCH if limit is None else min(FETCH, limit + 1)

        def work(given_up: threading.Event) -> Rows:
            # Finding out why nobody answers is part of the time as well.
            with translated_query(self.url, self._user, timeout), self._session(neo4j.READ_ACCESS, fetch) as session:
                left = None if deadline is None else max(deadline - time.monotonic(), 0.001)
                return user_queries.read(session, text, given, seconds=left, rows=limit, admin=admin, given_up=given_up)

        return user_queries.within(bounds.seconds, work)

    def _write_by_user(self, text: str, parameters: Mapping[str, Any], bounds: Bounds) -> Rows:
        def work(transaction: neo4j.ManagedTransaction) -> Rows:
            user_queries.check_values(transaction, text, parameters)
            before = written_check.corpus(transaction)
            rows = user_queries.answer(transaction, text, parameters, bounds.rows)
            written_check.check(transaction, before)  # an error undoes the whole transaction
            self._lease.confirm(transaction)
            return rows

        if self._version < _TYPE_CHECKS:
            raise QueryError(
                "query", "this server can't check the types of what it leaves", "Update it to Neo4j 5.13 or newer"
            )
        if _IN_TRANSACTIONS.search(query_text.masked(text)):
            raise QueryError("query", "IN TRANSACTIONS can't be checked as a whole", "Write less at a time, without it")
        managed = neo4j.unit_of_work(timeout=bounds.seconds)(work)
        with (
            translated_query(self.url, self._user, bounds.seconds),
            self.writer(),
            self._session(neo4j.WRITE_ACCESS) as session,
        ):
            return session.execute_write(managed)

    def close(self) -> None:
        """Closes the connections; may be called twice."""
        if not self._closed:
            self._closed = True
            self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_open(self, *, to_write: bool = False) -> None:
        if self._closed:
            raise StoreError(self.url, "the store is closed", "Open it again")
        if to_write and self._readonly:
            raise StoreError(self.url, "the store was opened for reading only", "Open it without readonly")

    def _connect(self) -> None:
        """Looks at the server, once, before anything is asked of it."""
        with self._connecting:
            if self._is_connected:
                return
            self._is_connected = True  # the questions below need sessions, too
            try:
                self._check_server()
                self._check_contents(self._create)
                if self._create:
                    self._set_up()
            except BaseException:
                self._is_connected = False
                raise

    def _session(self, access: str, fetch: int = FETCH) -> neo4j.Session:
        self._connect()
        return self._driver.session(
            database=self._address.database,
            default_access_mode=access,
            bookmark_manager=self._bookmarks,
            fetch_size=fetch,
            **self._quiet,
        )

    def _check_server(self) -> None:
        # No database is named here, so that a server that is too old, or isn't a Neo4j at all, can say so first.
        info = self._driver.get_server_info()
        found = re.match(r"Neo4j/(\d+)\.(\d+)", info.agent)
        if found is None:
            raise StoreConnectionError(
                self.url, f"{info.agent} answers, which is no Neo4j", "Give the address of a Neo4j"
            )
        self._version = (int(found[1]), int(found[2]))
        if self._version < (5, 0):
            raise StoreVersionError(
                self.url, f"it is Neo4j {found[1]}.{found[2]}, and newsgraph needs 5 or newer", "Update the server"
            )
        if info.protocol_version >= (5, 2):
            # Hints such as "unknown label" don't belong on stderr. Older servers can't be asked not to send them.
            self._quiet = {"notifications_min_severity": "OFF"}

    def _check_contents(self, create: bool) -> None:
        version = self._value(server_cypher.SCHEMA_VERSION_OF_STORE)
        if isinstance(version, int) and version > SCHEMA_VERSION:
            raise StoreVersionError(
                self.url,
                f"it was written by a newer newsgraph (schema {version}, this one knows {SCHEMA_VERSION})",
                "Update newsgraph: pip install -U newsgraph",
            )
        if create or version is not None or self._value(server_cypher.holds_anything()) or self._indexes():
            return
        raise StoreMissingError(self.url, "nothing loaded yet", "Load a folder first: newsgraph load FOLDER")

    def _value(self, text: str) -> Any:
        with self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(lambda transaction: transaction.run(text).single(strict=True)[0])

    def _indexes(self) -> set[str]:
        with self._session(neo4j.READ_ACCESS) as session:
            names = session.execute_read(lambda t: t.run(server_cypher.INDEX_NAMES).value())
            return set(names)

    def _set_up(self) -> None:
        # Constraints must exist before data: MERGE finds nodes by them, and they hold when two processes write at once.
        if self._is_set_up:
            return
        there = self._indexes()
        if not self._force:
            self._refuse_foreign_nodes(first=not there)
        for text in server_cypher.set_up():
            if text.split()[2] not in there:
                self._run_write(text)
        self._is_set_up = True

    def _refuse_foreign_nodes(self, *, first: bool) -> None:
        # Before the first load, without constraints and Corpus node of newsgraph, nodes under its labels belong to
        # another application. Later, nodes without an id do, because all nodes of newsgraph have one.
        if first and self._value(server_cypher.SCHEMA_VERSION_OF_STORE) is None:
            text, what = server_cypher.count_nodes(), ""
        else:
            text, what = server_cypher.count_nodes(without_id=True), " without an id"
        with self._session(neo4j.READ_ACCESS) as session:
            counts = session.execute_read(lambda transaction: transaction.run(text).single(strict=True).data())
        foreign = [f"{count:,} {label}" for label, count in counts.items() if count]
        if foreign:
            raise StoreError(
                self.url,
                f"another application's nodes have labels of newsgraph's: {', '.join(foreign)}{what}",
                "Give newsgraph a database of its own (?database=NAME), or pass force=True to share this one",
            )

    def _run_write(self, text: str) -> None:
        with self._session(neo4j.WRITE_ACCESS) as session:
            session.execute_write(lambda transaction: transaction.run(text).consume())

    def _write(self, work: Callable[[neo4j.ManagedTransaction], None]) -> None:
        # If the connection breaks during a commit, it is unknown whether it was done. But a batch can be applied twice.
        for last in (False, False, True):
            try:
                with self._session(neo4j.WRITE_ACCESS) as session:
                    return session.execute_write(work)
            except IncompleteCommit:
                if last:
                    raise
        return None

    def _stream(self, text: str) -> Iterator[list[Any]]:
        # Yields the column ``row`` of all rows. It is tried again only until the first row has arrived.
        self._check_open()
        with translated(self.url, self._user), self._session(neo4j.READ_ACCESS) as session:
            deadline = time.monotonic() + RETRY_SECONDS
            while True:
                try:
                    result = session.run(text)
                    result.peek()
                    break
                except (DriverError, Neo4jError) as error:
                    if not error.is_retryable() or time.monotonic() > deadline:
                        raise
                    time.sleep(1)
            for (row,) in result:
                yield row

    def _chunked(self, text: str, ids: Iterable[str]) -> Iterator[list[Any]]:
        self._check_open()

        def read(transaction: neo4j.ManagedTransaction, chunk: Sequence[str]) -> list[list[Any]]:
            return transaction.run(text, ids=chunk).value()

        for chunk in in_slices(list(dict.fromkeys(ids)), writes.CHUNK):
            with translated(self.url, self._user), self._session(neo4j.READ_ACCESS) as session:
                rows = session.execute_read(read, chunk)
            yield from rows
