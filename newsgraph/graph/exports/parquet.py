"""Parquet: a folder with a file for each label and type of edge. It has the columns of CSV, but with types.

Texts are strings, whole numbers are int64, times are timestamps in UTC (microseconds), lists are lists of strings, and
absent values are null. The metadata of each field says what the column means. Needs pyarrow (``newsgraph[parquet]``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsgraph.errors import UsageError
from newsgraph.graph.batch import Columns
from newsgraph.graph.exports.context import Writing
from newsgraph.graph.exports.sanitise import identifier
from newsgraph.graph.exports.table_cells import in_range
from newsgraph.graph.schema import EDGES, NODES, EdgeType, NodeType, Property, Type, Value

if TYPE_CHECKING:
    import pyarrow

#: The number of rows in a row group. So many are held in memory at a time.
_ROWS = 10_000


def ours(name: str) -> bool:
    """Tells whether this export writes a file of that name."""
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
        ids = {"id": node_type.id}
        _table(writing, folder / f"{node_type.label}.parquet", node_type, ids, writing.node_columns(node_type))
    for edge_type in part.edge_types:
        ends = {"start": f"id of a {edge_type.start}", "end": f"id of a {edge_type.end}"}
        _table(writing, folder / f"{edge_type.type}.parquet", edge_type, ends, writing.edge_columns(edge_type))


def _table(
    writing: Writing, path: Path, declared: NodeType | EdgeType, ids: Mapping[str, str], rows: Iterable[Columns]
) -> None:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    properties = writing.part.properties(declared)
    kinds = arrow_kinds(pa)
    fields = [pa.field(name, pa.string(), nullable=False, metadata={"meaning": text}) for name, text in ids.items()]
    fields += [pa.field(one.name, kinds[one.type], metadata={"meaning": one.meaning}) for one in properties]
    schema = pa.schema(fields)
    makers = [in_range(one, _check(writing, one)) for one in properties]

    def array(column: list[Any], kind: Any, clean: Callable[[str], str]) -> Any:
        try:
            return pa.array(column, kind)
        except UnicodeEncodeError:  # a lone surrogate
            return pa.array([clean(one) if isinstance(one, str) else one for one in column], kind)

    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        for some in _row_groups(rows):
            arrays = [array(column, pa.string(), identifier) for column in some.ids]
            for one, make, column in zip(properties, makers, some.values, strict=True):
                # Texts are used as they are. A value of a wrong type is found by its type.
                fitting = _texts(writing, column) if one.type is Type.TEXT else make(column)
                arrays.append(array(fitting, kinds[one.type], writing.sanitiser.text))
            out.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _row_groups(rows: Iterable[Columns]) -> Iterator[Columns]:
    """Yields the same rows in groups of the same size, however they were grouped, so that equal graphs give equal
    bytes."""
    held: list[list[Any]] = []
    split = 0
    for some in rows:
        split = len(some.ids)
        more: list[list[Any]] = [*some.ids, *some.values]
        held = held or [[] for _ in more]
        for column, new in zip(held, more, strict=True):
            column.extend(new)
        while len(held[0]) >= _ROWS:
            group, held = [column[:_ROWS] for column in held], [column[_ROWS:] for column in held]
            yield Columns(group[:split], group[split:])
    if held and held[0]:
        yield Columns(held[:split], held[split:])


def _texts(writing: Writing, column: list[Value | None]) -> list[Any]:
    return [
        value if value is None or type(value) is str else writing.sanitiser.column(Type.TEXT, value) for value in column
    ]


def _check(writing: Writing, one: Property) -> Callable[[Value], Any]:
    return lambda value: writing.sanitiser.column(one.type, value)


def arrow_kinds(pa: Any) -> dict[Type, pyarrow.DataType]:
    """Returns what each type of the schema is in Arrow; ``pa`` is pyarrow."""
    return {
        Type.TEXT: pa.string(),
        Type.INTEGER: pa.int64(),
        Type.REAL: pa.float64(),
        Type.BOOLEAN: pa.bool_(),
        Type.TIME: pa.timestamp("us", tz="UTC"),
        Type.TEXTS: pa.list_(pa.string()),
    }
