"""Rewrites a query text so that the embedded engine reads it as Neo4j does."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from newsgraph.errors import QueryError
from newsgraph.graph.stores.query_text import masked, without_comments
from newsgraph.patterns import later

#: The upper limit that a pattern without one gets. No path is longer, because it uses each edge once.
MOST_EDGES = 1_000_000_000
# What is between the brackets of an edge, as far as the place where the upper limit is missing.
_UNLIMITED = later(r"-\s*\[[^\[\]{}*]*\*\s*(?:[\w$]*\s*\.\.|(?![\w.$]))(?!\s*[\w.$])")


@lru_cache(maxsize=256)  # the same few texts are asked again and again
def engine_text(text: str) -> str:
    """Returns the text without its comments, some of which the engine doesn't know. Each pattern of variable length
    that has no upper limit gets one, because without it the engine follows ten edges only.

    >>> engine_text("MATCH (a)-[:FOLLOWS*]->(b)  /* all */ RETURN b")
    'MATCH (a)-[:FOLLOWS*1..1000000000]->(b)            RETURN b'
    """
    uncommented, parts, end = without_comments(text), [], 0
    for found in _UNLIMITED.finditer(masked(text)):
        limit = f"{'' if found[0].endswith('..') else '1..'}{MOST_EDGES}"
        parts += [uncommented[end : found.end()], limit]
        end = found.end()
    return "".join((*parts, uncommented[end:]))


def check_warnings(warnings: Iterable[str]) -> None:
    """Raises QueryError if the engine says that it followed a pattern for ten edges only: one that is written in a way
    in which :func:`engine_text` doesn't see that the limit is missing."""
    if any("upper bound" in warning for warning in warnings):
        raise QueryError("query", "a pattern of variable length has no upper limit", "Write one, as in *1..20")
