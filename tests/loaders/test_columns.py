"""Articles that come as columns give the same graph and the same messages as the same articles one by one."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from newsgraph.graph.batch import MadeTexts
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.fields import many_records
from newsgraph.loaders.fields.many_records import ManyRecords
from newsgraph.loaders.load import load
from newsgraph.loaders.merging.record_json import json_of, records_of
from newsgraph.loaders.record_columns import RecordColumns, articles, stories_told
from newsgraph.loaders.records import ArticleRecord, ImageRecord, Record, TopicRecord
from tests.loaders.snapshots import snapshot

NOW = datetime(2021, 6, 1, tzinfo=UTC)
NAMES = (
    "title",
    "url",
    "amp_url",
    "published_at",
    "outlet_name",
    "outlet_domain",
    "topics",
    "image",
    "authors",
    "credit",
)
#: Few addresses, so that many rows tell of one story: by one spelling, by another, or through a third row.
ADDRESSES = (
    "https://a.example/1", "http://www.a.example/1/?utm_source=x", "https://a.example/amp/1", "https://a.example/2",
    "https://b.example/3", "https://b.example/4", "b.example/5", "https://c.example/6 https://c.example/7", "/relative",
    "n/a", "ftp://a.example/1", "https://a b.example", "https://www.google.com/url?q=https://a.example/2",
    "https://factiva.com/1",
)  # fmt: skip
CELLS: dict[str, st.SearchStrategy[str]] = {
    "title": st.sampled_from(("A dam broke", "A bank fails", "(Reuters) - A dam", "two  blanks", "[Removed]", "")),
    "url": st.sampled_from(ADDRESSES),
    "amp_url": st.sampled_from(("", "", *ADDRESSES)),
    "published_at": st.sampled_from(
        ("2021-03-01T10:00:00Z", "2021-03-02T10:00:00Z", "2021-03-01", "3/1/2021", "2031-01-01T00:00:00Z", "soon", "",
        "2021-02-30T10:00:00Z", "9999-12-31T00:00:00Z")
    ),
    "outlet_name": st.sampled_from(("", "A", "AP", "nan", "Ä\N{EM DASH}s")),
    "outlet_domain": st.sampled_from(("", "a.example", "b.example")),
    "topics": st.sampled_from(("", "World", "World; Sport", "['World', 'Arts']")),
    "image": st.sampled_from(("", "https://i.example/1.jpg", "https://i.example/2.jpg", "no address")),
    "authors": st.sampled_from(("", "By Ann Lee", "Ann Lee, Reuters")),
    "credit": st.sampled_from(("", "dpa", "{'name': 'dpa'}")),
}  # fmt: skip
ROWS = st.lists(st.tuples(*(CELLS[name] for name in NAMES), st.integers(1, len(NAMES))), min_size=1, max_size=9)


def as_table(rows: Sequence[tuple[Any, ...]]) -> tuple[str, str]:
    """A table, some of whose rows are shorter than its header."""
    text = io.StringIO()
    csv.writer(text).writerows([NAMES, *(row[: max(2, row[-1])] for row in rows)])
    return ".csv", text.getvalue()


def as_lines(rows: Sequence[tuple[Any, ...]]) -> tuple[str, str]:
    """JSON lines without the empty values."""
    named = ({name: value for name, value in zip(NAMES, row, strict=False) if value} for row in rows)
    return ".jsonl", "".join(json.dumps(one) + "\n" for one in named)


@contextmanager
def one_by_one() -> Iterator[None]:
    """Reads each article by itself, and lets the load have records."""
    read: Callable[[ManyRecords], RecordColumns] = ManyRecords.read
    with patch.object(many_records, "_FEW", 10**9), patch.object(ManyRecords, "read", lambda self: tuple(read(self))):
        yield


def told(states: Sequence[dict[str, tuple[str, str]]]) -> list[tuple[Any, ...]]:
    """What the store holds after each state of a folder was loaded, and what the load said."""
    found = []
    with tempfile.TemporaryDirectory() as scratch, open_store("networkx:") as store:
        folder = Path(scratch, "f")
        folder.mkdir()
        for state in states:
            for old in folder.iterdir():
                old.unlink()
            for name, (ending, text) in state.items():
                (folder / (name + ending)).write_text(text, encoding="utf-8", newline="")
            report = load(store, [folder], now=NOW)
            said = [line.replace(scratch, "") for line in (*report.errors, *report.notes)]
            found.append((snapshot(store), said, report.doubts, report.changed_stories, report.stories_added))
    return found


@settings(max_examples=25)
@given(
    st.lists(
        st.dictionaries(st.sampled_from("ab"), st.one_of(ROWS.map(as_table), ROWS.map(as_lines)), min_size=1),
        min_size=1,
        max_size=2,
    )
)
def test_columns_give_what_records_give(states: list[dict[str, tuple[str, str]]]) -> None:
    by_columns = told(states)
    with one_by_one():
        assert told(states) == by_columns


def test_a_row_that_nothing_else_tells_is_no_record_of_its_own() -> None:
    rows = [
        ("A dam broke", f"https://a.example/{number}", "", "2021-03-01T10:00:00Z", *[""] * 6, 10) for number in range(9)
    ]
    with (
        patch.object(RecordColumns, "numbered", side_effect=lambda places: iter(())) as made,
        patch.object(RecordColumns, "__iter__", side_effect=AssertionError("all records are made")),
    ):
        ((snapshot_, *_, added),) = told([{"a": as_table(rows)}])
    assert added == 9
    assert snapshot_
    assert [list(call.args[0]) for call in made.call_args_list] == [[]]


RECORD = ArticleRecord(
    "A dam broke", url="https://a.example/1", related=(ArticleRecord("B", url="https://b.example/2"),)
)
OTHER = ArticleRecord(
    "C", url="https://www.c.example/3", topics=("World",), images=(ImageRecord("https://i.example/1"),)
)


def columns_of(records: Sequence[ArticleRecord]) -> RecordColumns:
    columns = RecordColumns()
    for record in records:
        columns.append(record)
    return columns


def test_columns_are_a_sequence_of_their_records() -> None:
    records = [RECORD, OTHER, replace(OTHER, title="D")]
    columns = columns_of(records)
    assert columns == records
    assert columns != records[:2]
    assert list(columns) == [columns[0], columns[1], columns[-1]] == records
    assert columns[1:] == records[1:]
    assert repr(columns) == repr(records)
    assert [one.spellings for one in columns[1:]] == [("https://c.example/3",)] * 2
    assert columns.column("topics") == [(), ("World",), ("World",)]
    assert list(columns.column("heat")) == [None, None, None]
    assert columns.with_related() == [0]
    assert list(columns.numbered([2, 0])) == [(2, records[2]), (0, RECORD)]
    with pytest.raises(IndexError):
        columns[3]


@pytest.mark.parametrize("number", [0, 1, 2, 200, 201, 401])
def test_records_are_written_alike_in_columns_and_one_by_one(number: int) -> None:
    records: list[Record] = [replace(OTHER, heat=place) for place in range(number)]
    text = json_of(columns_of(articles(records)))
    assert text == json_of(records)
    assert records_of(text, "f/a") == tuple(records)


def test_stories_are_counted_with_their_related_ones() -> None:
    assert stories_told([RECORD, TopicRecord("topic", "World"), OTHER]) == 3
    assert stories_told(columns_of([RECORD, OTHER])) == 3
    assert stories_told(RecordColumns()) == 0


def test_made_texts_are_made_each_time() -> None:
    made: list[int] = []

    def make(number: int) -> str:
        made.append(number)
        return f"text {number}"

    texts = MadeTexts([partial(make, number) for number in range(3)])
    assert len(texts) == 3
    assert texts[1] == "text 1"
    assert texts[1:] == ["text 1", "text 2"]
    assert list(texts) == ["text 0", "text 1", "text 2"]
    assert made == [1, 1, 2, 0, 1, 2]
