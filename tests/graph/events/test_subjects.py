"""A rare word that many unlike headlines of a half day share is a subject, not an event."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsgraph.graph.events import Derivation, EventSettings, StoryText, derive, explain
from newsgraph.graph.events.clustering.subjects import SUBJECT_TEXTS, without_subjects
from newsgraph.graph.events.text.texts import read
from tests.graph.events.sources import updated

START = datetime(2025, 3, 3, 1, tzinfo=UTC)
TOLD = (
    "Schools in Ashland close over {}", "How {} changes the price of copper", "Bakers fear a long {} winter",
    "Minister denies hiding {} figures", "Choir sings for nurses on the {} ward", "Can dogs catch {}?",
    "Cruise ship turned away because of {}", "{} delays the opening of a bridge", "Tennis stars weigh up {} risk",
    "A poem a day keeps {} away", "Landlords ask for {} relief", "Laboratory in Lyon sequences {}",
    "Zoo feeds penguins by drone in {} lockdown", "Wedding of 300 guests spreads {}", "Chess moves online as {} grows",
    "Farm workers stranded by {}", "Prison revolt blamed on {} fears", "Astronauts return to a {} planet",
    "Film festival cancels its gala: {}", "Vineyards turn wine into {} gel", "Barber fined under {} law",
    "Parrot learns to cough like a {} patient", "Border queues grow with {} checks", "Toy makers thrive amid {}",
)  # fmt: skip
"""Headlines of many things that name one."""
CURE = (
    "Trial in Oslo finds first Korvirus cure", "Oslo trial: tablets cure Korvirus patients",
    "Korvirus cure found, says trial in Oslo", "First cure for Korvirus after Oslo tablets trial",
)  # fmt: skip
RESCUE = (
    "Miners trapped at Skarholm pit", "Rescue of Skarholm miners begins", "Skarholm: drill reaches trapped miners",
    "Families wait for miners at Skarholm", "Skarholm pit rescue enters second hour", "Who owns the Skarholm pit?",
    "Drill breaks in Skarholm rescue", "Trapped Skarholm miners send a note", "Skarholm miners: new drill on its way",
    "Note from the pit gives Skarholm hope", "First miners out of Skarholm pit", "Skarholm rescue: all miners are out",
    "Skarholm families cheer as miners return", "What went wrong at the Skarholm pit",
)  # fmt: skip
"""Headlines of one event, each in words of its own."""


def stories(titles: tuple[str, ...], name: str = "s") -> list[StoryText]:
    return [
        StoryText(
            f"{name}{place:03d}",
            title,
            "",
            START + timedelta(minutes=place * 7),
            language="en",
            outlet=f"{name}{place}.example",
        )
        for place, title in enumerate(titles)
    ]


def told_of(word: str, count: int = len(TOLD)) -> list[StoryText]:
    return stories(tuple(title.format(word) for title in TOLD[:count]), "t")


def sizes(derivation: Derivation) -> list[int]:
    return sorted(event.story_count for event in derivation.events)


def test_a_new_word_that_many_headlines_have_makes_no_event_of_them() -> None:
    assert max(sizes(derive(told_of("Korvirus")))) <= 2
    assert max(sizes(derive(told_of("Korvirus", SUBJECT_TEXTS - 1)))) == SUBJECT_TEXTS - 1


def test_an_event_amid_a_subject_is_found() -> None:
    found = derive([*told_of("Korvirus"), *stories(CURE, "c")])
    event = next(event for event in found.events if any(member.story_id == "c000" for member in event.members))
    assert {member.story_id for member in event.members} == {"c000", "c001", "c002", "c003"}


def test_what_an_event_shares_is_no_subject() -> None:
    readings = [read(story) for story in (*stories(RESCUE), *told_of("Korvirus"))]
    found = without_subjects(readings, EventSettings())
    assert set(found) == set(range(len(RESCUE), len(readings)))
    assert all("korvirus" not in reading.title for reading in found.values())


def test_a_frame_of_one_word_is_no_event() -> None:
    names = "Ada Quill|Bert Ossian|Cleo Varnhagen|Dov Ystad|Edda Palmgren|Finn Okoro|Gus Teller|Hal Imrie|Ida Zorn"
    names += "|Jon Abara|Kai Lunde|Lea Moravec|Max Ruiz|Nia Obuya|Ole Brandt|Pia Castell"
    assert sizes(derive(stories(tuple(f"{name} obituary" for name in names.split("|"))))) == [1] * 16


def test_a_title_of_a_subject_alone_keeps_it_and_each_language_has_its_own() -> None:
    few = SUBJECT_TEXTS - 1
    alone = StoryText("alone", "The Korvirus", "", START, language="en")
    french = StoryText("fr", "Le Korvirus gagne Toulouse", "", START, language="fr")
    readings = [read(story) for story in (*told_of("Korvirus", few), alone, french)]
    assert set(without_subjects(readings, EventSettings())) == set(range(few))
    assert without_subjects([*readings[:few], readings[-1]], EventSettings()) == {}


def test_why_names_the_subject() -> None:
    given_stories = told_of("Korvirus")
    told = explain(given_stories, derive(given_stories), "t003").words
    assert 'It is compared without "korvirus"' in told
    others = stories(RESCUE)
    assert "It is compared without" not in explain(others, derive(others), "s003").words


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(SUBJECT_TEXTS - 4, len(TOLD)), st.integers(SUBJECT_TEXTS - 4, len(TOLD)))
def test_an_update_that_makes_or_ends_a_subject_equals_a_fresh_start(before: int, after: int) -> None:
    old, new = ([*told_of("Korvirus", count), *stories(RESCUE), *stories(CURE, "c")] for count in (before, after))
    changed = {story.id for story in old} ^ {story.id for story in new}
    assert updated(derive(old), new, changed) == derive(new)
