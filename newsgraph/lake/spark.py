"""The engine that runs on Spark: each function in Python processes of its executors, each shuffle by Spark itself.

Whatever Spark does for its own queries it does here, too: a task of an executor that was lost runs again on another
one, and shuffled data that was lost with it is made again from its tasks. Every machine must see the lake's folder and
the folders of articles under the same path, and must have newsgraph installed.
"""

from __future__ import annotations

import os
import pickle
import re
import shutil
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from newsgraph.errors import NewsgraphError, OutputError, UsageError
from newsgraph.lake.engine import First, Keyed, Later

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import SparkSession

_SCHEMA = "key string, value binary"
#: The key under which errors of newsgraph are passed on, which must not be tried again.
_FAILED = "failed"
#: Partitions of a shuffle for each processor that Spark has.
_PARTITIONS = 4


def spark_session(master: str) -> SparkSession:
    """Starts Spark at an address as Spark has it (``local[4]``, ``spark://host:7077``, ``yarn``), or returns the
    session that runs already.

    Raises UsageError, one line, where pyspark or a Java runtime is missing or the address can't be used.
    """
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415  # optional
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError as error:
        raise UsageError("--master", "needs pyspark", "Install it: pip install 'newsgraph[spark]'") from error
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (home and Path(home, "bin", "java").exists())):
        raise UsageError(
            "--master", "Spark needs a Java runtime, and there is none", "Install a JDK (17 or newer), or set JAVA_HOME"
        )
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("newsgraph lake")
    builder = builder.config("spark.sql.adaptive.coalescePartitions.enabled", "false")  # few bytes can be much work
    builder = builder.config("spark.sql.session.timeZone", "UTC")
    if master.startswith("local"):
        builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
        # Executors find modules where this process does.
        builder = builder.config("spark.executorEnv.PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            session: SparkSession = builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        raise UsageError("--master", f"Spark can't be started ({_line(error)})", "See Spark's own messages") from error
    except Exception as error:  # py4j's errors have no common class of their own
        raise UsageError(
            "--master", f"{master!r}: Spark refuses it ({_line(error)})", "Give it as Spark has it"
        ) from error
    return session


def _line(error: Exception) -> str:
    said = [line.strip() for line in str(error).splitlines() if line.strip()]
    # The message of Java, or of a function in a process of Python, follows those of the libraries between.
    own = re.compile(r"[\w.]*(?:Error|Exception): ")
    return next((line for line in reversed(said) if own.match(line)), said[0] if said else type(error).__name__)[:200]


class SparkEngine:
    """See :class:`newsgraph.lake.engine.Engine`."""

    def __init__(self, master: str) -> None:
        """``master`` is an address as Spark has it. Raises UsageError."""
        self.name = f"Spark ({master})"
        self._session = spark_session(master)
        self._session.sparkContext.setLogLevel("ERROR")
        cores = self._session.sparkContext.defaultParallelism
        self._session.conf.set("spark.sql.shuffle.partitions", str(_PARTITIONS * max(2, cores)))

    @property
    def session(self) -> SparkSession:
        """The session, for queries over the lake."""
        return self._session

    def run(self, tasks: Sequence[Any], first: First, *later: Later) -> list[Any]:
        """See the protocol. Raises the error of newsgraph that a function raised, and OutputError for any other."""
        from pyspark.errors import PySparkException  # noqa: PLC0415

        if not tasks:
            return []
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)  # about versions of pandas, which is not used here
                # One row and one partition for each task: what a row stands for is sent along with the function.
                numbers = self._session.range(0, len(tasks), 1, len(tasks))
                frame = numbers.mapInArrow(_RunFirst(first, tuple(tasks)), _SCHEMA)
                for function in later:
                    frame = frame.groupBy("key").applyInArrow(_later(function), _SCHEMA)
                rows = frame.collect()
        except PySparkException as error:
            raise OutputError("lake", f"Spark gave up ({_line(error)})", "The lake is as it was") from error
        found = []
        for key, value in rows:
            one = pickle.loads(value)  # noqa: S301  # what this program's own functions passed on
            if key == _FAILED:
                raise one
            found.append(one)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.stop()


def _rows(found: Callable[[], Iterable[Keyed]]) -> Iterator[pyarrow.RecordBatch]:
    """Yields a row for each thing that a function passes on, or for its error."""
    try:
        for key, value in found():
            yield _row(key, value)
    except NewsgraphError as error:
        yield _row(_FAILED, error)


def _row(key: str, value: Any) -> pyarrow.RecordBatch:
    import pyarrow as pa  # noqa: PLC0415

    blob = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return pa.record_batch({"key": pa.array([key], pa.string()), "value": pa.array([blob], pa.binary())})


@dataclass(frozen=True, slots=True)
class _RunFirst:
    function: First
    tasks: tuple[Any, ...]

    def __call__(self, batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from _rows(lambda: self.function(self.tasks[number]))  # noqa: B023  # used at once


def _later(function: Later) -> Callable[[pyarrow.Table], pyarrow.Table]:
    """Returns a function for Spark, which looks at how many arguments it takes."""

    def run(table: pyarrow.Table) -> pyarrow.Table:
        import pyarrow as pa  # noqa: PLC0415

        key = table["key"][0].as_py()
        if key == _FAILED:
            return table
        values = [pickle.loads(blob) for blob in table["value"].to_pylist()]  # noqa: S301  # as above
        schema = pa.schema([("key", pa.string()), ("value", pa.binary())])
        return pa.Table.from_batches(list(_rows(lambda: function(key, values))), schema=schema)

    return run
