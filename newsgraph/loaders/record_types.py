"""Checks that the values of records have the declared types. newsgraph's own loaders convert each value before they
make a record, so only the records of other packages' loaders are checked here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Struct, structs

from newsgraph.loaders.records import EntityRecord, Record


def check_types(records: Iterable[Record | EntityRecord]) -> None:
    """Raises TypeError, which names the field, for the first record with a value of another type than is declared, or
    with a time that isn't in UTC."""
    for record in records:
        _check(record, Record | EntityRecord)


def _check(value: Any, declared: Any, place: str = "record") -> None:
    if not _fits(value, declared):
        words = getattr(declared, "__name__", str(declared))
        raise TypeError(f"{place} is {value!r:.60}, and no {words}")
    if isinstance(value, Struct):
        kind: Any = type(value)
        for name, its in _declared(kind).items():
            _check(getattr(value, name), its, name)
    elif type(value) is tuple:
        for one in value:
            _check(one, get_args(declared)[0], place)


def _fits(value: Any, declared: Any) -> bool:
    """Tells whether a value has a declared type. What is inside a tuple or a record isn't checked."""
    origin = get_origin(declared)
    if origin in (Union, UnionType):
        return any(_fits(value, one) for one in get_args(declared))
    if origin is Literal:
        return value in get_args(declared)
    if declared is datetime:
        return type(value) is datetime and value.tzinfo is UTC
    return type(value) is (origin or declared)  # no subclass: True isn't a number here


@cache
def _declared(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in structs.fields(kind)}
