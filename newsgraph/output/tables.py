"""Writes rows as a plain table, CSV, JSON, JSON lines, Markdown or an HTML page, to a stream or to a file; and as a
workbook of Excel, to a file only.

Times are ISO 8601, in UTC with ``Z``. Numbers have full precision, except in Markdown, which shows six significant
digits. Everything is UTF-8. The table for a terminal is drawn by :mod:`newsgraph.output.terminal_table`.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from newsgraph.errors import UnknownNameError, UsageError
from newsgraph.output.cells import Table, dump, json_value, plain, short
from newsgraph.output.safe_text import harmless, no_formula, one_line

FORMATS = ("table", "csv", "json", "jsonl", "markdown", "html", "xlsx")

#: Ending of a file -> the format that is used if none is named.
ENDINGS = {
    ".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".md": "markdown", ".txt": "table",
    ".html": "html", ".htm": "html", ".xlsx": "xlsx",
}  # fmt: skip

_BOM = "\ufeff"

#: The number of rows that a terminal shows if no limit is given.
TERMINAL_ROWS = 50


@dataclass(frozen=True, slots=True)
class Style:
    """How a table is written.

    ``format`` is its name, such as "csv". ``raw`` leaves texts that look like formulas unchanged. ``excel`` writes a
    byte-order mark at the beginning. ``terminal`` shows characters that would control a terminal as codes; the other
    formats never contain such characters.
    """

    format: str = "table"
    raw: bool = False
    excel: bool = False
    terminal: bool = False


def lines(table: Table, style: Style) -> Iterator[str]:
    """Yields the table as text, piece by piece. Each piece ends with a line feed. Raises UnknownNameError for an
    unknown format."""
    writers: dict[str, Callable[[Table, Style], Iterator[str]]] = {
        "table": _table,
        "csv": _csv,
        "json": _json,
        "jsonl": _jsonl,
        "markdown": _markdown,
        "html": _html,
    }
    if style.format == "xlsx":
        raise UsageError("--format", "xlsx is no text", "Give -o FILE.xlsx")
    if style.format not in writers:
        raise UnknownNameError("--format", f"there is no format {style.format!r}", f"Choose {', '.join(FORMATS)}")
    if not table.names:
        # A query that returns nothing has no header either.
        yield from (["[]\n"] if style.format == "json" else [])
        return
    if style.excel:
        yield _BOM
    yield from writers[style.format](table, style)


def rendered(table: Table, style: Style) -> str:
    """Returns the table as one text."""
    return "".join(lines(table, style))


def write(table: Table, style: Style, target: Path, *, force: bool = False) -> None:
    """Writes the table to a file, which appears complete or not at all. Raises what
    :func:`newsgraph.output.atomic_files.file_target` raises, and UsageError for more rows than a sheet has."""
    from newsgraph.output.atomic_files import file_target, write_texts  # noqa: PLC0415  # a terminal needs no file

    if style.format == "xlsx":
        from newsgraph.output.workbook import workbook  # noqa: PLC0415  # only where it is asked for

        content = workbook(table)
        with file_target(target, force=force) as out:
            out.write(content)
        return
    write_texts(lines(table, style), target, force=force)


def format_of(target: Path) -> str:
    """The format that the ending of a file stands for, a .gz after it left aside; a plain table where it has none.
    Raises UsageError, with the endings that there are, for any other."""
    name = target.name[: -len(".gz")] if target.suffix.lower() == ".gz" else target.name
    ending = Path(name).suffix.lower()
    if not ending:
        return "table"
    if ending not in ENDINGS:
        raise UsageError(
            str(target), f"no answer is written as {ending}", f"End it with {', '.join(ENDINGS)}, or give --format"
        )
    return ENDINGS[ending]


def _object(names: Sequence[str], row: Sequence[Any]) -> str:
    # JSON allows characters in a text that control a terminal, or that end a line for some readers of JSON lines.
    return harmless(dump({name: json_value(cell) for name, cell in zip(names, row, strict=True)}))


def _json(table: Table, style: Style) -> Iterator[str]:
    first = True
    for row in table.rows:
        yield ("[\n  " if first else ",\n  ") + _object(table.names, row)
        first = False
    yield "[]\n" if first else "\n]\n"


def _jsonl(table: Table, style: Style) -> Iterator[str]:
    for row in table.rows:
        yield _object(table.names, row) + "\n"


def _csv(table: Table, style: Style) -> Iterator[str]:
    def safe(cell: Any) -> str:
        text = plain(cell, repr)
        return text if style.raw or isinstance(cell, (int, float)) else no_formula(text)

    # With this terminator the writer quotes a carriage return as well as a line feed. Rows still end with a line feed.
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in chain([table.names], table.rows):
        writer.writerow([safe(cell) for cell in row])
        line = buffer.getvalue().removesuffix("\r\n") + "\n"
        yield harmless(line) if style.terminal else line
        buffer.seek(0)
        buffer.truncate()


def _texts(table: Table, number: Callable[[float], str]) -> Iterator[list[str]]:
    for row in table.rows:
        yield [one_line(plain(cell, number)) for cell in row]


def _markdown(table: Table, style: Style) -> Iterator[str]:
    def cell(text: str) -> str:
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return "".join("\\" + c if c in "\\|`*_[]" else c for c in escaped)

    yield "| " + " | ".join(cell(one_line(name)) for name in table.names) + " |\n"
    yield "|" + " --- |" * len(table.names) + "\n"
    for row in _texts(table, short):
        yield "| " + " | ".join(cell(text) for text in row) + " |\n"


def _html(table: Table, style: Style) -> Iterator[str]:
    from newsgraph.output.html_table import html_page  # noqa: PLC0415  # only where it is asked for

    yield from html_page(table.names, table.rows, title=table.title, meanings=table.meanings, notes=table.notes)


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _table(table: Table, style: Style) -> Iterator[str]:
    """Yields rows with aligned columns, two blanks apart, without any decoration."""
    rows = [[one_line(name) for name in table.names], *_texts(table, repr)]
    widths = [max(_width(row[number]) for row in rows) for number in range(len(table.names))]
    for row in rows:
        cells = [text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)]
        yield "  ".join(cells).rstrip() + "\n"
