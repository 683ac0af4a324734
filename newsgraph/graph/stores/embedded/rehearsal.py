"""A query that writes, tried on a copy of the graph: what comes out must be a graph of the schema.

So a slip (a title that is a number, an id twice, a store's own bookkeeping overwritten) is refused before anything is
changed, and not found at some later load.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import kglite

from newsgraph.errors import QueryError, StoreFormatError
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES, Corpus
from newsgraph.graph.stores.embedded import engine, reads
from newsgraph.graph.stores.protocol import Rows


def rehearse(
    graph: kglite.KnowledgeGraph, text: str, parameters: Mapping[str, Any] | None, timeout: float | None
) -> Rows:
    """Runs a text that writes, and checks the whole graph. Raises QueryError for what the schema doesn't allow, and
    what the query itself raises. The graph is of no use afterwards."""
    before = list(reads.nodes(graph, Corpus.label, reads.sorted_ids(graph, Corpus.label)))
    rows = engine.query(graph, text, parameters, write=True, timeout=timeout, limit=None)
    try:
        check_graph(graph)
        after = list(reads.nodes(graph, Corpus.label, reads.sorted_ids(graph, Corpus.label)))
    except StoreFormatError as error:
        raise QueryError(
            "query", f"it would leave {error.subject}: {error.problem}", "Nothing was changed; correct the query"
        ) from error
    if after != before:
        raise QueryError(
            "query", "it would change the Corpus node, which newsgraph keeps for itself", "Nothing was changed"
        )
    return rows


def check_graph(graph: kglite.KnowledgeGraph) -> None:
    """Raises StoreFormatError for the first node or edge that the schema doesn't allow."""
    for declared in NODE_TYPES:
        ids = reads.sorted_ids(graph, declared.label)
        for one, other in pairwise(ids):
            if one == other:
                raise StoreFormatError(f"{declared.label} {one}", "there are two nodes of that id", "Remove one")
        names = [property_.name for property_ in declared.properties]
        for _ in reads.node_columns(graph, declared.label, names, ids):
            pass
    starts: dict[str, list[str]] = {}
    for edge in EDGE_TYPES:
        if edge.start not in starts:
            starts = {edge.start: reads.sorted_ids(graph, edge.start)}
        names = [property_.name for property_ in edge.properties]
        for _ in reads.edge_columns(graph, edge.type, names, starts[edge.start]):
            pass
