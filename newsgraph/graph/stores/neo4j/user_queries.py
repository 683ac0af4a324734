"""Runs users' queries on a server: it asks the server for a query's plan first, and sets a deadline on this side, too.

The server is asked for the plan by EXPLAIN, in a transaction that may only read. A query runs only if all steps of its
plan are known to read nothing but the graph, and if no value of it is too much (see ``value_cost``). The server ends a
query at its time limit when it next looks at the clock. This side stops waiting at the limit: it is one for connecting,
planning, running and fetching.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import neo4j

from newsgraph.errors import ReadOnlyError
from newsgraph.graph.stores import reading_rules
from newsgraph.graph.stores.neo4j import cells, value_cost
from newsgraph.graph.stores.neo4j.errors import timed_out
from newsgraph.graph.stores.protocol import Rows
from newsgraph.graph.stores.query_text import masked

_T = TypeVar("_T")
#: The seconds in which a thread that was given up ends if it isn't waiting for the server.
_ENDING_SECONDS = 0.2

_PREFIX = re.compile(r"\s*(?:EXPLAIN|PROFILE)\b", re.IGNORECASE)
#: Steps of a plan that read the graph, or work on rows, by how their names end. It has no steps that write, none that
#: read a file or another database (LoadCSV, RunQueryAt), and none that speak to the server (Show..., Terminate...).
#: https://neo4j.com/docs/cypher-manual/current/planning-and-tuning/operators/
_READING = re.compile(
    r"""(?!Transaction|Load)\w*(?:Scan|Seek|SeekByRange|Lookup|CountFromCountStore|Expand|ShortestPaths?|BFS|Repeat|Trail
    |Endpoints|Apply|HashJoin|Product|Union|Unwind|Aggregation|Distinct|Sort|Top|Top1WithTies|Limit|Skip|Filter|Selection
    |Projection|CacheProperties|RemoteBatchProperties|Argument|Input|Eager|EmptyRow|EmptyResult|Optional|PreserveOrder
    |ProduceResults?|ErrorPlan|TriadicBuild|AssertSameNode|AssertSameRelationship|NullifyMetadata|ArgumentTracker
    )(?:\([\w\s,|]*\))?""",
    re.VERBOSE,
)
_PROCEDURE_CALL = "ProcedureCall"
#: The steps of a plan that make lists of rows, by how their names end.
_COLLECTS = ("Aggregation", "RollUpApply")


def read(
    session: neo4j.Session,
    text: str,
    parameters: Mapping[str, Any],
    *,
    seconds: float | None,
    rows: int | None,
    admin: bool,
    given_up: threading.Event,
) -> Rows:
    """Returns the answer of a text that passed ``reading_rules``. It runs in a transaction that may only read, and that
    the server ends after ``seconds``."""
    # It isn't a managed transaction, because a query that takes too much must not be tried again.
    with session.begin_transaction(timeout=seconds) as transaction:
        plan = _plan(transaction, text, parameters, to_read=not admin)
        value_cost.check_values(text, parameters, _collected(plan))
        return answer(transaction, text, parameters, rows, given_up)


def check_values(transaction: neo4j.ManagedTransaction, text: str, parameters: Mapping[str, Any]) -> None:
    """Raises QueryLimitError if a value of a text that may write is too much for the server."""
    value_cost.check_values(text, parameters, _collected(_plan(transaction, text, parameters, to_read=False)))


def answer(
    runner: neo4j.ManagedTransaction | neo4j.Transaction | neo4j.Session,
    text: str | neo4j.Query,
    parameters: Mapping[str, Any],
    limit: int | None,
    given_up: threading.Event | None = None,
) -> Rows:
    """Returns the rows of a query. One row more than ``limit`` is fetched at most. It ends when it is ``given_up``."""
    result = runner.run(text, dict(parameters))  # type: ignore[arg-type]  # users' texts are no literals
    records: list[neo4j.Record] = []
    for record in result:
        if given_up is not None and given_up.is_set():
            raise timed_out(None)  # nobody waits for it
        records.append(record)
        if limit is not None and len(records) > limit:
            break
    columns = tuple(result.keys())
    result.consume()  # the server drops the remaining rows
    rows = [tuple(cells.cell(value) for value in record.values()) for record in records[:limit]]
    return Rows(columns, rows, cut=limit is not None and len(records) > limit)


def within(seconds: float | None, work: Callable[[threading.Event], _T]) -> _T:
    """Returns or raises what ``work`` does, or raises QueryTimeoutError if it takes too long. It is told so by the
    event that it gets, and ends by itself."""
    given_up = threading.Event()
    if seconds is None:
        return work(given_up)
    outcome: list[tuple[bool, Any]] = []

    def run() -> None:
        try:
            outcome.append((True, work(given_up)))
        except BaseException as error:  # raised again by the thread that waits
            outcome.append((False, error))

    thread = threading.Thread(target=run, name="newsgraph-query", daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcome:
        given_up.set()
        # A thread that makes rows while the interpreter ends would end it by a crash. One that waits for the server
        # does no harm.
        thread.join(_ENDING_SECONDS)
        raise timed_out(seconds)
    done, value = outcome[0]
    if not done:
        raise value
    result: _T = value
    return result


def _plan(
    transaction: neo4j.ManagedTransaction | neo4j.Transaction,
    text: str,
    parameters: Mapping[str, Any],
    *,
    to_read: bool,
) -> Any:
    """Returns the server's plan of a text, None for one that it has no plan of (SHOW). With ``to_read``, raises
    ReadOnlyError if a step of it isn't known to read the graph alone."""
    prefix = _PREFIX.match(masked(text))
    bare = text[prefix.end() :] if prefix else text
    summary = transaction.run(f"EXPLAIN {bare}", dict(parameters)).consume()
    if to_read:
        _check_reads_only(summary)
    return summary.plan


def _collected(plan: Any) -> float:
    """Returns the most rows that the server expects in one list."""
    return max(
        (
            float(child.get("args", {}).get("EstimatedRows", 0))
            for step in _steps(plan)
            if _name(step).endswith(_COLLECTS)
            for child in step.get("children", ())
        ),
        default=1.0,
    )


def _check_reads_only(summary: neo4j.ResultSummary) -> None:
    if summary.query_type != "r":
        raise ReadOnlyError(
            "query",
            "the server says that it would write, and only reading is allowed",
            "Pass write=True if you mean it",
        )
    for one in _steps(summary.plan):
        step = _name(one)
        if step == _PROCEDURE_CALL:
            name = str(one.get("args", {}).get("Details", "")).split("(", 1)[0].strip().lower()
            if name in reading_rules.PROCEDURES:
                continue
            step = f"CALL {name}"
        elif _READING.fullmatch(step):
            continue
        raise ReadOnlyError("query", f"{step} isn't known to read the graph alone", "Pass admin=True if you mean it")


def _name(step: Any) -> str:
    # Names of operators are followed by the name of the database: "Filter@neo4j".
    return str(step["operatorType"].partition("@")[0])


def _steps(plan: Any) -> Iterator[Any]:
    rest = [plan] if plan else []
    while rest:
        step = rest.pop()
        yield step
        rest.extend(step.get("children", ()))
