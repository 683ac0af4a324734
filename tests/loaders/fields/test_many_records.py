"""Many articles read at once: the same records, problems and unknown names as one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from newsgraph.loaders.fields import many_records
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.fields.dialect import Dialect, RecordReader
from newsgraph.loaders.fields.many_records import ManyRecords
from newsgraph.loaders.fields.times import TimeHints, exact_time, parse_time
from newsgraph.loaders.formats.feeds import DIALECT as FEED
from newsgraph.loaders.formats.tables import DIALECT as TABLE

ADDRESSES = st.sampled_from(
    ("https://a.example/1", "http://www.A.example/1/?utm_source=x", "https://a.example/2", "/relative", "a.example/3",
    "n/a", "ftp://a.example/1", "https://a b.example", "https://", "  https://a.example/4 ", "https://a.example/5&amp;b",
    "https://a.example/6 https://a.example/7")
)  # fmt: skip
TIMES = st.sampled_from(
    ("2021-03-01T10:00:00Z", "Mon, 01 Mar 2021 10:00:00 GMT", "2021-03-01", "2021-03-01 10:00", "3/1/2021", "soon",
    "1970-01-01T00:00:00Z", "2021-02-30T10:00:00Z", "10 Jun 2020 10:00 CST", "1614592800", "true",
    "0001-01-01T00:00:00Z")
)  # fmt: skip
WORDS = st.sampled_from(
    ("World", "two  blanks", " edges ", "nan", "N/A", "[Removed]", "", "a\tb\n\x01c", "\ud800", "en", "yes", "7", "7.5",
    "a; b", "By Ann Lee, Reuters", "Ä\N{EM DASH}s")
)  # fmt: skip
PICTURES = st.sampled_from(
    ("https://i.example/1.jpg", "data:image/png;base64,AA", "yes", "/1.jpg", "no address at all"),
) | st.fixed_dictionaries({"url": ADDRESSES}, optional={"width": WORDS, "cached": WORDS, "strange": WORDS})
VALUES: st.SearchStrategy[Any] = st.one_of(
    ADDRESSES, TIMES, WORDS, st.none(), st.booleans(), st.integers(-3, 3), st.lists(WORDS, max_size=2),
    st.lists(PICTURES, max_size=2), st.dictionaries(st.sampled_from(("name", "url", "images")), WORDS, max_size=2),
)  # fmt: skip


def articles(dialect: Dialect) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Lists of articles by the names of a dialect, most of them as they should be."""
    title, url, time = dialect.fields["title"][0], dialect.fields["url"][0], dialect.time[0]
    names = sorted({*dialect.known, "strange"} - {""})
    usual = st.fixed_dictionaries(
        {title: st.just("A dam broke") | WORDS, url: st.just("https://a.example/0") | ADDRESSES, time: TIMES}
    )
    return st.lists(
        st.builds(
            lambda one, more: {**one, **more}, usual, st.dictionaries(st.sampled_from(names), VALUES, max_size=4)
        ),
        min_size=many_records._FEW,
        max_size=9,
    )


@given(
    st.sampled_from((GENERAL, TABLE, FEED)).flatmap(lambda one: st.tuples(st.just(one), articles(one))),
    st.sampled_from(("", "DMY")),
    st.booleans(),
)
@example((TABLE, [{}, {}, {}, {}]), "", True)
def test_articles_read_at_once_are_as_if_read_one_by_one(
    told: tuple[Dialect, list[dict[str, Any]]], order: str, on_lines: bool
) -> None:
    dialect, listed = told
    single, many = (RecordReader(dialect, hints=lambda: TimeHints(order=order)) for _ in range(2))
    places = [("", number) if on_lines else (f"articles[{number}].", None) for number in range(len(listed))]
    expected = [single.read(one, *place) for one, place in zip(listed, places, strict=True)]
    together = ManyRecords(many)
    if on_lines and not any("strange" in one for one in listed):
        names = set().union(*listed)
        together.add_columns({name: [one.get(name) for one in listed] for name in names}, range(len(listed)))
    else:
        for one, place in zip(listed, places, strict=True):
            together.add(one, *place)
    records = together.read()
    assert records == [record for record in expected if record is not None]
    assert repr(records) == repr([record for record in expected if record is not None])  # True is no 1
    assert [one.spellings for one in records] == [replace(one).spellings for one in records], (
        "they are found anew in a copy"
    )
    assert list(many.problems) == list(single.problems)
    assert many.unknown == single.unknown


@given(
    TIMES
    | st.datetimes(datetime(1, 1, 1)).map(str)
    | st.datetimes(datetime(1, 1, 1)).map("{:%Y-%m-%dT%H:%M:%SZ}".format)
)
def test_an_exact_time_is_exact_whatever_the_hints_are(text: str) -> None:
    time = exact_time(text)
    if time is not None:
        assert time.tzinfo is UTC
        for hints in (TimeHints(), TimeHints("US", "en", "MDY", zone="UTC")):
            assert parse_time(text, hints) == (time, "exact", "")
