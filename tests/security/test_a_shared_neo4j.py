"""Promise: on a server that another application uses too, its nodes under our labels stop a first load, and are left as
they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newsgraph.errors import StoreError
from newsgraph.graph.stores.registry import open_store
from tests.neo4j.server import Neo4jServer
from tests.security.graphs import graph

FOREIGN = "CREATE (:Story {title: 'theirs'}), (:Story {title: 'theirs too'}), (:Topic {id: 'x', owner: 'them'})"


@pytest.fixture
def url(neo4j_server: Neo4jServer, neo4j_store_url: str) -> Iterator[str]:
    """A server as before any load: without nodes, and without constraints of ours."""
    without_constraints(neo4j_server)
    yield neo4j_store_url
    neo4j_server.clear()


def without_constraints(server: Neo4jServer) -> None:
    with server.driver() as driver, driver.session() as session:
        for kind, all_of_them in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
            names = session.run(
                f"SHOW {all_of_them} YIELD name WHERE name STARTS WITH 'newsgraph_' RETURN name"
            ).value()
            for name in names:
                session.run(f"DROP {kind} {name}").consume()


def run(server: Neo4jServer, text: str) -> list[object]:
    with server.driver() as driver, driver.session() as session:
        return list(session.run(text).value())


def test_a_first_load_is_refused(neo4j_server: Neo4jServer, url: str) -> None:
    run(neo4j_server, FOREIGN)
    with pytest.raises(StoreError, match=r"another application.*: 2 Story, 1 Topic\. .*force=True"):
        open_store(url)
    assert run(neo4j_server, "SHOW CONSTRAINTS YIELD name WHERE name STARTS WITH 'newsgraph' RETURN name") == []


def test_other_labels_are_no_hindrance(neo4j_server: Neo4jServer, url: str) -> None:
    run(neo4j_server, "CREATE (:Person {id: 'p'})-[:KNOWS]->(:Person {id: 'q'})")
    with open_store(url) as store:
        store.write(graph())
    assert run(neo4j_server, "MATCH (p:Person)-[:KNOWS]->(q) RETURN count(*)") == [1]


def test_with_force_theirs_are_left_alone(neo4j_server: Neo4jServer, url: str) -> None:
    run(neo4j_server, FOREIGN)
    with open_store(url, force=True) as store:
        store.write(graph())
        assert len(list(store.nodes("Story"))) == 20, "theirs have no id"
    assert sorted(map(str, run(neo4j_server, "MATCH (s:Story) WHERE s.id IS NULL RETURN s.title"))) == [
        "theirs",
        "theirs too",
    ]
    assert run(neo4j_server, "MATCH (t:Topic {id: 'x'}) RETURN t.owner") == ["them"]


def test_what_comes_later_is_told(neo4j_server: Neo4jServer, url: str) -> None:
    with open_store(url) as store:
        store.write(graph())
    run(neo4j_server, "CREATE (:Story {title: 'theirs'})")
    with pytest.raises(StoreError, match="1 Story without an id"):
        open_store(url)
    with open_store(url, create=False, readonly=True) as store:
        assert len(list(store.nodes("Story"))) == 20


def test_a_store_of_ours_opens_again(url: str) -> None:
    for _ in range(2):
        with open_store(url) as store:
            store.write(graph())
