"""Outlets alike by the events that they cover.

Only events with at least ``--min-outlets`` outlets count (2: an event that one outlet alone covered says nothing
about likeness). ``jaccard`` is shared / (a_events + b_events - shared). ``expected`` and ``q`` are stratified by
event size: among the N events of exactly k outlets, a is on a_k and b on b_k, so that chance gives them a_k b_k / N
in common; ``expected`` adds these up, and p is the upper tail of the sum of the hypergeometric distributions
(Fisher's exact test, one-sided, in its exact stratified form: Gart 1970). Without strata, large events alone would
make every pair significant. An outlet fills one of an event's k places, which leaves k - 1 for the others; that is
not taken off, so the test errs on the careful side. ``q`` is Benjamini and Hochberg's (1995) over all pairs of
outlets that have at least ``--min-shared`` events each: those that share fewer have been looked at too, though they
are not shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
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
from newsgraph.queries.asking.outlet_columns import grouped_rows, grouping_notes
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.statistics.measures import benjamini_hochberg, stratified_tails

if TYPE_CHECKING:
    from newsgraph.queries.statistics.first_times import FirstTimes, Integers


@dataclass(frozen=True, slots=True)
class CoCoverage:
    """One pair of outlets."""

    a: str = column("id of an outlet")
    b: str = column("id of another, greater by id")
    shared: int = column("events that both covered", "events")
    a_events: int = column("events that a covered, with at least --min-outlets outlets", "events")
    b_events: int = column("events that b covered, with at least --min-outlets outlets", "events")
    jaccard: float = column("shared over the events that either covered, 0 to 1")
    expected: float = column("shared events to be expected by chance, given the events' sizes", "events")
    q: float = column("false discovery rate of sharing more than by chance")
    unsure: int = column("stories of both left out because their date is unsure", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(Grouping, AllDates, OriginalsFilter, EventFilter, OutletFilter, TopicFilter, PeriodFilter):
    """What co-coverage can be asked."""

    min_outlets: int = parameter(Kind.INTEGER, "events with at least so many outlets left", default=2, minimum=1)
    min_shared: int = parameter(Kind.INTEGER, "pairs with at least so many shared events", default=1, minimum=1)


def answer(store: Store, text: str, asked: Parameters) -> Found[CoCoverage]:
    """Least q first, then greatest jaccard, then by ids."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.queries.statistics.first_times import first_times  # noqa: PLC0415

    table = first_times(
        grouped_rows(store, store.query(text, chosen(asked)).rows, asked.by),
        dates=asked.dates,
        min_outlets=asked.min_outlets,
        timed=False,
    )
    number = len(table.outlets)
    totals = np.bincount(table.outlet, minlength=number)
    pairs = [(pair, count) for pair, count in _shared_events(table) if count >= asked.min_shared]
    a_of, b_of = np.divmod(np.array([pair for pair, _ in pairs], dtype=np.int64), max(1, number))
    strata = [(events, of[a_of], of[b_of]) for events, of in _strata(table)]
    p_values = stratified_tails(strata, np.array([count for _, count in pairs], dtype=np.int64)).tolist()
    chance = sum((a * b / events for events, a, b in strata), start=np.zeros(len(pairs))).tolist()
    testable = int(np.count_nonzero(totals >= asked.min_shared))
    q_values = benjamini_hochberg(p_values, testable * (testable - 1) // 2)
    rows = []
    for (pair, count), q, expected in zip(pairs, q_values, chance, strict=True):
        a, b = divmod(pair, number)
        either = int(totals[a] + totals[b]) - count
        rows.append(
            CoCoverage(
                a=table.outlets[a],
                b=table.outlets[b],
                shared=count,
                a_events=int(totals[a]),
                b_events=int(totals[b]),
                jaccard=count / either,
                expected=expected,
                q=q,
                unsure=int(table.unsure[a] + table.unsure[b]),
            )
        )
    rows.sort(key=lambda row: (row.q, -row.jaccard, row.a, row.b))
    return Found(rows, (*period_notes(asked), *grouping_notes(asked.by), *unsure_note(table.left_out)))


def _shared_events(table: FirstTimes) -> Iterable[tuple[int, int]]:
    """For each two outlets with an event in common, ``a * outlets + b`` and how many they share, ascending."""
    import numpy as np  # noqa: PLC0415

    number = len(table.outlets)
    keys = [np.zeros(0, dtype=np.int64)]
    for one, other in table.pairs():
        keys.append(table.outlet[one] * number + table.outlet[other])
    values, counts = np.unique(np.concatenate(keys), return_counts=True)
    return list(zip(values.tolist(), counts.tolist(), strict=True))


def _strata(table: FirstTimes) -> list[tuple[int, Integers]]:
    """Of each event size, how many events there are, and on how many of them each outlet is."""
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
)
