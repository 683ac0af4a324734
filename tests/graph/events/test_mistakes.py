"""The worst merges and splits of events against labels, and the words that caused them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.graph.events import Background, StoryText, Wrong, score, worst_mistakes

NONE = Background()


class Listed:
    """Stories of a list, as the resolver reads them."""

    def __init__(self, titles: dict[str, str]) -> None:
        self.titles = titles

    def stories(self, ids: Iterable[str]) -> Iterable[StoryText]:
        return [StoryText(id, self.titles[id], language="en") for id in ids]

    def dated(self, start: datetime, end: datetime) -> Iterable[StoryText]:
        return []

    def undated(self) -> Iterable[StoryText]:
        return self.stories(self.titles)


TITLES = {
    "a1": "Ferry runs aground off Skerrin",
    "a2": "Skerrin ferry aground with 142 on board",
    "b1": "Ferry company Orrin raises fares",
    "c1": "Kessock dam villages evacuated",
    "c2": "Thousands flee after crack in spillway",
}


def test_a_merge_is_told_with_the_words_that_both_sides_share() -> None:
    labels = {"a1": "aground", "a2": "aground", "b1": "fares"}
    (found,) = worst_mistakes(labels, dict.fromkeys(labels, "e1"), Listed(TITLES), NONE)
    assert (found.kind, found.pairs, found.label, found.other_label) == (Wrong.MERGE, 2, "aground", "fares")
    assert (found.event, found.other_event, found.story, found.other) == ("e1", "e1", "a1", "b1")
    assert found.words[0].text == "ferry"
    assert sum(term.weight for term in found.words) == pytest.approx(found.likeness, abs=1e-3)
    assert 0 < found.likeness < 1


def test_a_split_is_told_with_the_words_that_only_one_side_has() -> None:
    labels = {"c1": "dam", "c2": "dam"}
    (found,) = worst_mistakes(labels, {"c1": "e1", "c2": "e2"}, Listed(TITLES), NONE)
    assert (found.kind, found.pairs, found.label, found.other_label) == (Wrong.SPLIT, 1, "dam", "dam")
    assert {term.text for term in found.words} >= {"kessock", "spillway"}
    assert found.likeness == 0.0


def test_right_events_have_no_mistakes_and_empty_texts_no_words() -> None:
    labels = {"a1": "aground", "a2": "aground", "b1": "fares"}
    assert worst_mistakes(labels, labels, Listed(TITLES), NONE) == ()
    (found,) = worst_mistakes({"x": "1", "y": "2"}, {"x": "e", "y": "e"}, Listed({"x": "", "y": ""}), NONE)
    assert (found.words, found.likeness) == ((), 0.0)


_parts = st.dictionaries(st.sampled_from("abcdefghijklmnop"), st.tuples(*[st.sampled_from("0123")] * 2), max_size=16)


@given(_parts)
def test_pairs_are_those_of_a_count_pair_by_pair(told: dict[str, tuple[str, str]]) -> None:
    labels = {story: label for story, (label, _) in told.items()}
    events = {story: event for story, (_, event) in told.items()}
    together = Counter((labels[a] == labels[b], events[a] == events[b]) for a, b in combinations(sorted(told), 2))
    right, merged, split = together[True, True], together[False, True], together[True, False]
    found = score(labels, events)
    assert found.pair_precision == (right / (right + merged) if right + merged else 0)
    assert found.pair_recall == (right / (right + split) if right + split else 0)
    alone = score(labels, {story: story for story in told})
    assert found.alone_f1 == pytest.approx(alone.f1)
    worst = worst_mistakes(labels, events, Listed(dict.fromkeys(told, "")), NONE)
    counted = {kind: [one.pairs for one in worst if one.kind is kind] for kind in Wrong}
    assert all(pairs == sorted(pairs, reverse=True) and len(pairs) <= 10 for pairs in counted.values())
    if len(counted[Wrong.MERGE]) < 10:
        assert sum(counted[Wrong.MERGE]) == merged
    if len(counted[Wrong.SPLIT]) < 10:
        assert sum(counted[Wrong.SPLIT]) == split
