"""Where exports go, whatever the format: complete or not at all, equal bytes, clear errors."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from newsgraph.errors import (
    NothingToWriteError,
    StoreError,
    TargetExistsError,
    UnknownNameError,
    UsageError,
)
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.exports import parquet
from newsgraph.graph.exports.registry import EXPORTS, PROJECTIONS, export
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.subgraph import Filters
from tests.graph.exports.graphs import MemoryStore, sample

TEXT = [name for name, one in EXPORTS.items() if one.shape == "text"]
FOLDERS = [name for name, one in EXPORTS.items() if one.shape == "folder"]


def everything(path: Path) -> dict[str, bytes]:
    """The bytes of a file, or of all files of a folder by name."""
    if path.is_dir():
        return {one.name: one.read_bytes() for one in sorted(path.iterdir())}
    return {"": path.read_bytes()}


class BreakingStore(MemoryStore):
    """Fails in the middle of being read."""

    def edges(self, type: str, **some: object) -> Iterator[Edge]:
        yield from ()
        raise StoreError("memory:", "gone")

    def nodes(self, label: str, ids: object = None) -> Iterator[Node]:
        yield Node(label, "x", {"records": "[{}]"} if label == "Source" else {})
        if label == "Source":
            raise StoreError("memory:", "gone")


@pytest.mark.parametrize("name", EXPORTS)
def test_every_format_has_a_module_a_tool_and_a_documented_shape(name: str) -> None:
    chosen = EXPORTS[name]
    module = import_module(chosen.module)
    assert module.__doc__
    assert callable(module.write)
    assert hasattr(module, "ours") == (chosen.shape == "folder")
    assert bool(chosen.ending) == (chosen.shape == "text")


@pytest.mark.parametrize("name", EXPORTS)
def test_equal_graphs_give_equal_bytes_in_whatever_order_they_are_stored(name: str, tmp_path: Path) -> None:
    store = sample()
    other = MemoryStore(type(store.batch)([*reversed(store.batch.nodes)], [*reversed(store.batch.edges)]))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    target = "out" + EXPORTS[name].ending
    for folder, one in (("a", store), ("b", other)):
        report = export(name, one, tmp_path / folder / target)
        assert report.target == str(tmp_path / folder / target)
        assert report.nodes > 0 or report.articles > 0
    first, second = everything(tmp_path / "a" / target), everything(tmp_path / "b" / target)
    told = {one: content.replace(b"/b/", b"/a/") for one, content in second.items()}  # commands name the target
    assert first == told
    assert any(first.values())


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("url", ["{folder}/news.kgl", "networkx:"])
def test_equal_graphs_give_equal_bytes_from_every_store(
    url: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_ROWS", 700)  # stores give rows in chunks of their own
    batch = sample().batch
    topics = [Node("Topic", f"t{i:05}", {"name": f"T{i}"} if i % 7 else {}) for i in range(3_001)]
    links = [Edge("SUBTOPIC_OF", one.id, topics[i // 2].id) for i, one in enumerate(topics)]
    memory = MemoryStore(Batch([*batch.nodes, *topics], [*batch.edges, *links]))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with open_store(url.format(folder=tmp_path)) as store:
        store.write(memory.batch)
        report = export(name, store, tmp_path / "a" / "out")
    expected = export(name, memory, tmp_path / "b" / "out")
    assert (report.nodes, report.edges, report.losses) == (expected.nodes, expected.edges, expected.losses)
    told = {one: content.replace(b"/b/", b"/a/") for one, content in everything(tmp_path / "b" / "out").items()}
    assert everything(tmp_path / "a" / "out") == told  # commands name the target


@pytest.mark.parametrize("name", EXPORTS)
def test_no_path_of_the_machine_leaves(name: str, tmp_path: Path) -> None:
    export(name, sample(), tmp_path / "out", filters=None)
    assert b"/home/someone" not in b"".join(everything(tmp_path / "out").values())


@pytest.mark.parametrize("name", TEXT)
def test_gz_at_the_end_compresses_the_same_bytes(name: str, tmp_path: Path) -> None:
    export(name, sample(), tmp_path / "out")
    export(name, sample(), tmp_path / "out.gz")
    assert gzip.decompress((tmp_path / "out.gz").read_bytes()) == (tmp_path / "out").read_bytes()
    assert (tmp_path / "out.gz").read_bytes()[4:8] == bytes(4)  # no time in its head


@pytest.mark.parametrize("name", TEXT)
def test_a_dash_is_standard_output(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    export(name, sample(), "-")
    export(name, sample(), tmp_path / "out")
    assert out.buffer.getvalue() == (tmp_path / "out").read_bytes()


@pytest.mark.parametrize("name", EXPORTS)
def test_an_existing_target_stays_without_force(name: str, tmp_path: Path) -> None:
    target = tmp_path / "out"
    export(name, sample(), target)
    before = everything(target)
    with pytest.raises(TargetExistsError, match="force=True"):
        export(name, MemoryStore(), target)
    assert everything(target) == before
    export(name, MemoryStore(), target, force=True)
    assert everything(target) != before
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("there", [False, True])
def test_a_failure_half_way_leaves_what_was_there(name: str, there: bool, tmp_path: Path) -> None:
    target = tmp_path / "out"
    if there:
        export(name, sample(), target)
    before = everything(target) if there else None
    with pytest.raises(StoreError):
        export(name, BreakingStore(), target, force=True)
    assert [one.name for one in tmp_path.iterdir()] == (["out"] if there else [])
    if there:
        assert everything(target) == before


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_with_other_files_is_never_replaced(name: str, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "thesis.doc").write_text("years")
    for force in (False, True):  # --force is not offered where it doesn't help
        with pytest.raises(TargetExistsError, match=r"holds thesis\.doc.*Give another name"):
            export(name, sample(), target, force=force)
    assert [one.name for one in target.iterdir()] == ["thesis.doc"]


@pytest.mark.parametrize("name", EXPORTS)
def test_a_folder_where_a_file_belongs_and_the_other_way_round(name: str, tmp_path: Path) -> None:
    target = tmp_path / "out"
    if name in TEXT:
        target.mkdir()
    else:
        target.write_text("a file")
    with pytest.raises(UsageError, match="is a folder" if name in TEXT else "is a file"):
        export(name, sample(), target, force=True)
    assert target.is_dir() == (name in TEXT)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_is_not_compressed_and_no_standard_output(name: str, tmp_path: Path) -> None:
    for target in (str(tmp_path / "out.gz"), "-"):
        with pytest.raises(UsageError):
            export(name, sample(), target)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", EXPORTS)
def test_filters_that_leave_nothing_write_nothing(name: str, tmp_path: Path) -> None:
    with pytest.raises(NothingToWriteError):
        export(name, sample(), tmp_path / "out", filters=Filters(event="event:2", outlet="a.example"))
    assert not list(tmp_path.iterdir())


def test_the_target_is_checked_before_the_store_is_read(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    store = sample()
    with pytest.raises(TargetExistsError):
        export("graphml", store, tmp_path / "out")
    with pytest.raises(UsageError, match="there is no folder"):
        export("graphml", store, tmp_path / "none" / "out")
    with pytest.raises(UsageError, match="out is no folder"):
        export("graphml", store, tmp_path / "out" / "out")
    assert store.reads == 0


def test_a_device_is_no_target() -> None:
    with pytest.raises(UsageError, match="no ordinary file"):
        export("graphml", sample(), "/dev/null", force=True)
    assert not Path("/dev/null").is_file()


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real" / "out.graphml")
    export("graphml", sample(), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "out.graphml").is_file()


@pytest.mark.parametrize(
    ("wrong", "near"), [("graphlm", "graphml"), ("neo4j", "neo4j-admin"), ("zzz", "graphml, gexf")]
)
def test_an_unknown_format_names_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(UnknownNameError, match=near):
        export(wrong, sample(), "-")


AS_NOBODY = """
import io, os, sys
from newsgraph.errors import NewsgraphError
from newsgraph.graph.exports.registry import export
from tests.graph.exports.graphs import sample
for name in ("graphml", "csv"):
    export(name, sample(), sys.argv[1] + "/../" + name)  # imports all that it needs
