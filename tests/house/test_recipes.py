"""The recipes of docs/recipes/, followed to the letter in a copy of the checkout, with the guards of the house.

A recipe is followed by these signs: a line that holds nothing but the name of a file in backticks stands above what
goes into that file; a line ``In `TABLE` of `file` `` above a line that goes to the top of that table; and a ```console
block is run, and prints what it shows.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.test_documents import commands, fits

ROOT = Path(__file__).parents[2]
RECIPES = sorted((ROOT / "docs" / "recipes").glob("*.md"))
FILE = re.compile(r"^`([\w./-]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"^In `(\w+)` of `([\w./-]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Recipe:
    """What a recipe adds, and what it shows."""

    files: dict[str, str]
    lines: list[tuple[str, str, str]]
    consoles: list[str]


def recipe(path: Path) -> Recipe:
    page = path.read_text("utf-8")
    return Recipe(dict(FILE.findall(page)), LINE.findall(page), CONSOLE.findall(page))


def follow(one: Recipe, copy: Path) -> None:
    for name, content in one.files.items():
        assert not (copy / name).exists(), name
        (copy / name).write_text(content, encoding="utf-8")
    for table, name, line in one.lines:
        text = (copy / name).read_text("utf-8")
        before, opening, after = re.split(rf"(^{table}\b.*[{{(]\n)", text, maxsplit=1, flags=re.MULTILINE)
        (copy / name).write_text(f"{before}{opening}{line}{after}", encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout with all recipes followed."""
    folder = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "sample_plugin")
    for name in ("newsgraph", "tests", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder)
    for path in RECIPES:
        follow(recipe(path), folder)
    return folder


def run(copy: Path, *command: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder or copy,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("NEWSGRAPH_")},
            "PATH": f"{copy / 'bin'}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(copy),
            "COLUMNS": "120",
            "NO_COLOR": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_there_is_a_recipe_for_everything_that_can_be_added() -> None:
    assert {path.stem for path in RECIPES} == {"export", "loader", "page", "question", "store"}
    for path in RECIPES:
        one = recipe(path)
        assert one.files and one.lines and one.consoles, path.name
        assert any(name.startswith("tests/") for name in one.files), path.name


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_what_a_recipe_shows_is_what_happens(path: Path, copy: Path, tmp_path: Path) -> None:
    # The command as an installed one is, but of this copy.
    script = copy / "bin" / "newsgraph"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m newsgraph "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    (tmp_path / "newsgraph").mkdir()
    shutil.copytree(ROOT / "newsgraph" / "seeds", tmp_path / "newsgraph" / "seeds")
    for console in recipe(path).consoles:
        for command, shown in commands(console):
            done = run(copy, "bash", "-c", command.replace("python -m newsgraph", "newsgraph"), folder=tmp_path)
            assert fits(shown, done.stdout.rstrip().splitlines()), f"$ {command}\n{done.stdout}"


def added() -> Iterator[str]:
    for path in RECIPES:
        yield from recipe(path).files


def test_what_recipes_add_is_in_the_style_of_the_house(copy: Path) -> None:
    python = [name for name in added() if name.endswith(".py")]
    for command in (("ruff", "check", "--no-cache"), ("ruff", "format", "--no-cache", "--check")):
        done = run(copy, sys.executable, "-m", *command, *python)
        assert done.returncode == 0, done.stdout


def test_types_and_layers_hold(copy: Path) -> None:
    done = run(copy, sys.executable, "-m", "mypy", "-p", "newsgraph", "--cache-dir", str(copy / ".mypy_cache"))
    assert done.returncode == 0, done.stdout
    lint = "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"
    done = run(copy, sys.executable, "-c", lint)
    assert done.returncode == 0, done.stdout


GUARDS = {
    "their own tests": [name for name in added() if name.startswith("tests/")],
    "questions": ["tests/queries/test_questions.py"],
    "references": ["tests/queries/test_against_reference.py::test_every_question_has_a_reference"],
    "help of questions": ["tests/queries/test_cli.py", "-k", "kinds or lists"],
    "loaders": ["tests/loaders/formats/test_examples.py"],
    "exports": ["tests/graph/exports/test_export.py", "-k", "dot"],
    "pages": ["tests/newsgraph/views/test_pages.py", "-k", "agenda or names"],
    "stores": ["tests/contract", "-k", "diary"],
    "texts for stores": ["tests/graph/stores/test_dialect.py"],
    "the public face": ["tests/house/test_public.py"],
}  # fmt: skip


@pytest.mark.parametrize("what", GUARDS)
def test_the_guards_of_the_house_are_content(what: str, copy: Path, tmp_path: Path) -> None:
    # A folder of its own: runs that share pytest's one take each other's folders away.
    own = f"--basetemp={tmp_path / 'inner'}"
    done = run(copy, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", own, *GUARDS[what])
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout
