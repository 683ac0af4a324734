"""The tools for an assistant, asked by the protocol's own client over standard input and output."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from newsgraph.errors import NewsgraphError, UnknownNameError
from newsgraph.graph.batch import Batch, Node
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES
from newsgraph.graph.stores.registry import open_store
from newsgraph.queries.ask import ask
from newsgraph.queries.asking.parameters import Kind
from newsgraph.queries.provenance import corpus_hash
from newsgraph.queries.registry import question, questions
from newsgraph.serve.assistant.sources import MOST_EACH, MOST_SOURCES, sources
from newsgraph.serve.assistant.tools import LONGEST_ANSWER, LONGEST_TEXT, MOST_ROWS, Tools
from tests.newsgraph.views.test_hostile_text import PAYLOADS, full_store_with

ROOT = Path(__file__).parents[3]
Result = TypeVar("Result")


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "NEWSGRAPH_STORE": ""}


def with_client(url: str, work: Callable[[Client], Awaitable[Result]], *options: str) -> Result:
    """What ``work`` makes of a client that started ``newsgraph mcp`` on the store."""
    command = ["-P", "-m", "newsgraph", "mcp", "--store", url, *options]

    async def run() -> Result:
        transport = stdio_client(StdioServerParameters(command=sys.executable, args=command, env=environment()))
        async with Client(transport) as client:
            return await work(client)

    return asyncio.run(asyncio.wait_for(run(), 120))


async def call(client: Client, tool: str, **arguments: Any) -> Any:
    """The structured answer of a tool that must not fail."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


