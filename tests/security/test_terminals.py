"""Promise: what a store, a folder, a file or a title is called drives no terminal."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsgraph.cli import main

ROOT = Path(__file__).parents[2]
#: Sets the title of the window, clears the screen, forges a line, turns writing round, and is no UTF-8.
HOSTILE = "\x1b]0;owned\x07\x1b[2J\r\nnewsgraph: all is well\x9b31m\u202e\u2028"
#: What a terminal obeys, and what some readers take for the end of a line.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

ARTICLE = """---
title: "Rain {number} \\e[31mred\\x9b\\u202E"
url: https://a.example/{number}
date: 2026-03-02T0{number}:00:00Z
tags: ["wea\\e[2Jther"]
outlet: "The \\e[31mTimes\\u2028"
---
It rained in the town and the river rose; people left their houses by boat.
"""
QUESTION = """// purpose: stories \x1b[31m\x9b\u202e
//
// columns:
//   title (text): what \x1b]0;owned\x07 it is called
MATCH (s:Story) RETURN s.title AS title ORDER BY title
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="names of files as POSIX has them")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose name is hostile, with articles, broken files and questions under such names in it."""
    place = tmp_path_factory.mktemp("terminals") / f"place{HOSTILE}"
    articles, questions = place / f"articles{HOSTILE}", place / f"questions{HOSTILE}"
    articles.mkdir(parents=True)
    questions.mkdir()
    for number in range(1, 5):
        (articles / f"{number}{HOSTILE}.md").write_text(ARTICLE.format(number=number), encoding="utf-8")
    (articles / f"broken{HOSTILE}.json").write_text("{", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(articles) + b"/no utf-8 \xff\x9b.json")).write_text("{", encoding="utf-8")
    (articles / f"passed over.x{HOSTILE}").touch()
    (questions / "own.cypher").write_text(QUESTION, encoding="utf-8")
    return place


@pytest.fixture
def run(
    place: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[tuple[str, ...]], tuple[int, str]]:
    """Runs a command in that place, and gives its exit code and all that it printed."""
    monkeypatch.chdir(place)
    monkeypatch.setenv("NEWSGRAPH_STORE", f"news{HOSTILE}.kgl")

    def run(arguments: tuple[str, ...]) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["newsgraph", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capfd.readouterr()
        return int(str(ended.value.code or 0)), printed.out + printed.err

    return run


def test_whatever_is_called_as_it_likes(run: Callable[[tuple[str, ...]], tuple[int, str]]) -> None:
    """Each command with all that it says: results, messages, errors, help."""
    store, other, folder = f"news{HOSTILE}.kgl", f"networkx:other{HOSTILE}.json", f"articles{HOSTILE}"
    questions = ("--questions", f"questions{HOSTILE}")
    commands: list[tuple[int, tuple[str, ...]]] = [
        (1, ("load", folder, f"absent{HOSTILE}")),
        (1, ("load", folder, "--verbose", "--dry-run")),
        (1, ("load", folder, "--collect", "--report", f"report{HOSTILE}.json")),
        (1, ("watch", folder, "--once", "--store", f"watched{HOSTILE}.kgl")),
        (1, ("watch", folder, "--once", "--format", "jsonl", "--store", f"watched{HOSTILE}.kgl")),
        (0, ("info",)),
        (0, ("info", "--format", "json")),
        (0, ("check",)),
        (0, ("copy", store, other)),
        (0, ("diff", store, other)),
        (0, ("backup", f"kept{HOSTILE}")),
        (2, ("restore", f"kept{HOSTILE}")),
        (0, ("restore", f"kept{HOSTILE}", "--force")),
        (0, ("export", "graphml", f"out{HOSTILE}.graphml", "--provenance")),
        (2, ("export", "graphml", f"out{HOSTILE}.graphml")),
        (0, ("export", "neo4j-admin", f"import{HOSTILE}")),
        (0, ("view", "map", f"map{HOSTILE}.html")),
        (2, ("view", f"map{HOSTILE}", "map.html")),
        (0, ("ask", *questions)),
        (0, ("ask", *questions, "--help")),
        (0, ("ask", *questions, "own", "--help")),
        (0, ("ask", *questions, "own", "--provenance")),
        (0, ("ask", *questions, "own", "--show-cypher")),
        (0, ("ask", "coverage", "rain", "--format", "json")),
        (2, ("ask", f"own{HOSTILE}")),
        (0, ("find", "rain")),
        (0, ("merged",)),
        (0, ("outlets",)),
        (0, ("events", "build")),
        (0, ("events", "why", "https://a.example/1", "https://a.example/2")),
        (0, ("events", "rename", "https://a.example/1", f"name{HOSTILE}", "--yes")),
        (0, ("events", "review")),
        (0, ("corrections",)),
        (2, ("forget", f"articles{HOSTILE}")),
        (0, ("cypher", "MATCH (s:Story) RETURN s.title AS title", "-o", f"rows{HOSTILE}.csv")),
        (2, ("cypher", f"@{HOSTILE}")),
        (3, ("info", "--store", f"absent{HOSTILE}.kgl")),
        (2, ("load", f"--as{HOSTILE}", folder)),
    ]
    said = ""
    for code, arguments in commands:
        found, printed = run(arguments)
        said += printed
        assert (found, OBEYED.findall(printed)) == (code, []), (arguments, printed)
        assert "This is a bug" not in printed, arguments
        # No line that a name made up.
        assert not [line for line in printed.splitlines() if line.startswith("newsgraph: all is well")], printed
    assert said.count("\\x1b]0;owned\\x07") > 40, "it is shown"


def test_an_encoding_that_lacks_the_characters_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "\u65e5.md").write_text(ARTICLE.format(number=5), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "newsgraph", "load", "\u65e5.md", "--store", "\u65e5.kgl", "--no-events"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"Store: \\u65e5.kgl" in done.stdout


def test_commands_speak_through_one_place() -> None:
    """Whoever prints by another way prints what a stranger wrote."""
    allowed = {"shared/terminal.py", "shared/answers.py", "__init__.py"}
    folder = ROOT / "newsgraph" / "cli"
    for path in folder.rglob("*.py"):
        if path.relative_to(folder).as_posix() in allowed:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            assert called not in {"print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write"}, path
            assert not (isinstance(node, ast.Attribute) and ast.unparse(node) == "click.echo"), path
