"""A store of some made-up stories, and a server on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsgraph.graph.stores.registry import open_store
from newsgraph.serve.pages.desk import Serving
from tests.newsgraph.serve.running import Running, running
from tests.newsgraph.views.corpus import make


@pytest.fixture(scope="session")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store that no test changes."""
    url = str(tmp_path_factory.mktemp("served") / "news.kgl")
    with open_store(url) as store:
        store.write(make(160).batch())
    return url


@pytest.fixture(scope="module")
def live(store_url: str) -> Iterator[Running]:
    """A server on it, with a token."""
    with running(Serving(store_url, port=0)) as server:
        yield server


@pytest.fixture(scope="module")
def open_live(store_url: str) -> Iterator[Running]:
    """A server on it that asks for no token."""
    with running(Serving(store_url, port=0, token=False)) as server:
        yield server


@pytest.fixture
def own_store(tmp_path: Path) -> str:
    """A store that the test may change."""
    url = str(tmp_path / "own.kgl")
    with open_store(url) as store:
        store.write(make(60).batch())
    return url
