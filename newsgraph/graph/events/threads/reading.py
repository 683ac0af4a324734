"""The thread of an event, from which event follows which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thread:
    """Ids of events. ``before``: those that the event continues, the nearest first; ``after``: those that continue it,
    at any distance; ``beside``: the rest of the thread. The last two in no order of time."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    beside: tuple[str, ...]


def thread_around(event: str, earlier_of: Mapping[str, str]) -> Thread:
    """The thread of ``event``, where ``earlier_of`` leads from an event to the one that it follows.

    >>> thread_around("trial", {"trial": "arrest", "arrest": "theft", "verdict": "trial", "reward": "theft"})
    Thread(before=('arrest', 'theft'), after=('verdict',), beside=('reward',))
    """
    before: list[str] = []
    here = event
    while here in earlier_of and earlier_of[here] not in (event, *before):
        here = earlier_of[here]
        before.append(here)
    later_of: dict[str, list[str]] = defaultdict(list)
    for later, earlier in sorted(earlier_of.items()):
        later_of[earlier].append(later)
    after = _below(event, later_of)
    whole = _below(before[-1], later_of) if before else after
    known = {event, *before, *after}
    return Thread(tuple(before), tuple(after), tuple(id for id in whole if id not in known))


def _below(event: str, later_of: Mapping[str, list[str]]) -> list[str]:
    found: dict[str, None] = {}
    waiting = [event]
    while waiting:
        for later in later_of.get(waiting.pop(), ()):
            if later != event and later not in found:
                found[later] = None
                waiting.append(later)
    return list(found)
