"""Which engine a lake is worked on with."""

from __future__ import annotations

from newsgraph.errors import UsageError
from newsgraph.lake.engine import Engine, LocalEngine


def engine_at(master: str | None, processes: int | None = None) -> Engine:
    """Returns Spark at an address as Spark has it, or this machine if there is none.

    This machine is what is used by default. It needs no Java, starts at once, and its processes do the same work as
    those of Spark on one machine. ``processes`` is how many of its processes run at once. Raises UsageError.
    """
    if master is None:
        return LocalEngine(processes)
    if processes is not None:
        raise UsageError("--processes", "is for this machine, and Spark has its own number", "Give --master 'local[4]'")
    from newsgraph.lake.spark import SparkEngine  # noqa: PLC0415  # optional, and it starts Java

    return SparkEngine(master)
