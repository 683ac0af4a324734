"""Which event continues which: by hand, and after any change what it is from nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsgraph.graph.events import (
    Background,
    Derivation,
    DerivedEvent,
    Era,
    EventSettings,
    Follow,
    Membership,
    StoryText,
)
from newsgraph.graph.events.text.background import moved_ceilings, span_seconds
from newsgraph.graph.events.text.texts import language
from newsgraph.graph.events.threads.following import Chapter, follows
from newsgraph.graph.events.threads.keeping import Before, threads_after
from newsgraph.graph.events.threads.reading import thread_around

START = datetime(2021, 3, 1, tzinfo=UTC)
SETTINGS = EventSettings()
DAY = 86_400


def chapter(id: str, day: float, *titles: str, related: tuple[str, ...] = ()) -> Chapter:
    at = START + timedelta(days=day)
    stories = tuple(
        StoryText(f"{id}-{number}", title, published_at=at, language="en", related=related)
        for number, title in enumerate(titles)
    )
    return Chapter(id, int(at.timestamp()), stories)


AGROUND = ("Grey Heron ferry runs aground off Skerrin", "Skerrin ferry Grey Heron aground with 142 on board")
INQUIRY = ("Grey Heron inquiry opens: Skerrin ferry radar was off", "Inquiry into the Grey Heron ferry begins")
VERDICT = ("Grey Heron inquiry blames Skerrin ferry captain",)
DAM = ("Kessock dam villages evacuated", "Villages below Kessock dam evacuated after crack")


def followed(*chapters: Chapter) -> dict[str, str]:
    found = follows(chapters, {one.id for one in chapters}, Background(), SETTINGS)
    assert all(0 < one.score <= 1 for one in found)
    return {one.event_id: one.earlier_id for one in found}


def test_a_sequel_follows_the_nearest_event_that_it_continues() -> None:
    told = [chapter("a", 0, *AGROUND), chapter("d", 1, *DAM), chapter("i", 6, *INQUIRY), chapter("v", 12, *VERDICT)]
    assert followed(*told) == {"i": "a", "v": "i"}
    assert followed(*reversed(told)) == {"i": "a", "v": "i"}


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_how_many_chapters_are_worked_on_together_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("newsgraph.graph.events.threads.following.CHAPTERS_AT_ONCE", at_once)
    told = [
        chapter("a", 0, *AGROUND),
        chapter("d", 1, *DAM),
        chapter("i", 6, *INQUIRY, related=("d-0", "v-0")),
        chapter("v", 12, *VERDICT),
        chapter("f", 14, "Ferry company raises fares", related=("v-0", "a-1", "nowhere")),
        chapter("g", 60, *AGROUND),
    ]
    found = follows(told, {"f", "i", "v", "g"}, Background(), SETTINGS)
    assert [(one.event_id, one.earlier_id, one.related) for one in found] == [
        ("f", "v", 1),
        ("i", "a", 0),
        ("v", "i", 2),  # both of its stories list one of the other
    ]


def test_neither_the_same_hours_nor_another_month_make_a_sequel() -> None:
    assert followed(chapter("a", 0, *AGROUND), chapter("i", 0.4, *INQUIRY)) == {}
    assert followed(chapter("a", 0, *AGROUND), chapter("i", 0.5, *INQUIRY)) == {"i": "a"}
    assert followed(chapter("a", 0, *AGROUND), chapter("i", 28, *INQUIRY)) == {"i": "a"}
    assert followed(chapter("a", 0, *AGROUND), chapter("i", 28.1, *INQUIRY)) == {}


def test_the_same_subject_without_a_common_name_is_no_sequel() -> None:
    told = [
        chapter("a", 0, "the ferry runs aground near the harbour", "a ferry is aground near the harbour"),
        chapter("b", 3, "the ferry runs aground near the harbour again", "one more ferry is aground near the harbour"),
    ]
    assert followed(*told) == {}


def test_a_related_list_joins_events_that_share_a_little() -> None:
    earlier = chapter("a", 0, "Skerrin harbour reopens after ferry accident")
    later = chapter("b", 2, "Ferry company raises fares")
    assert followed(earlier, later) == {}
    (found,) = follows(
        [earlier, replace(later, stories=(replace(later.stories[0], related=("a-0",)),))], {"b"}, Background(), SETTINGS
    )
    assert (found.earlier_id, found.related) == ("a", 1)
    nothing = chapter("c", 2, "Quarterly results disappoint", related=("a-0",))
    assert followed(earlier, nothing) == {}


def test_a_thread_is_told_from_any_of_its_events() -> None:
    earlier_of = {"b": "a", "c": "b", "d": "b", "e": "a"}
    assert thread_around("b", earlier_of).before == ("a",)
    assert set(thread_around("b", earlier_of).after) == {"c", "d"}
    assert thread_around("b", earlier_of).beside == ("e",)
    assert thread_around("x", earlier_of) == thread_around("x", {})


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12), max_size=12), st.integers(0, 12))
def test_threads_end_and_hold_each_event_once(pairs: dict[int, int], asked: int) -> None:
    # Also where a file made by hand holds a circle.
    thread = thread_around(
        str(asked), {str(later): str(earlier) for later, earlier in pairs.items() if later != earlier}
    )
    whole = [*thread.before, *thread.after, *thread.beside]
    assert str(asked) not in whole
    if not any(later <= earlier for later, earlier in pairs.items()):
        assert len(whole) == len(set(whole))


TITLES = (
    *AGROUND,
    *INQUIRY,
    *VERDICT,
    *DAM,
    "Kessock dam repaired, villages return",
    "Orrin picks Northgate for plant",
)


class Held:
    """Stories by id."""

    def __init__(self, stories: dict[str, StoryText]) -> None:
        self.held = stories

    def all(self) -> Iterable[StoryText]:
        return list(self.held.values())

    def dated(self, start: datetime, end: datetime) -> Iterable[StoryText]:
        return [one for one in self.held.values() if one.published_at and start <= one.published_at <= end]

    def stories(self, ids: Iterable[str]) -> Iterable[StoryText]:
        return [self.held[id] for id in ids if id in self.held]


_story = st.tuples(
    st.sampled_from(TITLES), st.integers(0, 70), st.integers(0, 5), st.lists(st.integers(0, 11), max_size=2)
)
_state = st.dictionaries(st.integers(0, 11), _story, max_size=10)


def state_of(told: dict[int, tuple[str, int, int, list[int]]], known: Background) -> tuple[Held, Derivation]:
    """Stories, and events as their groups say."""
    stories = {
        str(id): StoryText(
            str(id), title, published_at=START + timedelta(days=day), language="en",
            related=tuple(str(other) for other in related if other != id),
        )
        for id, (title, day, _, related) in told.items()
    }  # fmt: skip
    groups: dict[int, list[StoryText]] = {}
    for id, (_, _, group, _) in told.items():
        groups.setdefault(group, []).append(stories[str(id)])
    events = []
    for group, members in groups.items():
        members.sort(key=lambda story: (story.published_at, story.id))
        times = [story.published_at for story in members]
        events.append(
            DerivedEvent(
                f"e{group}", "", times[0], times[-1], len(members), 1, tuple(Membership(s.id, 1.0) for s in members)
            )
        )
    return Held(stories), Derivation(tuple(events), (), known)


def before_of(derivation: Derivation, found: list[Follow], there: set[str]) -> Before:
    """What the store holds at the next load: stories that are gone have left their events already."""
    return Before(
        {event.id: {m.story_id for m in event.members} & there for event in derivation.events},
        {event.id: event.first_published_at for event in derivation.events if event.first_published_at},
        {one.event_id: one for one in found},
    )


#: The later story of the earlier event, which makes it one that goes on, is taken away.
LOSING: list[dict[int, tuple[str, int, int, list[int]]]] = [
    {0: (DAM[0], 0, 0, []), 1: (AGROUND[0], 1, 0, []), 2: (AGROUND[1], 6, 1, [])},
    {0: (DAM[0], 0, 0, []), 2: (AGROUND[1], 6, 1, [])},
]
AFTER_A_MONTH: dict[int, tuple[str, int, int, list[int]]] = {0: (AGROUND[0], 40, 0, []), 1: (INQUIRY[0], 50, 1, [])}


def background_of(level: int | None) -> Background:
    """A background whose second era, from the thirtieth day on, has some words at this level; None: at none."""
    term = language("en", SETTINGS).term
    words = {term(word)[0] for title in TITLES for word in title.casefold().split()[:3]}
    begins = int((START + timedelta(days=30)).timestamp()) // span_seconds(SETTINGS)
    return Background((), (Era(0, {}), Era(begins, {} if level is None else dict.fromkeys(words, level))))


@settings(max_examples=100, deadline=None)
@example(LOSING, [None, None])
@example([AFTER_A_MONTH, AFTER_A_MONTH], [None, 0])
@given(st.lists(_state, min_size=2, max_size=4), st.lists(st.sampled_from([None, None, 0, 3]), min_size=4, max_size=4))
def test_threads_after_any_change_are_those_from_nothing(
    states: list[dict[int, tuple[str, int, int, list[int]]]], levels: list[int | None]
) -> None:
    nothing = Before({}, {}, {})
    texts, derivation = state_of(states[0], background_of(levels[0]))
    found = threads_after(nothing, derivation, texts, SETTINGS, None)
    for told, level in zip(states[1:], levels[1:], strict=False):
        old = texts.held
        texts, after = state_of(told, background_of(level))
        changed = {id for id, story in texts.held.items() if old.get(id) != story} | (old.keys() - texts.held.keys())
        left = {e.id for e in derivation.events for m in e.members if m.story_id not in texts.held}
        before = before_of(derivation, found, set(texts.held))
        moved = [(start, end) for start, end, _ in moved_ceilings(derivation.background, after.background, SETTINGS)]
        found = threads_after(before, after, texts, SETTINGS, changed, left, moved)
        derivation = after
        assert found == threads_after(nothing, derivation, texts, SETTINGS, None)
