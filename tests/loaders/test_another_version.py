"""A store that another version of newsgraph wrote: this version reads the files again, and derives the events anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from newsgraph.graph.batch import Batch
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.events import DEFAULTS, EventSettings
from newsgraph.graph.events.sync import derive_events, kept_settings
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from newsgraph.loaders.load_report import LoadReport
from newsgraph.loaders.records import ArticleRecord, Reading
from newsgraph.loaders.registry import reading_of

NOW = datetime(2021, 6, 1, tzinfo=UTC)
ARTICLE = """---
title: Ferry aground
webUrl: https://{}.example/ferry
publishedDateTime: 2021-05-01T1{}:00Z
---
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number, outlet in enumerate(("ledger", "gazette")):
        (folder / f"{outlet}.md").write_text(ARTICLE.format(outlet, f"{number}:00"))
    return folder


@pytest.fixture(params=["networkx:", "{}.kgl"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param.format(tmp_path / "news")) as store:
        yield store


@contextmanager
def earlier_version() -> Iterator[None]:
    """Within it, newsgraph is an earlier version, which didn't understand titles well."""

    def read(*args: Any) -> Reading:
        reading = reading_of(*args)
        records = tuple(structs.replace(one, title="?") for one in reading.records if isinstance(one, ArticleRecord))
        return structs.replace(reading, records=records)

    with pytest.MonkeyPatch.context() as patch:
        for module in ("loaders.source_reading", "graph.events.sync"):
            patch.setattr(f"newsgraph.{module}.__version__", "0.0.9")
        patch.setattr("newsgraph.loaders.source_reading.reading_of", read)
        yield


def loaded(store: Store, corpus: Path) -> LoadReport:
    report = load(store, [corpus], now=NOW)
    derive_events(store, changed=report.changed_stories)
    return report


def titles(store: Store) -> set[object]:
    return {node.properties["title"] for node in store.nodes("Story")}


def test_files_that_another_version_read_are_read_again_once(store: Store, corpus: Path) -> None:
    with earlier_version():
        loaded(store, corpus)
        assert loaded(store, corpus).unchanged == 2
    assert titles(store) == {"?"}
    report = loaded(store, corpus)
    assert (report.read, report.unchanged) == (2, 0)
    assert "files that another version of newsgraph read are read again: 2" in report.notes
    assert titles(store) == {"Ferry aground"}
    again = loaded(store, corpus)
    assert (again.read, again.unchanged, again.notes) == (0, 2, [])


def test_what_is_only_understood_better_is_no_edit(store: Store, corpus: Path) -> None:
    with earlier_version():
        load(store, [corpus], now=NOW, keep_versions=True)
    load(store, [corpus], now=NOW)
    assert not list(store.nodes("Version"))
    ledger = corpus / "ledger.md"
    ledger.write_text(ledger.read_text().replace("aground", "afloat"))
    load(store, [corpus], now=NOW)
    assert [node.properties["title"] for node in store.nodes("Version")] == ["Ferry aground"]


def test_events_of_another_version_are_derived_anew(store: Store, corpus: Path) -> None:
    loaded(store, corpus)
    right = list(store.edges("COVERS"))
    wrong = [edge._replace(properties={**edge.properties, "score": 0.123}) for edge in right]
    store.write(Batch(edges=wrong))
    loaded(store, corpus)
    assert list(store.edges("COVERS")) == wrong  # nothing has changed, so nothing is derived
    with earlier_version():
        derive_events(store)
    store.write(Batch(edges=wrong))
    loaded(store, corpus)
    assert list(store.edges("COVERS")) == right


def test_only_what_was_chosen_is_kept(store: Store, corpus: Path) -> None:
    loaded(store, corpus)
    assert json.loads(Corpus.of(store).event_settings) == {}
    derive_events(store, settings=EventSettings(threshold=0.2))
    assert json.loads(Corpus.of(store).event_settings) == {"threshold": 0.2}
    # A later version may have other settings, and lack some.
    Corpus.of(store).write(store, event_settings='{"threshold": 0.2, "taken_away": 1}')
    assert kept_settings(Corpus.of(store)) == replace(DEFAULTS, threshold=0.2)
