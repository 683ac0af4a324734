"""The result is not on a knife's edge: each number of the recipe may be a tenth off."""

import math
import random
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from newsgraph.graph.events import EventSettings, StoryText, derive, score
from newsgraph.graph.events.text.sentences import DEFAULT_MODEL

START = datetime(2024, 3, 1, tzinfo=UTC)
SYLLABLES = "mar wick tes sal brand vera quil har den norr pel ave sor sker low kess van orr gal west tol ash".split()  # noqa: SIM905  # words read best as a line
DEEDS = (
    (
        "{a} recalls {n} heaters sold in {p} over fire risk",
        "Fire risk prompts {a} to recall heaters",
        "{a} heater recall: what owners in {p} should do",
        "{a} pulls {n} heaters from shops after fires",
        "Regulator in {p} urged {a} heater recall months ago",
    ),
    (
        "{p} bridge collapse leaves {n} stranded",
        "Bridge falls into river at {p}, rescuers search",
        "{p} bridge: {a} engineers had warned of cracks",
        "Rescuers search river after {p} bridge collapses",
        "Collapsed {p} bridge had failed inspection by {a}",
    ),
    (
        "{a} agrees to buy chip maker {p} Devices for ${n} million",
        "{p} Devices sold to {a} in ${n} million deal",
        "Why {a} wants {p} Devices",
        "{a} shares slip after {p} Devices takeover",
        "Takeover of {p} Devices by {a} faces review",
    ),
    (
        "Strike at {a} plant in {p} enters second week",
        "{a} workers in {p} vote to go on strike",
        "{p} strike halts {a} production",
        "{n} {a} workers walk out in {p}",
        "Talks to end {a} strike in {p} break down",
    ),
    (
        "Senator {a} resigns over {p} land deal",
        "{a} quits senate after {p} land deal revealed",
        "{p} land deal: {a} says sorry and resigns",
        "Who will replace senator {a}?",
        "Senate accepts resignation of {a}",
    ),
)


def corpus() -> list[tuple[StoryText, str]]:
    """Invented events told in several ways, each outlet cutting or padding as it likes."""
    chance = random.Random(7)
    told = []
    for number in range(120):
        actor, place = ("".join(chance.sample(SYLLABLES, 3)).capitalize() for _ in range(2))
        ways = DEEDS[number % len(DEEDS)]
        start = START + timedelta(hours=20 * number)
        for index in range(chance.randint(1, 7)):
            title = ways[index % len(ways)].format(a=actor, p=place, n=chance.randint(100, 9_000))
            words = [word for word in title.split() if chance.random() > 0.08]
            if chance.random() < 0.3:
                words += ["-", chance.choice(["live updates", "video", "report says", "analysis"])]
            at = start + timedelta(hours=chance.expovariate(1 / 9))
            told.append((StoryText(f"{number}-{index}", " ".join(words), "", at, outlet=f"o{index}"), str(number)))
    return told


def f1(told: list[tuple[StoryText, str]], settings: EventSettings) -> float:
    found = derive([story for story, _ in told], settings)
    events = {member.story_id: event.id for event in found.events for member in event.members}
    return score({story.id: label for story, label in told}, events).f1


@pytest.fixture(scope="module")
def told() -> list[tuple[StoryText, str]]:
    return corpus()


@pytest.fixture(scope="module")
def usual(told: list[tuple[StoryText, str]]) -> float:
    return f1(told, EventSettings())


NUMBERS = [field.name for field in fields(EventSettings) if field.name not in ("method", "semantic")]
WORDS_ALONE = EventSettings()
WITH_MODEL = replace(WORDS_ALONE, semantic=DEFAULT_MODEL)


def test_the_corpus_is_neither_trivial_nor_hopeless(usual: float) -> None:
    assert 0.8 < usual < 1.0


@pytest.mark.parametrize(
    "name",
    # With the sentence model a case takes seconds, because the model reads every title.
    [pytest.param(name, marks=pytest.mark.slow) if name.startswith("semantic_") else name for name in NUMBERS],
)
def test_a_tenth_more_or_less_hardly_matters(name: str, told: list[tuple[StoryText, str]], usual: float) -> None:
    base = WITH_MODEL if name.startswith("semantic_") else WORDS_ALONE
    expected = usual if base is WORDS_ALONE else f1(told, base)
    value = getattr(base, name)
    for factor in (0.9, 1.1):
        moved = value * factor
        if isinstance(value, int):
            moved = max(1, math.floor(moved) if factor < 1 else math.ceil(moved))
        assert abs(f1(told, replace(base, **{name: moved})) - expected) < 0.01
