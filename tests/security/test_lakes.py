"""Promise: a damaged lake never opens with other facts, a stranger's lake leads to no file outside of it, and neither
processes that are killed nor several at once harm a lake."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow")
import pyarrow.parquet as pq  # noqa: E402  # only where it is installed

from newsgraph.errors import OutputError, StoreFormatError  # noqa: E402
from newsgraph.graph.schema import EDGES, NODES  # noqa: E402
from newsgraph.graph.stores.registry import LAKE_FILE  # noqa: E402
from newsgraph.lake.build import BuildOptions, build  # noqa: E402
from newsgraph.lake.engine import LocalEngine  # noqa: E402
from newsgraph.lake.graph import LakeGraph  # noqa: E402
from newsgraph.lake.manifest import read_manifest, write_manifest, writing_lake  # noqa: E402
from newsgraph.lake.tables import edges_in, nodes_in  # noqa: E402
from tests.lake.compare import NOW, build_lake  # noqa: E402
from tests.loaders.corpora import put  # noqa: E402
from tests.security.leftovers import left  # noqa: E402

ARTICLES = {
    f"{number}.md": f"---\ntitle: The council votes {number}\nwebUrl: https://paper{number % 3}.example/{number}\n"
    f"publishedDateTime: 2021-03-0{1 + number % 5}T10:00:00Z\ntopics: [Council]\nrelated:\n- title: Other\n"
    f"  webUrl: https://paper1.example/{number + 1}\n---\n"
    for number in range(8)
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lakes")
    put(folder / "corpus", ARTICLES)
    build_lake(folder / "lake", folder / "corpus")
    return folder


@pytest.fixture
def lake(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built / "lake", tmp_path / "lake"))


def held(lake: Path, file: str) -> str:
    """What a file of a lake holds, as text."""
    table = file.partition("/")[0]
    if file == "lake.json":
        return repr(read_manifest(lake))
    rows = nodes_in(lake, table, [file]) if table in NODES else edges_in(lake, table, [file])
    return repr(list(rows))


def tables(lake: Path) -> Iterator[str]:
    """One file of each table, and the manifest."""
    manifest = read_manifest(lake)
    for table in (*NODES, *EDGES):
        yield from list(manifest.files(table).values())[:1]
    yield "lake.json"


def test_no_flip_and_no_cut_is_silent(lake: Path) -> None:
    chosen, tried = random.Random(4), 0
    for file in tables(lake):
        before, whole = held(lake, file), (lake / file).read_bytes()
        for number in range(24):
            data = bytearray(whole)
            if number % 6 == 5:
                data = data[: chosen.randrange(len(data))]
            else:
                data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
            (lake / file).write_bytes(data)
            tried += 1
            try:
                assert held(lake, file) == before, f"{file} has other content"
            except StoreFormatError as error:
                assert "\n" not in str(error) and file in str(error)
        (lake / file).write_bytes(whole)
        assert held(lake, file) == before
    assert tried > 150


def test_another_file_in_its_place_is_noticed(lake: Path) -> None:
    files = list(read_manifest(lake).files("Story").values())
    list(LakeGraph(lake).nodes("Story"))  # so this process has read it once
    whole, was = (lake / files[0]).read_bytes(), (lake / files[0]).stat()
    other = lake / "other"
    other.write_bytes(whole.replace(b"votes", b"noted"))
    os.utime(other, ns=(was.st_atime_ns, was.st_mtime_ns))  # of the same size, and as old
    other.replace(lake / files[0])
    with pytest.raises(StoreFormatError, match="checksum"):
        list(LakeGraph(lake).nodes("Story"))
    (lake / files[0]).write_bytes(whole)
    table = pq.read_table(lake / files[0], partitioning=None)
    titles = pa.array(["Forged"] * table.num_rows, table.schema.field("title").type)
    pq.write_table(table.set_column(table.schema.get_field_index("title"), "title", titles), lake / files[0])
    with pytest.raises(StoreFormatError, match="checksum"):
        list(LakeGraph(lake).nodes("Story"))
    (lake / files[0]).unlink()
    with pytest.raises(StoreFormatError, match="can't be read"):
        list(LakeGraph(lake).nodes("Story"))


@pytest.mark.parametrize("columns", [{"id": ["a"]}, {"wrong": [1]}, {"id": [b"\xff"], "title": [b"\xff"]}])
def test_a_foreign_table_in_a_lake_without_checksums_is_one_line(lake: Path, columns: dict[str, list[object]]) -> None:
    whole = json.loads((lake / "lake.json").read_text(encoding="utf-8"))
    del whole["sum"], whole["sums"]  # as earlier versions wrote it
    (lake / "lake.json").write_text(json.dumps(whole), encoding="utf-8")
    assert len(list(LakeGraph(lake).nodes("Story"))) > 0
    for file in LakeGraph(lake).manifest.files("Story").values():
        pq.write_table(pa.table(columns), lake / file)
    with pytest.raises(StoreFormatError) as caught:
        list(LakeGraph(lake).nodes("Story"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["../secret.parquet", "Story/../../secret.parquet", "/tmp/x.parquet", "Other/a.parquet"]
)
def test_a_manifest_names_no_file_outside(lake: Path, name: str) -> None:
    manifest = read_manifest(lake)
    write_manifest(lake, replace(manifest, tables={**manifest.tables, "Story": {"1": name}}))
    with pytest.raises(StoreFormatError, match="no file of a lake"):
        read_manifest(lake)


@pytest.mark.parametrize("name", ["Story", "Source", ".writing", "lake.json", "words"])
def test_nothing_is_written_or_removed_through_a_link(built: Path, lake: Path, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    if (lake / name).exists():
        (lake / name).rename(outside)
    else:
        outside.mkdir()
    (lake / name).symlink_to(outside)
    if outside.is_dir():
        (outside / "mine.parquet").touch()
    for file in (outside, *outside.glob("*")):
        os.utime(file, (0, 0))
    before = {file.name: file.stat().st_mtime for file in (outside, *outside.glob("*"))}
    with pytest.raises(OutputError, match="is a link"):
        build(LocalEngine(1), lake, [built / "corpus"], BuildOptions(now=NOW))
    assert {file.name: file.stat().st_mtime for file in (outside, *outside.glob("*"))} == before


def test_other_files_in_a_lakes_folders_are_let_be(lake: Path) -> None:
    (lake / "Story" / "notes.txt").touch()
    os.utime(lake / "Story" / "notes.txt", (0, 0))
    write_manifest(lake, read_manifest(lake))
    assert (lake / "Story" / "notes.txt").exists()


def test_what_a_killed_build_left_goes_with_the_next_one(built: Path, lake: Path, tmp_path: Path) -> None:
    before = {str(file.relative_to(lake)) for file in lake.rglob("*")}
    for target in (lake / "Story" / "1", lake / "FOLLOWS" / "2", lake / "lake.json"):
        left(target).touch()
    build_lake(lake, built / "corpus")
    assert {str(file.relative_to(lake)) for file in lake.rglob("*")} == before
    first = tmp_path / "first"
    first.mkdir()
    left(first / "lake.json").touch()  # killed just before the lake was one
    build_lake(first, built / "corpus")
    assert [file.name for file in first.iterdir() if LAKE_FILE in file.name] == [LAKE_FILE]


KILLED = """
import os, signal, sys, tempfile
from pathlib import Path
from newsgraph.lake.engine import LocalEngine

