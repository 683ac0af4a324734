"""Exports: the graph, a part of it or a projection, written for other tools. Each format has one module and one entry
in the table of formats.

Other packages can add formats by entry points of the group ``newsgraph.exports``. Each leads to a :class:`Format`.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from newsgraph.errors import UnknownNameError, UsageError
from newsgraph.graph.gc_pause import collector_paused
from newsgraph.registry import Registry, check_has

if TYPE_CHECKING:
    from newsgraph.graph.exports.context import Progress, TextWriter, Writing
    from newsgraph.graph.stores.protocol import Store
    from newsgraph.graph.subgraph import Filters, Part


class TextExporter(Protocol):
    """The module of a format that is written as one file of text."""

    def write(self, writing: Writing, out: TextWriter, /) -> None:
        """Writes what ``writing`` gives, piece by piece. Equal graphs give equal texts."""
        ...


class FolderExporter(Protocol):
    """The module of a format that is written as a folder of files."""

    def write(self, writing: Writing, folder: Path, /) -> None:
        """Writes its files into the folder, which is empty."""
        ...

    def ours(self, name: str, /) -> bool:
        """Tells whether this format writes a file of that name. A folder that holds other files is never replaced."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the full name of its module, which is only imported to write; the ending of its files (none for a
    folder); its shape; and the tool that it is for, which ``newsgraph export --help`` shows.

    The module is a :class:`TextExporter` or a :class:`FolderExporter`. ``moves``: the format moves a whole store
    elsewhere, with what the store keeps for itself. ``projects``: the format can hold a projection.
    """

    module: str
    ending: str
    shape: Literal["text", "folder"]
    tool: str
    moves: bool = False
    projects: bool = True


#: Format name -> format. One line for each format.
EXPORTS: dict[str, Format] = {
    "graphml": Format("newsgraph.graph.exports.graphml", ".graphml", "text", "yEd, igraph, NetworkX, Cytoscape, R"),
    "gexf": Format(
        "newsgraph.graph.exports.gexf",
        ".gexf",
        "text",
        "Gephi, with its timeline: stories appear when they were published",
    ),
    "json": Format("newsgraph.graph.exports.nodelink", ".json", "text", "NetworkX (node_link_graph), D3"),
    "cytoscape": Format("newsgraph.graph.exports.cytoscape", ".cyjs", "text", "Cytoscape and Cytoscape.js"),
    "csv": Format(
        "newsgraph.graph.exports.csv_tables",
        "",
        "folder",
        "spreadsheets, pandas, R: a table for each label and type of edge",
    ),
    "parquet": Format(
        "newsgraph.graph.exports.parquet", "", "folder", "DuckDB, pandas, Polars, Spark (needs newsgraph[parquet])"
    ),
    "cypher": Format(
        "newsgraph.graph.exports.cypher_script",
        ".cypher",
        "text",
        "Neo4j, through cypher-shell",
        moves=True,
        projects=False,
    ),
    "neo4j-admin": Format(
        "newsgraph.graph.exports.neo4j_admin",
        "",
        "folder",
        "Neo4j's bulk importer, for large graphs",
        moves=True,
        projects=False,
    ),
    "jsonld": Format(
        "newsgraph.graph.exports.jsonld", ".jsonld", "text", "schema.org tools, linked data", projects=False
    ),
    "ntriples": Format(
        "newsgraph.graph.exports.ntriples", ".nt", "text", "triple stores, SPARQL, rdflib", projects=False
    ),
    "jsonl": Format(
        "newsgraph.graph.exports.jsonl",
        ".jsonl",
        "text",
        "newsgraph load, jq: the articles as they were read",
        projects=False,
    ),
}

PROJECTIONS: dict[str, str] = {
    "outlets": "outlets joined by the events that both covered, more often than by chance",
    "follows": "outlets, each joined to those that it comes after more often than by chance (directed)",
    "topics": "topics joined by the stories that have both",
    "stories": "stories joined by what their articles list as related",
}


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written, and where.

    ``target`` is the path, or ``-`` for standard output. The numbers are those of nodes and edges (of articles, for
    jsonl). ``losses`` says what the format could not hold, a line for each kind. ``next_steps`` says what to do with
    the export, if that isn't obvious.
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


def _check(thing: object) -> Format:
    if not isinstance(thing, Format):
        raise TypeError(f"a Format is wanted, not {type(thing).__name__}")
    return thing


#: All formats of installed packages, including newsgraph's own.
REGISTRY: Registry[Format] = Registry(
    "export format",
    "newsgraph.exports",
    {name: format.tool for name, format in EXPORTS.items()},
    EXPORTS.__getitem__,
    _check,
    lambda format: format.tool,
)


def find_format(name: str) -> Format:
    """Returns the format of that name.

    Raises UnknownNameError, which names the nearest ones, and PluginError if it belongs to another package and can't be
    used.
    """
    return REGISTRY.get(name)


def export(
    format: str,
    store: Store,
    target: Path | str,
    *,
    filters: Filters | None = None,
    project: str | None = None,
    min_weight: int | None = None,
    force: bool = False,
    raw: bool = False,
    progress: Progress | None = None,
) -> ExportReport:
    """Writes the graph, or the part that ``filters`` choose, or a projection of it (see PROJECTIONS), for another tool.

    ``target`` is a path, or ``-`` for standard output (text formats only). If the name ends in ``.gz``, the file is
    compressed. The file appears only when it is complete, and equal graphs give equal bytes. ``min_weight`` is the
    least weight of a projection's edges; without it, those of outlets are above chance. ``raw`` leaves text cells of
    csv unchanged, even those that a spreadsheet would run as a formula. ``progress(done, None)`` is called with the
    number of nodes and edges written so far.

    Raises UnknownNameError, UsageError, TargetExistsError, NothingToWriteError, OutputError, and what the store raises.
    """
    from newsgraph.graph.exports.context import Options, Writing  # noqa: PLC0415  # keeps the table above light
    from newsgraph.graph.stores.registry import refuse_own_file  # noqa: PLC0415

    chosen = find_format(format)
    _check_request(format, chosen, str(target), project)
    if min_weight is not None and (project is None or min_weight < 1):
        raise UsageError(
            "min_weight", "is the least weight of a projection's edges, 1 or more", "Give a projection too"
        )
    refuse_own_file(store.url, target)
    exporter = check_has(import_module(chosen.module), "write", *(("ours",) if chosen.shape == "folder" else ()))
    # Whatever prevents writing is reported before the store is read.
    _check_target(chosen, exporter, target, force=force)
    part = _part(store, filters, project, min_weight, moving=chosen.moves)
    writing = Writing(part, Options(raw=raw, target=str(target)), progress)
    writing.next_steps.extend(part.notes)
    with collector_paused():
        if chosen.shape == "folder":
            _write_folder(writing, exporter, Path(target), force=force)
        else:
            _write_text(writing, exporter, target, force=force)
    return writing.report(str(target))


def _check_request(name: str, chosen: Format, target: str, project: str | None) -> None:
    """Raises UsageError for anything that the format can't do."""
    if project is not None and project not in PROJECTIONS:
        raise UnknownNameError(project, "there is no such projection", f"There are {', '.join(PROJECTIONS)}")
    if project is not None and not chosen.projects:
        able = ", ".join(name for name, one in EXPORTS.items() if one.projects)
        raise UsageError(name, "holds no projection", f"These do: {able}")
    if chosen.shape == "folder" and target == "-":
        raise UsageError(name, "writes a folder, which standard output can't take", "Give the name of a folder")
    if chosen.shape == "text" and target.endswith("/"):
        raise UsageError(target, "names a folder; this format writes a file", "Give a file name")


