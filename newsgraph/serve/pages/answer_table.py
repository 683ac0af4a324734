"""Rows as a page shows them, and as files that a browser saves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsgraph.output.cells import Table, heading, plain, read_cell, short
from newsgraph.output.tables import Style, lines
from newsgraph.views.document import shown, web_address

#: The number of rows that a page shows, and that a file holds.
MOST_SHOWN = 1_000
MOST_SAVED = 100_000
#: The number of characters of one cell, and of a whole table, on a page.
LONGEST_CELL = 500
MOST_CHARACTERS = 3_000_000
#: File ending -> media type.
SAVED = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}

#: Columns of answers -> what the ids in them may belong to.
_KINDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("outlet", "first_outlet", "follower"), ("outlet",)),
    **dict.fromkeys(("a", "b"), ("outlet", "topic")),
    **dict.fromkeys(("event_id", "event"), ("event",)),
    **dict.fromkeys(("id", "key"), ("event", "outlet", "topic")),
    "topic": ("topic",),
}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell: its words, the address that it links to (None: no link), whether that is another site, whether it is a
    number, and the exact value if the words are rounded."""

    words: str
    href: str | None = None
    elsewhere: bool = False
    number: bool = False
    exact: str = ""


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table of a page. ``meanings`` are those of the columns, ``total`` is the number of rows (None: not counted),
    and ``cut`` says that some are not shown."""

    names: Sequence[str]
    meanings: Mapping[str, str]
    rows: Sequence[Sequence[ShownCell]]
    total: int | None
    cut: bool


def shown_table(
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    href: Callable[[str, str], str | None],
    *,
    total: int | None,
    cut: bool = False,
    meanings: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
) -> ShownTable:
    """Returns the first rows, with every cell cut to what a page can hold. ``href`` returns the address of an event,
    outlet or topic. With ``units`` (of columns that have one), numbers are written to be read, and lengths of time in
    words; else exactly."""
    done: list[list[ShownCell]] = []
    characters = 0
    for row in rows:
        if len(done) >= MOST_SHOWN or characters > MOST_CHARACTERS:
            cut = True
            break
        cells = [shown_cell(name, value, href, units) for name, value in zip(names, row, strict=True)]
        characters += sum(len(cell.words) for cell in cells)
        done.append(cells)
    heads = [heading(name, (units or {}).get(name, "")) for name in names]
    told = {head: (meanings or {}).get(name, "") for head, name in zip(heads, names, strict=True)}
    return ShownTable([shown(head, 200) for head in heads], told, done, total, cut)


def shown_cell(
    name: str, value: Any, href: Callable[[str, str], str | None], units: Mapping[str, str] | None = None
) -> ShownCell:
    """Returns one cell of the column ``name``."""
    if isinstance(value, str):
        found = next(filter(None, (href(kind, value) for kind in _KINDS.get(name, ()))), None)
        outside = web_address(value) if found is None and "://" in value[:16] else None
        return ShownCell(shown(value, LONGEST_CELL), found or outside, found is None)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    exact = ", ".join(map(str, value[:50])) if _is_list_of_texts(value) else plain(value, short)
    words = exact if units is None or not number else read_cell(value, units.get(name, ""))
    return ShownCell(shown(words, LONGEST_CELL), number=number, exact=exact if exact != words else "")


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and all(isinstance(one, str) for one in value)


def saved(ending: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Returns the rows as the content of a file, in the form in which the command line writes it."""
    return "".join(lines(Table(tuple(names), rows), Style(ending))).encode("utf-8", "backslashreplace")
