"""The Neo4j store: a graph on a server, for corpora and teams beyond one machine. Needs Neo4j 5 or newer.

Every batch is one managed transaction: it is retried when the server or a cluster's leader goes away for a while, and
is there whole or not at all. Only nodes and edges of the types in ``graph/schema.py`` are read, written or deleted.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import neo4j
from neo4j.exceptions import DriverError, IncompleteCommit, Neo4jError

from newsgraph.errors import (
    StoreConnectionError,
    StoreError,
    StoreMissingError,
    StoreVersionError,
    StoreWriteError,
)
from newsgraph.graph import schema_cypher
from newsgraph.graph.batch import Batch, Columns, Edge, Node, columns_of_edges, columns_of_nodes
from newsgraph.graph.schema import SCHEMA_VERSION, EdgeType, NodeType, Type, property_types
from newsgraph.graph.stores import query_text, reading_rules, validation
from newsgraph.graph.stores.neo4j import cells, server_cypher
from newsgraph.graph.stores.neo4j.address import Address, credentials, parse
from newsgraph.graph.stores.neo4j.errors import translated, translated_query
from newsgraph.graph.stores.neo4j.writer_lease import Lease
from newsgraph.graph.stores.protocol import Rows

# The driver warns about what we tell as an error; without a handler that would reach the terminal.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

CONNECT_SECONDS = 10.0
#: How long a transaction is tried again while the server is away, with growing pauses.
RETRY_SECONDS = 30.0
#: Rows of one UNWIND; bench/stores.py has what other sizes cost.
CHUNK = 5_000
#: Rows that one answer of the server carries.
FETCH = 2_000
# The longest text that the server's index of ids takes, in bytes of UTF-8.
LONGEST_ID = 8_164

_IN_TRANSACTIONS = re.compile(r"\bIN\s+(?:\S+\s+CONCURRENT\s+)?TRANSACTIONS\b", re.IGNORECASE)
_T = TypeVar("_T")


def open_store(url: str, *, create: bool = True, readonly: bool = False) -> Neo4jStore:
    """Opens the store at a ``neo4j://`` or ``bolt://`` URL; see :func:`newsgraph.graph.stores.registry.open_store`.

    User and password come from NEO4J_USERNAME (else ``neo4j``) and NEO4J_PASSWORD or the file that NEO4J_PASSWORD_FILE
    names. Raises UsageError for an address that isn't one, StoreConnectionError when no Neo4j answers or it refuses the
    log-in, StoreVersionError for a Neo4j older than 5.
    """
    address = parse(url)
    return Neo4jStore(address, credentials(address.url), create=create, readonly=readonly)


class Neo4jStore:
    """A :class:`~newsgraph.graph.stores.protocol.Store` on a server."""

    def __init__(
        self, address: Address, login: tuple[str, str] | None, *, create: bool = True, readonly: bool = False
    ) -> None:
        self._address = address
        self._readonly = readonly
        self._user = login[0] if login else None
        self._closed = False
        self._is_set_up = False
        self._quiet: dict[str, Any] = {}
        with translated(self.url, self._user):
            self._driver = neo4j.GraphDatabase.driver(
                address.server,
                auth=login,
                connection_timeout=CONNECT_SECONDS,
                connection_acquisition_timeout=1.5 * CONNECT_SECONDS,  # the log-in counts towards it
                max_transaction_retry_time=RETRY_SECONDS,
                user_agent="newsgraph",
            )
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        self._lease = Lease(self.url, lambda: self._session(neo4j.WRITE_ACCESS))
        try:
            with translated(self.url, self._user):
                self._check_server()
                self._check_contents(create and not readonly)
                if create and not readonly:
                    self._set_up()
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        """The address, which never holds credentials."""
        return self._address.url

    def nodes(self, label: str, ids: Iterable[str] | None = None) -> Iterator[Node]:
        """As :meth:`Store.nodes`. Streams: memory is bounded by what one answer of the server carries."""
        self._check_open()
        declared = validation.node_type(label)
        if ids is None:
            return self._nodes(declared, self._stream(server_cypher.list_nodes(declared, some=False)))
        return self._nodes(declared, self._chunked(server_cypher.list_nodes(declared, some=True), ids))

    def edges(
        self, type: str, *, starts: Iterable[str] | None = None, ends: Iterable[str] | None = None
    ) -> Iterator[Edge]:
        """As :meth:`Store.edges`. Streams likewise."""
        self._check_open()
        declared = validation.edge_type(type)
        if starts is not None and ends is not None:
            raise StoreError(type, "both starts and ends are given", "Give one of them")
        if starts is not None:
            return self._edges(declared, self._chunked(server_cypher.list_edges(declared, by="start"), starts))
        if ends is not None:
            return self._edges(declared, self._chunked(server_cypher.list_edges(declared, by="end"), ends))
        return self._edges(declared, self._stream(server_cypher.list_edges(declared)))

    def node_columns(self, label: str, names: Sequence[str]) -> Iterator[Columns]:
        """As :meth:`Store.node_columns`."""
        return columns_of_nodes(self.nodes(label), names)

    def edge_columns(self, type: str, names: Sequence[str]) -> Iterator[Columns]:
        """As :meth:`Store.edge_columns`."""
        return columns_of_edges(self.edges(type), names)

    def write(self, batch: Batch) -> None:
        """As :meth:`Store.write`: in one transaction, which the server holds in memory until it is done."""
        self._check_open(to_write=True)
        if not batch:
            return
        steps = _steps(batch, self.url)

        def work(transaction: neo4j.ManagedTransaction) -> None:
            for text, name, rows, edge in steps:
                for chunk in _chunks(rows):
                    result = transaction.run(text, {name: chunk})
                    if edge is None:
                        result.consume()
                    elif result.single(strict=True)["written"] != len(chunk):
                        _raise_missing_end(transaction, edge, chunk)
            self._lease.confirm(transaction)

        with self.writer(), translated(self.url, self._user):
            self._write(work)

    @contextmanager
    def writer(self, *, wait: float = 0.0, waiting: Callable[[str], None] | None = None) -> Iterator[None]:
        """As :meth:`Store.writer`: nobody else writes to this store until it ends; see ``neo4j_writer``."""
        self._check_open(to_write=True)
        with translated(self.url, self._user):
            self._set_up()
            self._lease.take(wait, waiting)
        try:
            yield
        finally:
            self._lease.give_back()

    def save(self) -> None:
        """Nothing to do: a write that returned is on the server's disk."""
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
        """As :meth:`Store.query`. The server stops at the time limit, and sends no more rows than ``limit`` and one."""
        self._check_open(to_write=write)
        given = {name: cells.parameter(value) for name, value in (parameters or {}).items()}
        if not write:
            reading_rules.check_reads_only(text)
        query_text.check_parameters(text, given)

        def answer(runner: neo4j.ManagedTransaction | neo4j.Session) -> Rows:
            result = runner.run(question, given)
            records = list(result) if limit is None else result.fetch(limit + 1)
            columns = tuple(result.keys())
            result.consume()  # the server forgets the rest
            rows = [tuple(cells.cell(value) for value in record.values()) for record in records[:limit]]
            return Rows(columns, rows, cut=limit is not None and len(records) > limit)

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
                    # Such a text opens transactions of its own and so can't run inside one.
                    question = neo4j.Query(text, timeout=seconds)
                    return answer(session)
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

    def _session(self, access: str, fetch: int = FETCH) -> neo4j.Session:
        return self._driver.session(
            database=self._address.database,
            default_access_mode=access,
            bookmark_manager=self._bookmarks,
            fetch_size=fetch,
            **self._quiet,
        )

    def _check_server(self) -> None:
        # Asked without naming a database: a server that is too old or is none has to say so first.
        info = self._driver.get_server_info()
        found = re.match(r"Neo4j/(\d+)\.(\d+)", info.agent)
        if found is None:
            raise StoreConnectionError(
                self.url, f"{info.agent} answers, which is no Neo4j", "Give the address of a Neo4j"
            )
        if int(found[1]) < 5:
            raise StoreVersionError(
                self.url, f"it is Neo4j {found[1]}.{found[2]}, and newsgraph needs 5 or newer", "Update the server"
            )
        if info.protocol_version >= (5, 2):
            # Hints such as "unknown label" are no business of stderr; older servers can't be asked to keep them.
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
        # Constraints before data: MERGE finds by them, and they hold when two processes write at once.
        if self._is_set_up:
            return
        there = self._indexes()
        for text in server_cypher.set_up():
            if text.split()[2] not in there:
                self._run_write(text)
        self._is_set_up = True

    def _run_write(self, text: str) -> None:
        with self._session(neo4j.WRITE_ACCESS) as session:
            session.execute_write(lambda transaction: transaction.run(text).consume())

    def _write(self, work: Callable[[neo4j.ManagedTransaction], None]) -> None:
        # When the connection breaks during a commit, nobody knows whether it was done. A batch can be applied twice.
        for last in (False, False, True):
            try:
                with self._session(neo4j.WRITE_ACCESS) as session:
                    return session.execute_write(work)
            except IncompleteCommit:
                if last:
                    raise
        return None

    def _nodes(self, declared: NodeType, rows: Iterator[list[Any]]) -> Iterator[Node]:
        types, times, label = list(property_types(declared)), _times(declared, 1), declared.label
        for row in rows:
            _to_utc(row, times)
            yield Node(label, row[0], validation.read_properties(types, row[1:], f"{label} {row[0]}"))

    def _edges(self, declared: EdgeType, rows: Iterator[list[Any]]) -> Iterator[Edge]:
        types, times, name = list(property_types(declared)), _times(declared, 2), declared.type
        for row in rows:
            _to_utc(row, times)
            yield Edge(
                name, row[0], row[1], validation.read_properties(types, row[2:], f"{name} from {row[0]} to {row[1]}")
            )

    def _stream(self, text: str) -> Iterator[list[Any]]:
        # Column ``row`` of all rows. Tried again only until the first row is there.
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

        for chunk in _chunks(list(dict.fromkeys(ids))):
            with translated(self.url, self._user), self._session(neo4j.READ_ACCESS) as session:
                rows = session.execute_read(read, chunk)
            yield from rows


