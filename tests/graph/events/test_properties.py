"""What must hold for all sets of stories: a function of the set, and updates that equal a fresh start."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from newsgraph.graph.events import DEFAULTS, Background, Derivation, EventSettings, StoryText, derive, update
from newsgraph.graph.events.clustering import neighbours as neighbours_module
from newsgraph.graph.events.clustering import time_windows as sweep_module
from newsgraph.graph.events.clustering.derivation import ScoredGroup, events_of, scored
from newsgraph.graph.events.clustering.stretches import Stretches
from newsgraph.graph.events.clustering.time_windows import Group
from newsgraph.graph.events.text import background as background_module
from newsgraph.graph.events.text import vectors as vectors_module
from newsgraph.graph.events.text.background import ceilings
from newsgraph.graph.events.text.texts import read
from newsgraph.graph.events.text.vectors import products, vectorise
from newsgraph.graph.events.updates import changes as changes_module
from newsgraph.graph.events.updates import reach as reach_module
from newsgraph.graph.events.updates import renewal as renewal_module
from newsgraph.graph.events.updates import touched as touched_module
from tests.graph.events.sources import Listed, updated

START = datetime(2024, 3, 1, tzinfo=UTC)
WORDS = (
    "fed raises rates bank england quake hits taiwan microsoft bans police amazon sales storm election Chile".split()  # noqa: SIM905  # words read best as a sentence
)
CALM = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def corpora(draw: st.DrawFn, unsure: bool = False) -> list[StoryText]:
    titles = draw(
        st.lists(st.lists(st.sampled_from(WORDS), min_size=2, max_size=6).map(" ".join), min_size=4, max_size=30)
    )
    stories = []
    for index, title in enumerate(titles):
        hours = draw(st.integers(0, 1500))
        kind = draw(st.integers(0, 9)) if unsure else 9
        at = None if kind == 0 else START + timedelta(hours=hours)
        stories.append(StoryText(f"s{index:02d}", title, "", at, date_sure=kind > 1, outlet=f"o{index % 5}"))
    return stories


def partition(derivation: Derivation) -> list[str]:
    return sorted(member.story_id for event in derivation.events for member in event.members)


@CALM
@given(corpora(unsure=True), st.randoms(use_true_random=False))
def test_events_are_a_partition_and_do_not_depend_on_order(stories: list[StoryText], chance: random.Random) -> None:
    expected = derive(stories)
    assert partition(expected) == sorted(story.id for story in stories)
    shuffled = list(stories)
    chance.shuffle(shuffled)
    assert derive(shuffled) == expected


@CALM
@given(corpora())
def test_slices_do_not_matter(stories: list[StoryText]) -> None:
    expected = derive(stories)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep_module, "SLICE_STORIES", 1)
        assert derive(stories) == expected


@CALM
@given(corpora(unsure=True), st.data())
def test_an_update_equals_a_fresh_start(stories: list[StoryText], data: st.DataObject) -> None:
    before = [story for story in stories if data.draw(st.booleans())]
    after = []
    for original in stories:
        story = original
        fate = data.draw(st.integers(0, 9))
        if fate == 1:
            story = replace(story, title=data.draw(st.sampled_from(WORDS)) + " " + story.title)
        if fate == 2 and story.published_at is not None:
            story = replace(story, published_at=story.published_at + timedelta(hours=data.draw(st.integers(-90, 90))))
        if fate == 3:
            story = replace(story, related=tuple(data.draw(st.sets(st.sampled_from([one.id for one in stories])))))
        if fate == 4:
            story = replace(story, date_sure=not story.date_sure)
        if fate:
            after.append(story)
    old, new = {story.id: story for story in before}, {story.id: story for story in after}
    changed = [story_id for story_id in old.keys() | new.keys() if old.get(story_id) != new.get(story_id)]
    former = {id: old[id] for id in changed if id in old and data.draw(st.booleans())}
    assert updated(derive(before), after, changed, former) == derive(after)


@settings(CALM, max_examples=60)
@example(524289, 1, 4, 3)  # a text that moves within its half of a day, so that its voice has the same stories
@given(st.integers(0, 1_000_000), st.integers(1, 5), st.sampled_from([2, 4, 512]), st.sampled_from([1, 3, 10]))
def test_an_update_equals_a_fresh_start_in_a_crowd(seed: int, changes: int, links: int, neighbours: int) -> None:
    """Many texts of a few days, of which only a few links and neighbours count: what is new puts others out."""
    chance = random.Random(seed)
    numbers = EventSettings(neighbours=neighbours, background_hours=24, background_texts=chance.choice([4, 200]))
    names = [f"name{number}" for number in range(30)]

    def story(number: int) -> StoryText:
        title = " ".join([*chance.sample(WORDS, 3), *chance.sample(names, 2)])
        return StoryText(f"s{number:03d}", title, "", START + timedelta(minutes=chance.randrange(8 * 24 * 60)))

    before = {one.id: one for one in map(story, range(60))}
    after = dict(before)
    for number in chance.sample(range(60), changes):
        id = f"s{number:03d}"
        match chance.randrange(5):
            case 0:
                del after[id]
            case 1:
                after[f"n{number:03d}"] = replace(story(number), id=f"n{number:03d}")
            case 2:
                after[id] = replace(after[id], published_at=START + timedelta(hours=chance.randrange(8 * 24)))
            case 3:
                after[id] = replace(after[id], title=before[chance.choice(list(before))].title)
            case 4:
                after[id] = replace(after[id], title=f"{after[id].title} {chance.choice(names)}")
    changed = [id for id in before.keys() | after.keys() if before.get(id) != after.get(id)]
    former = {id: before[id] for id in changed if id in before and chance.random() < 0.8}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours_module, "MOST_LINKS", links)
        patch.setattr(touched_module, "MOST_LINKS", links)
        was, fresh = derive(before.values(), numbers), derive(after.values(), numbers)
        assert updated(was, list(after.values()), changed, former, numbers) == fresh


def test_products_are_the_same_in_a_full_and_in_a_sparse_table(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    texts = [StoryText(f"s{number}", " ".join(chance.sample(WORDS, 4)), "", START) for number in range(12)]
    nothing = replace(texts[0], title="")
    for some in (texts, [*texts, nothing], [nothing, nothing]):
        vectors = vectorise([read(story) for story in some], DEFAULTS, ceilings(Background(), DEFAULTS))
        full = products(vectors)
        with monkeypatch.context() as patch:
            patch.setattr(vectors_module, "FULL_TABLE", -1)
            sparse = products(vectors)
        assert full.tolist() == sparse.tolist() == full.T.tolist()
        assert full.any() == (some[0] is texts[0])


def test_an_update_reads_only_what_the_change_can_reach() -> None:
    stories = [
        StoryText(
            f"s{day}-{kind}",
            f"{WORDS[(day + kind) % len(WORDS)]} {day} number{day}x{kind}",
            "",
            START + timedelta(days=day),
        )
        for day in range(300)
        for kind in range(3)
    ]
    added = StoryText("new", "fed raises rates again", "", START + timedelta(days=298, hours=3))
    source = Listed([*stories, added])
    assert update(derive(stories), source, ["new"]) == derive([*stories, added])
    assert source.read < 300


@CALM
@given(
    st.integers(0, 100_000),
    st.sampled_from(["added", "removed", "edited", "several"]),
    st.integers(0, 99),
    st.sampled_from([4, 200]),
    st.sampled_from([2, 4, 16]),
)
def test_an_update_equals_a_fresh_start_where_the_background_changes(
    seed: int, how: str, place: int, texts: int, era_spans: int
) -> None:
    numbers = EventSettings(background_texts=texts)
    chance = random.Random(seed)
    names = [f"name{number}" for number in range(60)]
    stories = [
        StoryText(
            f"s{number:03d}",
            " ".join(["Gadget", *chance.sample(names, 3), *chance.sample(WORDS, 2)]),
            "",
            START + timedelta(hours=chance.randrange(60 * 24)),
        )
        for number in range(100)
    ]
    one = stories[place]
    without = [story for story in stories if story is not one]
    edited = [*without, replace(one, title="name1 name2 gadget summit")]
    several = [
        replace(story, title=f"{chance.choice(names)} {story.title}") if number % 10 == place % 10 else story
        for number, story in enumerate(without[:-3])
    ]
    before, after = {
        "added": (without, stories),
        "removed": (stories, without),
        "edited": (stories, edited),
        "several": (stories, several),
    }[how]
    now = {story.id: story for story in after}
    changed = {story.id: story for story in stories if now.get(story.id) != story} or {one.id: one}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(background_module, "ERA_SPANS", era_spans)
        patch.setattr(background_module, "ERA_TEXTS", 10)
        old, new = derive(before, numbers), derive(after, numbers)
        assert len(old.background.eras) == 1 if era_spans == 16 else len(old.background.eras) > 2
        assert old.background.eras[0].levels or texts < 200
        assert updated(old, after, changed, numbers=numbers) == new
        assert updated(old, after, changed, changed, numbers) == new


def test_an_edit_of_a_known_text_reaches_only_what_the_text_was_like(monkeypatch: pytest.MonkeyPatch) -> None:
    stories = [
        StoryText(f"s{number}", f"{WORDS[number % len(WORDS)]} in {name}", "", START + timedelta(minutes=number))
        for number, name in enumerate(f"x{one}{other}ville" for one in "abcdefghjk" for other in "lmnpqrstuvwz")
    ]
    after = [replace(stories[0], title="Amazon sales storm"), *stories[1:]]
    before, fresh = derive(stories), derive(after)
    monkeypatch.setattr(changes_module, "renewed", None)
    assert update(before, Listed(after), ["s0"], former={"s0": stories[0]}) == fresh
    with pytest.raises(TypeError, match="not callable"):  # all are near it in time, so that all are grouped anew
        update(before, Listed(after), ["s0"])


def test_groups_that_are_as_they_were_are_not_derived_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event a day, and an edit in three of them: all groups are formed anew, but only these three are derived."""
    stories = [
        StoryText(f"s{day}-{hour}", f"{letter}arborough {letter}elmsk", "", START + timedelta(days=day, hours=hour))
        for day, letter in enumerate("bcdfghjklm")
        for hour in range(3)
    ]
    after = [replace(one, title=f"{one.title} again") if one.id in ("s1-0", "s3-2", "s5-1") else one for one in stories]
    former = {one.id: one for one, other in zip(stories, after, strict=True) if one != other}
    before, fresh = derive(stories), derive(after)
    derived: list[str] = []

    def noted(groups: Sequence[Group], numbers: EventSettings) -> list[ScoredGroup]:
        derived.extend(story.id for group in groups for voice in group.stories for story in voice)
        return events_of(groups, numbers)

    monkeypatch.setattr(reach_module, "ANEW", -99.0)
    monkeypatch.setattr(renewal_module, "events_of", noted)
    assert update(before, Listed(after), former, former=former) == fresh
    assert sorted(derived) == [f"s{day}-{hour}" for day in (1, 3, 5) for hour in range(3)]


