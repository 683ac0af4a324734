"""A batch is written in place, so nothing may stop it half-way, and if something does, that graph is not used again."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from newsgraph.errors import StoreError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.stores.embedded import writes
from newsgraph.graph.stores.registry import open_store

FIRST = Batch([Node("Story", "https://ledger.example/a", {"title": "A"})])
SECOND = Batch(
    [Node("Story", "https://ledger.example/b", {"title": "B"}), Node("Outlet", "ledger.example")],
    [Edge("PUBLISHED_BY", "https://ledger.example/b", "ledger.example")],
)


@pytest.fixture(autouse=True)
def _listening_to_ctrl_c() -> Iterator[None]:
    """A shell that starts a command in the background has it ignore Ctrl-C; these tests need it heard."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def between_nodes_and_edges(monkeypatch: pytest.MonkeyPatch, happen: Callable[[], None]) -> None:
    """Makes something happen when the nodes of a batch are written and its edges are not."""
    write = writes._write_edges

    def written(*given: Any) -> None:
        happen()
        write(*given)

    monkeypatch.setattr(writes, "_write_edges", written)


def test_ctrl_c_waits_for_the_end_of_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    between_nodes_and_edges(monkeypatch, lambda: os.kill(os.getpid(), signal.SIGINT))
    store = open_store(str(tmp_path / "news.kgl"))
    with pytest.raises(KeyboardInterrupt):
        store.write(SECOND)
    assert len(list(store.edges("PUBLISHED_BY"))) == 1, "it is whole"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    store.close()


def test_a_store_whose_write_broke_off_is_refused_until_it_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory() -> None:
        raise MemoryError

    path = str(tmp_path / "news.kgl")
    store = open_store(path)
    store.write(FIRST)
    store.save()
    between_nodes_and_edges(monkeypatch, no_memory)
    with pytest.raises(MemoryError):
        store.write(SECOND)
    for use in (store.save, lambda: list(store.nodes("Story")), lambda: store.write(FIRST)):
        with pytest.raises(StoreError, match="broke off"):
            use()
    store.close()
    with open_store(path, readonly=True) as again:
        assert [node.id for node in again.nodes("Story")] == ["https://ledger.example/a"]


def test_a_batch_that_is_wrong_changes_nothing(tmp_path: Path) -> None:
    """The end is missing, gone in the same batch, or a text is none: all of it is found before anything is written."""
    with open_store(str(tmp_path / "news.kgl")) as store:
        store.write(SECOND)
        for wrong in (
            Batch(FIRST.nodes, [Edge("PUBLISHED_BY", "https://ledger.example/a", "nowhere.example")]),
            Batch(
                FIRST.nodes,
                [Edge("PUBLISHED_BY", "https://ledger.example/a", "ledger.example")],
                gone_nodes=[("Outlet", "ledger.example")],
            ),
            Batch([*FIRST.nodes, Node("Topic", "x", {"name": "\ud800"})]),
            Batch([*FIRST.nodes, Node("Topic", "x", {"keywords": ("fine", "\ud800")})]),
        ):
            with pytest.raises(StoreError):
                store.write(wrong)
            assert [node.id for node in store.nodes("Story")] == ["https://ledger.example/b"]
            assert [node.id for node in store.nodes("Outlet")] == ["ledger.example"]


def test_edges_of_a_hub_and_of_others_are_written_in_one_batch(tmp_path: Path) -> None:
    stories = [f"https://ledger.example/{number}" for number in range(3 * writes._HUB)]
    mentions = [("hub", story) for story in stories] + [("other", story) for story in stories[::50]]
    roles = {ends: {"role": "main"} if number % 3 else {} for number, ends in enumerate(mentions)}
    with open_store(str(tmp_path / "news.kgl")) as store:
        store.write(
            Batch(
                [Node("Story", story) for story in stories] + [Node("Source", "hub"), Node("Source", "other")],
                [Edge("MENTIONS", *ends, role) for ends, role in roles.items()],
            )
        )
        assert {(edge.start, edge.end): edge.properties for edge in store.edges("MENTIONS")} == roles
