"""CSV: a folder with a table for each label (``Story.csv``) and type of edge (``ABOUT.csv``), and what their columns
mean.

Nodes: ``id`` and the properties. Edges: ``start`` and ``end`` (ids; the labels are the edge type's) and the properties.
UTF-8 without a byte-order mark, comma, RFC 4180 quotes, LF. Times are ISO 8601 in UTC, lists JSON texts, an absent
value is an empty cell. A text that begins like a formula has an apostrophe before it, unless raw.
``datapackage.json`` gives every column's type and meaning as a Frictionless Data Package
(https://datapackage.org/standard/table-schema/).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from newsgraph.graph.exports.sanitise import FORMULA, Encoder, cell_identifier
from newsgraph.graph.exports.writing import Writing
from newsgraph.graph.part import Part
from newsgraph.graph.schema import EDGES, NODES, EdgeType, NodeType, Type, Value

_DESCRIPTION = "datapackage.json"
_TYPES = {
    Type.TEXT: "string",
    Type.INTEGER: "integer",
    Type.REAL: "number",
    Type.BOOLEAN: "boolean",
    Type.TIME: "datetime",
    Type.TEXTS: "array",
}
_ROWS = 5_000


def ours(name: str) -> bool:
    """Whether such an export writes a file of that name."""
    stem, dot, ending = name.rpartition(".")
    return name == _DESCRIPTION or (dot + ending == ".csv" and (stem in NODES or stem in EDGES or stem.isupper()))


def write(writing: Writing, folder: Path) -> None:
    """Writes the tables and their description into ``folder``."""
    part = writing.part
    for node_type in part.node_types:
        columns = _columns(writing, node_type)
        header = ["id", *[name for name, _ in columns]]
        nodes = (((node.id,), node.properties) for node in writing.nodes(node_type.label))
        _table(folder / f"{node_type.label}.csv", header, _rows(writing, columns, nodes))
    for edge_type in part.edge_types:
        columns = _columns(writing, edge_type)
        header = ["start", "end", *[name for name, _ in columns]]
        edges = (((edge.start, edge.end), edge.properties) for edge in writing.edges(edge_type.type))
        _table(folder / f"{edge_type.type}.csv", header, _rows(writing, columns, edges))
    (folder / _DESCRIPTION).write_text(_description(part), encoding="utf-8", newline="\n")


def _columns(writing: Writing, declared: NodeType | EdgeType) -> list[tuple[str, Encoder]]:
    sanitiser = writing.sanitiser
    text = sanitiser.text_without_nul if writing.options.raw else sanitiser.cell
    return [(one.name, sanitiser.encoder(one.type, text)) for one in writing.part.properties(declared)]


def _rows(
    writing: Writing, columns: list[tuple[str, Encoder]], found: Iterable[tuple[tuple[str, ...], Mapping[str, Value]]]
) -> Iterator[list[str | None]]:
    lose, cell = writing.sanitiser.lose, _identifier_cell(raw=writing.options.raw)
    for ids, properties in found:
        row: list[str | None] = [cell(one) for one in ids]
        for name, encode in columns:
            value = properties.get(name)
            if value is None:
                row.append(None)
                continue
            if value == "":
                lose("empty texts, which read back as absent")
            row.append(encode(value))
        yield row


def _identifier_cell(*, raw: bool) -> Callable[[str], str]:
    # Not counted: the same id has the same form in every table, so that they still join.
    if raw:
        return cell_identifier
    return lambda text: "'" + cell_identifier(text) if text.startswith(FORMULA) else cell_identifier(text)


class _Table:
    """Takes the rows of :mod:`csv`, which quotes a CR in a cell only when lines end in CR LF, and ends them in LF."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line[:-2])


def _table(path: Path, header: list[str], rows: Iterable[list[str | None]]) -> None:
    table = _Table()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(header)
    with path.open("w", encoding="utf-8", newline="") as out:
        for row in rows:
            writer.writerow(row)
            if len(table.lines) >= _ROWS:
                out.write("\n".join(table.lines) + "\n")
                table.lines.clear()
        if table.lines:
            out.write("\n".join(table.lines) + "\n")


def _description(part: Part) -> str:
    resources = []
    for node_type in part.node_types:
        fields = [{"name": "id", "type": "string", "description": node_type.id}, *_fields(part, node_type)]
        schema: dict[str, object] = {"fields": fields, "primaryKey": "id"}
        resources.append(_resource(node_type.label, node_type.meaning, schema))
    for edge_type in part.edge_types:
        ends = [
            {"name": "start", "type": "string", "description": f"id of a {edge_type.start}"},
            {"name": "end", "type": "string", "description": f"id of a {edge_type.end}"},
        ]
        keys = [
            {"fields": side, "reference": {"resource": label.lower(), "fields": "id"}}
            for side, label in (("start", edge_type.start), ("end", edge_type.end))
        ]
        schema = {"fields": [*ends, *_fields(part, edge_type)], "primaryKey": ["start", "end"], "foreignKeys": keys}
        resources.append(_resource(edge_type.type, edge_type.meaning, schema))
    package = {"name": "newsgraph", "resources": resources}
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _resource(name: str, meaning: str, schema: dict[str, object]) -> dict[str, object]:
    return {
        "name": name.lower(),
        "path": f"{name}.csv",
        "description": meaning,
        "encoding": "utf-8",
        "schema": schema,
    }


def _fields(part: Part, declared: NodeType | EdgeType) -> list[dict[str, str]]:
    return [
        {"name": one.name, "type": _TYPES[one.type], "description": one.meaning} for one in part.properties(declared)
    ]
