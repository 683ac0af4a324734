"""Answers as workbooks of Excel, read back by another library."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import newsgraph
from newsgraph.cli import cli
from newsgraph.errors import UsageError
from newsgraph.output import workbook as module
from newsgraph.output.cells import Table
from newsgraph.output.tables import Style, format_of, write
from newsgraph.output.workbook import workbook

SEEDS = Path(__file__).parents[2] / "seeds"


def read(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_cells_keep_their_types_and_nothing_is_a_formula_or_a_link() -> None:
    moment = datetime(2020, 6, 11, 16, 42, tzinfo=UTC)
    row = ["=1+1", "https://a.example/x", 7, 0.25, True, None, moment, date(2020, 6, 11), float("nan"), 2**60, [1, "a"]]
    table = Table(
        tuple(map(str, range(len(row)))), [row], title="scoops", notes=("a note",), meanings=("m",) * len(row)
    )
    book = read(workbook(table))
    sheet = book["answer"]
    head = [cell.value for cell in sheet[1]]
    assert head[6] == "6 (UTC)" and head[0] == "0"
    values = [cell.value for cell in sheet[2]]
    assert values[:5] == ["=1+1", "https://a.example/x", 7, 0.25, True]
    assert sheet["A2"].data_type == "s" and sheet["B2"].hyperlink is None
    assert values[5] is None and values[8] is None and values[9] == str(2**60) and values[10] == '[1, "a"]'
    assert values[6] == moment.replace(tzinfo=None) and values[7] == datetime(2020, 6, 11)
    told = [cell.value for line in book["about"].iter_rows() for cell in line if cell.value]
    assert "a note" in told and "scoops" in told and "meaning" in told


@given(st.lists(st.lists(st.text() | st.integers() | st.floats() | st.datetimes() | st.none(), min_size=2, max_size=2)))
def test_any_cells_are_written_and_equal_answers_are_equal_files(rows: list[list[Any]]) -> None:
    content = workbook(Table(("a", "b"), rows))
    assert content == workbook(Table(("a", "b"), rows))
    assert read(content)["answer"].max_row <= len(rows) + 1


def test_what_a_sheet_cant_hold_is_said_or_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    long = read(workbook(Table(("a",), [["x" * 40_000]])))["answer"]["A2"].value
    assert len(long) == module.MOST_LETTERS and long.endswith("\N{HORIZONTAL ELLIPSIS}")
    monkeypatch.setattr(module, "MOST_ROWS", 3)
    with pytest.raises(UsageError, match="a sheet holds 2 rows"):
        workbook(Table(("a",), [[1], [2], [3]]))


def test_the_ending_of_a_file_says_its_format(tmp_path: Path) -> None:
    for name, format in (
        ("a.xlsx", "xlsx"),
        ("a.HTM", "html"),
        ("a.csv.gz", "csv"),
        ("a.txt", "table"),
        ("a", "table"),
    ):
        assert format_of(Path(name)) == format
    with pytest.raises(UsageError, match=r"no answer is written as \.pdf\. End it with \.csv, .*\.xlsx"):
        format_of(Path("a.pdf"))
    write(Table(("a",), [[1]]), Style("xlsx"), tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["answer"]["A2"].value == 1


def test_a_question_writes_real_workbooks_and_pages(tmp_path: Path) -> None:
    store = str(tmp_path / "news.kgl")
    with newsgraph.open(store) as graph:
        graph.load(SEEDS)
        asked = graph.ask("scoops")

    def run(*options: str) -> Any:
        return CliRunner().invoke(cli, ["ask", "scoops", "--store", store, *options])

    assert run("-o", str(tmp_path / "a.xlsx")).exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    rows = [[cell.value for cell in line] for line in book["answer"].iter_rows(min_row=2)]
    assert [row[:3] for row in rows] == [[one.outlet, one.events, one.firsts] for one in asked]
    told = " ".join(str(cell.value) for line in book["about"].iter_rows() for cell in line)
    assert "SHA-256" in told and "newsgraph " in told and "min_outlets 2" in told
    assert run("-o", str(tmp_path / "a.html")).exit_code == 0
    page = (tmp_path / "a.html").read_text()
    assert page.startswith("<!DOCTYPE html>") and page.count("<tr>") == len(asked) + 1 and "SHA-256" in page
    refused = run("-o", str(tmp_path / "a.ods"))
    assert isinstance(refused.exception, UsageError) and ".xlsx" in str(refused.exception)
    assert not (tmp_path / "a.ods").exists()
    assert isinstance(run("--format", "xlsx").exception, UsageError)
