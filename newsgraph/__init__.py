"""newsgraph: a knowledge graph of news stories, outlets and topics.

>>> import newsgraph
>>> with newsgraph.open("networkx:") as graph:
...     report = graph.load("seeds")
...     answer = graph.ask("first-to-cover", event="Microsoft facial recognition police")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsgraph.version import __version__

if TYPE_CHECKING:
    from newsgraph.api import Graph, open
    from newsgraph.errors import NewsgraphError

__all__ = ["Graph", "NewsgraphError", "__version__", "open"]


def __dir__() -> list[str]:
    """The public names and nothing else."""
    return list(__all__)


def __getattr__(name: str) -> Any:
    # Names are fetched when asked for, so that ``newsgraph --help`` stays light.
    if name in ("Graph", "open"):
        from newsgraph import api  # noqa: PLC0415

        return getattr(api, name)
    if name == "NewsgraphError":
        from newsgraph.errors import NewsgraphError  # noqa: PLC0415

        return NewsgraphError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
