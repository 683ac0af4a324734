"""The Neo4j store: a graph on a server."""
