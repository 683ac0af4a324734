"""The state of the events at one moment, so that two moments can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files as package_files
from typing import Self

from newsgraph.graph.stores.protocol import Store

_STANDING = package_files("newsgraph.loaders.watching").joinpath("standing.cypher").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Covering:
    """One story of an event. ``rankable_at`` is its time (UTC) if that is exact and the story fits its event well, and
    None otherwise. Only stories with such a time can be the first."""

    story_id: str
    title: str
    url: str
    outlet: str  # empty if the publisher is unknown
    rankable_at: datetime | None


@dataclass(frozen=True, slots=True)
class EventStanding:
    """One event with its stories, in the order of their ids."""

    id: str
    title: str
    stories: tuple[Covering, ...]

    @property
    def outlets(self) -> frozenset[str]:
        """The outlets that cover it."""
        return frozenset(one.outlet for one in self.stories if one.outlet)

    @property
    def first(self) -> Covering | None:
        """The story of the outlet that was first, in an event of two outlets or more.

        None if it isn't sure: no time is exact, or two outlets published at the same time.
        """
        timed = [(one.rankable_at, one) for one in self.stories if one.rankable_at is not None and one.outlet]
        if not timed or len(self.outlets) < 2:
            return None
        earliest = min(moment for moment, _ in timed)
        at_once = [one for moment, one in timed if moment == earliest]
        return at_once[0] if len({one.outlet for one in at_once}) == 1 else None


@dataclass(frozen=True, slots=True)
class Standing:
    """All events of a store at one moment, by id. ``event_of`` maps a story to its event."""

    events: Mapping[str, EventStanding]
    event_of: Mapping[str, str]

    @classmethod
    def of(cls, store: Store) -> Self:
        """The events of a store as they are now."""
        titles: dict[str, str] = {}
        stories: dict[str, list[Covering]] = {}
        event_of: dict[str, str] = {}
        for event_id, event_title, story_id, title, url, outlet, moment, quality, weak in store.query(_STANDING):
            event, story = str(event_id), str(story_id)
            rankable = moment if isinstance(moment, datetime) and quality == "exact" and not weak else None
            titles[event] = str(event_title or "")
            stories.setdefault(event, []).append(
                Covering(story, str(title or ""), str(url or ""), str(outlet or ""), rankable)
            )
            event_of[story] = event
        return cls({id: EventStanding(id, titles[id], tuple(several)) for id, several in stories.items()}, event_of)

    def before(self, event: EventStanding) -> tuple[EventStanding, ...]:
        """Returns the events of this moment that had a story of ``event``, which is of a later moment.

        An event's id depends on its earliest story and can change. So events are found again by their stories and not
        by ids.
        """
        ids = sorted({self.event_of[one.story_id] for one in event.stories if one.story_id in self.event_of})
        return tuple(self.events[id] for id in ids)