async def failure(client: Client, tool: str, **arguments: Any) -> str:
    """The words of a tool that must fail."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return str(getattr(result.content[0], "text", ""))


def test_the_tools_are_there_and_only_read(store_url: str) -> None:
    async def work(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == ["ask", "find", "cypher", "schema"]
        for tool in tools.values():
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint
            assert tool.output_schema is not None
            assert all("description" in one for one in tool.input_schema["properties"].values())
        for name, line in questions().items():
            assert f"- {name}: {line}" in str(tools["ask"].description)

    with_client(store_url, work)


def test_answers_are_those_of_the_questions_and_name_their_stories(store_url: str) -> None:
    with open_store(store_url, readonly=True) as store:
        event = ask(store, "events", sort="-stories", limit=1)[0].event_id
        first = ask(store, "first-to-cover", event=event)
        leaders = ask(store, "scoops", limit=2)
        addresses = {node.id: node.properties["url"] for node in store.nodes("Story")}
        digest = corpus_hash(store)

    async def work(client: Client) -> None:
        told = await call(client, "ask", question="first-to-cover", parameters={"event": event}, limit=5)
        assert [row["outlet"] for row in told["rows"]] == [row.outlet for row in first][:5]
        assert told["total"] == len(first)
        assert told["cut"] == (len(first) > 5)
        assert [one["url"] for one in told["sources"][:1]] == [addresses[first[0].story_id]]
        assert {one["url"] for one in told["sources"]} >= {addresses[row.story_id] for row in first[:5]}
        assert told["made_by"]["question"] == "first-to-cover"
        assert told["made_by"]["parameters"]["event"] == event
        assert told["made_by"]["corpus_sha256"] == digest
        told = await call(client, "ask", question="scoops", limit=2)
        assert [row["outlet"] for row in told["rows"]] == [row.outlet for row in leaders]
        assert {one["of"] for one in told["sources"]} == {row.outlet for row in leaders}
        assert all(row["of"] in row["outlets"] for row in told["sources"])
        told = await call(client, "ask", question="events", sort="-stories", limit=1)
        assert told["rows"][0]["event_id"] == event
        assert {one["of"] for one in told["sources"]} <= {event}
        assert 0 < len(told["sources"]) <= MOST_EACH
        told = await call(client, "find", words=str(told["rows"][0]["event_title"]), kinds=["event"])
        assert event in [row["id"] for row in told["rows"]]
        assert told["sources"]
        assert all(one["url"].startswith("https://") for one in told["sources"])

    with_client(store_url, work)


def test_a_query_reads_within_its_bounds_and_writes_nothing(own_store: str) -> None:
    before = Path(own_store).read_bytes()

    async def work(client: Client) -> None:
        query = "MATCH (s:Story)-[:PUBLISHED_BY]->(o:Outlet {id: $outlet}) RETURN s, o.name AS name LIMIT 3"
        outlet = (await call(client, "cypher", query="MATCH (o:Outlet) RETURN o.id AS id LIMIT 1"))["rows"][0]["id"]
        told = await call(client, "cypher", query=query, parameters={"outlet": outlet})
        assert {one["url"] for one in told["sources"]} == {row["s"]["url"] for row in told["rows"]}
        told = await call(client, "cypher", query="UNWIND range(1, 50) AS n RETURN n", limit=7)
        assert len(told["rows"]) == 7
        assert told["cut"]
        for text in (
            "CREATE (n:Topic {id: 'x'})",
            "MATCH (n) DETACH DELETE n",
            "LOAD CSV FROM 'file:///x' AS r RETURN r",
        ):
            words = await failure(client, "cypher", query=text)
            assert "only reading is allowed" in words or "not" in words
            assert "write=True" not in words
        slow = "UNWIND range(1,100000) AS a UNWIND range(1,100000) AS b UNWIND range(1,99) AS c RETURN sum(a*b*c)"
        assert "it ran longer than 1 s" in await failure(client, "cypher", query=slow)
        assert (await call(client, "cypher", query="RETURN 1 AS one"))["rows"] == [{"one": 1}]

    with_client(own_store, work, "--timeout", "1")
    assert Path(own_store).read_bytes() == before


def test_the_schema_explains_the_graph_and_each_question(store_url: str) -> None:
    async def work(client: Client) -> None:
        graph = await call(client, "schema")
        labels = {part["label"] for part in graph["parts"] if "label" in part}
        assert labels == {one.label for one in NODE_TYPES if not one.bookkeeping}
        edges = [part["edge"] for part in graph["parts"] if "edge" in part]
        assert len(edges) == len([one for one in EDGE_TYPES if not one.bookkeeping])
        assert "(:Story)-[:COVERS]->(:Event)" in edges
        for name in questions():
            told = await call(client, "schema", of=name)
            parameters = [part["parameter"] for part in told["parts"] if "parameter" in part]
            assert parameters == [one.name for one in question(name).declared]

    with_client(store_url, work)


def test_what_is_wrong_is_said_so_that_the_assistant_can_mend_it(store_url: str) -> None:
    async def work(client: Client) -> None:
        assert "scoops" in await failure(client, "ask", question="scops")
        assert "no such parameter" in await failure(client, "ask", question="scoops", parameters={"outlets": "x"})
        assert "is missing" in await failure(client, "ask", question="coverage")
        assert "there is no column" in await failure(client, "ask", question="scoops", sort="nothing")
        assert "there is no kind" in await failure(client, "find", words="x", kinds=["person"])
        assert "there is no word" in await failure(client, "find", words="…")
        assert "there is no question" in await failure(client, "schema", of="nothing")
        assert await failure(client, "ask", question="scoops", limit=0)
        assert await failure(client, "cypher", query="nonsense")
        long = await failure(client, "ask", question="events", parameters={"since": "x" * 100_000})
        assert "--since" in long and len(long) < 2_000, "what is given isn't repeated as a whole"

    with_client(store_url, work)


@pytest.mark.parametrize("name", ["questions_folder", "timeout", "memory", "limit", "sort", "store", "name"])
def test_no_parameter_of_a_question_is_an_option_of_ours(own_store: str, name: str) -> None:
    """A folder of questions would be read from the disk, and limits be lifted."""
    tools = Tools(own_store, timeout=20, memory=None)
    try:
        with pytest.raises(UnknownNameError, match="no such parameter"):
            tools.ask("events", {name: "1"}, None, 3)
    finally:
        tools.close()


@pytest.mark.parametrize("name", questions())
def test_no_value_of_a_parameter_is_a_bug_or_takes_more_than_there_is(store_url: str, name: str) -> None:
    given: dict[str, Any] = {one.name: "x" for one in question(name).declared if one.required}
    tools = Tools(store_url, timeout=20, memory=None)
    try:
        for parameter in question(name).declared:
            numbers = parameter.kind in (Kind.INTEGER, Kind.REAL)
            for value in (10**9, 10**30, -(10**9), float("nan")) if numbers else ("\ud800", [["a"]], {"a": {}}, -1):
                with contextlib.suppress(NewsgraphError):
                    tools.ask(name, {**given, parameter.name: value}, None, 3)
    finally:
        tools.close()


def test_an_answer_is_bounded_as_a_whole(own_store: str) -> None:
    tools = Tools(own_store, timeout=20, memory=None)
    text = "reduce(s = 'abcdefgh', x IN range(1, 10) | s + s)"
    nested = "[x IN range(1, 100) | [y IN range(1, 100) | range(1, 100)]]"
    wide = f"UNWIND range(1, 200) AS n RETURN {', '.join(f'{text} AS c{number}' for number in range(20))}"
    try:
        for query in (f"RETURN {nested} AS l", f"UNWIND [1, 2] AS n RETURN {{a: {nested}}} AS m", wide):
            told = tools.cypher(query, {}, MOST_ROWS)
            assert len(told.model_dump_json()) < 8 * LONGEST_ANSWER
        assert told.cut and 0 < len(told.rows) < 200
    finally:
        tools.close()


def test_what_is_loaded_meanwhile_is_in_the_next_answer(own_store: str) -> None:
    query = "MATCH (o:Outlet {id: 'new.example'}) RETURN o.name AS name"

    async def work(client: Client) -> None:
        before = await call(client, "cypher", query=query)
        assert before["rows"] == []
        with open_store(own_store, create=False) as store:
            source = Node("Source", "a/b.md", {"path": "b.md", "format": "markdown", "content_hash": "x"})
            store.write(Batch([Node("Outlet", "new.example", {"name": "The Newcomer"}), source], []))
        after = await call(client, "cypher", query=query)
        assert after["rows"] == [{"name": "The Newcomer"}]
        assert after["made_by"]["corpus_sha256"] != before["made_by"]["corpus_sha256"]

    with_client(own_store, work)


@pytest.mark.parametrize("name", ["bidi", "null", "long", "lone surrogate", "script"])
def test_hostile_texts_come_as_texts_of_a_bounded_length(name: str, tmp_path: Path) -> None:
    url = str(tmp_path / "hostile.kgl")
    payload = PAYLOADS[name].encode("utf-8", "replace").decode()
    with full_store_with(payload) as held, open_store(url) as store:
        from newsgraph.graph.transfer import copy

        copy(held, store)
    tools = Tools(url, timeout=20, memory=None)
    try:
        told = tools.cypher("MATCH (s:Story)-[:COVERS]->(e:Event) RETURN s, e", {}, 10)
        text = told.model_dump_json()
        assert "\u202e" not in text
        assert "\x1b" not in text
        assert "\\u001b" not in text
        assert len(text) < 20 * LONGEST_TEXT
        assert told.sources
    finally:
        tools.close()


def test_sources_are_bounded_and_in_the_order_of_the_answer(store_url: str) -> None:
    with open_store(store_url, readonly=True) as store:
        stories = [node.id for node in store.nodes("Story")]
        mixed = stories[::-1]
        found = sources(store, [[story] for story in mixed])
        assert len(found) == MOST_SOURCES
        urls = {node.id: node.properties["url"] for node in store.nodes("Story")}
        assert [one.url for one in found] == [urls[story] for story in mixed[:MOST_SOURCES]]
        topic = next(store.nodes("Topic")).id
        assert {one.of for one in sources(store, [(topic, 3, None, [1.5])])} <= {topic}
        assert sources(store, []) == []
        assert sources(store, [("nothing", {"id": None}, {"x": 1}, "x" * 100_000)]) == []


def test_it_ends_with_its_input_and_says_nothing_of_its_own(store_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "newsgraph", "mcp", "--store", store_url],
        input="",
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_store_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "newsgraph", "mcp", "--store", str(tmp_path / "none.kgl")],
        input="",
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "nothing loaded yet" in done.stderr
