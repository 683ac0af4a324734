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
