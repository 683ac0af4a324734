"""What a question is: its row type, its parameters, its query text, and the function that makes rows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found
from newsgraph.queries.asking.parameters import Parameter, parameters_of

Row = TypeVar("Row")
Parameters = TypeVar("Parameters")


@dataclass(frozen=True, slots=True)
class Question(Generic[Row, Parameters]):
    """A question: its row type, its parameters, and the function that turns a store's rows into typed rows.

    ``answer(store, text, asked)`` gets the query text and the bound parameters. ``query(asked)`` gives the values that
    the text takes, so that the text can be shown with them. ``detail`` explains it in ``--help``; its first line is the
    question's line in listings where no table has one.

    The rest says what a reader may rely on, and the tests of all questions hold it to that. ``ranks_by_time``: copies
    and stories of unsure date don't count unless asked for. ``includes_copies``: copies count unless ruled out.
    ``unsure_in_rows``: what is unsure has rows of its own, so that no column ``unsure`` counts what was left out.
    ``own``: its text is a user's own, and is answered within limits of time and memory.
    """

    name: str
    row: type[Row]
    parameters: type[Parameters]
    query: Callable[[Parameters], Mapping[str, Any]]
    answer: Callable[[Store, str, Parameters], Found[Row]]
    text: str
    detail: str
    ranks_by_time: bool = False
    includes_copies: bool = False
    unsure_in_rows: bool = False
    own: bool = False

    @property
    def declared(self) -> tuple[Parameter, ...]:
        """Its parameters, documented."""
        return parameters_of(self.parameters)
