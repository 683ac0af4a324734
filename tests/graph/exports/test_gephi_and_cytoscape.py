"""GEXF in the Gephi Toolkit, Cytoscape JSON in Cytoscape.js: fetched once into the cache of the tests."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from newsgraph.graph.exports.registry import export
from newsgraph.graph.exports.sanitise import display
from newsgraph.graph.schema import Story
from newsgraph.graph.subgraph import Part, select
from newsgraph.output.times import iso
from tests.fetching import fetched
from tests.graph.exports.graphs import MemoryStore, sample
from tests.neo4j.server import missing_tools

pytestmark = pytest.mark.slow

TOOLS = Path(__file__).resolve().parent / "tools"
CYTOSCAPE = "3.34.4"


@pytest.fixture(scope="module")
def gephi() -> Path:
    problem = missing_tools()
    if problem:
        pytest.skip(problem.replace("a real Neo4j", "the Gephi Toolkit"))
    pom = str(TOOLS / "pom.xml")
    return fetched(
        "gephi-0.10.1", "mvn", "-q", "-B", "-f", pom, "dependency:copy-dependencies", "-DoutputDirectory=FOLDER"
    )


@pytest.fixture(scope="module")
def cytoscape() -> Path:
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("the tests on Cytoscape.js need Node.js and npm (on Debian: apt-get install nodejs npm)")
    command = ("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", "FOLDER")
    return fetched(f"cytoscape-{CYTOSCAPE}", *command, f"cytoscape@{CYTOSCAPE}")


def in_gephi(jars: Path, file: Path) -> list[list[str]]:
    """What the toolkit took in, as words of lines."""
    command = ["java", "-Djava.awt.headless=true", "-cp", f"{jars}/*", str(TOOLS / "ReadGraph.java"), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-2000:]
    return [line.split("\t") if "\t" in line else line.split(" ") for line in done.stdout.splitlines()]


def values(lines: list[list[str]], name: str) -> dict[str, str]:
    return {line[1]: line[2] for line in lines if line[0] == name and len(line) == 3}


def counted(part: Part) -> tuple[int, Counter[str]]:
    nodes = sum(part.count_nodes(one.label) for one in part.node_types)
    return nodes, Counter({one.type: many for one in part.edge_types if (many := part.count_edges(one.type))})


def test_gephi_opens_gexf_with_counts_types_and_times(gephi: Path, tmp_path: Path) -> None:
    store: MemoryStore = sample()
    export("gexf", store, tmp_path / "out.gexf")
    lines = in_gephi(gephi, tmp_path / "out.gexf")
    single = {line[0]: line[1] for line in lines if len(line) == 2}
    part = select(store)
    nodes, kinds = counted(part)
    assert (single["nodes"], single["edges"]) == (str(nodes), str(kinds.total()))
    assert (single["directed"], single["timeformat"], single["times"]) == ("true", "DATETIME", "INTERVAL")
    assert values(lines, "kind") == {kind: str(many) for kind, many in kinds.items()}
    types = values(lines, "nodecolumn")
    assert (types["title"], types["heat"], types["published"]) == ("String", "Long", "Boolean")
    assert values(lines, "edgecolumn")["score"] == "Double"
    assert [line for line in lines if line[0] == "report"] == [["report", ""]]
    found = {line[1]: line[2:] for line in lines if line[0] == "node"}
    for node in part.nodes(Story.label):
        time = node.properties.get("published_at")
        start = iso(time) if time is not None else "-"  # type: ignore[arg-type]  # published_at is a time
        assert found[f"Story:{node.id}"] == [display(node), "Story", start]
    assert found["Event:event:1"] == ["The bridge", "Event", "2020-06-01T08:00:00Z"]
    assert found["Outlet:a.example"] == ["Outlet A", "Outlet", "-"]


def test_gephi_opens_a_projection_without_direction(gephi: Path, tmp_path: Path) -> None:
    export("gexf", sample(), tmp_path / "out.gexf", project="outlets", min_weight=1)
    single = {line[0]: line[1] for line in in_gephi(gephi, tmp_path / "out.gexf") if len(line) == 2}
    assert (single["nodes"], single["edges"], single["directed"]) == ("3", "2", "false")


def test_gephi_opens_graphml(gephi: Path, tmp_path: Path) -> None:
    export("graphml", sample(), tmp_path / "out.graphml")
    lines = in_gephi(gephi, tmp_path / "out.graphml")
    single = {line[0]: line[1] for line in lines if len(line) == 2}
    assert ["node", "Outlet:a.example", "Outlet A", "Outlet", "-"] in lines
    nodes, kinds = counted(select(sample()))
    assert (single["nodes"], single["edges"]) == (str(nodes), str(kinds.total()))


def test_cytoscape_opens_its_json(cytoscape: Path, tmp_path: Path) -> None:
    export("cytoscape", sample(), tmp_path / "out.cyjs")
    command = ["node", str(TOOLS / "read_cytoscape.js"), str(cytoscape), str(tmp_path / "out.cyjs")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, encoding="utf-8")
    found = json.loads(done.stdout)
    written = json.loads((tmp_path / "out.cyjs").read_text(encoding="utf-8"))["elements"]
    assert found["version"] == CYTOSCAPE
    assert found["nodes"] == [one["data"] for one in written["nodes"]]
    assert found["edges"] == [one["data"] for one in written["edges"]]
    nodes, kinds = counted(select(sample()))
    assert (len(found["nodes"]), len(found["edges"])) == (nodes, kinds.total())