os.setgid(65534); os.setuid(65534)
for name, target in (("graphml", "out"), ("csv", "folder")):
    try:
        export(name, sample(), sys.argv[1] + "/" + target)
    except NewsgraphError as error:
        print(type(error).__name__, error)
"""


@pytest.mark.parametrize("mode", [0o555, 0o444, 0o000])
def test_a_folder_without_permission_is_said_in_a_line(mode: int, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(mode)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:  # nothing stops root, so this becomes someone else
        for folder in (tmp_path, *tmp_path.parents):
            if folder.stat().st_uid == 0 and folder.stat().st_mode & 0o005 != 0o005 and "pytest" in str(folder):
                folder.chmod(0o755)
    script = AS_NOBODY if root else AS_NOBODY.replace("os.setgid(65534); os.setuid(65534)", "")
    done = subprocess.run(
        [sys.executable, "-c", script, str(locked)], capture_output=True, text=True, check=True, timeout=60
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("OutputError") and "Permission denied" in line for line in lines)
    locked.chmod(0o755)
    assert not list(locked.iterdir())


def test_a_reader_that_goes_away_is_said_nothing() -> None:
    script = """
import sys
from newsgraph.graph.batch import Batch, Node
from newsgraph.graph.exports.registry import export
from tests.graph.exports.graphs import MemoryStore
store = MemoryStore(Batch([Node("Topic", f"t{i}", {"name": "x" * 500}) for i in range(5000)]))
try:
    export("graphml", store, "-")
