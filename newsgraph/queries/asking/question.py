"""The registry of questions, and the one way to ask them.

A question is a module with ``QUESTION`` and a query text beside it. The table below names them all; a module is
imported only when its question is asked.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, Generic, TypeVar

from newsgraph.graph.collector import collector_paused
from newsgraph.graph.errors import UnknownNameError, UsageError
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries import text as texts
from newsgraph.queries.answer import Answer, Found, columns_of, sorted_by
from newsgraph.queries.parameters import Parameter, bind, parameters_of

#: Question -> its line in a listing; its module has the same name with ``_`` for ``-``. One line a question.
QUESTIONS: dict[str, str] = {
    "first-to-cover": "Outlets in the order of their first story on an event, with the lag behind the first.",
    "events": "Events by size and time, with first outlet and spread.",
    "scoops": "Outlets by how often they were first, against chance, with their median lag.",
    "lead-lag": "For pairs of outlets: who was first how often on the events of both, and by how much.",
    "followers": "Who follows an outlet, how often and how fast, against chance.",
    "blind-spots": "Events that an outlet's peers covered and it did not.",
    "co-coverage": "Outlets alike by the events that they cover, against chance.",
    "copies": "Groups of stories with the same text, with the earliest of each.",
    "shared-images": "Images on stories of several outlets, placeholders marked.",
    "topics-together": "Topics that occur together more than by chance.",
    "outlet-profile": "One outlet: its volume, firsts, lags, copies and topics.",
    "attention": "Stories per day by topic, outlet or event, with bursts.",
    "influence": "Outlets by PageRank on the network of who follows whom, against a shuffled baseline.",
    "path": "How two stories, outlets, topics or events are connected.",
    "coverage": "All stories of an event in time.",
    "date-quality": "What is unsure about time, by outlet.",
}

Row = TypeVar("Row")
Parameters = TypeVar("Parameters")


@dataclass(frozen=True, slots=True)
class Question(Generic[Row, Parameters]):
    """A question: its row type, its parameters, and the function that turns a store's rows into typed rows.

    ``answer(store, text, asked)`` gets the query text and the bound parameters. ``query(asked)`` gives the values that
    the text takes, so that the text can be shown with them.
    """

    name: str
    row: type[Row]
    parameters: type[Parameters]
    query: Callable[[Parameters], Mapping[str, Any]]
    answer: Callable[[Store, str, Parameters], Found[Row]]
    text: str
    detail: str

    @property
    def declared(self) -> tuple[Parameter, ...]:
        """Its parameters, documented."""
        return parameters_of(self.parameters)


def questions(folder: Path | None = None) -> dict[str, str]:
    """Name and one line of every question: the package's own, then those of ``folder``."""
    if folder is None:
        return dict(QUESTIONS)
    from newsgraph.queries.own import listed  # noqa: PLC0415  # most users have none

    return QUESTIONS | listed(folder)


def question(name: str, folder: Path | None = None) -> Question[Any, Any]:
    """The question of that name. Raises UnknownNameError with the nearest names."""
    if name in QUESTIONS:
        found: Question[Any, Any] = import_module(f"newsgraph.queries.{name.replace('-', '_')}").QUESTION
        return found
    if folder is not None:
        from newsgraph.queries.own import listed, load  # noqa: PLC0415

        if name in listed(folder):
            return load(folder, name)
    known = questions(folder)
    near = get_close_matches(name, known, n=2)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known)}"
    raise UnknownNameError(name, "there is no such question", hint)


def ask(
    store: Store,
    name: str,
    *,
    limit: int | None = None,
    sort: str | None = None,
    questions_folder: Path | None = None,
    **parameters: Any,
) -> Answer[Any]:
    """Asks a question of a store.

    ``parameters`` are the question's own (``newsgraph ask NAME --help`` lists them), as typed values or as the texts
    that a person would type; ``sort`` names a column, with ``-`` before it for descending; ``limit`` keeps the first
    rows. Raises UsageError and its kinds for what can't be asked, and for a store with nothing in it.
    """
    asked = question(name, questions_folder)
    if limit is not None and limit < 0:
        raise UsageError("--limit", f"{limit} is below zero", "Give the number of rows to show")
    check_loaded(store)
    bound = bind(asked.parameters, parameters, store)
    with collector_paused():
        found = asked.answer(store, asked.text, bound)
    if sort is not None:
        names = [one.name for one in columns_of(asked.row)]
        found = Found(sorted_by(found.rows, names, sort), found.notes)
    used = {field.name: getattr(bound, field.name) for field in dataclasses.fields(bound)}
    return Answer(name, asked.row, found, used, limit=limit)


def check_loaded(store: Store) -> None:
    """Raises UsageError when the store holds no story."""
    if not store.query(texts.packaged("lookups/any_story")).rows:
        raise UsageError(store.url, "nothing is loaded yet", "Load articles first: newsgraph load FOLDER")


def shown(asked: Question[Any, Any], parameters: Mapping[str, Any], store: Store | None) -> str:
    """The question's text with its values, ready to be pasted into the Neo4j Browser; without values where no store
    is at hand to resolve names in."""
    if store is None:
        return asked.text
    return texts.with_values(asked.text, dict(asked.query(bind(asked.parameters, parameters, store))))
