"""What a corpus always has counts for less; groups that don't hold together are parted; weak fits are never first."""

from dataclasses import astuple
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from newsgraph.graph.agencies import without_credit
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.events import EventSettings, StoryText, derive, explain
from newsgraph.graph.events.clustering.coherence import labels_of_parts
from newsgraph.graph.events.fit import weak_fits
from newsgraph.graph.events.sync import _known, known_text
from newsgraph.graph.events.text.background import (
    NO_COUNTS,
    SpanWords,
    background,
    packed,
    references,
    span_of,
    unpacked,
    with_spans,
    words_of,
)
from newsgraph.graph.events.text.languages import detect
from newsgraph.graph.events.text.texts import language, plain, stable_id, tokens

START = datetime(2024, 3, 1, 8, tzinfo=UTC)
SETTINGS = EventSettings()
TASKS = (
    "adds offline forms", "gains barcode scanner", "opens portal preview", "renames license tiers",
    "fixes gallery layout", "connects payroll ledger", "retires classic editor", "ships tablet sketchpad",
    "translates help pages", "limits trial accounts", "moves data centres", "speeds formula engine",
    "hosts student contest", "audits admin roles", "imports survey charts", "mutes noisy alerts",
)  # fmt: skip


def feed() -> list[StoryText]:
    """One subject, an announcement every other day, by two outlets a few hours apart."""
    stories = []
    for number, task in enumerate(TASKS):
        at = START + timedelta(days=2 * number)
        stories.append(StoryText(f"a{number}", f"Vendor Quillmaker Studio {task}", "", at, outlet="a.com"))
        later = at + timedelta(hours=5)
        stories.append(StoryText(f"b{number}", f"Quillmaker Studio by Vendor now {task}", "", later, outlet="b.com"))
    return stories


def test_announcements_on_one_subject_stay_apart() -> None:
    events = [{member.story_id for member in event.members} for event in derive(feed()).events]
    assert events == [{f"a{number}", f"b{number}"} for number in range(len(TASKS))]


def test_the_subject_is_background_and_what_bursts_is_not() -> None:
    known = background(feed(), SETTINGS)
    term = language("en", SETTINGS).term
    assert known.eras[0].levels[term("quillmaker")[0]] == 0
    assert term("barcode")[0] not in known.eras[0].levels


def test_a_corpus_of_a_few_days_has_no_background() -> None:
    assert background(feed()[:8], SETTINGS).eras == ()


def test_stories_at_the_end_leave_the_reference_of_a_small_corpus_as_it_is() -> None:
    sizes = [sum(len(some) for _, some in references(range(count), [9] * (count - 1))) for count in range(1, 60)]
    assert sizes == sorted(sizes)
    assert sorted(set(sizes)) == [0, 4, 5, 8, 11, 16, 22, 32, 45]
    assert all(size < count for count, size in enumerate(sizes, 1))


def test_eras_of_a_large_corpus_stay_as_they_are_while_it_grows() -> None:
    eras: list[tuple[int, range]] = []
    for count in range(18, 90):
        spans = range(1000, 1000 + count)  # an era begins with 1008, one with 1024, ...
        before, eras = eras, references(spans, [200] * (count - 1))
        assert eras[: len(before)] == before
        assert all(spans[some.stop - 1] < begins for begins, some in eras[1:])
    assert [begins for begins, _ in eras] == [1000, 1024, 1040, 1056, 1072, 1088]
    assert [some for _, some in eras] == [range(16), *(range(start, start + 16) for start in (8, 24, 40, 56, 72))]


def test_an_era_looks_further_back_where_spans_have_few_texts() -> None:
    found = references(range(60), [50] * 30 + [40] * 29)
    assert found == [(0, range(22)), (32, range(10, 32)), (48, range(16, 48))]


@pytest.mark.parametrize("texts", [3, 300])
def test_words_are_kept_as_they_were_counted(texts: int) -> None:
    numbers = EventSettings(background_texts=texts)
    known = background(feed(), numbers)
    whole = with_spans(NO_COUNTS, known.spans[:-1], spans_of(feed(), numbers))
    assert all(map(np.array_equal, astuple(unpacked(known, numbers)), astuple(whole)))
    assert packed(whole, numbers) == known.words
    assert max(known.texts) <= texts


def test_what_a_store_keeps_of_the_background_is_the_same_again() -> None:
    derived = derive(feed())
    kept = _known(Corpus(event_background=known_text(derived)))
    assert kept is not None
    assert (kept.background, kept.siblings) == (derived.background, derived.siblings)


def spans_of(stories: list[StoryText], numbers: EventSettings) -> dict[int, SpanWords]:
    found = {span_of(story, numbers) for story in stories}
    return {
        span: words_of([story for story in stories if span_of(story, numbers) == span], numbers)
        for span in found
        if span is not None
    }


def test_why_names_the_background() -> None:
    stories = feed()
    told = explain(stories, derive(stories), "a3", "a4").words
    assert '"quillmaker" (1 in 1)' in told


