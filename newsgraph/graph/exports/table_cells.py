"""Makes tables fast by working on whole columns. A column of values becomes a column of cells, and most values stay as
they are.

Rare values (a formula, a wrong type, a number out of range) are handled one by one, all others at once.
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
    """Returns a function that leaves values that are surely right unchanged, and gives all others to ``check``. It
    doesn't check the characters of texts."""
    if one.type is Type.INTEGER:
        return lambda column: _whole_numbers(column, check)
    if one.type is Type.REAL:
        return lambda column: _real_numbers(column, check)
    kind = {Type.BOOLEAN: bool, Type.TIME: datetime}.get(one.type)
    # If no value is surely right, all of them are checked.
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
    """Returns numbers as cells, real numbers with all their digits."""
    return ["" if number is None else repr(number) for number in column]


def boolean_cells(column: list[Any]) -> list[str]:
    """Booleans as cells."""
    return ["" if value is None else "true" if value else "false" for value in column]


def quote(text: str) -> str:
    """Returns a text as a quoted cell (RFC 4180)."""
    return '"' + text.replace('"', '""') + '"'


def cells(
    sanitiser: Sanitiser, one: Property, rare: Callable[[Value], str], fits: Callable[[str], bool]
) -> ColumnMaker:
    """Returns a function that turns a column into text cells: texts are quoted, other values not, absent ones are
    empty.

    Lists, and texts for which ``fits`` is false, are handled by ``rare``.
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
    """Returns the lines of some rows. Characters that no table can hold are replaced; in ids they are written as
    codes."""
    # An id with an apostrophe isn't counted as a loss: it is the same in every table, so tables can still be joined.
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
