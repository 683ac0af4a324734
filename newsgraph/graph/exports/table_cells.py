"""Column by column: how tables are made fast. Columns of values are turned into columns of what fits, most of it
untouched.

What is rare (a formula, a wrong type, a number out of range) is looked at one by one; the rest passes in one sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from newsgraph.graph.exports.sanitise import Sanitiser, cell_identifier
from newsgraph.graph.schema import Property, Type, Value
from newsgraph.output.times import iso_cells

#: Turns the values of a column (None where absent) into what a table holds.
ColumnMaker = Callable[[list[Value | None]], list[Any]]


def in_range(one: Property, check: Callable[[Value], Any]) -> ColumnMaker:
    """Leaves values that are surely right as they are, and gives all others to ``check``. Texts are for the caller."""
    if one.type is Type.INTEGER:
        return lambda column: _whole_numbers(column, check)
    if one.type is Type.REAL:
        return lambda column: _real_numbers(column, check)
    kind = {Type.BOOLEAN: bool, Type.TIME: datetime}.get(one.type)
    # No value is of no type, so that where none is surely right all are checked.
    return lambda column: [value if value is None or type(value) is kind else check(value) for value in column]


def _whole_numbers(column: list[Value | None], check: Callable[[Value], Any]) -> list[Any]:
    low, high = -(2**63), 2**63
    return [
        value if value is None or (type(value) is int and low <= value < high) else check(value) for value in column
    ]


def _real_numbers(column: list[Value | None], check: Callable[[Value], Any]) -> list[Any]:
    infinite = float("inf")
    return [
        value if value is None or (type(value) is float and -infinite < value < infinite) else check(value)
        for value in column
    ]


def number_cells(column: list[Any]) -> list[str]:
    """Numbers as cells, reals with all their digits."""
    return ["" if number is None else repr(number) for number in column]


def boolean_cells(column: list[Any]) -> list[str]:
    """Booleans as cells."""
    return ["" if value is None else "true" if value else "false" for value in column]


def quote(text: str) -> str:
    """A text as a quoted cell (RFC 4180)."""
    return '"' + text.replace('"', '""') + '"'


def cells(
    sanitiser: Sanitiser, one: Property, rare: Callable[[Value], str], fits: Callable[[str], bool]
) -> ColumnMaker:
    """Turns a column into cells of a table of text: texts quoted, all else bare, an absent value empty.

    Lists, and texts that don't fit as they are, go through ``rare``.
    """
    if one.type is Type.TEXT:
        return lambda column: [
            "" if value is None else quote(value) if type(value) is str and fits(value) else rare(value)
            for value in column
        ]
    if one.type is Type.TEXTS:
        return lambda column: ["" if value is None else rare(value) for value in column]
    fitting = in_range(one, lambda value: sanitiser.plain(one.type, value))
    write = {Type.TIME: iso_cells, Type.BOOLEAN: boolean_cells}.get(one.type, number_cells)
    return lambda column: write(fitting(column))


def table_text(
    ids: Sequence[list[str]],
    columns: list[list[str]],
    sanitiser: Sanitiser,
    guard: Callable[[str], str] = str,
) -> str:
    """The lines of a chunk. Characters that no table holds are replaced (in ids, written as codes)."""
    # A guarded id is not counted as a loss: it has the same form in every table, so that they still join.
    named = [[quote(guard(one)) for one in column] for column in ids]
    text = "\n".join(map(",".join, zip(*named, *columns, strict=True))) + "\n"
    if "\x00" not in text and _is_unicode(text):
        return text
    named = [[cell_identifier(one) for one in column] for column in named]
    columns = [[sanitiser.text_without_nul(one) for one in column] for column in columns]
    return "\n".join(map(",".join, zip(*named, *columns, strict=True))) + "\n"


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
