"""What all stores need to answer Cypher: reading a text safely, its parameters, and the cells of its answer.

Cells are the same in every store. A time with a zone is a ``datetime`` in UTC; a time without a zone stays without one;
a date is a ``date``. A time of day and a duration are ISO 8601 texts. A node is a map of ``id`` and its declared
properties, an edge is a map of its properties, a path is a list of node, edge, node and so on. A point is a map of its
coordinates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, cast

from newsgraph.errors import QueryError
from newsgraph.graph.schema import EDGE_TYPES, NODES
from newsgraph.graph.stores.protocol import Cell
from newsgraph.patterns import later

# Strings, comments and names in backticks, in the order in which a reader meets them. One that isn't closed goes to the
# end of the text.
_OPAQUE = later(
    r"""'(?:\\.|[^'\\])*(?:'|\\?\Z)|"(?:\\.|[^"\\])*(?:"|\\?\Z)|`(?:``|[^`])*(?:`|\Z)|//[^\r\n]*|/\*.*?(?:\*/|\Z)""",
    re.DOTALL,
)
_INTERNAL_OF_EDGES = frozenset(
    property_.name for declared in EDGE_TYPES for property_ in declared.properties if property_.internal
)
_PARAMETER = later(r"\$\s*([^\W\d]\w*|\d+)")


@lru_cache(maxsize=256)  # the same few texts are asked again and again
def masked(text: str) -> str:
    """Returns the text with each string, comment and name in backticks replaced by as many spaces."""
    return _OPAQUE.sub(lambda match: " " * len(match.group()), text)


@lru_cache(maxsize=256)
def without_comments(text: str) -> str:
    """Returns the text with its comments replaced by spaces. All positions stay the same."""
    return _OPAQUE.sub(
        lambda found: re.sub(r"[^\r\n]", " ", found.group()) if found.group()[0] == "/" else found.group(), text
    )


@lru_cache(maxsize=256)
def only_code_and_names(text: str) -> str:
    """Returns the text with each string and comment replaced by as many spaces. Names in backticks stay."""
    return _OPAQUE.sub(lambda found: found.group() if found.group()[0] == "`" else " " * len(found.group()), text)


def check_parameters(text: str, parameters: Mapping[str, Any]) -> None:
    """Raises QueryError, which names the parameters, if parameters of the text have no value."""
    missing = sorted(parameters_in(text).difference(parameters))
    if missing:
        names = ", ".join(f"${name}" for name in missing)
        raise QueryError("query", f"no value for {names}", f"Pass parameters={{'{missing[0]}': ...}}")


@lru_cache(maxsize=256)
def parameters_in(text: str) -> frozenset[str]:
    """Returns the names of the parameters that a text uses, outside of strings and comments."""
    return frozenset(_PARAMETER.findall(masked(text)))


def node_cell(labels: Iterable[str], properties: Mapping[str, Any]) -> dict[str, Cell]:
    """Returns a node as a map: ``id``, then its declared properties in the schema's order, without internal ones.

    Of a node with a label that the schema doesn't have, all properties are returned, by name.
    """
    for label in labels:
        if label in NODES:
            names = ["id", *(property_.name for property_ in NODES[label].properties if not property_.internal)]
            return {name: cell(properties[name]) for name in names if properties.get(name) is not None}
    return {name: cell(properties[name]) for name in sorted(properties) if properties[name] is not None}


def edge_cell(properties: Mapping[str, Any]) -> dict[str, Cell]:
    """Returns an edge as a map of its properties, by name, without internal ones."""
    return {
        name: cell(properties[name])
        for name in sorted(properties)
        if properties[name] is not None and name not in _INTERNAL_OF_EDGES
    }


def path_cell(nodes: list[dict[str, Cell]], edges: list[dict[str, Cell]]) -> list[Cell]:
    """Returns a path as a list: node, edge, node and so on."""
    cells: list[Cell] = []
    for place, node in enumerate(nodes):
        if place:
            cells.append(cast("Cell", edges[place - 1]))
        cells.append(cast("Cell", node))
    return cells


def duration_cell(months: int, days: int, seconds: int, nanoseconds: int = 0) -> str:
    """Returns a duration as ISO 8601, in the form in which Neo4j writes it: ``P1Y2M3DT4H5M6.5S``, ``PT0S``."""
    years, months = _parts(months, 12)
    total = seconds * 1_000_000_000 + nanoseconds
    hours, rest = _parts(total, 3600 * 1_000_000_000)
    minutes, rest = _parts(rest, 60 * 1_000_000_000)
    calendar = "".join(f"{count}{unit}" for count, unit in ((years, "Y"), (months, "M"), (days, "D")) if count)
    clock = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M")) if count)
    if rest:
        whole, fraction = divmod(abs(rest), 1_000_000_000)
        decimals = f".{fraction:09d}".rstrip("0") if fraction else ""
        clock += f"{'-' if rest < 0 else ''}{whole}{decimals}S"
    if not calendar and not clock:
        return "PT0S"
    return f"P{calendar}" + (f"T{clock}" if clock else "")


def _parts(value: int, size: int) -> tuple[int, int]:
    # Both parts have the sign of the whole, as in Neo4j's text.
    whole, rest = divmod(abs(value), size)
    return (whole, rest) if value >= 0 else (-whole, -rest)


def cell(value: Any) -> Cell:
    """Returns a cell from plain Python values: times in UTC, times of day as text, tuples as lists; also inside
    lists."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo is not None else value
    if value is None or isinstance(value, str | bool | int | float | date):
        return value
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): cell(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [cell(one) for one in value]
    return str(value)
