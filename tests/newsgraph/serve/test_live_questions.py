"""Each question has a form that is made of what it declares, and answers as the command line does."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from newsgraph.graph.stores.registry import open_store
from newsgraph.output.cells import read_cell
from newsgraph.queries.answer import columns_of
from newsgraph.queries.ask import ask
from newsgraph.queries.registry import question, questions
from newsgraph.serve.pages.answer_table import MOST_SHOWN
from newsgraph.serve.pages.desk import Serving
from tests.newsgraph.serve.running import Running, running


def needed(store_url: str, name: str) -> dict[str, str]:
    """The parameters that a question can't do without."""
    with open_store(store_url, readonly=True) as store:
        event = ask(store, "events", sort="-stories", limit=1)[0].event_id
        outlets = [row.outlet for row in ask(store, "scoops", sort="-events", limit=2)]
    given = {
        "first-to-cover": {"event": event},
        "coverage": {"event": event},
        "thread": {"event": event},
        "path": {"a": outlets[0], "b": outlets[1]},
    }
    asked = question(name)
    return given.get(name, {"outlet": outlets[0]} if any(one.required for one in asked.declared) else {})


def test_all_questions_are_listed(live: Running) -> None:
    text = unescape(live.get("/ask.html").text)
    for name, line in questions().items():
        assert f'href="ask/{name}.html"' in text
        assert line in text


@pytest.mark.parametrize("name", questions())
def test_the_form_has_what_the_question_declares_and_the_answer_is_its_own(
    store_url: str, live: Running, name: str
) -> None:
    asked = question(name)
    page = unescape(live.get(f"/ask/{name}.html").text)
    for one in asked.declared:
        assert f'name="{one.name}"' in page
        assert one.meaning in page
        for choice in one.choices:
            assert choice in page
    for column in columns_of(asked.row):
        assert column.meaning in page
    assert asked.detail.split()[0] in page
    given: dict[str, Any] = needed(store_url, name)
    with open_store(store_url, readonly=True) as store:
        answer = ask(store, name, **given)
    saved = live.get(f"/ask/{name}.json", **given)
    assert saved.status == 200
    assert saved.headers["content-disposition"] == f'attachment; filename="{name}.json"'
    rows = json.loads(saved.text)
    assert [list(row) for row in rows[:1]] == ([list(answer.names)] if len(answer) else [])
    assert len(rows) == len(answer)
    reply = live.get(f"/ask/{name}.html", asked="1", **given)
    assert reply.status == 200
    assert reply.text.count("<tr>") == (min(len(answer), MOST_SHOWN) + 1 if len(answer) else 0)
    for note in answer.notes:
        assert note in unescape(reply.text)


def test_numbers_are_written_to_be_read_and_their_exact_value_is_there(store_url: str, live: Running) -> None:
    page = live.get("/ask/scoops.html", asked="1", min_events="1").text
    with open_store(store_url, readonly=True) as store:
        row = next(one for one in ask(store, "scoops", min_events=1) if one.median_lag_hours and one.share)
    assert ">median_lag</th>" in page and ">median_lag_hours</th>" not in page
    words = read_cell(row.median_lag_hours, "hours")
    assert f'title="{row.median_lag_hours:.6g}"><bdi dir="auto">{words}</bdi>' in page and " min" in words
    assert f'<bdi dir="auto">{read_cell(row.share)}</bdi>' in page


def test_filters_limit_and_order_are_taken(store_url: str, live: Running) -> None:
    with open_store(store_url, readonly=True) as store:
        outlets = [row.outlet for row in ask(store, "scoops", limit=2)]
        wanted = ask(store, "events", outlet=outlets, copies="include", sort="-stories", limit=3)
    query = "&".join([*(f"outlet={one}" for one in outlets), "copies=include", "sort=-stories", "limit=3", "topic="])
    rows = json.loads(live.get(f"/ask/events.json?{query}").text)
    assert [row["event_id"] for row in rows] == [row.event_id for row in wanted]
    page = live.get(f"/ask/events.html?asked=1&{query}").text
    assert f"3 rows of {wanted.total:,}" in page
    assert page.count('name="outlet"') == 3  # those given, and room for one more
    assert f'href="../events/{wanted[0].event_id.removeprefix("event:")}' in page


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/ask/none.html", 404, "there is no question"),
        ("/ask/none.csv", 404, "there is no question"),
        ("/ask/scoops.txt", 404, "no such file"),
        ("/ask/events.html?asked=1&since=never", 400, "since"),
        ("/ask/events.html?asked=1&outlet=nobody.example", 400, "nobody.example"),
        ("/ask/events.html?asked=1&limit=x", 400, "limit"),
        ("/ask/events.html?asked=1&sort=x", 400, "column"),
        ("/ask/first-to-cover.html?asked=1", 400, "is missing"),
        ("/ask/events.csv?since=never", 400, "since"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(live: Running, path: str, status: int, words: str) -> None:
    reply = live.get(path)
    assert reply.status == status
    assert words in unescape(reply.text)


def test_a_folder_of_own_questions_is_offered(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "busy.cypher").write_text(
        "// purpose: outlets by how many stories they have\n// parameters:\n"
        "//   minimum (integer, default 2): stories that an outlet must have\n// columns:\n"
        "//   outlet (text): its id\n//   stories (integer; stories): how many it has\n"
        "MATCH (s:Story)-[:PUBLISHED_BY]->(o:Outlet)\nWITH o.id AS outlet, count(s) AS stories\n"
        "WHERE stories >= $minimum\nRETURN outlet, stories ORDER BY stories DESC, outlet\n",
        encoding="utf-8",
    )
    with running(Serving(store_url, port=0, questions=tmp_path)) as server:
        assert "outlets by how many stories they have" in server.get("/ask.html").text
        page = server.get("/ask/busy.html", asked="1", minimum="9").text
        assert "stories that an outlet must have" in page
        rows = json.loads(server.get("/ask/busy.json", minimum="9").text)
        assert rows
        assert all(row["stories"] >= 9 for row in rows)
