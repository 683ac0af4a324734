"""What a question is: its row type, its parameters, its query text, and the function that makes rows from the
answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found
from newsgraph.queries.asking.parameters import Parameter, parameters_of
from newsgraph.queries.tables.table import Table

Row = TypeVar("Row")
Parameters = TypeVar("Parameters")


@dataclass(frozen=True, slots=True)
class Question(Generic[Row, Parameters]):
    """A question: its row type, its parameters, and the function that turns a store's rows into typed rows.

    ``answer(store, text, asked)`` gets the query text and the values of the parameters. ``query(asked)`` returns the
    values for the text, so that the text can be shown with them. ``detail`` explains the question in ``--help``. Its
    first line is used in listings, for questions that are in no table.

    The other fields say what readers can rely on; tests check them for all questions. ``ranks_by_time``: copies and
    stories of unsure date don't count unless they are asked for. ``includes_copies``: copies count unless they are
    excluded. ``unsure_in_rows``: unsure stories have rows of their own, so no column ``unsure`` counts those left out.
    ``own``: its text was written by a user, and it is answered within limits of time and memory. ``table``: its answer
    is computed from that table, which a store's columns give, too; a test compares both for all filters.
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
    table: Table | None = None

    def told(self, store: Store, asked: Parameters) -> Any:
        """Returns what its answer is computed from: its ``table``. Only for questions that have one."""
        if self.table is None:
            raise TypeError(f"{self.name} has no table")
        return self.table.read(store, self.text, self.query(asked))

    @property
    def declared(self) -> tuple[Parameter, ...]:
        """Its parameters, with their documentation."""
        return parameters_of(self.parameters)
