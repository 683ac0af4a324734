"""Copies and comparisons between stores, of any kind to any kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsgraph.cli import cli
from newsgraph.errors import TargetExistsError
from newsgraph.graph import transfer
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.transfer import Difference, copy, differences
from tests.neo4j.plugin import NEO4J

WHEN = datetime(2026, 3, 1, 12, 30, 15, 250000, tzinfo=UTC)
GRAPH = Batch(
    nodes=[
        *(Node("Story", f"https://a.example/{n}", {"title": f"Title {n}", "published_at": WHEN}) for n in range(12)),
        Node("Story", "https://a.example/\U0001f600", {"published": True, "heat": 0}),
        Node("Story", "https://a.example/\uffee"),
        Node("Outlet", "a.example", {"name": "A", "group": "G"}),
        Node("Topic", "economy", {"keywords": ("money", "", "jobs")}),
        Node("Event", "event:1", {"title": "T", "label": "L", "story_count": 2}),
        Node("Source", "news/a.md", {"loaded_at": WHEN, "records": "[]"}),
        Node("Corpus", "corpus", {"schema_version": 1, "events_current": False}),
    ],
    edges=[
        *(Edge("PUBLISHED_BY", f"https://a.example/{n}", "a.example", {"said": "{}"}) for n in range(12)),
        Edge("RELATED_TO", "https://a.example/1", "https://a.example/2", {"position": 0}),
        Edge("RELATED_TO", "https://a.example/\uffee", "https://a.example/\U0001f600", {"position": 1}),
        Edge("COVERS", "https://a.example/1", "event:1", {"score": 1.0}),
        Edge("MENTIONS", "news/a.md", "https://a.example/1", {"role": "main"}),
    ],
)
NODES, EDGES = len(GRAPH.nodes), len(GRAPH.edges)


@pytest.fixture
def source() -> Iterator[Store]:
    with open_store("networkx:") as store:
        store.write(GRAPH)
        yield store


@pytest.fixture(params=["embedded", "networkx", NEO4J])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "neo4j":
        opened: Callable[[], Store] = request.getfixturevalue("open_empty_neo4j")
        store = opened()
    else:
        store = open_store(str(tmp_path / "to.kgl") if request.param == "embedded" else "networkx:")
    with store:
        yield store


def test_a_copy_holds_the_same_graph(source: Store, target: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "ROWS", 5)
    done: list[tuple[int, int | None]] = []
    copied = copy(source, target, progress=lambda now, total: done.append((now, total)))
    assert (copied.nodes, copied.edges, copied.written, copied.removed) == (NODES, EDGES, NODES + EDGES, 0)
    assert done[-1] == (NODES + EDGES, NODES + EDGES)
    assert list(differences(source, target)) == []
    with open_store("networkx:") as back:
        copy(target, back)
        assert list(differences(source, back)) == []


def test_a_copy_can_be_repeated_and_writes_what_changed(source: Store, target: Store) -> None:
    copy(source, target)
    assert copy(source, target).written == 0
    source.write(Batch(nodes=[Node("Story", "https://a.example/1", {"title": "Other"}), Node("Topic", "new")]))
    assert copy(source, target).written == 2
    assert list(differences(source, target)) == []


def test_what_the_target_alone_holds_stays_unless_forced(source: Store, target: Store) -> None:
    copy(source, target)
    gone = [("Story", "https://a.example/3"), ("Event", "event:1")]
    source.write(Batch(gone_nodes=gone, gone_edges=[("RELATED_TO", "https://a.example/1", "https://a.example/2")]))
    source.write(Batch(nodes=[Node("Topic", "new")]))
    with pytest.raises(
        TargetExistsError, match=r"1 Story, 1 Event, 1 PUBLISHED_BY, 1 RELATED_TO, 1 COVERS.*force=True"
    ):
        copy(source, target)
    assert list(target.nodes("Topic", ["new"])) == []
    copied = copy(source, target, force=True)
    assert (copied.written, copied.removed) == (1, 3)
    assert list(differences(source, target)) == []


def test_every_kind_of_difference_is_told(source: Store, target: Store) -> None:
    copy(source, target)
    later = datetime(2027, 1, 1, tzinfo=UTC)
    target.write(
        Batch(
            nodes=[
                Node("Story", "https://a.example/1", {"title": "Other", "published_at": WHEN, "quality": 3}),
                Node("Topic", "extra"),
                Node("Source", "news/a.md", {"loaded_at": later, "records": "[]"}),
            ],
            edges=[Edge("COVERS", "https://a.example/1", "event:1", {"score": 0.5})],
            gone_nodes=[("Story", "https://a.example/0")],
        )
    )
    assert list(differences(source, target)) == [
        Difference("Story", ("https://a.example/0",), True, False),
        Difference(
            "Story", ("https://a.example/1",), True, True, {"quality": (None, 3), "title": ("Title 1", "Other")}
        ),
        Difference("Topic", ("extra",), False, True),
        Difference("PUBLISHED_BY", ("https://a.example/0", "a.example"), True, False),
        Difference("COVERS", ("https://a.example/1", "event:1"), True, True, {"score": (1.0, 0.5)}),
    ]


def test_the_commands(tmp_path: Path) -> None:
    one, other = str(tmp_path / "one.kgl"), f"networkx:{tmp_path / 'other.json'}"
    with open_store(one) as store:
        store.write(GRAPH)
    run = CliRunner().invoke
    copied = run(cli, ["copy", one, other])
    assert copied.exit_code == 0 and f"{NODES:,} nodes and {EDGES:,} edges; {NODES + EDGES:,} written." in copied.stderr
    same = run(cli, ["diff", one, other])
    assert (same.exit_code, same.stdout) == (0, "") and "the same graph" in same.stderr
    with open_store(other) as store:
        store.write(Batch(nodes=[Node("Topic", "x\ny"), Node("Topic", "economy", {"name": "a\x1b[31mb"})]))
    differing = run(cli, ["diff", one, other])
    assert differing.exit_code == 1
    assert differing.stdout.splitlines() == [
        "~ Topic economy: keywords ('money', '', 'jobs') -> (absent); name (absent) -> 'a\\x1b[31mb'",
        "+ Topic x\\x0ay",
    ]
    assert "2 differences" in differing.stderr
    short = run(cli, ["diff", one, other, "--limit", "1"])
    assert len(short.stdout.splitlines()) == 1 and "(1 not shown)" in short.stderr
    refused = run(cli, ["copy", one, other])
    assert isinstance(refused.exception, TargetExistsError)
    assert run(cli, ["copy", one, other, "--force"]).exit_code == 0
    assert run(cli, ["diff", one, other]).exit_code == 0
