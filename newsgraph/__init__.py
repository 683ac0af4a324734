"""newsgraph: a knowledge graph of news stories, outlets and topics.

>>> import newsgraph
>>> with newsgraph.open("networkx:") as graph:
...     report = graph.load("seeds")
...     answer = graph.ask("first-to-cover", event="Microsoft facial recognition police")

``open`` returns a :class:`Graph`. The other names are the types that its methods return and the errors that they raise.
Every error is a kind of ``NewsgraphError``; all kinds are in :mod:`newsgraph.errors`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsgraph.version import __version__

if TYPE_CHECKING:
    from newsgraph.api import Graph, open
    from newsgraph.errors import NewsgraphError
    from newsgraph.graph.exports.registry import ExportReport
    from newsgraph.graph.info import Info
    from newsgraph.graph.stores.protocol import Rows
    from newsgraph.loaders.load_report import LoadReport
    from newsgraph.queries.answer import Answer
    from newsgraph.views.document import Page

__all__ = [
    "Answer",
    "ExportReport",
    "Graph",
    "Info",
    "LoadReport",
    "NewsgraphError",
    "Page",
    "Rows",
    "__version__",
    "open",
]

#: The module of each name. It is imported when the name is first used, so that ``newsgraph --help`` starts fast.
_MODULES = {
    "Answer": "newsgraph.queries.answer",
    "ExportReport": "newsgraph.graph.exports.registry",
    "Graph": "newsgraph.api",
    "Info": "newsgraph.graph.info",
    "LoadReport": "newsgraph.loaders.load_report",
    "NewsgraphError": "newsgraph.errors",
    "Page": "newsgraph.views.document",
    "Rows": "newsgraph.graph.stores.protocol",
    "open": "newsgraph.api",
}


def __dir__() -> list[str]:
    """Returns the public names and nothing else."""
    return list(__all__)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
