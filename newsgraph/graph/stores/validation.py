"""The checks that every store makes before it writes, so that all of them accept and refuse the same values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from newsgraph.errors import StoreError, StoreFormatError, UnknownNameError
from newsgraph.graph.batch import Batch, MadeTexts
from newsgraph.graph.property_types import HALF_A_CHARACTER, Type, Value, are_unicode
from newsgraph.graph.schema import EDGES, NODES, EdgeType, NodeType

#: The properties of each node of one label by id, and of each edge of one type by its two ends.
NodeRows = dict[str, Mapping[str, Value]]
EdgeRows = dict[tuple[str, str], Mapping[str, Value]]

_REMEDY = "See graph/schema.py for what it can hold"


def node_type(label: str) -> NodeType:
    """Returns the declared label. Raises UnknownNameError if there is none."""
    if label not in NODES:
        raise UnknownNameError(label, "no such label", f"Labels are {', '.join(NODES)}")
    return NODES[label]


def edge_type(name: str) -> EdgeType:
    """Returns the declared edge type. Raises UnknownNameError if there is none."""
    if name not in EDGES:
        raise UnknownNameError(name, "no such edge type", f"Edge types are {', '.join(EDGES)}")
    return EDGES[name]


def node_rows(batch: Batch) -> dict[str, NodeRows]:
    """Returns the batch's nodes by label, with checked values. Of several with one id, the last counts. Raises
    StoreError."""
    grouped: dict[str, NodeRows] = {}
    for label, id_, properties in batch.all_nodes():
        rows = grouped.get(label)
        if rows is None:
            rows = grouped[node_type(label).label] = {}
        rows[id_ if type(id_) is str else checked_id(label, id_)] = properties
    for label, rows in grouped.items():
        check_ids(label, rows)
        if not _fit(label, rows.values()):
            grouped[label] = {id_: _checked(properties, label, id_) for id_, properties in rows.items()}
    return grouped


def edge_rows(batch: Batch) -> dict[str, EdgeRows]:
    """Returns the batch's edges by type, with checked values. Of several with the same ends, the last counts.

    Raises StoreError.
    """
    grouped: dict[str, EdgeRows] = {}
    for name, start, end, properties in batch.all_edges():
        rows = grouped.get(name)
        if rows is None:
            rows = grouped[edge_type(name).type] = {}
        if type(start) is not str or type(end) is not str:
            start, end = checked_id(name, start), checked_id(name, end)  # noqa: PLW2901  # or rather an error
        rows[start, end] = properties
    for name, rows in grouped.items():
        check_ids(name, chain.from_iterable(rows))
        if not _fit(name, rows.values()):
            grouped[name] = {ends: _checked(properties, name, ends[0]) for ends, properties in rows.items()}
    return grouped


def is_sound(name: str, ids: Iterable[str], columns: Mapping[str, Sequence[Value | None]]) -> bool:
    """Tells whether the columns of a table can be stored as they are. If not, its rows say what is wrong.

    ``name`` is the label or edge type, and ``ids`` are those of the nodes or of both ends.
    """
    types = _TYPES.get(name)
    if types is None or not _are_ids(list(ids)):
        return False
    for property_, column in columns.items():
        declared = types.get(property_)
        if declared is Type.TEXT and isinstance(column, MadeTexts):
            continue
        present = [value for value in column if value is not None]
        if declared is None or (present and not declared.does.are_storable(present)):
            return False
    return True


def gone_nodes(batch: Batch) -> dict[str, list[str]]:
    """Returns the ids of nodes to delete, by label."""
    grouped: dict[str, list[str]] = {}
    for label, id_ in batch.gone_nodes:
        grouped.setdefault(node_type(label).label, []).append(id_)
    return grouped


def gone_edges(batch: Batch) -> dict[str, list[tuple[str, str]]]:
    """Returns the ends of edges to delete, by type."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for name, start, end in batch.gone_edges:
        grouped.setdefault(edge_type(name).type, []).append((start, end))
    return grouped


def missing_end(edge: EdgeType, start: str, end: str, missing: str) -> StoreError:
    """Returns the error for an edge whose end ``missing`` is neither in the store nor in the batch."""
    label = edge.start if missing == start else edge.end
    return StoreError(
        f"{edge.type} from {start} to {end}",
        f"there is no {label} {missing}",
        "Write the node before, or with, its edges",
    )


