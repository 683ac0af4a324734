"""What a load tells: the report for programs, the progress on a terminal, and waiting for a store that is written to."""

# ruff: noqa: E501  # a case a line
from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import newsgraph
from newsgraph.cli import cli
from newsgraph.cli.shared.load_progress import ProgressLine
from newsgraph.errors import StoreBusyError
from newsgraph.loaders.load_report import Step

URL = "https://ledger.example"


def files(folder: Path) -> Path:
    articles = folder / "articles"
    articles.mkdir()
    (articles / "a.csv").write_text(f"title,url,language\nA,{URL}/1,us\nB,nowhere,de\n")
    (articles / "b.json").write_text('{"visitors": 3}')
    (articles / "c.md").write_text(f"---\ntitle: C\nwebUrl: {URL}/3\ndate: circa 1 March 2021\n---\n")
    return articles


def test_a_report_for_programs(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    arguments = [
        "load",
        str(files(tmp_path)),
        "--store",
        str(tmp_path / "n.kgl"),
        "--report",
        str(target),
        "--no-events",
    ]
    result = CliRunner().invoke(cli, arguments)
    report = json.loads(target.read_text("utf-8"))
    assert (report["exit_code"], report["version"], result.exit_code) == (1, 1, 1)
    assert report["files"]["read"] == 2 and report["files"]["other_kinds"] == 1
    assert report["stories"] == {"added": 2, "altered": 0, "removed": 0, "reworded": 0}
    assert report["unsure_times"] == {"doubtful": 1, "missing": 1}
    assert {(one["file"].rpartition("/")[2], one["line"]) for one in report["errors"]} == {("a.csv", 3)}
    (remark,) = report["remarks"]
    assert (remark["field"], remark["line"]) == ("language", 2)
    (other,) = report["others"]
    assert other["file"].endswith("b.json") and "visitors" in other["message"]
    assert "of another kind: " in result.output


def test_each_step_of_a_load_is_told(tmp_path: Path) -> None:
    told: list[Step] = []
    with newsgraph.open("networkx:") as graph:
        graph.load(files(tmp_path), steps=told.append)
    phases = list(dict.fromkeys(step.phase for step in told))
    assert phases[0] == "Looking for files" and phases[-1] == "Deriving events"
    assert Step("Reading files", 3, 3, "files") in told


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([(0.0, Step("Reading files", 0, 100, "files")), (2.0, Step("Reading files", 50, 100, "files"))], "50 of 100 files, 25/s, 2 s left"),
        ([(0.0, Step("Reading a.csv", 1000, None, "rows")), (1.0, Step("Reading a.csv", 3000, None, "rows"))], "3,000 rows, 2,000/s"),
        ([(0.0, Step("Reading files", 1, 400, "files")), (60.0, Step("Reading files", 2, 400, "files"))], "2 of 400 files, 1/min, 6 h 38 min left"),
        ([(0.0, Step("Saving"))], ""),
        ([(0.0, Step("Reading files", 5, 5, "files"))], "5 of 5 files"),
    ],
)  # fmt: skip
def test_the_line_says_what_is_done_how_fast_and_how_long_yet(steps: list[tuple[float, Step]], said: str) -> None:
    line = ProgressLine(0.0)
    assert [line.counts(step, at) for at, step in steps][-1] == said


def test_a_store_that_is_written_to_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = str(tmp_path / "n.kgl")
    arguments = ["load", str(files(tmp_path)), "--store", store, "--no-events"]
    graph = newsgraph.open(store)
    try:
        refused = CliRunner().invoke(cli, arguments)
        assert isinstance(refused.exception, StoreBusyError)
        monkeypatch.setattr("newsgraph.cli.load.sleep", lambda seconds: graph.close())
        waited = CliRunner().invoke(cli, [*arguments, "--wait", "60"])
    finally:
        graph.close()
    assert waited.exit_code == 1, waited.output  # one row of the table is lost
    assert "Waiting up to 60 s" in waited.output
