"""What a program that embeds newsgraph calls beside loading and asking: finding by words, and looking for news."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import newsgraph
from newsgraph.errors import StoreError, UnknownNameError, UsageError


@pytest.fixture
def graph() -> Iterator[newsgraph.Graph]:
    with newsgraph.open("networkx:") as graph:
        yield graph


def article(folder: Path, outlet: str, title: str, at: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{outlet}.md").write_text(
        f"---\ntitle: {title}\nwebUrl: https://{outlet}.example/{outlet}\npublishedDateTime: {at}\n---\n", "utf-8"
    )


def test_words_find_events_and_stories_and_kinds_narrow_them(graph: newsgraph.Graph, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is loaded"):
        graph.find("dam")
    article(tmp_path / "a", "ledger", "Kessock Dam spills after heavy rain", "2021-03-01T10:00:00Z")
    article(tmp_path / "a", "courier", "Kessock Dam spills over after the rain", "2021-03-01T11:00:00Z")
    graph.load(tmp_path / "a")
    event = graph.find("kessock dam", kinds="event")[0]
    assert (event.kind, event.stories, event.outlets) == ("event", 2, 2)
    assert graph.ask("first-to-cover", event=event.id)[0].outlet == "ledger.example"
    assert {hit.kind for hit in graph.find("kessock dam")} == {"event", "story"}
    assert [hit.id for hit in graph.find("kessock dam", kinds=["event", "story"], limit=1)] == [event.id]
    assert graph.find("courier.example", kinds="outlet")[0].id == "courier.example"
    with pytest.raises(UnknownNameError, match="there is no kind 'stories'"):
        graph.find("dam", kinds="stories")


def test_a_look_says_what_is_new_since_the_look_before(graph: newsgraph.Graph, tmp_path: Path) -> None:
    feeds = tmp_path / "feeds"
    article(feeds, "ledger", "Kessock Dam spills after heavy rain", "2021-03-01T10:00:00Z")
    first = graph.look(feeds)
    assert first.began and not first.news and first.report.stories_added == 1
    article(feeds, "courier", "Kessock Dam spills over after the rain", "2021-03-01T11:00:00Z")
    article(feeds, "monitor", "Chess champion of fourteen wins the national title", "2021-03-02T11:00:00Z")
    second = graph.look([feeds], when=["new", "outlets:2"])
    assert {(one.kind, one.outlets) for one in second.news} == {("new", 1), ("outlets", 2)}
    assert all(one.as_json()["event"] == one.event for one in second.news)
    assert not graph.look(feeds).news
    with pytest.raises(UsageError, match="outlets:1"):
        graph.look(feeds, when="outlets:1")


def test_a_limit_that_is_no_number_is_a_usage_error(graph: newsgraph.Graph, tmp_path: Path) -> None:
    article(tmp_path / "a", "ledger", "Kessock Dam spills after heavy rain", "2021-03-01T10:00:00Z")
    graph.load(tmp_path / "a")
    with pytest.raises(UsageError, match="'10' is no whole number"):
        graph.ask("events", limit="10")


def test_a_look_cannot_write_to_a_graph_that_was_opened_for_reading(tmp_path: Path) -> None:
    article(tmp_path / "a", "ledger", "Kessock Dam spills after heavy rain", "2021-03-01T10:00:00Z")
    with newsgraph.open(tmp_path / "news.kgl") as graph:
        graph.load(tmp_path / "a")
    graph = newsgraph.open(tmp_path / "news.kgl", readonly=True)
    with pytest.raises(StoreError, match="reading only"):
        graph.look(tmp_path / "a")
    graph.close()
