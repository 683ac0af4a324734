"""Tells why a story is in its event, or why two stories are together or apart, in numbers and in sentences."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from newsgraph.errors import UnknownNameError
from newsgraph.graph.events.clustering.distinct_texts import (
    DistinctTexts,
    distinct_texts,
    series_or_subjects,
    story_order,
)
from newsgraph.graph.events.clustering.neighbours import smoothed
from newsgraph.graph.events.clustering.series import in_words as template_in_words
from newsgraph.graph.events.clustering.similarity import factors, group_similarities
from newsgraph.graph.events.model import (
    Background,
    Derivation,
    DerivedEvent,
    EventSettings,
    Explanation,
    StoryText,
    Term,
)
from newsgraph.graph.events.moments import seconds
from newsgraph.graph.events.text.actors import dividing_names
from newsgraph.graph.events.text.background import Ceilings, ceilings, lowered_words
from newsgraph.graph.events.text.sentences import likeness_table, trust_table
from newsgraph.graph.events.text.texts import Reading, language, read
from newsgraph.graph.events.text.vectors import UNIT, Int, Vectors, matrix, mixed, stack, take, vectorise

TERMS = 8
"""The number of shared terms that an explanation lists."""
MOST_COMPARED = 200
"""The number of members of a large event that a story is compared with: those nearest in time, earlier ones first."""


def explain_stories(
    stories: Iterable[StoryText],
    derivation: Derivation,
    story_id: str,
    other_id: str | None,
    settings: EventSettings,
) -> Explanation:
    """See ``newsgraph.graph.events.explain``."""
    known = {story.id: story for story in stories}
    story = wanted(known, story_id)
    event = event_of(derivation, story_id)
    members = [known[member.story_id] for member in event.members if member.story_id in known]
    if other_id is not None:
        other: StoryText | None = wanted(known, other_id)
        together = any(member.story_id == other_id for member in event.members)
    else:
        other, together = None, True
    compared = [other] if other is not None else nearest_in_time(story, members)
    readings = [read(story), *map(read, compared)]
    highest = ceilings(derivation.background, settings)
    texts = vectorise(readings, settings, highest)
    terms, cosines = shared_terms(readings, texts, settings)
    cosine = float(np.mean(cosines)) if len(cosines) else 1.0
    found = smoothed_similarity(known.values(), story, compared, settings, highest)
    similarity = found.similarity
    hours = hours_apart(story, other)
    related = other is not None and (other.id in story.related or story.id in other.related)
    return Explanation(
        story_id=story_id,
        other_id=other_id,
        together=together,
        cosine=round(cosine, 4),
        link=round(similarity, 4),
        hours_apart=None if hours is None else round(hours, 2),
        related=related,
        terms=terms,
        words=" ".join(
            [
                in_words(story, other, event, together, cosine, similarity, hours, related, terms, settings),
                *title_words(found, settings),
                *background_words(readings, derivation.background, settings),
                *half_day_words(known, story, settings),
                *(
                    []
                    if other is None or together or similarity < settings.threshold
                    else divided(known, derivation, event, other, settings)
                ),
            ]
        ),
    )


def nearest_in_time(story: StoryText, members: list[StoryText]) -> list[StoryText]:
    """The other members, or those nearest in time if they are very many."""
    others = [one for one in members if one.id != story.id]
    if len(others) <= MOST_COMPARED:
        return others
    return sorted(others, key=lambda one: (hours_apart(story, one) or 0.0, story_order(one)))[:MOST_COMPARED]


def background_words(readings: list[Reading], known: Background, settings: EventSettings) -> list[str]:
    """Returns a sentence that names the words that the texts share and that the corpus always has, with how often it
    has them, the commonest first. The list is empty if there are none."""
    others = {word for reading in readings[1:] for word in (*reading.title, *reading.excerpt)}
    shared: dict[int, tuple[int, str]] = {}
    for word, (term_id, level) in lowered_words(readings[0], known, settings).items():
        if word in others:
            shared.setdefault(term_id, (level, word))
    if not shared:
        return []
    named = ", ".join(f'"{word}" (1 in {2**level})' for level, word in sorted(shared.values())[:TERMS])
    return [f"Words that this corpus always has, in so many of its texts, and that therefore count for less: {named}."]


def half_day_words(known: dict[str, StoryText], story: StoryText, settings: EventSettings) -> list[str]:
    """A sentence on the series that the story belongs to, or on the words that it is compared without, if any."""
    found, subjects = series_or_subjects(known.values(), story, settings)
    if found is not None:
        return [
            f"Its title is one of a series: {found.texts} texts of this half of a day are made of "
            f'"{template_in_words(found.template)}". '
            "A series is no event: such a text is compared by its whole title and by pairs of the names that fill the "
            "gaps, so only one with the same title or with two of the same names is together with it."
        ]
    if not subjects:
        return []
    named = ", ".join(f'"{word}"' for word in subjects)
    return [
        f"It is compared without {named}: many texts of this half of a day have this in their titles, and hardly "
        "anything else in common."
    ]


def divided(
    known: dict[str, StoryText], derivation: Derivation, event: DerivedEvent, other: StoryText, settings: EventSettings
) -> list[str]:
    """Returns a sentence that names what sets two events with alike stories apart: the actor that each is about, and
    how many of its texts name that actor. The list is empty if there are no such actors."""
    sides = [event, event_of(derivation, other.id)]
    texts = [[known[member.story_id] for member in side.members if member.story_id in known] for side in sides]
    found = dividing_names(texts[0], texts[1], settings)
    if found is None:
        return parted_words(known, texts, ceilings(derivation.background, settings), settings)
    (first, here, there), (second, those, others) = found
    counts = [len(side) for side in texts]
    return [
        f'"{first}" is named in {here} of the {counts[0]} titles of the one event and in {there} of the {counts[1]} of '
        f'the other, "{second}" in {those} and {others}: two actors divide them.'
    ]


def parted_words(
    known: dict[str, StoryText], sides: Sequence[Sequence[StoryText]], highest: Ceilings, settings: EventSettings
) -> list[str]:
    """Returns a sentence that tells how much less two events have in common than each has in itself. The list is empty
    if this is not what sets them apart."""
    chosen = [list(side)[:MOST_COMPARED] for side in sides]
    sure = [one for one in known.values() if one.published_at is not None and one.date_sure]
    near = distinct_texts(sure, settings, highest)
    row_of = {one.id: row for row, voice in enumerate(near.stories) for one in voice}
    rows = [sorted({row_of[story.id] for story in side if story.id in row_of}) for side in chosen]
    if not (rows[0] and rows[1]):
        return []
    both = np.array(rows[0] + rows[1], dtype=np.int64)
    smooth = stack([smooth_row(near, int(row), settings) for row in both])
    squares = group_similarities(smooth, near.times[both], np.zeros((0, 2), dtype=np.int64), settings) ** 2
    here, there = np.arange(len(rows[0])), np.arange(len(rows[0]), len(both))
    between = float(squares[np.ix_(here, there)].mean()) ** 0.5
    if between < settings.threshold:
        return [f"Alike as they are, the groups around them are not: {between:.2f} over all their pairs."]
    within = [mean_within(squares[np.ix_(side, side)]) for side in (here, there)]
    counts = " and ".join("a single text" if value is None else f"{value:.2f}" for value in within)
    return [
        f"The link between the two events is {between:.2f}, within them {counts}: they were one group, and it was "
        "parted there because its sides have much less in common than each has in itself."
    ]


def mean_within(squares: NDArray[np.float64]) -> float | None:
    """Returns the quadratic mean of the similarities of all pairs of one side; ``None`` for a single text."""
    count = len(squares)
    if count < 2:
        return None
    return math.sqrt(float(squares.sum() - np.trace(squares)) / (count * (count - 1)))


def wanted(known: dict[str, StoryText], story_id: str) -> StoryText:
    if story_id not in known:
        raise UnknownNameError(f"story {story_id}", "is not among the stories given", "Check its id or URL.")
    return known[story_id]


def event_of(derivation: Derivation, story_id: str) -> DerivedEvent:
    for event in derivation.events:
        if any(member.story_id == story_id for member in event.members):
            return event
    raise UnknownNameError(f"story {story_id}", "is in no event", "Derive the events again: newsgraph events build.")


def hours_apart(story: StoryText, other: StoryText | None) -> float | None:
    if other is None or story.published_at is None or other.published_at is None:
        return None
    return abs(seconds(story.published_at) - seconds(other.published_at)) / 3600.0


def shared_terms(
    readings: list[Reading], texts: Vectors, settings: EventSettings
) -> tuple[tuple[Term, ...], list[float]]:
    """Returns the terms that the first text shares with the others, by their mean share of the cosine, and the
    cosines."""
    if len(readings) < 2:
        return (), []
    names = term_names(readings[0], settings)
    rows = matrix(texts, np.unique(texts.terms)).astype(np.float64) / UNIT
    columns = np.unique(texts.terms)
    products = rows[1:].multiply(rows[:1]).tocsr() if len(columns) else None
    if products is None:
        return (), [0.0] * (len(readings) - 1)
    weights = np.asarray(products.mean(axis=0)).ravel()
    order = np.lexsort((columns, -weights))[:TERMS]
    terms = tuple(Term(names.get(int(columns[i]), "?"), round(float(weights[i]), 4)) for i in order if weights[i] > 0)
    return terms, [float(value) for value in np.asarray(products.sum(axis=1)).ravel()]


def term_names(reading: Reading, settings: EventSettings) -> dict[int, str]:
    """Returns the word or the pair of words that each term id of a text stands for."""
    tongue = language(reading.language, settings)
    names: dict[int, str] = {}
    for found in (reading.title, reading.excerpt):
        kept = [word for word in found if tongue.term(word)[1] > 0.0]
        for word in kept:
            names.setdefault(tongue.term(word)[0], word)
        for one, other in pairwise(kept):
            pair = mixed(np.array([tongue.term(one)[0]]), np.array([tongue.term(other)[0]]))
            names.setdefault(int(pair[0]), f"{one} {other}")
    return names


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike a story is to others.

    ``similarity`` is the quadratic mean of what the merging goes by; ``titles`` the likenesses of its title with theirs
    by the sentence model, ``factors`` what each multiplied the likeness of the words by: none where there is no model,
    or where it knows the language of either not.
    """

    similarity: float
    titles: tuple[float, ...]
    factors: tuple[float, ...]


