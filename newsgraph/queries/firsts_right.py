"""How often the outlet that is named first really was, against a researcher's labels; asked as a user asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.statistics.measures import wilson
from newsgraph.queries.statistics.ranking import StoryOnEvent, order_of_coverage

#: Outlets from which a labelled event is asked about: with fewer, being first says little.
FEWEST_OUTLETS = 3


@dataclass(frozen=True, slots=True)
class FirstsRight:
    """``share``: over the labelled events of at least three outlets, the mean share of their stories from which
    first-to-cover names the true first, alone or tied; None where there is no such event. ``low`` and ``high`` are the
    ends of its 95 % interval, ``belongs`` the share where the story named at least belongs to the event."""

    share: float | None
    low: float | None
    high: float | None
    belongs: float | None
    events: int
    stories: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One labelled event, asked from those of its stories that are on one event of ours. ``right`` and ``belongs``:
    whether what is named first there is the true first, and whether it is of the labelled event at all."""

    label: str
    event: str
    stories: int
    right: bool
    belongs: bool


def firsts_right(store: Store, labels: Mapping[str, str], events: Mapping[str, str]) -> FirstsRight:
    """``labels`` and ``events`` lead from stories to labels and to events of the store; only stories in both count.

    The interval is Wilson's (1927) for a share over so many events. The stories of one event are asked about together,
    as their answers depend on each other; that makes it rather too wide than too narrow.
    """
    by_label: dict[str, list[Asked]] = defaultdict(list)
    for one in firsts_asked(on_events(store, (events[id] for id in labels.keys() & events.keys())), labels):
        by_label[one.label].append(one)
    if not by_label:
        return FirstsRight(None, None, None, None, 0, 0)
    sizes = {label: sum(one.stories for one in of) for label, of in by_label.items()}
    right, belongs = (
        fsum(
            sum(one.stories for one in by_label[label] if getattr(one, name)) / sizes[label]
            for label in sorted(by_label)
        )
        for name in ("right", "belongs")
    )
    number = len(by_label)
    low, high = wilson(right, number) or (0.0, 1.0)
    return FirstsRight(right / number, low, high, belongs / number, number, sum(sizes.values()))


def on_events(store: Store, events: Iterable[str]) -> dict[str, list[StoryOnEvent]]:
    """The stories of some events that have an outlet, one for each of their outlets."""
    found: dict[str, list[StoryOnEvent]] = defaultdict(list)
    for cells in store.query(packaged("lookups/stories_on_events"), {"ids": sorted(set(events))}):
        story = StoryOnEvent(*cells)  # type: ignore[arg-type]  # the text's columns
        found[story.event_id].append(story)
    return found


def firsts_asked(events: Mapping[str, list[StoryOnEvent]], labels: Mapping[str, str]) -> list[Asked]:
    """Each labelled event of at least three outlets, asked from all its stories; by label and then by event.

    The true first is any of the event's stories of the earliest sure time. Without a sure time nobody is right.
    """
    outlets: dict[str, set[str]] = defaultdict(set)
    asked_from: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    start: dict[str, int] = {}
    for event, stories in events.items():
        for story in stories:
            label = labels.get(story.story_id)
            if label is None:
                continue
            outlets[label].add(story.outlet)
            asked_from[label][event].add(story.story_id)
            if story.sure and story.second is not None:
                start[label] = min(story.second, start.get(label, story.second))
    named = {
        event: [place.story for place in order_of_coverage(stories) if place.rank == 1]
        for event, stories in events.items()
    }
    return [
        Asked(
            label,
            event,
            len(ids),
            any(labels.get(one.story_id) == label and one.second == start.get(label, -1) for one in named[event]),
            any(labels.get(one.story_id) == label for one in named[event]),
        )
        for label, of in sorted(asked_from.items())
        if len(outlets[label]) >= FEWEST_OUTLETS
        for event, ids in sorted(of.items())
    ]
