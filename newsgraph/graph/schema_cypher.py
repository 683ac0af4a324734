"""Cypher texts that are made from the schema: constraints, writes and reads. They contain only declared names.

``row.`end` `` is in backticks because ``end`` is a keyword (of ``CASE``) in some engines.
"""

from __future__ import annotations

from collections.abc import Iterable

from newsgraph.graph.schema import NODE_TYPES, NODES, EdgeType, NodeType, Story

#: Added to a statement that writes ``n``. It tells an engine that shows ``name`` also as ``title`` that there is none.
NO_TITLE = " SET n.title = null"

#: Added to a statement that writes edges ``r``. The column ``written`` says how many rows had both ends.
COUNT_EDGES = " RETURN count(r) AS written"


def constraints() -> list[str]:
    """Returns one uniqueness constraint for each label, for servers. They can be run again without harm."""
    return [
        f"CREATE CONSTRAINT newsgraph_{node.label.lower()}_id IF NOT EXISTS FOR (n:{node.label}) REQUIRE n.id IS UNIQUE"
        for node in NODE_TYPES
    ]


def indexes() -> list[str]:
    """Returns range indexes for the properties by which questions look up times. They can be run again without harm."""
    return [
        f"CREATE INDEX newsgraph_story_published_at IF NOT EXISTS FOR (n:{Story.label}) ON (n.published_at)",
    ]


def merge_nodes(node: NodeType) -> str:
    """Writes ``$rows`` of ``{id, properties}``. ``properties`` includes ``id`` and replaces all properties of the
    node."""
    return f"UNWIND $rows AS row MERGE (n:{node.label} {{id: row.id}}) SET n = row.properties"


def merge_edges(edge: EdgeType) -> str:
    """Writes ``$rows`` of ``{start, end, properties}``. ``properties`` replaces all properties of the edge."""
    return (
        f"UNWIND $rows AS row MATCH (a:{edge.start} {{id: row.start}}) MATCH (b:{edge.end} {{id: row.`end`}}) "
        f"MERGE (a)-[r:{edge.type}]->(b) SET r = row.properties"
    )


def create_edges(edge: EdgeType) -> str:
    """Writes ``$rows`` of lists ``[start, end, value of each declared property in turn]``. None of the edges may exist
    yet."""
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
    """Returns the column ``id``: those of ``$ids`` that exist."""
    return f"MATCH (n:{node.label}) WHERE n.id IN $ids RETURN n.id AS id"


def list_nodes(node: NodeType, names: Iterable[str]) -> str:
    """Returns the nodes of ``$ids`` in order, with a column for the id and one for each property in ``names``."""
    values = "".join(f", n.{name}" for name in names)
    return f"UNWIND $ids AS wanted MATCH (n:{node.label} {{id: wanted}}) RETURN n.id AS id{values} ORDER BY id"


def list_edges(edge: EdgeType, names: Iterable[str], *, by: str) -> str:
    """Returns the edges that start (or end, see ``by``) at ``$ids``, in order: columns for start, end and each
    property."""
    start, end = NODES[edge.start].label, NODES[edge.end].label
    pattern = (
        f"MATCH (a:{start} {{id: wanted}})-[r:{edge.type}]->(b:{end})"
        if by == "start"
        else f"MATCH (b:{end} {{id: wanted}})<-[r:{edge.type}]-(a:{start})"
    )
    values = "".join(f", r.{name}" for name in names)
    # Ordering by a column takes a fraction of the time of ordering by a property of a node.
    return f"UNWIND $ids AS wanted {pattern} RETURN a.id AS first, b.id AS second{values} ORDER BY first, second"


def read_columns(node: NodeType, *names: str) -> str:
    """Returns all nodes of a label, in no order: the column ``id``, then one for each property in ``names``."""
    columns = "".join(f", n.{node.property(name).name} AS {name}" for name in names)
    return f"MATCH (n:{node.label}) RETURN n.id AS id{columns}"


def count_said(edge: EdgeType) -> str:
    """Returns columns ``id, said, stories``: what the stories say about each node of ``$ids``.

    It is for edges that describe the node at their end.
    """
    return (
        f"UNWIND $ids AS wanted MATCH (n:{edge.end} {{id: wanted}})<-[r:{edge.type}]-(:{edge.start}) "
        "RETURN n.id AS id, r.said AS said, count(*) AS stories"
    )


def stale_ids(node: NodeType) -> str:
    """Returns the column ``id``: shared nodes whose properties must be gathered again."""
    return f"MATCH (n:{node.label}) WHERE n.stale = true RETURN n.id AS id"


def count_nodes(node: NodeType) -> str:
    """Returns one row: how many nodes have the label."""
    return f"MATCH (n:{node.label}) RETURN count(n) AS nodes"


def count_edges(edge: EdgeType) -> str:
    """Returns one row: how many edges of the type there are."""
    return f"MATCH (:{edge.start})-[r:{edge.type}]->(:{edge.end}) RETURN count(r) AS edges"


def count_by(node: NodeType, name: str) -> str:
    """Returns columns ``value, nodes``: how many nodes have each value of a property, the most frequent value first."""
    column = node.property(name).name
    return f"MATCH (n:{node.label}) RETURN n.{column} AS value, count(n) AS nodes ORDER BY nodes DESC, value"


def span(node: NodeType, name: str, *, where: str, among: Iterable[str]) -> str:
    """Returns one row ``first, last`` of a property, for the nodes whose property ``where`` is one of ``among`` (words
    that the schema declares)."""
    column, condition = node.property(name).name, node.property(where).name
    listed = ", ".join(f"'{value}'" for value in sorted(among))
    chosen = f"MATCH (n:{node.label}) WHERE n.{condition} IN [{listed}]"
    return f"{chosen} RETURN min(n.{column}) AS first, max(n.{column}) AS last"
