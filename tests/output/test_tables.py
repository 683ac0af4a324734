"""What is written, in every format, and what a file is at every moment."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.errors import OutputError, TargetExistsError, UnknownNameError, UsageError
from newsgraph.output.cells import Table
from newsgraph.output.tables import FORMATS, Style, rendered, write

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CELLS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXT)


def tables(rows: list[list[Any]]) -> Table:
    return Table(("a", "b"), rows)


@given(st.lists(st.tuples(TEXT, CELLS).map(list)))
def test_csv_reads_back(rows: list[list[Any]]) -> None:
    read = list(csv.reader(io.StringIO(rendered(tables(rows), Style("csv", raw=True)), newline="")))
    assert read[0] == ["a", "b"]

    def text(cell: Any) -> str:
        if cell is None:
            return ""
        if isinstance(cell, bool):
            return str(cell).lower()
        return cell if isinstance(cell, str) else repr(cell)

    assert read[1:] == [[text(cell) for cell in row] for row in rows]


@given(st.lists(st.tuples(TEXT, CELLS).map(list)))
def test_json_reads_back(rows: list[list[Any]]) -> None:
    expected = [{"a": row[0], "b": row[1]} for row in rows]
    assert json.loads(rendered(tables(rows), Style("json"))) == expected
    lines = rendered(tables(rows), Style("jsonl")).splitlines()
    assert [json.loads(line) for line in lines] == expected


@given(st.lists(st.tuples(TEXT, CELLS).map(list), max_size=5), st.sampled_from(["table", "markdown"]))
def test_a_row_is_a_line(rows: list[list[Any]], format: str) -> None:
    lines = rendered(tables(rows), Style(format)).split("\n")
    assert len(lines) == len(rows) + (2 if format == "table" else 3)
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_spreadsheet_runs_nothing(text: str) -> None:
    table = Table((text, "number"), [[text, -1.5], [text, -3]])
    safe = list(csv.reader(io.StringIO(rendered(table, Style("csv")), newline="")))
    assert safe == [["'" + text, "number"], ["'" + text, "-1.5"], ["'" + text, "-3"]]
    raw = list(csv.reader(io.StringIO(rendered(table, Style("csv", raw=True)), newline="")))
    assert raw[1] == [text, "-1.5"]
    assert json.loads(rendered(table, Style("json")))[0][text] == text


def test_times_are_utc_with_z() -> None:
    paris = timezone(timedelta(hours=2))
    row = [
        datetime(2020, 6, 11, 14, 30, tzinfo=paris),
        datetime(2020, 6, 11, 1, 2, 3, 4, tzinfo=UTC),
        date(2020, 6, 11),
    ]
    table = Table(("x", "y", "z"), [row])
    expected = ["2020-06-11T12:30:00Z", "2020-06-11T01:02:03.000004Z", "2020-06-11"]
    assert list(json.loads(rendered(table, Style("json")))[0].values()) == expected
    assert rendered(table, Style("csv")).splitlines()[1].split(",") == expected
    assert rendered(table, Style("table")).splitlines()[1].split() == expected


def test_full_precision_where_machines_read() -> None:
    table = Table(("x",), [[0.1 + 0.2]])
    assert rendered(table, Style("csv")).splitlines()[1] == "0.30000000000000004"
    assert json.loads(rendered(table, Style("json"))) == [{"x": 0.1 + 0.2}]
    assert rendered(table, Style("table")).splitlines()[1] == "0.30000000000000004"
    assert rendered(table, Style("markdown")).splitlines()[2] == "| 0.3 |"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_empty(value: float) -> None:
    table = Table(("x", "y"), [[value, "after"]])
    assert json.loads(rendered(table, Style("json"))) == [{"x": None, "y": "after"}]
    assert rendered(table, Style("csv")) == "x,y\n,after\n"


@pytest.mark.parametrize(("format", "text"), [("json", "[]\n"), ("jsonl", ""), ("csv", "a,b\n"), ("table", "a  b\n")])
def test_no_rows(format: str, text: str) -> None:
    assert rendered(tables([]), Style(format)) == text


def test_lists_and_maps_are_json_in_a_cell() -> None:
    cell = {"at": datetime(2020, 1, 1, tzinfo=UTC), "of": [1, None]}
    assert rendered(Table(("x",), [[cell]]), Style("csv", raw=True)).splitlines()[1] == (
        '"{""at"": ""2020-01-01T00:00:00Z"", ""of"": [1, null]}"'
    )


def test_wide_letters_stay_in_line() -> None:
    lines = rendered(Table(("x", "y"), [["日本", 1], ["abcd", 2]]), Style("table")).splitlines()
    assert lines == ["x     y", "日本  1", "abcd  2"]


def test_markdown_is_inert() -> None:
    text = rendered(Table(("x",), [["<script>|[a](b)|`c`"]]), Style("markdown"))
    assert text.splitlines()[2] == r"| &lt;script&gt;\|\[a\](b)\|\`c\` |"


def test_unknown_format() -> None:
    with pytest.raises(UnknownNameError, match="table, csv, json, jsonl, markdown, html, xlsx"):
        rendered(tables([]), Style("ods"))
    with pytest.raises(UsageError, match=r"-o FILE\.xlsx"):
        rendered(tables([]), Style("xlsx"))


#: Moves the cursor, ends a line, or turns writing round.
DRIVES = "\x1b]0;\x07\r\x7f\x85\x9b31m\u061c\u200f\u202e\u2066\u2028\u2029"


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_json_never_drives_a_terminal(format: str) -> None:
    text = rendered(Table((DRIVES,), [[DRIVES + "é日"]]), Style(format))
    assert all(c.isprintable() or c == "\n" for c in text) and "é日" in text
    read = json.loads(text)
    assert (read[0] if format == "json" else read) == {DRIVES: DRIVES + "é日"}


def test_csv_does_not_drive_a_terminal_and_is_as_written_elsewhere() -> None:
    table = Table((DRIVES,), [[f"é {DRIVES}\n\t"]])
    shown = rendered(table, Style("csv", terminal=True))
    assert all(c.isprintable() or c in "\n\t" for c in shown) and r"\u009b31m" in shown and "é" in shown
    assert list(csv.reader(io.StringIO(rendered(table, Style("csv")), newline=""))) == [[DRIVES], table.rows[0]]  # type: ignore[index]  # a list


@pytest.mark.parametrize(
    ("format", "text"), [("json", "[]\n"), ("jsonl", ""), ("csv", ""), ("table", ""), ("markdown", "")]
)
def test_no_columns(format: str, text: str) -> None:
    assert rendered(Table((), []), Style(format)) == text


class Failing:
    """Rows that break off."""

    def __iter__(self) -> Any:
        yield ["x", 1]
        raise OSError(28, "No space left on device")


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "answer.csv"
    write(tables([["é", 1]]), Style("csv", excel=True), target)
    assert target.read_bytes() == "\ufeffa,b\né,1\n".encode()
    with pytest.raises(TargetExistsError, match="force=True"):
        write(tables([]), Style("csv"), target)
    with pytest.raises(OutputError, match="No space left"):
        write(Table(("a", "b"), Failing()), Style("csv"), target, force=True)
    assert target.read_bytes() == "\ufeffa,b\né,1\n".encode()
    write(tables([]), Style("csv"), target, force=True)
    assert target.read_text() == "a,b\n"
    assert [path.name for path in tmp_path.iterdir()] == ["answer.csv"]


def test_a_target_that_can_not_be(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        write(tables([]), Style("csv"), tmp_path / "nowhere" / "x.csv")
    with pytest.raises(TargetExistsError, match="is a folder"):
        write(tables([]), Style("csv"), tmp_path, force=True)


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    write(tables([]), Style("csv"), tmp_path / "link.csv", force=True)
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "a,b\n"


def test_every_format_writes() -> None:
    assert {format: bool(rendered(tables([["x", 1]]), Style(format))) for format in FORMATS[:-1]} == (
        dict.fromkeys(FORMATS[:-1], True)
    )
