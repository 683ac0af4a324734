"""Parquet: a folder with a file for each label and type of edge, columns as in CSV but typed.

Texts are strings, whole numbers int64, times timestamps in UTC (microseconds), lists lists of strings; absent is
null. Every column's meaning is in its field's metadata. Needs pyarrow (``newsgraph[parquet]``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsgraph.graph.errors import UsageError
from newsgraph.graph.exports.sanitise import identifier
from newsgraph.graph.exports.writing import Writing
from newsgraph.graph.schema import EDGES, NODES, EdgeType, NodeType, Type, Value

if TYPE_CHECKING:
    import pyarrow

#: Rows of a row group: what is held at a time.
_ROWS = 20_000


def ours(name: str) -> bool:
    """Whether such an export writes a file of that name."""
    stem, dot, ending = name.rpartition(".")
    return dot + ending == ".parquet" and (stem in NODES or stem in EDGES or stem.isupper())


def write(writing: Writing, folder: Path) -> None:
    """Writes the tables into ``folder``. Raises UsageError when pyarrow is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415  # optional
    except ImportError as error:
        raise UsageError("parquet", "needs pyarrow", "Install it: pip install 'newsgraph[parquet]'") from error
    part = writing.part
    for node_type in part.node_types:
        nodes = (((node.id,), node.properties) for node in writing.nodes(node_type.label))
        _table(writing, folder / f"{node_type.label}.parquet", node_type, {"id": node_type.id}, nodes)
    for edge_type in part.edge_types:
        edges = (((edge.start, edge.end), edge.properties) for edge in writing.edges(edge_type.type))
        ends = {"start": f"id of a {edge_type.start}", "end": f"id of a {edge_type.end}"}
        _table(writing, folder / f"{edge_type.type}.parquet", edge_type, ends, edges)


def _table(
    writing: Writing,
    path: Path,
    declared: NodeType | EdgeType,
    ids: Mapping[str, str],
    rows: Iterable[tuple[tuple[str, ...], Mapping[str, Value]]],
) -> None:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    properties = writing.part.properties(declared)
    kinds = _kinds(pa)
    fields = [pa.field(name, pa.string(), nullable=False, metadata={"meaning": text}) for name, text in ids.items()]
    fields += [pa.field(one.name, kinds[one.type], metadata={"meaning": one.meaning}) for one in properties]
    schema = pa.schema(fields)
    sanitise = writing.sanitiser.column
    typed = [(one.name, one.type) for one in properties]
    width = len(ids)
    columns: list[list[Any]] = [[] for _ in fields]
    with pq.ParquetWriter(path, schema, compression="zstd", store_schema=True) as out:

        def flush() -> None:
            if columns[0]:
                arrays = [pa.array(column, field.type) for column, field in zip(columns, fields, strict=True)]
                out.write_table(pa.Table.from_arrays(arrays, schema=schema))
                for column in columns:
                    column.clear()

        for found, values in rows:
            for column, one in zip(columns, found, strict=False):
                column.append(identifier(one))
            for (name, kind), column in zip(typed, columns[width:], strict=True):
                value = values.get(name)
                column.append(None if value is None else sanitise(kind, value))
            if len(columns[0]) >= _ROWS:
                flush()
        flush()


def _kinds(pa: Any) -> dict[Type, pyarrow.DataType]:
    return {
        Type.TEXT: pa.string(),
        Type.INTEGER: pa.int64(),
        Type.REAL: pa.float64(),
        Type.BOOLEAN: pa.bool_(),
        Type.TIME: pa.timestamp("us", tz="UTC"),
        Type.TEXTS: pa.list_(pa.string()),
    }
