"""The files that other programs read: workflows, pre-commit, citation, Dockerfile. Each is held to the rest."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import newsgraph

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def parsed(path: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


def jobs(name: str) -> dict[str, Any]:
    found: dict[str, Any] = parsed(ROOT / ".github" / "workflows" / name)["jobs"]
    return found


def commands(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_only_read_unless_a_job_says_otherwise(path: Path) -> None:
    workflow = parsed(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow[True]  # YAML 1.1 reads the key "on" as true
    for job in workflow["jobs"].values():
        assert ("uses" in job) or (job["timeout-minutes"] <= 90 and job["steps"])
    assert "secrets." not in path.read_text("utf-8")


def test_the_workflow_runs_everything_once_and_the_quick_tests_everywhere() -> None:
    found = jobs("tests.yml")
    assert "bash .ci/run" in commands(found["all"])
    matrix = found["quick"]["strategy"]["matrix"]
    assert {system.partition("-")[0] for system in matrix["system"]} == {"ubuntu", "macos", "windows"}
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert matrix["python"] == named == ["3.11", "3.12", "3.13", "3.14"]
    assert PROJECT["requires-python"] == f">={named[0]}"


def test_a_tag_is_published_after_all_tests_without_a_token() -> None:
    found = jobs("publish.yml")
    assert found["tests"]["uses"] == "./.github/workflows/tests.yml"
    assert (found["build"]["needs"], found["publish"]["needs"]) == ("tests", "build")
    assert found["publish"]["permissions"] == {"id-token": "write"}
    assert parsed(ROOT / ".github" / "workflows" / "publish.yml")[True] == {"push": {"tags": ["v*"]}}
    assert "hatchling version" in commands(found["build"])
    assert "newsgraph demo" in commands(found["build"])


def test_a_commit_is_checked_as_make_lint_checks() -> None:
    (local,) = parsed(ROOT / ".pre-commit-config.yaml")["repos"]
    entries = [hook["entry"] for hook in local["hooks"]]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for tool in ("ruff format", "ruff check", "mypy", "lint-imports"):
        assert any(tool in entry for entry in entries)
        assert tool in makefile
    for entry in entries:
        paths = [part for part in shlex.split(entry) if part.startswith("tests/")]
        assert all((ROOT / path).exists() for path in paths)


def test_the_citation_names_this_version() -> None:
    citation = parsed(ROOT / "CITATION.cff")
    assert (citation["version"], citation["license"]) == (newsgraph.__version__, PROJECT["license"])
    assert citation["title"] == PROJECT["name"]


def test_the_package_says_where_it_is_at_home() -> None:
    urls = PROJECT["urls"]
    assert {"Homepage", "Documentation", "Changelog", "Issues", "Source"} == set(urls)
    assert all(url.startswith(urls["Source"]) for url in urls.values())


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile with what follows it; comments and line ends are taken away."""
    lines = [line for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def test_the_image_is_built_in_stages_and_holds_no_more_than_the_program() -> None:
    known = {"FROM", "ENV", "WORKDIR", "RUN", "COPY", "LABEL", "USER", "VOLUME", "ENTRYPOINT", "CMD"}
    names = [name for name, _ in instructions()]
    assert set(names) <= known
    assert names.count("FROM") == 2 and names[0] == "FROM"
    last = names.index("FROM", 1)
    (first_stage,) = [rest for name, rest in instructions()[:1]]
    assert first_stage.endswith(" AS build")
    copied = [rest for name, rest in instructions()[last:] if name == "COPY"]
    assert copied == ["--from=build /program /program"]
    python = re.match(r"python:(3\.\d+)", instructions()[last][1])
    assert python and python[1] in "\n".join(PROJECT["classifiers"])


def test_the_image_does_not_run_as_root() -> None:
    users = [rest for name, rest in instructions() if name == "USER"]
    assert users == ["newsgraph"]
    made = next(rest for name, rest in instructions() if name == "RUN" and "useradd" in rest)
    assert "--uid" in made and "nologin" in made
    order = [name for name, _ in instructions()]
    assert order.index("USER") < order.index("ENTRYPOINT")


def test_what_the_image_is_built_from_is_there_and_reaches_the_builder() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    for name, rest in instructions():
        if name == "COPY" and "--from" not in rest:
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert source.split("/")[0] in sent
    assert ("ENTRYPOINT", '["newsgraph"]') in instructions()
    assert "newsgraph" in PROJECT["scripts"]


def test_the_requirements_that_the_image_installs_are_the_projects(capsys: pytest.CaptureFixture[str]) -> None:
    """The one line of Python in the Dockerfile, run here."""
    text = next(rest for name, rest in instructions() if name == "RUN" and "requirements.txt" in rest)
    script = shlex.split(text)[2]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        exec(script, {})
    extras = PROJECT["optional-dependencies"]
    expected = [*PROJECT["dependencies"], *extras["parquet"], *extras["semantic"], *extras["watch"], *extras["zst"]]
    assert capsys.readouterr().out.splitlines() == expected
