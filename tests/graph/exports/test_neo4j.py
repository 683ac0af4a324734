"""What is made for Neo4j, run on a real one: the graph comes out equal."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import neo4j
import pytest
from hypothesis import HealthCheck, given, settings

from newsgraph.graph.batch import Batch, Node
from newsgraph.graph.exports import cypher_script as cypher
from newsgraph.graph.exports import neo4j_admin
from newsgraph.graph.exports.context import Writing
from newsgraph.graph.exports.registry import export
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.subgraph import select
from tests.graph.exports.graphs import FEWER, EdgeContent, MemoryStore, NodeContent, content, graphs, sample, texts
from tests.neo4j.plugin import started
from tests.neo4j.server import Neo4jServer, jars

pytestmark = pytest.mark.slow

#: Texts that a script, a table or a parser could stumble over.
HARD = [
    "it's",
    "\"quoted\" 'both' `ticks`",
    "back\\slash\\",
    "\\",
    "\\'",
    "\\u0041 stays",
    "\\\\u0027; MATCH (n) DETACH DELETE n; //",
    "a;\nb;\r\nc\td",
    "// no comment /* none */",
    "$rows {id: 1}",
    ",,;;|",
    "'); DROP",
    "\U0001f600 \u202e \u2028 \ufeff \u0085 \x1b \x7f",
    " blanks around ",
    "x" * 100_000,
    "",
    "null",
    "007",
    "=1+1",
]


def hard() -> MemoryStore:
    """The sample, and a story and a topic for each hard text."""
    store = sample()
    more = [
        *(
            Node("Story", f"https://h.example/{i}", {"title": text, "excerpt": text[::-1]})
            for i, text in enumerate(HARD)
        ),
        *(Node("Topic", text[:1000], {"keywords": (text, "b")}) for text in HARD if text),
        Node("Topic", "no words", {"keywords": ("one",), "name": "n"}),
    ]
    store.batch = replace(store.batch, nodes=[*store.batch.nodes, *more])
    return store


def script(store: MemoryStore) -> str:
    out = io.StringIO()
    cypher.write(Writing(select(store, moving=True)), out.write)
    return out.getvalue()


def statements(text: str) -> list[str]:
    """The statements of a script, as cypher-shell takes them apart: at a semicolon that ends a line."""
    return [one for one in re.split(r";\n", text) if one and not one.isspace()]


def on_server(url: str) -> tuple[NodeContent, EdgeContent]:
    with open_store(url, readonly=True) as store:
        nodes = {(n.label, n.id): dict(n.properties) for t in NODE_TYPES for n in store.nodes(t.label)}
        edges = {(e.type, e.start, e.end): dict(e.properties) for t in EDGE_TYPES for e in store.edges(t.type)}
    return nodes, edges


def assert_same(found: tuple[NodeContent, EdgeContent], wanted: tuple[NodeContent, EdgeContent]) -> None:
    """Compares piece by piece, so that a failure shows the piece."""
    sides: Iterable[tuple[dict[Any, Any], dict[Any, Any]]] = zip(found, wanted, strict=True)
    for one, other in sides:
        assert list(one) == list(other)
        for key, properties in other.items():
            assert (key, one[key]) == (key, properties)


def without(found: tuple[NodeContent, EdgeContent], *, empty_lists: bool) -> tuple[NodeContent, EdgeContent]:
    """Without what the importer can't hold, where it is asked to be left out."""
    nodes, edges = found
    if empty_lists:
        return nodes, edges
    return {key: {k: v for k, v in one.items() if v not in ((), ("",))} for key, one in nodes.items()}, edges


def run(driver: neo4j.Driver, texts: Iterable[str]) -> None:
    with driver.session() as session:
        for text in texts:
            session.run(text).consume()


def test_the_script_gives_the_same_graph_however_often_it_is_run(
    neo4j_server: Neo4jServer, neo4j_store_url: str
) -> None:
    store = hard()
    with neo4j_server.driver() as driver:
        for _ in range(2):
            run(driver, statements(script(store)))
            assert_same(on_server(neo4j_store_url), content(select(store, moving=True)))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graphs())
