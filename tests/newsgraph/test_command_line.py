"""The command line as a person meets it: exit codes, pipes, one line for what goes wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = Path(__file__).parents[2] / "seeds"
ARTICLE = "---\ntitle: T\nwebUrl: https://ledger.example/1\npublishedDateTime: 2021-03-01T10:00:00Z\n---\n"


def newsgraph(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "newsgraph", *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("loaded")
    result = newsgraph("load", str(SEEDS), cwd=folder)
    assert result.returncode == 0, result.stderr
    return folder


def test_a_store_whose_folder_is_missing_is_an_error_not_a_success(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ARTICLE)
    result = newsgraph("load", "a.md", "--store", "nowhere/news.kgl", cwd=tmp_path)
    assert result.returncode == 3
    assert "nowhere" in result.stderr and result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_loading_nothing_makes_no_store(tmp_path: Path) -> None:
    result = newsgraph("load", "nowhere", cwd=tmp_path)
    assert result.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_dry_run_works_without_a_store_and_makes_none(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ARTICLE)
    result = newsgraph("load", "--dry-run", ".", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "Would load 1 file: 1 read" in result.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_the_store_option_stands_anywhere_and_beats_the_variable(loaded: Path, tmp_path: Path) -> None:
    store = str(loaded / "news.kgl")
    for arguments in (("--store", store, "info"), ("info", "--store", store)):
        result = newsgraph(*arguments, cwd=tmp_path, NEWSGRAPH_STORE="nowhere.kgl")
        assert result.returncode == 0, result.stderr
    assert newsgraph("info", cwd=tmp_path, NEWSGRAPH_STORE=store).returncode == 0
    assert newsgraph("info", cwd=tmp_path, NEWSGRAPH_STORE="nowhere.kgl").returncode == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("lod",), "lod: there is no such command. Did you mean load?"),
        (("xqzw",), "xqzw: there is no such command. newsgraph --help lists the commands"),
        (("--nope",), "no such option '--nope'. Did you mean '--store'? Try newsgraph --help"),
        (("load",), "missing argument 'PATH...'. Try newsgraph load --help"),
        (
            ("ask", "events", "--limt", "3"),
            "no such option '--limt'. Did you mean '--limit'? Try newsgraph ask events --help",
        ),
        (
            ("ask", "scoops", "--sinc", "2021"),
            "no such option '--sinc'. Did you mean '--since' or '--topic'? Try newsgraph ask scoops --help",
        ),
        (("scoops",), "scoops: there is no such command. Did you mean the question: newsgraph ask scoops?"),
        (("graphml",), "graphml: there is no such command. Did you mean the export: newsgraph export graphml FILE?"),
        (("view", "m.html", "map"), "m.html: the page comes before the file. Write map m.html"),
        (("export", "n.csv", "csv"), "n.csv: the format comes before the file. Write csv n.csv"),
        (
            ("ask", "events", "--limit", "x"),
            "invalid value for '--limit': 'x' is not a valid integer. Try newsgraph ask events --help",
        ),
        (("ask", "events", "more"), "got unexpected extra argument (more). Try newsgraph ask events --help"),
        (("ask", "events", "--sort"), "option '--sort' requires an argument. Try the command with --help"),
        (("events", "xqzw"), "no such command 'xqzw'. Try newsgraph events --help"),
        (("load", "--a\x1b[31m\nb"), r"no such option '--a\x1b[31m\nb'. Try newsgraph load --help"),
    ],
)
def test_wrong_usage_is_one_line_with_a_remedy_and_ends_with_two(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    result = newsgraph(*arguments, cwd=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (2, "", f"newsgraph: {said}\n")


def test_help_is_as_long_as_it_needs(tmp_path: Path) -> None:
    asked = newsgraph("load", "--help", cwd=tmp_path)
    assert asked.returncode == 0 and asked.stdout.startswith("Usage: newsgraph load") and asked.stderr == ""
    alone = newsgraph("events", cwd=tmp_path)
    assert (
        alone.returncode == 2 and "Commands:" in alone.stderr and "...\n" not in alone.stderr.partition("Commands:")[2]
    )
    assert newsgraph("--version", cwd=tmp_path).stdout.startswith("newsgraph ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("arguments", [("info",), ("ask", "events"), ("cypher", "MATCH (s:Story) RETURN s.title AS t")])
def test_a_full_disk_behind_standard_output_is_one_line(arguments: tuple[str, ...], loaded: Path) -> None:
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "newsgraph", *arguments],
            cwd=loaded,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert result.returncode == 1
    assert "bug" not in result.stderr
    assert [line for line in result.stderr.splitlines() if "can't be written" in line]


@pytest.mark.slow
def test_existing_targets_are_refused_without_force(loaded: Path, tmp_path: Path) -> None:
    store = str(loaded / "news.kgl")
    for arguments in (
        ("export", "graphml", "out.graphml"),
        ("view", "map", "map.html"),
        ("ask", "events", "-o", "events.csv"),
    ):
        assert newsgraph(*arguments, "--store", store, cwd=tmp_path).returncode == 0
        refused = newsgraph(*arguments, "--store", store, cwd=tmp_path)
        assert refused.returncode == 2 and "--force" in refused.stderr
        assert newsgraph(*arguments, "--store", store, "--force", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(("chosen", "threads"), [(None, "1"), ("2", "2")])
def test_numpy_has_one_thread_unless_its_user_says_otherwise(tmp_path: Path, chosen: str | None, threads: str) -> None:
    run = (
        "import sys; from newsgraph.cli import main\n"
        "sys.argv = ['newsgraph', '--version']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "import numpy; from threadpoolctl import threadpool_info\n"
        "print(*(library['num_threads'] for library in threadpool_info() if library['user_api'] == 'blas'))"
    )
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", run],
        env={**environment, **({"OPENBLAS_NUM_THREADS": chosen} if chosen else {})},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == threads
