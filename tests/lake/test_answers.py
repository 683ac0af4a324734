"""Answers from a lake are those of a store, to the cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import newsgraph
from newsgraph.api import Graph
from newsgraph.errors import UnknownNameError, UsageError
from newsgraph.lake.answering import QUESTIONS, answer
from newsgraph.lake.engine import Engine, LocalEngine
from tests.lake.compare import NOW, SEEDS, build_lake
from tests.lake.test_equality import corpus

OWN: dict[str, list[dict[str, Any]]] = {
    "followers": [{"outlet": "outlet1.example"}],
    "attention": [{}, {"by": "outlet"}, {"by": "event"}],
}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Graph]:
    """A lake and a store of the same articles: the samples, and others made up."""
    scratch = tmp_path_factory.mktemp("answers")
    corpus(scratch / "corpus", 120, 12)
    for file in SEEDS.iterdir():
        (scratch / "corpus" / file.name).write_bytes(file.read_bytes())
    (scratch / "corpus" / "old.jsonl").write_text(
        '{"title": "Ship sinks", "url": "https://old.example/1", "published_at": "1912-04-15T02:20:00.5Z"}\n'
    )
    build_lake(scratch / "lake", scratch / "corpus")
    graph = newsgraph.open("networkx:")
    graph.load(scratch / "corpus", now=NOW)
    return scratch / "lake", graph


def compare(engine: Engine, lake: Path, graph: Graph, name: str) -> None:
    for own in OWN.get(name, [{}]):
        expected, found = graph.ask(name, **own), answer(engine, lake, name, **own)
        assert list(found) == list(expected) and found.notes == expected.notes
        assert len(expected) or name == "copies"


@pytest.mark.parametrize("name", QUESTIONS)
def test_on_this_machine(both: tuple[Path, Graph], name: str) -> None:
    with LocalEngine(1) as engine:
        compare(engine, *both, name)


@pytest.mark.spark
def test_on_spark(both: tuple[Path, Graph]) -> None:
    from newsgraph.lake.spark import SparkEngine

    with SparkEngine("local[2]") as engine:
        for name in QUESTIONS:
            compare(engine, *both, name)


def test_what_a_lake_does_not_answer(both: tuple[Path, Graph]) -> None:
    lake, _ = both
    with pytest.raises(UnknownNameError, match=r"doesn't answer this question\. It answers scoops, lead-lag"):
        answer(LocalEngine(1), lake, "path")
    with pytest.raises(UsageError, match="scoops of a lake has no such parameter"):
        answer(LocalEngine(1), lake, "scoops", min_events=1)
    with pytest.raises(UnknownNameError, match="nowhere"):
        answer(LocalEngine(1), lake, "followers", outlet="nowhere")
