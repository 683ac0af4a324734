"""Asks a question of a store, for the command line, for Python and for the pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsgraph.errors import UsageError
from newsgraph.graph.gc_pause import collector_paused
from newsgraph.graph.stores.bounds import SECONDS, Bounds
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Answer, Found, columns_of, sorted_by
from newsgraph.queries.asking import texts
from newsgraph.queries.asking.kept_rows import rows_of
from newsgraph.queries.asking.parameters import bind
from newsgraph.queries.asking.question import Question
from newsgraph.queries.registry import question


def ask(
    store: Store,
    name: str,
    *,
    limit: int | None = None,
    sort: str | None = None,
    questions_folder: Path | None = None,
    timeout: float | None = SECONDS,
    memory: int | str | None = None,
    **parameters: Any,
) -> Answer[Any]:
    """Asks a question of a store and returns its answer.

    ``parameters`` are the question's own (``newsgraph ask NAME --help`` lists them), as typed values or as the texts
    that a person would type. ``sort`` names a column; ``-`` before it means descending. ``limit`` keeps the first rows.
    ``timeout`` in seconds (None: no limit) and ``memory``, as ``"2G"`` or in bytes (None: a quarter of the machine's
    memory), limit a question of ``questions_folder``; newsgraph's own questions need no limits.

    Raises UsageError or a kind of it for a question that can't be asked, and for an empty store. Raises
    QueryTimeoutError and QueryMemoryError.
    """
    asked = question(name, questions_folder, Bounds.of(timeout=timeout, memory=memory, limit=None))
    if not asked.own and (timeout != SECONDS or memory is not None):
        given = "--timeout" if timeout != SECONDS else "--memory"
        raise UsageError(given, f"bounds a question of your own, and {name} is none", "Leave it out")
    if not isinstance(limit, int | None):
        raise UsageError("--limit", f"{limit!r} is no whole number", "Give the number of rows to show")
    if limit is not None and limit < 0:
        raise UsageError("--limit", f"{limit} is below zero", "Give the number of rows to show")
    columns = store.columns() if asked.table is not None else None
    if columns is None or not len(columns.stories):
        check_loaded(store)
    with collector_paused():
        bound = bind(asked.parameters, parameters, store, columns)
        found = asked.answer(store, asked.text, bound)
    if sort is not None:
        names = [one.name for one in columns_of(asked.row)]
        found = Found(sorted_by(found.rows, names, sort), found.notes)
    used = {field.name: getattr(bound, field.name) for field in dataclasses.fields(bound)}
    return Answer(name, asked.row, found, used, limit=limit)


def check_loaded(store: Store) -> None:
    """Raises UsageError if the store holds no story."""
    if not rows_of(store, "lookups/any_story", {}):
        raise UsageError(store.url, "nothing is loaded yet", "Load articles first: newsgraph load FOLDER")


def shown(asked: Question[Any, Any], parameters: Mapping[str, Any], store: Store | None) -> str:
    """Returns the question's text with its values, ready to be pasted into the Neo4j Browser. It has no values if there
    is no store in which names can be looked up."""
    if store is None:
        return asked.text
    return texts.with_values(asked.text, dict(asked.query(bind(asked.parameters, parameters, store))))
