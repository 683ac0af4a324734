"""The graph of a lake, read as a store is: for exports, copies and comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

from newsgraph.errors import UsageError
from newsgraph.graph.batch import Batch, Columns, Edge, Node, columns_of_edges, columns_of_nodes
from newsgraph.graph.corpus import CORPUS_ID
from newsgraph.graph.stores.protocol import Rows
from newsgraph.lake.counts import counting
from newsgraph.lake.manifest import Manifest, read_manifest
from newsgraph.lake.tables import edges_in, need_pyarrow, nodes_in


class LakeGraph:
    """Reads the nodes and edges of a lake. It implements what :class:`newsgraph.graph.stores.protocol.Store` has for
    reading; it can't be written to, and it answers no Cypher of users.

    Raises StoreMissingError, StoreFormatError and StoreVersionError.
    """

    def __init__(self, lake: Path, manifest: Manifest | None = None) -> None:
        need_pyarrow()
        self._lake = lake
        self.manifest = manifest or read_manifest(lake)

    @property
    def url(self) -> str:
        """The folder of the lake."""
        return str(self._lake)

    def nodes(self, label: str, ids: Iterable[str] | None = None) -> Iterator[Node]:
        """See the protocol. With ``ids`` all nodes of the label are read, too."""
        if label == "Corpus":
            found: Iterable[Node] = [self.manifest.corpus.node()]
            wanted: set[str] | None = {CORPUS_ID} if ids is None else set(ids)
        else:
            found = nodes_in(self._lake, label, list(self.manifest.files(label).values()))
            wanted = None if ids is None else set(ids)
        return (node for node in found if wanted is None or node.id in wanted)

    def edges(
        self, type: str, *, starts: Iterable[str] | None = None, ends: Iterable[str] | None = None
    ) -> Iterator[Edge]:
        """See the protocol. With ``starts`` or ``ends`` all edges of the type are read, too."""
        found = edges_in(self._lake, type, list(self.manifest.files(type).values()))
        first, last = None if starts is None else set(starts), None if ends is None else set(ends)
        return (edge for edge in found if (first is None or edge.start in first) and (last is None or edge.end in last))

    def columns(self) -> None:
        """See the protocol. A lake has none at hand."""

    def records(self) -> None:
        """See the protocol. A lake keeps none."""

    def node_columns(self, label: str, names: Sequence[str]) -> Iterator[Columns]:
        """See the protocol."""
        return columns_of_nodes(self.nodes(label), names)

    def edge_columns(self, type: str, names: Sequence[str]) -> Iterator[Columns]:
        """See the protocol."""
        return columns_of_edges(self.edges(type), names)

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Rows:
        """Returns the answers of newsgraph's own statements that count (see :mod:`newsgraph.lake.counts`). Raises
        UsageError for any other text."""
        count = counting(self._lake, self.manifest).get(text)
        return count() if count is not None else self._refuse()

    def user_query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        admin: bool = False,
        timeout: float | None = None,
        memory: int | str | None = None,
        limit: int | None = None,
    ) -> Rows:
        """Raises UsageError."""
        return self._refuse()

    def write(self, batch: Batch) -> None:
        """Raises UsageError."""
        self._refuse()

    def save(self) -> None:
        """Does nothing: there is never anything to save."""

    def close(self) -> None:
        """Does nothing: no file stays open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _refuse(self) -> NoReturn:
        raise UsageError(
            self.url,
            "a lake answers no Cypher and is only written by builds",
            f"Export it: newsgraph lake export {self.url} embedded news.kgl",
        )
