"""A real Neo4j for the formats that are made for it."""

from tests.neo4j.plugin import neo4j_server, neo4j_store_url  # noqa: F401  # fixtures
