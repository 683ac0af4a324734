"""The Parquet files of a lake: one table for each label and type of edge, with the columns that the schema declares.

The name of a file ends in a hash of its bytes. So a partition that comes out as it was keeps its file, and a function
that runs twice writes the same file. A file appears only when it is complete. The manifest keeps a checksum of each
file, so that a damaged file, or another one in its place, is never read.
"""

from __future__ import annotations

import heapq
import json
import os
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsgraph.errors import OutputError, StoreFormatError, UsageError
from newsgraph.graph.batch import Edge, Node
from newsgraph.graph.columnar.cells import time_of
from newsgraph.graph.exports.parquet import arrow_kinds
from newsgraph.graph.schema import EDGES, NODES, EdgeType, NodeType, Value
from newsgraph.graph.stores.registry import LAKE_FILE
from newsgraph.output.leftovers import name_beside
from newsgraph.slices import in_slices

if TYPE_CHECKING:
    import pyarrow

#: The number of rows that are read or written at a time.
ROWS = 10_000
#: The number of files of one table that are open at once.
MOST_OPEN = 200


@dataclass(frozen=True, slots=True)
class Written:
    """A file of a table: the table's name, the partition that it holds, and its name in the lake."""

    table: str
    part: str
    file: str


def need_pyarrow() -> None:
    """Raises UsageError when pyarrow is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415  # optional
    except ImportError as error:
        raise UsageError("lake", "needs pyarrow", "Install it: pip install 'newsgraph[lake]'") from error


#: The columns that identify a row of what is counted for the nodes that stories share: see :mod:`newsgraph.lake.said`.
COUNTED = {"said": ("label", "id", "said"), "hosts": ("outlet", "host", "name")}


def id_names(name: str) -> tuple[str, ...]:
    """The columns that identify a row: ``id`` of a node, ``start`` and ``end`` of an edge."""
    return COUNTED.get(name) or (("id",) if name in NODES else ("start", "end"))


@cache
def schema_of(name: str) -> pyarrow.Schema:
    """The Arrow schema of the table of a label or a type of edge."""
    import pyarrow as pa  # noqa: PLC0415

    kinds = arrow_kinds(pa)
    fields = [pa.field(one, pa.string(), nullable=False) for one in id_names(name)]
    fields += [pa.field(one.name, kinds[one.type]) for one in _declared(name).properties]
    return pa.schema(fields)


def _declared(name: str) -> NodeType | EdgeType:
    return NODES[name] if name in NODES else EDGES[name]


def write_nodes(folder: Path, label: str, part: str, nodes: Iterable[Node], key: str = "") -> list[Written]:
    """Writes the nodes of a label in a partition, sorted by id. Returns the file; none for no nodes, unless
    there is a ``key`` (see ``write_table``)."""
    rows = sorted(nodes, key=lambda node: node.id)
    return [write_table(folder, label, part, _node_rows(label, rows), key)] if rows or key else []


def write_edges(folder: Path, type: str, part: str, edges: Iterable[Edge], key: str = "") -> list[Written]:
    """Does the same for the edges of a type, sorted by start and end."""
    rows = sorted(edges, key=lambda edge: (edge.start, edge.end))
    return [write_table(folder, type, part, _edge_rows(type, rows), key)] if rows or key else []


def _node_rows(label: str, nodes: Sequence[Node]) -> pyarrow.Table:
    return _rows(label, [[node.id for node in nodes]], [node.properties for node in nodes])


def _edge_rows(type: str, edges: Sequence[Edge]) -> pyarrow.Table:
    ids = [[edge.start for edge in edges], [edge.end for edge in edges]]
    return _rows(type, ids, [edge.properties for edge in edges])


def _rows(name: str, ids: list[list[str]], properties: Sequence[Mapping[str, Value]]) -> pyarrow.Table:
    import pyarrow as pa  # noqa: PLC0415

    schema = schema_of(name)
    columns = ids + [[one.get(declared.name) for one in properties] for declared in _declared(name).properties]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def rewrite_nodes(
    folder: Path, label: str, part: str, before: str, gone: Collection[str], nodes: Iterable[Node]
) -> list[Written]:
    """Writes the nodes of a label in a partition anew: those of the file ``before`` (empty: there is none) whose ids
    are not in ``gone``, and ``nodes``. Returns the file; one with an empty name if no node is left of those before."""
    if not before:
        return write_nodes(folder, label, part, nodes)
    kept, taken = parted(folder, before, {"id": gone})
    rows = list(nodes)
    if not taken.num_rows and not rows:
        return [Written(label, part, before)]
    return [write_sorted(folder, label, part, _node_rows(label, rows), kept)]


def rewrite_edges(
    folder: Path, type: str, part: str, before: str, gone: Mapping[str, Collection[str]], edges: Sequence[Edge]
) -> tuple[list[Written], list[Edge]]:
    """Does the same for the edges of a type, without those of which a column (``start``, ``end``) has one of the values
    in ``gone``. Returns these edges, too."""
    if not before:
        return write_edges(folder, type, part, edges), []
    kept, taken = parted(folder, before, gone)
    if not taken.num_rows and not edges:
        return [Written(type, part, before)], []
    return [write_sorted(folder, type, part, _edge_rows(type, edges), kept)], edges_of(type, taken)


def parted(folder: Path, file: str, gone: Mapping[str, Collection[str]]) -> tuple[pyarrow.Table, pyarrow.Table]:
    """The rows of a file that stay, and those of which a column has one of the values in ``gone``."""
    import pyarrow as pa  # noqa: PLC0415

    whole = read_table(folder, file)
    out = pa.array([False] * whole.num_rows)
    for column, values in gone.items():
        out = pa.compute.or_(out, among(whole[column], values))
    return whole.filter(pa.compute.invert(out)), whole.filter(out)


def write_sorted(folder: Path, name: str, part: str, *tables: pyarrow.Table) -> Written:
    """Writes the rows of some tables as one, sorted by the columns that identify a row. The file has an empty name if
    there are no rows. The first table has the schema that is written: those that are read name the items of lists
    differently."""
    import pyarrow as pa  # noqa: PLC0415

    whole = pa.concat_tables(tables)
    if not whole.num_rows:
        return Written(name, part, "")
    whole = whole.sort_by([(column, "ascending") for column in id_names(name)])
    return write_table(folder, name, part, whole.combine_chunks())


def among(column: Any, values: Collection[str]) -> Any:
    """Which values of an Arrow column of texts are among some: an Arrow column of truth values."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.compute.is_in(column, value_set=pa.array(list(values), pa.string()))


