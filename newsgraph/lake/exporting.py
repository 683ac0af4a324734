"""Writes the graph of a lake elsewhere: as files for Neo4j's importer, or as an embedded store."""

from __future__ import annotations

from pathlib import Path

from newsgraph.graph.exports.registry import ExportReport, export
from newsgraph.graph.stores.registry import open_store, refuse_own_file
from newsgraph.graph.transfer import Copied, copy
from newsgraph.lake.graph import LakeGraph


def export_for_neo4j(lake: Path, folder: Path, *, force: bool = False) -> ExportReport:
    """Writes the files that ``neo4j-admin database import`` reads, with the command. Raises what ``export`` raises."""
    with LakeGraph(lake) as graph:
        return export("neo4j-admin", graph, folder, force=force)


def export_embedded(lake: Path, file: Path, *, force: bool = False) -> Copied:
    """Makes an embedded store hold exactly the lake's graph. If it exists, only what differs is written; what only it
    holds is removed with ``force``, and otherwise TargetExistsError is raised. Raises StoreError."""
    with LakeGraph(lake) as graph:
        refuse_own_file(graph.url, file)
        with open_store(str(file)) as store:
            return copy(graph, store, force=force)
