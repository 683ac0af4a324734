"""A table for notebooks, and a page of one. Everything in them is escaped."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256
from html import escape
from itertools import islice
from typing import Any

from newsgraph.output.cells import plain
from newsgraph.output.safe_text import showable
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


_STYLE = """
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 100rem; padding: 0 1rem; }
h1 { font-size: 1.3rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid #8884; }
td.number { text-align: right; white-space: nowrap; }
td.time { white-space: nowrap; }
footer, p { color: GrayText; }
@media print { .scroll { overflow: visible; } }
"""


def html_page(
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    title: str = "",
    meanings: Sequence[str] = (),
    notes: Iterable[str] = (),
) -> Iterator[str]:
    """A page of a whole table, piece by piece: no script, nothing from elsewhere, every text escaped. Addresses of the
    web are links, times are in UTC, numbers are exact."""
    digest = b64encode(sha256(_STYLE.encode()).digest()).decode()
    hints = [f' title="{_safe(meaning)}"' for meaning in meanings] or [""] * len(names)
    head = "".join(f'<th scope="col"{hint}>{_safe(name)}</th>' for name, hint in zip(names, hints, strict=True))
    shown = _safe(title or "Answer")
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{shown}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{shown}</h1>\n"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{shown}">\n'
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n"
    )
    for cells in rows:
        yield "<tr>" + "".join(map(_cell, cells)) + "</tr>\n"
    yield "</tbody>\n</table>\n</div>\n"
    yield from (f"<p>{_safe(note)}</p>\n" for note in notes)
    yield "</body>\n</html>\n"


def _cell(cell: Any) -> str:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return f'<td class="number">{_safe(plain(cell, repr))}</td>'
    text = _safe(plain(cell, repr))
    if isinstance(cell, date):
        return f'<td class="time">{text}</td>'
    if isinstance(cell, str) and cell.startswith(("http://", "https://")):
        return f'<td><a href="{text}" rel="noopener noreferrer">{text}</a></td>'
    return f"<td>{text}</td>"


def _safe(text: str) -> str:
    return escape(showable(text))