def write_table(folder: Path, name: str, part: str, table: pyarrow.Table, key: str = "") -> Written:
    """Writes a table into the lake. The file's name ends in ``key`` or, without one, in a hash of the file.

    Raises OutputError.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415

    place = folder / name
    try:
        place.mkdir(parents=True, exist_ok=True)
        beside = name_beside(place / part, "part")
        try:
            pq.write_table(table, beside, compression="zstd", row_group_size=ROWS, write_page_index=False)
            with beside.open("rb") as stream:
                key = key or _hash(iter(lambda: stream.read(1 << 20), b""))
                os.fsync(stream.fileno())
            file = f"{name}/{part}-{key}.parquet"
            beside.replace(folder / file)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            str(folder), f"can't be written: {error.strerror or error}", "The lake is as it was"
        ) from error
    return Written(name, part, file)


def _hash(pieces: Iterable[bytes]) -> str:
    found = blake2b(digest_size=12)
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()


def key_of(*said: object) -> str:
    """A hash of texts, numbers and tuples of such, the same in every process."""
    return blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def checksum(path: Path) -> str:
    """Returns the CRC-32 of a file. Raises OSError."""
    found = 0
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            found = zlib.crc32(piece, found)
    return f"{found:08x}"


def checksums(folder: Path, files: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Returns the checksums of files of a lake, by name; ``known`` are those of files that are not read again. A file
    that isn't there has none. Raises OSError."""
    return {file: known.get(file) or checksum(folder / file) for file in sorted(files) if (folder / file).exists()}


def check_file(folder: Path, file: str) -> None:
    """Raises StoreFormatError if a file isn't as it was when it became part of the lake. A process reads each file once
    for this, and again only if it has changed. A file without a checksum passes: an older version wrote its lake, or
    the build that makes it isn't done.

    Raises OSError if the file can't be read.
    """
    wanted = _kept(*_state(folder / LAKE_FILE)).get(file)
    if wanted is not None and _checksum_of(*_state(folder / file)) != wanted:
        problem = "is damaged: its checksum isn't that which was kept"
        raise StoreFormatError(str(folder / file), problem, "Build the lake anew in another folder")


