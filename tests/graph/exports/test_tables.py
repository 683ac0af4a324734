"""CSV and Parquet, read back by pandas, csv, pyarrow and DuckDB."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given

from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.exports import csv_tables
from newsgraph.graph.exports.context import Options, Writing
from newsgraph.graph.exports.registry import export
from newsgraph.graph.schema import EdgeType, NodeType, Property, Type, Value
from newsgraph.graph.subgraph import Part, select
from tests.graph.exports.graphs import FEWER, MemoryStore, content, graphs, sample, texts

Row = tuple[str, ...]


def tables(part: Part) -> list[tuple[str, NodeType | EdgeType, list[str], list[tuple[Row, dict[str, Value]]]]]:
    """File name, declaration, columns of ids, and rows of a part, as tables hold them."""
    found: list[tuple[str, NodeType | EdgeType, list[str], list[tuple[Row, dict[str, Value]]]]] = []
    for node_type in part.node_types:
        nodes: list[tuple[Row, dict[str, Value]]] = [((n.id,), dict(n.properties)) for n in part.nodes(node_type.label)]
        found.append((node_type.label, node_type, ["id"], nodes))
    for edge_type in part.edge_types:
        edges: list[tuple[Row, dict[str, Value]]] = [
            ((e.start, e.end), dict(e.properties)) for e in part.edges(edge_type.type)
        ]
        found.append((edge_type.type, edge_type, ["start", "end"], edges))
    return found


def from_cell(one: Property, cell: str) -> Value | None:
    """What a reader makes of a cell by the type in the description."""
    if cell == "":
        return None
    readers: dict[Type, Callable[[str], Value]] = {
        Type.TEXT: str,
        Type.INTEGER: int,
        Type.REAL: float,
        Type.BOOLEAN: {"true": True, "false": False}.__getitem__,
        Type.TIME: datetime.fromisoformat,
        Type.TEXTS: lambda text: tuple(str(one) for one in json.loads(text)),
    }
    return readers[one.type](cell)


@FEWER
@given(graphs(texts(nul=False, empty=False)))
def test_csv_reads_back_as_it_went_out(store: MemoryStore) -> None:
    with TemporaryDirectory() as folder:
        writing = Writing(select(store), Options(raw=True))
        csv_tables.write(writing, Path(folder))
        for name, declared, ids, rows in tables(select(store)):
            properties = writing.part.properties(declared)
            with (Path(folder) / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                reader = csv.DictReader(file)
                assert reader.fieldnames == [*ids, *(one.name for one in properties)]
                found = [
                    (
                        tuple(row[one] for one in ids),
                        {p.name: v for p in properties if (v := from_cell(p, row[p.name])) is not None},
                    )
                    for row in reader
                ]
            assert found == rows
        assert writing.report("-").losses == ()


@pytest.mark.slow
@FEWER
@given(graphs(texts(nul=False, empty=False)))
def test_pandas_reads_csv_as_it_went_out(store: MemoryStore) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas comes with newsgraph[dev]")
    with TemporaryDirectory() as folder:
        writing = Writing(select(store), Options(raw=True))
        csv_tables.write(writing, Path(folder))
        for name, declared, ids, rows in tables(select(store)):
            properties = writing.part.properties(declared)
            frame = pandas.read_csv(Path(folder) / f"{name}.csv", dtype=str, keep_default_na=False)
            found = [
                (
                    tuple(row[one] for one in ids),
                    {p.name: v for p in properties if (v := from_cell(p, row[p.name])) is not None},
                )
                for row in frame.to_dict("records")
            ]
            assert found == rows


@FEWER
@given(graphs())
def test_no_spreadsheet_runs_a_text_cell(store: MemoryStore) -> None:
    with TemporaryDirectory() as folder:
        writing = Writing(select(store))
        csv_tables.write(writing, Path(folder))
        prefixed = 0
        for name, declared, ids, rows in tables(select(store)):
            kinds = {one.name: one.type for one in declared.properties}
            with (Path(folder) / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                for row, (_, properties) in zip(csv.DictReader(file), rows, strict=True):
                    for column, cell in row.items():
                        if column in ids or kinds[column] in {Type.TEXT, Type.TEXTS}:
                            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
                        value = properties.get(column)
                        if isinstance(value, str) and cell != value.replace("\x00", "\ufffd"):
                            assert cell.replace("'", "") == value.replace("\x00", "\ufffd").replace("'", "")
                            prefixed += 1
                        if isinstance(value, tuple):  # its texts stand behind separators
                            prefixed += cell.count("'") > sum(text.count("'") for text in value)
        assert any("apostrophe" in line for line in writing.report("-").losses) == bool(prefixed)


def test_numbers_are_never_prefixed(tmp_path: Path) -> None:
    store = MemoryStore(Batch([Node("Story", "https://a.example/1", {"title": "-1", "heat": -1})]))
    export("csv", store, tmp_path / "out")
    line = (tmp_path / "out" / "Story.csv").read_text(encoding="utf-8").splitlines()[1]
    assert '"\'-1"' in line.split(",")
    assert "-1" in line.split(",")


def test_what_csv_cannot_hold_is_said(tmp_path: Path) -> None:
    store = MemoryStore(Batch([Node("Story", "x", {"title": "", "excerpt": "a\x00b"}), Node("Topic", "=x", {})]))
    report = export("csv", store, tmp_path / "out")
    assert report.losses == (
        "1 NUL characters or lone surrogates replaced by U+FFFD",
        "1 empty texts, which most readers take for absent",
    )


def test_ids_still_join_where_they_are_prefixed(tmp_path: Path) -> None:
    nodes = [Node("Story", "https://a.example/1"), Node("Topic", "-x")]
    store = MemoryStore(Batch(nodes, [Edge("ABOUT", "https://a.example/1", "-x")]))
    export("csv", store, tmp_path / "out")
    assert "'-x" in (tmp_path / "out" / "Topic.csv").read_text(encoding="utf-8")
    assert '"https://a.example/1","\'-x"' in (tmp_path / "out" / "ABOUT.csv").read_text(encoding="utf-8")


def test_the_description_tells_every_column(tmp_path: Path) -> None:
    export("csv", sample(), tmp_path / "out")
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    paths = {resource["path"]: resource for resource in package["resources"]}
    assert sorted([*paths, "datapackage.json"]) == sorted(one.name for one in (tmp_path / "out").iterdir())
    for name, resource in paths.items():
        header = (tmp_path / "out" / name).read_text(encoding="utf-8").splitlines()[0]
        assert [field["name"] for field in resource["schema"]["fields"]] == header.split(",")
        assert all(field["description"] for field in resource["schema"]["fields"])
    names = {resource["name"] for resource in package["resources"]}
    assert {
        key["reference"]["resource"] for one in package["resources"] for key in one["schema"].get("foreignKeys", ())
    } <= names


@FEWER
@given(graphs())
def test_parquet_reads_back_as_it_went_out(store: MemoryStore) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow comes with newsgraph[parquet]")
    import pyarrow.parquet

    from newsgraph.graph.exports import parquet

    with TemporaryDirectory() as folder:
        writing = Writing(select(store))
        parquet.write(writing, Path(folder))
        for name, _, ids, rows in tables(select(store)):
            table = pyarrow.parquet.read_table(Path(folder) / f"{name}.parquet")
            found = []
            for row in table.to_pylist():
                values = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if v is not None}
                found.append((tuple(values.pop(one) for one in ids), values))
            assert found == rows
        assert writing.report("-").losses == ()


def test_duckdb_queries_parquet(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb comes with newsgraph[dev]")
    export("parquet", sample(), tmp_path / "out")
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        stories, first, keywords = database.execute(
            f"""SELECT count(*), min(s.published_at)::VARCHAR, any_value(t.keywords)
                FROM '{tmp_path}/out/Story.parquet' s
                JOIN '{tmp_path}/out/ABOUT.parquet' a ON a.start = s.id
                JOIN '{tmp_path}/out/Topic.parquet' t ON t.id = a."end"
                WHERE t.id = 'bridges'"""
        ).fetchone()
        types = dict(
            database.execute(
                f"SELECT column_name, column_type FROM (DESCRIBE FROM '{tmp_path}/out/Story.parquet')"
            ).fetchall()
        )
    assert (stories, first, keywords) == (3, "2020-06-01 08:00:00+00", ["bridge", "span"])
    assert types["published_at"] == "TIMESTAMP WITH TIME ZONE"
    assert types["heat"] == "BIGINT"
    assert types["published"] == "BOOLEAN"


def test_a_table_without_rows_has_its_columns(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow comes with newsgraph[parquet]")
    import pyarrow.parquet

    export("parquet", MemoryStore(), tmp_path / "out")
    schema = pyarrow.parquet.read_schema(tmp_path / "out" / "Story.parquet")
    assert {"id", "title", "published_at"} <= set(schema.names)
    assert content(select(MemoryStore())) == ({}, {})
