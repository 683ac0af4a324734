"""What only a store on a server has to promise: other data stays, secrets stay secret, one writer at a time."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from newsgraph.errors import (
    QueryError,
    QueryTimeoutError,
    ReadOnlyError,
    StoreBusyError,
    StoreError,
    StoreMissingError,
    StoreVersionError,
    StoreWriteError,
)
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.schema import NODES, SCHEMA_VERSION
from newsgraph.graph.stores.neo4j import server_cypher as neo4j_statements
from newsgraph.graph.stores.neo4j import writer_lease as neo4j_writer
from newsgraph.graph.stores.neo4j import writes as module
from newsgraph.graph.stores.neo4j.store import Neo4jStore
from newsgraph.graph.stores.neo4j.writes import LONGEST_ID
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.stores.writer_lock import writing
from tests.neo4j.server import Neo4jServer

STORY = Node("Story", "https://a.example/1", {"title": "One", "published_at": datetime(2026, 1, 2, tzinfo=UTC)})
TOPIC = Node("Topic", "topic", {"name": "Topic"})
ABOUT = Edge("ABOUT", STORY.id, TOPIC.id)


@pytest.fixture
def store(neo4j_store_url: str) -> Neo4jStore:
    opened = open_store(neo4j_store_url)
    assert isinstance(opened, Neo4jStore)
    return opened


def test_constraints_and_indexes_are_there_before_data(store: Neo4jStore, neo4j_server: Neo4jServer) -> None:
    with store, neo4j_server.driver() as driver:
        names = set(driver.execute_query("SHOW CONSTRAINTS YIELD name RETURN collect(name)").records[0][0])
        indexes = set(driver.execute_query("SHOW INDEXES YIELD name RETURN collect(name)").records[0][0])
    assert {f"newsgraph_{label.lower()}_id" for label in NODES} <= names
    assert "newsgraph_story_published_at" in indexes


def test_every_text_of_the_schema_is_understood_and_reads_walk_the_index(
    store: Neo4jStore, neo4j_server: Neo4jServer
) -> None:
    with store, neo4j_server.driver() as driver:
        for node in NODES.values():
            plan = driver.execute_query(f"EXPLAIN {neo4j_statements.list_nodes(node, some=False)}").summary.plan
            operators = []
            while plan is not None:
                operators.append(plan["operatorType"].partition("@")[0])
                plan = plan["children"][0] if plan.get("children") else None
            assert "NodeIndexScan" in operators and "Sort" not in operators


def test_other_data_in_the_database_stays_as_it_was(store: Neo4jStore, neo4j_server: Neo4jServer) -> None:
    theirs = "MATCH (n) WHERE n.theirs RETURN labels(n) AS labels, properties(n) AS properties ORDER BY n.name"
    edges = "MATCH (a)-[r:KNOWS]->(b) RETURN a.name AS a, b.name AS b, r.since AS since ORDER BY a"
    with store, neo4j_server.driver() as driver:
        driver.execute_query(
            "CREATE (:Person {name: 'Ana', theirs: true})-[:KNOWS {since: 1}]->(b:Person {name: 'Bo', theirs: true}), "
            "(b)-[:KNOWS]->(:Story {name: 'no id', theirs: true})"
        )
        before = [driver.execute_query(text).records for text in (theirs, edges)]
        store.write(Batch(nodes=[STORY, TOPIC], edges=[ABOUT]))
        assert list(store.nodes("Story")) == [STORY]
        assert list(store.edges("ABOUT")) == [ABOUT]
        store.write(Batch(gone_nodes=[("Story", STORY.id), ("Story", "no id"), ("Topic", TOPIC.id)]))
        assert list(store.nodes("Story")) == []
        assert [driver.execute_query(text).records for text in (theirs, edges)] == before
        assert driver.execute_query("MATCH (n) RETURN count(n)").records[0][0] == 3


def test_labels_of_others_on_our_nodes_stay(store: Neo4jStore) -> None:
    with store:
        store.write(Batch(nodes=[STORY]))
        store.query("MATCH (n:Story) SET n:Favourite", write=True)
        store.write(Batch(nodes=[Node("Story", STORY.id, {"title": "Two"})]))
        rows = store.query("MATCH (n:Favourite) RETURN n.title AS title, n").rows
    assert rows == [("Two", {"id": STORY.id, "title": "Two"})]


def test_no_password_in_urls_errors_or_logs(
    neo4j_server: Neo4jServer, neo4j_store_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with open_store(neo4j_store_url) as store:
        store.write(Batch(nodes=[STORY]))
        with pytest.raises(QueryError) as caught:
            store.query("RETURN nonsense(1)")
        assert neo4j_server.password not in store.url + repr(store) + str(caught.value)
    assert neo4j_server.password not in caplog.text
    assert len(caplog.records) > 0


def test_a_hint_of_the_server_does_not_reach_the_terminal(
    store: Neo4jStore, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with store:
        assert len(store.query("MATCH (n:Unheard {of: 1})-[:OF]->() RETURN n.it")) == 0
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert capfd.readouterr() == ("", "")


def test_a_store_that_was_never_made_is_missing(neo4j_store_url: str, neo4j_server: Neo4jServer) -> None:
    with neo4j_server.driver() as driver:
        for name in driver.execute_query("SHOW CONSTRAINTS YIELD name RETURN collect(name)").records[0][0]:
            driver.execute_query(f"DROP CONSTRAINT {name}")
        driver.execute_query("DROP INDEX newsgraph_story_published_at IF EXISTS")
    for readonly in (False, True):
        with pytest.raises(StoreMissingError, match="nothing loaded yet"):
            open_store(neo4j_store_url, create=False, readonly=readonly)
    open_store(neo4j_store_url).close()
    with open_store(neo4j_store_url, create=False) as store:
        store.write(Batch(nodes=[STORY]))
    with open_store(neo4j_store_url, create=False, readonly=True) as store:
        assert list(store.nodes("Story")) == [STORY]
        with pytest.raises(StoreError, match="reading only"):
            store.write(Batch(nodes=[STORY]))


def test_a_database_that_is_not_there(neo4j_store_url: str) -> None:
    with pytest.raises(StoreMissingError, match="no such database"):
        open_store(f"{neo4j_store_url}?database=nowhere")
    with open_store(f"{neo4j_store_url.replace('bolt', 'neo4j')}?database=neo4j") as store:
        store.write(Batch(nodes=[STORY]))
        assert list(store.nodes("Story")) == [STORY]


def test_a_store_of_a_newer_newsgraph_is_refused(store: Neo4jStore, neo4j_store_url: str) -> None:
    with store:
        store.write(Batch(nodes=[Node("Corpus", "corpus", {"schema_version": SCHEMA_VERSION + 1})]))
    with pytest.raises(StoreVersionError, match="newer newsgraph"):
        open_store(neo4j_store_url)


def test_a_query_past_its_time_limit_is_stopped(store: Neo4jStore) -> None:
    with store:
        with pytest.raises(QueryTimeoutError, match=r"0\.2 s"):
            store.query("UNWIND range(1, 1000000000) AS x WITH x WHERE x % 7 = 9 RETURN x", timeout=0.2)
        assert store.query("RETURN 1 AS one", timeout=60).rows == [(1,)]


def test_a_row_limit_does_not_fetch_the_rest(store: Neo4jStore) -> None:
    # A thousand million rows would neither fit nor arrive within the time limit.
    with store:
        rows = store.query("UNWIND range(1, 1000000000) AS x RETURN x", limit=3, timeout=60)
    assert (rows.rows, rows.cut) == ([(1,), (2,), (3,)], True)


def test_the_server_itself_refuses_to_write_in_a_reading_query(
    store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsgraph.graph.stores.reading_rules.check_reads_only", lambda text: None)
    with store, pytest.raises(ReadOnlyError):
        store.query("CREATE (n:Story {id: 'x'})")


def test_a_text_with_transactions_of_its_own_runs(store: Neo4jStore) -> None:
    with store:
        text = "UNWIND $ids AS id CALL (id) { CREATE (:Topic {id: id}) } IN TRANSACTIONS OF 2 ROWS"
        store.query(text, {"ids": ["a", "b", "c"]}, write=True)
        assert [node.id for node in store.nodes("Topic")] == ["a", "b", "c"]


def test_an_id_as_long_as_the_index_takes(store: Neo4jStore) -> None:
    with store:
        longest = "x" * LONGEST_ID
        store.write(Batch(nodes=[Node("Topic", longest)]))
        assert [node.id for node in store.nodes("Topic")] == [longest]
        with pytest.raises(StoreWriteError, match="as long as Topic x"):
            store.write(Batch(nodes=[Node("Topic", longest + "x"), TOPIC]))
        assert [node.id for node in store.nodes("Topic")] == [longest]


def test_what_pythons_times_cannot_hold(store: Neo4jStore) -> None:
    with store, pytest.raises(QueryError, match=r"toString"):
        store.query("RETURN datetime('+12020-01-01T00:00Z') AS far")


def test_a_closed_store_says_so(store: Neo4jStore) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.nodes("Story")


# One writer at a time


def test_a_second_writer_is_told_who_is_writing(store: Neo4jStore, neo4j_store_url: str) -> None:
    with store, open_store(neo4j_store_url) as other:
        with store.writer():
            with pytest.raises(StoreBusyError, match=r"process \d+\) is writing to it since .* sign of life"):
                other.write(Batch(nodes=[STORY]))
            with pytest.raises(StoreBusyError):
                other.query("CREATE (:Topic {id: 'x'})", write=True)
            store.write(Batch(nodes=[STORY]))
            assert list(other.nodes("Story")) == [STORY]
        other.write(Batch(nodes=[TOPIC]))
        assert store.query(f"MATCH (n:{neo4j_statements.WRITER_LABEL}) RETURN count(n) AS n").rows == [(0,)]


def test_two_that_read_merge_and_write_at_once_lose_nothing(store: Neo4jStore, neo4j_store_url: str) -> None:
    told: list[str] = []
    failures: list[BaseException] = []

    def add(name: str) -> None:
        try:
            with open_store(neo4j_store_url) as own:
                for turn in range(5):
                    with writing(own, wait=60, waiting=told.append):
                        (topic,) = own.nodes("Topic")
                        words = topic.properties.get("keywords", ())
                        assert isinstance(words, tuple)
                        own.write(Batch(nodes=[Node("Topic", topic.id, {"keywords": (*words, f"{name}{turn}")})]))
        except BaseException as error:  # told to the main thread below
            failures.append(error)

    with store:
        store.write(Batch(nodes=[TOPIC]))
        threads = [threading.Thread(target=add, args=(name,)) for name in "abc"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert failures == []
        (topic,) = store.nodes("Topic")
        assert sorted(topic.properties["keywords"]) == sorted(f"{name}{turn}" for name in "abc" for turn in range(5))  # type: ignore[arg-type]  # a tuple
    assert all("waiting for it" in line for line in told)


def test_many_that_take_turns_quickly_are_never_two_at_once(
    store: Neo4jStore, neo4j_store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The node of the lease is removed and made anew all the time here, while others wait for it.
    monkeypatch.setattr(neo4j_writer, "POLL_SECONDS", 0.001)
    writing_now = threading.Lock()

    def take_turns() -> int:
        turns = 0
        with open_store(neo4j_store_url) as own:
            for _ in range(30):
                with writing(own, wait=600):
                    assert writing_now.acquire(blocking=False)
                    turns += 1
                    writing_now.release()
        return turns

    with store, ThreadPoolExecutor(4) as pool:
        turns = [pool.submit(take_turns) for _ in range(4)]
        assert [turn.result() for turn in turns] == [30] * 4


def set_clock(server: Neo4jServer, hours: int) -> None:
    """Changes when the last sign of life was given, as a clock that is set does."""
    text = f"MATCH (w:{neo4j_statements.WRITER_LABEL}) SET w.seen_at = w.seen_at + duration({{hours: $hours}})"
    with server.driver() as driver:
        driver.execute_query(text, hours=hours)


@pytest.mark.parametrize("hours", [-1, 1], ids=["died an hour ago", "died, and the clock was set back"])
def test_a_writer_that_died_gives_way_and_can_write_no_more(
    store: Neo4jStore, neo4j_store_url: str, neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    monkeypatch.setattr(neo4j_writer, "BEAT_SECONDS", 3600.0)  # no sign of life, as after a kill
    monkeypatch.setattr(neo4j_writer, "POLL_SECONDS", 0.05)
    told: list[str] = []

    def waiting(line: str) -> None:
        told.append(line)
        set_clock(neo4j_server, hours)

    with store, open_store(neo4j_store_url) as other:
        assert isinstance(other, Neo4jStore)
        with store.writer():
            with other.writer(wait=60, waiting=waiting):
                with pytest.raises(StoreBusyError, match="took over"):
                    store.write(Batch(nodes=[STORY]))
                other.write(Batch(nodes=[TOPIC]))
            assert list(store.nodes("Story")) == []
        assert len(told) == 1
        store.write(Batch(nodes=[STORY]))
        assert list(store.nodes("Story")) == [STORY]


def test_a_sign_of_life_keeps_the_lease(
    store: Neo4jStore, neo4j_store_url: str, neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neo4j_writer, "BEAT_SECONDS", 0.05)
    with store, open_store(neo4j_store_url) as other, store.writer():
        assert isinstance(other, Neo4jStore)
        set_clock(neo4j_server, -1)
        ago = f"MATCH (w:{neo4j_statements.WRITER_LABEL}) RETURN datetime.realtime() - duration('PT30M') > w.seen_at"
        for _ in range(20_000):  # until the next sign, which comes at once
            if store.query(ago).rows == [(False,)]:
                break
        with pytest.raises(StoreBusyError):
            other.writer(wait=0).__enter__()
        store.write(Batch(nodes=[STORY]))


def test_batches_larger_than_one_statement(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 3)
    nodes = [Node("Topic", f"{n:02}", {"name": str(n)}) for n in range(10)]
    edges = [Edge("SUBTOPIC_OF", f"{n:02}", "00") for n in range(1, 10)]
    with store:
        store.write(Batch(nodes=nodes, edges=edges))
        assert list(store.nodes("Topic")) == nodes
        assert list(store.edges("SUBTOPIC_OF", starts=[edge.start for edge in edges])) == edges
        lost = Edge("SUBTOPIC_OF", "09", "nowhere")
        with pytest.raises(StoreError, match="no Topic nowhere"):
            store.write(Batch(nodes=[Node("Topic", "new")], edges=[*edges, lost]))
        assert list(store.nodes("Topic")) == nodes
        store.write(Batch(gone_nodes=[("Topic", node.id) for node in nodes]))
        assert list(store.nodes("Topic")) == []
        assert list(store.edges("SUBTOPIC_OF")) == []
