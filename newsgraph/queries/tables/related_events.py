"""Pairs of events of which a story of one lists a story of the other as related."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from newsgraph.graph.columnar.arrays import Integers, coded
from newsgraph.graph.columnar.cells import place_of
from newsgraph.graph.columnar.graph_columns import GraphColumns, joined


@dataclass(frozen=True, slots=True)
class RelatedEvents:
    """Pairs of positions in ``events``, which ascend."""

    events: Sequence[str]
    one: Integers
    other: Integers

    def codes(self, events: Sequence[str]) -> Integers:
        """Returns each pair in either direction as one number, the first position times the number of ``events`` plus
        the second. Positions are those in ``events``, which ascend; a pair with another event is left out."""
        one, other = self.one, self.other
        if events is not self.events:
            place = np.array([place_of(events, event) for event in self.events], dtype=np.int64)
            one, other = place[one], place[other]
            there = (one >= 0) & (other >= 0)
            one, other = one[there], other[there]
        return np.unique(np.append(one * len(events) + other, other * len(events) + one))


def of_rows(rows: Sequence[Sequence[Any]]) -> RelatedEvents:
    """Returns the table of the rows of ``lookups/related_events``."""
    events, place = coded([event for row in rows for event in row])
    return RelatedEvents(events, place[::2], place[1::2])


def of_columns(columns: GraphColumns, _values: Mapping[str, Any]) -> RelatedEvents:
    """Returns the table that the text would give."""
    pairs, covers, number = columns.related_to, columns.covers, len(columns.stories)
    left, right = joined(pairs.start, covers.start, number)
    one, listed = covers.end[right], pairs.end[left]
    left, right = joined(listed, covers.start, number)
    return RelatedEvents(columns.events.ids, one[left].astype(np.int64), covers.end[right].astype(np.int64))
