"""A table as a workbook of Excel: typed cells, and a second sheet that says what the columns mean.

Texts are written as texts, so that none is taken for a formula or a link. Times are in UTC, which the sheet can't say
itself: the name of their column does.
"""

from __future__ import annotations

import io
import math
from datetime import UTC, date, datetime
from typing import Any

from newsgraph.errors import UsageError
from newsgraph.output.cells import Table, plain
from newsgraph.output.safe_text import showable

#: Rows of a sheet, the header among them, and letters of a cell.
MOST_ROWS = 1_048_576
MOST_LETTERS = 32_767
#: Whole numbers above it lose digits in a spreadsheet.
_MOST_WHOLE = 2**53
#: Excel counts days from 1900 on, with one that never was at first.
_FIRST_YEAR = 1901
_WIDEST = 60
#: The same bytes for the same answer, whenever it is written.
_MADE = datetime(2000, 1, 1)


def workbook(table: Table) -> bytes:
    """The workbook of a table: a sheet of its rows and one about it. Raises UsageError for more rows than a sheet has.

    Of a text longer than a cell can hold, the end is cut and a mark set in its place.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415  # ships no types; only where it is asked for

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    book.set_properties({"title": showable(table.title), "created": _MADE})
    styles = _Styles(book)
    sheet = book.add_worksheet("answer")
    rows = iter(table.rows)
    widths = [len(name) + 2 for name in table.names]
    timed: set[int] = set()
    for number, row in enumerate(rows, 1):
        if number >= MOST_ROWS:
            raise UsageError("-o", f"a sheet holds {MOST_ROWS - 1:,} rows, and there are more", "Give --limit, or CSV")
        for at, cell in enumerate(row):
            if isinstance(cell, datetime) and cell.tzinfo is not None:
                timed.add(at)
            widths[at] = max(widths[at], min(_WIDEST, styles.write(sheet, number, at, cell)))
    for at, name in enumerate(table.names):
        sheet.write_string(0, at, showable(f"{name} (UTC)" if at in timed else name), styles.head)
        sheet.set_column(at, at, widths[at] + 1)
    sheet.freeze_panes(1, 0)
    _about(book.add_worksheet("about"), table, styles)
    book.close()
    return held.getvalue()


def _about(sheet: Any, table: Table, styles: _Styles) -> None:
    lines: list[tuple[str, ...]] = [("column", "meaning", "unit")] if table.meanings else []
    for at, (name, meaning) in enumerate(zip(table.names, table.meanings, strict=False)):
        lines.append((name, meaning, table.units[at] if at < len(table.units) else ""))
    for number, line in enumerate(lines):
        for at, text in enumerate(line):
            sheet.write_string(number, at, showable(text), *([styles.head] if not number else []))
    for number, note in enumerate((*((table.title,) if table.title else ()), *table.notes), len(lines) + 1):
        sheet.write_string(number, 0, showable(note)[:MOST_LETTERS])
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 80)


class _Styles:
    """The looks of cells, and how each kind is written."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})

    def write(self, sheet: Any, row: int, at: int, cell: Any) -> int:
        """Writes a cell; gives the letters that it takes."""
        if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
            return 0
        if isinstance(cell, bool):
            sheet.write_boolean(row, at, cell)
            return 5
        if isinstance(cell, (int, float)) and abs(cell) <= _MOST_WHOLE:
            sheet.write_number(row, at, cell)
            return 10
        if isinstance(cell, datetime) and cell.year >= _FIRST_YEAR:
            utc = cell.astimezone(UTC).replace(tzinfo=None) if cell.tzinfo else cell
            sheet.write_datetime(row, at, utc, self._moment)
            return 19
        if isinstance(cell, date) and not isinstance(cell, datetime) and cell.year >= _FIRST_YEAR:
            sheet.write_datetime(row, at, datetime(cell.year, cell.month, cell.day), self._day)
            return 10
        text = showable(plain(cell, repr))
        if len(text) > MOST_LETTERS:
            text = text[: MOST_LETTERS - 1] + "\N{HORIZONTAL ELLIPSIS}"
        sheet.write_string(row, at, text)
        return len(text)
