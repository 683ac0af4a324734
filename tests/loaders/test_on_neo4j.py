"""The rules of loading on a real Neo4j: the same properties, fewer examples, and two loads at once."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import newsgraph
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.transfer import differences
from newsgraph.loaders.load import load
from tests.loaders.corpora import History, histories, put
from tests.loaders.snapshots import snapshot
from tests.loaders.test_histories import NOW

ARTICLE = """---
title: Article {number} of {folder}
publishedDateTime: 2021-01-0{day}T10:00:00Z
webUrl: https://www.{folder}.example/{number}
provider: {{name: The {folder}, domain: {folder}.example}}
topics: [shared, {folder}]
related:
  - {{title: Shared, publishedDateTime: 2021-01-01T09:00:00Z, webUrl: https://shared.example/{day}}}
---
"""


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(history=histories())
def test_any_history_ends_where_a_fresh_load_ends(open_empty_neo4j: Callable[[], Store], history: History) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "corpus")
        with open_empty_neo4j() as store:
            for state in history.states:
                put(folder, state)
                load(store, [folder], now=NOW)
            after = snapshot(store)
            load(store, [folder], now=NOW)
            assert snapshot(store) == after, "loading twice changes nothing"
        with open_store("networkx:") as store:
            load(store, [folder], now=NOW)
            assert after == snapshot(store)


@pytest.mark.slow
def test_two_loads_at_once_end_as_two_in_turn(neo4j_store_url: str, tmp_path: Path) -> None:
    folders = [tmp_path / "north", tmp_path / "south"]
    for folder in folders:
        folder.mkdir()
        for number in range(40):
            text = ARTICLE.format(number=number, folder=folder.name, day=number % 8 + 1)
            (folder / f"{number}.md").write_text(text, encoding="utf-8")
    told: list[str] = []
    failures: list[BaseException] = []
    together = threading.Barrier(2)

    def work(folder: Path) -> None:
        try:
            with newsgraph.open(neo4j_store_url) as graph:
                together.wait(60)
                graph.load([folder], wait=120, waiting=told.append)
        except BaseException as error:  # told to the main thread below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(folder,)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    assert failures == []
    assert all("is writing to it" in line and "waiting for it" in line for line in told)
    with newsgraph.open("networkx:") as expected, newsgraph.open(neo4j_store_url) as graph:
        for folder in folders:
            expected.load([folder])
        found = [one for one in differences(expected.store, graph.store) if one.type != "Corpus"]
        assert found == []
        assert sum(1 for _ in graph.store.nodes("Story")) == 88
