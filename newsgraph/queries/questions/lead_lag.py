"""For pairs of outlets: who was first how often on the events of both.

``a`` is the outlet of the smaller id. Times are the first eligible ones of each outlet on each event (see scoops);
the same second is a tie. ``share`` is a_first over a_first + b_first, with Wilson's 95 % interval (1927). ``q`` is
Benjamini and Hochberg's (1995) over all pairs with at least ``--min-shared`` events, of the two-sided sign test
(Dixon and Mood 1946), ties left out. The lag is b's time less a's, over all shared events, ties included: positive
where a is earlier. ``lag_low`` and ``lag_high`` are the order statistics that hold its median with 95 % (David and
Nagaraja 2003, 7.1); below 6 events there are none.
"""

from __future__ import annotations

from dataclasses import dataclass

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.filters import Grouping, RankingFilters, chosen, period_notes, unsure_note
from newsgraph.queries.asking.outlet_columns import grouped_rows, grouping_notes
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.statistics.measures import benjamini_hochberg, median, median_interval, sign_test, wilson


@dataclass(frozen=True, slots=True)
class LeadLag:
    """One pair of outlets."""

    a: str = column("id of an outlet")
    b: str = column("id of another, greater by id")
    shared: int = column("events that both covered", "events")
    a_first: int = column("of these, events where a was earlier", "events")
    b_first: int = column("of these, events where b was earlier", "events")
    ties: int = column("of these, events where both came in the same second", "events")
    share: float | None = column("a_first over a_first + b_first, 0 to 1; empty where all are ties")
    low: float | None = column("lower end of the share's 95 % interval")
    high: float | None = column("upper end of the share's 95 % interval")
    q: float = column("false discovery rate of one being earlier more often than the other")
    median_lag_hours: float = column("median of b's time less a's: positive where a is earlier", "hours")
    lag_low: float | None = column("lower end of the median lag's 95 % interval", "hours")
    lag_high: float | None = column("upper end of the median lag's 95 % interval", "hours")
    unsure: int = column("stories of both left out because their date is unsure", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(Grouping, RankingFilters):
    """What lead-lag can be asked."""

    min_outlets: int = parameter(Kind.INTEGER, "events with at least so many outlets left", default=2, minimum=1)
    min_shared: int = parameter(Kind.INTEGER, "pairs with at least so many shared events", default=5, minimum=1)


def answer(store: Store, text: str, asked: Parameters) -> Found[LeadLag]:
    """Least q first, then most shared events, then by ids."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.queries.statistics.first_times import first_times, grouped  # noqa: PLC0415

    table = first_times(
        grouped_rows(store, store.query(text, chosen(asked)).rows, asked.by),
        dates=asked.dates,
        min_outlets=asked.min_outlets,
    )
    number = len(table.outlets)
    keys, lags = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for one, other in table.pairs():
        keys.append(table.outlet[one] * number + table.outlet[other])
        lags.append(table.second[other] - table.second[one])
    key, lag = np.concatenate(keys), np.concatenate(lags)
    order = np.lexsort((lag, key))
    key, lag = key[order], lag[order]

    counted = []
    for pair, start, shared in zip(*grouped(key), strict=True):
        if shared < asked.min_shared:
            continue
        own = lag[start : start + shared]
        b_first = int(np.searchsorted(own, 0, "left"))
        a_first = int(shared) - int(np.searchsorted(own, 0, "right"))
        counted.append((int(pair), a_first, b_first, own.tolist()))
    q_values = benjamini_hochberg([sign_test(a_first, b_first) for _, a_first, b_first, _ in counted])
    rows = []
    for (pair, a_first, b_first, own), q in zip(counted, q_values, strict=True):
        a, b = divmod(pair, number)
        ends, reach = wilson(a_first, a_first + b_first), median_interval(own)
        rows.append(
            LeadLag(
                a=table.outlets[a],
                b=table.outlets[b],
                shared=len(own),
                a_first=a_first,
                b_first=b_first,
                ties=len(own) - a_first - b_first,
                share=a_first / (a_first + b_first) if ends else None,
                low=ends[0] if ends else None,
                high=ends[1] if ends else None,
                q=q,
                median_lag_hours=median(own) / 3600,
                lag_low=reach[0] / 3600 if reach else None,
                lag_high=reach[1] / 3600 if reach else None,
                unsure=int(table.unsure[a] + table.unsure[b]),
            )
        )
    rows.sort(key=lambda row: (row.q, -row.shared, row.a, row.b))
    return Found(rows, (*period_notes(asked), *grouping_notes(asked.by), *unsure_note(table.left_out)))


QUESTION = Question(
    name="lead-lag",
    row=LeadLag,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/lead_lag"),
    detail=__doc__ or "",
    ranks_by_time=True,
)
