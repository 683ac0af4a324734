"""Who covered which event, and when first: the table that the rankings over many events are computed from.

The rows of a query text (``event_id, outlet, story_id, second, sure``) are turned into arrays once, in the order of
ids, so that sums and draws come out the same whatever the store. Times are whole seconds since 1970: outlets of the
same second are tied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

#: Pairs of rows that are handed out at once; bounds the memory.
_PAIRS_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class FirstTimes:
    """One row for each outlet of each event, by event and then by outlet.

    ``event`` and ``outlet`` are places in ``events`` and ``outlets``, which ascend; ``second`` is the outlet's first
    eligible time, 0 where times don't count. The rows of event number i are ``starts[i]`` to ``starts[i + 1]``.
    ``unsure`` counts, by outlet, the stories that were left out because their date is unsure; ``left_out`` in all.
    """

    events: tuple[str, ...]
    outlets: tuple[str, ...]
    event: Integers
    outlet: Integers
    second: Integers
    starts: Integers
    unsure: Integers
    left_out: int

    @property
    def sizes(self) -> Integers:
        """How many outlets each event has."""
        return np.asarray(np.diff(self.starts), dtype=np.int64)

    def per_row(self, values: Any) -> Any:
        """One value an event, repeated for each of the event's rows."""
        return np.repeat(values, self.sizes)

    def earliest(self) -> Integers:
        """The first time of each event."""
        if not len(self.event):
            return np.zeros(0, dtype=np.int64)
        return np.minimum.reduceat(self.second, self.starts[:-1])

    def alone_first(self) -> NDArray[np.bool_]:
        """Of each event, whether one outlet alone was first."""
        if not len(self.event):
            return np.zeros(0, dtype=np.bool_)
        firsts = np.add.reduceat(self.is_first().astype(np.int64), self.starts[:-1])
        return np.asarray(firsts == 1, dtype=np.bool_)

    def is_first(self) -> NDArray[np.bool_]:
        """Of each row, whether it has the event's first time, alone or tied."""
        return np.asarray(self.second == self.per_row(self.earliest()), dtype=np.bool_)

    def pairs(self) -> Iterator[tuple[Integers, Integers]]:
        """Rows of every two outlets of the same event, the one of the smaller id first; in bounded pieces."""
        sizes = self.sizes
        for size in np.unique(sizes):
            if size < 2:
                continue
            left, right = np.triu_indices(size, 1)
            starts = self.starts[:-1][sizes == size]
            step = max(1, _PAIRS_AT_ONCE // len(left))
            for place in range(0, len(starts), step):
                base = starts[place : place + step, None]
                yield (base + left).ravel(), (base + right).ravel()


def first_times(rows: Sequence[Sequence[Any]], *, dates: str, min_outlets: int, timed: bool = True) -> FirstTimes:
    """The table of first times.

    ``rows`` hold event, outlet, story, second and sureness. With ``timed``, a story counts with its time: a sure
    one, or with ``dates`` all any. Without, every story counts as coverage, or with ``dates`` sure those of a sure
    time. Events with fewer than ``min_outlets`` outlets left are dropped.
    """
    events, event = coded([row[0] for row in rows])
    outlets, outlet = coded([row[1] for row in rows])
    _, story = coded([row[2] for row in rows])
    has_time = np.fromiter((row[3] is not None for row in rows), dtype=np.bool_, count=len(rows))
    sure = np.fromiter((bool(row[4]) for row in rows), dtype=np.bool_, count=len(rows)) & has_time
    second = np.fromiter((row[3] or 0 for row in rows), dtype=np.int64, count=len(rows))
    counts = sure if dates == "sure" else has_time if timed else np.ones(len(rows), dtype=np.bool_)

    lost = np.unique(np.stack([outlet[~counts], story[~counts]], axis=1), axis=0)
    unsure = np.bincount(lost[:, 0], minlength=len(outlets)).astype(np.int64)

    event, outlet, second = event[counts], outlet[counts], second[counts]
    if not timed:
        second = np.zeros_like(second)
    order = np.lexsort((second, outlet, event))
    event, outlet, second = event[order], outlet[order], second[order]
    new = np.ones(len(event), dtype=np.bool_)
    new[1:] = (event[1:] != event[:-1]) | (outlet[1:] != outlet[:-1])
    event, outlet, second = event[new], outlet[new], second[new]

    sizes = np.bincount(event, minlength=len(events))
    kept = (sizes[event] >= max(1, min_outlets)) if len(event) else np.zeros(0, dtype=np.bool_)
    event, outlet, second = event[kept], outlet[kept], second[kept]
    present, renumbered = np.unique(event, return_inverse=True)
    starts = np.concatenate([np.searchsorted(event, present), [len(event)]]).astype(np.int64)
    return FirstTimes(
        events=tuple(events[place] for place in present),
        outlets=outlets,
        event=renumbered.astype(np.int64),
        outlet=outlet,
        second=second,
        starts=starts,
        unsure=unsure,
        left_out=len(np.unique(story[~counts])),
    )


def coded(values: Sequence[str]) -> tuple[tuple[str, ...], Integers]:
    """The different values in ascending order, and the place of each value among them."""
    names = tuple(sorted(set(values)))
    places = {name: place for place, name in enumerate(names)}
    return names, np.fromiter((places[value] for value in values), dtype=np.int64, count=len(values))


def grouped(keys: Integers) -> tuple[Integers, Integers, Integers]:
    """The different values of ascending ``keys``, where each begins, and how often it stands there."""
    values, starts, counts = np.unique(keys, return_index=True, return_counts=True)
    return values, starts.astype(np.int64), counts.astype(np.int64)
