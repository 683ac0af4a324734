"""What a store is: a few methods that every store implements in the same way, which one set of contract tests checks.

All other code uses a store through this protocol. No module outside ``graph/stores`` knows which store it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from newsgraph.graph.stores.bounds import SECONDS

if TYPE_CHECKING:
    from newsgraph.graph.batch import Batch, Columns, Edge, Node
    from newsgraph.graph.columnar.graph_columns import GraphColumns
    from newsgraph.graph.columnar.records import Records

#: A cell of an answer: a number, text or truth value, a time (with zone, in UTC), a list or a map. A node is a map of
#: its properties, and so is an edge. A path is a list of such maps: node, edge, node and so on.
Cell = str | int | float | bool | None | datetime | date | list[Any] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer of a query: column names, and rows as tuples in that order. ``cut`` tells whether a limit left rows
    out. ``notes`` are lines about names in a user's text that the schema doesn't have."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    cut: bool = False
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return iter(self.rows)

    def to_dicts(self) -> list[dict[str, Cell]]:
        """Returns each row as a dict, with keys in the order of the columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def _repr_html_(self) -> str:
        """Returns a table for notebooks. Everything in it is escaped."""
        from newsgraph.output.html_table import html_table  # noqa: PLC0415  # only a notebook needs it

        below = ("A limit left rows out.",) if self.cut else ()
        return html_table(self.columns, self.rows, total=len(self.rows), notes=(*below, *self.notes))


class Store(Protocol):
    """A property graph of the types in ``graph/schema.py``.

    It is a context manager. Leaving the block normally saves and closes the store. Leaving it by an exception closes it
    without saving what isn't saved yet. All errors are those of :mod:`newsgraph.errors`, never a driver's own.
    """

    @property
    def url(self) -> str:
        """The address that opens the store again. It never holds credentials."""
        ...

    def nodes(self, label: str, ids: Iterable[str] | None = None) -> Iterator[Node]:
        """Yields all nodes of a label, or those among ``ids`` that exist (each once), with every declared property.

        They are sorted by id when ``ids`` is None. Internal properties are included.
        """
        ...

    def edges(
        self, type: str, *, starts: Iterable[str] | None = None, ends: Iterable[str] | None = None
    ) -> Iterator[Edge]:
        """Yields all edges of a type, or those that start at one of ``starts``, or that end at one of ``ends`` (not
        both).

        They are sorted by start and end when neither is given.
        """
        ...

    def node_columns(self, label: str, names: Sequence[str]) -> Iterator[Columns]:
        """Yields all nodes of a label by id, as columns of the declared properties ``names``, a few thousand rows at a
        time.

        The values are those of :meth:`nodes`. It is faster for tables, because no object is made for each node.
        """
        ...

    def edge_columns(self, type: str, names: Sequence[str]) -> Iterator[Columns]:
        """Yields all edges of a type by start and end, as columns of the declared properties ``names``."""
        ...

    def columns(self) -> GraphColumns | None:
        """Returns the stories, and the edges around them, as arrays of numbers, from which questions about a whole
        corpus are answered faster.

        Returns None if the store has no such arrays, for example because it has changes that aren't saved. Then the
        question's text is run, which leads to the same answer. An array is read when it is needed, which raises
        StoreFormatError if it is damaged.
        """
        ...

    def records(self) -> Records | None:
        """Returns what is known of single stories, events, outlets and topics, from which look-ups are answered without
        the graph.

        Returns None in the same cases as :meth:`columns`. Raises StoreFormatError where what is read is damaged.
        """
        ...

    def write(self, batch: Batch) -> None:
        """Applies a whole batch or, after an error, nothing of it. This store's own reads see the result at once."""
        ...

    def save(self) -> None:
        """Makes everything written so far survive a ``kill -9``. On a server, each write already does."""
        ...

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Rows:
        """Returns the answer of a Cypher text. ``timeout`` is in seconds. ``limit`` is the number of rows that are
        returned at most; ``Rows.cut`` says whether there were more.

        Raises QueryError, ReadOnlyError (for a text that writes, without ``write``) or QueryTimeoutError.
        """
        ...

    def user_query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        admin: bool = False,
        timeout: float | None = SECONDS,
        memory: int | str | None = None,
        limit: int | None = None,
    ) -> Rows:
        """Does what :meth:`query` does, for a text that somebody else wrote: it can't harm the program or the store.

        ``timeout`` in seconds (None: no limit) is kept to within a second. ``memory``, in bytes or as ``500M``, is what
        the query may take (None: a quarter of the machine's memory). Internal properties of the store are not shown.
        Without ``admin``, the text may not ask about the server (SHOW, most procedures). A text that writes must leave
        a graph of the schema; otherwise nothing is changed.

        Raises what :meth:`query` raises, QueryMemoryError, and QueryCrashError if the text makes the engine crash.
        """
        ...

    def close(self) -> None:
        """Releases the store without saving. It may be called twice."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
