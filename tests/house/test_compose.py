"""docker-compose.yml: what it promises, read from it (a run needs Docker, which the tests don't)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.neo4j.server import VERSION

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def services() -> dict[str, dict[str, Any]]:
    parsed = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    services: dict[str, dict[str, Any]] = parsed["services"]
    mounts = [one for service in services.values() for one in service["volumes"]]
    named = {one.partition(":")[0] for one in mounts if not one.startswith((".", "/", "$"))}
    assert named == set(parsed["volumes"])
    return services


@pytest.fixture
def service(services: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return services["neo4j"]


def test_the_image_is_the_version_that_the_tests_run_on(service: dict[str, Any]) -> None:
    assert service["image"] == f"neo4j:{VERSION}-community"


def test_no_password_is_accepted_silently(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"neo4j/\$\{NEO4J_PASSWORD:\?.+\}", service["environment"]["NEO4J_AUTH"])


def test_ports_are_bound_to_the_loopback_address(service: dict[str, Any]) -> None:
    assert service["ports"] == ["127.0.0.1:7474:7474", "127.0.0.1:7687:7687"]


def test_data_outlives_the_container(service: dict[str, Any]) -> None:
    assert {one.split(":")[1] for one in service["volumes"]} >= {"/data", "/logs"}


def test_memory_and_health_are_set(service: dict[str, Any]) -> None:
    names = set(service["environment"])
    assert {"NEO4J_server_memory_heap_max__size", "NEO4J_server_memory_pagecache_size"} <= names
    kind, command = service["healthcheck"]["test"]
    assert kind == "CMD-SHELL" and "cypher-shell" in command
    # A single $ would be filled in on this machine, and the password show in "docker inspect" and "ps".
    assert not re.search(r"(?<!\$)\$(?!\$)", command.replace("$$", ""))
    assert "-p " not in command


def test_the_program_runs_beside_the_server_when_asked_for(services: dict[str, dict[str, Any]]) -> None:
    program, server = services["newsgraph"], services["neo4j"]
    assert program["build"] == "." and (ROOT / "Dockerfile").is_file()
    assert program["profiles"], "docker compose up starts the server alone"
    assert program["depends_on"] == {"neo4j": {"condition": "service_healthy"}} and server["healthcheck"]
    environment = program["environment"]
    assert environment["NEWSGRAPH_STORE"] == "bolt://neo4j:7687"
    assert f"neo4j/{environment['NEO4J_PASSWORD']}" == server["environment"]["NEO4J_AUTH"]
    assert program["read_only"] is True and program["cap_drop"] == ["ALL"]
    (articles,) = [one for one in program["volumes"] if one.endswith(":/articles:ro")]
    default = re.match(r"\$\{ARTICLES:-(.+?)\}", articles)
    assert default is not None and (ROOT / default[1]).is_dir()
