"""Imports point one way, and a user's own files never stand in for ours."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "newsgraph").rglob("*.py"))


def check_layers(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The sources and settings in another folder, links kept."""
    shutil.copytree(ROOT / "newsgraph", tmp_path / "newsgraph", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_imports_point_down() -> None:
    done = check_layers(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        ("newsgraph/graph/batch.py", "newsgraph.queries"),
        ("newsgraph/errors.py", "newsgraph.cli"),
        ("newsgraph/queries/__init__.py", "newsgraph.loaders"),
        ("newsgraph/loaders/__init__.py", "newsgraph.queries"),
        ("newsgraph/queries/__init__.py", "newsgraph.api"),
        ("newsgraph/output/__init__.py", "newsgraph.graph.schema"),
    ],
)
def test_an_import_that_points_up_is_found(copied: Path, lower: str, upper: str) -> None:
    with (copied / lower).open("a", encoding="utf-8") as module:
        module.write(f"\nimport {upper}\n")
    done = check_layers(copied)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "is not allowed to import" in done.stdout


def test_everything_is_imported_by_its_one_name() -> None:
    """``graph``, ``loaders`` and ``queries`` are no top-level names: they are ``newsgraph.graph`` and so on."""
    wrong = []
    for path in [*SOURCES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            wrong += [
                f"{path.relative_to(ROOT)}:{node.lineno}: {name}"  # type: ignore[attr-defined]  # both kinds have it
                for name in names
                if name.split(".")[0] in ("graph", "loaders", "queries")
            ]
    assert not wrong


def test_a_folder_with_the_users_own_modules_is_no_trap(tmp_path: Path) -> None:
    """An analyst's queries.py, graph.py and loaders/ beside the notebook: ours are imported, theirs are never run."""
    for name in ("queries.py", "graph.py", "loaders/__init__.py", "views.py", "schema.py", "frontmatter.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("raise RuntimeError('the user file was imported')\n", encoding="utf-8")
    modules = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in SOURCES
        if path.name not in ("__init__.py", "__main__.py")
    )
    script = f"import importlib\nfor name in {modules!r}: importlib.import_module(name)\nprint('imported')"
    done = subprocess.run(
        [sys.executable, "-c", script],  # -c puts the current folder first on the path, as a notebook does
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "imported\n", done.stderr
    done = subprocess.run(
        [sys.executable, "-m", "newsgraph", "--help"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
