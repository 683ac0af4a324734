"""The three stores, each filled with the graph of :mod:`tests.security.graphs`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from tests.neo4j.plugin import NEO4J
from tests.security.graphs import graph

#: A store in a file, one in memory, and a server.
KINDS = ("embedded", "networkx", NEO4J)


@pytest.fixture(scope="module", params=KINDS)
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of each kind that no test changes."""
    folder: Path = tmp_path_factory.mktemp("full")
    if request.param == "neo4j":
        store = request.getfixturevalue("open_empty_neo4j")()
    else:
        store = open_store({"embedded": f"{folder}/news.kgl", "networkx": "networkx:"}[request.param])
    with store:
        store.write(graph())
        store.save()
        yield store


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of each kind to be changed."""
    if request.param == "neo4j":
        opened = request.getfixturevalue("open_empty_neo4j")()
    else:
        opened = open_store({"embedded": f"{tmp_path}/news.kgl", "networkx": "networkx:"}[request.param])
    with opened:
        opened.write(graph())
        opened.save()
        yield opened
