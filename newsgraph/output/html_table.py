"""A table for notebooks. Everything in it is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from itertools import islice
from typing import Any

from newsgraph.output.times import iso

#: The number of rows that a notebook shows. The answer itself holds all of them.
NOTEBOOK_ROWS = 100


def html_table(
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    total: int,
    meanings: Sequence[str] = (),
    notes: Iterable[str] = (),
) -> str:
    """Returns the first rows as a ``<table>``. Below it are the number of rows, if some are left out, and the notes.

    ``total`` is the number of all rows. ``meanings``, one for each column, appear when the pointer rests on the
    column's name. Times are in UTC, numbers have six significant digits.
    """
    hints = [f' title="{escape(meaning)}"' for meaning in meanings] or [""] * len(names)
    head = "".join(f"<th{hint}>{escape(name)}</th>" for name, hint in zip(names, hints, strict=True))
    body = [
        "<tr>" + "".join(f"<td>{escape(_shown(cell))}</td>" for cell in cells) + "</tr>"
        for cells in islice(rows, NOTEBOOK_ROWS)
    ]
    lines = [f"{len(body)} of {total} rows"] if len(body) < total else []
    below = "".join(f"<p>{escape(line)}</p>" for line in [*lines, *notes])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>{below}"


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return iso(cell)
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
