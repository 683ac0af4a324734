"""Events from stories: from nothing, or after a change."""

from collections.abc import Iterable

from newsgraph.graph.errors import UsageError
from newsgraph.graph.events.model import Derivation, DerivedEvent, StoryText
from newsgraph.graph.events.settings import EventSettings


def derive_events(stories: Iterable[StoryText], settings: EventSettings) -> Derivation:
    from newsgraph.graph.events.sweep import slices, sweep
    raise NotImplementedError
