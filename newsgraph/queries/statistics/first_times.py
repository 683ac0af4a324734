"""Who covered which event, and when first: the table from which all rankings over many events are computed.

Its rows are in the order of ids, so that sums and random draws are the same for every store. Times are whole seconds
since 1970. Outlets of the same second are tied. :mod:`newsgraph.queries.tables` reads what it is made from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from newsgraph.graph.columnar.arrays import Flags, Integers, Named, begins, coded

#: The number of pairs of rows that are returned at once. It limits the memory.
_PAIRS_AT_ONCE = 500_000


@dataclass(frozen=True, slots=True)
class FirstTimes:
    """One row for each outlet of each event, by event and then by outlet.

    ``event`` and ``outlet`` are positions in ``events`` and ``outlets``, which ascend. ``second`` is the outlet's first
    eligible time; it is 0 if times don't count. The rows of event number i are ``starts[i]`` to ``starts[i + 1]``.
    ``credited`` tells whether all stories of the outlet of that second credit a news agency. ``unsure`` is, for each
    outlet, the number of stories that were left out because their date is unsure, and ``left_out`` is their number in
    all.
    """

    events: Named
    outlets: tuple[str, ...]
    event: Integers
    outlet: Integers
    second: Integers
    credited: Flags
    starts: Integers
    unsure: Integers
    left_out: int

    @property
    def sizes(self) -> Integers:
        """How many outlets each event has."""
        return np.asarray(np.diff(self.starts), dtype=np.int64)

    def per_row(self, values: Any) -> Any:
        """Repeats one value for each event, once for each of the event's rows."""
        return np.repeat(values, self.sizes)

    def earliest(self) -> Integers:
        """The first time of each event."""
        if not len(self.event):
            return np.zeros(0, dtype=np.int64)
        return np.minimum.reduceat(self.second, self.starts[:-1])

    def rows_of_each(self, which: Flags) -> Integers:
        """Returns, for each event, how many of its rows are among ``which``."""
        return np.bincount(self.event[which], minlength=len(self.events)).astype(np.int64)

    def alone_first(self) -> Flags:
        """Tells for each event whether a single outlet was first."""
        return np.asarray(self.rows_of_each(self.is_first()) == 1, dtype=np.bool_)

    def is_first(self) -> Flags:
        """Tells for each row whether it has the event's first time, alone or tied."""
        return np.asarray(self.second == self.per_row(self.earliest()), dtype=np.bool_)

    def pairs(self) -> Iterator[tuple[Integers, Integers]]:
        """Yields rows of every two outlets of the same event, the one of the smaller id first, in pieces of limited
        size."""
        return pairs_within(self.starts[:-1], self.sizes)


@dataclass(frozen=True, slots=True)
class Stories:
    """One row for each combination of event, outlet and story.

    ``event`` and ``outlet`` are positions in ``events`` and ``outlets``, which ascend; there may be more events than
    those of the rows. ``story`` is a number that no other story has. ``timed`` tells whether the story has a time,
    ``sure`` whether that time is exact, ``credited`` whether it credits a news agency. ``second`` is 0 without a time.
    ``ordered``: the rows are by event, outlet, and second, those without a time last.
    """

    events: Sequence[str]
    outlets: tuple[str, ...]
    event: Integers
    outlet: Integers
    story: Integers
    second: Integers
    timed: Flags
    sure: Flags
    credited: Flags
    ordered: bool = False

    def distinct(self, which: Flags, among: Integers, number: int) -> tuple[Integers, int]:
        """Returns how many different stories are in the rows ``which``, for each of the ``number`` values that the
        column ``among`` can have, and in all."""
        story = self.story[which]
        return different_of_each(among[which], story, number), len(np.unique(story))

    def grouped(self, value_of: Mapping[str, str]) -> Stories:
        """Returns the table with each outlet replaced by its value. An outlet without a value stays."""
        names, place = coded([value_of.get(outlet, outlet) for outlet in self.outlets])
        return replace(self, outlets=names, outlet=place[self.outlet], ordered=False)


