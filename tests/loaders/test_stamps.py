"""A file that looks untouched isn't read again; one that was touched is, however it was made to look."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.intake import contents as read
from newsgraph.loaders.intake.contents import Content
from newsgraph.loaders.intake.files import File, FileReader
from newsgraph.loaders.load import load

NOW = datetime(2021, 6, 1, tzinfo=UTC)
FIRST = "---\ntitle: Old one\nwebUrl: https://ledger.example/a\n---\n"
SECOND = FIRST.replace("Old", "New")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "corpus" / "a.md"
    path.parent.mkdir()
    path.write_text(FIRST)
    return path


def title(store: Store) -> object:
    (story,) = store.nodes("Story")
    return story.properties["title"]


def at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Sets the clock that tells whether a file has settled, so many seconds from now."""
    moment = time.time_ns() + int(seconds * 10**9)
    monkeypatch.setattr("newsgraph.loaders.intake.contents.time.time_ns", lambda: moment)


def read_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose bytes are read from now on."""
    names: list[str] = []
    content = FileReader.content

    def noting(self: FileReader, file: File) -> Content:
        names.append(file.source_id)
        return content(self, file)

    monkeypatch.setattr(FileReader, "content", noting)
    return names


def test_a_settled_file_is_not_read_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 10)
    with open_store("networkx:") as store:
        load(store, [file.parent], now=NOW)
        names = read_files(monkeypatch)
        assert load(store, [file.parent], now=NOW).unchanged == 1
        assert names == []
        file.write_text(SECOND)
        load(store, [file.parent], now=NOW)
        assert names == ["corpus/a.md"]
        assert title(store) == "New one"


def test_an_edit_within_a_tick_of_the_clock_is_found(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same size, and a disk whose clock didn't tick between load and edit: the file was too young for a stamp."""
    with open_store("networkx:") as store:
        load(store, [file.parent], now=NOW)
        (source,) = store.nodes("Source")
        assert "stamp" not in source.properties
        file.write_text(SECOND)
        status = file.stat()
        monkeypatch.setattr(FileReader, "stamp", lambda self, file: read.stamp_of(status))
        load(store, [file.parent], now=NOW)
        assert title(store) == "New one"


def test_an_edit_that_sets_the_time_back_is_found(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 10)
    before = file.stat()
    with open_store("networkx:") as store:
        load(store, [file.parent], now=NOW)
        time.sleep(0.05)  # a tick of the disk's clock: nobody waits three seconds and edits within one
        file.write_text(SECOND)
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
        load(store, [file.parent], now=NOW)
        assert title(store) == "New one"


def test_a_file_with_errors_is_read_at_each_load(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(FIRST.replace("---\n", "---\nquality: high\n", 1))
    at(monkeypatch, 10)
    with open_store("networkx:") as store:
        for _ in range(2):
            assert len(load(store, [file.parent], now=NOW).errors) == 1


@given(age=st.integers(-(10**12), 10**12), change=st.integers(-(10**12), 10**12))
def test_what_may_still_change_unseen_has_no_stamp(age: int, change: int) -> None:
    now = 1_600_000_000 * 10**9
    status = os.stat_result(
        (0o100644, 1, 1, 1, 0, 0, 5, 0, 0, 0),
        {"st_mtime_ns": now - age, "st_ctime_ns": now - change, "st_atime_ns": 0},
    )
    assert bool(read.stamp_of(status, now)) == (min(age, change) >= read.SETTLED)