def test_any_graph_survives_the_script(neo4j_server: Neo4jServer, neo4j_store_url: str, store: MemoryStore) -> None:
    neo4j_server.clear()
    with neo4j_server.driver() as driver:
        run(driver, statements(script(store)))
    assert_same(on_server(neo4j_store_url), content(select(store, moving=True)))


def test_the_script_comes_in_batches() -> None:
    store = MemoryStore(Batch([Node("Topic", f"t{i}") for i in range(450)]))
    assert sum("MERGE (n:Topic" in one for one in statements(script(store))) == 3


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[MemoryStore, Neo4jServer]]:
    """A server on what the real importer made of the files, with the command that was printed."""
    store = hard()
    report = export("neo4j-admin", store, tmp_path / "files")
    home = tmp_path / "home"
    (home / "conf").mkdir(parents=True)
    command = shlex.split(report.next_steps[0].partition(" && ")[2])
    assert command == shlex.split((tmp_path / "files" / "import.sh").read_text(encoding="utf-8").rpartition("exec ")[2])
    assert command[0] == "neo4j-admin"
    done = subprocess.run(
        ["java", "-cp", f"{jars()}/*", "org.neo4j.cli.AdminTool", *command[1:]],
        cwd=tmp_path / "files",
        env={**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    server = started(home)
    monkeypatch.setenv("NEO4J_USERNAME", server.user)
    monkeypatch.setenv("NEO4J_PASSWORD", server.password)
    monkeypatch.delenv("NEO4J_PASSWORD_FILE", raising=False)
    yield store, server
    server.kill()


def test_the_real_importer_reads_the_files(imported: tuple[MemoryStore, Neo4jServer], tmp_path: Path) -> None:
    store, server = imported
    with server.driver() as driver:
        run(driver, statements((tmp_path / "files" / "constraints.cypher").read_text(encoding="utf-8")))
        constraints = driver.execute_query("SHOW CONSTRAINTS YIELD name RETURN count(*) AS many").records[0]["many"]
    assert constraints == len(NODE_TYPES)
    assert_same(on_server(server.url), without(content(select(store, moving=True)), empty_lists=False))


def test_what_the_importer_cannot_hold_is_said(tmp_path: Path) -> None:
    nodes = [Node("Topic", "a", {"keywords": ()}), Node("Topic", "b", {"keywords": ("x\x1fy", "z"), "name": "n\x00"})]
    report = export("neo4j-admin", MemoryStore(Batch(nodes)), tmp_path / "files")
    assert report.losses == (
        "1 NUL characters or lone surrogates replaced by U+FFFD",
        "1 empty lists, which read back as absent",
        "1 unit separators (U+001F) in lists replaced by blanks",
    )


@FEWER
@given(graphs(texts(nul=False)))
def test_headers_come_from_the_schema_and_rows_fit_them(
    tmp_path_factory: pytest.TempPathFactory, store: MemoryStore
) -> None:
    import csv

    folder = tmp_path_factory.mktemp("admin")
    writing = Writing(select(store, moving=True))
    neo4j_admin.write(writing, folder)
    for node_type in writing.part.node_types:
        with (folder / f"{node_type.label}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        assert header[0] == f"id:ID({node_type.label})"
        assert [one.partition(":")[0] for one in header[1:]] == [p.name for p in writing.part.properties(node_type)]
        assert [row[0] for row in rows] == [node.id for node in writing.part.nodes(node_type.label)]
        assert all(len(row) == len(header) for row in rows)


def test_a_long_field_gets_a_larger_buffer() -> None:
    part = select(sample(), moving=True)
    assert not any("buffer" in one for one in neo4j_admin.import_command(part, 1000))
    assert "--read-buffer-size=16777216" in neo4j_admin.import_command(part, 5_000_000)
