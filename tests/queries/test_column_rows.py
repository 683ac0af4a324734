"""Rows that are held as columns are what rows are everywhere else."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.queries.answer import Answer, ColumnRows, Found, column, sorted_by


@dataclass(frozen=True, slots=True)
class Pair:
    """A row."""

    name: str = column("a name")
    number: int | None = column("a number")


PAIRS = st.lists(st.builds(Pair, st.sampled_from("abc"), st.none() | st.integers(0, 3)), max_size=8)


def in_columns(rows: list[Pair]) -> ColumnRows[Pair]:
    return ColumnRows(Pair, [[row.name for row in rows], [row.number for row in rows]])


@given(rows=PAIRS, limit=st.none() | st.integers(0, 9))
def test_answers_alike(rows: list[Pair], limit: int | None) -> None:
    held, plain = (Answer("pairs", Pair, Found(found), {}, limit=limit) for found in (in_columns(rows), rows))
    assert list(held) == list(plain) and len(held) == len(plain)
    assert (held.total, held.cut) == (plain.total, plain.cut)
    assert held[1:3] == plain[1:3] and held[::-1] == plain[::-1]
    assert list(held.cells()) == list(plain.cells()) and held.to_dicts() == plain.to_dicts()
    if plain:
        assert held[0] == plain[0] and held[-1] == plain[-1]
    with pytest.raises(IndexError):
        held[len(plain)]


@given(rows=PAIRS, sort=st.sampled_from(["name", "-name", "number", "-number"]))
def test_sorts_alike(rows: list[Pair], sort: str) -> None:
    assert sorted_by(in_columns(rows), ["name", "number"], sort) == sorted_by(rows, ["name", "number"], sort)
