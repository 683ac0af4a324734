"""What the tests do when they can't fetch what they need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fetching import fetched

ROOT = Path(__file__).parents[2]
NPM = """#!/bin/sh
echo 'npm error code EAI_AGAIN'
echo 'npm error request failed'
exit 1
"""


@pytest.fixture
def no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An npm that says what npm says without a network; the cache of the tests is empty."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "npm").write_text(NPM, encoding="utf-8")
    (tmp_path / "bin" / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("NEWSGRAPH_TEST_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_test_is_skipped_with_the_reason(no_network: Path) -> None:
    with pytest.raises(
        pytest.skip.Exception, match=r"npm can't fetch tool-1 \(is there a network\?\): npm error code EAI_AGAIN"
    ):
        fetched("tool-1", "npm", "install", "--prefix", "FOLDER", "tool@1")
    assert list(no_network.iterdir()) == []


def test_what_was_fetched_is_kept(no_network: Path) -> None:
    def again() -> Path:
        return fetched("tool-1", "cp", str(ROOT / "LICENSE"), "FOLDER")

    folder = again()
    assert [path.name for path in folder.iterdir()] == ["LICENSE"]
    (folder / "LICENSE").write_text("changed", encoding="utf-8")
    assert (again() / "LICENSE").read_text("utf-8") == "changed"
    assert list(no_network.iterdir()) == [folder]


@pytest.mark.parametrize(("ci", "outcome"), [("", "1 skipped"), ("true", "1 error")])
def test_under_ci_a_skip_is_a_failure(
    no_network: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ci: str, outcome: str
) -> None:
    monkeypatch.setenv("CI", ci)
    test = "tests/graph/exports/test_gephi_and_cytoscape.py::test_cytoscape_opens_its_json"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'inner'}", test],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert outcome in done.stdout and "EAI_AGAIN" in done.stdout
