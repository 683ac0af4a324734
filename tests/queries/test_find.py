"""Finding by words, and resolving what a person calls an event, an outlet, a topic."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.errors import AmbiguousNameError, UnknownNameError, UsageError
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.find import Thing, find, resolve_event, resolve_outlet, resolve_thing, resolve_topic
from tests.queries.corpora import Told, fill

TOLD = (
    Told("dam1", "a.example", "event:dam", 0, title="Dam cracks at Kessock: villages told to leave", topics=("dams",)),
    Told("dam2", "b.example", "event:dam", 1, title="Thousands flee as the Kessock dam leaks"),
    Told("dam3", "c.example", "event:dam", 2, title="Ferry idle, villages empty"),
    Told("dam4", "d.example", "event:dam", 3, title="Kessock: what we know"),
    Told("ferry1", "a.example", "event:ferry", 50, title="Ferry aground off Skerrin", topics=("ferries",)),
    Told("ferry2", "b.example", "event:ferry", 51, title="Skerrin ferry refloated \u2013 \u201ca miracle\u201d"),
    Told("cafe", "c.example", "event:cafe", 99, title="Café owners\u2019 protest"),
    Told("lone", "c.example", None, 99, title="Nothing else like it"),
)


@pytest.fixture
def told(store: Store) -> Store:
    fill(store, TOLD)
    titles = {"event:dam": TOLD[0].title, "event:ferry": TOLD[4].title, "event:cafe": TOLD[6].title}
    events = [Node("Event", id, {"title": title, "story_count": 2}) for id, title in titles.items()]
    address = Node("Address", "https://old.example/ferry-story")
    store.write(Batch([*events, address], [Edge("ADDRESS_OF", address.id, TOLD[4].id)]))
    return store


def test_best_first(told: Store) -> None:
    hits = find(told, "kessock dam", kinds=("story",))
    assert [hit.id.rpartition("/")[2] for hit in hits] == ["dam2", "dam1", "dam4"]
    assert all(0 < hit.score <= 1 for hit in hits)
    assert [hit.kind for hit in find(told, "ferries")] == ["topic"]


def test_rare_words_weigh_more(told: Store) -> None:
    # "refloated" stands in one title, "ferry" in three.
    assert find(told, "ferry refloated", kinds=("story",))[0].id == TOLD[5].id
    scores = {hit.id: hit.score for hit in find(told, "villages refloated", kinds=("story",))}
    assert scores[TOLD[5].id] > scores[TOLD[2].id]


@pytest.mark.parametrize("words", ["cafe owners", "CAFÉ OWNERS'", "café, owners\u2019!", "owner cafe"])
def test_case_accents_and_punctuation_make_no_difference(told: Store, words: str) -> None:
    assert find(told, words)[0].id == "event:cafe"


def test_no_word_and_no_kind(told: Store) -> None:
    with pytest.raises(UsageError, match="no word"):
        find(told, "?!")
    with pytest.raises(UnknownNameError, match="event, outlet, topic, story"):
        find(told, "dam", kinds=("image",))


@pytest.mark.parametrize(
    ("given", "event"),
    [
        ("event:ferry", "event:ferry"),
        ("ferry aground off skerrin", "event:ferry"),
        ("http://www.news.example/dam2?utm_source=x#top", "event:dam"),
        ("news.example/dam2", "event:dam"),
        ("https://old.example/ferry-story", "event:ferry"),
        ("skerrin", "event:ferry"),
        ("kessock dam", "event:dam"),
        # One story of four names a ferry in passing.
        ("ferry", "event:ferry"),
        ("kessock flee", None),
    ],
)
def test_events_by_any_name(told: Store, given: str, event: str | None) -> None:
    if event is None:
        with pytest.raises(UnknownNameError, match="Nearest: event:dam"):
            resolve_event(told, given)
    else:
        assert resolve_event(told, given) == event


def test_words_that_fit_several_list_them(told: Store) -> None:
    told.write(Batch([Node("Event", "event:other", {"title": "Another ferry late"})]))
    with pytest.raises(AmbiguousNameError, match=r"fits 2 events.*event:ferry.*event:other|fits 2.*other.*event:ferry"):
        resolve_event(told, "ferry")


def test_the_same_title_twice(told: Store) -> None:
    told.write(Batch([Node("Event", "event:again", {"title": TOLD[4].title.upper()})]))
    with pytest.raises(AmbiguousNameError, match="fits 2 events"):
        resolve_event(told, TOLD[4].title)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("kesock", "Nearest: event:dam"),
        ("zzz", "newsgraph find"),
        ("https://nowhere.example/x", "no story has that web address"),
        ("https://news.example/lone", "belongs to no event"),
        ("'; MATCH (n) DETACH DELETE n //", "no event goes by that"),
        ("`$event`", "no event goes by that"),
        ("\u202eevil\n", "no event goes by that"),
    ],
)
def test_unknown_events(told: Store, given: str, said: str) -> None:
    with pytest.raises(UnknownNameError, match=said) as caught:
        resolve_event(told, given)
    assert "\n" not in str(caught.value)
    assert len(list(told.nodes("Story"))) == len(TOLD)


@pytest.mark.parametrize("given", ["a.example", "The a.example", "the A.EXAMPLE"])
def test_outlets(told: Store, given: str) -> None:
    assert resolve_outlet(told, given) == "a.example"


def test_unknown_and_ambiguous_outlets(told: Store) -> None:
    with pytest.raises(UnknownNameError, match=r"Nearest: .*a\.example"):
        resolve_outlet(told, "a.exmple")
    told.write(Batch([Node("Outlet", "x.example", {"name": "Daily"}), Node("Outlet", "y.example", {"name": "daily"})]))
    with pytest.raises(AmbiguousNameError, match=r"x\.example \(Daily\), y\.example"):
        resolve_outlet(told, "DAILY")


def test_topics_and_things(told: Store) -> None:
    assert resolve_topic(told, "Dams") == "dams"
    assert resolve_thing(told, "Dams") == Thing("Topic", "dams")
    assert resolve_thing(told, "the b.example") == Thing("Outlet", "b.example")
    assert resolve_thing(told, TOLD[0].id) == Thing("Story", TOLD[0].id)
    assert resolve_thing(told, "skerrin") == Thing("Event", "event:ferry")
    told.write(Batch([Node("Outlet", "dams.example", {"name": "Dams"})]))
    with pytest.raises(AmbiguousNameError, match=r"outlet dams\.example, topic dams"):
        resolve_thing(told, "DAMS")


def test_every_store_ranks_alike(new_store: Callable[[], Store]) -> None:
    # The parametrised store against a fixed expectation: scores to the last digit, not an order alone.
    with new_store() as store:
        fill(store, TOLD)
        assert [(hit.id, hit.score.hex()) for hit in find(store, "kessock", kinds=("story",))] == [
            (TOLD[3].id, (1 - 0.1 * 0.75).hex()),
            (TOLD[1].id, (1 - 0.1 * (1 - 1 / 7)).hex()),
            (TOLD[0].id, (1 - 0.1 * (1 - 1 / 8)).hex()),
        ]
