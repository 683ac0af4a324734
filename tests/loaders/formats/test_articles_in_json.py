"""Articles in JSON, found by what they are; what is broken costs itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.loaders.json.structure import articles_inside, like_an_article
from newsgraph.loaders.json.text import parse
from newsgraph.loaders.records import ArticleRecord, Reading
from newsgraph.loaders.registry import read, reading_of

A = {"title": "A", "url": "https://ledger.example/1", "date": "2021-03-01T10:00:00Z"}
B = {"title": "B", "url": "https://ledger.example/2", "date": "2021-03-01T11:00:00Z"}


def reading(value: Any, ending: str = ".json") -> Reading:
    found = read((value if isinstance(value, str) else json.dumps(value)).encode(), ending)
    assert found is not None
    return found


def records(found: Reading) -> list[ArticleRecord]:
    return [record for record in found.records if isinstance(record, ArticleRecord)]


def errors(found: Reading) -> list[str]:
    return [problem.describe("f") for problem in found.problems if not problem.doubt]


def column(name: str) -> list[str]:
    return [A[name], B[name]]


PLACES = {
    "a list": [A, B],
    "under any name": {"whatever": [A, B]},
    "deep": {"response": {"page": {"docs": [A, B]}}},
    "answers in an array": [{"status": "ok", "articles": [A]}, {"status": "ok", "articles": [B]}],
    "lists in a list": [[A], [B]],
    "groups": {"top_news": [{"news": [A]}, {"news": [B]}]},
    "by name": {"x1": A, "x2": B},
    "by number": {"0": A, "1": B},
    "hits": {"hits": {"hits": [{"_source": A}, {"_source": B}]}},
    "a feed": {"title": "F", "link": "https://ledger.example/", "items": [A, B]},
    "beside a feed": {"feed": {"title": "F", "url": "https://ledger.example/feed"}, "entries": [A, B]},
    "columns as lists": {name: column(name) for name in A},
    "columns by row": {name: dict(zip("01", column(name), strict=True)) for name in A},
    "columns apart": {"columns": list(A), "data": [list(A.values()), list(B.values())]},
}


@pytest.mark.parametrize("value", PLACES.values(), ids=PLACES)
def test_articles_are_found_wherever_they_stand(value: Any) -> None:
    found = reading(value)
    assert [record.title for record in records(found)] == ["A", "B"]
    assert all(record.date_quality == "exact" for record in records(found))
    assert not errors(found)


@pytest.mark.parametrize("value", PLACES.values(), ids=PLACES)
def test_an_answer_a_line(value: Any) -> None:
    found = reading(f"{json.dumps(value)}\n{json.dumps({'articles': [{**A, 'title': 'C'}]})}\n", ".jsonl")
    assert {"A", "B", "C"} >= {record.title for record in records(found)} >= {"C"}
    assert not errors(found)


@pytest.mark.parametrize(
    "value",
    [
        {"name": "x", "version": "1", "repository": {"type": "git", "url": "https://code.example/x"}},
        {"site": {"title": "S", "url": "https://x.example"}, "menu": [{"name": "Home", "url": "/"}]},
        [{"title": "no address"}],
        {"articles": []},
    ],
)
def test_what_holds_no_article_is_of_another_kind(value: Any) -> None:
    assert read(json.dumps(value).encode(), ".json") is None


def test_related_articles_are_not_taken_for_the_file_itself() -> None:
    assert [record.title for record in records(reading({**A, "related": [B]}))] == ["A"]


@pytest.mark.parametrize(
    ("change", "field", "is_"),
    [
        ({"title": {"full": "A &#8211; x"}}, "title", "A \N{EN DASH} x"),
        ({"title": {"#text": "T"}}, "title", "T"),
        ({"title": "R&amp;D"}, "title", "R&D"),
        ({"title": "About </script> and <b>x</b>"}, "title", "About </script> and <b>x</b>"),
        ({"url": [{"href": "https://ledger.example/9"}]}, "url", "https://ledger.example/9"),
        ({"url": None, "alternate": [{"href": "https://ledger.example/9"}]}, "url", "https://ledger.example/9"),
        ({"url": None, "source": "https://ledger.example/9"}, "url", "https://ledger.example/9"),
        ({"source": {"name": "Ledger", "url": "https://ledger.example"}}, "outlet_name", "Ledger"),
        ({"source": {"domain": "ledger.example"}}, "outlet_domain", "ledger.example"),
        ({"origin": {"title": "Ledger", "htmlUrl": "https://ledger.example/"}}, "outlet_name", "Ledger"),
        ({"provider": "Ledger"}, "outlet_name", "Ledger"),
        ({"category": ["world", "sea"]}, "category", "world"),
        ({"published": True}, "published", True),
        ({"image": "None"}, "images", ()),
        ({"description": {"sentences": ["One.", "Two."]}}, "excerpt", "One. Two."),
        ({"Description": "<p>Safe</p>"}, "excerpt", "Safe"),
    ],
)
def test_the_kind_of_a_value_decides(change: dict[str, Any], field: str, is_: Any) -> None:
    found = reading({"list": [{**A, **change}]})
    (record,) = records(found)
    assert getattr(record, field) == is_
    assert not errors(found)


@pytest.mark.parametrize("written", ["2021-03-01T10:00:00Z", 1614592800, {"$date": "2021-03-01T10:00:00Z"}])
def test_published_may_be_a_time(written: Any) -> None:
    (record,) = records(reading({"list": [{"title": "A", "url": A["url"], "published": written}]}))
    assert (str(record.published_at), record.published) == ("2021-03-01 10:00:00+00:00", None)


def test_what_a_publisher_took_back_is_left_out_whatever_its_address() -> None:
    found = reading({"articles": [{**A, "title": "[Removed]"}, B]})
    assert [record.title for record in records(found)] == ["B"] and not errors(found)


def test_escapes_that_json_lacks_are_read() -> None:
    found = reading(json.dumps([A, B]).replace('"A"', '"It\\\'s \\d"'))
    assert [record.title for record in records(found)] == ["It's \\d", "B"]
    assert not errors(found) and "escapes that JSON lacks" in found.notes[0]


MANY = [
    {**A, "title": f"T{number}", "images": [{"url": "https://i.example/1"}, {"url": "https://i.example/2"}]}
    for number in range(50)
]


@pytest.mark.parametrize("bad", ['"T20" x', '"T20', "T20", '"T20"}, {'])
def test_a_broken_element_of_many_costs_itself(bad: str) -> None:
    found = reading(json.dumps({"status": "ok", "list": MANY}).replace('"T20"', bad))
    titles = {record.title for record in records(found)}
    assert {f"T{number}" for number in range(50) if number not in (20, 21)} <= titles
    assert errors(found)


def test_a_file_that_is_cut_off_keeps_what_is_whole() -> None:
    text = json.dumps({"articles": MANY})
    found = reading(text[: len(text) // 2])
    assert [record.title for record in records(found)] == [f"T{n}" for n in range(len(found.records))]
    assert 20 <= len(found.records) <= 30 and len(errors(found)) == 1


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["title", "url", "data", "articles", "source", "x", "published"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(values)
def test_anything_is_read_or_is_of_another_kind(value: Any) -> None:
    read(json.dumps([value]).encode(), ".json")
    for one in articles_inside(value) or ():
        assert isinstance(one.place, str)
    like_an_article(value)


@given(values, st.integers(min_value=0, max_value=200))
def test_json_that_stops_anywhere_is_read_up_to_there(value: Any, end: int) -> None:
    parse("[" + json.dumps(value)[:end])


LINES = [json.dumps(one) for one in (A, B)]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (",\n".join(LINES) + ",\n", ""),
        ("".join(LINES), ""),
        (f"[{LINES[0][:-1]},}},{LINES[1]},]", "commas before an end"),
        (f"{LINES[0][:-1]},}}\n{LINES[1]}\n", ""),
        (f"callback([{','.join(LINES)}]);", ""),
        (f"/* news */ var news = [{','.join(LINES)}];\n", ""),
        (f")]}}',\n[{','.join(LINES)}]", ""),
    ],
    ids=[
        "commas between lines",
        "no line ends",
        "commas before an end",
        "and in lines",
        "a call",
        "a script",
        "a guard",
    ],
)
def test_what_other_programs_take_for_json(text: str, note: str) -> None:
    found = reading(text)
    assert [record.title for record in records(found)] == ["A", "B"] and not errors(found)
    assert note in "".join(found.notes) and bool(found.notes) == bool(note)


@pytest.mark.parametrize("text", ["no JSON", "news = 5", "/*" * 30_000, "a" * 60_000 + "("])
def test_a_file_of_json_without_any_is_an_error(text: str) -> None:
    (problem,) = reading_of(text.encode(), ".json").problems
    assert "it is no JSON" in problem.message


def test_titles_and_addresses_by_number_are_a_list() -> None:
    bare = {str(number): {"title": f"T{number}", "url": f"https://ledger.example/{number}"} for number in range(2)}
    assert [record.title for record in records(reading(bare))] == ["T0", "T1"]
    assert reading_of(json.dumps({"facebook": bare["0"], "twitter": bare["1"]}).encode(), ".json").problems
