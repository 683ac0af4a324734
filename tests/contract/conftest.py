"""The stores that the contract tests run on. A new store is one line in ``KINDS``, and no test may leave it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from newsgraph.graph.batch import Batch
from newsgraph.graph.stores.protocol import Rows, Store
from newsgraph.graph.stores.registry import open_store
from tests.neo4j.plugin import NEO4J

#: Opens an empty store, a new one with each call.
Maker = Callable[[], Store]


class Reopened:
    """A store that is saved, closed and opened again after each change, so that nothing can be in memory alone."""

    def __init__(self, url: str) -> None:
        self._store = open_store(url)

    def write(self, batch: Batch) -> None:
        self._store.write(batch)
        self._reopen()

    def query(self, text: str, parameters: dict[str, Any] | None = None, **options: Any) -> Rows:
        rows = self._store.query(text, parameters, **options)
        if options.get("write"):
            self._reopen()
        return rows

    def _reopen(self) -> None:
        self._store.save()
        self._store.close()
        self._store = open_store(self._store.url, create=False)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def __enter__(self) -> Reopened:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()


def _files(ending: str, scheme: str = "", *, reopened: bool = False) -> Callable[[pytest.FixtureRequest], Maker]:
    def maker(request: pytest.FixtureRequest) -> Maker:
        folder = request.getfixturevalue("tmp_path_factory").mktemp("store")
        numbers = count()
        opened: Any = Reopened if reopened else open_store
        return lambda: opened(f"{scheme}{folder / str(next(numbers))}{ending}")

    return maker


KINDS: dict[str, Callable[[pytest.FixtureRequest], Maker]] = {
    "embedded": _files(".kgl"),
    "embedded, reopened": _files(".kgl", reopened=True),
    "networkx": lambda _: lambda: open_store("networkx:"),
    "networkx file, reopened": _files(".json", "networkx:", reopened=True),
    "neo4j": lambda request: request.getfixturevalue("open_empty_neo4j"),
}


@pytest.fixture(scope="session", params=[NEO4J if kind == "neo4j" else kind for kind in KINDS])
def new_store(request: pytest.FixtureRequest) -> Maker:
    """Opens an empty store with each call; the caller closes it."""
    return KINDS[request.param](request)


@pytest.fixture
def store(new_store: Maker) -> Iterator[Store]:
    """An empty store."""
    opened = new_store()
    yield opened
    opened.close()
