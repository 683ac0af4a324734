"""Options and output of every command that prints an answer: ask, cypher, find, merged."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.shared.common import force_option
from newsgraph.cli.shared.terminal import say
from newsgraph.errors import UsageError

if TYPE_CHECKING:
    from newsgraph.queries.answer import Answer


@dataclass(frozen=True, slots=True)
class Output:
    """Where and how an answer is written."""

    format: str | None
    target: Path | None
    force: bool
    raw: bool
    excel: bool
    limit: int | None

    @property
    def on_terminal(self) -> bool:
        """Whether a person reads it as a table drawn on a terminal."""
        return self.target is None and self.format in (None, "table") and sys.stdout.isatty()

    @property
    def shown_rows(self) -> int | None:
        """How many rows to show; None for all. On a terminal there is a limit even if the user gave none."""
        from newsgraph.output.tables import TERMINAL_ROWS  # noqa: PLC0415  # keeps --help light

        return TERMINAL_ROWS if self.limit is None and self.on_terminal else self.limit


def answer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--format``, ``-o``, ``--force``, ``--raw``, ``--excel`` and ``--limit``. They are passed as ``format``,
    ``target``, ``force``, ``raw``, ``excel`` and ``limit``, for :func:`output_of`."""
    options = (
        click.option(
            "--format",
            "format",
            type=click.Choice(["table", "csv", "json", "jsonl", "markdown", "html", "xlsx"]),
            help="The format of the answer; xlsx (Excel) needs -o.  [default: by the ending of -o, else table]",
        ),
        click.option(
            "-o", "--output", "target", metavar="FILE", type=click.Path(path_type=Path), help="Write to a file."
        ),
        force_option,
        click.option("--raw", is_flag=True, help="CSV: don't change texts that a spreadsheet would take for formulas."),
        click.option("--excel", is_flag=True, help="CSV: begin with a byte-order mark, which Excel needs for UTF-8."),
        click.option(
            "--limit", type=int, metavar="ROWS", help="Show the first rows only.  [default: all; 50 on a terminal]"
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def output_of(
    store_url: str, format: str | None, target: Path | None, force: bool, raw: bool, excel: bool, limit: int | None
) -> Output:
    """Returns the options as one object. Refuses a target that exists, and the store itself, before any work is
    done."""
    if limit is not None and limit < 0:
        raise UsageError("--limit", f"{limit} is below zero", "Give the number of rows to show")
    if target is not None:
        from newsgraph.graph.stores.registry import refuse_own_file  # noqa: PLC0415
        from newsgraph.output.atomic_files import check_file  # noqa: PLC0415
        from newsgraph.output.tables import format_of  # noqa: PLC0415

        refuse_own_file(store_url, target)
        check_file(target, force=force)
        format = format or format_of(target)
    elif format == "xlsx":
        raise UsageError("--format", "xlsx is no text", "Give -o FILE.xlsx")
    if excel and format != "csv":
        raise UsageError("--excel", "is for CSV only", "Give --format csv too, or -o FILE.csv")
    return Output(format, target, force, raw, excel, limit)


def emit(
    output: Output,
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    units: Sequence[str] = (),
    meanings: Sequence[str] = (),
    title: str = "",
    notes: Iterable[str] = (),
    cut: str = "",
    about: Iterable[str] = (),
) -> None:
    """Writes rows where ``output`` says. Notes, and ``cut`` (about rows that a limit left out), go to standard error.

    ``units`` and ``meanings`` are those of the columns. ``title`` says what the rows are, and ``about`` what they were
    made from; both are for files that have a place for them.

    Raises OutputError for a file, and OSError (BrokenPipeError if the reader has ended) for standard output.
    """
    from newsgraph.output import tables  # noqa: PLC0415
    from newsgraph.output.cells import Table  # noqa: PLC0415
    from newsgraph.output.safe_text import one_line  # noqa: PLC0415

    notes = tuple(notes)
    table = Table(tuple(names), rows, tuple(units), tuple(meanings), title, (*notes, *((cut,) if cut else ()), *about))
    style = tables.Style(
        output.format or "table", output.raw, output.excel, terminal=output.target is None and sys.stdout.isatty()
    )
    left_out: Sequence[str] = ()
    if output.target is not None:
        tables.write(table, style, output.target, force=output.force)
    elif output.on_terminal:
        from newsgraph.output.terminal_table import draw  # noqa: PLC0415
        from newsgraph.queries.column_roles import COLUMN_ROLES  # noqa: PLC0415

        left_out = draw(table, COLUMN_ROLES)
    else:
        stream = sys.stdout.buffer
        for piece in tables.lines(table, style):
            stream.write(piece.encode("utf-8", "backslashreplace"))
        stream.flush()
    if left_out:
        say(f"columns left out: {', '.join(one_line(name) for name in left_out)}; --format csv has all")
    for note in notes:
        say(one_line(note))
    if cut:
        say(cut)


def emit_answer(output: Output, answer: Answer[Any], *, about: Iterable[str] = ()) -> None:
    """Writes the answer to a question, with what is said of it. Raises what :func:`emit` raises."""
    emit(
        output,
        answer.names,
        answer.cells(),
        units=[one.unit for one in answer.columns],
        meanings=[one.meaning for one in answer.columns],
        title=answer.question,
        notes=answer.notes,
        cut=cut_line(len(answer), answer.total) if answer.cut else "",
        about=about,
    )


def emit_rows(
    output: Output, names: Sequence[str], rows: Sequence[Sequence[Any]], *, notes: Iterable[str] = ()
) -> None:
    """Writes as many of the rows as ``--limit`` or the terminal allows, and says how many there are. Raises what
    :func:`emit` raises."""
    most = output.shown_rows
    emit_some(output, names, rows if most is None else rows[:most], len(rows), notes=notes)


def emit_some(
    output: Output, names: Sequence[str], rows: Sequence[Sequence[Any]], total: int, *, notes: Iterable[str] = ()
) -> None:
    """Writes rows, and says how many there are if they are not all. Raises what :func:`emit` raises."""
    emit(output, names, rows, notes=notes, cut=cut_line(len(rows), total) if len(rows) < total else "")


def cut_line(shown: int, total: int | None) -> str:
    """Returns the line about rows that were left out. ``total`` is None if they were not counted."""
    of = "there are more" if total is None else f"of {total:,}"
    rows = "1 row" if shown == 1 else f"{shown:,} rows"
    return f"{rows} shown, {of}: --limit {'N' if total is None else total} shows more."
