"""What holds for every question: texts, documentation, names, bad input, and what an answer is."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsgraph.queries
from newsgraph.errors import NewsgraphError, UnknownNameError, UsageError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.query_text import parameters_in
from newsgraph.graph.stores.registry import open_store
from newsgraph.output.times import moment
from newsgraph.queries.answer import Found, columns_of
from newsgraph.queries.ask import ask, shown
from newsgraph.queries.asking.filters import chosen
from newsgraph.queries.asking.parameters import Kind
from newsgraph.queries.asking.texts import header_of, packaged
from newsgraph.queries.provenance import corpus_hash, provenance, provenance_text
from newsgraph.queries.questions import influence
from newsgraph.queries.registry import QUESTIONS, question
from tests.queries.corpora import START, Told, fill

FOLDER = Path(newsgraph.queries.__path__[0])
TEXTS = [
    f"{path.parent.name}/{path.stem}" for path in sorted(FOLDER.rglob("*.cypher")) if path.parent.name != "fragments"
]
TOLD = (
    Told("a1", "a.example", "event:1", 0, topics=("dams",)),
    Told("b1", "b.example", "event:1", 1, copy_of="a1"),
    Told("c1", "c.example", "event:1", 0, "date_only"),
    Told("b2", "b.example", "event:2", 5, title="<b>bold</b> 'quoted' `ticks` $event"),
)
#: What a required parameter is given, by its kind; a second one of a kind gets the second.
GIVEN: dict[Kind, tuple[Any, ...]] = {
    Kind.TEXT: ("dams", "bridges"),
    Kind.INTEGER: (1, 2),
    Kind.REAL: (0.5, 0.25),
    Kind.FLAG: (True, False),
    Kind.MOMENT: ("2020-06-11", "2020-06-12"),
    Kind.ZONE: ("UTC", "Europe/Paris"),
    Kind.EVENT: ("event:1", "event:2"),
    Kind.OUTLET: ("a.example", "b.example"),
    Kind.TOPIC: ("dams", "dams"),
    Kind.THING: ("a.example", "b.example"),
}


@pytest.fixture(scope="module")
def told() -> Any:
    with open_store("networkx:") as store:
        yield fill(store, TOLD)


def required(name: str) -> dict[str, Any]:
    values: dict[Kind, Iterator[Any]] = {kind: iter(several) for kind, several in GIVEN.items()}
    return {
        one.name: one.choices[0] if one.choices else next(values[one.kind])
        for one in question(name).declared
        if one.required
    }


# -- Texts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TEXTS)
def test_headers_say_what_texts_take_and_give(name: str, told: Store) -> None:
    text = packaged(name)
    header = header_of(text, name)
    assert {one.name for one in header.parameters} == parameters_in(text)
    values: dict[str, Any] = {one.name: [] if one.type == "list" else None for one in header.parameters}
    assert told.query(text, values).columns == tuple(one.name for one in header.columns)


def test_filters_are_written_once() -> None:
    """One meaning everywhere: questions include the conditions of the filters, and write none themselves."""
    for path in (FOLDER / "questions").glob("*.cypher"):
        written = path.read_text(encoding="utf-8")
        assert not re.search(r"\$\w+ IS NULL|\$copies", written), path.name
    for name in QUESTIONS:
        asked = question(name)
        assert ("$since IS NULL" in asked.text) == ("since" in [one.name for one in asked.declared])


def test_no_two_texts_are_the_same() -> None:
    """What several files have in common, line by line, is a small part of them."""
    bodies = [
        [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("//")]
        for path in FOLDER.rglob("*.cypher")
    ]
    bodies = [body for body in bodies if body]
    assert len({tuple(body) for body in bodies}) == len(bodies)


@pytest.mark.parametrize("name", QUESTIONS)
def test_questions_are_documented(name: str) -> None:
    asked = question(name)
    assert asked.name == name and len(asked.detail) > 100 and QUESTIONS[name].endswith(".")
    for parameter in asked.declared:
        assert parameter.meaning and isinstance(parameter.kind, Kind)
    for one in columns_of(asked.row):
        assert one.meaning and one.kind != "anything", f"{name}: {one.name}"
        if one.name.endswith(("_hours", "_seconds")) or one.name in ("lag_low", "lag_high", "hours"):
            assert one.unit in ("hours", "seconds"), f"{name}: {one.name} has no unit"


def test_columns_of_first_to_cover() -> None:
    names = [one.name for one in columns_of(question("first-to-cover").row)]
    assert names[:7] == ["rank", "outlet", "outlet_name", "story_id", "url", "title", "published_at"]
    assert names[7:] == [
        "lag_seconds", "agency", "is_copy", "date_quality", "fit", "weak_fit", "confidence",
        "unsure", "event_id", "event_title",
    ]  # fmt: skip


@pytest.mark.parametrize("name", QUESTIONS)
def test_rankings_by_time_leave_copies_and_unsure_dates_out(name: str) -> None:
    asked = question(name)
    defaults = {one.name: one.default for one in asked.declared}
    if asked.ranks_by_time:
        assert (defaults["copies"], defaults["dates"]) == ("exclude", "sure")
    if "copies" in defaults:
        assert defaults["copies"] == ("include" if asked.includes_copies else "exclude")


def test_what_is_said_of_copies_and_rankings() -> None:
    asked = [question(name) for name in QUESTIONS]
    rankings = {"scoops", "lead-lag", "followers", "influence", "attention"}
    assert {one.name for one in asked if one.ranks_by_time} >= rankings
    included = {"first-to-cover", "coverage", "copies", "shared-images"}
    assert {one.name for one in asked if one.includes_copies} >= included


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_leaves_unsure_dates_out_says_how_many(name: str) -> None:
    """In a column of each row, or in rows of their own; others have no use for times."""
    asked = question(name)
    leaves_out = "dates" in [one.name for one in asked.declared] and not asked.unsure_in_rows
    assert ("unsure" in [one.name for one in columns_of(asked.row)]) == leaves_out


# -- Answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_answers_small_and_empty_corpora(name: str, new_store: Callable[[], Store]) -> None:
    with new_store() as store:
        fill(store, TOLD)
        answer = ask(store, name, **required(name))
        for row in answer.to_dicts():
            assert [one.name for one in answer.columns if row[one.name] is None and not one.optional] == []
            assert {type(row[one.name]) for one in answer.columns if one.kind == "integer"} <= {int, type(None)}
    with new_store() as store:
        with pytest.raises(UsageError, match=r"nothing is loaded yet.*newsgraph load") as caught:
            ask(store, name, **required(name))
        assert caught.value.exit_code == 2
        if not required(name):
            fill(store, [Told("alone")])
            alone = ask(store, name)
            # Nothing is in common with others, first or followed; but for date-quality's fixed rows it may be counted.
            assert len(alone) <= 1 or name == "date-quality"


def test_an_answer_is_a_sequence_of_typed_rows(told: Store) -> None:
    answer = ask(told, "first-to-cover", event="event:1")
    assert len(answer) == 3 and answer[0].outlet == "a.example" and answer[:2] == tuple(answer)[:2]
    assert [row.rank for row in answer] == [1, None, None]
    assert answer.to_dicts()[0]["published_at"] == START
    assert answer.parameters["event"] == "event:1" and answer.parameters["copies"] == "include"
    with pytest.raises(AttributeError):
        answer[0].rank = 7


def test_limit_and_sort(told: Store) -> None:
    answer = ask(told, "first-to-cover", event="event:1", limit=2)
    assert (len(answer), answer.total, answer.cut) == (2, 3, True)
    ordered = ask(told, "first-to-cover", event="event:1", sort="-lag_seconds")
    assert [row.lag_seconds for row in ordered] == [3600, 0, None]
    assert [row.outlet for row in ask(told, "first-to-cover", event="event:1", sort="outlet", limit=1)] == ["a.example"]
    with pytest.raises(UnknownNameError, match="Columns: rank, outlet"):
        ask(told, "first-to-cover", event="event:1", sort="nope")
    with pytest.raises(UsageError, match="below zero"):
        ask(told, "events", limit=-1)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("scoops", "outlet"),
        ("lead-lag", "shared"),
        ("followers", "follower"),
        ("co-coverage", "shared"),
        ("topics-together", "together"),
    ],
)
def test_q_does_not_depend_on_limit_and_sort(store: Store, name: str, key: str) -> None:
    told = []
    for event in range(60):
        random = Random(event)
        first = random.uniform(0, 90)
        # a and b go together, a an hour ahead; the others come as they like.
        on = {"a": first, "b": first + 1} if event % 3 else {}
        on |= {outlet: random.uniform(0, 90) for outlet in "cdef" if random.random() < 0.5}
        topics = ("x", "y") if event % 4 == 0 else (random.choice("xyz"), "w")[: random.randint(1, 2)]
        told += [Told(f"{o}{event}", f"{o}.example", f"event:{event}", at, topics=topics) for o, at in on.items()]
    asked: dict[str, Any] = {"outlet": "a.example"} if name == "followers" else {}
    whole = ask(fill(store, told), name, **asked)
    assert len({row.q for row in whole}) > 1
    last = ask(store, name, **asked, limit=1, sort=f"-{key}")[0]
    assert last in list(whole) and len(whole) > 1


def test_notebooks_get_escaped_tables(told: Store) -> None:
    html = ask(told, "coverage", event="event:2")._repr_html_()
    assert "&lt;b&gt;bold&lt;/b&gt;" in html and "<b>" not in html


def test_data_frames(told: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ask(told, "first-to-cover", event="event:1")
    frame = answer.to_dataframe()
    assert list(frame.columns) == list(answer.names) and len(frame) == 3
    assert frame["published_at"][0] == START
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match="pip install pandas"):
        answer.to_dataframe()


@pytest.mark.parametrize("fails", [False, True])
def test_the_collector_rests_while_an_answer_is_made(told: Store, monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    seen = []

    def answer(store: Store, text: str, asked: Any) -> Any:
        seen.append(gc.isenabled())
        if fails:
            raise UsageError("x", "y")
        return Found(())

    asked_one = replace(question("scoops"), answer=answer)
    monkeypatch.setattr(sys.modules["newsgraph.queries.ask"], "question", lambda *_: asked_one)
    for on in (True, False):
        (gc.enable if on else gc.disable)()
        try:
            with pytest.raises(UsageError) if fails else nullcontext():
                ask(told, "scoops")
            assert gc.isenabled() is on
        finally:
            gc.enable()
    assert seen == [False, False]


def test_notes_say_what_was_left_out(told: Store) -> None:
    assert any("1 story was left out" in note for note in ask(told, "scoops").notes)
    notes = ask(told, "events", since="2020-06-10", until="2020-06-11").notes
    assert notes[0].startswith("Stories from 2020-06-10T00:00:00Z up to, not including, 2020-06-11T00:00:00Z")


def test_unsure_dates_are_first_only_where_nothing_else_is(store: Store) -> None:
    told = [Told("a", "a.example", "event:1", 3, "no_zone"), Told("b", "b.example", "event:1", 1, "date_only")]
    fill(store, [*told, Told("c", "c.example", "event:2", 9)])
    answer = ask(store, "first-to-cover", event="event:1")
    assert [(row.rank, row.outlet, row.lag_seconds) for row in answer] == [(1, "b.example", 0), (2, "a.example", 7200)]
    assert "as unsure as the dates" in answer.notes[0]


def test_ties_share_a_rank(store: Store) -> None:
    names = "abcde"
    fill(store, [Told(n, f"{n}.example", "event:1", h) for n, h in zip(names, (2, 1, 1.0001, 3, 2), strict=True)])
    answer = ask(store, "first-to-cover", event="event:1")
    assert [(row.outlet[0], row.rank) for row in answer] == [("b", 1), ("c", 1), ("a", 3), ("e", 3), ("d", 5)]


def test_copies_have_no_rank_unless_asked(store: Store) -> None:
    fill(store, [Told("a", "a.example", "event:1", 1), Told("b", "b.example", "event:1", 2, copy_of="a"), Told("c")])
    assert [row.rank for row in ask(store, "first-to-cover", event="event:1")] == [1, None]
    assert [row.rank for row in ask(store, "first-to-cover", event="event:1", rank_copies=True)] == [1, 2]
    assert [row.outlet for row in ask(store, "first-to-cover", event="event:1", copies="exclude")] == ["a.example"]
    assert [row.rank for row in ask(store, "first-to-cover", event="event:1", copies="only")] == [1]


def test_a_way_never_leads_through_a_source(store: Store) -> None:
    fill(store, [Told("a", "a.example"), Told("b", "b.example")])
    edges = [Edge("MENTIONS", "folder/x.md", one.id, {"role": "main"}) for one in (Told("a"), Told("b"))]
    store.write(Batch([Node("Source", "folder/x.md", {"path": "x.md"})], edges))
    answer = ask(store, "path", a="a.example", b="b.example")
    assert not answer and "No way" in answer.notes[0]


def test_a_way_reads_along(store: Store) -> None:
    fill(store, [Told("a", "a.example"), Told("b", "b.example", related=("a",), copy_of="a")])
    answer = ask(store, "path", a="b.example", b="a.example")
    assert [(step.label, step.edge, step.reads) for step in answer] == [
        ("Outlet", "PUBLISHED_BY", "published"),
        ("Story", "COPY_OF", "repeats"),
        ("Story", "PUBLISHED_BY", "was published by"),
        ("Outlet", None, None),
    ]


def test_days_are_those_of_the_zone(store: Store) -> None:
    fill(store, [Told("a", "a.example", hours=23.5), Told("b", "a.example", hours=12)])
    assert [(row.day.isoformat(), row.stories) for row in ask(store, "attention", by="outlet")] == [("2020-06-10", 2)]
    paris = ask(store, "attention", by="outlet", tz="Europe/Paris")
    assert [(row.day.isoformat(), row.stories) for row in paris] == [("2020-06-10", 1), ("2020-06-11", 1)]


def test_a_burst(store: Store) -> None:
    quiet = [Told(f"q{day}", "a.example", hours=24 * day) for day in range(20)]
    loud = [Told(f"l{number}", "a.example", hours=24 * 10 + number / 10) for number in range(9)]
    fill(store, [*quiet, *loud])
    assert [row.day.day for row in ask(store, "attention", by="outlet") if row.burst] == [20]


def test_influence_is_the_same_for_a_seed(store: Store) -> None:
    told = [Told(f"{o}{e}", f"{o}.example", f"event:{e}", ord(o) * (e + 3) % 7) for e in range(9) for o in "abcde"]
    fill(store, told)
    assert list(ask(store, "influence")) == list(ask(store, "influence"))
    assert list(ask(store, "influence", seed=1)) != list(ask(store, "influence", seed=2))


def test_influence_of_many_outlets_is_counted_as_that_of_few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = [Told(f"{o}{e}", f"{o}.example", f"event:{e}", ord(o) * (e + 3) % 7) for e in range(9) for o in "abcde"]
    with open_store(str(tmp_path / "news.kgl")) as store:
        fill(store, told)
        full = ask(store, "influence", draws=9).to_dicts()
        monkeypatch.setattr(influence, "_FULL_MATRIX", 0)
        sparse = ask(store, "influence", draws=9).to_dicts()
    assert [row["outlet"] for row in sparse] == [row["outlet"] for row in full]
    for one, other in zip(sparse, full, strict=True):
        assert [one[name] for name in ("score", "low", "high")] == pytest.approx(
            [other[name] for name in ("score", "low", "high")], rel=1e-9
        )


# -- Bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parameters", "said"),
    [
        ("scops", {}, "Did you mean scoops"),
        ("scoops", {"min_outlet": 2}, "Did you mean min_outlets"),
        ("scoops", {"min_outlets": 0}, "can be 1 or more"),
        ("scoops", {"min_outlets": "two"}, "not a whole number"),
        ("scoops", {"min_outlets": 2.5}, "not a whole number"),
        ("scoops", {"since": "some day"}, "neither a date nor a time"),
        ("scoops", {"since": "2020-13-01"}, "neither a date nor a time"),
        ("scoops", {"since": "2020-06-12", "until": "2020-06-11"}, "--since: is after --until"),
        ("scoops", {"copies": "some"}, "Choose exclude, include, only"),
        ("scoops", {"outlet": "a.exampel"}, "Nearest: a.example"),
        ("scoops", {"topic": "damms"}, "Nearest: dams"),
        ("scoops", {"outlet_group": "north"}, "no group goes by that"),
        ("scoops", {"event": "event:9"}, "no event goes by that"),
        ("followers", {}, "OUTLET: is missing"),
        ("followers", {"outlet": "a.example", "within": "nan"}, "not a number to count with"),
        ("followers", {"outlet": "a.example", "within": -1}, "can be 0 or more"),
        ("followers", {"outlet": "x' OR 1=1 //"}, "no outlet goes by that"),
        ("attention", {"tz": "Mars/Olympus"}, "no time zone"),
        ("attention", {"tz": "../../etc/passwd"}, "no time zone"),
        ("blind-spots", {"outlet": "a.example", "peers": ["a.example"]}, "is the outlet itself"),
        ("path", {"a": "a.example", "b": "nobody at all"}, "no event goes by that"),
        ("first-to-cover", {"event": "event:1", "rank_copies": "perhaps"}, "neither true nor false"),
    ],
)
def test_bad_input(told: Store, name: str, parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)) as caught:
        ask(told, name, **parameters)
    assert caught.value.exit_code == 2 and "\n" not in str(caught.value)


@given(st.text(max_size=40))
def test_whatever_is_asked_for_nothing_is_interpolated(text: str) -> None:
    with open_store("networkx:") as store:
        fill(store, TOLD)
        asked: dict[str, dict[str, Any]] = {
            "coverage": {"event": text},
            "scoops": {"outlet": text, "outlet_group": text},
        }
        for name, parameters in asked.items():
            try:
                ask(store, name, **parameters)
            except UsageError as error:
                assert str(error).isprintable()
        assert len(list(store.nodes("Story"))) == len(TOLD)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2020-06-11", datetime(2020, 6, 11, tzinfo=UTC)),
        (" 2020-06-11T10:30 ", datetime(2020, 6, 11, 10, 30, tzinfo=UTC)),
        ("2020-06-11T10:30:00Z", datetime(2020, 6, 11, 10, 30, tzinfo=UTC)),
        ("2020-06-11T10:30:00+02:00", datetime(2020, 6, 11, 8, 30, tzinfo=UTC)),
        (datetime(2020, 6, 11, tzinfo=timezone(timedelta(hours=-5))), datetime(2020, 6, 11, 5, tzinfo=UTC)),
        (datetime(2020, 6, 11), datetime(2020, 6, 11, tzinfo=UTC)),
        (datetime(2020, 6, 11).date(), datetime(2020, 6, 11, tzinfo=UTC)),
    ],
)
def test_dates_and_times(given: Any, expected: datetime) -> None:
    assert moment(given, "--since") == expected


@pytest.mark.parametrize("given", [5, "0001-01-01T00:00:00+14:00", ""])
def test_no_dates(given: Any) -> None:
    with pytest.raises(UsageError, match="--since"):
        moment(given, "--since")


def test_a_period_is_half_open(told: Store) -> None:
    at = START + timedelta(hours=5)
    assert [row.event_id for row in ask(told, "events", since=at)] == ["event:2"]
    assert [row.event_id for row in ask(told, "events", until=at)] == ["event:1"]


# -- What is said beside an answer -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONS)
def test_texts_are_shown_with_their_values(name: str, told: Store) -> None:
    asked = question(name)
    text = shown(asked, required(name), told)
    assert text.endswith(asked.text.rstrip() + ";")
    given = set(re.findall(r"^:param (\w+) => .+;$", text, re.MULTILINE))
    assert given == parameters_in(asked.text)


def test_values_are_shown_as_cypher() -> None:
    group = "a 'b' \"c\"\n"
    with open_store("networkx:") as store:
        fill(store, TOLD, {"a.example": group})
        text = shown(question("scoops"), {"since": "2020-06-11", "outlet_group": [group]}, store)
    assert ':param since => datetime("2020-06-11T00:00:00Z");' in text
    assert ':param groups => ["a \'b\' \\"c\\"\\n"];' in text
    assert ":param topics => null;" in text


def test_filters_without_values_let_everything_through() -> None:
    values = chosen(object())
    assert {name for name, value in values.items() if value is None} == {*values} - {"copies"}


def test_provenance(new_store: Callable[[], Store]) -> None:
    with new_store() as store, new_store() as other:
        fill(store, TOLD)
        fill(other, reversed(TOLD))
        assert corpus_hash(store) == corpus_hash(other)
        made = provenance(store, "events", ask(store, "events", since="2020-06-10").parameters)
        assert '"since": "2020-06-10T00:00:00Z"' in provenance_text(made) and made.corpus_sha256 in provenance_text(
            made
        )
        fill(other, [Told("new", event="event:1")])
        assert corpus_hash(store) != corpus_hash(other)


def test_errors_are_of_our_tree() -> None:
    with pytest.raises(NewsgraphError):
        question("nothing like it")
