"""Headlines made of one template are a series, not an event: each is compared by what fills the gaps."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsgraph.graph.events import Derivation, EventSettings, StoryText, derive, explain, update
from newsgraph.graph.events.clustering import reach
from newsgraph.graph.events.clustering.series import SERIES, names_in, series_among
from newsgraph.graph.events.text.texts import read
from tests.graph.events.sources import Listed

START = datetime(2025, 3, 3, 1, tzinfo=UTC)
ENDS = ("Holdings", "Energy", "Foods", "Bank", "")


def company(number: int) -> str:
    name = "abcdefghij"[number % 10] + "klmnopqrst"[number // 10 % 10] + "uvwxyz"[number // 100 % 6]
    return f"Quo{name} {ENDS[number % 5]}".strip()


def moves(count: int, at: datetime = START, name: str = "m") -> list[StoryText]:
    return [
        StoryText(
            f"{name}{number:04d}",
            f"{company(number)} shares {('rise', 'fall')[number % 2]} {number % 37 / 10}% on Monday",
            "",
            at + timedelta(seconds=number * 9),
            outlet=f"o{number % 7}.example",
        )
        for number in range(count)
    ]


def sizes(derivation: Derivation) -> list[int]:
    return sorted(event.story_count for event in derivation.events)


def test_stock_moves_are_as_many_events_as_there_are_companies() -> None:
    assert sizes(derive(moves(400))) == [1] * 400


def test_the_same_move_at_two_outlets_is_one_event() -> None:
    stories = moves(200)
    again = [StoryText(f"b{one.id}", one.title, "", one.published_at, outlet="b.example") for one in stories[:50]]
    found = derive([*stories, *again])
    assert sizes(found) == [1] * 150 + [2] * 50
    assert len(found.copies) == 50


def test_an_event_amid_a_series_is_found() -> None:
    told = [
        "Strong quake hits Taiwan coast, dozens hurt",
        "Taiwan quake: dozens hurt as buildings fall on the coast",
        "Rescue teams search buildings after quake on Taiwan coast",
    ]
    quake = [StoryText(f"q{number}", title, "", START + timedelta(hours=number)) for number, title in enumerate(told)]
    found = derive([*moves(300), *quake])
    assert sizes(found) == [1] * 300 + [3]


@pytest.mark.parametrize("sky", [("sunny",), ("sunny", "cloudy", "light rain")])
def test_weather_of_a_few_cities_is_a_series_too(sky: tuple[str, ...]) -> None:
    titles = [
        f"Weather in {company(number % 40)}: {sky[number % len(sky)]}, high of {number // 40}" for number in range(800)
    ]
    readings = [read(StoryText(str(number), title)) for number, title in enumerate(titles)]
    assert len(series_among(readings, EventSettings())) == 800


@pytest.mark.parametrize(
    "template",
    [
        "Obituary: {person}, {number}, of {word}",
        "{name} reports {place} quarter net income of ${number} million",
        "Lotto winning numbers for {name}: {number}, {place}, {number}",
        "{number} bedroom home in {name} sells for ${number},000",
    ],
)
def test_other_templates_are_series_too(template: str) -> None:
    one, other = ([company(number * times).split()[0] for number in range(300)] for times in (1, 7))
    titles = [
        template.format(
            name=company(n), place=company(n * 7 + 3), person=f"{one[n]} {other[n]}", word=other[n], number=n % 60 + 2
        )
        for n in range(300)
    ]
    readings = [read(StoryText(str(number), title)) for number, title in enumerate(titles)]
    assert len(series_among(readings, EventSettings())) == 300


def test_texts_that_name_who_they_are_about_are_no_series() -> None:
    titles = [f"Crowds of {number * 7} mourn Nelson Mandela with {number} candles" for number in range(300)]
    readings = [read(StoryText(str(number), title)) for number, title in enumerate(titles)]
    assert series_among(readings, EventSettings()) == {}


def test_a_series_may_name_what_it_is_a_series_of() -> None:
    titles = [f"{company(number)} beat {company(number * 3 + 1)} 2-1 in Premier League" for number in range(300)]
    readings = [read(StoryText(str(number), title)) for number, title in enumerate(titles)]
    assert len(series_among(readings, EventSettings())) == 300


def test_a_name_of_common_words_fills_a_gap_too() -> None:
    stories = [*moves(300), StoryText("odd", "The Bank of Monday shares rise 7% on Monday", "", START)]
    assert "is one of a series: " in explain(stories, derive(stories), "odd").words


def test_few_like_texts_are_no_series() -> None:
    readings = [read(story) for story in moves(SERIES - 1)]
    assert series_among(readings, EventSettings()) == {}


def test_why_tells_the_template() -> None:
    stories = moves(200)
    words = explain(stories, derive(stories), "m0004").words
    assert '100 texts of this half of a day are made of "... shares rise ... on monday"' in words


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Shares of General Electric rise", {"general", "electric"}),
        ("Shares rise on NYSE", set()),
        ("Shares Of General Electric Rise", set()),
        ("Results: Shares of them rise", set()),
    ],
)
def test_names_are_told_by_capitals_where_these_say_something(title: str, names: set[str]) -> None:
    assert names_in(title) == names


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(SERIES - 10, SERIES + 10), st.integers(SERIES - 10, SERIES + 10), st.integers(0, 30))
def test_an_update_that_makes_or_ends_a_series_equals_a_fresh_start(before: int, after: int, others: int) -> None:
    beside = moves(others, START + timedelta(hours=30), "n")
    old, new = moves(2 * before), moves(2 * after)
    changed = {story.id for story in old} ^ {story.id for story in new}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reach, "MOST_COST", 9.0)
        source, was, fresh = Listed([*new, *beside]), derive([*old, *beside]), derive([*new, *beside])
        assert update(was, source, changed) == fresh
        assert update(was, source, changed, former={story.id: story for story in old if story.id in changed}) == fresh
