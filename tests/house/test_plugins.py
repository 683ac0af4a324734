"""What another package adds is used like newsgraph's own, and what it adds wrongly costs one line and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent / "sample_plugin"
ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


class Installed:
    """newsgraph beside the sample package, in a folder of its own."""

    def __init__(self, library: Path, folder: Path) -> None:
        self.library = library
        self.folder = folder

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("NEWSGRAPH_")},
                "PYTHONPATH": f"{ROOT}{os.pathsep}{self.library}",
                "COLUMNS": "120",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def newsgraph(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "newsgraph", *arguments)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the package is installed into; nothing is asked of any index."""
    folder = tmp_path_factory.mktemp("library")
    done = subprocess.run(
        [
            sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation",
            "--disable-pip-version-check", "--target", folder, PACKAGE,
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def installed(library: Path, tmp_path: Path) -> Installed:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "one.memo").write_text("MEMO https://memo.example/one\nA memo on dams\n", encoding="utf-8")
    (articles / "two.json").write_text('{"title": "Ours", "url": "https://ours.example/two"}', encoding="utf-8")
    (articles / "three.memo").write_text("MEMO https://memo.example/three\n", encoding="utf-8")
    return Installed(library, tmp_path)


@pytest.fixture
def loaded(installed: Installed) -> Installed:
    installed.newsgraph("load", "articles")
    return installed


def test_its_loader_reads_files_of_its_own_ending_and_fails_alone(installed: Installed) -> None:
    done = installed.newsgraph("load", "articles")
    assert done.returncode == 1
    assert "Loaded 3 files: 2 read, 1 failed" in done.stdout
    (line,) = [line for line in done.stderr.splitlines() if "three.memo" in line]
    assert "the loader memo failed (ValueError" in line and line.endswith("Update or uninstall newsgraph-sample")
    rows = installed.newsgraph("cypher", "MATCH (f:Source) RETURN f.format AS f ORDER BY f", "--format", "csv")
    assert rows.stdout.splitlines()[1:] == ["memo", "newsgraph jsonl"]


def test_its_question_is_listed_explained_and_asked(loaded: Installed) -> None:
    listed = loaded.newsgraph("ask")
    assert "\nstory-count      How many stories there are, by a package that was installed.\n" in listed.stdout
    assert listed.stdout.index("date-quality") < listed.stdout.index("story-count")
    assert "Stories without a time count" in loaded.newsgraph("ask", "story-count", "--help").stdout
    assert "$since IS NULL" in loaded.newsgraph("ask", "story-count", "--show-cypher").stdout
    answer = json.loads(loaded.newsgraph("ask", "story-count", "--format", "json").stdout)
    assert answer == [{"stories": 2}]
    code = "import newsgraph; print(newsgraph.open('news.kgl', readonly=True).ask('story-count')[0].stories)"
    assert loaded.run("-c", code).stdout == "2\n"


def test_its_export_and_its_page_are_listed_and_written(loaded: Installed) -> None:
    assert "readers in a hurry" in loaded.newsgraph("export", "--help").stdout
    assert loaded.newsgraph("export", "titles", "-").stdout == "A memo on dams\nOurs\n"
    assert "how many stories there are, large" in loaded.newsgraph("view", "--help").stdout
    assert loaded.newsgraph("view", "count", "count.html").returncode == 0
    page = (loaded.folder / "count.html").read_text("utf-8")
    assert '<p class="large">2</p>' in page and "Content-Security-Policy" in page


def test_its_store_is_opened_by_its_scheme(installed: Installed) -> None:
    found = installed.newsgraph("find", "sample", "--store", "sample:", "--format", "csv")
    assert "https://sample.example/1" in found.stdout
    unknown = installed.newsgraph("info", "--store", "smaple:")
    assert unknown.returncode == 2 and "sample:" in unknown.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask",), "missing of newsgraph-sample: the question can't be used (ModuleNotFoundError: No module named"),
        (("ask",), "of-no-kind of newsgraph-sample: the question can't be used (TypeError: a Question is wanted, not"),
        (("ask",), "events of newsgraph-sample: the question events of newsgraph's own has that name"),
        (("ask", "--help"), "missing of newsgraph-sample"),
        (("ask", "missing"), "missing of newsgraph-sample: the question can't be used"),
        (("export", "--help"), "broken-format of newsgraph-sample: the export format can't be used (AttributeError"),
        (("export", "broken-format", "x"), "the export format can't be used"),
        (("view", "--help"), "broken-page of newsgraph-sample: the page can't be used (RuntimeError: it was made to"),
        (("view", "broken-page", "x.html"), "the page can't be used"),
        (("info", "--store", "broken-store:x"), "broken-store of newsgraph-sample: the store can't be used (TypeError"),
    ],
)  # fmt: skip
def test_what_can_not_be_used_is_one_line(arguments: tuple[str, ...], said: str, installed: Installed) -> None:
    done = installed.newsgraph(*arguments)
    assert done.returncode == (0 if arguments in (("ask",), (arguments[0], "--help")) else 2)
    lines = [line for line in done.stderr.splitlines() if said in line]
    assert len(lines) == 1 and lines[0].startswith("newsgraph: ")
    assert lines[0].endswith("Update or uninstall that package")
    assert "Traceback" not in done.stderr


def test_nothing_else_breaks(loaded: Installed) -> None:
    assert loaded.newsgraph("ask", "events", "--format", "csv").returncode == 0
    assert loaded.newsgraph("export", "graphml", "x.graphml").returncode == 0
    assert loaded.newsgraph("view", "map", "map.html").returncode == 0


def test_the_start_reads_no_entry_point(installed: Installed) -> None:
    code = (
        "import sys\nfrom newsgraph.cli import cli\n{}\n"
        "print('newsgraph_sample' in {{name.partition('.')[0] for name in sys.modules}}, "
        "'importlib.metadata' in sys.modules, file=sys.stderr)"
    )
    done = installed.run("-c", code.format("cli(['--help'], standalone_mode=False)"))
    assert done.stderr == "False False\n"
