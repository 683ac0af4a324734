"""What the starter says where a server can't start."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.neo4j import plugin, server


def test_what_to_install_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = server.missing_tools()
    assert "a JDK 17 or newer and Maven" in said and "apt-get install" in said and "\n" not in said
    with pytest.raises(server.CannotStartError, match="Maven"):
        server.jars()
    with pytest.raises(pytest.skip.Exception, match="Maven"):
        plugin.started(tmp_path)


def test_a_version_that_cannot_be_fetched_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("mvn", "javac"):
        (tools / name).write_text("#!/bin/sh\necho '[ERROR] no such artifact'; exit 1\n", encoding="utf-8")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    monkeypatch.setenv("NEWSGRAPH_TEST_CACHE", str(tmp_path / "cache"))
    with pytest.raises(server.CannotStartError, match="no such artifact"):
        server.jars("0.0.0")
    assert list((tmp_path / "cache").iterdir()) == []
