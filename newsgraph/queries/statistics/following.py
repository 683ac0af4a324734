"""Which outlet follows which on an event, and how soon. The questions followers and influence use it.

Within an event, the order is that of first eligible times. The null model permutes the event's observed times among its
outlets.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from newsgraph.graph.columnar.arrays import Integers
from newsgraph.queries.statistics.first_times import FirstTimes


def in_time(table: FirstTimes) -> tuple[Integers, Integers]:
    """Returns the rows by event and then by time (ties by outlet), and the seconds in that order."""
    # The rows are by event and outlet. Sorting one number instead of three takes a third of the time.
    span = int(np.ptp(table.second)) + 1 if len(table.second) else 1
    order = np.argsort(table.event * span + table.second, kind="stable")
    return order, table.second[order]


def earlier_within(table: FirstTimes, second: Integers, within: float) -> tuple[Integers, Integers]:
    """Returns, for each row in order of time, the rows of its event that are strictly earlier by at most ``within``
    seconds: the first of them, and the one after the last."""
    # Moving each event far beyond the one before allows a single search for all of them.
    span = int(second.max() - second.min()) if len(second) else 0
    reach = int(min(within, span))
    shifted = second + table.per_row(np.arange(len(table.events))) * (span + reach + 2)
    low = np.searchsorted(shifted, shifted - reach, "left")
    return np.maximum(low, table.per_row(table.starts[:-1])), np.searchsorted(shifted, shifted, "left")


def chances(table: FirstTimes, within: float) -> NDArray[np.float64]:
    """Returns, for each event, the chance that one given outlet follows another given one within ``within`` seconds if
    the observed times are permuted.

    It is the number of ordered pairs of times that far apart, divided by k(k-1). It is 0 for an event of one outlet.
    """
    _, second = in_time(table)
    low, high = earlier_within(table, second, within)
    sizes = table.sizes
    if not len(sizes):
        return np.zeros(0)
    pairs = np.add.reduceat(high - low, table.starts[:-1])
    possible = sizes * (sizes - 1)
    return np.asarray(np.divide(pairs, possible, out=np.zeros(len(sizes)), where=possible > 0), dtype=np.float64)
