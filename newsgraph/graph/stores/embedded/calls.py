"""Calls of the embedded engine with texts of our own, chunk by chunk, and its errors as errors of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import kglite

from newsgraph.errors import NewsgraphError, QueryError, QueryTimeoutError, ReadOnlyError, StoreError
from newsgraph.graph.property_types import HALF_A_CHARACTER
from newsgraph.graph.stores.embedded import unsupported

# Larger chunks only cost memory: the time a row takes stays the same from 1,000 rows on.
_CHUNK = 5_000
_Row = TypeVar("_Row")

kglite.set_query_warning_policy("silent")  # hints such as "unknown label" are no business of stderr


def run(graph: kglite.KnowledgeGraph, text: str, rows: Sequence[Any], name: str = "rows") -> int:
    """Runs a text for all rows, given as the parameter ``name``; the sum of what the text counts, 0 if it counts
    nothing."""
    return sum(sum(column(graph, text, **{name: chunk})) for chunk in chunks(rows))


def column(graph: kglite.KnowledgeGraph, text: str, **parameters: Any) -> list[Any]:
    """The first column of a text's answer."""
    found = columns(graph, text, **parameters)
    return found[0] if found else []


def columns(graph: kglite.KnowledgeGraph, text: str, **parameters: Any) -> list[list[Any]]:
    """All columns of a text's answer. Raises StoreError."""
    try:
        result = graph.cypher(text, params=parameters, timeout_ms=0)
    except kglite.KgError as error:
        raise StoreError(
            "store", f"it can't be read: {first_line(error)}", "Load the folder into a new store"
        ) from error
    assert isinstance(result, kglite.ResultView)  # for mypy: these texts ask for nothing else
    return [result.column(name) for name in result.columns]


def chunks(rows: Sequence[_Row], size: int = _CHUNK) -> Iterator[Sequence[_Row]]:
    """The rows, ``size`` at a time."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def first_line(error: BaseException) -> str:
    """What the engine says, without its hints."""
    return str(error).partition("\n")[0].strip()


def translated(error: BaseException, timeout: float | None = None) -> NewsgraphError | None:
    """The error of newsgraph for one of the engine; None for what isn't its own (an interrupt, a bug of ours)."""
    if isinstance(error, NewsgraphError):
        return error
    if isinstance(error, kglite.CypherTimeoutError):
        return QueryTimeoutError(
            "query", f"it ran longer than {timeout or 0:g} s", "Narrow it, or pass a larger timeout=SECONDS"
        )
    if isinstance(error, UnicodeEncodeError) or "unsupported Python type 'str'" in str(error):
        return QueryError("query", HALF_A_CHARACTER, "Replace it by U+FFFD")
    if isinstance(error, kglite.ReadOnlyError):
        return ReadOnlyError("query", "it would write, and only reading is allowed", "Pass write=True if you mean it")
    # A panic of the engine is no Exception, but it is the engine's.
    if isinstance(error, kglite.KgError | TypeError | ValueError | OverflowError | RecursionError) or (
        type(error).__name__ == "PanicException"
    ):
        return QueryError("query", first_line(error), unsupported.remedy(str(error)))
    return None
