"""Cypher for a Neo4j server: the texts of ``graph.schema_cypher`` in a form that a server plans well, and the texts of
the writer's lease."""

from __future__ import annotations

from newsgraph.graph import schema_cypher
from newsgraph.graph.schema import NODE_TYPES, Corpus, EdgeType, NodeType, Type, property_types

#: The label of the one node that says who is writing. It exists only while somebody writes. It isn't in the schema, so
#: no export or comparison includes it.
WRITER_LABEL = "NewsgraphWriter"

LEASE_CONSTRAINT = f"CREATE CONSTRAINT newsgraph_writer_id IF NOT EXISTS FOR (w:{WRITER_LABEL}) REQUIRE w.id IS UNIQUE"

#: Waits until nobody else is changing the lease, so that the rest of the transaction reads its latest state.
LEASE_LOCK = f"MERGE (w:{WRITER_LABEL} {{id: 'writer'}}) SET w.asked_by = $token"

#: Takes the lease if nobody has it, or if its holder gave no sign of life for ``$expiry`` seconds by the server's clock
#: (the clocks of clients may differ). Returns one row: ``taken, holder, since, silent_seconds``.
LEASE_TAKE = f"""
MATCH (w:{WRITER_LABEL} {{id: 'writer'}})
WITH w, datetime.realtime() AS now
WITH w, now, w.token IS NULL OR w.token = $token OR w.seen_at < now - duration({{seconds: $expiry}})
  OR w.seen_at > now + duration({{seconds: $expiry}}) AS taken  // the server's clock was set back
FOREACH (_ IN CASE WHEN taken THEN [1] ELSE [] END |
  SET w.token = $token, w.holder = $holder, w.since = now, w.seen_at = now)
RETURN taken, w.holder AS holder, w.since AS since, duration.inSeconds(w.seen_at, now).seconds AS silent_seconds
"""

#: Says that the holder is alive. Returns no row if somebody else holds the lease.
LEASE_RENEW = (
    f"MATCH (w:{WRITER_LABEL} {{id: 'writer', token: $token}}) SET w.seen_at = datetime.realtime() RETURN 1 AS held"
)

LEASE_DROP = f"MATCH (w:{WRITER_LABEL} {{id: 'writer', token: $token}}) DELETE w"

#: Returns one row: the ``version`` of the schema that the store was written with, null if the store doesn't say.
SCHEMA_VERSION_OF_STORE = f"OPTIONAL MATCH (c:{Corpus.label} {{id: 'corpus'}}) RETURN c.schema_version AS version"

#: The server's names for the types of properties.
_TYPES = {
    Type.TEXT: "STRING",
    Type.INTEGER: "INTEGER",
    Type.REAL: "INTEGER | FLOAT",
    Type.BOOLEAN: "BOOLEAN",
    Type.TIME: "ZONED DATETIME",
    Type.TEXTS: "LIST<STRING NOT NULL>",
}

#: Returns the Corpus node as it is: one row ``corpus`` for each such node.
CORPUS = f"MATCH (c:{Corpus.label}) RETURN properties(c) AS corpus ORDER BY c.id"

#: The indexes that newsgraph makes, and those that its constraints make under their names.
INDEX_NAMES = "SHOW INDEXES YIELD name WHERE name STARTS WITH 'newsgraph_' RETURN name"


def set_up() -> list[str]:
    """Returns what a database needs before data is written. Each text runs in its own transaction and can be
    repeated."""
    return [*schema_cypher.constraints(), LEASE_CONSTRAINT, *schema_cypher.indexes()]


def count_nodes(*, without_id: bool = False) -> str:
    """Returns one row with a column for each label: how many nodes have it, or how many have it and no id."""
    condition = " WHERE n.id IS NULL" if without_id else ""
    counts = ", ".join(f"COUNT {{ MATCH (n:{node.label}){condition} }} AS {node.label}" for node in NODE_TYPES)
    return f"RETURN {counts}"


def mistyped_nodes(node: NodeType) -> str:
    """Returns one row ``id, name, value`` for a node whose id is no text or that has a property of a wrong type, if
    any.

    The server is asked this after a user's query has written, before the change is committed.
    """
    return f"MATCH (n:{node.label}) {_mistyped('n', node, 'id: STRING')}RETURN n.id AS id, name, value LIMIT 1"


def of_two_labels() -> str:
    """Returns one row ``id, labels`` for a node that has two of newsgraph's labels, if any."""
    labels = ", ".join(f"'{node.label}'" for node in NODE_TYPES)
    return (
        f"MATCH (n) WITH n, [label IN labels(n) WHERE label IN [{labels}]] AS labels WHERE size(labels) > 1 "
        "RETURN n.id AS id, labels LIMIT 1"
    )


