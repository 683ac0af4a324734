"""Checks on the server what a user's query wrote, before it is committed."""

from __future__ import annotations

from typing import Any

import neo4j

from newsgraph.errors import QueryError
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES
from newsgraph.graph.stores.neo4j import server_cypher

_NOTHING = "Nothing was changed; correct the query"


def corpus(transaction: neo4j.ManagedTransaction) -> list[Any]:
    """Returns the Corpus node as it is, to be compared afterwards."""
    return transaction.run(server_cypher.CORPUS).value()


def check(transaction: neo4j.ManagedTransaction, before: list[Any]) -> None:
    """Raises QueryError if the graph is now one that the schema doesn't allow, or if the Corpus node was changed."""
    if corpus(transaction) != before:
        raise QueryError("query", "it would change the Corpus node, which newsgraph keeps for itself", _NOTHING)
    texts = [(node.label, server_cypher.mistyped_nodes(node)) for node in NODE_TYPES]
    texts += [(edge.type, server_cypher.mistyped_edges(edge)) for edge in EDGE_TYPES if edge.properties]
    for name, text in texts:
        row = transaction.run(text).single()
        if row is not None:
            held = (
                f"its {row['name']} holds {row['value']!r:.60}, which is of another type"
                if row["value"]
                else f"its {row['name']} is of another type, or missing"
            )
            raise QueryError("query", f"it would leave {name} {row['id']}: {held}", _NOTHING)
    row = transaction.run(server_cypher.of_two_labels()).single()
    if row is not None:
        raise QueryError("query", f"it would leave {row['id']} both {' and '.join(row['labels'])}", _NOTHING)
    for edge in EDGE_TYPES:
        row = transaction.run(server_cypher.edges_twice(edge)).single()
        if row is not None:
            raise QueryError(
                "query", f"it would leave {edge.type} from {row['start']} to {row['end']} there twice", _NOTHING
            )