def first_times(stories: Stories, *, dates: str, min_outlets: int, timed: bool = True) -> FirstTimes:
    """Returns the table of first times.

    With ``timed``, a story needs a time: a sure one, or, if ``dates`` is all, any time. Without it, every story counts
    as coverage, or, if ``dates`` is sure, every story of a sure time. Events that are left with fewer than
    ``min_outlets`` outlets are dropped.
    """
    counts = stories.sure if dates == "sure" else stories.timed if timed else np.ones_like(stories.sure)
    unsure, left_out = stories.distinct(~counts, stories.outlet, len(stories.outlets))

    event, outlet, credited = stories.event[counts], stories.outlet[counts], stories.credited[counts]
    second = stories.second[counts] if timed else np.zeros(len(event), dtype=np.int64)
    if not stories.ordered:
        order = np.lexsort((second, outlet, event))
        event, outlet, second, credited = event[order], outlet[order], second[order], credited[order]
    new = begins(event, outlet)
    if credited.any():
        moments = np.flatnonzero(new | begins(second))
        all_of_moment = np.logical_and.reduceat(credited, moments)
        credited = all_of_moment[np.searchsorted(moments, np.flatnonzero(new))]
    else:
        credited = credited[new]
    event, outlet, second = event[new], outlet[new], second[new]

    sizes = np.bincount(event, minlength=len(stories.events))
    kept = sizes[event] >= max(1, min_outlets)
    event, outlet, second, credited = event[kept], outlet[kept], second[kept], credited[kept]
    first_of_event = begins(event)
    starts = np.flatnonzero(first_of_event)
    return FirstTimes(
        events=Named(stories.events, event[starts]),
        outlets=stories.outlets,
        event=np.cumsum(first_of_event) - 1,
        outlet=outlet,
        second=second,
        credited=credited,
        starts=np.append(starts, len(event)).astype(np.int64),
        unsure=unsure,
        left_out=left_out,
    )


def pairs_within(starts: Integers, sizes: Integers) -> Iterator[tuple[Integers, Integers]]:
    """Yields every two rows of the same group, the earlier one first, in pieces of limited size. A group has ``sizes``
    rows from ``starts`` on."""
    for size in np.unique(sizes):
        if size < 2:
            continue
        left, right = np.triu_indices(size, 1)
        of_size = starts[sizes == size]
        step = max(1, _PAIRS_AT_ONCE // len(left))
        for place in range(0, len(of_size), step):
            base = of_size[place : place + step, None]
            yield (base + left).ravel(), (base + right).ravel()


def seconds_of(seconds: Sequence[int | None], sures: Sequence[bool | None]) -> tuple[Integers, Flags, Flags]:
    """Returns the columns of a text's times: whole seconds since 1970 (0 without a time), whether there is a time, and
    whether it is exact."""
    number = len(seconds)
    timed = np.fromiter((second is not None for second in seconds), dtype=np.bool_, count=number)
    second = np.fromiter((second or 0 for second in seconds), dtype=np.int64, count=number)
    return second, timed, np.fromiter(map(bool, sures), dtype=np.bool_, count=number) & timed


def different_of_each(keys: Integers, values: Integers, number: int) -> Integers:
    """Returns how many different values each of the ``number`` keys has. Keys and values are no less than 0."""
    span = int(values.max(initial=0)) + 1
    return np.bincount(np.unique(keys * span + values) // span, minlength=number).astype(np.int64)


def runs(keys: Integers) -> tuple[Integers, Integers, Integers]:
    """Returns the different values of ascending ``keys``, where each begins, and how often it occurs."""
    values, starts, counts = np.unique(keys, return_index=True, return_counts=True)
    return values, starts.astype(np.int64), counts.astype(np.int64)


def in_order(keys: Integers, values: Integers) -> tuple[Integers, Integers]:
    """Returns both in order of key, and then of value."""
    if not len(keys):
        return keys, values
    least, span = int(values.min()), int(values.max()) - int(values.min()) + 1
    if int(keys.max()) < np.iinfo(np.int64).max // span - 1:
        # Sorting one number instead of two takes a tenth of the time.
        both = np.sort(keys * span + (values - least))
        return both // span, both % span + least
    order = np.lexsort((values, keys))
    return keys[order], values[order]
