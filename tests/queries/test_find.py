"""Finding by words, and resolving what a person calls an event, an outlet, a topic."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsgraph.errors import AmbiguousNameError, UnknownNameError, UsageError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.asking.find import find
from newsgraph.queries.asking.names import (
    Thing,
    resolve_event,
    resolve_group,
    resolve_outlet,
    resolve_thing,
    resolve_topic,
)
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
        # All in one of its titles, and in no title of another event.
        ("kessock flee", "event:dam"),
        # Straight from the title of one story of four.
        ("Ferry idle", "event:dam"),
        ("what we know", "event:dam"),
        ("Kessock: what we know", "event:dam"),
        ("kessock refloated", None),
    ],
)
def test_events_by_any_name(told: Store, given: str, event: str | None) -> None:
    if event is None:
        with pytest.raises(UnknownNameError, match=r"Nearest: event:ferry .*; event:dam"):
            resolve_event(told, given)
    else:
        assert resolve_event(told, given) == event


def test_words_that_fit_several_list_them(told: Store) -> None:
    told.write(Batch([Node("Event", "event:other", {"title": "Another ferry late"})]))
    with pytest.raises(AmbiguousNameError, match=r"fits 2 events.*event:ferry.*event:other|fits 2.*other.*event:ferry"):
        resolve_event(told, "ferry")


def test_words_straight_from_a_title_find_its_event(told: Store) -> None:
    words = {one.title: one.title.split() for one in TOLD if one.event}
    for title, parts in words.items():
        events = {one.event for one in TOLD if one.title == title}
        for start in range(len(parts)):
            for end in range(start + 2, len(parts) + 1):
                assert resolve_event(told, " ".join(parts[start:end])) in events


def test_of_several_that_fit_the_one_that_is_about_it_is_meant(store: Store) -> None:
    told = [Told(f"a{n}", f"o{n}.example", "event:a", n, title=f"Tern bridge, day {n}") for n in range(4)]
    told += [Told(f"b{n}", f"o{n}.example", "event:b", 9 + n, title=f"Weir opens {n}") for n in range(4)]
    told += [Told("b9", "o9.example", "event:b", 20, title="Weir and bridge")]
    fill(store, told)
    store.write(Batch([Node("Event", "event:b", {"title": "Weir and bridge", "story_count": 5})]))
    # In every title of the one, in one title of five of the other, though that gave the event its title.
    assert resolve_event(store, "bridge") == "event:a"
    assert resolve_event(store, "weir") == "event:b"
    store.write(Batch([Node("Event", "event:b", {"label": "bridge", "title": "Weir and bridge", "story_count": 5})]))
    assert resolve_event(store, "bridge") == "event:b"


def test_a_long_list_of_events_is_cut_short(store: Store) -> None:
    told = [
        Told(f"a{n}", "o.example", f"event:a{n}", n, title=f"Bridge number {n} is " + "closed again " * 9)
        for n in range(7)
    ]
    fill(store, told)
    store.write(Batch([Node("Event", one.event, {"title": one.title}) for one in told if one.event]))
    with pytest.raises(AmbiguousNameError, match=r"fits 7 events.*and 2 more: newsgraph find shows all$") as caught:
        resolve_event(store, "bridge")
    assert str(caught.value).count("event:a") == 5 and len(str(caught.value)) < 600


@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_a_blank_event(told: Store, blank: str) -> None:
    with pytest.raises(UsageError, match="event: it is blank"):
        resolve_event(told, blank)


@pytest.mark.parametrize("given", ["http://www.news.example/dam2?utm_source=x#top", "news.example/dam2"])
def test_an_address_finds_its_story(told: Store, given: str) -> None:
    assert [hit.id for hit in find(told, given)] == [TOLD[1].id, "event:dam"]
    assert [hit.id for hit in find(told, given, kinds=("event",))] == ["event:dam"]
    assert [hit.id for hit in find(told, "https://old.example/ferry-story", kinds=("story",))] == [TOLD[4].id]


def test_an_address_of_no_story_finds_its_outlet(told: Store) -> None:
    assert [(hit.kind, hit.id) for hit in find(told, "https://www.a.example/nothing-here")] == [("outlet", "a.example")]
    assert find(told, "https://nowhere.example/dam") == []


def test_a_domain_finds_its_outlet_first_and_a_suffix_nothing(told: Store) -> None:
    names = {"skerrin.com": "Skerrin News", "other.com": "Other", "third.co.uk": "Third.co.uk"}
    told.write(Batch([Node("Outlet", id, {"name": name, "domain": id}) for id, name in names.items()]))
    for domain in ("skerrin.com", "www.skerrin.com", "SKERRIN.com", "news.skerrin.com"):
        hits = find(told, domain)
        assert (hits[0].kind, hits[0].id) == ("outlet", "skerrin.com")
        assert {hit.id for hit in hits if hit.kind == "outlet"} == {"skerrin.com"}
    assert [hit.id for hit in find(told, "third.co.uk", kinds=("outlet",))] == ["third.co.uk"]
    assert [hit.id for hit in find(told, "a.example", kinds=("outlet",))] == ["a.example"]
    assert find(told, "com", kinds=("outlet",)) == [] == find(told, "co uk", kinds=("outlet",))


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


def test_groups(told: Store) -> None:
    with pytest.raises(UnknownNameError, match=r"no group goes by that.*newsgraph load --outlets"):
        resolve_group(told, "north")
    groups = {f"g{number}.example": f"region {number:02}" for number in range(9)}
    told.write(Batch([Node("Outlet", id, {"name": id, "group": group}) for id, group in groups.items()]))
    assert resolve_group(told, "Region 03") == "region 03"
    with pytest.raises(UnknownNameError, match="Nearest: region 0"):
        resolve_group(told, "regio 03")
    with pytest.raises(UnknownNameError, match=r"There are: region 00, .*, region 04, and 4 more$"):
        resolve_group(told, "north")


def test_a_message_is_a_line_that_can_be_read(told: Store) -> None:
    """Whatever is asked for, and however long the names are."""
    told.write(Batch([Node("Outlet", f"{letter * 200}.example", {"name": "Daily " * 50}) for letter in "wxyz"]))
    for resolve in (resolve_event, resolve_outlet, resolve_topic, resolve_thing, resolve_group):
        with pytest.raises(UsageError) as caught:
            resolve(told, "kessock refloated " * 500)
        assert len(str(caught.value)) < 600
    with pytest.raises(AmbiguousNameError, match=r"fits 4 outlets.*, and 3 more$") as ambiguous:
        resolve_outlet(told, "Daily " * 50)
    assert len(str(ambiguous.value)) < 600
    with pytest.raises(UnknownNameError, match=r"w…: .*Nearest: wwww") as unknown:
        resolve_outlet(told, "w" * 190 + ".example")
    assert len(str(unknown.value)) < 600


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