def smoothed_similarity(
    stories: Iterable[StoryText],
    story: StoryText,
    compared: list[StoryText],
    settings: EventSettings,
    highest: Ceilings,
) -> Likeness:
    """Returns how alike the story is to those it is compared with. The similarity is 0 beyond the window, and 1 if
    there is no other story."""
    sure = [one for one in stories if one.published_at is not None and one.date_sure]
    asked = {one.id: one for one in [story, *compared]}
    near = distinct_texts({one.id: one for one in [*sure, *asked.values()]}.values(), settings, highest)
    row_of = {one.id: row for row, voice in enumerate(near.stories) for one in voice}
    window = int(settings.window_hours * 3600)
    own = row_of[story.id]
    values, titles, multiplied = [], [], []
    mine = smooth_row(near, own, settings)
    for other in compared:
        row = row_of[other.id]
        if row == own:
            values.append(1.0)
            continue
        both, times = stack([mine, smooth_row(near, row, settings)]), near.times[[own, row]]
        faded = float(group_similarities(both, times, np.zeros((0, 2), dtype=np.int64), settings)[0, 1])
        listed = any(
            one.id in another.related or another.id in one.related
            for one in near.stories[own]
            for another in near.stories[row]
        )
        near_enough = abs(int(times[0] - times[1])) <= window
        values.append(min(1.0, faded + settings.related_bonus * (listed and near_enough)))
        if both.sentences is not None and both.sentences.weights.all():
            likeness = likeness_table(both.sentences, both.sentences)
            titles.append(float(likeness[0, 1]))
            trust = trust_table(both.sentences, both.sentences)
            multiplied.append(float(factors(likeness, trust, settings)[0, 1]))
    similarity = float(np.sqrt(np.mean(np.square(values)))) if values else 1.0
    return Likeness(similarity, tuple(titles), tuple(multiplied))


