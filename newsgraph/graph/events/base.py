"""Records what decisions changed in the events, so that the events as first derived can be restored from the store.

The store holds the events as the decisions want them. But an update after a change starts from the events as they were
derived, before any decision. These are the stored events, without those that decisions made, and with those that
decisions replaced.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, Self

from newsgraph.graph.corrections import Constraints
from newsgraph.graph.events.model import Copy, Derivation, DerivedEvent, Membership


@dataclass(frozen=True, slots=True)
class EventBase:
    """What decisions changed in the events.

    ``made`` are the ids of the stored events that decisions made or named. ``replaced`` are the derived events that
    these took the place of, and ``labels`` their researcher's names, if they were imported. ``added`` and ``dropped``
    are copies that decisions made and removed. ``of`` is a fingerprint of the constraints that did this.
    """

    of: str = ""
    made: frozenset[str] = frozenset()
    replaced: tuple[DerivedEvent, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    added: frozenset[Copy] = frozenset()
    dropped: frozenset[Copy] = frozenset()

    def derived(self, stored: Derivation) -> Derivation:
        """Returns the derivation that the stored one was made from."""
        if not (self.made or self.replaced or self.added or self.dropped):
            return stored
        events = [event for event in stored.events if event.id not in self.made]
        return Derivation(
            tuple(sorted((*events, *self.replaced), key=_order)),
            tuple(sorted((set(stored.copies) - self.added) | self.dropped, key=lambda copy: copy.story_id)),
            stored.background,
            stored.siblings,
        )

    def to_json(self) -> str:
        """Returns it as JSON; an empty text if there was no constraint."""
        if not self.of:
            return ""
        whole = {
            "of": self.of,
            "made": sorted(self.made),
            "replaced": [_packed(event) for event in sorted(self.replaced, key=_order)],
            "labels": dict(sorted(self.labels.items())),
            "added": _copies(self.added),
            "dropped": _copies(self.dropped),
        }
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What ``to_json`` wrote."""
        if not text:
            return cls()
        whole = json.loads(text)
        return cls(
            whole["of"],
            frozenset(whole["made"]),
            tuple(_unpacked(*event) for event in whole["replaced"]),
            whole["labels"],
            frozenset(Copy(*copy) for copy in whole["added"]),
            frozenset(Copy(*copy) for copy in whole["dropped"]),
        )


def fingerprint(constraints: Constraints) -> str:
    """Returns a text that is the same for the same constraints; an empty one if there are none."""
    if not constraints:
        return ""
    said = (
        sorted(constraints.together),
        sorted(constraints.apart),
        sorted(constraints.labels.items()),
        sorted(constraints.left_out),
        [(story, name) for story, name, _ in constraints.names],
        sorted(constraints.copies.items()),
        sorted(constraints.no_copies),
    )
    return blake2b(json.dumps(said).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _order(event: DerivedEvent) -> tuple[bool, str, str]:
    first = event.first_published_at
    return first is None, first.isoformat() if first else "", event.id


def _copies(copies: Iterable[Copy]) -> list[list[Any]]:
    return sorted([copy.story_id, copy.original_id, copy.similarity] for copy in copies)


def _packed(event: DerivedEvent) -> list[Any]:
    first, last = event.first_published_at, event.last_published_at
    return [
        event.id,
        event.title,
        first and first.isoformat(),
        last and last.isoformat(),
        event.story_count,
        event.outlet_count,
        [[member.story_id, member.score, member.weak_fit] for member in event.members],
    ]


def _unpacked(
    id: str, title: str, first: str | None, last: str | None, stories: int, outlets: int, members: list[list[Any]]
) -> DerivedEvent:
    return DerivedEvent(
        id,
        title,
        datetime.fromisoformat(first) if first else None,
        datetime.fromisoformat(last) if last else None,
        stories,
        outlets,
        tuple(Membership(*member) for member in members),
    )