def test_what_reaches_nearly_all_is_derived_anew_before_it_is_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    stories = [
        StoryText(f"s{number}", f"{WORDS[number % 5]} storm sales number{number}", "", START + timedelta(hours=number))
        for number in range(300)
    ]
    after = [replace(one, title=f"{one.title} Chile") if number % 3 else one for number, one in enumerate(stories)]
    changed = {one.id: one for one, other in zip(stories, after, strict=True) if one != other}
    before, fresh = derive(stories), derive(after)
    monkeypatch.setattr(Stretches, "cover", None)
    assert update(before, Listed(after), changed, former=changed) == fresh


def test_an_unsure_story_does_not_make_an_update_start_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stories = [
        StoryText(f"s{day}", f"{WORDS[day % len(WORDS)]} number{day}", "", START + timedelta(days=day))
        for day in range(60)
    ]
    unsure = StoryText("unsure", f"{WORDS[30 % len(WORDS)]} number30", "", None, date_sure=False)
    added = StoryText("new", "raises number4 again", "", START + timedelta(days=4, hours=3))
    before, after = derive([*stories, unsure]), derive([*stories, unsure, added])
    monkeypatch.setattr(changes_module, "derive_events", None)
    monkeypatch.setattr(changes_module, "renewed", None)
    assert update(before, Listed([*stories, unsure, added]), ["new"]) == after


def test_nothing_changed_nothing_read() -> None:
    source = Listed([])
    before = derive([StoryText("a", "Storm hits Chile", "", START)])
    assert update(before, source, []) is before
    assert source.read == 0


def test_an_event_keeps_its_id_when_a_later_story_joins_it() -> None:
    first = StoryText("first", "Strong quake hits Taiwan coast", "", START)
    later = StoryText("a-later", "Strong quake hits Taiwan coast, dozens hurt", "", START + timedelta(hours=2))
    alone, both = derive([first]), derive([first, later])
    assert len(both.events) == 1
    assert alone.events[0].id == both.events[0].id


def test_settings_survive_a_round_trip_and_refuse_unknown_names() -> None:
    changed = EventSettings(window_hours=48.0)
    assert EventSettings.from_dict(changed.to_dict()) == changed
    with pytest.raises(TypeError, match="windows"):
        EventSettings.from_dict({"windows": 3})


def test_an_update_that_reaches_no_group_gives_none() -> None:
    assert scored([], EventSettings()) == []
