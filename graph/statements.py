"""Cypher texts that derive from the schema: constraints, writes and reads. Only declared names are ever in them."""

from __future__ import annotations

from newsgraph.graph.schema import NODE_TYPES, EdgeType, NodeType, Story


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
        f"UNWIND $rows AS row MATCH (a:{edge.start} {{id: row.start}}) MATCH (b:{edge.end} {{id: row.end}}) "
        f"MERGE (a)-[r:{edge.type}]->(b) SET r = row.properties"
    )


def delete_nodes(node: NodeType) -> str:
    """Removes the nodes of ``$ids`` with all of their edges."""
    return f"UNWIND $ids AS id MATCH (n:{node.label} {{id: id}}) DETACH DELETE n"


def delete_edges(edge: EdgeType) -> str:
    """Removes the edges of ``$rows``, each ``{start, end}``."""
    return (
        f"UNWIND $rows AS row MATCH (:{edge.start} {{id: row.start}})-[r:{edge.type}]->(:{edge.end} {{id: row.end}}) DELETE r"
    )


def read_nodes(node: NodeType, *, some: bool) -> str:
    """Columns ``id, properties``: all nodes of a label in the order of ids, or those of ``$ids``."""
    if some:
        return f"UNWIND $ids AS wanted MATCH (n:{node.label} {{id: wanted}}) RETURN n.id AS id, properties(n) AS properties"
    return f"MATCH (n:{node.label}) RETURN n.id AS id, properties(n) AS properties ORDER BY id"


def read_edges(edge: EdgeType, *, by: str = "") -> str:
    """Columns ``start_id, end_id, properties``: all edges of a type in order, or those that ``by`` ("start" or "end") is in ``$ids``."""
    columns = "RETURN a.id AS start_id, b.id AS end_id, properties(r) AS properties"
    if by == "start":
        return f"UNWIND $ids AS wanted MATCH (a:{edge.start} {{id: wanted}})-[r:{edge.type}]->(b:{edge.end}) {columns}"
    if by == "end":
        return f"UNWIND $ids AS wanted MATCH (b:{edge.end} {{id: wanted}})<-[r:{edge.type}]-(a:{edge.start}) {columns}"
    return f"MATCH (a:{edge.start})-[r:{edge.type}]->(b:{edge.end}) {columns} ORDER BY start_id, end_id"