def title_words(found: Likeness, settings: EventSettings) -> list[str]:
    """What the sentence model had to say, where one is used."""
    if not settings.semantic:
        return []
    if not found.titles:
        return [f"The sentence model {settings.semantic} had nothing to compare: their words alone decide."]
    titles, factor = float(np.mean(found.titles)), float(np.mean(found.factors))
    mean = " on average" if len(found.titles) > 1 else ""
    return [
        f"By the sentence model {settings.semantic} the titles have a likeness of {titles:.2f}{mean}, beyond what all "
        f"titles of these days have in common: it multiplies the likeness of the words by {factor:.2f}{mean}."
    ]


def smooth_row(near: DistinctTexts, row: int, settings: EventSettings) -> Vectors:
    window = int(settings.window_hours * 3600)
    # Stories of an unsure date that are asked about stand after all others, whatever their time.
    around: Int = np.flatnonzero(np.abs(near.times - near.times[row]) <= window)
    around = around[np.argsort(near.times[around], kind="stable")]
    place = np.flatnonzero(around == row)
    return smoothed(place, take(near.vectors, around), near.times[around], settings)


def in_words(
    story: StoryText,
    other: StoryText | None,
    event: DerivedEvent,
    together: bool,
    cosine: float,
    similarity: float,
    hours: float | None,
    related: bool,
    terms: tuple[Term, ...],
    settings: EventSettings,
) -> str:
    """Returns the explanation in plain sentences, the most important first."""
    said: list[str] = []
    listed = ", ".join(f'"{term.text}" {term.weight:.2f}' for term in terms)
    if other is None:
        if event.story_count == 1:
            said.append("It stands alone: no story near it in time is like it enough.")
            return " ".join(said)
        said.append(f'It is one of {event.story_count} stories of "{event.title}".')
        said.append(f"Its text has a mean cosine of {cosine:.2f} with the others.")
        said.append(f"With neighbours and time taken into account its similarity to them is {similarity:.2f}.")
    else:
        said.append("They are together, in the same event." if together else "They are apart, in different events.")
        said.append(f"Their texts have a cosine of {cosine:.2f}.")
        said.append(f"With neighbours and time taken into account their similarity is {similarity:.2f}.")
    said.append(f"What they share: {listed}." if listed else "They share no telling word.")
    said.append(f"Groups merge at a mean of {settings.threshold:.2f} or more over all their pairs.")
    if hours is not None:
        beyond = f", beyond the window of {settings.window_hours:g} hours" if hours > settings.window_hours else ""
        said.append(f"{hours:.1f} hours lie between them{beyond}.")
    unsure = [one for one in (story, other) if one is not None and not (one.date_sure and one.published_at)]
    if unsure:
        said.append("A date is unsure or missing: such a story joins an event by its text alone.")
    if related:
        said.append(f"One lists the other as related, which adds {settings.related_bonus:.2f}.")
    if other is not None and together and similarity < settings.threshold:
        said.append("Other stories of the event connect them.")
    return " ".join(said)
