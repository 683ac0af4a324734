"""The newcomer's shelf: the picture of the rooms, the glossary, the Python guide, the list of moves."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import newsgraph
from newsgraph import errors
from newsgraph.graph.exports.registry import PROJECTIONS
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES, Story

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "newsgraph"
MOST_MODULES = 20

GLOSSARY = (DOCS / "glossary.md").read_text("utf-8")
TERMS = re.findall(r"^### (.+)$", GLOSSARY, re.MULTILINE)
GUIDE = (DOCS / "python.md").read_text("utf-8")


def test_the_picture_of_the_rooms_is_that_of_the_code() -> None:
    script = DOCS / "scripts" / "draw_rooms.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "folder", ["", *(f"{path.parent.relative_to(PACKAGE)}" for path in PACKAGE.rglob("__init__.py"))]
)
def test_a_folder_holds_few_modules(folder: str) -> None:
    modules = [path.name for path in (PACKAGE / folder).glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MOST_MODULES


@pytest.mark.parametrize("name", [*(one.label for one in NODE_TYPES), *(one.type for one in EDGE_TYPES)])
def test_the_glossary_explains_each_label_and_type_of_edge(name: str) -> None:
    assert name in TERMS


def test_the_glossary_explains_each_word_of_a_date_quality_and_each_projection() -> None:
    declared = Story.property("date_quality").meaning
    (entry,) = re.findall(r"^### Date quality\n(.+?)^###", GLOSSARY, re.MULTILINE | re.DOTALL)
    said = set(re.findall(r"`(\w+)`", entry))
    assert len(said) == 7
    assert {word for word in said if word not in declared} == set()
    (entry,) = re.findall(r"^### Projection\n(.+?)^###", GLOSSARY, re.MULTILINE | re.DOTALL)
    assert all(f"{name} joined" in entry or f"`{name}`" in entry for name in PROJECTIONS)


def test_each_term_stands_in_the_glossary_once_in_order_and_is_explained() -> None:
    lowered = [term.lower().replace("_", " ") for term in TERMS]
    assert [term for term, many in Counter(lowered).items() if many > 1] == []
    assert lowered == sorted(lowered)
    texts = re.split(r"^### .+$", GLOSSARY, flags=re.MULTILINE)[1:]
    assert [term for term, text in zip(TERMS, texts, strict=True) if len(text.split()) < 5] == []


def test_the_python_guide_shows_every_public_name() -> None:
    methods = [name for name, _ in inspect.getmembers(newsgraph.Graph, callable) if not name.startswith("_")]
    assert [name for name in newsgraph.__all__ if f"newsgraph.{name}" not in GUIDE] == []
    assert [name for name in methods if f"graph.{name}(" not in GUIDE] == []


def test_the_python_guide_names_real_errors() -> None:
    (table,) = re.findall(r"^## Errors\n(.+)", GUIDE, re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`(\w+Error)`", table))
    assert len(named) > 8
    assert [name for name in named if not issubclass(getattr(errors, name), newsgraph.NewsgraphError)] == []


def test_the_list_of_moves_leads_to_modules_that_are_there() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \| `([\w.]+)` \|$", (DOCS / "moved.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 100
    assert len({old for old, _ in rows}) == len(rows)
    paths = {new: PACKAGE / new.replace(".", "/") for _, new in rows}
    assert [new for new, path in paths.items() if not path.with_suffix(".py").is_file() and not path.is_dir()] == []