except BrokenPipeError:
    sys.exit(141)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith("<?xml")
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), said) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_behind_standard_output_is_said_once(tmp_path: Path) -> None:
    script = """
from newsgraph.errors import OutputError
from newsgraph.graph.exports.registry import export
from tests.graph.exports.graphs import sample
try:
    export("graphml", sample(), "-")
except OutputError as error:
    raise SystemExit(str(error))
"""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", script], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "standard output: can't be written" in done.stderr


class Terminal(io.TextIOWrapper):
    """Standard output that a person looks at."""

    def isatty(self) -> bool:
        return True


def test_a_title_does_not_drive_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = MemoryStore(Batch([Node("Topic", "t", {"name": "a\u009b31m\u202eb\u2028c"})]))
    out = Terminal(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", out)
    export("json", hostile, "-")
    shown = out.buffer.getvalue().decode()  # type: ignore[attr-defined]  # a BytesIO
    export("json", hostile, tmp_path / "out.json")
    assert not {"\u009b", "\u202e", "\u2028"} & set(shown)
    assert json.loads(shown) == json.loads((tmp_path / "out.json").read_text("utf-8"))


def test_progress_is_told_of_nodes_and_edges(tmp_path: Path) -> None:
    store = MemoryStore(type(sample().batch)([Node("Topic", f"t{i:05}") for i in range(4500)]))
    told: list[tuple[int, int | None]] = []
    export("json", store, tmp_path / "out", progress=lambda done, total: told.append((done, total)))
    assert told == [(2000, None), (4000, None)]
    told.clear()
    export("csv", store, tmp_path / "tables", progress=lambda done, total: told.append((done, total)))
    assert told == [(2000, None), (4000, None), (4500, None)]


@pytest.mark.parametrize("name", [name for name, one in EXPORTS.items() if not one.projects])
def test_formats_without_projections_say_so(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no projection"):
        export(name, sample(), tmp_path / "out", project=next(iter(PROJECTIONS)))


def test_an_unknown_projection_lists_them() -> None:
    with pytest.raises(UnknownNameError, match="outlets, follows, topics, stories"):
        export("graphml", sample(), "-", project="authors")
