"""What every store checks before it writes, so that all of them hold the same values and refuse the same ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from types import NoneType
from typing import Any

from newsgraph.graph.batch import Batch
from newsgraph.errors import StoreError, StoreFormatError, UnknownNameError
from newsgraph.graph.schema import EDGES, NODES, EdgeType, NodeType, Type, Value

#: Properties of each node of one label by id, and of each edge of one type by its two ends.
NodeRows = dict[str, Mapping[str, Value]]
EdgeRows = dict[tuple[str, str], Mapping[str, Value]]

_EXACT: dict[Type, type] = {Type.TEXT: str, Type.INTEGER: int, Type.REAL: float, Type.BOOLEAN: bool}
_REMEDY = "See graph/schema.py for what it can hold"


def node_type(label: str) -> NodeType:
    """The declared label; UnknownNameError when there is none."""
    if label not in NODES:
        raise UnknownNameError(label, "no such label", f"Labels are {', '.join(NODES)}")
    return NODES[label]


def edge_type(name: str) -> EdgeType:
    """The declared edge type; UnknownNameError when there is none."""
    if name not in EDGES:
        raise UnknownNameError(name, "no such edge type", f"Edge types are {', '.join(EDGES)}")
    return EDGES[name]


def node_rows(batch: Batch) -> dict[str, NodeRows]:
    """The batch's nodes by label, values checked; the last of several with one id counts. Raises StoreError."""
    grouped: dict[str, NodeRows] = {}
    for label, id_, properties in batch.nodes:
        rows = grouped.get(label)
        if rows is None:
            rows = grouped[node_type(label).label] = {}
        rows[id_ if type(id_) is str else checked_id(label, id_)] = properties
    for label, rows in grouped.items():
        _check_ids(label, rows)
        if not _fit(label, rows.values()):
            grouped[label] = {id_: _checked(properties, label, id_) for id_, properties in rows.items()}
    return grouped


def edge_rows(batch: Batch) -> dict[str, EdgeRows]:
    """The batch's edges by type, values checked; the last of several with the same ends counts. Raises StoreError."""
    grouped: dict[str, EdgeRows] = {}
    for name, start, end, properties in batch.edges:
        rows = grouped.get(name)
        if rows is None:
            rows = grouped[edge_type(name).type] = {}
        if type(start) is not str or type(end) is not str:
            start, end = checked_id(name, start), checked_id(name, end)  # noqa: PLW2901  # or rather an error
        rows[start, end] = properties
    for name, rows in grouped.items():
        _check_ids(name, chain.from_iterable(rows))
        if not _fit(name, rows.values()):
            grouped[name] = {ends: _checked(properties, name, ends[0]) for ends, properties in rows.items()}
    return grouped


def gone_nodes(batch: Batch) -> dict[str, list[str]]:
    """Ids of nodes to delete by label."""
    grouped: dict[str, list[str]] = {}
    for label, id_ in batch.gone_nodes:
        grouped.setdefault(node_type(label).label, []).append(id_)
    return grouped


