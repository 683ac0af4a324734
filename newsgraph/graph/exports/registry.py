"""Exports: the graph, a part of it or a projection, written for other tools. One module a format, one table of
formats.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from newsgraph.graph.gc_pause import collector_paused
from newsgraph.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from newsgraph.graph.exports.context import Progress, TextWriter, Writing
    from newsgraph.graph.subgraph import Filters
    from newsgraph.graph.stores.protocol import Store


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its module, the ending of its files (none for a folder), its shape, and the tool that it is for.

    ``moves``: it carries a store elsewhere, with what the store keeps for itself. ``projects``: it can hold a
    projection.
    """

    module: str
    ending: str
    shape: Literal["text", "folder"]
    tool: str
    moves: bool = False
    projects: bool = True


#: Format name -> what it is. One line a format.
EXPORTS: dict[str, Format] = {
    "graphml": Format("graphml", ".graphml", "text", "yEd, igraph, NetworkX, Cytoscape, R"),
    "gexf": Format("gexf", ".gexf", "text", "Gephi, with its timeline: stories appear when they were published"),
    "json": Format("nodelink", ".json", "text", "NetworkX (node_link_graph), D3"),
    "cytoscape": Format("cytoscape", ".cyjs", "text", "Cytoscape and Cytoscape.js"),
    "csv": Format("csv_tables", "", "folder", "spreadsheets, pandas, R: a table for each label and type of edge"),
    "parquet": Format("parquet", "", "folder", "DuckDB, pandas, Polars, Spark (needs newsgraph[parquet])"),
    "cypher": Format("cypher_script", ".cypher", "text", "Neo4j, through cypher-shell", moves=True, projects=False),
    "neo4j-admin": Format(
        "neo4j_admin", "", "folder", "Neo4j's bulk importer, for large graphs", moves=True, projects=False
    ),
    "jsonld": Format("jsonld", ".jsonld", "text", "schema.org tools, linked data", projects=False),
    "ntriples": Format("ntriples", ".nt", "text", "triple stores, SPARQL, rdflib", projects=False),
    "jsonl": Format("jsonl", ".jsonl", "text", "newsgraph load, jq: the articles as they were read", projects=False),
}

PROJECTIONS: dict[str, str] = {
    "outlets": "outlets joined by the events that both covered",
    "topics": "topics joined by the stories that have both",
    "stories": "stories joined by what their articles list as related",
}


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written where: ``target`` (``-`` for standard output), how many nodes and edges (or articles, for
    jsonl), ``losses`` what the format could not hold, a line each, and ``next_steps`` what to do with it where that
    isn't plain.
    """

    target: str
    nodes: int
    edges: int
    articles: int = 0
    losses: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()

    def __str__(self) -> str:
        written = f"{self.articles:,} articles" if self.articles else f"{self.nodes:,} nodes and {self.edges:,} edges"
        return f"Wrote {written} to {self.target}"


def find_format(name: str) -> Format:
    """The format of that name; UnknownNameError with the nearest ones."""
    if name in EXPORTS:
        return EXPORTS[name]
    from newsgraph.graph.subgraph import nearest  # noqa: PLC0415  # only to say what else there is

    near = nearest(name, EXPORTS)
    remedy = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(EXPORTS)}"
    raise UnknownNameError(name, "there is no export format of that name", remedy)


def export(
    format: str,
    store: Store,
    target: Path | str,
    *,
    filters: Filters | None = None,
    project: str | None = None,
    force: bool = False,
    raw: bool = False,
    progress: Progress | None = None,
) -> ExportReport:
    """Writes the graph, or the part that ``filters`` choose, or a projection of it (see PROJECTIONS), for another tool.

    ``target`` is a path, or ``-`` for standard output (text formats only); a name that ends in ``.gz`` is compressed.
    It appears only when complete, and equal graphs give equal bytes. ``raw`` leaves text cells of csv as they are
    even where a spreadsheet would run them. ``progress(done, None)`` is told of nodes and edges written so far.

    Raises UnknownNameError, UsageError, TargetExistsError, NothingToWriteError, OutputError, and what the store raises.
    """
    from newsgraph.output import atomic_files as targets  # noqa: PLC0415  # keeps the table above light to import
    from newsgraph.graph.exports.context import Options, Writing  # noqa: PLC0415
    from newsgraph.graph.subgraph import select  # noqa: PLC0415
    from newsgraph.graph.stores.registry import refuse_own_file  # noqa: PLC0415
    from newsgraph.output.safe_text import harmless  # noqa: PLC0415

    chosen = find_format(format)
    if project is not None and project not in PROJECTIONS:
        raise UnknownNameError(project, "there is no such projection", f"There are {', '.join(PROJECTIONS)}")
    if project is not None and not chosen.projects:
        able = ", ".join(name for name, one in EXPORTS.items() if one.projects)
        raise UsageError(format, "holds no projection", f"These do: {able}")
    if chosen.shape == "folder" and str(target) == "-":
        raise UsageError(format, "writes a folder, which standard output can't take", "Give the name of a folder")
    if chosen.shape == "text" and str(target).endswith("/"):
        raise UsageError(str(target), "names a folder; this format writes a file", "Give a file name")
    refuse_own_file(store.url, target)
    module = import_module(f"newsgraph.graph.exports.{chosen.module}")
    path = Path(target)
    # What stands in the way of writing is said before the store is read.
    if chosen.shape == "folder":
        targets.check_folder(path, force=force, ours=module.ours)
    elif str(target) != "-":
        targets.check_file(path, force=force)

    if project is None:
        part = select(store, filters, moving=chosen.moves)
    else:
        from newsgraph.graph.exports.projections import project as projected  # noqa: PLC0415

        part = projected(store, project, filters)
    writing = Writing(part, Options(raw=raw, target=str(target)), progress)
    with collector_paused():
        if chosen.shape == "folder":
            with targets.folder_target(path, force=force, ours=module.ours) as folder:
                cast("Callable[[Writing, Path], None]", module.write)(writing, folder)
        else:
            write = cast("Callable[[Writing, TextWriter], None]", module.write)
            opened = targets.standard_output() if str(target) == "-" else targets.file_target(path, force=force)
            with opened as binary:
                out = io.TextIOWrapper(binary, encoding="utf-8", newline="")
                shown = str(target) == "-" and sys.stdout.isatty()
                try:
                    write(writing, (lambda text: out.write(harmless(text))) if shown else out.write)
                    out.flush()
                finally:
                    out.detach()
    return writing.report(str(target))


__all__ = ["EXPORTS", "PROJECTIONS", "ExportReport", "Format", "export", "find_format"]
