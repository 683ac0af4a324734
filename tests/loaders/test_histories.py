"""The graph is a function of the files: any history of loads ends where a fresh load ends."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from tests.loaders.corpora import History, histories, put
from tests.loaders.snapshots import snapshot

NOW = datetime(2021, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["embedded", "networkx"])
@settings(max_examples=60)
@given(history=histories())
def test_any_history_ends_where_a_fresh_load_ends(kind: str, history: History) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "corpus")
        lived, fresh = (
            (f"{scratch}/lived.kgl", f"{scratch}/fresh.kgl") if kind == "embedded" else ("networkx:", "networkx:")
        )
        with open_store(lived) as store:
            for state in history.states:
                put(folder, state)
                load(store, [folder], now=NOW)
            after = snapshot(store)
            load(store, [folder], now=NOW)
            assert snapshot(store) == after, "loading twice changes nothing"
        with open_store(fresh) as store:
            load(store, [folder], now=NOW)
            assert after == snapshot(store)
