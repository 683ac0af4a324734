"""Outlets alike by the events that they cover.

Only events with at least ``--min-outlets`` outlets count (by default 2: an event that only one outlet covered doesn't
show who is alike). ``jaccard`` is shared / (a_events + b_events - shared). ``expected`` and ``q`` are stratified by
event size: among the N events of exactly k outlets, a is on a_k and b on b_k, so chance gives them a_k b_k / N in
common. ``expected`` is the sum of these, and p is the upper tail of the sum of the hypergeometric distributions
(Fisher's exact test, one-sided, in its exact stratified form: Gart 1970). Without strata, large events alone would make
every pair significant. An outlet takes one of an event's k places, which leaves k - 1 for the others. This is not
corrected, so the test is on the careful side. ``q`` is Benjamini and Hochberg's (1995) over all pairs of outlets that
have at least ``--min-shared`` events each. Pairs that share fewer events are not shown, but they count as tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import ColumnRows, Found, column
from newsgraph.queries.asking.filters import (
    AllDates,
    EventFilter,
    Grouping,
    OriginalsFilter,
    OutletFilter,
    PeriodFilter,
    TopicFilter,
    chosen,
    period_notes,
    unsure_note,
)
from newsgraph.queries.asking.outlet_columns import grouped, grouping_notes
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.statistics.measures import discovery_rates, stratified_tails
from newsgraph.queries.tables.table import Table

if TYPE_CHECKING:
    from newsgraph.graph.columnar.arrays import Integers
    from newsgraph.queries.statistics.first_times import FirstTimes

#: Up to this number of outlets, pairs are counted in a table of all possible pairs.
_COUNTED_WHOLE = 500

_TOLD = Table("coverage")


@dataclass(frozen=True, slots=True)
class CoCoverage:
    """One pair of outlets."""

    a: str = column("id of an outlet")
    b: str = column("id of another, greater by id")
    shared: int = column("events that both covered", "events")
    a_events: int = column("events that a covered, with at least --min-outlets outlets", "events")
    b_events: int = column("events that b covered, with at least --min-outlets outlets", "events")
    jaccard: float = column("shared divided by the events that either covered, 0 to 1")
    expected: float = column("shared events to be expected by chance, given the events' sizes", "events")
    q: float = column("false discovery rate of sharing more than by chance")
    unsure: int = column("stories of both left out because their date is unsure", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(Grouping, AllDates, OriginalsFilter, EventFilter, OutletFilter, TopicFilter, PeriodFilter):
    """What co-coverage can be asked."""

    min_outlets: int = parameter(Kind.INTEGER, "events with at least so many outlets left", default=2, minimum=1)
    min_shared: int = parameter(Kind.INTEGER, "pairs with at least so many shared events", default=1, minimum=1)


def answer(store: Store, text: str, asked: Parameters) -> Found[CoCoverage]:
    """Returns the pairs with the lowest q first, then by the highest jaccard, then by ids."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.graph.columnar.arrays import Named, Numbers  # noqa: PLC0415
    from newsgraph.queries.statistics.first_times import first_times  # noqa: PLC0415

    table = first_times(
        grouped(store, _TOLD.read(store, text, chosen(asked)), asked.by),
        dates=asked.dates,
        min_outlets=asked.min_outlets,
        timed=False,
    )
    number = max(1, len(table.outlets))
    totals = np.bincount(table.outlet, minlength=number)
    pair, shared = _shared_events(table)
    often = shared >= asked.min_shared
    pair, shared = pair[often], shared[often]
    a, b = np.divmod(pair, number)
    strata = [(events, of[a], of[b]) for events, of in _strata(table)]
    p_values = stratified_tails(strata, shared)
    expected = sum((of_a * of_b / events for events, of_a, of_b in strata), start=np.zeros(len(pair)))
    testable = int(np.count_nonzero(totals >= asked.min_shared))
    q = discovery_rates(p_values, testable * (testable - 1) // 2)
    jaccard = shared / (totals[a] + totals[b] - shared)
    order = np.lexsort((b, a, -jaccard, q))
    a, b = a[order], b[order]
    rows = ColumnRows(
        CoCoverage,
        [
            Named(table.outlets, a),
            Named(table.outlets, b),
            Numbers(shared[order]),
            Numbers(totals[a]),
            Numbers(totals[b]),
            Numbers(jaccard[order]),
            Numbers(expected[order]),
            Numbers(q[order]),
            Numbers(table.unsure[a] + table.unsure[b]),
        ],
    )
    return Found(rows, (*period_notes(asked), *grouping_notes(asked.by), *unsure_note(table.left_out)))


def _shared_events(table: FirstTimes) -> tuple[Integers, Integers]:
    """Returns, for each two outlets with an event in common, ``a * outlets + b`` and the number of common events, in
    ascending order."""
    import numpy as np  # noqa: PLC0415

    number = len(table.outlets)
    if 0 < number <= _COUNTED_WHOLE:
        counts = np.zeros(number * number, dtype=np.int64)
        for one, other in table.pairs():
            counts += np.bincount(table.outlet[one] * number + table.outlet[other], minlength=number * number)
        there = np.flatnonzero(counts)
        return there, counts[there]
    keys = [np.zeros(0, dtype=np.int64)]
    for one, other in table.pairs():
        keys.append(table.outlet[one] * number + table.outlet[other])
    return np.unique(np.concatenate(keys), return_counts=True)


def _strata(table: FirstTimes) -> list[tuple[int, Integers]]:
    """Returns, for each event size, how many events there are, and on how many of them each outlet is."""
    import numpy as np  # noqa: PLC0415

    sizes, of_row = table.sizes, table.per_row(table.sizes)
    return [
        (int(np.count_nonzero(sizes == size)), np.bincount(table.outlet[of_row == size], minlength=len(table.outlets)))
        for size in np.unique(sizes)
    ]


QUESTION = Question(
    name="co-coverage",
    row=CoCoverage,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/co_coverage"),
    detail=__doc__ or "",
    table=_TOLD,
)
