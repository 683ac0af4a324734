"""How a question says which table its answer is computed from, and how that table is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from newsgraph.graph.stores.protocol import Store


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the module of that name in ``newsgraph/queries/tables``.

    The module has two functions that make the same table: ``of_rows(rows)`` from the rows of a query text, and
    ``of_columns(columns, values, **options)`` from a store's columns and the values of the text's parameters. The text
    says what the table holds. It is what a server is asked, what ``--show-cypher`` shows, and what a test compares
    the columns with, for every question and all filters.
    """

    name: str
    options: tuple[tuple[str, Any], ...] = ()

    def read(self, store: Store, text: str, values: Mapping[str, Any]) -> Any:
        """Returns the table: from the store's columns if it has them, else from the rows of the text."""
        module = import_module(f"newsgraph.queries.tables.{self.name}")
        columns = store.columns()
        if columns is None:
            return module.of_rows(store.query(text, values).rows)
        return module.of_columns(columns, values, **dict(self.options))
