"""What every format's ``write`` is given: the part, its options, the sanitiser; it counts and reports what went out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsgraph.graph.batch import Columns, Edge, Node
from newsgraph.graph.exports.registry import ExportReport
from newsgraph.graph.exports.sanitise import Sanitiser
from newsgraph.graph.schema import EdgeType, NodeType
from newsgraph.graph.subgraph import Part

#: Told how many nodes and edges are written so far, and of how many (None: not known).
Progress = Callable[[int, int | None], None]
#: Takes a piece of text; what it returns is of no use.
TextWriter = Callable[[str], object]

_TELL_EVERY = 2_000


@dataclass(frozen=True, slots=True)
class Options:
    """``raw`` leaves formula-like cells as they are; ``target`` is where the export will be, for commands that name
    it.
    """

    raw: bool = False
    target: str = "-"


class Writing:
    """One export on its way. ``nodes`` and ``edges`` give what the part holds and count it; each is read once."""

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
        """The part's nodes of a label as columns of the properties that leave with it, counted."""
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
        """Counts what is neither node nor edge: an article."""
        self._articles += 1
        if self._progress is not None and self._articles % _TELL_EVERY == 0:
            self._progress(self._articles, None)

    def report(self, target: str) -> ExportReport:
        """What was written so far, as the caller of :func:`newsgraph.graph.exports.registry.export` gets it."""
        losses, steps = self.sanitiser.losses(), tuple(self.next_steps)
        return ExportReport(target, self._nodes, self._edges, self._articles, losses, steps)
