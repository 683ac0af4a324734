"""What a terminal shows of an answer: a row a line, whatever the width, and addresses whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from newsgraph.output.cells import Table
from newsgraph.output.terminal_table import draw
from newsgraph.queries.column_roles import COLUMN_ROLES

Drawn = tuple[list[str], tuple[str, ...]]
Draw = Callable[[Table, int], Drawn]
NAMES = ("rank", "outlet", "outlet_name", "url", "title", "published_at", "last_at", "lag", "is_copy", "event_id")


@pytest.fixture
def drawn(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Draw:
    """Draws at a width: the lines, and what was left out."""

    def at(table: Table, width: int) -> Drawn:
        monkeypatch.setenv("COLUMNS", str(width))
        capsys.readouterr()
        left_out = draw(table, COLUMN_ROLES)
        return capsys.readouterr().out.splitlines(), left_out

    return at


def answer(rows: int = 3) -> Table:
    start = datetime(2020, 6, 11, 16, 42, tzinfo=UTC)
    return Table(
        NAMES,
        [
            [
                row,
                f"outlet{row}.example",
                f"The Outlet {row}",
                f"https://outlet{row}.example/a-long-way/to-go",
                f"Dam {row} cracks, " + "villages are told to leave " * 3,
                start + timedelta(hours=row),
                start + timedelta(hours=row, days=1),
                1234567.25 + row,
                False,
                "event:0123456789abcdef",
            ]
            for row in range(rows)
        ],
    )


def test_what_fits_is_drawn_whole(drawn: Draw) -> None:
    lines, left_out = drawn(answer(), 400)
    assert left_out == () and len(lines) == 2 + 3
    assert lines[0].split() == list(NAMES)
    assert all(answer().rows[at][3] in line for at, line in enumerate(lines[2:]))  # type: ignore[index]  # a list


def test_a_row_is_a_line_and_what_is_the_same_stands_above(drawn: Draw) -> None:
    lines, left_out = drawn(answer(), 150)
    assert lines[:2] == ["event_id: event:0123456789abcdef", "is_copy: false"]
    assert lines[2].split() == ["rank", "outlet", "outlet_name", "title", "published_at", "last_at", "lag"]
    assert left_out == () and len(lines) == 4 + 2 * 3 and all(cell_len(line) <= 150 for line in lines)
    for row, (line, address) in enumerate(zip(lines[4::2], lines[5::2], strict=True)):
        assert f"outlet{row}.example" in line and f"Dam {row} cracks" in line and "…" in line
        assert address == f"    https://outlet{row}.example/a-long-way/to-go", "a part of an address leads nowhere"


def test_a_narrow_terminal_keeps_numbers_times_and_addresses_whole(drawn: Draw) -> None:
    lines, left_out = drawn(answer(), 80)
    assert left_out == ("outlet_name", "last_at")
    assert all(f"2020-06-11T{16 + row}:42:00Z" in line for row, line in enumerate(lines[4::2]))
    assert all("1,234,56" in line for line in lines[4::2])
    assert [line.strip() for line in lines[5::2]] == [
        f"https://outlet{row}.example/a-long-way/to-go" for row in (0, 1, 2)
    ]


@pytest.mark.parametrize("part", ["far/" * 20, "1" + "地震速報" * 4])
def test_an_address_among_names_is_whole_too(drawn: Draw, part: str) -> None:
    far = f"https://a.example/{part}"
    lines, _ = drawn(Table(("kind", "id", "name"), [["story", far, "Dam"], ["outlet", "a.example", "A"]]), 50)
    assert lines[3] == f"    {far}" and lines[2].split()[1].endswith("…") and "a.example" in lines[4]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_command_to_type_next_is_never_left_out_or_cut(drawn: Draw, width: int) -> None:
    commands = [f"newsgraph events split event:{row} https://a.example/{'long/' * 30} --dry-run" for row in range(3)]
    rows = [["large", "A dam " * 9, row, "it holds much of the stories of its days", commands[row]] for row in range(3)]
    lines, left_out = drawn(Table(("problem", "event_title", "stories", "why", "do"), rows), width)
    assert [line.strip() for line in lines if "newsgraph" in line] == commands and "do" not in left_out


def test_a_single_row_is_no_heading(drawn: Draw) -> None:
    lines, _ = drawn(answer(1), 120)
    assert lines[0] == "event_id: event:0123456789abcdef"
    assert lines[1].split()[:3] == ["rank", "outlet", "title"]


def test_a_title_that_is_an_address_stays(drawn: Draw) -> None:
    lines, left_out = drawn(Table(("published_at", "title"), [[None, "https://x/y"]]), 10)
    assert left_out == ("published_at",) and lines[0].strip() == "title"


def test_lags_are_lengths_of_time_and_numbers_have_the_digits_that_are_known(drawn: Draw) -> None:
    table = Table(
        ("lag_seconds", "median_lag_hours", "share", "q"),
        [[28320, -7.25, 2 / 3, 0.00012], [None, 0.0, 1.0, 0.0312]],
        units=("seconds", "hours", "", ""),
    )
    lines, _ = drawn(table, 100)
    assert lines[0].split() == ["lag", "median_lag", "share", "q"]
    assert lines[2].split("  ") and "7 h 52 min" in lines[2] and "-7 h 15 min" in lines[2]
    assert lines[2].split()[-2:] == ["0.67", "<0.001"] and lines[3].split() == ["0", "s", "1.00", "0.031"]


def test_an_id_makes_way_for_the_address_that_says_the_same(drawn: Draw) -> None:
    names = ("story_id", "url", "title", "published_at")
    start = datetime(2020, 6, 11, 16, 42, tzinfo=UTC)
    rows = [[f"https://a.example/{n}", f"https://a.example/{n}?x", f"Dam {n} " * 9, start] for n in range(3)]
    for width in range(30, 160):
        lines, left_out = drawn(Table(names, rows), width)
        assert "url" not in left_out, width
        assert all(any(f"https://a.example/{n}?x" in line for line in lines) for n in range(3)), width
        assert all(cell_len(line) <= width for line in lines)
    lines, left_out = drawn(Table(names, rows), 44)
    assert left_out == ("story_id",) and lines[-1].strip() == "https://a.example/2?x"


def test_no_rows_and_no_columns(drawn: Draw) -> None:
    assert drawn(Table(("a", "b"), []), 80)[1] == ()
    assert drawn(Table((), []), 80) == ([], ())


def test_a_terminal_gets_no_markup_from_titles(drawn: Draw) -> None:
    text = "[red]a[/red] :smile:\x1b[31m\u202e"
    for width in (80, 9):
        shown = "".join(drawn(Table(("title", text), [[text, 1], [text, 2]]), width)[0])
        assert "[red]a" in shown and "\x1b[31m" not in shown and "\u202e" not in shown
    assert "[/red] :smile:" in drawn(Table(("x",), [[text]]), 80)[0][2]


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.datetimes(), st.just("https://x/y")
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data(), st.integers(1, 8), st.integers(0, 4), st.integers(10, 150))
def test_every_answer_fits_every_terminal(drawn: Draw, data: Any, columns: int, rows: int, width: int) -> None:
    names = data.draw(
        st.lists(st.sampled_from([*NAMES, "a", "日本", ""]), min_size=columns, max_size=columns, unique=True)
    )
    cells = data.draw(st.lists(st.lists(CELLS, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    lines, left_out = drawn(Table(tuple(names), cells), width)
    assert all(cell_len(line) <= width or "https://x/y" in line for line in lines)
    addresses = [str(cell) for row in cells for cell in row if cell == "https://x/y"]
    assert len(lines) <= columns + 2 + rows + len(addresses) and set(left_out) < set(names)
