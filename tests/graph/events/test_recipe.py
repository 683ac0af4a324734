"""Near misses, copies, languages, dates and bad input: each as a reader would judge it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from newsgraph.errors import UsageError
from newsgraph.graph.events import Derivation, StoryText, derive, explain, score

START = datetime(2024, 3, 1, 8, tzinfo=UTC)
SEED = Path(__file__).parents[3] / "seeds" / "000_f604c0a6d69e84b5.txt"


def told(*events: list[str], apart: float = 1.0) -> tuple[list[StoryText], list[set[str]]]:
    """Stories of some events, an hour between two of one, ``apart`` hours between events; and the ids of each."""
    stories: list[StoryText] = []
    expected: list[set[str]] = []
    for number, titles in enumerate(events):
        ids = set()
        for index, title in enumerate(titles):
            at = START + timedelta(hours=number * apart + index)
            stories.append(StoryText(f"{number}-{index}", title, "", at, outlet=f"outlet{index}.com"))
            ids.add(f"{number}-{index}")
        expected.append(ids)
    return stories, expected


def groups(derivation: Derivation) -> list[set[str]]:
    return sorted(({member.story_id for member in event.members} for event in derivation.events), key=sorted)


NEAR_MISSES = {
    "two makers recall cars": (
        [
            "Tesla recalls 120,000 cars over door latch fault",
            "Tesla recalls thousands of vehicles because doors may open in a crash",
            "Door fault prompts Tesla recall of 120,000 cars",
        ],
        [
            "Ford recalls 450,000 cars over battery fault",
            "Ford recalls vehicles because battery may lose charge",
            "Battery fault prompts Ford recall of 450,000 cars",
        ],
    ),
    "two countries vote": (
        [
            "Chile votes in presidential election runoff",
            "Chile election: leftist wins presidential runoff",
            "Leftist candidate wins Chile presidential election",
        ],
        [
            "Portugal votes in presidential election runoff",
            "Portugal election: incumbent wins presidential runoff",
            "Incumbent wins Portugal presidential election in landslide",
        ],
    ),
    "two deaths": (
        [
            "Actor Martin Hale dies aged 84",
            "Martin Hale, star of stage and screen, dies at 84",
            "Martin Hale dead: Oscar-winning actor was 84",
        ],
        [
            "Singer Rosa Quint dies aged 79",
            "Rosa Quint, queen of folk music, dies at 79",
            "Rosa Quint dead: folk singer was 79",
        ],
    ),
    "two matches": (
        [
            "Arsenal beat Chelsea 2-1 to go top of the league",
            "Arsenal 2-1 Chelsea: late winner sends Gunners top",
            "Late goal gives Arsenal win over Chelsea",
        ],
        [
            "Liverpool beat Everton 2-0 to stay in title race",
            "Liverpool 2-0 Everton: derby win keeps Reds in race",
            "Derby goals give Liverpool win over Everton",
        ],
    ),
    "one merger, many words": (
        [
            "Adobe to buy Figma for $20 billion",
            "Adobe is buying Figma in a $20 billion deal",
            "Figma sold to Adobe: what designers think",
            "Figma founders cash in as Adobe pays $20 billion",
            "Adobe shares fall after design deal",
        ],
    ),
    "one maker under two names": (
        [
            "GM recalls 1 million SUVs over airbags",
            "General Motors recalls 1 million SUVs on airbag inflators",
            "GM to recall nearly 1 million SUVs for airbag defect",
            "General Motors recalls a million cars over air bag fears",
            "General Motors is recalling 1 million SUVs because airbags may explode",
        ],
    ),
}


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_near_misses_come_out_right(name: str) -> None:
    stories, expected = told(*NEAR_MISSES[name])
    assert groups(derive(stories)) == sorted(expected, key=sorted)


def sample() -> list[StoryText]:
    article = next(iter(yaml.safe_load_all(SEED.read_text(encoding="utf-8"))))
    listed = tuple(one["webUrl"] for one in article["related"])
    return [
        StoryText(
            one["webUrl"],
            one["title"],
            one["excerpt"],
            one["publishedDateTime"],
            outlet=one["provider"]["domain"],
            outlet_name=one["provider"]["name"],
            related=listed if one is article else (),
        )
        for one in [article, *article["related"]]
    ]


def test_the_sample_holds_two_events() -> None:
    stories = sample()
    outlet = {story.id: story.outlet_name for story in stories}
    events = [
        [outlet[member.story_id] for member in event.members if outlet[member.story_id] != "CNBC"]
        for event in derive(stories).events
    ]
    assert [event for event in events if event] == [
        ["Charlotte Observer", "Webindia 123", "Washington Post"],
        ["Washington Post", "VentureBeat", "ZDNet", "Reuters", "PC Magazine", "UPI.com", "BBC"],
    ]


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        (
            "es",
            [
                "Fuerte terremoto sacude Taiwán y deja nueve muertos",
                "Un terremoto en Taiwán deja al menos nueve muertos",
            ],
        ),
        ("de", ["Schweres Erdbeben erschüttert Taiwan", "Taiwan von schwerem Erdbeben getroffen"]),
        ("fr", ["Un puissant séisme frappe Taïwan", "Taïwan frappé par un séisme puissant"]),
        ("pt", ["Forte terremoto atinge Taiwan e mata nove", "Taiwan: terremoto mata ao menos nove pessoas"]),
        ("it", ["Forte terremoto a Taiwan, nove morti", "Terremoto a Taiwan: almeno nove i morti"]),
    ],
)
def test_other_languages_resolve_too(language: str, titles: list[str]) -> None:
    other = "xyzzy plugh frotz"
    for told_language in (language, None):
        stories = [
            StoryText(str(index), title, "", START + timedelta(hours=index), language=told_language)
            for index, title in enumerate([*titles, other])
        ]
        assert groups(derive(stories)) == [{"0", "1"}, {"2"}]


@pytest.mark.parametrize("title", ["台湾で強い地震、津波警報を発表", "台灣發生強烈地震", "지진 발생"])
def test_scripts_without_spaces_group_exact_repeats(title: str) -> None:
    stories = [StoryText(str(index), title, "", START + timedelta(hours=20 * index)) for index in range(3)]
    stories.append(StoryText("other", "央行宣布降息", "", START))
    assert groups(derive(stories)) == [{"0", "1", "2"}, {"other"}]


COPIES = [
    ("Storm kills nine in northern Chile", "Storm kills nine in northern Chile - Reuters", True),
    ("Storm kills nine in northern Chile", "STORM KILLS NINE IN NORTHERN CHILE!", True),
    ("Storm kills nine people in northern Chile, officials say", "Storm kills nine people in northern ...", True),
    ("Oil company stock gains 3% after earnings report", "Oil company stock gains 5% after earnings report", False),
    ("Wimbledon Day 4 order of play and results", "Wimbledon Day 5 order of play and results", False),
    (
        "Minister says he will resign over the spying affair",
        "Minister says he will not resign over the spying affair",
        False,
    ),
    ("Storm kills nine in northern Chile", "Chile counts its dead after the storm in the north", False),
]


@pytest.mark.parametrize(("first", "second", "copied"), COPIES)
def test_copies(first: str, second: str, copied: bool) -> None:
    stories = [
        StoryText("a", first, "", START, outlet="a.com"),
        StoryText("b", second, "", START + timedelta(hours=5), outlet="reuters.com", outlet_name="Reuters"),
    ]
    found = derive(stories).copies
    assert [(copy.story_id, copy.original_id) for copy in found] == ([("b", "a")] if copied else [])


def test_a_recurring_headline_is_no_copy() -> None:
    weekly = [
        StoryText(str(week), "Markets wrap", "", START + timedelta(weeks=week), outlet=f"{week}.com")
        for week in range(4)
    ]
    found = derive(weekly)
    assert found.copies == ()
    assert len(found.events) == 4


def test_unsure_dates_join_by_text_and_are_never_first() -> None:
    title = "Strong quake hits Taiwan coast, nine dead"
    stories = [
        StoryText("sure", title, "", START),
        StoryText("none", title + ", officials say", "", None, date_sure=False),
        StoryText(
            "early", "Nine dead as strong quake hits Taiwan coast", "", START - timedelta(hours=9), date_sure=False
        ),
        StoryText("future", title + " in the east", "", START + timedelta(days=9000), date_sure=False),
    ]
    (event,) = derive(stories).events
    assert event.members[0].story_id == "sure"
    assert event.first_published_at == event.last_published_at == START
    assert event.story_count == 4


@pytest.mark.parametrize(("earlier", "later"), [("a", "b"), ("b", "a")])
def test_of_two_events_as_near_an_unsure_story_joins_that_of_the_smaller_first_id(earlier: str, later: str) -> None:
    titles = ("Strong quake hits Taiwan coast", "Quake off Taiwan coast kills nine")
    stories = [
        StoryText(f"{name}{number}", title, "", START + timedelta(days=days, hours=number))
        for name, days in ((earlier, 0), (later, 60))
        for number, title in enumerate(titles)
    ]
    unsure = StoryText("u", "Strong quake kills nine off Taiwan coast", "", None, date_sure=False)
    assert groups(derive([*stories, unsure])) == [{"a0", "a1", "u"}, {"b0", "b1"}]


def test_sure_events_do_not_change_with_unsure_stories() -> None:
    stories, expected = told(*NEAR_MISSES["two makers recall cars"])
    unsure = [StoryText(f"u{i}", "Tesla and Ford recall cars over faults", "", None, date_sure=False) for i in range(5)]
    found = [group - {story.id for story in unsure} for group in groups(derive([*stories, *unsure]))]
    assert sorted(filter(None, found), key=sorted) == sorted(expected, key=sorted)


def test_a_related_link_alone_never_merges() -> None:
    stories = [
        StoryText("a", "Storm hits Chile", "", START, related=("b",)),
        StoryText("b", "Actor wins prize", "", START, related=("a",)),
    ]
    assert len(derive(stories).events) == 2
    assert explain(stories, derive(stories), "a", "b").related


@pytest.mark.parametrize(
    "title",
    ["", "!!! ... ???", "\u200b", "<b></b>", "the of and", "Ω中a \U0001d7d9 \ufb01 \U0001f600", "word " * 10_000],
)
def test_bad_titles_stand_alone_and_break_nothing(title: str) -> None:
    stories = [StoryText("bad", title, "", START), StoryText("good", "Storm hits Chile", "", START)]
    assert groups(derive(stories)) == [{"bad"}, {"good"}]


@pytest.mark.slow
def test_one_title_fifty_thousand_times() -> None:
    at_once = [StoryText(f"{index:05d}", "Storm hits Chile", "", START, outlet=f"{index}") for index in range(50_000)]
    found = derive(at_once)
    assert [event.story_count for event in found.events] == [50_000]
    assert len(found.copies) == 49_999
    assert {copy.original_id for copy in found.copies} == {"00000"}


@pytest.mark.slow
def test_a_crowd_of_near_identical_titles_is_one_event_without_false_copies() -> None:
    stories = [
        StoryText(
            f"{index:05d}",
            f"Lot number {index} of the Hale estate sold at auction for {index * 7} dollars",
            "",
            START + timedelta(seconds=index * 10),
        )
        for index in range(20_000)
    ]
    found = derive(stories)
    assert [event.story_count for event in found.events] == [20_000]
    assert found.copies == ()
    shuffled = stories[::-1]
    assert derive(shuffled) == found


def test_copies_within_a_crowd_are_those_of_the_same_text() -> None:
    stories = [
        StoryText(
            f"{index:03d}",
            f"Lot number {index % 300} of the Hale estate sold at auction",
            "",
            START,
            outlet=f"o{index}",
        )
        for index in range(600)
    ]
    found = derive(stories)
    assert len(found.events) == 1
    assert {(int(copy.story_id), int(copy.original_id)) for copy in found.copies} == {
        (index + 300, index) for index in range(300)
    }


def test_no_dates_at_all() -> None:
    stories = [StoryText(str(i), "Storm hits Chile", "", None, date_sure=False) for i in range(3)]
    (event,) = derive(stories).events
    assert event.first_published_at is None
    assert event.story_count == 3


def test_an_id_given_twice_is_an_error() -> None:
    story = StoryText("a", "Storm hits Chile", "", START)
    with pytest.raises(UsageError, match="story a"):
        derive([story, story])


def test_explanations_say_what_is_shared() -> None:
    stories = sample()
    derivation = derive(stories)
    ids = {story.outlet_name: story.id for story in stories}
    together = explain(stories, derivation, ids["Reuters"], ids["BBC"])
    assert together.together
    assert "microsoft" in {term.text for term in together.terms}
    assert "same event" in together.words
    apart = explain(stories, derivation, ids["Reuters"], ids["Webindia 123"])
    assert not apart.together
    assert "different events" in apart.words
    assert "stands alone" in explain([stories[0]], derive([stories[0]]), stories[0].id).words


def test_an_explanation_names_the_actors_that_divide_two_events() -> None:
    stories, _ = told(*NEAR_MISSES["two makers recall cars"])
    words = explain(stories, derive(stories), "0-0", "1-0").words
    assert '"Tesla" is named in 3 of the 3 titles of the one event and in 0 of the 3 of the other' in words
    assert '"Ford" in 0 and 3' in words


def test_stories_of_an_unsure_date_are_explained_whatever_their_time() -> None:
    stories = [
        StoryText(f"s{day}", f"Kessock dam evacuated, day {day}", published_at=START + timedelta(days=9 * day))
        for day in range(4)
    ]
    early = StoryText("u", "Kessock dam evacuated", published_at=START - timedelta(days=90), date_sure=False)
    found = explain([*stories, early], derive([*stories, early]), "u", "s0")
    assert found.cosine > 0.5 and found.hours_apart == 90 * 24


def test_scores_by_hand() -> None:
    labels = {"a": "x", "b": "x", "c": "y", "d": "y", "e": "z", "missing": "z"}
    perfect = score(labels, {story: label * 2 for story, label in labels.items()})
    assert (perfect.precision, perfect.recall, perfect.f1) == pytest.approx((1, 1, 1))
    assert (perfect.adjusted_rand, perfect.mutual_information) == pytest.approx((1, 1))
    assert perfect.worst == ()
    found = score(labels, {"a": "1", "b": "1", "c": "1", "d": "2", "e": "3", "extra": "3"})
    # Precision: a, b 2/3 each, c 1/3, d and e 1; recall: a, b 1, c and d 1/2, e 1.
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
    assert found.recall == pytest.approx((1 + 1 + 0.5 + 0.5 + 1) / 5)
    # Pairs: 1 in both, 2 in labels, 3 in events, 10 in all.
    assert found.adjusted_rand == pytest.approx((1 - 0.6) / (2.5 - 0.6))
    assert (found.unlabelled, found.missing, found.story_count) == (1, 1, 5)
    assert found.worst[0].label == "y"
    assert found.worst[0].split_into == (("1", 1), ("2", 1))
    assert found.worst[0].merged_with == (("x", 2),)
