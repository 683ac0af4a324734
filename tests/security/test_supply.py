"""Promise: what is installed and published is known: versions with hashes, weaknesses, licences, the parts."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import kglite
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = ROOT / ".github" / "requirements.lock"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
#: pyspark is too large for every machine of the tests; a job of its own installs it.
UNLOCKED = "spark"
NEEDED = [*PROJECT["dependencies"], *(text for name, extra in EXTRAS.items() if name != UNLOCKED for text in extra)]
WANTED = [Requirement(text) for text in NEEDED]


def locked() -> dict[str, tuple[Requirement, list[str]]]:
    """Each package of the lock file with its hashes."""
    found: dict[str, tuple[Requirement, list[str]]] = {}
    for block in re.split(r"\n(?=[a-z0-9])", LOCK.read_text("utf-8")):
        if block.startswith("#"):
            continue
        requirement = Requirement(block.split("\\")[0].strip())
        found[canonicalize_name(requirement.name)] = requirement, re.findall(r"--hash=sha256:([0-9a-f]{64})", block)
    return found


def steps(workflow: str, job: str) -> str:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / workflow).read_text("utf-8"))["jobs"]
    return "\n".join(step.get("run", "") for step in jobs[job]["steps"])


@pytest.mark.parametrize("wanted", WANTED, ids=str)
def test_the_lock_file_has_an_allowed_version_of_everything(wanted: Requirement) -> None:
    if wanted.name == PROJECT["name"]:
        assert wanted.extras <= set(EXTRAS)
        return
    requirement, hashes = locked()[canonicalize_name(wanted.name)]
    (version,) = [one.version for one in requirement.specifier if one.operator == "=="]
    assert version in wanted.specifier and hashes


def test_every_package_is_exact_and_has_hashes_and_comes_from_nowhere_in_particular() -> None:
    found = locked()
    assert len(found) > 100
    for name, (requirement, hashes) in found.items():
        assert [one.operator for one in requirement.specifier] == ["=="], name
        assert hashes, name
        assert requirement.url is None
    assert "://" not in LOCK.read_text("utf-8") and "--index" not in LOCK.read_text("utf-8")


def test_the_engine_may_be_any_of_its_tested_range() -> None:
    (engine,) = [one for one in WANTED if one.name == "kglite"]
    assert kglite.__version__ in engine.specifier
    operators = {one.operator for one in engine.specifier}
    assert operators == {">=", "<"}, "an exact version could vanish from the index"
    (lowest,) = [one.version for one in engine.specifier if one.operator == ">="]
    (beyond,) = [one.version for one in engine.specifier if one.operator == "<"]
    assert lowest.split(".")[:2] == ["0", str(int(beyond.split(".")[1]) - 1)], "one minor number"


def test_the_workflow_installs_from_the_lock_and_once_from_the_newest() -> None:
    quick, newest = steps("tests.yml", "quick"), steps("tests.yml", "newest")
    assert "--require-hashes --requirement .github/requirements.lock" in quick
    assert "--no-deps --no-build-isolation" in quick, "nothing comes in beside the lock"
    assert "--upgrade-strategy eager" in newest and "pytest" in newest
    triggers = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8"))[True]
    assert triggers["schedule"]


def test_the_workflow_looks_for_weaknesses_and_licences() -> None:
    packages = steps("tests.yml", "packages")
    assert "pip_audit" in packages and ".github/requirements.lock" in packages
    assert "tests/house/test_licences.py" in packages
    assert (ROOT / "tests" / "house" / "test_licences.py").exists()


def test_a_release_has_a_bill_of_materials_and_the_engine() -> None:
    build, release = steps("publish.yml", "build"), steps("publish.yml", "release")
    assert "cyclonedx_py environment" in build and "newsgraph.cdx.json" in build
    assert "pip download" in build and "--require-hashes" in build
    assert "gh release create" in release and "files/*" in release
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8"))["jobs"]
    writing = [name for name, job in jobs.items() if job.get("permissions", {}).get("contents") == "write"]
    assert writing == ["release"]
