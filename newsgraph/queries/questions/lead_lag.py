"""For pairs of outlets: who was first how often on the events of both.

``a`` is the outlet of the smaller id. Times are the first eligible ones of each outlet on each event (see scoops);
equal seconds are a tie. ``share`` is a_first divided by a_first + b_first, with Wilson's 95 % interval (1927). ``q`` is
Benjamini and Hochberg's (1995) over all pairs with at least ``--min-shared`` events, of the two-sided sign test (Dixon
and Mood 1946) without ties. The lag is b's time minus a's, over all shared events including ties, so it is positive if
a is earlier. ``lag_low`` and ``lag_high`` are the order statistics that hold its median with 95 % (David and Nagaraja
2003, 7.1). They are empty below 6 events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import ColumnRows, Found, column
from newsgraph.queries.asking.filters import Grouping, RankingFilters, chosen, period_notes, unsure_note
from newsgraph.queries.asking.outlet_columns import grouped, grouping_notes
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.statistics.measures import discovery_rates, median_ranks, sign_tests, wilson_intervals
from newsgraph.queries.tables.table import Table

if TYPE_CHECKING:
    from newsgraph.graph.columnar.arrays import Flags, Integers

_TOLD = Table("coverage")


@dataclass(frozen=True, slots=True)
class LeadLag:
    """One pair of outlets."""

    a: str = column("id of an outlet")
    b: str = column("id of another, greater by id")
    shared: int = column("events that both covered", "events")
    a_first: int = column("of these, events where a was earlier", "events")
    b_first: int = column("of these, events where b was earlier", "events")
    ties: int = column("of these, events where both came in the same second", "events")
    share: float | None = column("a_first divided by a_first + b_first, 0 to 1; empty if all are ties")
    low: float | None = column("lower end of the share's 95 % interval")
    high: float | None = column("upper end of the share's 95 % interval")
    q: float = column("false discovery rate of one being earlier more often than the other")
    median_lag_hours: float = column("median of b's time minus a's: positive if a is earlier", "hours")
    lag_low: float | None = column("lower end of the median lag's 95 % interval", "hours")
    lag_high: float | None = column("upper end of the median lag's 95 % interval", "hours")
    unsure: int = column("stories of both left out because their date is unsure", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(Grouping, RankingFilters):
    """What lead-lag can be asked."""

    min_outlets: int = parameter(Kind.INTEGER, "events with at least so many outlets left", default=2, minimum=1)
    min_shared: int = parameter(Kind.INTEGER, "pairs with at least so many shared events", default=5, minimum=1)


def answer(store: Store, text: str, asked: Parameters) -> Found[LeadLag]:
    """Returns the pairs with the lowest q first, then with most shared events, then by ids."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.graph.columnar.arrays import Named, Numbers  # noqa: PLC0415
    from newsgraph.queries.statistics.first_times import first_times, in_order, runs  # noqa: PLC0415

    table = first_times(
        grouped(store, _TOLD.read(store, text, chosen(asked)), asked.by),
        dates=asked.dates,
        min_outlets=asked.min_outlets,
    )
    number = max(1, len(table.outlets))
    keys, lags = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for one, other in table.pairs():
        keys.append(table.outlet[one] * number + table.outlet[other])
        lags.append(table.second[other] - table.second[one])
    key, lag = in_order(np.concatenate(keys), np.concatenate(lags))

    pair, start, shared = runs(key)
    often = shared >= asked.min_shared
    pair, start, shared = pair[often], start[often], shared[often]
    b_first, a_first = (_counted(of, start, shared) for of in (lag < 0, lag > 0))
    decided = a_first + b_first
    low, high = wilson_intervals(a_first, decided)
    q = discovery_rates(sign_tests(a_first, b_first))
    middle = (lag[start + (shared - 1) // 2] + lag[start + shared // 2]) / 2
    rank = median_ranks(shared)
    reach = np.maximum(rank, 1)
    a, b = np.divmod(pair, number)
    order = np.lexsort((b, a, -shared, q))
    a, b, shared, a_first, b_first, start = (one[order] for one in (a, b, shared, a_first, b_first, start))
    decided, rank, reach = decided[order], rank[order], reach[order]
    rows = ColumnRows(
        LeadLag,
        [
            Named(table.outlets, a),
            Named(table.outlets, b),
            Numbers(shared),
            Numbers(a_first),
            Numbers(b_first),
            Numbers(shared - decided),
            Numbers(a_first / np.maximum(decided, 1), decided > 0),
            Numbers(low[order], decided > 0),
            Numbers(high[order], decided > 0),
            Numbers(q[order]),
            Numbers(middle[order] / 3600),
            Numbers(lag[start + reach - 1] / 3600, rank > 0),
            Numbers(lag[start + shared - reach] / 3600, rank > 0),
            Numbers(table.unsure[a] + table.unsure[b]),
        ],
    )
    return Found(rows, (*period_notes(asked), *grouping_notes(asked.by), *unsure_note(table.left_out)))


def _counted(which: Flags, start: Integers, number: Integers) -> Integers:
    """Returns how many of ``which`` are among the ``number`` places from each ``start`` on."""
    import numpy as np  # noqa: PLC0415

    sums = np.append(0, np.cumsum(which))
    return np.asarray(sums[start + number] - sums[start], dtype=np.int64)


QUESTION = Question(
    name="lead-lag",
    row=LeadLag,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/lead_lag"),
    detail=__doc__ or "",
    ranks_by_time=True,
    table=_TOLD,
)