def _check_target(chosen: Format, exporter: Any, target: Path | str, *, force: bool) -> None:
    from newsgraph.output.atomic_files import check_file, check_folder  # noqa: PLC0415

    if chosen.shape == "folder":
        check_folder(Path(target), force=force, ours=exporter.ours)
    elif str(target) != "-":
        check_file(Path(target), force=force)


def _part(store: Store, filters: Filters | None, project: str | None, min_weight: int | None, *, moving: bool) -> Part:
    if project is None:
        from newsgraph.graph.subgraph import select  # noqa: PLC0415

        return select(store, filters, moving=moving)
    from newsgraph.graph.exports.projections import project as projected  # noqa: PLC0415

    return projected(store, project, filters, min_weight)


def _write_folder(writing: Writing, exporter: FolderExporter, target: Path, *, force: bool) -> None:
    from newsgraph.output.atomic_files import folder_target  # noqa: PLC0415

    with folder_target(target, force=force, ours=exporter.ours) as folder:
        exporter.write(writing, folder)


def _write_text(writing: Writing, exporter: TextExporter, target: Path | str, *, force: bool) -> None:
    from newsgraph.output.atomic_files import file_target, standard_output  # noqa: PLC0415
    from newsgraph.output.safe_text import harmless  # noqa: PLC0415

    to_standard_output = str(target) == "-"
    with standard_output() if to_standard_output else file_target(Path(target), force=force) as binary:
        out = io.TextIOWrapper(binary, encoding="utf-8", newline="")
        on_terminal = to_standard_output and sys.stdout.isatty()
        try:
            exporter.write(writing, (lambda text: out.write(harmless(text))) if on_terminal else out.write)
            out.flush()
        finally:
            out.detach()


__all__ = [
    "EXPORTS",
    "PROJECTIONS",
    "REGISTRY",
    "ExportReport",
    "FolderExporter",
    "Format",
    "TextExporter",
    "export",
    "find_format",
]
