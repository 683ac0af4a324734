"""Tries a query that writes on a copy of the graph, and checks that the result is a graph of the schema.

So a mistake (a title that is a number, an id used twice, a store's own bookkeeping overwritten) is refused before
anything is changed, instead of being found at some later load.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import kglite

from newsgraph.errors import QueryError, StoreFormatError
from newsgraph.graph.batch import Columns
from newsgraph.graph.schema import EDGE_TYPES, EDGES, NODE_TYPES, NODES, Corpus, EdgeType, NodeType
from newsgraph.graph.stores.embedded import engine, reads
from newsgraph.graph.stores.protocol import Rows

#: Keys that the engine gives to every node or edge.
_OF_THE_ENGINE = frozenset({"id", "type", "title"})


def rehearse(
    graph: kglite.KnowledgeGraph, text: str, parameters: Mapping[str, Any] | None, timeout: float | None
) -> Rows:
    """Runs a text that writes, and checks the whole graph. The graph must not be used afterwards.

    Raises QueryError for what the schema doesn't allow, and what the query itself raises.
    """
    before = list(reads.nodes(graph, Corpus.label, reads.sorted_ids(graph, Corpus.label)))
    had = set(_undeclared(graph))
    rows = engine.query(graph, text, parameters, write=True, timeout=timeout, limit=None)
    try:
        check_graph(graph)
        after = list(reads.nodes(graph, Corpus.label, reads.sorted_ids(graph, Corpus.label)))
    except StoreFormatError as error:
        raise QueryError(
            "query", f"it would leave {error.subject}: {error.problem}", "Nothing was changed; correct the query"
        ) from error
    new = [one for one in _undeclared(graph) if one not in had]
    if new:
        remedy = "Nothing was changed; docs/cypher.md lists labels, types and properties"
        raise QueryError("query", f"it would leave {new[0]}, which the schema doesn't have", remedy)
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
        for some in reads.node_columns(graph, declared.label, names, ids):
            _check_required(declared, some)
    starts: dict[str, list[str]] = {}
    for edge in EDGE_TYPES:
        if edge.start not in starts:
            starts = {edge.start: reads.sorted_ids(graph, edge.start)}
        names = [property_.name for property_ in edge.properties]
        last: tuple[str, ...] = ()
        for some in reads.edge_columns(graph, edge.type, names, starts[edge.start]):
            _check_required(edge, some)
            for ends in zip(*some.ids, strict=True):
                if ends == last:
                    raise StoreFormatError(_named(edge, ends), "it is there twice", "Remove one")
                last = ends


def _check_required(declared: NodeType | EdgeType, some: Columns) -> None:
    for property_, values in zip(declared.properties, some.values, strict=True):
        if property_.required and None in values:
            ids = [column[values.index(None)] for column in some.ids]
            raise StoreFormatError(_named(declared, ids), f"it has no {property_.name}", "Give it one")


def _named(declared: NodeType | EdgeType, ids: Sequence[str]) -> str:
    if isinstance(declared, NodeType):
        return f"{declared.label} {ids[0]}"
    return f"{declared.type} from {ids[0]} to {ids[1]}"


def _undeclared(graph: kglite.KnowledgeGraph) -> Iterator[str]:
    """Yields, in words, what the graph holds that the schema doesn't declare."""

    def rows(text: str) -> list[tuple[Any, ...]]:
        return list(engine.query(graph, text, None, write=False, timeout=None, limit=None))

    for (labels,) in rows("MATCH (n) RETURN DISTINCT labels(n) AS labels"):
        if len(labels) != 1:
            yield f"nodes that are both {' and '.join(sorted(labels))}"
        elif labels[0] not in NODES:
            yield f"nodes of the label {labels[0]}"
    ends = "MATCH (a)-[r]->(b) RETURN DISTINCT type(r) AS type, labels(a) AS starts, labels(b) AS ends"
    for type_, starts, others in rows(ends):
        declared = EDGES.get(type_)
        if declared is None or declared.start not in starts or declared.end not in others:
            yield f"edges {type_} from {'/'.join(starts)} to {'/'.join(others)}"
    for node in NODE_TYPES:
        names = {property_.name for property_ in node.properties}
        for (name,) in rows(f"MATCH (n:{node.label}) UNWIND keys(n) AS name RETURN DISTINCT name"):
            if name not in names and name not in _OF_THE_ENGINE:
                yield f"the property {name} of {node.label}"
    for edge in EDGE_TYPES:
        names = {property_.name for property_ in edge.properties}
        pattern = f"(:{edge.start})-[r:{edge.type}]->(:{edge.end})"
        for (name,) in rows(f"MATCH {pattern} UNWIND keys(r) AS name RETURN DISTINCT name"):
            if name not in names and name not in _OF_THE_ENGINE:
                yield f"the property {name} of {edge.type}"
