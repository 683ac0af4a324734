"""The types that the event resolver reads and returns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from newsgraph.graph.events.settings import EventSettings

__all__ = [
    "Background",
    "Copy",
    "Derivation",
    "DerivedEvent",
    "Era",
    "EventSettings",
    "Explanation",
    "Follow",
    "Membership",
    "Mistake",
    "Score",
    "ScoredEvent",
    "StorySource",
    "StoryText",
    "Term",
    "Wrong",
]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class StoryText:
    """What the resolver knows of a story."""

    id: str
    title: str
    excerpt: str = ""
    published_at: datetime | None = None
    """When it was published, with a zone, in UTC; ``None`` when the story has no date."""
    date_sure: bool = True
    """Whether ``published_at`` is an exact moment. A story with an unsure date is never counted as an event's first."""
    language: str | None = None
    """The BCP 47 tag of its language, such as "en" or "pt-BR". If it is ``None``, the language is detected from the
    text.
    """
    outlet: str | None = None
    """The outlet's id (its registered domain). Two stories of one outlet can be copies if less than half a day
    apart."""
    outlet_name: str | None = None
    """The outlet's name. It is cut off where a title ends with it."""
    related: tuple[str, ...] = ()
    """The ids of the stories that its article lists as related."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One story's place in its event."""

    story_id: str
    score: float
    """Its mean similarity to the event's other stories, 0..1; 1 when it is the only story."""
    weak_fit: bool = False
    """Whether it fits its event so badly that it must not be named first: see ``newsgraph.graph.events.fit``."""


@dataclass(frozen=True, slots=True)
class DerivedEvent:
    """A set of stories that cover one event. Often it is a single story."""

    id: str
    """``event:`` and a short hash of the id of the earliest story, such as "event:4c1d0a2b9f3e7d55"."""
    title: str
    """The most typical title of its stories, without an outlet's name at the end."""
    first_published_at: datetime | None
    """The first and last time of its stories of a sure date, in UTC. If no date is sure, those of the unsure dates."""
    last_published_at: datetime | None
    story_count: int
    outlet_count: int
    members: tuple[Membership, ...]
    """Its stories: those of a sure date first, then those of an unsure date, then those of none; each by time, then
    id."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A story whose text is (nearly) that of an earlier story of the same event."""

    story_id: str
    original_id: str
    similarity: float
    """The share of the text that the two have in common, 0..1."""


@dataclass(frozen=True, slots=True)
class Follow:
    """An event that continues an earlier one."""

    event_id: str
    earlier_id: str
    score: float
    """How much the two have in common, 0..1: the cosine of their mean texts, raised by related lists."""
    related: int
    """How many stories of either list a story of the other as related."""


@dataclass(frozen=True, slots=True)
class Era:
    """What weighs the words of the texts of one stretch of time."""

    begins: int
    """The number of the span of days that it begins with, counted from 1970. The first era has all earlier texts, and
    those without a time, too."""
    levels: Mapping[int, int] = field(hash=False)
    """Term id -> level. A term of level n is in about one of 2**n texts, whatever the day."""


@dataclass(frozen=True, slots=True)
class Background:
    """The words that a corpus has at any time, as ``text.background`` counts them."""

    spans: tuple[int, ...] = ()
    """The numbers of the spans of days that have a story of sure date, counted from 1970, in ascending order."""
    eras: tuple[Era, ...] = ()
    """In order of time. A corpus of a few days has none."""
    texts: tuple[int, ...] = ()
    """The number of texts that were counted of each span but the last."""
    words: bytes = field(default=b"", repr=False)
    """How many of these texts have which term, as ``text.background.packed`` writes it: ``update`` needs it."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """Events, in order of first publication and then of id, and copies, in order of the copy's id."""

    events: tuple[DerivedEvent, ...]
    copies: tuple[Copy, ...]
    background: Background = Background()
    """The background that the words were weighed by. ``update`` compares it to find out what a change has altered."""
    siblings: tuple[tuple[str, ...], ...] = ()
    """For each merged group that was split into several events, their ids, ascending. ``update`` needs them, because a
    change in one of these events can alter the others."""


class StorySource(Protocol):
    """Gives ``update`` the stories as they are now. It can read them from a store or from a list."""

    def dated(self, start: datetime, end: datetime) -> Iterable[StoryText]:
        """Returns the stories with a sure date from ``start`` to ``end``, both included, in UTC."""
        ...

    def undated(self) -> Iterable[StoryText]:
        """Returns every story whose date is unsure or missing."""
        ...

    def stories(self, ids: Iterable[str]) -> Iterable[StoryText]:
        """Returns the stories with these ids; ids that don't exist are left out."""
        ...


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or a pair of words, that two texts share."""

    text: str
    weight: float
    """Its share of the cosine. The shares of all terms add up to the cosine."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why stories are together or apart."""

    story_id: str
    other_id: str | None
    together: bool
    cosine: float
    """The cosine of the texts alone, 0..1."""
    link: float
    """The similarity that decides, 0 or more: after smoothing, with the time between and lists of related stories.
    Stories are together if it is ``threshold`` or more on average."""
    hours_apart: float | None
    related: bool
    terms: tuple[Term, ...]
    words: str
    """The explanation in plain sentences."""


@dataclass(frozen=True, slots=True)
class ScoredEvent:
    """An event of the researcher's labels, compared with the derived events."""

    label: str
    story_count: int
    precision: float
    recall: float
    f1: float
    split_into: tuple[tuple[str, int], ...]
    """The derived events that hold its stories, and the number of these stories in each; largest first."""
    merged_with: tuple[tuple[str, int], ...]
    """The other labels in the same derived events, and the number of their stories; largest first."""


@dataclass(frozen=True, slots=True)
class Score:
    """How well events agree with labels, 0..1: B-cubed, pairs of stories, adjusted Rand index (which can be below 0)
    and normalised mutual information (with the arithmetic mean)."""

    precision: float
    recall: float
    f1: float
    pair_precision: float
    """Of the pairs of stories that are together, the share that should be; 0 where there is no such pair."""
    pair_recall: float
    """Of the pairs of stories that should be together, the share that are; 0 where there is no such pair."""
    pair_f1: float
    alone_f1: float
    """B-cubed F1 of leaving every story by itself (its F1 over pairs is 0): below it, the events do harm."""
    adjusted_rand: float
    mutual_information: float
    story_count: int
    label_count: int
    event_count: int
    unlabelled: int
    """The number of stories that have an event but no label. They don't count."""
    missing: int
    """The number of stories that have a label but no event. They don't count."""
    interval: tuple[float, float] | None
    """The 95 % interval of F1, found by drawing labelled events again and again. None if there are fewer than two."""
    worst: tuple[ScoredEvent, ...]
    """Up to ten labelled events with the most stories in a wrong place: number of stories times (1 - F1)."""


class Wrong(StrEnum):
    """What went wrong."""

    MERGE = "merge"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Mistake:
    """Two groups of stories that are together and should be apart (a merge), or apart and should be together (a split).

    ``pairs`` counts the pairs of stories that are wrong by it. Each side has a label, an event, the number of its
    stories, and one of them, the first by id. ``likeness`` is the cosine of the mean texts of both sides. The ``words``
    of a merge are those that both sides share, each with its part of the likeness. Those of a split are the words that
    one side has and the other lacks, each with what it would add.
    """

    kind: Wrong
    pairs: int
    label: str
    other_label: str
    event: str
    other_event: str
    stories: int
    others: int
    story: str
    other: str
    likeness: float
    words: tuple[Term, ...]
