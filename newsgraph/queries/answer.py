"""What an answer is: typed rows with documented columns, and notes for the reader."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from newsgraph.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped,unused-ignore]  # an extra that a user may have; it ships no types

Row = TypeVar("Row")

_KINDS: dict[type, str] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "true or false",
    datetime: "time, UTC",
    date: "date",
    list: "list",
    tuple: "list",
}


def column(meaning: str, unit: str = "") -> Any:
    """Declares a column of a row type: its meaning and, for a measure, its unit."""
    return dataclasses.field(metadata={"meaning": meaning, "unit": unit})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer. ``optional`` says that it can be empty."""

    name: str
    kind: str
    meaning: str
    unit: str
    optional: bool


def columns_of(row: type) -> tuple[Column, ...]:
    """Returns the documented columns of a row type, in order."""
    hints = typing.get_type_hints(row)
    return tuple(
        Column(
            name=field.name,
            kind=_kind(hints[field.name]),
            meaning=field.metadata["meaning"],
            unit=field.metadata["unit"],
            optional=_optional(hints[field.name]),
        )
        for field in dataclasses.fields(row)
    )


def _parts(hint: Any) -> tuple[Any, ...]:
    return typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)


def _kind(hint: Any) -> str:
    only = next(part for part in _parts(hint) if part is not type(None))
    return _KINDS.get(typing.get_origin(only) or only, "anything")


def _optional(hint: Any) -> bool:
    return hint is Any or type(None) in _parts(hint)


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """What the function of a question returns: all of its rows in their order, and notes for the reader."""

    rows: Sequence[Row]
    notes: tuple[str, ...] = ()


class ColumnRows(Sequence[Row]):
    """Rows that are held as columns. A row is made only when it is asked for.

    It is meant for answers of many thousand rows, so that writing them as a table doesn't make an object for each row.
    ``columns`` are lists of equal length, in the order of the fields of ``row``.
    """

    def __init__(self, row: type[Row], columns: Sequence[Sequence[Any]]) -> None:
        self.row = row
        self.columns = tuple(columns)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> ColumnRows[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | ColumnRows[Row]:
        if isinstance(index, slice):
            return ColumnRows(self.row, [column[index] for column in self.columns])
        return self.row(*(column[index] for column in self.columns))

    def __len__(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[Row]:
        return map(self.row, *self.columns)


class Answer(Sequence[Row]):
    """The answer to a question: a sequence of typed rows.

    ``notes`` say what the rows don't, for example what was left out and why, or in which time zone dates were read.
    ``total`` is the number of rows before ``limit``, and ``cut`` tells whether the limit left some out. ``parameters``
    are those that were used, including defaults, with ids in the place of names.
    """

    def __init__(
        self,
        question: str,
        row: type[Row],
        found: Found[Row],
        parameters: Mapping[str, Any],
        *,
        limit: int | None = None,
    ) -> None:
        self.question = question
        self.row = row
        self.columns = columns_of(row)
        self.notes = found.notes
        self.parameters = dict(parameters)
        self.total = len(found.rows)
        rows = found.rows if limit is None else found.rows[:limit]
        self._rows: Sequence[Row] = rows if isinstance(rows, ColumnRows) else tuple(rows)

    @property
    def cut(self) -> bool:
        """Whether a limit left rows out."""
        return len(self._rows) < self.total

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(one.name for one in self.columns)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        return tuple(self._rows[index]) if isinstance(index, slice) else self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __repr__(self) -> str:
        return f"<Answer to {self.question}: {len(self)} rows of {self.row.__name__}>"

    def cells(self) -> Iterator[tuple[Any, ...]]:
        """The rows as tuples in the order of the columns."""
        if isinstance(self._rows, ColumnRows):
            yield from zip(*self._rows.columns, strict=True)
            return
        names = self.names
        for row in self._rows:
            yield tuple(getattr(row, name) for name in names)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Returns a dict for each row. Times are ``datetime`` values with zone, in UTC."""
        names = self.names
        return [dict(zip(names, cells, strict=True)) for cells in self.cells()]

    def to_dataframe(self) -> pandas.DataFrame:
        """Returns the rows as a pandas DataFrame, columns in order. Raises UsageError if pandas isn't installed."""
        try:
            import pandas  # noqa: PLC0415  # optional, and slow to import
        except ImportError:
            raise UsageError(
                "to_dataframe", "pandas isn't installed", "pip install pandas, or use to_dicts()"
            ) from None
        return pandas.DataFrame(list(self.cells()), columns=list(self.names))

    def _repr_html_(self) -> str:
        """Returns a table for notebooks. Everything in it is escaped."""
        from newsgraph.output.html_table import html_table  # noqa: PLC0415  # only a notebook needs it

        return html_table(
            self.names,
            self.cells(),
            total=self.total,
            meanings=[one.meaning for one in self.columns],
            notes=self.notes,
        )


def sorted_by(rows: Sequence[Row], names: Sequence[str], sort: str) -> list[Row]:
    """Returns the rows in order of the column ``sort``, ascending, or descending if it begins with ``-``.

    Empty cells come last. Rows with equal cells keep their order. Raises UnknownNameError for a column that doesn't
    exist.
    """
    descending = sort.startswith("-")
    name = sort.removeprefix("-")
    if name not in names:
        raise UnknownNameError("sort", f"there is no column {name!r}", f"Columns: {', '.join(names)}")
    filled = [row for row in rows if getattr(row, name) is not None]
    empty = [row for row in rows if getattr(row, name) is None]
    return sorted(filled, key=lambda row: getattr(row, name), reverse=descending) + empty
