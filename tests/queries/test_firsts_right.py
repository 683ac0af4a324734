"""How often the first is right, counted by hand."""

from __future__ import annotations

import pytest

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.ask import ask
from newsgraph.queries.firsts_right import firsts_asked, firsts_right, on_events
from tests.queries.corpora import Told, fill


def labelled(told: list[Told], labels: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    ids = {one.name: one.id for one in told}
    return {ids[name]: label for name, label in labels.items()}, {one.id: one.event for one in told if one.event}


def test_each_story_of_a_labelled_event_is_asked_about(store: Store) -> None:
    told = [
        # Of x, three stories are on e1, led by the true first; one is on e2, led by a story of y.
        Told("a", "a.example", "e1", 0),
        Told("b", "b.example", "e1", 1),
        Told("c", "c.example", "e1", 2),
        Told("d", "d.example", "e2", 5),
        Told("y", "e.example", "e2", 3),
        # y is covered by two outlets only: it isn't asked about.
        Told("z", "f.example", "e2", 4),
    ]
    fill(store, told)
    labels, events = labelled(told, dict.fromkeys("abcd", "x") | dict.fromkeys("yz", "y"))
    found = firsts_right(store, labels, events)
    assert (found.share, found.belongs, found.events, found.stories) == (0.75, 0.75, 1, 4)
    assert found.low is not None and found.high is not None and found.low < 0.75 < found.high


def test_a_first_that_is_of_the_event_can_still_be_wrong(store: Store) -> None:
    # The true first is on another event of ours: the one named belongs to the event, and is not its first.
    told = [Told(name, f"{name}.example", "e1", hours) for hours, name in enumerate("bcd", 1)]
    told.append(Told("a", "a.example", "e2", 0))
    fill(store, told)
    labels, events = labelled(told, dict.fromkeys("abcd", "x"))
    found = firsts_right(store, labels, events)
    assert (found.share, found.belongs) == (0.25, 1.0)


def test_what_is_named_first_is_what_the_question_ranks_first(store: Store) -> None:
    told = [
        Told("copy", "a.example", "e1", 0, copy_of="b"),
        Told("unsure", "b.example", "e1", -1, quality="date_only"),
        Told("b", "b.example", "e1", 2),
        Told("tied", "c.example", "e1", 2),
        Told("d", "d.example", "e1", 3),
    ]
    fill(store, told)
    labels, _ = labelled(told, dict.fromkeys(("copy", "unsure", "b", "tied", "d"), "x"))
    ranked = {row.story_id for row in ask(store, "first-to-cover", event="e1") if row.rank == 1}
    assert ranked == {told[2].id, told[3].id}
    (asked,) = firsts_asked(on_events(store, ["e1"]), labels)
    # The copy of an earlier time is the true first by the labels, and copies are not ranked.
    assert (asked.right, asked.belongs, asked.stories) == (False, True, 5)
    labels.pop(told[0].id)
    assert firsts_asked(on_events(store, ["e1"]), labels)[0].right


@pytest.mark.parametrize("labels", [{}, {"https://nowhere.example/": "x"}])
def test_nothing_to_ask_about(store: Store, labels: dict[str, str]) -> None:
    fill(store, [Told("a", "a.example", "e1")])
    found = firsts_right(store, labels, {"https://news.example/a": "e1"})
    assert (found.share, found.low, found.high, found.belongs, found.events) == (None, None, None, None, 0)
