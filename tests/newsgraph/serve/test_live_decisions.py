"""Events are corrected by clicking where --edit is given: seen before it is written, and taken back again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Corrections, Decision, Kind
from newsgraph.graph.events.along import keeping_others
from newsgraph.graph.events.preview import preview
from newsgraph.graph.events.sync import derive_events
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from newsgraph.loaders.researcher.correcting import correct, decision_states, kept_corrections
from newsgraph.queries.ask import ask
from newsgraph.queries.asking import decisions
from newsgraph.serve.pages.desk import Serving
from newsgraph.views.site.names import page_file
from tests.newsgraph.serve.running import Reply, Running, running

SEEDS = Path(__file__).parents[3] / "newsgraph" / "seeds"
ROUTES = ("/review.html", "/decisions.html", "/correct/x.html")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    url = str(tmp_path_factory.mktemp("loaded") / "news.kgl")
    with open_store(url) as store:
        load(store, [SEEDS])
        derive_events(store)
    return Path(url).read_bytes()


@pytest.fixture
def url(loaded: bytes, tmp_path: Path) -> str:
    path = tmp_path / "news.kgl"
    path.write_bytes(loaded)
    return str(path)


@pytest.fixture
def editor(url: str) -> Iterator[Running]:
    with running(Serving(url, port=0, edit=True, author="Ada")) as server:
        yield server


def largest(url: str, number: int = 2) -> list[tuple[str, list[str]]]:
    """The largest events with their stories in time."""
    with open_store(url, readonly=True) as store:
        found = ask(store, "events", sort="-stories", limit=number, copies="include", dates="all")
        return [(one.event_id, [row.story_id for row in ask(store, "coverage", event=one.event_id)]) for one in found]


def kept(url: str) -> Corrections:
    with open_store(url, readonly=True) as store:
        return kept_corrections(store).corrections


def again(reply: Reply) -> list[tuple[str, str]]:
    """The fields of the form that writes what the page shows."""
    form = reply.text[reply.text.index('id="write"') :]
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
    return [(name, unescape(value)) for name, value in pairs if name != "csrf"]


def decide(server: Running, *fields: tuple[str, str]) -> Reply:
    """Both steps; the page between them."""
    seen = server.post("/decide.html", list(fields))
    assert seen.status == 200, seen.text
    done = server.post("/decide.html", again(seen))
    assert done.status == 303, done.text
    assert done.headers["location"] == "/decisions.html"
    return seen


def test_without_edit_there_are_no_such_pages(url: str) -> None:
    before = Path(url).read_bytes()
    event, stories = largest(url, 1)[0]
    with running(Serving(url, port=0)) as server:
        for path in (*ROUTES, "/" + page_file("event", event).replace("events/", "correct/")):
            assert server.get(path).status == 404
        fields = [("kind", "leave-out"), ("story", stories[0]), ("seen", "x")]
        assert server.post("/decide.html", fields).status in (404, 405)
        page = server.get("/" + page_file("event", event)).text
        assert "Correct this event" not in page
        assert ">Decisions<" not in page
    assert Path(url).read_bytes() == before


def test_what_is_shown_is_what_the_command_would_show_and_nothing_is_written_by_looking(
    url: str, editor: Running
) -> None:
    before = Path(url).read_bytes()
    event, stories = largest(url, 1)[0]
    page = editor.get("/" + page_file("event", event)).text
    way = re.search(r'<a href="([^"]*)">Correct this event', page)
    assert way is not None
    assert way[1].startswith("../correct/")
    form = unescape(editor.get(way[1].removeprefix("..")).text)
    for story in stories:
        assert f'value="{story}"' in form
    seen = editor.post("/decide.html", [("kind", "split"), ("event", event), ("story", stories[-1])])
    with open_store(url, readonly=True) as store:
        decided = keeping_others(store, Corrections(), decisions.split(store, event, [stories[-1]]))
        told = list(preview(store, Corrections((decided,))).lines())
    assert told
    shown = unescape(re.sub(r"<[^>]+>", "\n", seen.text))
    for line in told:
        assert line in shown
    assert Path(url).read_bytes() == before
    assert not kept(url)


@pytest.mark.parametrize("kind", ["split", "leave-out", "move", "copy", "no-copy", "date", "rename", "join"])
def test_each_decision_is_written_and_taken_back(url: str, editor: Running, kind: str) -> None:
    (event, stories), (other, others) = largest(url)
    fields = [("kind", kind), ("event", event), ("reason", "seen so")]
    if kind not in ("rename", "join"):
        fields.append(("story", stories[-1]))
    fields += {
        "move": [("to-move", other)],
        "copy": [("to-copy", stories[0])],
        "join": [("to-join", other), ("to-move", "not this one")],
        "rename": [("value-rename", "The <b>great</b> day")],
        "date": [("value-date", "2020-06-10T23:05:00Z")],
    }.get(kind, [])
    decide(editor, *fields)
    (made,) = kept(url)
    assert made.kind.value == kind
    assert (made.author, made.reason) == ("Ada", "seen so")
    with open_store(url, readonly=True) as store:
        assert Corrections.from_json(Corpus.of(store).corrections).decisions == (made,)
        now = decisions.event_of(store, stories[-1])
        joined = decisions.event_of(store, others[0])
        match kind:
            case "leave-out":
                assert now is None
            case "split":
                assert now not in (event, None)
            case "move":
                assert now == joined
            case "join":
                assert decisions.event_of(store, stories[0]) == joined
            case "copy":
                assert [edge.end for edge in store.edges("COPY_OF", starts=[stories[-1]])] == [stories[0]]
            case "date":
                (node,) = store.nodes("Story", [stories[-1]])
                assert node.properties["date_quality"] == "corrected"
    page = unescape(editor.get("/decisions.html").text)
    assert made.words in page
    assert "<b>great</b> day" not in editor.get("/decisions.html").text
    if kind == "rename":
        assert "The <b>great</b> day" in unescape(editor.get("/events.html").text)
    decide(editor, ("kind", "undo"), ("number", "1"), ("words", made.words))
    assert not kept(url)
    assert largest(url) == [(event, stories), (other, others)]


def test_several_stories_are_decided_at_once(url: str, editor: Running) -> None:
    stories = next(one for _, one in largest(url, 5) if len(one) > 2)
    decide(editor, ("kind", "copy"), ("story", stories[1]), ("story", stories[2]), ("to-copy", stories[0]))
    assert [one.kind for one in kept(url)] == [Kind.COPY, Kind.COPY]
    assert [one.to for one in kept(url)] == [stories[0], stories[0]]


def test_what_changed_meanwhile_is_shown_again_before_it_is_written(url: str, editor: Running) -> None:
    (event, stories), (other, _) = largest(url)
    seen = editor.post("/decide.html", [("kind", "leave-out"), ("story", stories[-1])])
    with open_store(url, create=False) as store:
        correct(store, Corrections((decisions.joined(store, [event, other]),)))
    reply = editor.post("/decide.html", again(seen))
    assert reply.status == 409
    assert "has changed meanwhile" in reply.text
    assert len(kept(url)) == 1
    assert editor.post("/decide.html", again(reply)).status == 303
    assert [one.kind for one in kept(url)] == [Kind.JOIN, Kind.LEAVE_OUT]


def test_a_decision_that_another_took_back_is_not_taken_back_twice(url: str, editor: Running) -> None:
    _, stories = largest(url, 1)[0]
    for story in stories[:2]:
        decide(editor, ("kind", "leave-out"), ("story", story))
    first, second = (one.words for one in kept(url))
    page = editor.post("/decide.html", [("kind", "undo"), ("number", "1"), ("words", first)])
    decide(editor, ("kind", "undo"), ("number", "1"), ("words", first))
    reply = editor.post("/decide.html", again(page))
    assert reply.status == 400
    assert "have changed meanwhile" in reply.text
    assert [one.words for one in kept(url)] == [second]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([], "there is no decision"),
        ([("kind", "delete")], "there is no decision"),
        ([("kind", "leave-out")], "none is chosen"),
        ([("kind", "leave-out"), ("story", "https://nobody.example/1")], "no story"),
        ([("kind", "join"), ("event", "event:none")], "event"),
        ([("kind", "undo"), ("number", "99")], "have changed"),
        ([("kind", "undo"), ("number", "-1")], "have changed"),
        ([("kind", "undo"), ("number", "9" * 400)], "have changed"),
        ([("kind", "date"), ("story", "S"), ("value-date", "yesterday")], "is no exact time"),
        ([("kind", "rename"), ("event", "E"), ("value-rename", " ")], "value"),
        ([("kind", "copy"), ("story", "S"), ("to-copy", "S")], "is the original itself"),
        ([("kind", "move"), ("story", "S"), ("to-move", "")], "blank"),
    ],
)
def test_what_cannot_be_decided_is_one_line(
    url: str, editor: Running, fields: list[tuple[str, str]], words: str
) -> None:
    event, stories = largest(url, 1)[0]
    there = [(name, {"S": stories[0], "E": event}.get(value, value)) for name, value in fields]
    for more in ([], [("seen", "x")]):
        reply = editor.post("/decide.html", [*there, *more])
        assert reply.status in (400, 404)
        assert words in unescape(reply.text)
    assert not kept(url)


def test_a_decision_needs_a_form_of_ours(url: str, editor: Running) -> None:
    _, stories = largest(url, 1)[0]
    seen = editor.post("/decide.html", [("kind", "leave-out"), ("story", stories[0])])
    fields = again(seen)
    assert editor.post("/decide.html", fields, csrf=None).status == 403
    assert editor.post("/decide.html", fields, csrf="x").status == 403
    assert editor.post("/decide.html", fields, cookie=None).status == 401
    assert editor.post("/decide.html", fields, headers={"Origin": "http://evil.example"}).status == 403
    assert editor.post("/decide.html", fields, headers={"Sec-Fetch-Site": "same-site"}).status == 403
    assert editor.get("/decide.html", **dict(fields)).status in (404, 405)
    assert not kept(url)


def test_what_is_worth_a_look_is_decided_there(url: str, editor: Running) -> None:
    page = editor.get("/review.html")
    assert page.status == 200
    forms = re.findall(r'<form method="post" action="decide.html" class="decision".*?</form>', page.text, re.DOTALL)
    assert forms
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', forms[0])
    fields = [(name, unescape(value)) for name, value in pairs if name != "csrf"]
    decide(editor, *fields, ("kind", "two-events"))
    (made,) = kept(url)
    assert made.kind is Kind.SPLIT
    assert made.reason.startswith("review: ")
    assert editor.get("/review.html").text.count("<form") == len(forms) - 1


def test_the_list_says_of_each_decision_about_outlets_whether_it_holds(url: str) -> None:
    made = [
        Decision(Kind.OUTLET_SET, ("harbourledger.example",), value="name=A"),
        Decision(Kind.OUTLET_SET, ("harbourledger.example",), value="name=B"),
        Decision(Kind.OUTLET_SET, ("nowhere.example",), value="name=C"),
    ]
    with open_store(url) as store:
        correct(store, Corrections(tuple(made)))
        assert decision_states(store, Corrections(tuple(made))) == [
            "overruled by 2",
            "holds",
            "not in the store: nowhere.example",
        ]
    with running(Serving(url, port=0, edit=True, author="Ada")) as server:
        page = unescape(server.get("/decisions.html").text)
    assert "overruled by 2" in page and "not in the store: nowhere.example" in page
