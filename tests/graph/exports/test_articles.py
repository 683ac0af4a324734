"""JSON lines of articles: what the files told, and no more than the part holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import newsgraph
from newsgraph.errors import NothingToWriteError, UsageError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.exports.registry import export
from newsgraph.graph.subgraph import Filters
from newsgraph.loaders.merging.change import unpack
from newsgraph.loaders.merging.record_json import records_of
from tests.graph.exports.graphs import MemoryStore, time

ONE, TWO, THREE = "https://a.example.com/1", "https://b.example.com/2", "https://c.example.com/3"


def store() -> MemoryStore:
    """Two files; the first tells of three stories, one of them by another spelling."""
    first = [
        {
            "title": "One",
            "url": "http://www.a.example.com/1?utm_source=x",
            "related": [{"title": "Two", "url": "https://amp.b.example.com/2"}, {"title": "Three", "url": THREE}],
        }
    ]
    second = [{"title": "Three \u00e9\n", "url": THREE, "topics": ["x"]}]
    nodes = [
        Node("Story", ONE, {"published_at": time(1)}),
        Node("Story", TWO, {"published_at": time(2)}),
        Node("Story", THREE, {"published_at": time(9)}),
        Node("Source", "x/2.md", {"records": json.dumps(second)}),
        Node("Source", "x/1.md", {"records": json.dumps(first)}),
        Node("Address", "https://old.example.com/2"),
    ]
    return MemoryStore(Batch(nodes, [Edge("ADDRESS_OF", "https://old.example.com/2", TWO)]))


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_articles_come_in_the_order_of_their_files(tmp_path: Path) -> None:
    report = export("jsonl", store(), tmp_path / "out.jsonl")
    found = lines(tmp_path / "out.jsonl")
    assert [one["title"] for one in found] == ["One", "Three \u00e9\n"]
    assert len(found[0]["related"]) == 2  # type: ignore[arg-type]  # a list
    assert (report.articles, str(report)) == (2, f"Wrote 2 articles to {tmp_path / 'out.jsonl'}")


def test_a_part_holds_its_own_articles_and_related_stories_only(tmp_path: Path) -> None:
    export("jsonl", store(), tmp_path / "out.jsonl", filters=Filters(until=time(3)))
    (article,) = lines(tmp_path / "out.jsonl")
    assert article["title"] == "One"
    assert [one["title"] for one in article["related"]] == ["Two"]  # type: ignore[attr-defined]  # a list of objects


def test_a_part_without_articles_of_its_own_says_so(tmp_path: Path) -> None:
    with pytest.raises(NothingToWriteError):  # the story is only mentioned
        export("jsonl", store(), tmp_path / "out.jsonl", filters=Filters(since=time(2), until=time(3)))
    assert not list(tmp_path.iterdir())


def test_labels_have_no_place(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="labels and edges"):
        export("jsonl", store(), tmp_path / "out.jsonl", filters=Filters(labels=("Story",)))


def test_every_line_is_a_record_as_loaders_read_it(tmp_path: Path) -> None:
    seeds = Path(__file__).resolve().parents[3] / "seeds"
    with newsgraph.open(str(tmp_path / "news.kgl")) as graph:
        graph.load(seeds, events=False)
        graph.export("jsonl", tmp_path / "articles.jsonl")
        told = [record for source in graph.store.nodes("Source") for record in unpack(source)]
    text = (tmp_path / "articles.jsonl").read_text(encoding="utf-8")
    assert list(records_of(f"[{','.join(text.splitlines())}]", "articles.jsonl")) == told
    assert len(told) > 30
