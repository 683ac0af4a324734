"""Outlets by how often they were first.

An outlet's first on an event is its earliest eligible story on it: one of a sure date, and no copy unless copies are
included. ``firsts`` are events where it alone was first; ``tied`` are those where it shared the first second with
others. ``expected`` is what chance would give: the sum of 1/k over its events that a single outlet was first on, where
k is the number of the event's outlets. ``lift`` is firsts divided by expected. ``share`` is firsts divided by events,
with Wilson's 95 % interval (1927). ``q`` is Benjamini and Hochberg's (1995) over all outlets, of the upper tail of the
Poisson-binomial distribution with the chances 1/k. The median lag is over the events where the outlet was neither first
nor tied for it.

By default outlets of fewer than 5 events are left out. In an event of two outlets each is first by chance in one of two
cases, so an outlet with four events is first in all of them once in 16 times, and an outlet with five once in 32, which
is below one in 20. Of a thousand outlets with one event each, hundreds lead all their events. If no outlet has 5
events, all are shown. ``q`` is that over all outlets, shown or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.filters import Grouping, RankingFilters, chosen, period_notes, unsure_note
from newsgraph.queries.asking.outlet_columns import grouped, grouping_notes
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.statistics.measures import benjamini_hochberg, median, poisson_binomial_tail, wilson
from newsgraph.queries.tables.table import Table

#: Events of an outlet below which it may be first in all of them by chance: 1/2**5 is below 5 %.
FEWEST = 5

_TOLD = Table("coverage")


@dataclass(frozen=True, slots=True)
class Scoops:
    """One outlet."""

    outlet: str = column("id of the outlet")
    events: int = column("events that it covered, with at least --min-outlets outlets", "events")
    firsts: int = column("of these, events where it alone was first", "events")
    agency_firsts: int = column("of the firsts, events where its first story credits a news agency", "events")
    tied: int = column("of these, events where it shared the first second", "events")
    expected: float = column("firsts to be expected by chance", "events")
    lift: float | None = column("firsts divided by expected; empty if none is expected")
    share: float = column("firsts divided by events, 0 to 1")
    low: float = column("lower end of the share's 95 % interval")
    high: float = column("upper end of the share's 95 % interval")
    q: float = column("false discovery rate of being first more often than by chance")
    median_lag_hours: float | None = column("median time after the first, over events where it was not first", "hours")
    unsure: int = column("its stories left out because their date is unsure", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(Grouping, RankingFilters):
    """What scoops can be asked."""

    min_outlets: int = parameter(Kind.INTEGER, "events with at least so many outlets left", default=2, minimum=1)
    min_events: int | None = parameter(
        Kind.INTEGER,
        f"outlets with at least so many events; by default {FEWEST}, below which chance leads, or 1 where no outlet has"
        " so many",
        default=None,
        minimum=1,
    )


def answer(store: Store, text: str, asked: Parameters) -> Found[Scoops]:
    """Returns the outlets with most firsts first, then by q, then by id."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.queries.statistics.first_times import first_times, runs  # noqa: PLC0415

    told = grouped(store, _TOLD.read(store, text, chosen(asked)), asked.by)
    table = first_times(told, dates=asked.dates, min_outlets=asked.min_outlets)
    is_first, alone = table.is_first(), table.per_row(table.alone_first())
    sizes, lags = table.per_row(table.sizes), table.second - table.per_row(table.earliest())
    order = np.argsort(table.outlet, kind="stable")
    counted = []
    for outlet, start, number in zip(*runs(table.outlet[order]), strict=True):
        own = order[start : start + number]
        chances = (1 / sizes[own][alone[own]]).tolist()
        leads = is_first[own] & alone[own]
        firsts, credited = int(np.count_nonzero(leads)), int(np.count_nonzero(leads & table.credited[own]))
        tied = int(np.count_nonzero(is_first[own])) - firsts
        behind = sorted(lags[own][~is_first[own]].tolist())
        counted.append((int(outlet), int(number), firsts, credited, tied, chances, behind))
    q_values = benjamini_hochberg(
        [poisson_binomial_tail(chances, firsts) for _, _, firsts, _, _, chances, _ in counted]
    )
    rows = []
    for (outlet, events, firsts, credited, tied, chances, behind), q in zip(counted, q_values, strict=True):
        expected = fsum(chances)
        low, high = wilson(firsts, events) or (0.0, 1.0)
        rows.append(
            Scoops(
                outlet=table.outlets[outlet],
                events=events,
                firsts=firsts,
                agency_firsts=credited,
                tied=tied,
                expected=expected,
                lift=firsts / expected if expected else None,
                share=firsts / events,
                low=low,
                high=high,
                q=q,
                median_lag_hours=median(behind) / 3600 if behind else None,
                unsure=int(table.unsure[outlet]),
            )
        )
    rows.sort(key=lambda row: (-row.firsts, row.q, row.outlet))
    shown, note = _frequent(rows, asked.min_events)
    return Found(shown, (*period_notes(asked), *grouping_notes(asked.by), *unsure_note(table.left_out), *note))


def _frequent(rows: list[Scoops], least: int | None) -> tuple[list[Scoops], tuple[str, ...]]:
    """The rows of outlets with enough events, and what is said of the others."""
    if least is None:
        least = FEWEST
        if rows and all(row.events < least for row in rows):
            return rows, (f"No outlet has {least} events: being first may be chance.",)
    found = [row for row in rows if row.events >= least]
    few = len(rows) - len(found)
    if not few:
        return found, ()
    outlets = "1 outlet" if few == 1 else f"{few:,} outlets"
    return found, (f"{outlets} with fewer than {least} events left out (--min-events 1 shows all).",)


QUESTION = Question(
    name="scoops",
    row=Scoops,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/scoops"),
    detail=__doc__ or "",
    ranks_by_time=True,
    table=_TOLD,
)
