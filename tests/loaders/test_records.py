"""Records: what their JSON keeps, what isn't read from it, and that values of other types are found."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import NODEFAULT
from msgspec.structs import fields

from newsgraph.errors import StoreFormatError
from newsgraph.loaders.merging.describing import _said_of_image, said_text
from newsgraph.loaders.merging.record_json import json_of, records_of
from newsgraph.loaders.record_types import check_types
from newsgraph.loaders.records import ArticleRecord, EntityRecord, ImageRecord, OutletRecord, Record, TopicRecord

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
MAYBE = st.none() | TEXT
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
IMAGES = st.builds(
    ImageRecord, TEXT, st.none() | st.integers(), st.none() | st.integers(), st.none() | st.booleans(), MAYBE
)
ENTITIES = st.builds(EntityRecord, TEXT, st.sampled_from(("person", "organisation", "place")), MAYBE)


def articles(related: st.SearchStrategy[tuple[ArticleRecord, ...]]) -> st.SearchStrategy[ArticleRecord]:
    return st.builds(
        ArticleRecord,
        title=TEXT,
        excerpt=MAYBE,
        url=MAYBE,
        published_at=st.none() | st.datetimes().map(lambda time: time.replace(tzinfo=UTC, fold=0)),
        date_quality=st.sampled_from(("exact", "missing", "date_only")),
        quality=st.none() | st.integers(),
        published=st.none() | st.booleans(),
        authors=TEXTS,
        entities=st.lists(ENTITIES, max_size=2).map(tuple),
        topics=TEXTS,
        images=st.lists(IMAGES, max_size=2).map(tuple),
        related=related,
    )


RECORDS: st.SearchStrategy[Record] = (
    articles(st.lists(articles(st.just(())), max_size=2).map(tuple))
    | st.builds(OutletRecord, st.just("outlet"), TEXT, MAYBE, MAYBE)
    | st.builds(TopicRecord, st.just("topic"), TEXT, TEXTS, TEXTS)
)


@given(st.lists(RECORDS, max_size=3))
def test_what_is_kept_as_json_comes_back(records: list[Record]) -> None:
    text = json_of(records)
    found = records_of(text, "a/b.md")
    assert list(found) == records
    assert repr(found) == repr(tuple(records))  # True is no 1
    assert json_of(found) == text
    assert json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")) == text
    check_types(records)


def test_the_json_leaves_out_what_is_as_usual() -> None:
    record = ArticleRecord(
        title='Äh "so"\n\x01',
        url="https://a.example/1",
        published_at=datetime(2020, 6, 11, 14, 30, 0, 120, UTC),
        date_quality="exact",
        published=False,
        images=(ImageRecord("https://a.example/1.jpg", width=0),),
    )
    assert json_of([record]) == (
        '[{"title":"Äh \\"so\\"\\n\\u0001","url":"https://a.example/1","published_at":"2020-06-11T14:30:00.000120Z",'
        '"date_quality":"exact","published":false,"images":[{"url":"https://a.example/1.jpg","width":0}]}]'
    )


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", '[{"title":"a","colour":"red"}]', '[{"title":"a","published_at":"soon"}]', "[{}]"]
)
def test_other_json_is_an_error_that_names_the_source(text: str) -> None:
    with pytest.raises(StoreFormatError, match=r"a/b\.md"):
        records_of(text, "a/b.md")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", None),
        ("title", 5),
        ("excerpt", b"text"),
        ("quality", True),
        ("published", 1),
        ("published_at", datetime(2020, 6, 11)),
        ("published_at", datetime(2020, 6, 11, tzinfo=timezone(timedelta(hours=2)))),
        ("topics", ["World"]),
        ("topics", ("World", 5)),
        ("images", ("https://a.example/1.jpg",)),
        ("images", (ImageRecord("https://a.example/1.jpg", width="640"),)),  # type: ignore[arg-type]  # the point
        ("entities", (EntityRecord("Ann", "robot"),)),  # type: ignore[arg-type]  # the point
    ],
)
def test_values_of_other_types_are_found(field: str, value: Any) -> None:
    values: dict[str, Any] = {"title": "a", "url": "https://a.example/1", field: value}
    with pytest.raises(TypeError):
        check_types([ArticleRecord(**values)])
    with pytest.raises(TypeError):
        check_types([ArticleRecord("b", url="https://a.example/2", related=(ArticleRecord(**values),))])


def test_json_is_as_others_read_it() -> None:
    assert json.loads(json_of([TopicRecord("topic", "World", parents=("News",))])) == [
        {"page": "topic", "name": "World", "parents": ["News"]}
    ]


@pytest.mark.parametrize("kind", [ArticleRecord, EntityRecord, ImageRecord, OutletRecord, TopicRecord])
def test_defaults_are_those_that_the_json_leaves_out(kind: type[Any]) -> None:
    defaults = {one.name: one.default for one in fields(kind) if one.default is not NODEFAULT}
    assert defaults.pop("date_quality", "missing") == "missing"
    assert all(default is None or default == () for default in defaults.values())


@given(IMAGES)
def test_what_a_picture_is_said_to_be_is_json_with_sorted_names(image: ImageRecord) -> None:
    facts = {"cached": image.cached, "height": image.height, "url": image.url, "width": image.width}
    assert _said_of_image(image) == said_text(facts)
