"""Files for Neo4j's bulk importer, with the command that reads them (``import.sh``) and what to run afterwards.

A file for each label and type of edge; its header, from the schema, gives every column's type. Every text is quoted,
so that an empty one is told from an absent one. ``constraints.cypher`` makes the constraints and indexes once the
server runs. Holds all that the store keeps, save the folders of the user's machine. Format:
https://neo4j.com/docs/operations-manual/5/tools/neo4j-admin/neo4j-admin-import/
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from newsgraph.graph import statements
from newsgraph.graph.exports.sanitise import Encoder, cell_identifier
from newsgraph.graph.exports.writing import Writing
from newsgraph.graph.part import Part
from newsgraph.graph.schema import EDGES, NODES, EdgeType, NodeType, Type, Value

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
#: Between the items of a list: a control character made for it, which texts don't hold.
_BETWEEN = "\x1f"
_LINES = 2_000
#: The importer reads a field whole; its buffer holds 4 MB unless told.
_BUFFER = 4 << 20


def ours(name: str) -> bool:
    """Whether such an export writes a file of that name."""
    stem, dot, ending = name.rpartition(".")
    return name in {_COMMAND, _CONSTRAINTS} or (dot + ending == ".csv" and (stem in NODES or stem in EDGES))


def write(writing: Writing, folder: Path) -> None:
    """Writes the files into ``folder``."""
    part = writing.part
    longest = 0
    for node_type in part.node_types:
        columns = _columns(writing, node_type)
        header = [f"id:ID({node_type.label})", *[title for _, title, _ in columns]]
        lines = (
            _quote(cell_identifier(node.id)) + "".join(_cells(columns, node.properties))
            for node in writing.nodes(node_type.label)
        )
        longest = max(longest, _file(folder / f"{node_type.label}.csv", header, lines))
    for edge_type in part.edge_types:
        columns = _columns(writing, edge_type)
        header = [f":START_ID({edge_type.start})", f":END_ID({edge_type.end})", *[title for _, title, _ in columns]]
        lines = (
            _quote(cell_identifier(edge.start))
            + ","
            + _quote(cell_identifier(edge.end))
            + "".join(_cells(columns, edge.properties))
            for edge in writing.edges(edge_type.type)
        )
        longest = max(longest, _file(folder / f"{edge_type.type}.csv", header, lines))
    command = " ".join(import_command(part, longest))
    (folder / _COMMAND).write_text(_SCRIPT + f"exec {command}\n", encoding="utf-8", newline="\n")
    after = "".join(f"{one};\n" for one in (*statements.constraints(), *statements.indexes()))
    (folder / _CONSTRAINTS).write_text(after, encoding="utf-8", newline="\n")
    target = shlex.quote(writing.options.target)
    constraints = shlex.quote(f"{writing.options.target}/{_CONSTRAINTS}")
    writing.next_steps.append(f"With the server stopped: cd {target} && {command}")
    writing.next_steps.append(f"Then, with the server running: cypher-shell -f {constraints}")


def import_command(part: Part, longest: int = 0) -> list[str]:
    """The importer's command for the files of a part, run in their folder; ``longest`` is the longest line in bytes."""
    command = ["neo4j-admin", "database", "import", "full", "neo4j", "--input-encoding=UTF-8"]
    command += ["--multiline-fields=true", "--array-delimiter=U+001F"]
    if longest * 2 > _BUFFER:
        command.append(f"--read-buffer-size={1 << (longest * 2).bit_length()}")
    command += [f"--nodes={one.label}={one.label}.csv" for one in part.node_types]
    command += [f"--relationships={one.type}={one.type}.csv" for one in part.edge_types]
    return command


_Column = tuple[str, str, Encoder]


def _columns(writing: Writing, declared: NodeType | EdgeType) -> list[_Column]:
    return [
        (one.name, f"{one.name}:{_TYPES[one.type]}", _encoder(writing, one.type))
        for one in writing.part.properties(declared)
    ]


def _encoder(writing: Writing, kind: Type) -> Encoder:
    sanitiser = writing.sanitiser
    text = sanitiser.text_without_nul
    if kind is Type.TEXT:
        return sanitiser.encoder(kind, lambda value: _quote(text(value)))
    if kind is not Type.TEXTS:
        return sanitiser.encoder(kind, text)

    def encode_texts(value: Value) -> str | None:
        if not isinstance(value, (tuple, list)):
            sanitiser.mistyped()
            return None
        if not value or value == ("",):
            sanitiser.lose("empty lists, which read back as absent")
            return None
        items = [text(one) for one in value]
        between = sum(one.count(_BETWEEN) for one in items)
        if between:
            sanitiser.lose("unit separators (U+001F) in lists replaced by blanks", between)
            items = [one.replace(_BETWEEN, " ") for one in items]
        return _quote(_BETWEEN.join(items))

    return encode_texts


def _cells(columns: list[_Column], properties: Mapping[str, Value]) -> Iterator[str]:
    get = properties.get
    for name, _, encode in columns:
        value = get(name)
        if value is None:
            yield ","
        else:
            yield "," + (encode(value) or "")


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _file(path: Path, header: list[str], lines: Iterable[str]) -> int:
    """Writes a file and gives its longest line, in bytes."""
    held: list[str] = []
    longest = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(",".join(header) + "\n")
        for line in lines:
            longest = max(longest, len(line))
            held.append(line)
            if len(held) >= _LINES:
                out.write("\n".join(held) + "\n")
                held.clear()
        if held:
            out.write("\n".join(held) + "\n")
    return longest * 4  # a character has four bytes at most
