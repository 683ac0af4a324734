"""What a store is: seven primitives that every store answers alike, checked by one contract suite.

Everything above speaks to a store through this protocol; no module outside ``graph/stores`` knows which one it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import Any, Protocol, Self

from newsgraph.graph.batch import Batch, Columns, Edge, Node
from newsgraph.graph.stores.bounds import SECONDS

#: A cell of an answer: scalars, times (aware, in UTC), lists, maps. A node comes as a map of its properties, an edge
#: likewise, a path as a list of such maps in turn.
Cell = str | int | float | bool | None | datetime | date | list[Any] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer of a query: column names, and rows as tuples in that order. ``cut`` when a row limit left rows out."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    cut: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return iter(self.rows)

    def to_dicts(self) -> list[dict[str, Cell]]:
        """The rows as one dict each, keys in the order of the columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def _repr_html_(self) -> str:
        """A table for notebooks; everything in it is escaped."""
        from newsgraph.output.html_table import html_table  # noqa: PLC0415  # only a notebook needs it

        below = ("A limit left rows out.",) if self.cut else ()
        return html_table(self.columns, self.rows, total=len(self.rows), notes=below)


class Store(Protocol):
    """A property graph of the types in ``graph/schema.py``.

    Context manager: a clean exit saves and closes; an exit by an exception closes without saving what is not yet saved.
    Errors are those of :mod:`newsgraph.errors`, nothing of a driver's own.
    """

    @property
    def url(self) -> str:
        """The address that opens it again; never holds credentials."""
        ...

    def nodes(self, label: str, ids: Iterable[str] | None = None) -> Iterator[Node]:
        """All nodes of a label, or those among ``ids`` that exist (each once), with every declared property.

        Sorted by id when ``ids`` is None. Internal properties are included.
        """
        ...

    def edges(
        self, type: str, *, starts: Iterable[str] | None = None, ends: Iterable[str] | None = None
    ) -> Iterator[Edge]:
        """All edges of a type, or those that start at one of ``starts``, or that end at one of ``ends`` (not both).

        Sorted by start and end when neither is given.
        """
        ...

    def node_columns(self, label: str, names: Sequence[str]) -> Iterator[Columns]:
        """All nodes of a label by id, as columns of the declared properties ``names``, some thousand rows at a time.

        The same as :meth:`nodes` says, for tables: no object is made for each node.
        """
        ...

    def edge_columns(self, type: str, names: Sequence[str]) -> Iterator[Columns]:
        """All edges of a type by start and end, likewise."""
        ...

    def write(self, batch: Batch) -> None:
        """Applies a batch whole or not at all. Visible to this store's own reads at once."""
        ...

    def save(self) -> None:
        """Makes everything written so far survive a ``kill -9``. A server does so by itself with each write."""
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
        """Answers a Cypher text. ``timeout`` in seconds; ``limit`` cuts the rows (and says so in ``Rows.cut``).

        Raises QueryError, ReadOnlyError (a text that writes, without ``write``) or QueryTimeoutError.
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
        """As :meth:`query`, for a text that somebody else wrote: nothing that it does harms the program or the store.

        ``timeout`` in seconds (None: no limit) is kept within a second; ``memory``, in bytes or as ``500M``, is what
        answering may take (None: a quarter of the machine's). What the store keeps for itself is not shown. Without
        ``admin``, the text may not look at the server (SHOW, most procedures). A text that writes must leave a graph
        of the schema, or nothing is changed.

        Raises what :meth:`query` raises, QueryMemoryError, and QueryCrashError where a text breaks the engine.
        """
        ...

    def close(self) -> None:
        """Releases the store without saving; may be called twice."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
