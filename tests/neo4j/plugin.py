"""Fixtures that give tests a real Neo4j: one server for the whole run, started when the first test asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from tests.neo4j import server

#: The real Neo4j among the parameters of a fixture that gives a test several stores in turn.
NEO4J = pytest.param("neo4j", marks=pytest.mark.neo4j)

#: The fixtures below that start it.
NEEDS_SERVER = frozenset({"neo4j_server", "neo4j_store_url", "open_empty_neo4j"})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that ask for the server by name. Those that use it by a parameter have ``NEO4J``'s mark."""
    for item in items:
        if not NEEDS_SERVER.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.neo4j)


def started(
    home: Path, *, version: str = server.VERSION, heap: str = "1g", settings: tuple[str, ...] = ()
) -> server.Neo4jServer:
    """A running server with its data in ``home``; skips the test when there is no JDK or Maven, or when Neo4j
    can't be fetched (a failure under CI)."""
    try:
        server.jars(version)
    except server.CannotStartError as error:
        pytest.skip(str(error))
    # Short runs gain more from a quick start than from the last optimisation.
    one = server.Neo4jServer(home, version=version, heap=heap, java_flags=("-XX:TieredStopAtLevel=1",))
    one.start(*settings)
    return one


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Neo4jServer]:
    """A running Neo4j with ``url``, ``user`` and ``password``; shared, so a test leaves it running."""
    one = started(tmp_path_factory.mktemp("neo4j"))
    yield one
    one.kill()  # an orderly end would take ten seconds and isn't needed


@pytest.fixture
def neo4j_store_url(neo4j_server: server.Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """URL of an empty store on the server, credentials in the environment."""
    monkeypatch.setenv("NEO4J_USERNAME", neo4j_server.user)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_server.password)
    monkeypatch.delenv("NEO4J_PASSWORD_FILE", raising=False)
    neo4j_server.clear()
    return neo4j_server.url


@pytest.fixture(scope="session")
def open_empty_neo4j(neo4j_server: server.Neo4jServer) -> Callable[[], Store]:
    """Opens a store on the server, emptied before. There is one database, so one at a time."""

    def opened() -> Store:
        neo4j_server.clear()
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("NEO4J_USERNAME", neo4j_server.user)
            environment.setenv("NEO4J_PASSWORD", neo4j_server.password)
            return open_store(neo4j_server.url)

    return opened