def edges_twice(edge: EdgeType) -> str:
    """Returns one row ``start, end`` for two nodes that two edges of this type join, if any."""
    return (
        f"MATCH (a:{edge.start})-[r:{edge.type}]->(b:{edge.end}) WITH a, b, count(r) AS number WHERE number > 1 "
        "RETURN a.id AS start, b.id AS `end` LIMIT 1"
    )


def mistyped_edges(edge: EdgeType) -> str:
    """Returns the same for edges. ``id`` is that of the start."""
    pattern = f"(a:{edge.start})-[r:{edge.type}]->(:{edge.end})"
    return f"MATCH {pattern} {_mistyped('r', edge)}RETURN a.id AS id, name, value LIMIT 1"


def _mistyped(variable: str, declared: NodeType | EdgeType, id_: str = "") -> str:
    wrong = [f"CASE WHEN {variable}.id IS :: STRING NOT NULL THEN null ELSE 'id' END"] if id_ else []
    required = {property_.name for property_ in declared.properties if property_.required}
    wrong += [
        f"CASE WHEN {variable}.{name} IS :: {_TYPES[kind]} "
        f"{f'AND {variable}.{name} IS NOT NULL ' if name in required else ''}THEN null ELSE '{name}' END"
        for name, kind in property_types(declared)
    ]
    return (
        f"UNWIND [{', '.join(wrong)}] AS name WITH * WHERE name IS NOT NULL "
        f"WITH *, toStringOrNull({variable}[name]) AS value "
    )


def holds_anything() -> str:
    """Returns one row ``found``: whether any node of the schema exists."""
    return "RETURN " + " OR ".join(f"EXISTS {{ (:{node.label}) }}" for node in NODE_TYPES) + " AS found"


def merge_edges(edge: EdgeType) -> str:
    """As :func:`schema_cypher.merge_edges`. The row ``written`` is smaller than the number of rows if an end is
    missing."""
    return f"{schema_cypher.merge_edges(edge)} RETURN count(r) AS written"


def missing_end(edge: EdgeType) -> str:
    """Returns the first of ``$rows`` whose start or end isn't in the store: ``start, end, has_start, has_end``."""
    return (
        f"UNWIND $rows AS row WITH row.start AS start, row.`end` AS `end`, "
        f"EXISTS {{ (:{edge.start} {{id: row.start}}) }} AS has_start, "
        f"EXISTS {{ (:{edge.end} {{id: row.`end`}}) }} AS has_end "
        "WHERE NOT (has_start AND has_end) RETURN start, `end`, has_start, has_end LIMIT 1"
    )


# With "IS NOT NULL" the planner uses the index of ids. So rows are sorted as they are read, and nodes of other programs
# under the same label are skipped, because they have no id.


# A time is sent as text: Python reads that in a tenth of the time that the driver needs for its own type.


def list_nodes(node: NodeType, *, some: bool) -> str:
    """Returns the column ``row``: a list of id and the value of each declared property in turn, times as ISO 8601 text.

    It lists the nodes of ``$ids``, or all nodes of a label in the order of ids.
    """
    row = _row(["n.id"], "n", node)
    if some:
        return f"UNWIND $ids AS wanted MATCH (n:{node.label} {{id: wanted}}) {row}"
    return f"MATCH (n:{node.label}) WHERE n.id IS NOT NULL WITH n ORDER BY n.id {row}"


def list_edges(edge: EdgeType, *, by: str = "") -> str:
    """Returns the column ``row``: start, end and properties of the edges at ``$ids``, or of all edges of a type in the
    order of their ends."""
    row = _row(["a.id", "b.id"], "r", edge)
    if by == "start":
        return f"UNWIND $ids AS id MATCH (a:{edge.start} {{id: id}})-[r:{edge.type}]->(b:{edge.end}) {row}"
    if by == "end":
        return f"UNWIND $ids AS id MATCH (b:{edge.end} {{id: id}})<-[r:{edge.type}]-(a:{edge.start}) {row}"
    return (
        f"MATCH (a:{edge.start}) WHERE a.id IS NOT NULL MATCH (a)-[r:{edge.type}]->(b:{edge.end}) "
        f"WITH a, r, b ORDER BY a.id, b.id {row}"
    )


def _row(ids: list[str], variable: str, declared: NodeType | EdgeType) -> str:
    values = [
        f"toString({variable}.{name})" if kind is Type.TIME else f"{variable}.{name}"
        for name, kind in property_types(declared)
    ]
    return f"RETURN [{', '.join([*ids, *values])}] AS row"