def gone_edges(batch: Batch) -> dict[str, list[tuple[str, str]]]:
    """Ends of edges to delete by type."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for name, start, end in batch.gone_edges:
        grouped.setdefault(edge_type(name).type, []).append((start, end))
    return grouped


def missing_end(edge: EdgeType, start: str, end: str, missing: str) -> StoreError:
    """The error for an edge whose end ``missing`` is neither in the store nor in the batch."""
    label = edge.start if missing == start else edge.end
    return StoreError(
        f"{edge.type} from {start} to {end}",
        f"there is no {label} {missing}",
        "Write the node before, or with, its edges",
    )


def read_properties(names: Iterable[tuple[str, Type]], values: Iterable[Any], subject: str) -> dict[str, Value]:
    """Values as a store gives them, null where absent, to properties of exactly the declared types.

    Raises StoreFormatError for a value of another type (only a hand-written query can have put it there).
    """
    properties: dict[str, Value] = {}
    for (name, declared), value in zip(names, values, strict=True):
        if value is None:
            continue
        read = _read(declared, value)
        if read is None:
            raise _mistyped(name, declared, value, subject)
        properties[name] = read
    return properties


def read_column(name: str, declared: Type, values: list[Any], subject: Callable[[int], str]) -> list[Value | None]:
    """As :func:`read_properties`, of one property of many; ``subject`` says what the value at a place belongs to."""
    if set(map(type, values)) <= {_EXACT.get(declared), NoneType}:  # nearly all columns
        return values
    if declared is Type.TIME and are_times_in_utc(values):
        return values
    column = [None if value is None else _read(declared, value) for value in values]
    for place, (read, value) in enumerate(zip(column, values, strict=True)):
        if read is None and value is not None:
            raise _mistyped(name, declared, value, subject(place))
    return column


def are_times_in_utc(column: Iterable[Any]) -> bool:
    """Whether all that is in a column are times, in UTC already."""
    return all(value is None or (type(value) is datetime and value.tzinfo is UTC) for value in column)


def _read(declared: Type, value: Any) -> Value | None:
    # None where it is of another type.
    kind = type(value)
    if kind is _EXACT.get(declared):
        return value  # type: ignore[no-any-return]  # of the type that was just compared
    if declared is Type.TIME and kind is datetime and value.tzinfo is not None:
        return value.astimezone(UTC)  # type: ignore[no-any-return]  # a datetime
    if declared is Type.TEXTS and kind is list and all(type(one) is str for one in value):
        return tuple(value)
    if declared is Type.REAL and kind is int:
        return float(value)
    return None


def _mistyped(name: str, declared: Type, value: Any, subject: str) -> StoreFormatError:
    return StoreFormatError(
        subject,
        f"its {name} holds {value!r:.60}, which is no {declared.value}",
        "Set or remove it with newsgraph cypher --write, or load the folder into a new store",
    )


def _check_ids(subject: str, ids: Iterable[str]) -> None:
    ids = list(ids)
    if {*map(type, ids)} != {str} or not all(ids) or not _are_unicode(ids):
        for id_ in ids:
            checked_id(subject, id_)
            if not _are_unicode([id_]):
                raise _half_a_character(f"{subject} {id_}")


def checked_id(subject: str, id_: object) -> str:
    """The id itself; StoreError when it is no text or empty."""
    if type(id_) is not str or not id_:
        raise StoreError(subject, f"{id_!r} is no id", "An id is a text of at least one character")
    return id_


def wrong_id(label: str, id_: object) -> StoreFormatError:
    """The error for a node in the store whose id is no text (only a hand-written query can have put it there)."""
    return StoreFormatError(
        f"{label} {id_!r:.60}",
        "its id is no text",
        f"Remove it: newsgraph cypher --write 'MATCH (n:{label} {{id: {id_!r}}}) DETACH DELETE n'",
    )


@dataclass(frozen=True, slots=True)
class _Kinds:
    types: dict[str, Type]
    exact: dict[str, type]  # what can be stored as it is


_DECLARED: dict[str, NodeType | EdgeType] = {**NODES, **EDGES}
_KINDS: dict[str, _Kinds] = {
    name: _Kinds(
        {one.name: one.type for one in declared.properties},
        {one.name: _EXACT[one.type] for one in declared.properties if one.type in _EXACT},
    )
    for name, declared in _DECLARED.items()
}


def _fit(name: str, rows: Collection[Mapping[str, Value]]) -> bool:
    """Whether all values can be stored as they are: most can, and a column of one type is checked in one go."""
    kinds = _KINDS[name]
    for property_ in set().union(*rows):
        values: list[Any] = [row[property_] for row in rows if property_ in row]
        found = {*map(type, values)}
        if found == {datetime}:
            fits = kinds.types.get(property_) is Type.TIME and are_times_in_utc(values)
        else:
            fits = found == {kinds.exact.get(property_)}
        if found == {str}:
            fits = fits and _are_unicode(values)
        elif found == {int}:
            fits = fits and min(values) >= -(2**63) and max(values) < 2**63
        elif found == {float}:
            fits = fits and all(map(math.isfinite, values))
        if not fits:
            return False
    return True


def _are_unicode(texts: Iterable[str]) -> bool:
    every = "".join(texts)
    try:
        return every.isascii() or bool(every.encode())
    except UnicodeEncodeError:
        return False


def _half_a_character(subject: str) -> StoreError:
    return StoreError(subject, "a text holds half of a character (a lone surrogate)", "Replace it by U+FFFD")


def _checked(properties: Mapping[str, Value], name: str, id_: str) -> Mapping[str, Value]:
    kinds = _KINDS[name]
    exact = kinds.exact
    changed: dict[str, Value] = {}
    for property_, value in properties.items():
        kind = type(value)
        if kind is not exact.get(property_) and not (
            kind is datetime and value.tzinfo is UTC and kinds.types.get(property_) is Type.TIME  # type: ignore[union-attr]  # a datetime
        ):
            changed[property_] = value = _converted(kinds.types.get(property_), value, property_, f"{name} {id_}")  # noqa: PLW2901  # the same value, of the plain type
            kind = type(value)
        if kind is float and not math.isfinite(value):  # type: ignore[arg-type]  # a float
            raise StoreError(f"{name} {id_}", f"its {property_} is {value!r}, not a finite number", _REMEDY)
        if kind is int and not -(2**63) <= value < 2**63:  # type: ignore[operator]  # an int
            raise StoreError(f"{name} {id_}", f"its {property_} {value!r:.60} is beyond 64 bits", _REMEDY)
        if not _are_unicode([value] if kind is str else value if kind is tuple else ()):  # type: ignore[list-item, arg-type]  # texts
            raise _half_a_character(f"{name} {id_}")
    return {**properties, **changed} if changed else properties


def _converted(declared: Type | None, value: Any, name: str, subject: str) -> Value:
    if declared is None:
        raise StoreError(subject, f"{name} is no property of it", _REMEDY)
    # Subclasses (a StrEnum, a numpy float) lose their own type here, so that every store gives back the plain one.
    if declared is Type.TEXT and isinstance(value, str):
        return str(value)
    if declared is Type.INTEGER and isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    if declared is Type.REAL and isinstance(value, float):
        return float(value)
    if declared is Type.TIME and isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    if declared is Type.TEXTS and isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return tuple(str(one) for one in value)
    raise StoreError(subject, f"its {name} is {value!r:.60}, which is no {declared.value}", _REMEDY)
