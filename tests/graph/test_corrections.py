"""What decisions ask of events, and which of two that contradict each other holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.errors import StoreFormatError
from newsgraph.graph.corrections import Conflict, Corrections, Decision, Kind, constraints_of

SAME = {name: name for name in "abcdefgh"}


def taken(*decisions: Decision) -> tuple[set[tuple[str, str]], set[tuple[str, str]], tuple[Conflict, ...]]:
    found = constraints_of(Corrections(decisions), SAME)
    return set(found.together), set(found.apart), found.conflicts


def join(*stories: str) -> Decision:
    return Decision(Kind.JOIN, stories)


def apart(one: str, other: str) -> Decision:
    return Decision(Kind.SPLIT, (one,), apart=(other,))


def test_the_later_of_two_that_contradict_each_other_holds() -> None:
    assert taken(join("a", "b"), join("b", "c"), apart("a", "c")) == ({("b", "c")}, {("a", "c")}, (Conflict(1, 3),))
    assert taken(apart("a", "c"), join("a", "b"), join("b", "c")) == (
        {("a", "b"), ("b", "c")},
        set(),
        (Conflict(1, 3),),
    )
    assert taken(join("a", "b"), apart("a", "b"))[2] == (Conflict(1, 2),)


def test_a_move_overrules_an_earlier_move() -> None:
    first = Decision(Kind.MOVE, ("a",), to="b", apart=("c",))
    second = Decision(Kind.MOVE, ("a",), to="d", apart=("b",))
    together, parted, conflicts = taken(first, second)
    assert together == {("a", "d")} and {("a", "b"), ("a", "c")} <= parted
    assert conflicts == (Conflict(1, 2),)


def test_of_two_names_for_one_event_the_later_holds() -> None:
    one, other = (Decision(Kind.RENAME, ("a",), value=name) for name in ("One", "Other"))
    found = constraints_of(Corrections((one, other)), SAME)
    assert found.names == (("a", "Other", 2),) and found.conflicts == (Conflict(1, 2),)
    assert not constraints_of(Corrections((one, one)), SAME).conflicts


def test_stories_of_different_labels_are_apart_and_a_later_move_stands_above_them() -> None:
    labels = Decision(Kind.LABEL, ("a", "b"), value="x"), Decision(Kind.LABEL, ("c", "d"), value="y")
    found = constraints_of(Corrections(labels), SAME)
    assert found.labels == {"a": "x", "b": "x", "c": "y", "d": "y"}
    assert {(story, name) for story, name, _ in found.names} >= {("a", "x"), ("c", "y")}
    assert constraints_of(Corrections((*labels, join("a", "c"))), SAME).conflicts
    moved = Corrections((*labels, Decision(Kind.MOVE, ("a",), to="c", apart=("b",))))
    found = constraints_of(moved, SAME)
    assert found.labels["a"] == "y" and found.labels["b"] == "x"


def test_what_is_left_out_is_joined_to_nothing_unless_later() -> None:
    out = Decision(Kind.LEAVE_OUT, ("a",))
    found = constraints_of(Corrections((join("a", "b"), out)), SAME)
    assert set(found.left_out) == {"a"} and not found.together and found.conflicts == (Conflict(1, 2),)
    found = constraints_of(Corrections((out, join("a", "b"))), SAME)
    assert not found.left_out and set(found.together) == {("a", "b")} and found.conflicts == (Conflict(1, 2),)


def test_copies_go_in_no_circle() -> None:
    one, other = Decision(Kind.COPY, ("a",), to="b"), Decision(Kind.COPY, ("b",), to="a")
    assert constraints_of(Corrections((one, other)), SAME).copies == {"b": "a"}
    cleared = Corrections((one, Decision(Kind.NO_COPY, ("a",))))
    assert not constraints_of(cleared, SAME).copies
    assert constraints_of(cleared, SAME).no_copies == {"a"}


def test_stories_that_are_not_there_are_named() -> None:
    found = constraints_of(Corrections((join("a", "z"),)), SAME)
    assert found.absent == ((1, "z"),) and not found.together


@pytest.mark.parametrize("text", ["{", "3", '[["jion",[],"",[],"","","",""]]', "[[1]]"])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(StoreFormatError, match="corrections are damaged"):
        Corrections.from_json(text)


_name = st.sampled_from("abcdef")
_names = st.lists(_name, min_size=1, max_size=3, unique=True).map(tuple)
_any = st.one_of(
    st.builds(Decision, st.just(Kind.JOIN), _names),
    st.builds(Decision, st.just(Kind.SPLIT), _names, apart=_names),
    st.builds(Decision, st.just(Kind.MOVE), _names, to=_name, apart=_names),
    st.builds(Decision, st.just(Kind.LEAVE_OUT), _names),
    st.builds(Decision, st.just(Kind.LABEL), _names, value=st.sampled_from("xyz")),
    st.builds(Decision, st.just(Kind.COPY), _names, to=_name),
)


@given(st.lists(_any, max_size=8).map(tuple).map(Corrections))
def test_what_holds_never_contradicts_itself(corrections: Corrections) -> None:
    found = constraints_of(corrections, SAME)
    group = {name: {name} for name in SAME}
    for one, other in found.together:
        whole = group[one] | group[other]
        group.update(dict.fromkeys(whole, whole))
    assert all(other not in group[one] for one, other in found.apart)
    assert all(len({found.labels[name] for name in whole if name in found.labels}) <= 1 for whole in group.values())
    assert all(group[name] == {name} for name in found.left_out)
    for story in found.copies:
        seen = set()
        while story in found.copies:
            assert story not in seen
            seen.add(story)
            story = found.copies[story]  # noqa: PLW2901  # the walk to the root
    assert all(0 < conflict.overruled <= conflict.holding <= len(corrections) for conflict in found.conflicts)
