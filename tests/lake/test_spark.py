"""Spark does what this machine does, also when it loses executors and what they had made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from newsgraph.errors import OutputError, UsageError
from newsgraph.lake.engine import Keyed
from newsgraph.lake.manifest import read_manifest
from newsgraph.lake.merging import Scatter, Settle
from newsgraph.lake.spark import SparkEngine, spark_session
from tests.lake.compare import SEEDS, build_lake, differing

spark = pytest.mark.spark


def kill_executor() -> None:
    """Kills the executor that this process works for: the parent of the parent of Python's worker."""
    daemon = Path(f"/proc/{os.getppid()}/stat").read_text(encoding="ascii")
    os.kill(int(daemon.rpartition(")")[2].split()[1]), signal.SIGKILL)


@dataclass(frozen=True)
class Deadly:
    """A function of a lake that kills its executor the first time that it is called at all."""

    function: Any
    mark: Path

    def __call__(self, *given: Any) -> Iterable[Keyed]:
        try:
            self.mark.touch(exist_ok=False)
        except FileExistsError:
            found: Iterable[Keyed] = self.function(*given)
            return found
        kill_executor()
        return ()


class DeadlySpark(SparkEngine):
    """Spark, of which one executor dies while it scatters records, and one after shuffled data was made by both."""

    marks: Path

    def run(self, tasks: Sequence[Any], first: Any, *later: Any) -> list[Any]:
        functions = [
            Deadly(one, self.marks / type(one).__name__) if isinstance(one, (Scatter, Settle)) else one
            for one in (first, *later)
        ]
        return super().run(tasks, functions[0], *functions[1:])


@spark
def test_lost_executors_change_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    engine = DeadlySpark("local-cluster[2,1,1024]")
    engine.marks = tmp_path
    build_lake(tmp_path / "lake", SEEDS, files=12, records=60, engine=engine)
    assert (tmp_path / "Scatter").exists() and (tmp_path / "Settle").exists()
    assert capfd.readouterr().err.count("Lost executor") == 2
    assert differing(tmp_path / "lake", SEEDS) == []
    build_lake(tmp_path / "here", SEEDS, files=12, records=60)
    assert read_manifest(tmp_path / "lake").tables == read_manifest(tmp_path / "here").tables, "the same bytes"


def _refuse(_task: int) -> Iterable[Keyed]:
    raise OutputError("lake", "is full", "Make room")


def _break(_task: int) -> Iterable[Keyed]:
    raise ValueError("a bug")


@spark
def test_errors_are_one_line() -> None:
    with SparkEngine("local[1]") as engine:
        with pytest.raises(OutputError, match=r"^lake: is full\. Make room$"):
            engine.run([1], _refuse)
        with pytest.raises(OutputError, match=r"^lake: Spark gave up \(ValueError: a bug\)\. The lake is as it was$"):
            engine.run([1], _break)


def test_without_pyspark_the_error_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "pyspark.py").write_text("raise ImportError('none')\n")
    code = "from newsgraph.lake.spark import spark_session; spark_session('local[1]')"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.splitlines()[-1].endswith("--master: needs pyspark. Install it: pip install 'newsgraph[spark]'")


@spark
def test_without_java_the_error_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UsageError, match=r"Spark needs a Java runtime, and there is none\. Install a JDK"):
        spark_session("local[1]")


@spark
def test_an_address_that_spark_refuses() -> None:
    with pytest.raises(UsageError, match=r"^--master: 'nonsense': Spark refuses it"):
        spark_session("nonsense")
