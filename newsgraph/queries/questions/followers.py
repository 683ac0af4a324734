"""Who follows an outlet, and how fast.

``after`` is the number of shared events where the follower's first eligible time (see scoops) is later than the
outlet's by at most ``--within`` hours. The null model permutes each event's observed first times among its k outlets.
The chance of such a sequence is p = (ordered pairs of times with 0 < tj - ti <= h) / k(k-1), ``expected`` is the sum of
p over the shared events, and ``z`` = (after - expected) / sqrt(sum of p(1-p)). It is empty if that variance is 0. ``q``
is Benjamini and Hochberg's (1995) over all rows, of the upper tail of the Poisson-binomial distribution with these
chances.

A slow outlet seems to follow everyone: it is late, whoever was early. The null model doesn't know that, because it
moves times freely between the outlets of an event. So compare a follower's q here with its place in scoops before you
read it as a habit of following this outlet.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.filters import (
    EventFilter,
    OriginalsFilter,
    PeriodFilter,
    PlaceFilter,
    SureDates,
    TopicFilter,
    chosen,
    period_notes,
    unsure_note,
)
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.statistics.measures import benjamini_hochberg, median, poisson_binomial_tail
from newsgraph.queries.tables.table import Table

_TOLD = Table("coverage", (("of_outlet", True), ("outlets", ("groups",))))


@dataclass(frozen=True, slots=True)
class Follower:
    """One outlet that shares events with the one asked about."""

    follower: str = column("id of the outlet that follows")
    shared: int = column("events that both covered", "events")
    after: int = column("of these, events where it came within --within hours after the outlet", "events")
    expected: float = column(
        "such events to be expected if times were distributed at random within each event", "events"
    )
    z: float | None = column("after minus expected, in standard deviations; empty if chance allows no other number")
    q: float = column("false discovery rate of following more often than by chance")
    median_lag_hours: float | None = column("median lag behind the outlet, over the events counted in after", "hours")
    unsure: int = column("the follower's stories left out because their date is unsure", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(SureDates, OriginalsFilter, EventFilter, PlaceFilter, TopicFilter, PeriodFilter):
    """What followers can be asked."""

    outlet: str = parameter(Kind.OUTLET, "the outlet that is followed: its domain or name", positional=True)
    outlet_group: tuple[str, ...] = parameter(
        Kind.GROUP,
        "stories of outlets of this group, as the outlets file says; several are alternatives",
        multiple=True,
    )
    within: float = parameter(Kind.REAL, "hours within which an outlet follows", default=24.0, minimum=0)
    min_outlets: int = parameter(Kind.INTEGER, "events with at least so many outlets left", default=2, minimum=1)
    min_shared: int = parameter(Kind.INTEGER, "followers with at least so many shared events", default=1, minimum=1)


def query(asked: Parameters) -> dict[str, Any]:
    """The values of the query text."""
    return {**chosen(asked), "outlet": asked.outlet}


def answer(store: Store, text: str, asked: Parameters) -> Found[Follower]:
    """Returns the rows with the lowest q first, then with most events after, then by id."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.queries.statistics.first_times import first_times  # noqa: PLC0415
    from newsgraph.queries.statistics.following import chances  # noqa: PLC0415

    table = first_times(_TOLD.read(store, text, query(asked)), dates=asked.dates, min_outlets=asked.min_outlets)
    notes = (*period_notes(asked), *unsure_note(table.left_out))
    if asked.outlet not in table.outlets:
        return Found((), (*notes, f"{asked.outlet} has no story on an event that is left after the filters."))
    own = table.outlets.index(asked.outlet)
    within = asked.within * 3600
    leads = np.full(len(table.events), -1, dtype=np.int64)
    leads[table.event[table.outlet == own]] = np.flatnonzero(table.outlet == own)
    chance = chances(table, within)
    counted = []
    for other, name in enumerate(table.outlets):
        rows_of = np.flatnonzero((table.outlet == other) & (leads[table.event] >= 0)) if other != own else ()
        if len(rows_of) < asked.min_shared:
            continue
        lags = table.second[rows_of] - table.second[leads[table.event[rows_of]]]
        after = np.sort(lags[(lags > 0) & (lags <= within)]).tolist()
        counted.append((name, other, len(rows_of), after, chance[table.event[rows_of]].tolist()))
    q_values = benjamini_hochberg([poisson_binomial_tail(p, len(after)) for _, _, _, after, p in counted])
    rows = []
    for (name, other, shared, after, p), q in zip(counted, q_values, strict=True):
        expected, variance = fsum(p), fsum(one * (1 - one) for one in p)
        rows.append(
            Follower(
                follower=name,
                shared=shared,
                after=len(after),
                expected=expected,
                z=(len(after) - expected) / variance**0.5 if variance > 0 else None,
                q=q,
                median_lag_hours=median(after) / 3600 if after else None,
                unsure=int(table.unsure[other]),
            )
        )
    rows.sort(key=lambda row: (row.q, -row.after, row.follower))
    return Found(rows, notes)


QUESTION = Question(
    name="followers",
    row=Follower,
    parameters=Parameters,
    query=query,
    answer=answer,
    text=packaged("questions/followers"),
    detail=__doc__ or "",
    ranks_by_time=True,
    table=_TOLD,
)
