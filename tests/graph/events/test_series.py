"""Headlines made of one template are a series, not an event: only those that tell of the same thing are together."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsgraph.graph.events import Derivation, EventSettings, StoryText, derive, explain
from newsgraph.graph.events.clustering.series import SERIES, names_in, widened
from newsgraph.graph.events.clustering.series_texts import names_in_gaps, series_among
from newsgraph.graph.events.text.texts import read
from tests.graph.events.sources import updated

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


SIGNS = "Aries Taurus Gemini Cancer Leo Virgo Libra Scorpio Sagittarius Capricorn Aquarius Pisces".split()  # noqa: SIM905  # reads best as a line
TOWNS = "Ashland Burlington Camden Dover Fairview Greenville Hudson Kingston Lebanon Medford Norwood Salem".split()  # noqa: SIM905  # likewise
CLUBS = (
    "Arsenal", "Aston Villa", "Brighton", "Burnley", "Chelsea", "Crystal Palace", "Everton", "Fulham", "Leeds United",
    "Leicester City", "Liverpool", "Manchester City", "Manchester United", "Newcastle United", "Nottingham Forest",
    "Southampton", "Sunderland", "Tottenham", "West Ham", "Wolves",
)  # fmt: skip
SCORERS = "Adams Baker Carter Evans Foster Grant Hughes Jordan Keller Lambert".split()  # noqa: SIM905  # likewise
ROUTINE = (
    "Horoscope today: what Monday holds for {sign}",
    "{sign} daily horoscope for March 3",
    "Monday's forecast for {town}",
    "Frost advisory issued for {town} County until Monday morning",
    "{town} police log: March 3",
    "{town} restaurant inspections for the week of March 3",
    "Real estate transfers: {town} County, March 3",
    "Gas prices in {town} fall {number} cents a gallon",
)
REPORTS = (
    "{home} {goals}-1 {away}: {scorer} scores twice",
    "{home} beat {away} {goals}-1",
    "{scorer} double sees {home} past {away}",
    "{away} lose to {home} as {scorer} strikes twice",
    "{home} {goals}-1 {away}: player ratings as {scorer} shines",
)


def routine(template: str, outlet: str = "") -> list[StoryText]:
    """A dozen headlines of one morning."""
    return [
        StoryText(
            f"{template}{number}",
            template.format(sign=SIGNS[number], town=TOWNS[number], number=number + 3),
            "",
            START + timedelta(minutes=20 * number),
            outlet=outlet or f"o{number}.example",
        )
        for number in range(12)
    ]


def games() -> dict[str, list[StoryText]]:
    """An evening's ten games in the words of five outlets each."""
    return {
        f"game {number}": [
            StoryText(
                f"{number}-{place}",
                report.format(
                    home=CLUBS[2 * number], away=CLUBS[2 * number + 1], scorer=SCORERS[number], goals=2 + number % 4
                ),
                "",
                START + timedelta(hours=18, minutes=7 * number + 25 * place),
                outlet=f"o{place}.example",
            )
            for place, report in enumerate(REPORTS)
        ]
        for number in range(10)
    }


@pytest.mark.parametrize("template", ROUTINE)
def test_a_dozen_routine_headlines_of_a_morning_are_a_dozen_things(template: str) -> None:
    assert sizes(derive(routine(template, "one.example"))) == [1] * 12


def test_two_series_about_the_same_towns_stay_apart() -> None:
    assert sizes(derive([*routine(ROUTINE[4]), *routine(ROUTINE[5]), *routine(ROUTINE[2])])) == [1] * 36


def test_reports_of_one_game_are_one_event_in_whatever_words() -> None:
    told = games()
    others = [story for template in ROUTINE for story in routine(template)]
    found = derive([*(story for game in told.values() for story in game), *others])
    events = {frozenset(member.story_id for member in event.members) for event in found.events}
    assert {frozenset(story.id for story in game) for game in told.values()} <= events


def test_like_headlines_of_one_event_are_no_series() -> None:
    titles = [
        "Men's Wearhouse to buy Jos. A. Bank for $1.8 billion",
        "Men's Wearhouse to acquire Jos. A. Bank for $1.8 billion",
        "Men's Wearhouse to purchase rival Jos. A. Bank for $1.8B",
        "Men's Wearhouse to take over Jos. A. Bank for $65 a share",
        "Men's Wearhouse to pay for Jos. A. Bank after long battle",
        "Men's Wearhouse to swallow Jos. A. Bank for $1.8bn in cash",
        "Men's Wearhouse to Merge With Jos. A. Bank for Growth",
        "Men's Wearhouse to get Jos. A. Bank for 65 dollars a share",
    ]
    stories = [StoryText(str(number), title, "", START) for number, title in enumerate(titles)]
    assert series_among([read(story) for story in stories], EventSettings()) == {}
    assert sizes(derive(stories)) == [8]


def test_words_that_any_headline_may_have_are_no_template() -> None:
    name = [company(number).split()[0] for number in range(3000)]
    titles = [f"{name[number]} a {name[3 * number + 1]} in {name[7 * number + 2]}" for number in range(300)]
    others = [f"{name[number]} {name[5 * number + 1]} {name[9 * number + 4]}" for number in range(300)]
    readings = [read(StoryText(str(number), title)) for number, title in enumerate([*titles, *others])]
    assert series_among(readings, EventSettings()) == {}


def test_a_wider_template_takes_up_what_a_narrower_one_makes() -> None:
    narrow, wide = ("", "city", "beat", ""), ("", "beat", "")
    assert widened({narrow: [1, 4], wide: [0, 2]}) == {wide: [0, 1, 2, 4]}
    assert widened({narrow: [1], ("", "city", "lose", "to", ""): [2]}).keys() == {
        narrow,
        ("", "city", "lose", "to", ""),
    }


def test_names_are_told_by_signs_numbers_and_what_belongs_to_them() -> None:
    reading = read(StoryText("a", "Manchester United 3-2 West Ham: Chelsea's Brown, Marks & Co. scores twice"))
    names = names_in_gaps(("", "scores", "twice"), reading, EventSettings())
    assert names == [("manchester", "united"), ("west", "ham"), ("chelsea",), ("brown",), ("marks", "co")]


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


VILLES = [f"{one}{other}" for one in ("Saint-Jean", "Villeneuve", "Montreuil", "Beaumont", "Clermont", "Rochefort")
          for other in ("-sur-Loire", "-le-Vieux", "-en-Brie", "-les-Bains", "-la-Forêt", " Nord", " Sud")]  # fmt: skip


def test_a_name_of_several_words_with_hyphens_fills_a_gap() -> None:
    titles = [
        f"Avis de décès : {company(n).split()[0]} {company(n * 7).split()[0]}, {VILLES[n % 42]}, {n % 40 + 60} ans"
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
@given(st.integers(0, SERIES + 10), st.integers(0, SERIES + 10), st.integers(0, 30))
def test_an_update_that_makes_or_ends_a_series_equals_a_fresh_start(before: int, after: int, others: int) -> None:
    beside = moves(others, START + timedelta(hours=30), "n")
    old, new = moves(2 * before), moves(2 * after)
    changed = {story.id for story in old} ^ {story.id for story in new}
    now, was, fresh = [*new, *beside], derive([*old, *beside]), derive([*new, *beside])
    assert updated(was, now, changed) == fresh
    assert updated(was, now, changed, {story.id: story for story in old if story.id in changed}) == fresh
