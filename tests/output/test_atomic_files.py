"""A file appears whole or not at all, whoever writes it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newsgraph.errors import OutputError, TargetExistsError, UsageError
from newsgraph.output.atomic_files import file_target, replacing, write_texts


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_failure_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_text("before")
    with pytest.raises(RuntimeError), replacing(target) as out:
        out.write(b"half")
        assert len(names(tmp_path)) == 2
        raise RuntimeError
    assert target.read_text() == "before" and names(tmp_path) == ["kept"]


@pytest.mark.skipif(os.name == "nt", reason="the system has no such permissions")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_a_replaced_file_keeps_its_permissions_and_is_never_more_open(mode: int, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_text("before")
    target.chmod(mode)
    with replacing(target):
        (beside,) = [path for path in tmp_path.iterdir() if path != target]
        assert beside.stat().st_mode & 0o777 & ~mode == 0
    assert target.stat().st_mode & 0o777 == mode and target.read_bytes() == b""


@pytest.mark.skipif(os.name == "nt", reason="the system has no such permissions")
def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("")
    write_texts(["x"], tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_what_came_up_meanwhile_stays(tmp_path: Path) -> None:
    target = tmp_path / "new"
    refused = pytest.raises(TargetExistsError, match=r"is there already.*force=True")
    with refused, file_target(target, force=False) as out:
        out.write(b"ours")
        target.write_text("theirs")
    assert target.read_text() == "theirs" and names(tmp_path) == ["new"]


def test_a_link_keeps_pointing_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("before")
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(TargetExistsError):
        write_texts(["x"], tmp_path / "link")
    write_texts(["x"], tmp_path / "link", force=True)
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_text() == "x"


@pytest.mark.parametrize("force", [False, True])
def test_what_stands_in_the_way_is_one_line(force: bool, tmp_path: Path) -> None:
    with pytest.raises(TargetExistsError, match="is a folder"):
        write_texts([], tmp_path, force=force)
    with pytest.raises(UsageError, match="there is no folder"):
        write_texts([], tmp_path / "none" / "x", force=force)
    with pytest.raises(OutputError, match=r"can't be written.*Nothing was written"):
        write_texts([], tmp_path / ("x" * 300), force=force)
    if Path("/dev/null").exists():
        with pytest.raises(UsageError, match="is no ordinary file"):
            write_texts([], Path("/dev/null"), force=force)
    assert names(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_device_or_a_pipe_is_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to(pipe)
    for target in (pipe, tmp_path / "link"):
        with pytest.raises(OSError, match="is no ordinary file"), replacing(target):
            raise AssertionError  # it isn't even opened
    assert pipe.is_fifo() and names(tmp_path) == ["link", "pipe"]


def test_lone_surrogates_cost_nothing_else(tmp_path: Path) -> None:
    write_texts(["a\ud800b", "\u20ac"], tmp_path / "x")
    assert (tmp_path / "x").read_text("utf-8") == "a\\ud800b\u20ac"
