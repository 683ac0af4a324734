"""Forms events from stories: groups, their scores, copies, and the event's title, time span and id."""

import math
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
from scipy import sparse

from newsgraph.errors import UsageError
from newsgraph.graph.events.clustering.coherence import coherent_parts
from newsgraph.graph.events.clustering.copies import copies_in
from newsgraph.graph.events.clustering.distinct_texts import story_order, voices_of
from newsgraph.graph.events.clustering.time_windows import Group, slices, sweep
from newsgraph.graph.events.fit import weak_fits
from newsgraph.graph.events.model import Background, Copy, Derivation, DerivedEvent, Membership, StoryText
from newsgraph.graph.events.moments import EPOCH
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.actors import split_by_actor
from newsgraph.graph.events.text.background import Ceilings, background, ceilings
from newsgraph.graph.events.text.texts import read, shown_title
from newsgraph.graph.events.text.vectors import UNIT, matrix, stack


@dataclass(frozen=True, slots=True)
class Former:
    """An event as it was, whose stories have the same texts and weights now, with all copies in it."""

    event: DerivedEvent
    copies: tuple[Copy, ...]

    def has(self, stories: Iterable[StoryText], scores: Iterable[float]) -> bool:
        """Returns whether the event had just these stories with these scores."""
        return {story.id: score for story, score in zip(stories, scores, strict=True)} == {
            member.story_id: member.score for member in self.event.members
        }


@dataclass(frozen=True, slots=True)
class ScoredGroup:
    """The stories of one event with their scores, in no particular order."""

    stories: tuple[StoryText, ...]
    scores: tuple[float, ...]
    copies: tuple[Copy, ...] = ()
    whole: str = ""
    """Equal for the events that one group was parted into; empty where that plays no part."""
    former: Former | None = None
    """In an update: the event that it came from. Its title and copies needn't be worked out again if its stories have
    stayed together."""


def derive_events(stories: Iterable[StoryText], settings: EventSettings, known: Background | None = None) -> Derivation:
    """See ``newsgraph.graph.events.derive``. ``known`` is the background of the stories, if it was counted before."""
    from newsgraph.graph.events.clustering.undated import attach  # noqa: PLC0415  (it builds on this module)

    sure, unsure = parted(stories)
    known = background(sure, settings) if known is None else known
    highest = ceilings(known, settings)
    found = [event for part in resolve(slices(sure, settings), settings, highest) for event in part]
    return derivation(attach(found, unsure, settings, highest) if unsure else found, settings, known)


def parted(stories: Iterable[StoryText]) -> tuple[list[StoryText], list[StoryText]]:
    """Returns the stories with a sure date, and the others. Raises ``UsageError`` when two stories have the same id."""
    sure: list[StoryText] = []
    unsure: list[StoryText] = []
    seen: set[str] = set()
    for story in stories:
        if story.id in seen:
            raise UsageError(f"story {story.id}", "is given twice", "Give each story once, under an id of its own.")
        seen.add(story.id)
        (sure if story.date_sure and story.published_at is not None else unsure).append(story)
    return sure, unsure


def resolve(
    parts: Iterable[list[StoryText]],
    settings: EventSettings,
    highest: Ceilings,
    *,
    timeless: bool = False,
) -> Iterator[list[ScoredGroup]]:
    """Yields the events of stories given in slices of time, as soon as they are final."""
    voices = (voices_of(part, settings, timeless=timeless) for part in parts)
    for groups in sweep(voices, settings, highest, timeless=timeless):
        if groups:
            yield events_of(groups, settings)


def events_of(groups: Sequence[Group], settings: EventSettings) -> list[ScoredGroup]:
    """Groups, parted where they don't hold together."""
    parts: list[Group] = []
    wholes: list[str] = []
    for group in groups:
        found = [part for one in coherent_parts(group, settings) for part in split_by_actor(one, settings)]
        parts += found
        wholes += [group.stories[0][0].id] * len(found)
    return [replace(one, whole=whole) for one, whole in zip(scored(parts, settings), wholes, strict=True)]


