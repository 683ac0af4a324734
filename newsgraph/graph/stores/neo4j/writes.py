"""Turns a batch into statements for the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import neo4j

from newsgraph.errors import StoreWriteError
from newsgraph.graph import schema_cypher
from newsgraph.graph.batch import Batch
from newsgraph.graph.schema import EdgeType
from newsgraph.graph.stores import validation
from newsgraph.graph.stores.neo4j import server_cypher

#: The number of rows in one UNWIND. bench/stores.py shows the time that other numbers take.
CHUNK = 5_000
# The longest text that the server's index of ids accepts, in bytes of UTF-8.
LONGEST_ID = 8_164
_T = TypeVar("_T")

#: A text, the name of its parameter, the parameter's rows, and the edge type if fewer written rows are an error.
Step = tuple[str, str, list[Any], EdgeType | None]


def steps(batch: Batch, url: str) -> list[Step]:
    """The statements that write a batch, in order. Raises StoreError and StoreWriteError for what can't be stored."""
    # They are sorted, so that two writers take the same locks in the same order.
    statements: list[Step] = []
    for type_, pairs in sorted(validation.gone_edges(batch).items()):
        gone = [{"start": start, "end": end} for start, end in sorted(pairs)]
        statements.append((schema_cypher.delete_edges(validation.edge_type(type_)), "rows", gone, None))
    for label, ids in sorted(validation.gone_nodes(batch).items()):
        statements.append((schema_cypher.delete_nodes(validation.node_type(label)), "ids", sorted(ids), None))
    for label, nodes in sorted(validation.node_rows(batch).items()):
        for id_ in nodes:
            if len(id_) > LONGEST_ID // 4 and len(id_.encode()) > LONGEST_ID:
                raise StoreWriteError(
                    url,
                    f"a Neo4j index takes no id as long as {label} {id_:.60}...",
                    "Take that record out of the files",
                )
        rows: list[Any] = [{"id": id_, "properties": {"id": id_, **nodes[id_]}} for id_ in sorted(nodes)]
        statements.append((schema_cypher.merge_nodes(validation.node_type(label)), "rows", rows, None))
    for type_, edges in sorted(validation.edge_rows(batch).items()):
        declared = validation.edge_type(type_)
        rows = [{"start": ends[0], "end": ends[1], "properties": edges[ends]} for ends in sorted(edges)]
        statements.append((server_cypher.merge_edges(declared), "rows", rows, declared))
    return statements


def raise_missing_end(transaction: neo4j.ManagedTransaction, edge: EdgeType, rows: Sequence[Any]) -> None:
    """Raises StoreError for the first row whose start or end doesn't exist."""
    found = transaction.run(server_cypher.missing_end(edge), rows=rows).single(strict=True)
    start, end = found["start"], found["end"]
    raise validation.missing_end(edge, start, end, end if found["has_start"] else start)