#: Text, name of its parameter, the parameter's rows; the edge type where fewer rows written are an error.
_Step = tuple[str, str, list[Any], EdgeType | None]


def _steps(batch: Batch, url: str) -> list[_Step]:
    # Sorted, so that two writers take the same locks in the same order.
    steps: list[_Step] = []
    for type_, pairs in sorted(validation.gone_edges(batch).items()):
        gone = [{"start": start, "end": end} for start, end in sorted(pairs)]
        steps.append((schema_cypher.delete_edges(validation.edge_type(type_)), "rows", gone, None))
    for label, ids in sorted(validation.gone_nodes(batch).items()):
        steps.append((schema_cypher.delete_nodes(validation.node_type(label)), "ids", sorted(ids), None))
    for label, nodes in sorted(validation.node_rows(batch).items()):
        for id_ in nodes:
            if len(id_) > LONGEST_ID // 4 and len(id_.encode()) > LONGEST_ID:
                raise StoreWriteError(
                    url,
                    f"a Neo4j index takes no id as long as {label} {id_:.60}...",
                    "Take that record out of the files",
                )
        rows: list[Any] = [{"id": id_, "properties": {"id": id_, **nodes[id_]}} for id_ in sorted(nodes)]
        steps.append((schema_cypher.merge_nodes(validation.node_type(label)), "rows", rows, None))
    for type_, edges in sorted(validation.edge_rows(batch).items()):
        declared = validation.edge_type(type_)
        rows = [{"start": ends[0], "end": ends[1], "properties": edges[ends]} for ends in sorted(edges)]
        steps.append((server_cypher.merge_edges(declared), "rows", rows, declared))
    return steps


def _raise_missing_end(transaction: neo4j.ManagedTransaction, edge: EdgeType, rows: Sequence[Any]) -> None:
    found = transaction.run(server_cypher.missing_end(edge), rows=rows).single(strict=True)
    start, end = found["start"], found["end"]
    raise validation.missing_end(edge, start, end, end if found["has_start"] else start)


def _times(declared: NodeType | EdgeType, first: int) -> list[int]:
    return [place for place, (_, kind) in enumerate(property_types(declared), first) if kind is Type.TIME]


def _to_utc(row: list[Any], places: Iterable[int]) -> None:
    # What is no time is left as it is, for validation.read_properties to say so.
    for place in places:
        if row[place] is not None:
            with suppress(ValueError):
                row[place] = datetime.fromisoformat(row[place].partition("[")[0])


def _chunks(rows: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
