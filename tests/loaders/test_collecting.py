"""In a folder that is collected, the graph is a function of the files and of the fetches that loads saw."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import newsgraph
from newsgraph.cli import cli
from newsgraph.errors import UnknownNameError
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import forget, load
from newsgraph.loaders.merging.collected import collected, not_told
from newsgraph.loaders.records import ArticleRecord
from tests.loaders.snapshots import snapshot

NOW = datetime(2021, 6, 1, tzinfo=UTC)
Fetch = list[tuple[int, str]]  # number of a story, its headline in this fetch

FETCHES = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["Bridge shut", "Bridge opens", "Toll raised"])),
    min_size=1, max_size=4, unique_by=lambda item: item[0],
)  # fmt: skip
#: States of a folder of two feeds, one after another; a feed may be away.
STATES = st.lists(st.dictionaries(st.sampled_from(["a.json", "b.json"]), FETCHES, max_size=2), min_size=1, max_size=5)


def write_feed(path: Path, fetch: Fetch) -> None:
    items = [
        {"id": f"https://daily.example/{n}", "url": f"https://daily.example/{n}", "title": title,
         "date_published": f"2021-03-0{n + 1}T10:00:00Z"}
        for n, title in fetch
    ]  # fmt: skip
    path.write_text(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Daily", "items": items}))


def put(folder: Path, state: dict[str, Fetch]) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, fetch in state.items():
        write_feed(folder / name, fetch)


def fold(states: list[dict[str, Fetch]]) -> dict[str, Fetch]:
    """What the files said over all states: the newest fetch first, then what only older ones told."""
    said: dict[str, Fetch] = {}
    for state in states:
        for name, fetch in state.items():
            told = {n for n, _ in fetch}
            said[name] = [*fetch, *(item for item in said.get(name, []) if item[0] not in told)]
    return said


def graph_of(store: Store) -> dict[str, Any]:
    """The snapshot without the hashes of files: those of a fetch and of a fold differ."""
    whole = snapshot(store)
    for name, properties in whole.items():
        if name.startswith("Source "):
            del properties["content_hash"]
    return whole


@pytest.mark.parametrize("kind", ["embedded", "networkx"])
@settings(max_examples=40)
@given(states=STATES)
def test_any_history_ends_where_a_fresh_load_of_its_fold_ends(kind: str, states: list[dict[str, Fetch]]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "feeds")
        urls = [f"{scratch}/{n}.kgl" if kind == "embedded" else "networkx:" for n in range(3)]
        with open_store(urls[0]) as store:
            for number, state in enumerate(states):
                put(folder, state)
                load(store, [folder], now=NOW, collect=True if number == 0 else None)
            lived = graph_of(store)
            load(store, [folder], now=NOW)
            assert graph_of(store) == lived, "loading twice changes nothing"
            load(store, [folder], now=NOW, collect=False)
            plain = snapshot(store)
        with open_store(urls[1]) as store:
            load(store, [folder], now=NOW)
            assert snapshot(store) == plain, "without the collection the graph is that of the files"
        put(folder, fold(states))
        with open_store(urls[2]) as store:
            load(store, [folder], now=NOW)
            assert graph_of(store) == lived


@pytest.mark.parametrize("kind", ["embedded", "networkx"])
@settings(max_examples=20)
@given(states=STATES)
def test_what_is_forgotten_was_never_there(kind: str, states: list[dict[str, Fetch]]) -> None:
    said = fold(states)
    if "a.json" not in said:
        said["a.json"] = [(0, "Bridge shut")]
        states = [*states, {"a.json": said["a.json"]}]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "feeds")
        urls = [f"{scratch}/{n}.kgl" if kind == "embedded" else "networkx:" for n in range(2)]
        with open_store(urls[0]) as store:
            for state in states:
                put(folder, state)
                load(store, [folder], now=NOW, collect=True)
            report = forget(store, ["feeds/a*"], now=NOW)
            assert report.gone == 1
            left = graph_of(store)
        put(folder, {name: fetch for name, fetch in said.items() if name != "a.json"})
        with open_store(urls[1]) as store:
            load(store, [folder], now=NOW)
            assert graph_of(store) == left


def test_without_collection_a_feed_says_what_it_loses(tmp_path: Path) -> None:
    folder = tmp_path / "feeds"
    put(folder, {"a.json": [(0, "Bridge shut"), (1, "Toll raised")]})
    with open_store("networkx:") as store:
        assert load(store, [folder], now=NOW).notes == []
        put(folder, {"a.json": [(1, "Toll raised"), (2, "Bridge opens")]})
        (note,) = load(store, [folder], now=NOW).notes
        assert note.startswith(f"{folder}/a.json: no longer tells of 1 of its stories") and "load --collect" in note


def test_an_empty_fetch_and_a_broken_one_lose_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "feeds"
    put(folder, {"a.json": [(0, "Bridge shut")]})
    with open_store("networkx:") as store:
        load(store, [folder], now=NOW, collect=True)
        for text in ('{"version": "https://jsonfeed.org/version/1.1", "title": "Daily", "items": []}', "", "<html>502"):
            (folder / "a.json").write_text(text)
            load(store, [folder], now=NOW)
            assert [node.id for node in store.nodes("Story")] == ["https://daily.example/0"]


def test_authors_that_are_left_out_are_not_kept_in_what_feeds_once_said(tmp_path: Path) -> None:
    folder = tmp_path / "feeds"
    folder.mkdir()
    with open_store("networkx:") as store:
        for n in (1, 2):
            item = {"id": f"https://daily.example/{n}", "title": "Toll raised", "authors": [{"name": "Ada Rowe"}]}
            feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Daily", "items": [item]}
            (folder / "a.json").write_text(json.dumps(feed))
            load(store, [folder], now=NOW, collect=True)
        assert "Ada Rowe" in str(graph_of(store))
        load(store, [folder], now=NOW, authors=False)
        assert len(list(store.nodes("Story"))) == 2
        assert "Ada Rowe" not in str(graph_of(store))


def test_an_unknown_source_is_named_and_nothing_is_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "feeds"
    put(folder, {"a.json": [(0, "Bridge shut")]})
    with open_store("networkx:") as store:
        load(store, [folder], now=NOW)
        with pytest.raises(UnknownNameError, match=r"feeds/a\.json"):
            forget(store, ["feeds/*", "feeds/a.jsn"])
        assert len(list(store.nodes("Source"))) == 1


@pytest.mark.parametrize("kind", ["news.kgl", "networkx:{}/news.json"])
def test_a_process_that_ends_while_it_forgets_has_forgotten_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    folder, url = tmp_path / "feeds", kind.format(tmp_path) if "{}" in kind else str(tmp_path / kind)
    put(folder, {"a.json": [(0, "Bridge shut")], "b.json": [(1, "Toll raised")]})
    with newsgraph.open(url) as graph:
        graph.load(folder, now=NOW)
        before = snapshot(graph.store)
    with monkeypatch.context() as stopped:
        stopped.setattr("newsgraph.loaders.load.derive_after", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError), newsgraph.open(url) as graph:
            graph.forget("feeds/a.json")
    with newsgraph.open(url) as graph:
        assert snapshot(graph.store) == before
        assert graph.forget("feeds/a.json", events=False).gone == 1
    with newsgraph.open(url) as graph:
        assert [node.id for node in graph.store.nodes("Source")] == ["feeds/b.json"]


def article(name: str, *related: str) -> ArticleRecord:
    return ArticleRecord(
        title=name, url=f"https://daily.example/{name}", related=tuple(article(one) for one in related)
    )


def test_related_stories_that_only_an_older_fetch_lists_stay() -> None:
    folded = collected([article("x", "b")], [article("x", "a", "b"), article("y")])
    assert folded == (article("x", "b", "a"), article("y"))
    assert collected([article("x", "b")], folded) == folded
    assert not_told([article("x")], folded) == 1


def test_on_the_command_line(tmp_path: Path) -> None:
    folder, store = tmp_path / "feeds", str(tmp_path / "news.kgl")
    run = CliRunner().invoke
    put(folder, {"a.json": [(0, "Bridge shut")]})
    assert run(cli, ["load", str(folder), "--collect", "--store", store]).exit_code == 0
    put(folder, {"a.json": [(1, "Toll raised")]})
    assert run(cli, ["load", str(folder), "--store", store]).exit_code == 0
    with newsgraph.open(store, readonly=True) as graph:
        assert graph.info().nodes["Story"] == 2
    result = run(cli, ["forget", "feeds/a.json", "--store", store])
    assert (result.exit_code, result.output) == (0, "Forgot 1 source. Stories: 2 removed, 0 altered\n")
    with newsgraph.open(store, readonly=True) as graph:
        assert graph.info().nodes.get("Story", 0) == 0
