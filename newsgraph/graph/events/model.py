"""What the event resolver reads and returns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from newsgraph.graph.events.settings import EventSettings

__all__ = [
    "Background",
    "Copy",
    "Derivation",
    "DerivedEvent",
    "EventSettings",
    "Explanation",
    "Membership",
    "Score",
    "ScoredEvent",
    "StorySource",
    "StoryText",
    "Term",
]


@dataclass(frozen=True, slots=True)
class StoryText:
    """What the resolver sees of a story."""

    id: str
    title: str
    excerpt: str = ""
    published_at: datetime | None = None
    """Aware, UTC; ``None`` when the story has no date."""
    date_sure: bool = True
    """Whether ``published_at`` is an exact moment. Unsure dates place a story near an event, never first in it."""
    language: str | None = None
    """BCP-47 if known; otherwise it is told from the text."""
    outlet: str | None = None
    """The outlet's id (registered domain); two stories of one outlet less than a day apart can be copies too."""
    outlet_name: str | None = None
    """The outlet's name, for cutting it off the end of a title."""
    related: tuple[str, ...] = ()
    """Ids of the stories that its article lists as related."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One story's place in its event."""

    story_id: str
    score: float
    """Mean similarity to the event's other stories, 0..1; 1 when it is alone."""
    weak_fit: bool = False
    """Whether it fits its event so badly that it should not be named first: see ``newsgraph.graph.events.fit``."""


@dataclass(frozen=True, slots=True)
class DerivedEvent:
    """A set of stories that cover one event; often a single story."""

    id: str
    """``event:`` and a short hash of the id of the earliest story."""
    title: str
    """The most typical title of its stories, without the name of an outlet at the end."""
    first_published_at: datetime | None
    """Over sure dates; over unsure ones only when there is no sure date. UTC."""
    last_published_at: datetime | None
    story_count: int
    outlet_count: int
    members: tuple[Membership, ...]
    """Earliest first: sure dates, then unsure ones, then none; ties by id."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A story whose text is that of an earlier story of the same event."""

    story_id: str
    original_id: str
    similarity: float
    """Share of the text that the two have in common, 0..1."""


@dataclass(frozen=True, slots=True)
class Background:
    """The words that a corpus always has, as ``text.background`` counts them."""

    spans: tuple[int, ...] = ()
    """The spans of days that have a story of sure date, numbered from 1970 on, ascending."""
    levels: Mapping[int, int] = field(default_factory=dict, hash=False)
    """Term id -> level: the term is in about one in 2**level texts whatever the day."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """Events (in order of first publication, then id) and copies (by id of the copy)."""

    events: tuple[DerivedEvent, ...]
    copies: tuple[Copy, ...]
    background: Background = Background()
    """What the words were weighed by; ``update`` needs it to know what a change has altered."""


class StorySource(Protocol):
    """Where ``update`` reads the stories as they are now; a store or a list can stand behind it."""

    def dated(self, start: datetime, end: datetime) -> Iterable[StoryText]:
        """Stories with a sure date in the closed interval from ``start`` to ``end`` (UTC)."""
        ...

    def undated(self) -> Iterable[StoryText]:
        """Every story whose date is unsure or missing."""
        ...

    def stories(self, ids: Iterable[str]) -> Iterable[StoryText]:
        """Those of the stories that exist."""
        ...


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or pair of words, that two texts share."""

    text: str
    weight: float
    """Its share of the cosine; the shares of all terms add up to it."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why stories are together or apart."""

    story_id: str
    other_id: str | None
    together: bool
    cosine: float
    """Of the two texts alone, 0..1."""
    link: float
    """What decided: after smoothing, time and related links, 0..; together at ``threshold`` or more on average."""
    hours_apart: float | None
    related: bool
    terms: tuple[Term, ...]
    words: str
    """The same in plain sentences."""


@dataclass(frozen=True, slots=True)
class ScoredEvent:
    """One labelled event and what became of it."""

    label: str
    story_count: int
    precision: float
    recall: float
    f1: float
    split_into: tuple[tuple[str, int], ...]
    """Our events that hold its stories, and how many; largest first."""
    merged_with: tuple[tuple[str, int], ...]
    """Other labels in the same events of ours, and how many stories; largest first."""


@dataclass(frozen=True, slots=True)
class Score:
    """B-cubed, adjusted Rand index and normalised mutual information (arithmetic mean)."""

    precision: float
    recall: float
    f1: float
    adjusted_rand: float
    mutual_information: float
    story_count: int
    label_count: int
    event_count: int
    unlabelled: int
    """Stories that have an event and no label; they do not count."""
    missing: int
    """Stories that have a label and no event; they do not count."""
    interval: tuple[float, float] | None
    """Of F1, 95 %, by drawing labelled events again and again; None below two of them."""
    worst: tuple[ScoredEvent, ...]
    """Up to ten, by stories wrongly placed: the number of stories times (1 - F1)."""
