"""A real server that refuses, dies and comes back, or is too old: one line with the remedy, nothing lost or doubled."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from neo4j.exceptions import ConnectionAcquisitionTimeoutError

from newsgraph.errors import NewsgraphError, StoreConnectionError, StoreVersionError, StoreWriteError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES
from newsgraph.graph.stores.neo4j import store as module
from newsgraph.graph.stores.neo4j import writer_lease as neo4j_writer
from newsgraph.graph.stores.neo4j.errors import translated
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.stores.writer_lock import writing
from tests.neo4j import server
from tests.neo4j.plugin import started
from tests.neo4j.server import Neo4jServer

BATCHES = 60


def _batch(number: int) -> Batch:
    stories = [Node("Story", f"https://a.example/{number}/{place}", {"title": f"{number}"}) for place in range(50)]
    outlet = Node("Outlet", f"{number % 5}.example", {"name": "An outlet"})
    return Batch(
        nodes=[*stories, outlet],
        edges=[Edge("PUBLISHED_BY", story.id, outlet.id) for story in stories],
        gone_nodes=[("Story", f"https://a.example/{number - 10}/0")],
    )


def _load(store: Store, done: list[int], *, first: int = 0) -> None:
    with writing(store, wait=60):
        for number in range(first, BATCHES):
            store.write(_batch(number))
            done.append(number)


def _contents(store: Store) -> list[object]:
    nodes = [node for declared in NODE_TYPES for node in store.nodes(declared.label)]
    return [*nodes, *(edge for declared in EDGE_TYPES for edge in store.edges(declared.type))]


@pytest.fixture
def undisturbed() -> list[object]:
    with open_store("networkx:") as store:
        _load(store, [])
        return _contents(store)


def _one_line(caught: pytest.ExceptionInfo[NewsgraphError], neo4j_server: Neo4jServer) -> str:
    message = str(caught.value)
    assert "\n" not in message and caught.value.remedy and neo4j_server.password not in message
    return message


def test_a_wrong_password(neo4j_store_url: str, neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "a wrong one")
    with pytest.raises(StoreConnectionError, match="refuses the log-in") as caught:
        open_store(neo4j_store_url)
    assert "a wrong one" not in _one_line(caught, neo4j_server)
    assert caught.value.exit_code == 3


def test_no_password(neo4j_store_url: str, neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_PASSWORD")
    with pytest.raises(StoreConnectionError, match=r"no password is set.*NEO4J_PASSWORD") as caught:
        open_store(neo4j_store_url)
    _one_line(caught, neo4j_server)


def test_encryption_that_the_server_has_not(neo4j_store_url: str, neo4j_server: Neo4jServer) -> None:
    with pytest.raises(StoreConnectionError, match="doesn't speak TLS") as caught:
        open_store(neo4j_store_url.replace("bolt:", "neo4j+s:"))
    _one_line(caught, neo4j_server)


@pytest.mark.slow
def test_a_load_goes_on_when_the_server_was_killed_and_came_back(
    neo4j_store_url: str, neo4j_server: Neo4jServer, undisturbed: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 300.0)
    done: list[int] = []
    failures: list[BaseException] = []

    def work(store: Store) -> None:
        try:
            _load(store, done)
        except BaseException as error:  # told to the main thread below
            failures.append(error)

    with open_store(neo4j_store_url) as store:
        loader = threading.Thread(target=work, args=(store,))
        loader.start()
        while len(done) < BATCHES // 4 and loader.is_alive():
            time.sleep(0.01)
        neo4j_server.kill()
        before = len(done)
        neo4j_server.start()
        loader.join(300)
        assert not loader.is_alive() and failures == []
        assert before < BATCHES == len(done)
        assert _contents(store) == undisturbed


@pytest.mark.slow
def test_a_load_cut_short_by_a_killed_server_is_made_good_by_the_next(
    neo4j_store_url: str, neo4j_server: Neo4jServer, undisturbed: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.5)
    monkeypatch.setattr(neo4j_writer, "EXPIRY_SECONDS", 2)
    done: list[int] = []
    with open_store(neo4j_store_url) as store:

        def kill_in_the_middle() -> None:
            _until(done, BATCHES // 4)
            neo4j_server.kill()

        killer = threading.Thread(target=kill_in_the_middle)
        killer.start()
        with pytest.raises(StoreConnectionError, match="nothing listens there") as caught:
            _load(store, done)
        killer.join()
        _one_line(caught, neo4j_server)
        with pytest.raises(StoreConnectionError, match="nothing listens there"):
            list(store.nodes("Story"))
        with pytest.raises(StoreConnectionError, match="nothing listens there"):
            store.query("RETURN 1")
    with pytest.raises(StoreConnectionError, match="nothing listens there"):
        open_store(neo4j_store_url)
    neo4j_server.start()
    with open_store(neo4j_store_url) as store:
        # What was reported as written is there: what the next load has not changed yet.
        written = {node.id for node in store.nodes("Story")}
        assert {node.id for node in _batch(done[-1]).nodes if node.label == "Story"} <= written
        _load(store, done)
        assert _contents(store) == undisturbed


def _until(done: list[int], count: int) -> None:
    deadline = time.monotonic() + 120
    while len(done) < count and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.mark.slow
def test_a_database_that_is_read_only(
    neo4j_store_url: str, neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 1.0)
    with open_store(neo4j_store_url) as store:
        store.write(_batch(0))
        before = _contents(store)
    neo4j_server.kill()
    neo4j_server.start("server.databases.read_only=neo4j")
    try:
        with open_store(neo4j_store_url) as store:
            with pytest.raises(StoreWriteError, match="the database is read-only") as caught:
                store.write(_batch(1))
            _one_line(caught, neo4j_server)
            assert _contents(store) == before
    finally:
        neo4j_server.kill()
        neo4j_server.start()


@pytest.fixture(scope="module")
def old_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """A Neo4j of the line before 5."""
    one = started(tmp_path_factory.mktemp("neo4j-4"), version=server.OLD_VERSION, heap="512m")
    yield one
    one.kill()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_neo4j_older_than_5(old_server: Neo4jServer, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", old_server.password)
    with pytest.raises(StoreVersionError, match=r"Neo4j 4\.4.*needs 5 or newer") as caught:
        open_store(old_server.url.replace("bolt", scheme))
    _one_line(caught, old_server)


def test_what_the_driver_itself_says_is_told(neo4j_store_url: str) -> None:
    # Its own errors have a general text in ``message``, which says nothing.
    with (
        pytest.raises(StoreConnectionError, match=r"the connection is lost: no connection within 15 s\. Check"),
        translated(neo4j_store_url, "neo4j"),
    ):
        raise ConnectionAcquisitionTimeoutError("no connection within 15 s")
