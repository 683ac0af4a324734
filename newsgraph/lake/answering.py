"""Answers the questions about a whole corpus from a lake, with SQL on DuckDB or on Spark.

The SQL texts are in ``answers/``, one for both engines. Each returns the rows that the question's Cypher text returns
on a store, so that the question's own code makes the same answer of them. In these texts, the columns of an edge are
named after what they lead to (``story``, ``event``, ``outlet``, ``topic``, ``original``), and ``Story`` has ``second``:
its time in whole seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsgraph.errors import UnknownNameError, UsageError
from newsgraph.graph.stores.protocol import Rows
from newsgraph.lake.engine import Engine, LocalEngine
from newsgraph.lake.graph import LakeGraph
from newsgraph.lake.tables import check_file, schema_of, values_of
from newsgraph.queries.answer import Answer
from newsgraph.queries.ask import ask
from newsgraph.queries.asking.texts import packaged

if TYPE_CHECKING:
    import pyarrow

#: Question -> its SQL text.
QUESTIONS: Mapping[str, str] = {
    "scoops": "coverage",
    "lead-lag": "coverage",
    "co-coverage": "coverage",
    "followers": "followers",
    "copies": "copies",
    "attention": "attention",
    "date-quality": "date_quality",
    "events": "events",
}
#: Cypher text of ``lookups/`` -> SQL text.
_LOOKUPS = {"any_story": "any_story", "topics": "topics", "outlets": "outlets", "events": "every_event"}
#: Table -> the names of its two id columns in the texts.
_ENDS = {
    "COVERS": ("story", "event"),
    "PUBLISHED_BY": ("story", "outlet"),
    "COPY_OF": ("story", "original"),
    "ABOUT": ("story", "topic"),
}
_NODES = ("Story", "Event", "Outlet", "Topic")
#: Columns of texts of which the questions want a list, although there is one value at most.
_LISTS = frozenset({("copies", "outlets"), ("copies", "copy_outlets")})
#: Runs a SQL text with parameters.
Sql = Callable[[str, Mapping[str, str]], "pyarrow.Table"]


def answer(engine: Engine, lake: Path, question: str, *, limit: int | None = None, **parameters: Any) -> Answer[Any]:
    """Answers a question from a lake, with the question's default filters: the answer is that of a store.

    ``parameters`` are the outlet of followers (``outlet``) and what attention counts by (``by``). ``limit`` keeps the
    first rows. The rows that the SQL text returns must fit into the memory of this process. Raises UnknownNameError,
    UsageError and StoreError.
    """
    if question not in QUESTIONS:
        known = ", ".join(QUESTIONS)
        raise UnknownNameError(question, "a lake doesn't answer this question", f"It answers {known}")
    own = {"followers": {"outlet"}, "attention": {"by"}}.get(question, set())
    for name in parameters:
        if name not in own:
            raise UsageError(name, f"{question} of a lake has no such parameter", "Ask a store: newsgraph lake export")
    return ask(_Answering(lake, engine), question, limit=limit, **parameters)


class _Answering(LakeGraph):
    """A lake that answers those Cypher texts for which there is a SQL text."""

    def __init__(self, lake: Path, engine: Engine) -> None:
        super().__init__(lake)
        self._sql = _runner(engine, self)

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Rows:
        """Returns the rows of the SQL text that stands for a question's Cypher text."""
        name = _names().get(text)
        if name is None:
            return super().query(text, parameters)
        given = parameters or {}
        table = self._sql(_text(name), {one: str(given[one]) for one in ("outlet", "by") if one in given})
        columns = [
            [[] if one is None else [one] for one in values] if (name, column) in _LISTS else values
            for column, values in zip(table.column_names, map(values_of, table.columns), strict=True)
        ]
        return Rows(tuple(table.column_names), list(zip(*columns, strict=True)))

    def table_files(self, name: str) -> list[str]:
        """The files of a table, with their folder. Raises StoreFormatError for one that is damaged."""
        files = self.manifest.files(name).values()
        for file in files:
            check_file(self._lake, file)
        return [str(self._lake / file) for file in files]


@cache
def _names() -> dict[str, str]:
    """Cypher text -> name of the SQL text that stands for it."""
    found = {packaged(f"questions/{name.replace('-', '_')}"): text for name, text in QUESTIONS.items()}
    return found | {packaged(f"lookups/{name}"): text for name, text in _LOOKUPS.items()}


@cache
def _text(name: str) -> str:
    return files("newsgraph.lake").joinpath("answers", f"{name}.sql").read_text(encoding="utf-8")


def _runner(engine: Engine, lake: _Answering) -> Sql:
    if isinstance(engine, LocalEngine):
        return _duckdb(lake)
    from newsgraph.lake.spark import SparkEngine  # noqa: PLC0415

    if not isinstance(engine, SparkEngine):
        raise UsageError(engine.name, "answers no SQL", "Use this machine or Spark")
    return _spark(engine, lake)


def _selected(name: str, second: str) -> str:
    """The columns of a table as the texts name them."""
    if name in _ENDS:
        start, end = _ENDS[name]
        own = schema_of(name).names[2:]
        return ", ".join([f"t.start AS {start}", f"t.`end` AS {end}", *(f"t.{one}" for one in own)])
    return f"t.*, {second} AS second" if name == "Story" else "t.*"


def _duckdb(lake: _Answering) -> Sql:
    try:
        import duckdb  # noqa: PLC0415  # optional
    except ImportError as error:
        raise UsageError("lake answers", "needs duckdb", "Install it: pip install 'newsgraph[lake]'") from error
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    # Whole seconds, the earlier ones, also before 1970.
    micro = "epoch_us(t.published_at)"
    second = f"({micro} - ((({micro} % 1000000) + 1000000) % 1000000)) // 1000000"
    for name in (*_NODES, *_ENDS):
        found = lake.table_files(name)
        if found:
            listed = ", ".join("'" + file.replace("'", "''") + "'" for file in found)
            source = f"read_parquet([{listed}])"
        else:
            connection.register(f"no_{name}", schema_of(name).empty_table())
            source = f"no_{name}"
        columns = _selected(name, second).replace("`", '"')
        connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM {source} t")  # noqa: S608  # names of the schema

    def run(text: str, parameters: Mapping[str, str]) -> pyarrow.Table:
        for name in parameters:
            text = text.replace(f":{name}", f"${name}")
        given = {name: value for name, value in parameters.items() if f"${name}" in text}
        found: pyarrow.Table = connection.sql(text, params=given or None).to_arrow_table()
        return found

    return run


def _spark(engine: Any, lake: _Answering) -> Sql:
    session = engine.session
    for name in (*_NODES, *_ENDS):
        found = lake.table_files(name)
        frame = session.read.parquet(*found) if found else session.createDataFrame(schema_of(name).empty_table())
        frame.createOrReplaceTempView(f"file_{name}")
        columns = _selected(name, "unix_seconds(t.published_at)")
        session.sql(
            f"CREATE OR REPLACE TEMPORARY VIEW {name} AS SELECT {columns} FROM file_{name} t"  # noqa: S608  # as above
        )

    def run(text: str, parameters: Mapping[str, str]) -> pyarrow.Table:
        given = {name: value for name, value in parameters.items() if f":{name}" in text}
        table: pyarrow.Table = session.sql(text, args=given).toArrow()
        return table

    return run
