"""Files for Neo4j's bulk importer, with the command that reads them (``import.sh``) and what to run afterwards.

There is a file for each label and type of edge. Its header, made from the schema, gives every column's type. Every text
is quoted, so that an empty text differs from an absent one. ``constraints.cypher`` makes the constraints and indexes
when the server runs. The files have everything that the store keeps except the folders of the user's machine. Format:
https://neo4j.com/docs/operations-manual/5/tools/neo4j-admin/neo4j-admin-import/
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from pathlib import Path

from newsgraph.graph import schema_cypher
from newsgraph.graph.batch import Columns
from newsgraph.graph.exports.context import Writing
from newsgraph.graph.exports.table_cells import cells, quote, table_text
from newsgraph.graph.schema import EDGES, NODES, EdgeType, NodeType, Type, Value
from newsgraph.graph.subgraph import Part

_COMMAND, _CONSTRAINTS = "import.sh", "constraints.cypher"
_TYPES = {
    Type.TEXT: "string",
    Type.INTEGER: "long",
    Type.REAL: "double",
    Type.BOOLEAN: "boolean",
    Type.TIME: "datetime",
    Type.TEXTS: "string[]",
}
_SCRIPT = """#!/bin/sh
# Stop the server first. Another name in place of neo4j imports into another database.
cd "$(dirname "$0")" || exit
"""
#: Separates the items of a list. It is a control character made for this, which texts don't contain.
_BETWEEN = "\x1f"
#: The importer reads a whole field at once. Its buffer has 4 MB if the command doesn't say otherwise.
_BUFFER = 4 << 20


def ours(name: str) -> bool:
    """Tells whether this export writes a file of that name."""
    stem, dot, ending = name.rpartition(".")
    return name in {_COMMAND, _CONSTRAINTS} or (dot + ending == ".csv" and (stem in NODES or stem in EDGES))


def write(writing: Writing, folder: Path) -> None:
    """Writes the files into ``folder``."""
    part = writing.part
    longest = 0
    for node_type in part.node_types:
        header = [f"id:ID({node_type.label})"]
        rows = writing.node_columns(node_type)
        longest = max(longest, _file(writing, folder / f"{node_type.label}.csv", node_type, header, rows))
    for edge_type in part.edge_types:
        header = [f":START_ID({edge_type.start})", f":END_ID({edge_type.end})"]
        rows = writing.edge_columns(edge_type)
        longest = max(longest, _file(writing, folder / f"{edge_type.type}.csv", edge_type, header, rows))
    command = " ".join(import_command(part, longest))
    (folder / _COMMAND).write_text(_SCRIPT + f"exec {command}\n", encoding="utf-8", newline="\n")
    after = "".join(f"{one};\n" for one in (*schema_cypher.constraints(), *schema_cypher.indexes()))
    (folder / _CONSTRAINTS).write_text(after, encoding="utf-8", newline="\n")
    target = shlex.quote(writing.options.target)
    constraints = shlex.quote(f"{writing.options.target}/{_CONSTRAINTS}")
    writing.next_steps.append(f"With the server stopped: cd {target} && {command}")
    writing.next_steps.append(f"Then, with the server running: cypher-shell -f {constraints}")


def import_command(part: Part, longest: int = 0) -> list[str]:
    """Returns the importer's command for the files of a part, to be run in their folder. ``longest`` is the length of
    the longest line in bytes."""
    command = ["neo4j-admin", "database", "import", "full", "neo4j", "--input-encoding=UTF-8"]
    command += ["--multiline-fields=true", "--array-delimiter=U+001F"]
    if longest * 2 > _BUFFER:
        command.append(f"--read-buffer-size={1 << (longest * 2).bit_length()}")
    command += [f"--nodes={one.label}={one.label}.csv" for one in part.node_types]
    command += [f"--relationships={one.type}={one.type}.csv" for one in part.edge_types]
    return command


def _file(
    writing: Writing, path: Path, declared: NodeType | EdgeType, header: list[str], rows: Iterable[Columns]
) -> int:
    """Writes a file. Returns a number of bytes that no line of it exceeds."""
    properties = writing.part.properties(declared)
    makers = [cells(writing.sanitiser, one, _rare(writing, one.type), _fits) for one in properties]
    widths = [0] * len(properties)  # of whole columns, so that it doesn't matter how rows are grouped
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(",".join([*header, *(f"{one.name}:{_TYPES[one.type]}" for one in properties)]) + "\n")
        for some in rows:
            columns = [make(column) for make, column in zip(makers, some.values, strict=True)]
            widths = [max(width, *map(len, column)) for width, column in zip(widths, columns, strict=True)]
            out.write(table_text(some.ids, columns, writing.sanitiser))
    return sum(widths) * 4  # a character has at most four bytes


def _fits(_text: str) -> bool:
    return True


def _rare(writing: Writing, kind: Type) -> Callable[[Value], str]:
    sanitiser = writing.sanitiser

    def make(value: Value) -> str:
        if kind is not Type.TEXTS or not isinstance(value, (tuple, list)):
            sanitiser.mistyped()
            return ""
        if not value or list(value) == [""]:
            sanitiser.lose("empty lists, which read back as absent")
            return ""
        between = sum(one.count(_BETWEEN) for one in value)
        if between:
            sanitiser.lose("unit separators (U+001F) in lists replaced by blanks", between)
        return quote(_BETWEEN.join(one.replace(_BETWEEN, " ") for one in value))

    return make
