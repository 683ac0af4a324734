"""Calls the embedded engine with newsgraph's own texts, a chunk of rows at a time, and translates its errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import kglite

from newsgraph.errors import NewsgraphError, QueryError, QueryLimitError, QueryTimeoutError, ReadOnlyError, StoreError
from newsgraph.graph.property_types import HALF_A_CHARACTER
from newsgraph.graph.stores.embedded import unsupported
from newsgraph.patterns import later
from newsgraph.slices import in_slices

# Larger chunks only take more memory: from 1,000 rows on, the time for each row stays the same.
CHUNK = 5_000
_Row = TypeVar("_Row")
# What the engine says when a query goes beyond a limit of its own. It has no type of error for that.
_BEYOND_A_LIMIT = later(r"(?m)^(?>.*?\bexceed(?:s|ing)\b).*\b(?:limits?|levels)\b|\bsize overflow\b")

kglite.set_query_warning_policy("silent")  # hints such as "unknown label" don't belong on stderr


def run(graph: kglite.KnowledgeGraph, text: str, rows: Sequence[Any], name: str = "rows") -> int:
    """Runs a text for all rows, which it gets as the parameter ``name``. Returns the sum of what the text counts, or 0
    if it counts nothing."""
    return sum(sum(column(graph, text, **{name: chunk})) for chunk in in_slices(rows, CHUNK))


def column(graph: kglite.KnowledgeGraph, text: str, **parameters: Any) -> list[Any]:
    """Returns the first column of a text's answer."""
    found = columns(graph, text, **parameters)
    return found[0] if found else []


def columns(graph: kglite.KnowledgeGraph, text: str, **parameters: Any) -> list[list[Any]]:
    """Returns all columns of a text's answer. Raises StoreError."""
    try:
        result = graph.cypher(text, params=parameters, timeout_ms=0)
    except kglite.KgError as error:
        raise StoreError(
            "store", f"it can't be read: {first_line(error)}", "Load the folder into a new store"
        ) from error
    assert isinstance(result, kglite.ResultView)  # for mypy: these texts ask for nothing else
    return [result.column(name) for name in result.columns]


def first_line(error: BaseException) -> str:
    """Returns what the engine says, without its hints."""
    return str(error).partition("\n")[0].strip()


def translated(error: BaseException, timeout: float | None = None) -> NewsgraphError | None:
    """Returns newsgraph's error for an error of the engine; None if it isn't one (an interrupt, or a bug of
    newsgraph)."""
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
    # A panic of the engine isn't an Exception, but it does come from the engine.
    if isinstance(error, kglite.KgError | TypeError | ValueError | OverflowError | RecursionError) or (
        type(error).__name__ == "PanicException"
    ):
        return _refused(error)
    return None


def _refused(error: BaseException) -> NewsgraphError:
    said = first_line(error)
    if _BEYOND_A_LIMIT.search(said):
        return QueryLimitError("query", said, "Make it smaller, or split it")
    return QueryError("query", said, unsupported.remedy(str(error)))
