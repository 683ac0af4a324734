"""Promise: a query on a server has one time limit for all of it, and no value of it runs on after that."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from newsgraph.errors import QueryError, QueryLimitError, QueryTimeoutError
from newsgraph.graph.batch import Batch, Node
from newsgraph.graph.stores.neo4j.user_queries import within
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.stores.writer_lock import writing


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"bolt://127.0.0.1:{server.getsockname()[1]}"


def test_connecting_is_part_of_the_time(silent: str) -> None:
    began = time.monotonic()
    with (
        open_store(silent, create=False, readonly=True, defer=True) as store,
        pytest.raises(QueryTimeoutError, match=r"ran longer than 0\.5 s"),
    ):
        store.user_query("RETURN 1 AS a", timeout=0.5)
    assert time.monotonic() - began < 20  # less than the driver itself would wait


def test_what_was_given_up_ends() -> None:
    ended = threading.Event()

    def work(given_up: threading.Event) -> None:
        given_up.wait(60)
        ended.set()

    with pytest.raises(QueryTimeoutError):
        within(0.1, work)
    assert ended.wait(60)


def test_an_error_of_the_work_is_the_error() -> None:
    def work(_given_up: threading.Event) -> None:
        raise QueryLimitError("query", "too much")

    for seconds in (None, 60.0):
        with pytest.raises(QueryLimitError, match="too much"):
            within(seconds, work)
    assert within(60.0, lambda _given_up: 3) == 3


LISTS = "WITH collect(s.title) AS l RETURN size([a IN l WHERE any(b IN l WHERE a CONTAINS b + 'x')]) AS n"


def test_a_value_that_runs_on_is_not_sent_to_a_neo4j(open_empty_neo4j: Callable[[], Store]) -> None:
    """How long a list will be, the server's own plan says."""
    with open_empty_neo4j() as store:
        store.write(
            Batch(nodes=[Node("Story", f"https://a.example/{n}", {"title": f"Rain {n}"}) for n in range(11_000)])
        )
        for write in (False, True):
            with pytest.raises(QueryLimitError, match=r"one value of it .* by UNWIND"):
                store.user_query(f"MATCH (s:Story) {LISTS}", write=write)
            with pytest.raises(QueryLimitError, match="one value"):
                store.user_query("RETURN reduce(s = 'a', x IN range(1, 40) | s + s) AS s", write=write)
        some = "MATCH (s:Story) WHERE s.id IN ['https://a.example/1', 'https://a.example/2'] "
        assert store.user_query(some + LISTS).rows == [(0,)]
        rows = store.user_query(
            "MATCH (s:Story) WITH s LIMIT 50 WITH collect(s) AS l UNWIND l AS a RETURN count(a) AS n"
        )
        assert rows.rows == [(50,)]


def test_who_writes_to_a_neo4j_is_not_shown(open_empty_neo4j: Callable[[], Store]) -> None:
    with open_empty_neo4j() as store, writing(store):
        for name in ("NewsgraphWriter", "`NewsgraphWriter`", "Newsgraph\\u0057riter"):
            with pytest.raises(QueryError, match="kept for newsgraph itself"):
                store.user_query(f"MATCH (w:{name}) RETURN w")
        assert [row for row in store.user_query("MATCH (n) RETURN n") if row[0]] == []
        assert [
            row for row in store.user_query("MATCH (n) RETURN collect({a: [n]}) AS l") if "token" in repr(row)
        ] == []