def _state(path: Path) -> tuple[Path, tuple[int, ...]]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return path, ()
    # Who puts another file in its place can keep its size and its time, but not when its entry was last changed.
    return path, (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@lru_cache(maxsize=8)
def _kept(path: Path, _state: tuple[int, ...]) -> Mapping[str, str]:
    try:
        found: Mapping[str, str] = json.loads(path.read_bytes()).get("sums") or {}
    except (OSError, ValueError, AttributeError):
        return {}  # the manifest's own reader says what is wrong with it
    return found


@lru_cache(maxsize=65_536)
def _checksum_of(path: Path, _state: tuple[int, ...]) -> str:
    return checksum(path)


def read_table(folder: Path, file: str, columns: Sequence[str] | None = None) -> pyarrow.Table:
    """Reads a file of the lake, or some of its columns. Raises StoreFormatError for one that can't be read."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        check_file(folder, file)
        return pq.read_table(folder / file, columns=None if columns is None else list(columns), partitioning=None)
    except _unreadable() as error:
        raise damaged(folder, file, error) from error


def _unreadable() -> tuple[type[Exception], ...]:
    """What reading a file raises that isn't one of newsgraph's: it is damaged in a lake without checksums."""
    import pyarrow as pa  # noqa: PLC0415

    return (OSError, pa.ArrowException, LookupError, ValueError, OverflowError)


def damaged(folder: Path, file: str, error: Exception) -> StoreFormatError:
    """The error for a file of the lake that can't be read."""
    said = " ".join(str(error).split())[:100]
    return StoreFormatError(str(folder / file), f"can't be read ({said})", "Build the lake anew in another folder")


def row_count(folder: Path, file: str) -> int:
    """The number of rows in a file of the lake, which only the file's end is read for."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        check_file(folder, file)
        return int(pq.read_metadata(folder / file).num_rows)
    except _unreadable() as error:
        raise damaged(folder, file, error) from error


def rows_of(folder: Path, file: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yields the rows of a file as tuples, with the classes that the schema has for values."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        check_file(folder, file)
        with pq.ParquetFile(folder / file) as opened:
            for batch in opened.iter_batches(ROWS, columns=list(columns)):
                by_name = dict(zip(batch.schema.names, batch.columns, strict=True))
                yield from zip(*(values_of(by_name[name]) for name in columns), strict=True)
    except _unreadable() as error:
        raise damaged(folder, file, error) from error


def rows_among(folder: Path, file: str, columns: Sequence[str], ids: Collection[str]) -> Iterator[tuple[Any, ...]]:
    """Yields the rows of a file whose first column has one of the ids."""
    whole = read_table(folder, file, columns)
    some = whole.filter(among(whole[columns[0]], ids))
    yield from zip(*(values_of(some[name]) for name in columns), strict=True)


def values_of(column: Any) -> list[Any]:
    """The values of an Arrow column: times in UTC, lists as tuples, None where there is none."""
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_timestamp(column.type):
        return [None if one is None else time_of(one) for one in column.cast(pa.int64()).to_pylist()]
    if pa.types.is_list(column.type):
        return [None if one is None else tuple(one) for one in column.to_pylist()]
    found: list[Any] = column.to_pylist()
    return found


def merged_rows(folder: Path, name: str, files: Sequence[str], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yields the rows of all files of a table as one, in the order of its ids, which must be the first ``columns``.

    A few rows of each file are in memory. Where a table has very many files, some of them are read whole, because a
    process can't have all of them open.
    """
    width = len(id_names(name))
    size = -(-len(files) // MOST_OPEN) or 1
    groups = list(in_slices(files, size))
    found = [
        rows_of(folder, group[0], columns) if size == 1 else _sorted_rows(folder, name, group, columns)
        for group in groups
    ]
    return heapq.merge(*found, key=lambda row: row[:width])


def _sorted_rows(folder: Path, name: str, files: Sequence[str], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    import pyarrow as pa  # noqa: PLC0415

    whole = pa.concat_tables([read_table(folder, file, columns) for file in files])
    whole = whole.sort_by([(one, "ascending") for one in id_names(name)])
    for batch in whole.to_batches(ROWS):
        yield from zip(*map(values_of, batch.select(list(columns)).columns), strict=True)


def nodes_in(folder: Path, label: str, files: Sequence[str]) -> Iterator[Node]:
    """Yields the nodes of all files of a label, by id."""
    names = [one.name for one in NODES[label].properties]
    for id, *values in merged_rows(folder, label, files, ["id", *names]):
        yield Node(label, id, _present(names, values))


def edges_in(folder: Path, type: str, files: Sequence[str]) -> Iterator[Edge]:
    """Yields the edges of all files of a type, by start and end."""
    names = [one.name for one in EDGES[type].properties]
    for start, end, *values in merged_rows(folder, type, files, ["start", "end", *names]):
        yield Edge(type, start, end, _present(names, values))


def edges_of(type: str, table: pyarrow.Table) -> list[Edge]:
    """The edges of a type in a table that was read."""
    names = [one.name for one in EDGES[type].properties]
    rows = zip(*(values_of(table[name]) for name in ("start", "end", *names)), strict=True)
    return [Edge(type, start, end, _present(names, values)) for start, end, *values in rows]


def _present(names: Sequence[str], values: Sequence[Value | None]) -> dict[str, Value]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}
