"""A query of one's own reads and nothing else, is bounded, and comes as a table, a picture or a file."""

from __future__ import annotations

import csv
import io
import json
import time
from html import unescape
from pathlib import Path

import pytest

from newsgraph.serve.pages.answer_table import LONGEST_CELL, MOST_SHOWN
from newsgraph.serve.pages.desk import Serving
from newsgraph.serve.pages.drawing import MOST_NODES, drawing, kind_of
from tests.newsgraph.serve.running import Running, running


def test_the_answer_comes_as_a_table_and_as_files(live: Running) -> None:
    query = {"query": "MATCH (o:Outlet) RETURN o.id AS outlet, o.name AS name ORDER BY outlet LIMIT 3"}
    page = live.post("/cypher.html", query)
    rows = json.loads(live.post("/cypher.json", query).text)
    saved = live.post("/cypher.csv", query)
    assert page.status == saved.status == 200
    assert len(rows) == 3
    assert [tuple(row.values()) for row in rows] == [tuple(row) for row in csv.reader(io.StringIO(saved.text))][1:]
    assert saved.headers["content-type"] == "text/csv; charset=utf-8"
    for row in rows:
        assert row["name"] in unescape(page.text)
        assert f'href="outlets/{row["outlet"]}.html"' in page.text


def test_parameters_are_values_and_never_text_of_the_query(live: Running) -> None:
    hostile = "x' OR true RETURN 1 //"
    query = {"query": "RETURN $words AS words, $number AS number", "parameters": f"words={hostile}\n\nnumber=7"}
    assert json.loads(live.post("/cypher.json", query).text) == [{"words": hostile, "number": 7}]
    lines = live.post("/cypher.html", {"query": "RETURN\r\n1 AS n"})
    assert ">RETURN\n1 AS n</textarea>" in lines.text, "a form sends ends of lines as two characters"
    wrong = live.post("/cypher.html", {**query, "parameters": "no name"})
    assert wrong.status == 400
    assert "names no parameter" in wrong.text


WRITES = ["CREATE (n:Story {id: 'x'}) RETURN n", "MATCH (n) DETACH DELETE n", "MATCH (n:Story) SET n.title = 'owned'",
          "MERGE (n:Topic {id: 'x'})", "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
          "CALL apoc.load.json('http://127.0.0.1/') YIELD value RETURN value", "SHOW DATABASES", "DROP INDEX x",
          "MATCH (n) REMOVE n.title", "FOREACH (x IN [1] | CREATE (:Topic {id: 'x'}))"]  # fmt: skip


@pytest.mark.parametrize("text", WRITES)
def test_nothing_is_written_and_no_file_is_read(own_store: str, text: str) -> None:
    before = Path(own_store).read_bytes()
    with running(Serving(own_store, port=0, edit=True)) as server:
        for path in ("/cypher.html", "/cypher.csv"):
            assert server.post(path, {"query": text}).status == 400
        count = json.loads(server.post("/cypher.json", {"query": "MATCH (s:Story) RETURN count(s) AS n"}).text)
    assert count == [{"n": 60}]
    assert Path(own_store).read_bytes() == before


def test_a_query_ends_at_its_limit_and_the_next_one_is_answered(store_url: str) -> None:
    slow = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b UNWIND range(1, 100) AS c RETURN sum(a * b * c)"
    with running(Serving(store_url, port=0, timeout=1.0)) as server:
        began = time.monotonic()
        reply = server.post("/cypher.html", {"query": slow})
        assert reply.status == 400
        assert "it ran longer than 1 s" in reply.text
        assert "--timeout" in reply.text
        assert time.monotonic() - began < 120  # it would run for days
        assert server.post("/cypher.json", {"query": "RETURN 1 AS one"}).text == '[\n  {"one": 1}\n]\n'


def test_a_query_that_takes_too_much_memory_ends(store_url: str) -> None:
    large = "UNWIND range(1, 20000000) AS a RETURN collect(toString(a) + 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')"
    with running(Serving(store_url, port=0, memory="64M")) as server:
        reply = server.post("/cypher.html", {"query": large})
        assert reply.status == 400
        assert "memory" in reply.text
        assert server.get("/").status == 200


def test_a_page_shows_so_many_rows_and_so_much_of_a_cell(live: Running) -> None:
    page = live.post("/cypher.html", {"query": f"UNWIND range(1, {MOST_SHOWN + 5}) AS n RETURN n"}).text
    assert page.count("<tr>") == MOST_SHOWN + 1
    assert f"{MOST_SHOWN:,} rows, and there are more" in page
    long = live.post("/cypher.html", {"query": "RETURN reduce(t = 'ab', x IN range(1, 14) | t + t) AS long"}).text
    assert "ab" * (LONGEST_CELL // 2 - 1) in long
    assert "ab" * LONGEST_CELL not in long


def test_internals_are_not_shown(live: Running) -> None:
    for text in ("MATCH (n:Corpus) RETURN n", "MATCH (s:Source) RETURN s.records"):
        reply = live.post("/cypher.json", {"query": text})
        assert reply.status == 400 or all(not any(row.values()) for row in json.loads(reply.text))


@pytest.mark.parametrize(
    "text", ["", " \n", "nonsense", "RETURN", "MATCH (n) RETURN m", "RETURN $missing", "(" * 5_000]
)
def test_what_is_wrong_is_said_beside_what_was_typed(live: Running, text: str) -> None:
    reply = live.post("/cypher.html", {"query": text})
    assert reply.status == 400
    assert 'role="alert"' in reply.text
    if text.strip():
        assert f"required>{text[:50]}" in reply.text


def test_nodes_of_the_answer_are_drawn(live: Running) -> None:
    query = "MATCH (e:Event)<-[:COVERS]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet) RETURN e, s, o ORDER BY s.id LIMIT 4"
    page = live.post("/cypher.html", {"query": query}).text
    assert page.count('class="dot-Story"') == 4
    assert page.count('class="dot-Event"') >= 1
    assert page.count('class="dot-Outlet"') >= 1
    assert 'class="drawing"' not in live.post("/cypher.html", {"query": "RETURN 1, 'x', {id: 'alone'}"}).text
    path = "MATCH p = (e:Event)<-[:COVERS]-(:Story) RETURN p LIMIT 2"
    assert 'class="drawing"' in live.post("/cypher.html", {"query": path}).text


def test_a_drawing_holds_so_many_nodes_and_no_loop() -> None:
    rows = [({"id": f"n{i}", "title": "x"}, {"id": f"n{i + 1}", "title": "y"}) for i in range(500)]
    drawn = drawing(rows, lambda kind, id: None)
    assert drawn is not None
    assert drawn.cut
    assert len(drawn.dots) == MOST_NODES
    assert len({(dot.x, dot.y) for dot in drawn.dots}) > MOST_NODES / 2
    assert drawing([({"id": "a"}, {"id": "a"})], lambda kind, id: None) is None
    assert kind_of({"id": "event:1", "title": "x", "label": "", "story_count": 3}) == "Event"
    assert kind_of({"id": "a", "made_up": 1}) == "other"
