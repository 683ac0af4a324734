"""Times in all their spellings: the right instant and how sure it is, and never an exact one that is none."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsgraph.loaders.fields.date_words import FILLERS, meaning, plain
from newsgraph.loaders.fields.times import TimeHints, parse_time
from newsgraph.loaders.fields.worded_times import worded_time
from newsgraph.loaders.fields.zones import country_of_domain, country_of_language, is_zone

LINES = Path(__file__).with_name("spellings.txt").read_text("utf-8").splitlines()
TABLE = [tuple(line.rsplit(" | ", 1)) for line in LINES if not line.startswith("#")]


def as_said(written: str, hints: TimeHints | None = None) -> str:
    """Time and quality as the table has them."""
    found = parse_time(written, hints or TimeHints())
    time = "-" if found.time is None else found.time.replace(tzinfo=None).isoformat()
    assert found.time is None or found.time.tzinfo is UTC
    return f"{time} {found.quality}"


def test_the_table_is_large() -> None:
    assert len(TABLE) == len({written for written, *_ in TABLE}) >= 250


@pytest.mark.parametrize(("written", "said"), TABLE, ids=[written for written, _ in TABLE])
def test_a_spelling(written: str, said: str) -> None:
    assert as_said(written) == said


@pytest.mark.parametrize(
    ("written", "said", "hints"),
    [
        ("Mon, 01 Mar 2021 10:00:00 CST", "2021-03-01T16:00:00 exact", TimeHints(country="US")),
        ("Mon, 01 Mar 2021 10:00:00 CST", "2021-03-01T02:00:00 exact", TimeHints(country="CN")),
        ("Mon, 01 Mar 2021 10:00:00 IST", "2021-03-01T04:30:00 exact", TimeHints(country="IN")),
        ("Mon, 01 Mar 2021 10:00:00 IST", "2021-03-01T08:00:00 exact", TimeHints(country="IL")),
        ("Mon, 01 Mar 2021 10:00:00 IST", "2021-03-01T10:00:00 no_zone", TimeHints(country="FR")),
        ("Mon, 01 Mar 2021 10:00:00 BST", "2021-03-01T04:00:00 exact", TimeHints(country="BD")),
        ("Mon, 01 Mar 2021 10:00:00 EST", "2021-03-01T00:00:00 exact", TimeHints(country="AU")),
        ("3/1/2021", "2021-03-01T00:00:00 date_only", TimeHints(country="US")),
        ("3/1/2021", "2021-01-03T00:00:00 date_only", TimeHints(country="GB")),
        ("3/1/2021", "2021-01-03T00:00:00 date_only", TimeHints(language="fr")),
        ("3/1/2021", "- impossible", TimeHints(language="en")),
        ("3/1/2021", "2021-03-01T00:00:00 date_only", TimeHints(country="GB", order="MDY")),
        ("21/03/01", "2021-03-01T00:00:00 date_only", TimeHints(order="YMD")),
        ("2021-03-01 10:00", "2021-03-01T10:00:00 exact", TimeHints(zone="UTC")),
        ("March 1, 2021 10:00", "2021-03-01T10:00:00 exact", TimeHints(zone="UTC")),
        ("March 1, 2021 10:00 CST", "2021-03-01T10:00:00 no_zone", TimeHints(zone="UTC")),
        ("1 listopada 2021", "2021-11-01T00:00:00 date_only", TimeHints(language="pl")),
        ("1 listopada 2021", "2021-10-01T00:00:00 date_only", TimeHints(language="hr")),
        ("1 srp 2021", "2021-08-01T00:00:00 date_only", TimeHints(language="cs")),
    ],
)
def test_what_stands_around_decides(written: str, said: str, hints: TimeHints) -> None:
    assert as_said(written, hints) == said


def test_hints_are_only_asked_for_where_they_count() -> None:
    def never() -> TimeHints:
        raise AssertionError

    assert parse_time("2021-03-01T10:00:00Z", never).quality == "exact"
    assert parse_time("2021-03-01", never).quality == "date_only"
    assert parse_time("Mon, 01 Mar 2021 10:00:00 GMT", never).quality == "exact"


def test_countries_of_tags_and_addresses() -> None:
    assert [country_of_language(tag) for tag in ("en-GB", "en_us", "hi", "en", "zh-Hans-CN")] == [
        "GB",
        "US",
        "IN",
        "",
        "CN",
    ]
    given = (
        "https://a.co.uk/x",
        "http://b.in:80/y",
        "https://c.com/",
        "https://d.io/",
        "https://e.com.co",
        "https://f.eu",
    )
    assert [country_of_domain(one) for one in given] == ["GB", "IN", "", "", "CO", ""]


WHOLE = st.datetimes(datetime(1971, 1, 2), datetime(2100, 1, 1)).map(lambda one: one.replace(microsecond=0))
FORMS = (
    "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S UTC", "%a, %d %b %Y %H:%M:%S GMT", "%a, %d %b %Y %H:%M:%S +0000",
    "%A, %B %d, %Y %I:%M:%S %p GMT", "%d %B %Y, %H:%M:%S UTC", "%a %b %d %H:%M:%S UTC %Y", "%Y%m%dT%H%M%SZ",
    "%H:%M:%S GMT, %d %b %Y", "%Y/%m/%d %H:%M:%S +00:00", "%d.%m.%Y %H:%M:%S Z", "%G-W%V-%uT%H:%M:%SZ",
    "%Y-%jT%H:%M:%SZ",
)  # fmt: skip


@given(WHOLE, st.sampled_from(FORMS))
def test_a_time_written_in_any_form_is_that_time(time: datetime, form: str) -> None:
    assert parse_time(time.strftime(form))[:2] == (time.replace(tzinfo=UTC), "exact")


@given(WHOLE, st.integers(-12 * 60, 14 * 60))
def test_any_offset_is_taken_off(time: datetime, minutes: int) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    for form in ("{:%Y-%m-%dT%H:%M:%S}{}{:02}:{:02}", "{:%a, %d %b %Y %H:%M:%S} {}{:02}{:02}"):
        found = parse_time(form.format(time, sign, hours, rest))
        assert found[:2] == (time.replace(tzinfo=UTC) - timedelta(minutes=minutes), "exact")


def known(word: str) -> bool:
    """Whether the word says something in a date, or is one of those that say nothing."""
    word = unicodedata.normalize("NFKC", word)
    return (
        plain(word) in FILLERS or meaning(plain(word)) is not None or not plain(word) or is_zone(word.upper())
        or any(is_zone(part.upper()) for part in word.split("."))
    )  # fmt: skip


JUNK = st.text(st.characters(categories=("Ll", "Lu", "Lo")), min_size=1, max_size=12).filter(lambda one: not known(one))


@settings(max_examples=400, deadline=None)
@given(WHOLE, st.sampled_from(FORMS), JUNK, st.booleans())
@example(datetime(2021, 3, 1, 10), FORMS[0], "foo", True)
@example(datetime(2021, 3, 1, 10), FORMS[2], "updated", False)
@example(datetime(2000, 1, 1), FORMS[0], "\u013f", False)  # compatible with L and a middle dot; L can be a Saturday
@example(datetime(1984, 2, 16), FORMS[0], "\u0149", False)  # with an apostrophe and n, which can be a Thursday
def test_a_word_that_nobody_understands_makes_no_time_exact(time: datetime, form: str, junk: str, before: bool) -> None:
    written = time.strftime(form)
    found = parse_time(f"{junk} {written}" if before else f"{written} {junk}")
    assert found.quality != "exact", found
    # It is that time, unless the word made it none; no other day is made of it.
    assert found.time is None or abs(found.time - time.replace(tzinfo=UTC)) <= timedelta(hours=14)


@pytest.mark.parametrize(
    ("written", "quality"),
    [
        ("Mon \u00b7 1 Mar 2021 \u00b7 10:00 UTC", "exact"),
        ("Mon 1\u00b7Mar\u00b72021\u00b710:00\u00b7UTC", "exact"),
        ("1 Mar \u02bc21", "date_only"),
        ("1 Mar\u00b7 2021", "doubtful"),
        ("\u013f 2000-01-01T00:00:00Z", "doubtful"),
        ("2000-01-01T00:00:00Z L\u00b7", "doubtful"),
        ("1984-02-16T00:00:00Z \u02bcn", "doubtful"),
    ],
)
def test_a_sign_between_words_and_a_sign_that_is_a_part_of_a_letter(written: str, quality: str) -> None:
    assert parse_time(written).quality == quality


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"[0-9A-Za-z:,./+ -]{1,40}", fullmatch=True))
def test_any_text_gives_a_time_or_none_and_never_an_error(text: str) -> None:
    found = parse_time(text)
    assert (found.time is None) == (found.quality in ("missing", "impossible"))
    assert found.time is None or found.time.year >= 1600


@given(WHOLE, st.sampled_from(FORMS))
def test_the_fast_forms_are_read_as_the_complete_reader_reads_them(time: datetime, form: str) -> None:
    written = time.strftime(form)
    assert worded_time(written)[:2] == parse_time(written)[:2] or form == "%Y%m%dT%H%M%SZ"
