"""Lists the events that are most likely to be wrong, which a researcher should look at first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Corrections
from newsgraph.graph.events.fit import able_to_be_first
from newsgraph.graph.events.sync import StoreStories, kept_settings, read_derivation, stories_named
from newsgraph.graph.stores.protocol import Store
from newsgraph.worded_enum import WordedEnum

if TYPE_CHECKING:
    from newsgraph.graph.events import Derivation, DerivedEvent, EventSettings, StoryText

#: The number of stories from which an event is listed for its size alone.
LARGE = 40
#: A share of the event's median score. If the first story's score is lower, the event is listed.
HARDLY = 0.75
#: The cosine of two events' mean texts from which they are listed as perhaps one event.
NEARLY_ONE = 0.25
#: Seconds between the first two outlets of an event below which a wrong clock would make the other one first.
TIE_SECONDS = 300
#: Outlets of an event from which a tie for its first is worth a look.
TIE_OUTLETS = 3


class Reason(WordedEnum):
    """Why an event should be looked at. ``words`` says it for people."""

    FIRST_FITS_BADLY = "first fits badly", "its first story hardly fits the others"
    NEARLY_ONE = "nearly one", "two events that may be one"
    SEAM = "seam", "one event that may be two, of two names"
    NEAR_TIE = "near tie", "two outlets that are first by minutes"
    LARGE = "large", "a very large event"
    SAMPLE = "sample", "drawn at random: does 1 belong to the event of 2?"


@dataclass(frozen=True, slots=True)
class Suspect:
    """An event to look at.

    ``value`` is between 0 and 1; the lower it is, the more likely the event is wrong. ``story`` and ``title`` are those
    of the story in question. ``other`` and ``other_title`` are those of the most typical other story: of the same
    event, of its other side, or of the second event if two may be one; or those of the outlet that came next.
    """

    reason: Reason
    value: float
    event: str
    stories: int
    story: str
    title: str
    other: str
    other_title: str


def suspects(store: Store, limit: int | None = None) -> list[Suspect]:
    """Returns the events to look at, those most likely to be wrong first. Events that a decision is about are left
    out."""
    derivation = read_derivation(store)
    settings = kept_settings(Corpus.of(store))
    decided = Corrections.from_json(Corpus.of(store).corrections)
    known = set(stories_named(store, decided.addresses).values())
    texts = {
        story.id: story
        for story in StoreStories(store).stories(m.story_id for event in derivation.events for m in event.members)
    }
    found = [
        *_badly_led(derivation),
        *_large(derivation),
        *_nearly_one(derivation, settings, texts),
        *_seams(derivation, settings, texts),
        *_near_ties(derivation, texts),
    ]
    found = [one for one in found if not {one[3], one[4]} & known]
    found = _in_turns(found)
    return [
        Suspect(reason, value, event.id, event.story_count, story, texts[story].title, other, texts[other].title)
        for reason, value, event, story, other in found[:limit]
    ]


_Found = tuple[Reason, float, "DerivedEvent", str, str]


def _in_turns(found: Iterable[_Found]) -> list[_Found]:
    """Orders what was found: the likeliest of each reason first, then the second of each, and so on, for the values of
    one reason say nothing beside those of another."""
    of_reason: dict[Reason, list[_Found]] = {}
    for one in sorted(found, key=lambda one: (one[1], one[2].id, one[4])):
        of_reason.setdefault(one[0], []).append(one)
    ranked = [(rank, one) for several in of_reason.values() for rank, one in enumerate(several)]
    return [one for _, one in sorted(ranked, key=lambda pair: (pair[0], pair[1][1], pair[1][2].id, pair[1][4]))]


def _best(event: DerivedEvent, without: str = "") -> str:
    """Returns the story that fits an event best; the earlier one of equals."""
    return max((one for one in event.members if one.story_id != without), key=lambda one: one.score).story_id


def _badly_led(derivation: Derivation) -> Iterator[_Found]:
    copies = {copy.story_id for copy in derivation.copies}
    for event in derivation.events:
        if len(event.members) < 3:
            continue
        middle = median(member.score for member in event.members)
        first = next((member for member in event.members if member.story_id not in copies), event.members[0])
        share = first.score / middle if middle else 1.0
        if share < HARDLY:
            yield Reason.FIRST_FITS_BADLY, round(share, 4), event, first.story_id, _best(event, first.story_id)


def _large(derivation: Derivation) -> Iterator[_Found]:
    for event in derivation.events:
        if len(event.members) >= LARGE:
            worst = min(event.members, key=lambda one: one.score).story_id
            yield Reason.LARGE, round(LARGE / len(event.members), 4), event, worst, _best(event, worst)


def _seams(derivation: Derivation, settings: EventSettings, texts: Mapping[str, StoryText]) -> Iterator[_Found]:
    """Yields events that two names nearly divide, with the most typical story of each side."""
    from newsgraph.graph.events.clustering.seams import seam_of  # noqa: PLC0415  # numpy comes with it

    for event in derivation.events:
        if len(event.members) < 2 * settings.actor_stories:
            continue
        seam = seam_of(
            [texts[m.story_id] for m in event.members if m.story_id in texts], derivation.background, settings
        )
        if seam is not None:
            best = [max((m for m in event.members if m.story_id in side), key=lambda m: m.score).story_id
                    for side in (set(seam.one), set(seam.other))]  # fmt: skip
            yield Reason.SEAM, round(1.0 - 2.0 * seam.share, 4), event, best[0], best[1]


def _near_ties(derivation: Derivation, texts: Mapping[str, StoryText]) -> Iterator[_Found]:
    """Yields events whose first outlet is ahead of the next one by minutes at most."""
    copies = {copy.story_id for copy in derivation.copies}
    for event in derivation.events:
        if event.outlet_count < TIE_OUTLETS:
            continue
        able = able_to_be_first(event, texts, copies)
        behind = [timed for timed in able if timed[1].outlet != able[0][1].outlet]
        if not behind:
            continue
        (time, first), (next_time, second) = able[0], behind[0]
        seconds = (next_time - time).total_seconds()
        if seconds <= TIE_SECONDS:
            yield Reason.NEAR_TIE, round(seconds / TIE_SECONDS, 4), event, first.id, second.id


def _nearly_one(derivation: Derivation, settings: EventSettings, texts: Mapping[str, StoryText]) -> Iterator[_Found]:
    """Yields pairs of events within one window of time whose mean texts are alike. Each event is listed once, with its
    nearest."""
    from newsgraph.graph.events.clustering.alike_events import nearest_events  # noqa: PLC0415  # numpy comes with it

    events = [event for event in derivation.events if event.first_published_at is not None]
    members: list[Sequence[StoryText]] = [
        [texts[member.story_id] for member in event.members if member.story_id in texts] for event in events
    ]
    seen: set[int] = set()
    for one, other, value in nearest_events(members, derivation.background, settings, NEARLY_ONE):
        if one not in seen and other not in seen:
            seen |= {one, other}
            larger, smaller = sorted((events[one], events[other]), key=lambda event: (-len(event.members), event.id))
            yield Reason.NEARLY_ONE, round(1.0 - value, 4), larger, _best(larger), _best(smaller)
