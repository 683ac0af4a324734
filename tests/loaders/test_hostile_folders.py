"""Folders made to do harm, and files that change under the load."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

import newsgraph.loaders.intake.contents as reading
from newsgraph.errors import InputError
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.intake.files import select
from newsgraph.loaders.load import load
from newsgraph.loaders.load_report import LoadReport

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GOOD = "---\ntitle: A good one\nwebUrl: https://ledger.example/good\n---\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "corpus"
    made.mkdir()
    (made / "good.md").write_text(GOOD)
    return made


def loaded(folder: Path, kind: str = "networkx:") -> tuple[LoadReport, list[str]]:
    with open_store(kind) as store:
        report = load(store, [folder], now=NOW)
        assert all(line.isprintable() for line in report.errors)
        return report, [node.id for node in store.nodes("Source")]


def test_a_pipe_and_a_socket_are_passed_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / "pipe.md")
    monkeypatch.chdir(folder)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.md")
        report, sources = loaded(folder)
    assert sources == ["corpus/good.md"]
    assert report.skipped["no file"] == 2 and not report.errors


def test_a_pipe_named_by_itself_is_refused_at_once(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    report, _ = loaded(folder / "pipe.md")
    assert "no regular file" in report.errors[0]


def test_links_to_devices_and_out_of_the_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(GOOD.replace("good", "secret"))
    (folder / "out.md").symlink_to(secret)
    (folder / "up.md").symlink_to("../secret.md")
    (folder / "zero.md").symlink_to("/dev/zero")
    report, sources = loaded(folder)
    assert sources == ["corpus/good.md"]
    assert [line.split(": ")[1].split(". ")[0] for line in report.errors] == ["the link leads out of the folder"] * 2
    assert report.skipped["no file"] == 1


def test_a_link_within_the_folder_is_a_file(folder: Path) -> None:
    (folder / "again.md").symlink_to("good.md")
    report, sources = loaded(folder)
    assert sources == ["corpus/again.md", "corpus/good.md"] and not report.errors


def test_a_link_by_which_the_folder_is_named_is_no_way_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "name").symlink_to(folder)
    report, sources = loaded(tmp_path / "name")
    assert sources == ["corpus/good.md"] and not report.errors


def test_links_in_a_circle_end(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "loop").symlink_to(folder)
    (folder / "a.md").symlink_to("b.md")
    (folder / "b.md").symlink_to("a.md")
    (folder / "gone.md").symlink_to("nowhere.md")
    report, sources = loaded(folder)
    assert sources == ["corpus/good.md"]
    assert len(report.errors) == 3 and all("Mend or remove the link" in line for line in report.errors)


@pytest.mark.parametrize("kind", ["networkx:", "embedded"])
def test_names_with_newlines_quotes_and_odd_letters(kind: str, folder: Path, tmp_path: Path) -> None:
    names = ["a\nb.md", "c\rd.md", "e\x1b[31m.md", "f\u202eg.md", "'; DROP.md", '".md', "\\.md", "$(x).md", "\u00e9.md"]
    for number, name in enumerate(names):
        (folder / name).write_text(GOOD.replace("good", str(number)))
    (folder / "bad\nname.md").write_text("---\ntitle: [\n---\n")
    report, sources = loaded(folder, "networkx:" if kind != "embedded" else str(tmp_path / "s.kgl"))
    assert sources == sorted(["corpus/good.md", *(f"corpus/{name}" for name in names)])
    assert len(report.errors) == 1 and "bad\\x0aname.md" in report.errors[0]


@pytest.mark.parametrize("kind", ["networkx:", "embedded"])
def test_a_name_that_is_no_utf8(kind: str, folder: Path, tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.md")).write_text(GOOD)
    except OSError:
        pytest.skip("the file system takes no such name")
    report, sources = loaded(folder, "networkx:" if kind != "embedded" else str(tmp_path / "s.kgl"))
    assert sources == ["corpus/caf\\xe9.md", "corpus/good.md"] and not report.errors


@pytest.mark.slow
def test_folders_a_thousand_deep(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for _ in range(1500):
        Path("d").mkdir()
        os.chdir("d")
    Path("deep.md").write_text(GOOD.replace("good", "deep"))
    try:
        _, sources = loaded(folder)
        assert len(sources) == 2
    finally:
        # Step by step, for what removes the folders of old test runs recurses, and gives up on one so deep.
        Path("deep.md").unlink()
        for _ in range(1500):
            os.chdir("..")
            Path("d").rmdir()


def test_a_file_that_grows_while_it_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "good.md"
    fstat, calls = os.fstat, []

    def growing(descriptor: int) -> os.stat_result:
        calls.append(descriptor)
        if len(calls) == 2:
            with path.open("a") as stream:
                stream.write("more\n")
        return fstat(descriptor)

    monkeypatch.setattr("newsgraph.loaders.intake.contents.os.fstat", growing)
    with pytest.raises(InputError, match="changed while it was read"):
        reading.content(path)


def test_a_file_that_goes_between_listing_and_reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def and_then_it_is_gone(*arguments: object, **named: object) -> object:
        selection = select(*arguments, **named)  # type: ignore[arg-type]  # passed on as they came
        (folder / "z.md").unlink()
        return selection

    (folder / "z.md").write_text(GOOD.replace("good", "z"))
    monkeypatch.setattr("newsgraph.loaders.load.select", and_then_it_is_gone)
    report, sources = loaded(folder)
    assert sources == ["corpus/good.md"]
    assert "no such file" in report.errors[0]


def test_an_archive_that_changes_is_read_anew(folder: Path) -> None:
    import zipfile

    def pack(*names: str) -> None:
        with zipfile.ZipFile(folder / "a.zip", "w") as archive:
            for name in names:
                archive.writestr(f"{name}.md", GOOD.replace("good", name))

    with open_store("networkx:") as store:
        pack("one", "two")
        load(store, [folder], now=NOW)
        pack("two", "three")
        report = load(store, [folder], now=NOW)
        assert (report.read, report.unchanged, report.gone) == (1, 2, 1)
        assert [node.id for node in store.nodes("Source")] == [
            "corpus/a.zip/three.md", "corpus/a.zip/two.md", "corpus/good.md",
        ]  # fmt: skip
        (folder / "a.zip").unlink()
        load(store, [folder], now=NOW)
        assert [node.id for node in store.nodes("Source")] == ["corpus/good.md"]
