"""Promise: a command that finds the disk full ends as one line. Files are what they were, and no part of one is left.

A limit for the size of files takes the place of a full disk: the system refuses to write all the same.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import newsgraph
from newsgraph.graph.exports.registry import REGISTRY as EXPORTS
from newsgraph.lake.build import build
from newsgraph.lake.engine import LocalEngine
from newsgraph.views.registry import REGISTRY as PAGES
from tests.lake.compare import SEEDS, build_lake
from tests.loaders.corpora import put

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="limits as POSIX has them")]
ROOT = Path(__file__).parents[2]
#: Not even the shortest file can be written.
LARGEST_FILE = 10

#: Runs commands one after the other in one process, and parts what they say.
SCRIPT = """
import json, resource, sys
from newsgraph.cli import main
commands, limit = json.load(sys.stdin), int(sys.argv[1])
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
for command in commands:
    sys.argv = ["newsgraph", *command]
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    print(f"\\0{code}\\0", end="", file=sys.stderr, flush=True)
"""
STORES = {"embedded": "news.kgl", "networkx": "networkx:news.json"}
#: Formats of exports that are folders.
FOLDERS = ("csv", "parquet", "neo4j-admin")
#: Stories of the corpus.
ONE, OTHER = (
    "https://bbc.com/news/business-53015468",
    "https://washingtonpost.com/technology/2020/06/11/microsoft-facial-recognition",
)


def written(store: str) -> list[list[str]]:
    """Commands that write a store, and its decisions."""
    decided = [
        ["events", "join", ONE, OTHER],
        ["events", "rename", ONE, "A name"],
        ["events", "import", "labels.csv"],
        ["copies", "mark", OTHER, ONE],
        ["dates", "set", ONE, "2020-06-02T00:00:00Z"],
        ["outlets", "set", "bbc.com", "name=The BBC"],
    ]
    commands = [
        ["load", "more", "--report", "report.json"],
        ["watch", "more", "--once"],
        ["forget", "corpus/001_grey-heron-aground.md"],
        ["events", "build", "--threshold", "0.4"],
        ["cypher", "MATCH (s:Story) SET s.title = 'x'", "--write"],
        *([*one, "--yes"] for one in decided),
        ["restore", "backup.kgl" if store == "news.kgl" else "backup.json", "--force"],
    ]
    return [[*one, "--store", store] for one in commands]


def exported(store: str) -> list[list[str]]:
    """Commands that write a file or a folder; ``out`` in its name stands for one that is there."""
    out = ["--force", "--store", store]
    return [
        *(
            ["export", name, f"out.{name}" if name not in FOLDERS else f"tables-{name}", *out]
            for name in EXPORTS.listed()
        ),
        ["export", "graphml", "out.graphml.gz", *out],
        *(["view", name, "out.html", *out] for name in PAGES.listed() if name != "timeline"),
        ["view", "timeline", "out.html", "--event", ONE, *out],
        ["view", "site", "site", "--store", store],
        *(["ask", "events", "-o", f"out.{ending}", *out] for ending in ("csv", "xlsx", "html", "jsonl", "md")),
        ["ask", "scoops", "--provenance-file", "out.json", *out],
        ["events", "score", "labels.csv", "--measures", "-o", "out.csv", *out],
        ["backup", "out.kgl" if store == "news.kgl" else "out.json", *out],
        ["copy", store, "new.kgl"],
        ["load", "corpus", "--store", "new.kgl"],
        ["demo"],
    ]


LAKE = [
    ["lake", "build", "corpus", "new-lake", "--processes", "1"],
    ["lake", "build", "more", "lake", "--processes", "1"],
    ["lake", "events", "stale-lake", "--processes", "1"],
    ["lake", "answers", "lake", "scoops", "-o", "out.csv", "--force", "--processes", "1"],
    ["lake", "export", "lake", "neo4j-admin", "tables-lake", "--force"],
    ["lake", "export", "lake", "embedded", "new.kgl"],
]


def held(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with articles, a store of each kind and its backup, a lake, and a lake without events."""
    folder = tmp_path_factory.mktemp("full")
    shutil.copytree(SEEDS, folder / "corpus")
    put(folder / "more", {"a.md": "---\ntitle: Another\nwebUrl: https://another.example/1\n---\n"})
    (folder / "labels.csv").write_text(f"event,url\nA,{ONE}\nA,{OTHER}\n", encoding="utf-8")
    for url in (folder / "news.kgl", f"networkx:{folder / 'news.json'}"):
        with newsgraph.open(str(url)) as graph:
            graph.load(folder / "corpus")
    (folder / "backup.kgl").write_bytes((folder / "news.kgl").read_bytes())
    (folder / "backup.json").write_bytes((folder / "news.json").read_bytes())
    build_lake(folder / "lake", folder / "corpus")
    build(LocalEngine(1), folder / "stale-lake", [folder / "corpus"])
    return folder


@pytest.mark.parametrize("name", [*STORES, "lake"])
def test_a_full_disk_is_one_line_and_changes_nothing(folder: Path, name: str) -> None:
    commands = LAKE if name == "lake" else [*written(STORES[name]), *exported(STORES[name])]
    for target in {word for one in commands for word in one if word.startswith("out.")}:
        (folder / target).write_text("what was there before", encoding="utf-8")
    before = held(folder)
    done = subprocess.run(
        [sys.executable, "-P", "-c", SCRIPT, str(LARGEST_FILE)],
        input=json.dumps(commands),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    *said, rest = done.stderr.split("\0")
    assert (len(said), rest) == (2 * len(commands), ""), done.stderr
    for command, lines, code in zip(commands, said[::2], said[1::2], strict=True):
        found = [line for line in lines.splitlines() if line.startswith("newsgraph: ")]
        assert code in ("1", "3"), (command, code, lines)
        assert len(found) == 1 and "can't be written" in found[0], (command, lines)
    after = held(folder)
    new = {name for name, content in after.items() if name not in before and content}
    assert new == set()
    assert {name for name in before if after.get(name) != before[name]} == set()
    assert [name for name in after if ".part" in name or ".lock" in name] == []
