"""Whether installed packages may add something is seen without importing what reads entry points."""

from __future__ import annotations

import sys
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from newsgraph.registry import may_be_named

GROUP = "newsgraph.loaders"
POINTS = f"[{GROUP}]\nsample = sample.loader\n"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages, the only one that there is."""
    monkeypatch.setattr(sys, "path", [str(tmp_path / "missing"), str(tmp_path)])
    return tmp_path


def install(library: Path, folder: str, points: str) -> None:
    (library / folder).mkdir()
    (library / folder / "METADATA").write_text("Metadata-Version: 2.1\nName: sample\nVersion: 1\n")
    (library / folder / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: sample\nVersion: 1\n")
    (library / folder / "entry_points.txt").write_text(points)


@pytest.mark.parametrize("folder", ["sample-1.dist-info", "sample.egg-info", "Sample-1.DIST-INFO"])
def test_a_package_that_names_the_group_is_seen(folder: str, library: Path) -> None:
    install(library, folder, POINTS)
    assert may_be_named(GROUP)


@pytest.mark.parametrize("points", ["", "[console_scripts]\nsample = sample:main\n"])
def test_others_are_not(points: str, library: Path) -> None:
    assert not may_be_named(GROUP)
    install(library, "sample-1.dist-info", points)
    (library / "other-1.dist-info").mkdir()
    assert not may_be_named(GROUP)
    assert not entry_points(group=GROUP)


def test_what_lies_elsewhere_is_looked_at_closely(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(library / "packages.zip", "w") as packed:
        packed.writestr("sample-1.dist-info/entry_points.txt", POINTS)
    monkeypatch.setattr(sys, "path", [str(library / "packages.zip")])
    assert may_be_named(GROUP)
    (library / "eggs" / "sample.egg").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(library / "eggs")])
    assert may_be_named(GROUP)


def test_another_finder_of_packages_is_asked(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Finder:
        def find_spec(self, *arguments: object) -> None:
            return None

        def find_distributions(self, context: object) -> list[object]:
            return []

    assert not may_be_named(GROUP)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder()])
    assert may_be_named(GROUP)
