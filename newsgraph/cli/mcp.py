"""``newsgraph mcp``: gives an assistant tools, over standard input and output."""

from __future__ import annotations

from importlib.util import find_spec

import click

from newsgraph.cli.shared.common import ended_by_signals, store_option
from newsgraph.errors import UsageError
from newsgraph.graph.stores.bounds import SECONDS, Bounds


@click.command("mcp")
@click.option(
    "--timeout", type=float, default=SECONDS, show_default=True, metavar="SECONDS", help="What a Cypher query may take."
)
@click.option(
    "--memory", metavar="SIZE", help="What it may hold, as 500M or 2G.  [default: a quarter of the machine's]"
)
@store_option
def command(timeout: float, memory: str | None, store_url: str) -> None:
    """Let an assistant answer from a store, with the stories that each answer stands on.

    It speaks the Model Context Protocol over standard input and output, and is started by the assistant's program. The
    tools are ask, find, cypher and schema; all of them only read.

    \b
      {"mcpServers": {"news": {"command": "newsgraph", "args": ["mcp", "--store", "/path/news.kgl"]}}}
    """
    if find_spec("mcp") is None:
        raise UsageError("newsgraph mcp", "mcp isn't installed", 'pip install "newsgraph[mcp]"')
    Bounds.of(timeout=timeout, memory=memory, limit=None)  # said before the store is opened
    from newsgraph.serve.assistant.server import serve_assistant  # noqa: PLC0415  # keeps --help light

    try:
        with ended_by_signals():
            serve_assistant(store_url, timeout=timeout, memory=memory)
    except KeyboardInterrupt:
        return
