"""CSV: a folder with a table for each label (``Story.csv``) and type of edge (``ABOUT.csv``), and a description of
their columns.

Tables of nodes have ``id`` and the properties. Tables of edges have ``start`` and ``end`` (ids; the edge type says
which labels these have) and the properties. They are UTF-8 without a byte-order mark, with commas and LF. Texts are in
quotes (RFC 4180), everything else is not. Times are ISO 8601 in UTC, lists are JSON texts, an absent value is an empty
cell. Unless ``raw`` is given, an apostrophe is put before everything that a spreadsheet would take for a formula, at
the start of a text or after a character that may separate cells. ``datapackage.json`` gives type and meaning of every
column as a Frictionless Data Package (https://datapackage.org/standard/table-schema/).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from newsgraph.graph.batch import Columns
from newsgraph.graph.exports.context import Writing
from newsgraph.graph.exports.table_cells import ColumnMaker, cells, quote, table_text
from newsgraph.graph.schema import EDGES, NODES, EdgeType, NodeType, Property, Type, Value
from newsgraph.graph.subgraph import Part
from newsgraph.output.safe_text import no_formula

_DESCRIPTION = "datapackage.json"
_TYPES = {
    Type.TEXT: "string",
    Type.INTEGER: "integer",
    Type.REAL: "number",
    Type.BOOLEAN: "boolean",
    Type.TIME: "datetime",
    Type.TEXTS: "array",
}


def ours(name: str) -> bool:
    """Tells whether this export writes a file of that name."""
    stem, dot, ending = name.rpartition(".")
    return name == _DESCRIPTION or (dot + ending == ".csv" and (stem in NODES or stem in EDGES or stem.isupper()))


def write(writing: Writing, folder: Path) -> None:
    """Writes the tables and their description into ``folder``."""
    part = writing.part
    for node_type in part.node_types:
        _table(writing, folder / f"{node_type.label}.csv", node_type, ("id",), writing.node_columns(node_type))
    for edge_type in part.edge_types:
        _table(writing, folder / f"{edge_type.type}.csv", edge_type, ("start", "end"), writing.edge_columns(edge_type))
    (folder / _DESCRIPTION).write_text(_description(part), encoding="utf-8", newline="\n")


def _table(
    writing: Writing, path: Path, declared: NodeType | EdgeType, ids: tuple[str, ...], rows: Iterable[Columns]
) -> None:
    properties = writing.part.properties(declared)
    names = [one.name for one in properties]
    guard = str if writing.options.raw else no_formula
    makers = [_maker(writing, one) for one in properties]
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(",".join([*ids, *names]) + "\n")
        for some in rows:
            columns = [make(column) for make, column in zip(makers, some.values, strict=True)]
            out.write(table_text(some.ids, columns, writing.sanitiser, guard))


def _maker(writing: Writing, one: Property) -> ColumnMaker:
    """Returns a function that turns a column's values into cells."""
    sanitiser, raw = writing.sanitiser, writing.options.raw
    encode = sanitiser.encoder(one.type, str if raw else sanitiser.guard)

    def rare(value: Value) -> str:
        if value == "":
            sanitiser.lose("empty texts, which most readers take for absent")
        text = encode(value)
        return "" if text is None else quote(text)

    return cells(sanitiser, one, rare, bool if raw else _is_harmless)


def _is_harmless(text: str) -> bool:
    return text != "" and no_formula(text) == text


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
