"""How sure it is that the first was first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.graph.batch import Batch, Edge
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.ask import ask
from newsgraph.queries.statistics.ranking import (
    StoryOnEvent,
    confidence,
    could_be_earlier,
    fit_chance,
    order_of_coverage,
)
from tests.queries.corpora import START, Told, fill


def on(
    name: str,
    hours: float | None,
    quality: str = "exact",
    fit: float | None = 0.8,
    copy: bool = False,
    weak: bool = False,
) -> StoryOnEvent:
    time = None if hours is None else START + timedelta(hours=hours)
    return StoryOnEvent("e", None, f"{name}.example", None, name, None, None, time, quality, copy, fit, weak)


def sureness(*stories: StoryOnEvent) -> float | None:
    return confidence(order_of_coverage(stories), stories)


def test_without_doubts_it_is_the_chance_that_the_fit_gives() -> None:
    assert (
        sureness(on("a", 0, fit=0.9), on("b", 1, fit=0.5))
        == pytest.approx(fit_chance(0.9))
        == pytest.approx(0.916, abs=1e-3)
    )
    # Of tied firsts, the one that fits best.
    assert sureness(on("a", 0, fit=0.2), on("b", 0, fit=0.6)) == pytest.approx(fit_chance(0.6))


def test_each_doubt_takes_its_part() -> None:
    plain = fit_chance(0.8)
    pair = (on("a", 5), on("b", 6))
    assert sureness(*pair, on("w", 1, fit=0.1, weak=True)) == pytest.approx(plain * 7 / 8)
    assert sureness(*pair, on("w", 9, fit=0.1, weak=True)) == pytest.approx(plain)
    assert sureness(*pair, on("c", 1, fit=0.5, copy=True)) == pytest.approx(plain * (1 - fit_chance(0.5)))
    assert sureness(*pair, on("u", None, "missing")) == pytest.approx(plain * 2 / 3)
    assert sureness(*pair, on("u", 3, "date_only"), on("v", 2, "seen")) == pytest.approx(plain * 2 / 4)
    assert sureness(*pair, on("u", 40, "date_only")) == pytest.approx(plain)
    assert sureness(on("u", 1, "date_only"), on("v", 2, "date_only")) == pytest.approx(plain / 2)


def test_there_is_none_where_there_is_nothing_to_be_sure_of() -> None:
    assert sureness() is None
    assert sureness(on("a", 0)) is None
    assert sureness(on("a", 0, fit=None), on("b", 1, fit=None)) is None
    assert sureness(on("a", 0, copy=True), on("b", 1, copy=True)) is None


_quality = st.sampled_from(["exact", "corrected", "date_only", "no_zone", "missing", "seen"])
_stories = st.lists(
    st.builds(
        on,
        st.sampled_from("abcdefgh"),
        st.one_of(st.none(), st.integers(0, 60)),
        _quality,
        st.floats(0, 1),
        st.booleans(),
        st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.story_id,
)


@given(_stories)
def test_it_is_a_chance_and_a_further_doubt_never_makes_it_surer(stories: list[StoryOnEvent]) -> None:
    before = sureness(*stories)
    assert before is None or 0 < before < 1
    if before is not None and any(story.sure for story in stories):
        after = sureness(*stories, on("zz", None, "missing"))
        assert after is not None and after < before


@pytest.mark.parametrize(
    ("hours", "quality", "could"),
    [(None, "missing", True), (23, "date_only", True), (24, "date_only", False), (19, "no_zone", True),
     (20, "no_zone", False), (90, "seen", True), (90, "future", True)],
)  # fmt: skip
def test_what_could_be_earlier(hours: float | None, quality: str, could: bool) -> None:
    time = None if hours is None else START + timedelta(hours=hours)
    assert could_be_earlier(time, quality, START + timedelta(hours=6)) is could


def test_the_questions_show_it_and_never_name_a_weak_fit_first(store: Store) -> None:
    told = [Told("w", "w.example", "e", 0), Told("a", "a.example", "e", 1), Told("b", "b.example", "e", 2)]
    fill(store, told)
    store.write(Batch(edges=[Edge("COVERS", told[0].id, "e", {"score": 0.1, "weak_fit": True})]))
    rows = {row.outlet: row for row in ask(store, "first-to-cover", event="e")}
    expected = fit_chance(1.0) * 7 / 8
    assert [rows[f"{name}.example"].rank for name in "wab"] == [None, 1, 2]
    assert rows["a.example"].confidence == pytest.approx(expected, abs=1e-4)
    assert rows["b.example"].confidence is None and rows["w.example"].confidence is None
    (event,) = ask(store, "events")
    assert (event.first_outlet, event.weak_fit) == ("a.example", 1)
    assert event.confidence == pytest.approx(expected, abs=1e-4)
