"""The stores that questions are asked of: the embedded one and the networkx one. Neo4j has tests of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store


@pytest.fixture(scope="session", params=["embedded", "networkx"])
def new_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Store]:
    """Opens an empty store with each call; the caller closes it."""
    folder, numbers = tmp_path_factory.mktemp("stores"), count()
    if request.param == "networkx":
        return lambda: open_store("networkx:")
    return lambda: open_store(str(folder / f"{next(numbers)}.kgl"))


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Iterator[Store]:
    """An empty store."""
    with new_store() as opened:
        yield opened