def squares(sizes: list[int], within: float, between: float) -> np.ndarray:
    labels = np.repeat(np.arange(len(sizes)), sizes)
    table = np.where(labels[:, None] == labels[None, :], within, between)
    np.fill_diagonal(table, 1.0)
    return table


@pytest.mark.parametrize(
    ("sizes", "within", "between", "parts"),
    [
        ([5, 5], 0.5, 0.05, 2),
        ([4, 4, 4], 0.5, 0.03, 3),
        ([5, 5], 0.5, 0.45, 1),
        ([9, 1], 0.5, 0.02, 1),
        ([10], 0.1, 0.0, 1),
    ],
)
def test_groups_are_parted_where_their_sides_have_little_in_common(
    sizes: list[int], within: float, between: float, parts: int
) -> None:
    labels = labels_of_parts(squares(sizes, within, between), SETTINGS)
    assert labels.max() + 1 == parts
    if parts > 1:
        assert labels.tolist() == np.repeat(np.arange(parts), sizes).tolist()


def test_a_stray_text_goes_with_the_part_it_is_nearest_to() -> None:
    table = squares([5, 5, 1], 0.5, 0.03)
    table[10, 5:10] = table[5:10, 10] = 0.1
    assert labels_of_parts(table, SETTINGS).tolist() == [0] * 5 + [1] * 6


def test_weak_fits_are_those_below_half_the_median_of_a_large_event() -> None:
    assert weak_fits([0.8, 0.7, 0.9, 0.3, 0.8, 0.8], SETTINGS) == [False, False, False, True, False, False]
    assert weak_fits([0.8, 0.7, 0.9, 0.3], SETTINGS) == [False] * 4
    assert weak_fits([0.5] * 9, SETTINGS) == [False] * 9


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("UN declares famine in Gaza", "en"),
        ("Storm kills nine in northern Chile", "en"),
        ("Un puissant séisme frappe Taïwan", "fr"),
        ("Macron annonce une réforme des retraites", "fr"),
        ("Taiwan von schwerem Erdbeben getroffen", "de"),
        ("Fuerte terremoto sacude Taiwán", "es"),
        ("Terremoto a Taiwan: almeno nove i morti", "it"),
        ("Terremoto mata ao menos nove pessoas", "pt"),
    ],
)
def test_languages_are_told_by_all_their_words(title: str, code: str) -> None:
    assert detect(tokens(title)) == code


@pytest.mark.parametrize(("word", "code"), [("2020", "en"), ("1999", "fr"), ("march", "en"), ("mars", "fr")])
def test_calendar_words_and_years_weigh_nothing(word: str, code: str) -> None:
    assert language(code, SETTINGS).term(word) == (stable_id(language(code, SETTINGS).stem(word)), 0.0)


@pytest.mark.parametrize(
    "text",
    [
        "LONDON (Reuters) - Storm kills nine",
        "AP - Storm kills nine",
        "Storm kills nine (AP)",
        "PARIS (AFP) — Storm kills nine",
    ],
)
def test_credits_of_agencies_are_no_words_of_a_text(text: str) -> None:
    assert without_credit(plain(text)) == "Storm kills nine"


def test_what_only_looks_like_a_credit_stays() -> None:
    assert without_credit("Bloomberg") == "Bloomberg"
    assert without_credit("Mayor (Smith) - a portrait") == "Mayor (Smith) - a portrait"


@pytest.mark.parametrize(
    "title",
    [
        "Crossword",
        "Letters to the editor",
        "Markets wrap",
        "Births, marriages and deaths",
        "Winning lottery numbers",
        "Weather forecast for Berlin",
        "Evening briefing: what you need to know",
        "Programme télé de ce soir",
        "Rassegna stampa di oggi",
    ],
)
def test_generic_titles_are_no_copies(title: str) -> None:
    stories = [
        StoryText(str(hour), title, "", START + timedelta(hours=hour), outlet=f"{hour}.com") for hour in range(3)
    ]
    assert derive(stories).copies == ()


def test_a_title_with_two_words_of_its_own_can_be_a_copy() -> None:
    title = "Ferry crossword solved overnight"
    stories = [StoryText("a", title, "", START, outlet="a.com"), StoryText("b", title, "", START, outlet="b.com")]
    assert [(copy.story_id, copy.original_id) for copy in derive(stories).copies] == [("b", "a")]


def test_a_credit_hides_no_copy() -> None:
    title = "Storm kills nine people in northern Chile"
    stories = [
        StoryText("a", title, "", START, outlet="a.com"),
        StoryText("b", f"{title.upper()} (AP)", "", START + timedelta(hours=2), outlet="b.com"),
        StoryText("c", f"{title} - Associated Press", "", START + timedelta(hours=3), outlet="c.com"),
    ]
    assert [(copy.story_id, copy.original_id) for copy in derive(stories).copies] == [("b", "a"), ("c", "a")]
