"""A table, and how its cells are told in JSON, as exact texts, and as a person reads them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from newsgraph.output.times import iso, lag_words


@dataclass(frozen=True, slots=True)
class Table:
    """What is written: names of columns, and rows of cells in their order.

    ``units`` and ``meanings`` are those of the columns, where they are known. ``title`` says what the rows are, and
    ``notes`` what must be said beside them.
    """

    names: tuple[str, ...]
    rows: Iterable[Sequence[Any]]
    units: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()
    title: str = ""
    notes: tuple[str, ...] = ()


def json_value(cell: Any) -> Any:
    """Returns a cell in JSON's form: times as texts, and null for a value that is not a number (NaN, infinity)."""
    if isinstance(cell, datetime):
        return iso(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    if isinstance(cell, dict):
        return {str(key): json_value(value) for key, value in cell.items()}
    if isinstance(cell, (list, tuple)):
        return [json_value(value) for value in cell]
    return cell


def dump(value: Any) -> str:
    """Returns a value of JSON as text."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=str)


def plain(cell: Any, number: Callable[[float], str]) -> str:
    """Returns a cell as text, with numbers written by ``number``. An empty cell, or NaN, gives an empty text."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return int.__repr__(cell)
    if isinstance(cell, float):
        return number(cell) if math.isfinite(cell) else ""
    value = json_value(cell)
    return value if isinstance(value, str) else dump(value)


def short(number: float) -> str:
    """Returns a number with six significant digits."""
    return f"{number:.6g}"


def rounded(number: float) -> str:
    """A number to be read: two decimals; below a tenth, two digits that count, and below a thousandth that it is so.

    >>> rounded(3.14159), rounded(0.04321), rounded(0.00001), rounded(0.0), rounded(1234567.25)
    ('3.14', '0.043', '<0.001', '0.00', '1,234,567.25')
    """
    size = abs(number)
    if size >= 1e15:
        return short(number)
    if size >= 0.1 or size == 0:
        return f"{number:,.2f}"
    sign = "-" if number < 0 else ""
    return (
        f"{sign}{size:.3f}"
        if size < 0.01 and size >= 0.001
        else f"{sign}{size:.2g}"
        if size >= 0.001
        else (f"{'>-' if number < 0 else '<'}0.001")
    )


#: Unit of a column -> seconds. Its values are read as lengths of time, and its name needs no unit at its end.
LENGTHS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


def read_cell(cell: Any, unit: str = "") -> str:
    """Returns a cell as a person reads it: lengths of time in words, numbers with the digits that are known.

    >>> read_cell(7.25, "hours"), read_cell(0.0912202), read_cell(None)
    ('7 h 15 min', '0.091', '')
    """
    number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    if unit in LENGTHS and number and math.isfinite(cell):
        seconds = cell * LENGTHS[unit]
        return ("-" if round(seconds) < 0 else "") + lag_words(seconds)
    return plain(cell, rounded)


def heading(name: str, unit: str = "") -> str:
    """Returns the name of a column above such cells: ``lag`` for ``lag_seconds``."""
    return name.removesuffix(f"_{unit}") if unit in LENGTHS else name
