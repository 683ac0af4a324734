"""What every format's ``write`` is given: the part, the options and the sanitiser. It counts what is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsgraph.graph.batch import Columns, Edge, Node
from newsgraph.graph.exports.registry import ExportReport
from newsgraph.graph.exports.sanitise import Sanitiser
from newsgraph.graph.schema import EdgeType, NodeType
from newsgraph.graph.subgraph import Part

#: Is called with the number of nodes and edges written so far, and with the total (None: not known).
Progress = Callable[[int, int | None], None]
#: Takes a piece of text. What it returns is ignored.
TextWriter = Callable[[str], object]

_TELL_EVERY = 2_000


@dataclass(frozen=True, slots=True)
class Options:
    """The options of an export. ``raw`` leaves cells that look like formulas unchanged. ``target`` is where the export
    will be; formats that write commands need it.
    """

    raw: bool = False
    target: str = "-"


class Writing:
    """One export while it is written. ``nodes`` and ``edges`` yield what the part holds and count it. Each is read
    once."""

    def __init__(self, part: Part, options: Options | None = None, progress: Progress | None = None) -> None:
        self.part = part
        self.options = options or Options()
        self.sanitiser = Sanitiser()
        self.next_steps: list[str] = []
        self._progress = progress
        self._nodes = 0
        self._edges = 0
        self._articles = 0

    def nodes(self, label: str) -> Iterator[Node]:
        """The part's nodes of a label, counted."""
        for node in self.part.nodes(label):
            self._nodes += 1
            if self._nodes % _TELL_EVERY == 0:
                self._tell()
            yield node

    def edges(self, type: str) -> Iterator[Edge]:
        """The part's edges of a type, counted."""
        for edge in self.part.edges(type):
            self._edges += 1
            if self._edges % _TELL_EVERY == 0:
                self._tell()
            yield edge

    def node_columns(self, declared: NodeType) -> Iterator[Columns]:
        """Yields the part's nodes of a label, counted, as columns of the properties that the part includes."""
        for some in self.part.node_columns(declared):
            self._nodes += len(some)
            self._tell()
            yield some

    def edge_columns(self, declared: EdgeType) -> Iterator[Columns]:
        """The part's edges of a type as columns, counted."""
        for some in self.part.edge_columns(declared):
            self._edges += len(some)
            self._tell()
            yield some

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._nodes + self._edges, None)

    def count_article(self) -> None:
        """Counts an article, which is neither a node nor an edge."""
        self._articles += 1
        if self._progress is not None and self._articles % _TELL_EVERY == 0:
            self._progress(self._articles, None)

    def report(self, target: str) -> ExportReport:
        """Returns what was written so far, in the form that :func:`newsgraph.graph.exports.registry.export` returns."""
        losses, steps = self.sanitiser.losses(), tuple(self.next_steps)
        return ExportReport(target, self._nodes, self._edges, self._articles, losses, steps)