def first(task):
    yield str(task), task

def last(key, values):
    if key == "1":
        os.kill(int(os.environ["MAIN"]), signal.SIGKILL)
    yield "", key

if __name__ == "__main__":
    os.environ["MAIN"] = str(os.getpid())
    LocalEngine(2).run([1, 2, 3, 4], first, last)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
def test_no_process_outlives_one_that_is_killed_and_its_files_go_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, scratch = tmp_path / "killed.py", tmp_path / "scratch"
    script.write_text(KILLED, encoding="utf-8")
    scratch.mkdir()
    environment = {**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    # Standard output ends when the last process does that has it.
    done = subprocess.run([sys.executable, script], env=environment, stdout=subprocess.PIPE, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL
    assert list(scratch.iterdir())
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    assert LocalEngine(1).run([1], lambda task: [("", task)]) == [1]
    assert list(scratch.iterdir()) == []


def test_a_full_temporary_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("newsgraph.lake.engine.pickle.dump", full)
    with pytest.raises(OutputError, match="TMPDIR") as caught:
        LocalEngine(1).run([1], lambda task: [("", task)], lambda key, values: [(key, values)])
    assert str(tmp_path) in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_builds_of_two_folders_one_after_the_other_keep_both(
    built: Path, lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {node.id for node in LakeGraph(lake).nodes("Story")}
    put(tmp_path / "other", {"a.md": "---\ntitle: Another\nwebUrl: https://another.example/1\n---\n"})
    put(tmp_path / "third", {"a.md": "---\ntitle: A third\nwebUrl: https://third.example/1\n---\n"})

    def building(folder: Path) -> None:
        build(LocalEngine(1), lake, [folder], BuildOptions(now=NOW))

    @contextmanager
    def late(folder: Path) -> Iterator[None]:
        # Another process builds after this one looked at the lake, and before it has the lock.
        monkeypatch.setattr("newsgraph.lake.build.writing_lake", writing_lake)
        building(tmp_path / "other")
        with writing_lake(folder):
            yield

    monkeypatch.setattr("newsgraph.lake.build.writing_lake", late)
    building(tmp_path / "third")
    stories = {node.id for node in LakeGraph(lake).nodes("Story")}
    assert stories == before | {"https://another.example/1", "https://third.example/1"}