def scored(groups: Sequence[Group], settings: EventSettings) -> list[ScoredGroup]:
    """Adds copies and scores. A story's score is its mean smoothed similarity to the event's other texts; 1 if there is
    no other text."""
    if not groups:
        return []  # an update may leave none, if all that it reached is gone
    sizes = np.array([len(group.stories) for group in groups])
    label = np.repeat(np.arange(len(groups)), sizes)
    vectors = stack([group.smooth for group in groups])
    rows = matrix(vectors, np.unique(vectors.terms)) if len(vectors.terms) else None
    scores = np.ones(len(label))
    several = sizes[label] > 1
    if rows is not None:
        spread = sparse.csr_matrix((np.ones(len(label), dtype=np.int64), (label, np.arange(len(label)))))
        totals = (spread @ rows).tocsr()
        among = np.asarray(rows.multiply(totals[label]).sum(axis=1)).ravel()
        alone = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
        scores[several] = ((among - alone) / (UNIT * UNIT))[several] / (sizes[label] - 1)[several]
    scores = np.clip(scores, 0.0, 1.0)
    found = []
    start = 0
    for group, size, copies in zip(groups, sizes, copies_in(groups, settings), strict=True):
        pairs = [
            (story, round(float(score), 4))
            for voice, score in zip(group.stories, scores[start : start + size], strict=True)
            for story in voice
        ]
        found.append(ScoredGroup(tuple(story for story, _ in pairs), tuple(score for _, score in pairs), tuple(copies)))
        start += size
    return found


def derivation(found: Sequence[ScoredGroup], settings: EventSettings, known: Background) -> Derivation:
    """Returns the events and copies in the form and order in which they are stored."""
    events = [lasting(one, settings) for one in found]
    return ordered(events, (copy for one in found for copy in one.copies), known, siblings_of(found, events))


def siblings_of(found: Sequence[ScoredGroup], events: Sequence[DerivedEvent]) -> list[tuple[str, ...]]:
    """The ids of the events of each group that was parted into several."""
    together: dict[str, list[str]] = {}
    for one, event in zip(found, events, strict=True):
        if one.whole:
            together.setdefault(one.whole, []).append(event.id)
    return [tuple(sorted(ids)) for ids in together.values() if len(ids) > 1]


def ordered(
    events: Iterable[DerivedEvent], copies: Iterable[Copy], known: Background, siblings: Iterable[tuple[str, ...]]
) -> Derivation:
    return Derivation(
        tuple(
            sorted(
                events,
                key=lambda event: (event.first_published_at is None, event.first_published_at or EPOCH, event.id),
            )
        ),
        tuple(sorted(copies, key=lambda copy: copy.story_id)),
        known,
        tuple(sorted(siblings)),
    )


def event_id(story_id: str) -> str:
    """The id of the event whose earliest story is ``story_id``."""
    return f"event:{blake2b(story_id.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


TYPICAL = 0.9
"""Titles that reach this share of the most typical one's value count as equally typical. The earliest of them is
taken."""


def headline(stories: Sequence[StoryText], copies: Container[str], weak: Container[str] = ()) -> str:
    """Returns the most typical title of an event's stories, which must be given in order of time.

    It is the title nearest to the mean of all their titles, by the cosine of their words; the earlier one of nearly
    equal titles. The name of its outlet at the end is left out. Copies, stories that fit badly and stories of an unsure
    date are used only when there are no others.
    """
    titled = [story for story in stories if story.title.strip()]
    own = [story for story in titled if story.id not in copies and story.id not in weak and story.date_sure] or titled
    if len(own) < 2:
        return shown_title(own[0]) if own else ""
    words = [frozenset(read(story).title) for story in own]
    counts = Counter(word for title in words for word in title)
    typical = [sum(counts[word] for word in title) / math.sqrt(len(title) or 1) for title in words]
    least = TYPICAL * max(typical)
    return shown_title(next(story for story, value in zip(own, typical, strict=True) if value >= least))


def lasting(found: ScoredGroup, settings: EventSettings) -> DerivedEvent:
    """Returns the event with its name, time span and counts."""
    if found.former is not None and found.former.has(found.stories, found.scores):
        return found.former.event
    pairs = sorted(zip(found.stories, found.scores, strict=True), key=lambda pair: story_order(pair[0]))
    stories = [story for story, _ in pairs]
    dates = [story_order(story)[1] for story in stories if story.published_at is not None and story.date_sure]
    dates = dates or [story_order(story)[1] for story in stories if story.published_at is not None]
    weakness = weak_fits([score for _, score in pairs], settings)
    badly = {story.id for story, weak in zip(stories, weakness, strict=True) if weak}
    return DerivedEvent(
        id=event_id(stories[0].id),
        title=headline(stories, {copy.story_id for copy in found.copies}, badly),
        first_published_at=dates[0] if dates else None,
        last_published_at=dates[-1] if dates else None,
        story_count=len(stories),
        outlet_count=len({story.outlet for story in stories if story.outlet}),
        members=tuple(Membership(story.id, score, weak) for (story, score), weak in zip(pairs, weakness, strict=True)),
    )
