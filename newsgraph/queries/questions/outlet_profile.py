"""One outlet: its volume, firsts, lags, copies and topics, a measure a row.

Volume and topics count the stories that the filters leave. Firsts, ties and lags are those of scoops and followers,
over its events with at least ``--min-outlets`` outlets. Copies are counted whatever ``--copies`` says: ``copies taken``
are its stories whose text another outlet published first; ``stories copied`` are its stories whose text others
repeated, and ``copies given`` is how often they did. If a number is a part of another one, ``of`` gives that one, and
``share`` is value divided by of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
)
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.statistics.measures import median
from newsgraph.queries.tables.table import Table

if TYPE_CHECKING:
    from newsgraph.graph.columnar.arrays import Flags
    from newsgraph.queries.statistics.first_times import Stories
    from newsgraph.queries.tables.profiled_stories import ProfiledStories

_TOLD = Table("profiled_stories")


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is counted or measured."""

    measure: str = column("what is counted or measured")
    key: str | None = column("id of the topic, for the measure topic")
    value: float | None = column("the count or measure; empty where there is nothing to measure", "see unit")
    unit: str = column("unit of the value")
    of: int | None = column("count that the value is a part of; empty if it is no part")
    share: float | None = column("value divided by of, 0 to 1")


@dataclass(frozen=True, kw_only=True)
class Parameters(SureDates, OriginalsFilter, EventFilter, PlaceFilter, TopicFilter, PeriodFilter):
    """What outlet-profile can be asked."""

    outlet: str = parameter(Kind.OUTLET, "the outlet: its domain or name", positional=True)
    min_outlets: int = parameter(
        Kind.INTEGER, "for firsts and lags: events with at least so many outlets left", default=2, minimum=1
    )


def query(asked: Parameters) -> dict[str, Any]:
    """The values of the query text."""
    return {**chosen(asked), "outlet": asked.outlet}


def answer(store: Store, text: str, asked: Parameters) -> Found[Measure]:
    """Returns volume, events, copies, then topics by their number of stories."""
    import numpy as np  # noqa: PLC0415

    told: ProfiledStories = _TOLD.read(store, text, query(asked))
    number = len(told.sure)
    kept = np.ones(number, dtype=np.bool_) if asked.copies == "include" else told.is_copy == (asked.copies == "only")
    counted = kept & (told.sure | (asked.dates == "all"))
    rows = [
        _count("stories", int(counted.sum()), "stories", None),
        _count("stories of unsure date", int((kept & ~told.sure).sum()), "stories", int(kept.sum())),
        *_events(told.on_events, asked),
        _count("copies taken", int(told.is_copy.sum()), "stories", number),
        _count("stories copied", len(np.unique(told.copied_rows)), "stories", number),
        _count("copies given", len(np.unique(told.copies)), "stories", None),
        *_topics(told, counted),
    ]
    return Found(rows, period_notes(asked))


def _count(measure: str, value: int, unit: str, of: int | None, key: str | None = None) -> Measure:
    return Measure(measure, key, float(value), unit, of, value / of if of else None)


def _events(stories: Stories, asked: Parameters) -> list[Measure]:
    import numpy as np  # noqa: PLC0415

    from newsgraph.queries.statistics.first_times import first_times  # noqa: PLC0415

    table = first_times(stories, dates=asked.dates, min_outlets=asked.min_outlets)
    place = table.outlets.index(asked.outlet) if asked.outlet in table.outlets else -1
    own = table.outlet == place
    is_first, alone = table.is_first(), table.per_row(table.alone_first())
    behind = np.sort((table.second - table.per_row(table.earliest()))[own & ~is_first]).tolist()
    events = int(np.count_nonzero(own))
    firsts = int(np.count_nonzero(own & is_first & alone))
    tied = int(np.count_nonzero(own & is_first)) - firsts
    return [
        _count("events", events, "events", None),
        _count("firsts", firsts, "events", events),
        _count("tied firsts", tied, "events", events),
        Measure("median lag where not first", None, median(behind) / 3600 if behind else None, "hours", None, None),
    ]


def _topics(told: ProfiledStories, counted: Flags) -> list[Measure]:
    import numpy as np  # noqa: PLC0415

    counts = np.bincount(told.topic[counted[told.topic_rows]], minlength=len(told.topics))
    there = np.flatnonzero(counts)
    total = int(counted.sum())
    ordered = there[np.argsort(-counts[there], kind="stable")].tolist()  # topics ascend by id
    return [_count("topic", int(counts[place]), "stories", total, told.topics[place]) for place in ordered]


QUESTION = Question(
    name="outlet-profile",
    row=Measure,
    parameters=Parameters,
    query=query,
    answer=answer,
    text=packaged("questions/outlet_profile"),
    detail=__doc__ or "",
    unsure_in_rows=True,
    table=_TOLD,
)
