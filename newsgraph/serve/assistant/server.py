"""Offers the tools over standard input and output, by the Model Context Protocol (https://modelcontextprotocol.io)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from newsgraph.errors import NewsgraphError
from newsgraph.queries.asking.find import KINDS
from newsgraph.queries.registry import questions
from newsgraph.serve.assistant.tools import (
    GRAPH,
    INSTRUCTIONS,
    MOST_ROWS,
    USUAL_ROWS,
    Explained,
    Told,
    Tools,
    explained,
)
from newsgraph.serve.lanes import Lane
from newsgraph.serve.wording import said
from newsgraph.version import __version__

#: The seconds that an answer which is being made gets when the client ends.
SECONDS_TO_CLOSE = 3.0

_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
Limit = Annotated[int, Field(description=f"rows at most, up to {MOST_ROWS}", ge=1, le=MOST_ROWS)]
Values = Annotated[dict[str, Any], Field(description="values by name")]


def serve_assistant(store_url: str, *, timeout: float, memory: str | None) -> None:
    """Answers until standard input ends. Raises StoreError for a store that can't be used, and UsageError if it is
    empty."""
    tools = Tools(store_url, timeout=timeout, memory=memory)
    lane = Lane("assistant")
    try:
        lane.do(tools.check)
        server_of(tools, lane).run("stdio")
    finally:
        lane.close(tools.close, wait=SECONDS_TO_CLOSE)


def server_of(tools: Tools, lane: Lane) -> MCPServer:
    """Returns the server with its four tools. Each of them only reads."""
    server = MCPServer("newsgraph", instructions=INSTRUCTIONS, version=__version__, log_level="ERROR")
    listed = "\n".join(f"- {name}: {line}" for name, line in questions().items())

    async def told(work: Callable[[], Told]) -> Told:
        try:
            return await lane.run(work)
        except NewsgraphError as error:
            raise ToolError(said(error)) from error

    @server.tool(
        description=f"Answer one of these questions (schema explains each, with its parameters):\n{listed}",
        annotations=_READS,
        structured_output=True,
    )
    async def ask(
        question: Annotated[str, Field(description="name of the question")],
        parameters: Values = {},  # noqa: B006  # only the schema is made of it
        sort: Annotated[str | None, Field(description="a column to order by; - before it for descending")] = None,
        limit: Limit = USUAL_ROWS,
    ) -> Told:
        return await told(lambda: tools.ask(question, parameters, sort, limit))

    @server.tool(
        description="Find events, outlets, topics and stories by words, a web address or a domain; best first.",
        annotations=_READS,
        structured_output=True,
    )
    async def find(
        words: Annotated[str, Field(description="words, a web address or a domain")],
        kinds: Annotated[list[str], Field(description=f"only these: {', '.join(KINDS)}")] = [],  # noqa: B006  # likewise
        limit: Limit = USUAL_ROWS,
    ) -> Told:
        return await told(lambda: tools.find(words, kinds, limit))

    @server.tool(
        description="Run a Cypher query that only reads. Values go in as parameters ($name), never as text.",
        annotations=_READS,
        structured_output=True,
    )
    async def cypher(
        query: Annotated[str, Field(description="the query, with RETURN")],
        parameters: Values = {},  # noqa: B006  # likewise
        limit: Limit = USUAL_ROWS,
    ) -> Told:
        return await told(lambda: tools.cypher(query, parameters, limit))

    @server.tool(
        description="Explain the graph (labels, edges, properties, questions), or one question by its name.",
        annotations=_READS,
        structured_output=True,
    )
    async def schema(of: Annotated[str, Field(description="graph, or a question's name")] = GRAPH) -> Explained:
        try:
            return explained(of)
        except NewsgraphError as error:
            raise ToolError(said(error)) from error

    return server