def read_properties(names: Iterable[tuple[str, Type]], values: Iterable[Any], subject: str) -> dict[str, Value]:
    """Converts values that a store gives, with null where absent, to properties of exactly the declared types.

    Raises StoreFormatError for a value of another type. Only a hand-written query can have put it there.
    """
    properties: dict[str, Value] = {}
    for (name, declared), value in zip(names, values, strict=True):
        if value is None:
            continue
        read = declared.does.read(value)
        if read is None:
            raise _mistyped(name, declared, value, subject)
        properties[name] = read
    return properties


def read_column(name: str, declared: Type, values: list[Any], subject: Callable[[int], str]) -> list[Value | None]:
    """Does what :func:`read_properties` does, for one property of many nodes or edges.

    ``subject`` says for a position which node or edge its value belongs to.
    """
    does = declared.does
    if does.are_plain(values):  # nearly all columns
        return values
    column = [None if value is None else does.read(value) for value in values]
    for place, (read, value) in enumerate(zip(column, values, strict=True)):
        if read is None and value is not None:
            raise _mistyped(name, declared, value, subject(place))
    return column


def _mistyped(name: str, declared: Type, value: Any, subject: str) -> StoreFormatError:
    return StoreFormatError(
        subject,
        f"its {name} holds {value!r:.60}, which is no {declared.words}",
        "Set or remove it by a query that may write, or load the folder into a new store",
    )


def check_ids(subject: str, ids: Iterable[str]) -> None:
    """Raises StoreError if one of the ids isn't a text, is empty, or holds half of a character."""
    ids = list(ids)
    if not _are_ids(ids):
        for id_ in ids:
            checked_id(subject, id_)
            if not are_unicode([id_]):
                raise StoreError(f"{subject} {id_}", HALF_A_CHARACTER, "Replace it by U+FFFD")


def _are_ids(ids: Collection[str]) -> bool:
    return {*map(type, ids)} <= {str} and all(ids) and are_unicode(ids)


def checked_id(subject: str, id_: object) -> str:
    """Returns the id itself. Raises StoreError if it isn't a text or is empty."""
    if type(id_) is not str or not id_:
        raise StoreError(subject, f"{id_!r} is no id", "An id is a text of at least one character")
    return id_


def wrong_id(label: str, id_: object) -> StoreFormatError:
    """Returns the error for a node in the store whose id isn't a text. Only a hand-written query can have put it
    there."""
    return StoreFormatError(
        f"{label} {id_!r:.60}",
        "its id is no text",
        f"Remove it by a query that may write: MATCH (n:{label} {{id: {id_!r}}}) DETACH DELETE n",
    )


_DECLARED: dict[str, NodeType | EdgeType] = {**NODES, **EDGES}
#: Label or edge type -> property -> type.
_TYPES: dict[str, dict[str, Type]] = {
    name: {property_.name: property_.type for property_ in declared.properties} for name, declared in _DECLARED.items()
}


def _fit(name: str, rows: Collection[Mapping[str, Value]]) -> bool:
    """Tells whether all values can be stored as they are. Most can, so whole columns of one type are checked at
    once."""
    types = _TYPES[name]
    for property_ in set().union(*rows):
        declared = types.get(property_)
        values = [row[property_] for row in rows if property_ in row]
        if declared is None or None in values or not declared.does.are_storable(values):
            return False
    return True


def _checked(properties: Mapping[str, Value], name: str, id_: str) -> Mapping[str, Value]:
    """Returns the properties in the plain classes that every store keeps. Raises StoreError for what can't be
    stored."""
    types, subject = _TYPES[name], f"{name} {id_}"
    checked: dict[str, Value] = {}
    for property_, value in properties.items():
        declared = types.get(property_)
        if declared is None:
            raise StoreError(subject, f"{property_} is no property of it", _REMEDY)
        # Subclasses (a StrEnum, a numpy float) become the plain class here, so that every store gives back the same
        # class.
        plain = declared.does.convert(value)
        if plain is None:
            raise StoreError(subject, f"its {property_} is {value!r:.60}, which is no {declared.words}", _REMEDY)
        problem = declared.does.problem(plain)
        if problem == HALF_A_CHARACTER:
            raise StoreError(subject, problem, "Replace it by U+FFFD")
        if problem:
            raise StoreError(subject, f"its {property_} is {problem}", _REMEDY)
        checked[property_] = plain
    return checked
