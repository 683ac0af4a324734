"""The columns of a researcher's outlets file, as filters (``--where country=DE``) and as groupings (``--by owner``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, Self, TypeVar

from newsgraph.errors import UnknownNameError, UsageError
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.asking.find import lookup

_REMEDY = "newsgraph load --outlets FILE gives outlets their columns"


class Where(str):
    """A condition on outlets, such as ``country=DE``. ``outlets`` are the ids of those that fulfil it."""

    outlets: frozenset[str]

    def __new__(cls, text: str, outlets: Iterable[str] = ()) -> Self:
        """Makes the condition with its outlets."""
        made = super().__new__(cls, text)
        made.outlets = frozenset(outlets)
        return made

    @property
    def column(self) -> str:
        """The column that it is about."""
        return self.partition("=")[0]


def columns_of_outlets(store: Store) -> dict[str, dict[str, str]]:
    """Returns each column of the outlets file: outlet -> its value in the column."""
    found: dict[str, dict[str, str]] = {}
    for outlet, facts in lookup(store, "outlet_facts"):
        for fact in facts or ():
            column, _, value = str(fact).partition("=")
            found.setdefault(column, {})[outlet] = value
    return dict(sorted(found.items()))


def resolve_column(store: Store, given: str) -> str:
    """Returns the column that is meant, in capital or small letters. Raises UnknownNameError, which lists the
    columns."""
    known = columns_of_outlets(store)
    name = " ".join(given.split()).casefold()
    if name in known:
        return name
    raise UnknownNameError(given, "the outlets file has no such column", _there_are(given, known))


def resolve_where(store: Store, given: str) -> Where:
    """Returns the condition ``COLUMN=VALUE`` with its outlets. Capital and small letters are the same in both parts.

    Raises UsageError if there is no ``=``, and UnknownNameError for a column or a value that no outlet has.
    """
    name, equals, value = given.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise UsageError("--where", f"{given!r} is no condition", "Write COLUMN=VALUE, such as owner=Quay")
    column = resolve_column(store, name)
    values = columns_of_outlets(store)[column]
    plain = " ".join(value.split()).casefold()
    outlets = [outlet for outlet, one in values.items() if one.casefold() == plain]
    if not outlets:
        raise UnknownNameError(given, f"no outlet has that {column}", _there_are(value, set(values.values())))
    return Where(f"{column}={values[outlets[0]]}", outlets)


def chosen_outlets(outlets: Sequence[str], conditions: Sequence[Where]) -> list[str] | None:
    """Returns the outlets that are among ``outlets`` (if it is empty: all) and fulfil the conditions.

    Of several conditions on one column, one must be fulfilled. None if nothing is asked for.
    """
    if not outlets and not conditions:
        return None
    of_column: dict[str, set[str]] = {}
    for one in conditions:
        of_column.setdefault(one.column, set()).update(one.outlets)
    sets = [*of_column.values(), *([set(outlets)] if outlets else [])]
    return sorted(set.intersection(*sets))


class Groupable(Protocol):
    """A table that has outlets, which can be replaced by what they have in common."""

    def grouped(self, value_of: Mapping[str, str]) -> Self:
        """Returns the table with each outlet replaced by its value. An outlet without a value stays."""
        ...


Grouped = TypeVar("Grouped", bound=Groupable)


def grouped(store: Store, told: Grouped, column: str | None) -> Grouped:
    """Returns the table with each outlet replaced by its value in the column. An outlet without a value stays."""
    return told if column is None else told.grouped(columns_of_outlets(store).get(column, {}))


def grouping_notes(column: str | None) -> tuple[str, ...]:
    """Returns a note about what takes the place of outlets, if they are grouped."""
    if column is None:
        return ()
    return (f"Outlets of the same {column} count as one; an outlet without one stands for itself.",)


def _there_are(given: str, known: Iterable[str] | Mapping[str, Any]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  # only needed for a suggestion

    names = sorted(known)
    near = get_close_matches(given.casefold(), names, n=1)
    if not names:
        return _REMEDY
    listed = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    return f"{f'Did you mean {near[0]}? ' if near else ''}There are: {listed}"
