"""Times in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.errors import UsageError
from newsgraph.output.times import lag_words, moment, worded_moment

NOW = datetime(2021, 3, 31, 15, 30, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7d", datetime(2021, 3, 24, 15, 30, tzinfo=UTC)),
        ("24h", datetime(2021, 3, 30, 15, 30, tzinfo=UTC)),
        ("2 weeks ago", datetime(2021, 3, 17, 15, 30, tzinfo=UTC)),
        ("1 month", datetime(2021, 2, 28, 15, 30, tzinfo=UTC)),
        ("1y", datetime(2020, 3, 31, 15, 30, tzinfo=UTC)),
        ("today", datetime(2021, 3, 31, tzinfo=UTC)),
        ("Yesterday", datetime(2021, 3, 30, tzinfo=UTC)),
        ("this week", datetime(2021, 3, 29, tzinfo=UTC)),
        (" last  week ", datetime(2021, 3, 22, tzinfo=UTC)),
        ("last month", datetime(2021, 2, 1, tzinfo=UTC)),
        ("last year", datetime(2020, 1, 1, tzinfo=UTC)),
        ("2020-06-11", datetime(2020, 6, 11, tzinfo=UTC)),
    ],
)
def test_times_that_count_from_now(text: str, expected: datetime) -> None:
    assert moment(text, "--since", now=NOW) == expected
    assert moment(text, "--since", now=NOW.astimezone(timezone(timedelta(hours=5)))) == expected


@pytest.mark.parametrize("text", ["7", "7m", "d7", "last day", "soon", "999999 years", "last", ""])
def test_what_is_no_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="7d, 24h, yesterday or last week"):
        moment(text, "--since", now=NOW)


@given(st.integers(0, 3000), st.datetimes(min_value=datetime(1900, 1, 1)))
def test_months_before_are_so_many_months_before(count: int, now: datetime) -> None:
    found = worded_moment(f"{count} months", now.replace(tzinfo=UTC))
    assert found is None or (now.year - found.year) * 12 + now.month - found.month == count
    assert found is not None or count // 12 >= now.year - 1


@given(st.floats(-1e9, 1e9))
def test_lags_are_never_longer_than_a_few_words(seconds: float) -> None:
    assert lag_words(seconds) == lag_words(-seconds) and len(lag_words(seconds).split()) <= 4
