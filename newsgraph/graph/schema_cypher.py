"""Cypher texts that derive from the schema: constraints, writes and reads. Only declared names are ever in them.

``row.`end` `` stands in backticks because ``end`` is a keyword (of ``CASE``) to some engines.
"""

from __future__ import annotations

from collections.abc import Iterable

from newsgraph.graph.schema import NODE_TYPES, NODES, EdgeType, NodeType, Story

#: After a statement that writes ``n``: an engine that shows ``name`` again as ``title`` is told that there is none.
NO_TITLE = " SET n.title = null"

#: After a statement that writes edges ``r``, column ``written``: how many rows had both ends.
COUNT_EDGES = " RETURN count(r) AS written"


def constraints() -> list[str]:
    """One uniqueness constraint a label, for servers; idempotent."""
    return [
        f"CREATE CONSTRAINT newsgraph_{node.label.lower()}_id IF NOT EXISTS FOR (n:{node.label}) REQUIRE n.id IS UNIQUE"
        for node in NODE_TYPES
    ]


def indexes() -> list[str]:
    """Range indexes for what the questions look up by time; idempotent."""
    return [
        f"CREATE INDEX newsgraph_story_published_at IF NOT EXISTS FOR (n:{Story.label}) ON (n.published_at)",
    ]


def merge_nodes(node: NodeType) -> str:
    """Writes ``$rows`` of ``{id, properties}``; ``properties`` holds ``id`` too and replaces all that was there."""
    return f"UNWIND $rows AS row MERGE (n:{node.label} {{id: row.id}}) SET n = row.properties"


def merge_edges(edge: EdgeType) -> str:
    """Writes ``$rows`` of ``{start, end, properties}``; ``properties`` replaces all that was there."""
    return (
        f"UNWIND $rows AS row MATCH (a:{edge.start} {{id: row.start}}) MATCH (b:{edge.end} {{id: row.`end`}}) "
        f"MERGE (a)-[r:{edge.type}]->(b) SET r = row.properties"
    )


def create_edges(edge: EdgeType) -> str:
    """Writes ``$rows`` of lists ``[start, end, value of each declared property in turn]``, none of them there yet."""
    values = ", ".join(f"{name.name}: row[{place}]" for place, name in enumerate(edge.properties, start=2))
    properties = f" {{{values}}}" if values else ""
    return (
        f"UNWIND $rows AS row MATCH (a:{edge.start} {{id: row[0]}}), (b:{edge.end} {{id: row[1]}}) "
        f"CREATE (a)-[r:{edge.type}{properties}]->(b)"
    )


def delete_nodes(node: NodeType) -> str:
    """Removes the nodes of ``$ids`` with all of their edges."""
    return f"UNWIND $ids AS id MATCH (n:{node.label} {{id: id}}) DETACH DELETE n"


def delete_edges(edge: EdgeType) -> str:
    """Removes the edges of ``$rows``, each ``{start, end}``."""
    return (
        f"UNWIND $rows AS row "
        f"MATCH (:{edge.start} {{id: row.start}})-[r:{edge.type}]->(:{edge.end} {{id: row.`end`}}) DELETE r"
    )


def existing_nodes(node: NodeType) -> str:
    """Column ``id``: those of ``$ids`` that are there."""
    return f"MATCH (n:{node.label}) WHERE n.id IN $ids RETURN n.id AS id"


def list_nodes(node: NodeType, names: Iterable[str]) -> str:
    """The nodes of ``$ids`` in order: a column for the id and one for each property of ``names``."""
    values = "".join(f", n.{name}" for name in names)
    return f"UNWIND $ids AS wanted MATCH (n:{node.label} {{id: wanted}}) RETURN n.id AS id{values} ORDER BY id"


def list_edges(edge: EdgeType, names: Iterable[str], *, by: str) -> str:
    """The edges that start (or end, ``by``) at ``$ids``, in order: columns for start, end and each property."""
    start, end = NODES[edge.start].label, NODES[edge.end].label
    pattern = (
        f"MATCH (a:{start} {{id: wanted}})-[r:{edge.type}]->(b:{end})"
        if by == "start"
        else f"MATCH (b:{end} {{id: wanted}})<-[r:{edge.type}]-(a:{start})"
    )
    values = "".join(f", r.{name}" for name in names)
    # To order by a column costs a fraction of what ordering by a property of a node does.
    return f"UNWIND $ids AS wanted {pattern} RETURN a.id AS first, b.id AS second{values} ORDER BY first, second"


def read_columns(node: NodeType, *names: str) -> str:
    """Column ``id``, then one a property of ``names``: all nodes of a label, in no order."""
    columns = "".join(f", n.{node.property(name).name} AS {name}" for name in names)
    return f"MATCH (n:{node.label}) RETURN n.id AS id{columns}"


def count_said(edge: EdgeType) -> str:
    """Columns ``id, said, stories``: what the stories say of each node of ``$ids``, for an edge that describes its
    end."""
    return (
        f"UNWIND $ids AS wanted MATCH (n:{edge.end} {{id: wanted}})<-[r:{edge.type}]-(:{edge.start}) "
        "RETURN n.id AS id, r.said AS said, count(*) AS stories"
    )


def stale_ids(node: NodeType) -> str:
    """Column ``id``: shared nodes whose properties are to be gathered again."""
    return f"MATCH (n:{node.label}) WHERE n.stale = true RETURN n.id AS id"


def count_nodes(node: NodeType) -> str:
    """One row: how many nodes have the label."""
    return f"MATCH (n:{node.label}) RETURN count(n) AS nodes"


def count_edges(edge: EdgeType) -> str:
    """One row: how many edges there are of the type."""
    return f"MATCH (:{edge.start})-[r:{edge.type}]->(:{edge.end}) RETURN count(r) AS edges"


def count_by(node: NodeType, name: str) -> str:
    """Columns ``value, nodes``: how often each value of a property occurs, the most frequent first."""
    column = node.property(name).name
    return f"MATCH (n:{node.label}) RETURN n.{column} AS value, count(n) AS nodes ORDER BY nodes DESC, value"


def span(node: NodeType, name: str, *, where: str, among: Iterable[str]) -> str:
    """One row ``first, last`` of a property, over the nodes whose property ``where`` is one of ``among`` (names
    of the schema's)."""
    column, condition = node.property(name).name, node.property(where).name
    listed = ", ".join(f"'{value}'" for value in sorted(among))
    chosen = f"MATCH (n:{node.label}) WHERE n.{condition} IN [{listed}]"
    return f"{chosen} RETURN min(n.{column}) AS first, max(n.{column}) AS last"
