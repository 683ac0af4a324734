"""Finds which stories cover the same event, and which are copies of each other.

It works on :class:`StoryText` objects alone and returns a :class:`Derivation`; it knows no store, no file and no
screen.

>>> from newsgraph.graph.events import StoryText, derive
>>> derive([]).events
()

``derive`` works from nothing. ``update`` gives the same answer after a change, but computes only what the change can
affect. ``explain`` tells why a story is where it is. ``score`` compares events with a researcher's labels. The
numerical libraries are imported on first use, so importing this package takes hardly any time.
"""

from collections.abc import Iterable, Mapping

from newsgraph.graph.events.model import (
    Background,
    Copy,
    Derivation,
    DerivedEvent,
    Era,
    EventSettings,
    Explanation,
    Follow,
    Membership,
    Mistake,
    Score,
    ScoredEvent,
    StorySource,
    StoryText,
    Term,
    Wrong,
)

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
    "derive",
    "explain",
    "score",
    "update",
    "worst_mistakes",
]

DEFAULTS = EventSettings()


def derive(stories: Iterable[StoryText], settings: EventSettings = DEFAULTS) -> Derivation:
    """Returns the events and copies of ``stories``, worked out from nothing.

    The answer depends on the set of stories alone: their order, the number of threads and the hash seed make no
    difference. Every story is in exactly one event. Raises ``EventsError`` when two stories have the same id.
    """
    from newsgraph.graph.events.clustering.derivation import derive_events  # noqa: PLC0415  (heavy: on first use only)

    return derive_events(stories, settings)


def update(
    previous: Derivation,
    source: StorySource,
    changed: Iterable[str],
    settings: EventSettings = DEFAULTS,
    former: Mapping[str, StoryText] | None = None,
) -> Derivation:
    """Returns what ``derive`` would return for the stories that ``source`` holds now, in less time.

    ``previous`` must be the derivation of the stories before the change, made with the same settings. ``changed`` are
    the ids of the stories that were added, edited or removed since then; ``source`` tells which of them still exist.
    Only stories that the change can affect are read from the source and compared again. ``former`` maps changed stories
    to what they were before, as far as that is known. With it, an edit or a removal reaches only what the old text was
    like; without it, all that was published near the story's event.
    """
    from newsgraph.graph.events.updates.changes import update_events  # noqa: PLC0415  (heavy: on first use only)

    return update_events(previous, source, changed, settings, former or {})


def explain(
    stories: Iterable[StoryText],
    derivation: Derivation,
    story_id: str,
    other_id: str | None = None,
    settings: EventSettings = DEFAULTS,
) -> Explanation:
    """Tells why ``story_id`` is in its event or, with ``other_id``, why the two stories are together or apart.

    ``stories`` need not be the whole corpus. It must hold all stories within ``settings.reach_hours`` of those asked
    about, and all members of their events. Raises ``EventsError`` when a story asked about is not among them.
    """
    from newsgraph.graph.events.explanation import explain_stories  # noqa: PLC0415  (heavy: on first use only)

    return explain_stories(stories, derivation, story_id, other_id, settings)


def score(labels: Mapping[str, str], events: Mapping[str, str]) -> Score:
    """Measures how well ``events`` (story id -> event id) agree with ``labels`` (story id -> a researcher's event).

    Only stories in both count. The numbers of the others are in ``Score.unlabelled`` and ``Score.missing``.
    """
    from newsgraph.graph.events.scoring import score_events  # noqa: PLC0415  (heavy: on first use only)

    return score_events(labels, events)


def worst_mistakes(
    labels: Mapping[str, str],
    events: Mapping[str, str],
    source: StorySource,
    background: Background,
    settings: EventSettings = DEFAULTS,
) -> tuple[Mistake, ...]:
    """The ten worst merges and then the ten worst splits of ``events`` against ``labels``, with the words behind them.

    Both lead from stories to events, as in ``score``; ``source`` has the texts, ``background`` is that of the
    derivation.
    """
    from newsgraph.graph.events.mistakes import mistakes_in  # noqa: PLC0415  (heavy: on first use only)

    return mistakes_in(labels, events, source, background, settings)
