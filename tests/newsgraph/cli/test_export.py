"""``newsgraph export`` as it is typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

from newsgraph.graph.batch import Batch, Node
from newsgraph.graph.exports.registry import EXPORTS, PROJECTIONS
from newsgraph.graph.stores.registry import open_store
from tests.graph.exports.graphs import sample


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = str(tmp_path_factory.mktemp("store") / "news.kgl")
    with open_store(path) as opened:
        opened.write(Batch(sample().batch.nodes, sample().batch.edges))
    return path


def run(
    store: str, *arguments: str, folder: Path, command: tuple[str, ...] = ("export",)
) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "newsgraph", *command, *arguments, "--store", store)
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=120)


def test_writes_and_says_what(store: str, tmp_path: Path) -> None:
    done = run(store, "graphml", "out.graphml", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "Wrote 18 nodes and 26 edges to out.graphml\n"
    assert len(nx.read_graphml(tmp_path / "out.graphml")) == 18


def test_filters_choose_a_part(store: str, tmp_path: Path) -> None:
    options = ["--event", "the bridge", "--since", "2020-06-01", "--until", "2020-06-02T00:00:00+02:00"]
    done = run(store, "json", "-", *options, "--labels", "Story,Outlet", "--edges", "PUBLISHED_BY", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count('"type": "Story"') == 2
    assert done.stdout.count('"type": "PUBLISHED_BY"') == 2
    assert done.stderr == ""


def test_says_what_a_format_cannot_hold(store: str, tmp_path: Path) -> None:
    done = run(store, "ntriples", "-", folder=tmp_path)
    assert done.returncode == 0
    assert "ntriples: 5 values of COVERS.score left out" in done.stderr
    done = run(store, "csv", "tables", folder=tmp_path)
    assert "2 text cells that a spreadsheet would take for formulas have an apostrophe" in done.stderr
    done = run(store, "csv", "raw", "--raw", folder=tmp_path)
    assert "apostrophe" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["graphlm", "x"], 2, "graphlm: there is no export format of that name. Did you mean graphml"),
        (["graphml", "."], 2, "is a folder"),
        (["csv", "-"], 2, "writes a folder"),
        (["graphml", "none/x"], 2, "there is no folder"),
        (["csv", "none/x"], 2, "there is no folder"),
        (["graphml", "x/"], 2, "names a folder"),
        (["graphml", "x" * 300], 1, "File name too long"),
        (["csv", "x" * 300], 1, "File name too long"),
        (["graphml", "x", "--event", "nothing at all"], 2, "no event goes by that"),
        (["graphml", "x", "--since", "2030-01-01"], 1, "nothing in the graph fits"),
        (["graphml", "x", "--since", "soon"], 2, "--since: 'soon' is neither a date nor a time"),
        (["graphml", "x", "--labels", "Storry"], 2, "Did you mean Story"),
        (["graphml", "x", "--project", "authors"], 2, "There are outlets, follows, topics, stories"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(
    arguments: list[str], code: int, said: str, store: str, tmp_path: Path
) -> None:
    done = run(store, *arguments, folder=tmp_path)
    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_store_itself_is_never_replaced(store: str, tmp_path: Path) -> None:
    before = Path(store).read_bytes()
    (tmp_path / "link").symlink_to(store)
    for target in (store, "link"):
        for name in ("graphml", "csv"):
            done = run(store, name, target, "--force", folder=tmp_path)
            assert done.returncode == 2
            assert done.stderr == f"newsgraph: {target}: is the store itself. Give another name\n"
        for other in (
            ("ask", "events", "-o"),
            ("find", "bridge", "-o"),
            ("view", "map"),
            ("ask", "events", "--provenance-file"),
            ("view", "map", "page.html", "--provenance-file"),
            ("export", "graphml", "graph.graphml", "--provenance-file"),
        ):
            done = run(store, target, "--force", folder=tmp_path, command=other)
            assert done.returncode == 2
            assert done.stderr.endswith(f"{target}: is the store itself. Give another name\n")
    assert Path(store).read_bytes() == before


def test_a_reader_that_goes_away_ends_it_without_a_word(tmp_path: Path) -> None:
    path = str(tmp_path / "news.kgl")
    with open_store(path) as opened:
        opened.write(Batch([Node("Topic", f"t{i}", {"name": "x" * 500}) for i in range(5000)]))
    command = [sys.executable, "-m", "newsgraph", "export", "json", "-", "--store", path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(2) == b'{"'
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 141


def test_an_existing_file_needs_force(store: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("mine")
    assert run(store, "json", "x", folder=tmp_path).returncode == 2
    assert (tmp_path / "x").read_text() == "mine"
    assert run(store, "json", "x", "--force", folder=tmp_path).returncode == 0


def test_help_names_every_format_and_projection(store: str, tmp_path: Path) -> None:
    done = run(store, "--help", folder=tmp_path)
    assert all(f"\n  {name} " in done.stdout for name in [*EXPORTS, *PROJECTIONS])
