"""Types of properties: what they take, keep and read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.graph.property_types import Type
from newsgraph.graph.schema import DOUBTS, DateQuality

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
VALUES: dict[Type, st.SearchStrategy[Any]] = {
    Type.TEXT: TEXTS,
    Type.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Type.REAL: st.floats(allow_nan=False, allow_infinity=False),
    Type.BOOLEAN: st.booleans(),
    Type.TIME: st.datetimes(timezones=st.just(UTC)),
    Type.TEXTS: st.lists(TEXTS).map(tuple),
}
ANY = st.one_of(*VALUES.values())


def test_every_type_is_tried() -> None:
    assert VALUES.keys() == set(Type)


@given(st.sampled_from(Type).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind])))
def test_a_value_stays_what_it_is(case: tuple[Type, Any]) -> None:
    kind, value = case
    does = kind.does
    assert does.convert(value) == value
    assert does.read(value) == value
    assert does.problem(value) == ""
    assert does.from_json(json.loads(json.dumps(does.to_json(value)))) == value
    assert does.are_storable([value, value]) or kind is Type.TEXTS
    assert does.are_plain([value, None]) or kind is Type.TEXTS


@given(st.sampled_from(Type), ANY)
def test_another_types_value_is_refused(kind: Type, value: Any) -> None:
    belongs = kind.does.python is type(value) or (kind.does.python is None and kind.does.convert(value) is not None)
    assert (kind.does.convert(value) is not None) == belongs
    if belongs:
        assert type(kind.does.convert(value)) is type(value)
    else:
        assert not kind.does.are_storable([value])


def test_subclasses_become_plain() -> None:
    class Kind(StrEnum):
        ARTICLE = "article"

    assert type(Type.TEXT.does.convert(Kind.ARTICLE)) is str
    assert Type.INTEGER.does.convert(True) is None


def test_times_come_in_utc() -> None:
    berlin = datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=1)))
    for time in (Type.TIME.does.convert(berlin), Type.TIME.does.read(berlin)):
        assert isinstance(time, datetime) and time == berlin and time.tzinfo is UTC
    assert Type.TIME.does.convert(datetime(2026, 3, 2)) is None
    assert Type.TIME.does.to_json(berlin) == "2026-03-02T09:00:00Z"


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        (Type.TEXT, "a\ud800", "half of a character"),
        (Type.TEXTS, ("a", "\udfff"), "half of a character"),
        (Type.INTEGER, 2**63, "beyond 64 bits"),
        (Type.REAL, float("inf"), "not a finite number"),
    ],
)
def test_what_cannot_be_kept(kind: Type, value: Any, problem: str) -> None:
    assert problem in kind.does.problem(value)
    assert not kind.does.are_storable([value])


@pytest.mark.parametrize(
    ("kind", "plain"), [(Type.TEXT, 1), (Type.TIME, "soon"), (Type.TIME, "2020-01-01"), (Type.TEXTS, "a")]
)
def test_what_json_cannot_have_come_from(kind: Type, plain: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        kind.does.from_json(plain)


def test_every_doubt_has_words() -> None:
    assert [quality for quality in DateQuality if quality.sure] == [DateQuality.EXACT, DateQuality.CORRECTED]
    assert DOUBTS.keys() == {quality.value for quality in DateQuality} - {"exact", "corrected"}
    assert all(words and words[0].islower() and not words.endswith(".") for words in DOUBTS.values())
    assert f"{DateQuality.SEEN}" == "seen"
