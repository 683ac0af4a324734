"""Where versions are kept, the graph is a function of the files and of the wordings that loads saw in turn."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from newsgraph.cli import cli
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from newsgraph.queries.ask import ask
from tests.loaders.snapshots import snapshot

START = datetime(2021, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
Item = tuple[str, str]  # headline, excerpt
Feed = Mapping[int, Item]  # number of a story -> its wording

WORDINGS = st.tuples(st.sampled_from(["Bridge shut", "Bridge opens", "Toll raised"]), st.sampled_from(["", "At noon."]))
FEEDS = st.dictionaries(st.integers(0, 3), WORDINGS, min_size=1, max_size=3)
#: States of a folder of two feeds, one after another; a feed may be away.
STATES = st.lists(st.dictionaries(st.sampled_from(["a.json", "b.json"]), FEEDS, max_size=2), min_size=1, max_size=6)


def put(folder: Path, state: Mapping[str, Feed]) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, feed in state.items():
        items = [
            {"id": f"https://daily.example/{n}", "url": f"https://daily.example/{n}", "title": title,
             "summary": excerpt, "date_published": "2021-03-01T10:00:00Z"}
            for n, (title, excerpt) in feed.items()
        ]  # fmt: skip
        text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Daily", "items": items})
        (folder / name).write_text(text)


def expected(states: Sequence[Mapping[str, Feed]]) -> set[tuple[str, ...]]:
    """The edits that the states show: for each file, what was replaced, as long as the file tells of the story."""
    said: dict[str, Feed] = {}
    edits: dict[str, dict[int, set[tuple[str, ...]]]] = {}
    for number, state in enumerate(states):
        for gone in said.keys() - state.keys():
            edits.pop(gone, None)
        for name, feed in state.items():
            before = said.get(name, {})
            mine = {n: kept for n, kept in edits.get(name, {}).items() if n in feed}
            for n, (title, excerpt) in feed.items():
                if n in before and before[n] != (title, excerpt):
                    old = (f"https://daily.example/{n}", f"feeds/{name}", *before[n], str(number))
                    mine.setdefault(n, set()).add(old)
            edits[name] = mine
        said = dict(state)
    return {one for mine in edits.values() for several in mine.values() for one in several}


def found(store: Store) -> set[tuple[str, ...]]:
    versions = {node.id: node.properties for node in store.nodes("Version")}
    shown: set[tuple[str, ...]] = set()
    for edge in store.edges("VERSION_OF"):
        properties = versions.pop(edge.start)
        replaced = properties["replaced_at"]
        assert isinstance(replaced, datetime)
        number = round((replaced - START) / HOUR)
        shown.add(
            (
                edge.end,
                str(properties["source"]),
                str(properties["title"]),
                str(properties.get("excerpt", "")),
                str(number),
            )
        )
    assert not versions, "every version has its story"
    return shown


@pytest.mark.parametrize("kind", ["embedded", "networkx"])
@settings(max_examples=25)
@given(states=STATES)
def test_the_versions_are_the_wordings_that_were_replaced(kind: str, states: list[dict[str, Feed]]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "feeds")
        folder.mkdir()
        urls = [f"{scratch}/{n}.kgl" if kind == "embedded" else "networkx:" for n in range(2)]
        with open_store(urls[0]) as store, open_store(urls[1]) as without:
            for number, state in enumerate(states):
                put(folder, state)
                load(store, [folder], now=START + number * HOUR, keep_versions=True)
                load(without, [folder], now=START + number * HOUR)
                assert found(store) == expected(states[: number + 1])
            assert _stories(store) == _stories(without), "the stories stay what the files say"
            load(store, [folder], now=START + len(states) * HOUR, keep_versions=False)
            assert not list(store.nodes("Version")), "what isn't to be kept goes"


def _stories(store: Store) -> dict[str, object]:
    return {name: node for name, node in snapshot(store).items() if name.startswith(("Story ", "Outlet "))}


def edit(folder: Path, title: str, excerpt: str = "") -> None:
    put(folder, {"a.json": {1: (title, excerpt)}})


def test_nothing_is_kept_unasked(tmp_path: Path) -> None:
    with open_store("networkx:") as store:
        for number, title in enumerate(["One", "Two"]):
            edit(tmp_path / "feeds", title)
            load(store, [tmp_path / "feeds"], now=START + number * HOUR)
        assert not list(store.nodes("Version")) and not len(ask(store, "changes"))


def test_what_was_said_before_it_was_asked_for_is_compared_too(tmp_path: Path) -> None:
    with open_store("networkx:") as store:
        edit(tmp_path / "feeds", "One")
        load(store, [tmp_path / "feeds"], now=START)
        edit(tmp_path / "feeds", "Two")
        load(store, [tmp_path / "feeds"], now=START + HOUR, keep_versions=True)
        (node,) = store.nodes("Version")
    assert (node.properties["title"], node.properties["seen_at"]) == ("One", START)


def test_with_collect_a_wording_stays_when_the_feed_drops_the_story(tmp_path: Path) -> None:
    folder = tmp_path / "feeds"
    with open_store("networkx:") as store:
        for number, title in enumerate(["One", "Two"]):
            edit(folder, title)
            load(store, [folder], now=START + number * HOUR, keep_versions=True, collect=True)
        put(folder, {"a.json": {2: ("Other", "")}})
        load(store, [folder], now=START + 2 * HOUR)
        assert [node.properties["title"] for node in store.nodes("Version")] == ["One"]


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    edit(tmp_path / "feeds", "One")
    assert CliRunner().invoke(cli, ["load", "feeds", "--keep-versions"]).exit_code == 0
    edit(tmp_path / "feeds", "Two")
    done = CliRunner().invoke(cli, ["load", "feeds"])
    assert "Edited headlines or excerpts: 1 (newsgraph ask changes)" in done.output
    asked = CliRunner().invoke(cli, ["ask", "changes", "--format", "csv"])
    assert "https://daily.example/1,daily.example,One,Two,headline," in asked.output
