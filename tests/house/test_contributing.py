"""The example in CONTRIBUTING.md, followed to the letter in a copy of the checkout, works."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def shown_file(name: str) -> str:
    """The block under the line that names the file."""
    match = re.search(rf"^`{re.escape(name)}`\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert match is not None, name
    return match[1]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "newsgraph", tmp_path / "newsgraph", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in ("newsgraph/queries/questions/kinds.cypher", "newsgraph/queries/questions/kinds.py"):
        (tmp_path / name).write_text(shown_file(name), encoding="utf-8")
    table = tmp_path / "newsgraph" / "queries" / "registry.py"
    line = re.search(r'^    "kinds": .*$', PAGE, re.MULTILINE)
    assert line is not None
    opening = "QUESTIONS: dict[str, str] = {\n"
    before, after = table.read_text("utf-8").split(opening)
    table.write_text(f"{before}{opening}{line[0]}\n{after}", encoding="utf-8")
    return tmp_path


def run(copy: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "NEWSGRAPH_STORE": "news.kgl"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_example_question_works(copy: Path) -> None:
    run(copy, "-m", "newsgraph", "load", "newsgraph/seeds")
    assert "kinds" in run(copy, "-m", "newsgraph", "ask")
    rows = json.loads(run(copy, "-m", "newsgraph", "ask", "kinds", "--minimum", "7", "--format", "json"))
    assert [(row["outlet"], row["kind"], row["stories"]) for row in rows] == [
        ("northgatecourier.example", "article", 7),
    ]
    rows = json.loads(run(copy, "-m", "newsgraph", "ask", "kinds", "--format", "json"))
    assert {"outlet": "valebroadcasting.example", "kind": "video", "stories": 1} in rows


def test_the_example_is_in_the_style_of_the_house(copy: Path) -> None:
    run(copy, "-m", "ruff", "check", "--no-cache", "newsgraph/queries/questions/kinds.py")
    run(copy, "-m", "ruff", "format", "--no-cache", "--check", "newsgraph/queries/questions/kinds.py")
