"""One outlet: its volume, firsts, lags, copies and topics, a measure a row.

Volume and topics count the stories that the filters leave. Firsts, ties and lags are those of scoops and followers,
over its events with at least ``--min-outlets`` outlets. Copies are counted whatever ``--copies`` says: ``copies taken``
are its stories whose text another outlet published first; ``stories copied`` are its stories whose text others
repeated, and ``copies given`` is how often they did. If a number is a part of another one, ``of`` gives that one, and
``share`` is value divided by of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
)
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.statistics.measures import median


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


@dataclass(frozen=True, slots=True)
class _Own:
    """A story of the outlet."""

    second: int | None
    sure: bool
    is_copy: bool
    topics: tuple[str, ...]
    copied_by: tuple[str, ...]


def query(asked: Parameters) -> dict[str, Any]:
    """The values of the query text."""
    return {**chosen(asked), "outlet": asked.outlet}


def answer(store: Store, text: str, asked: Parameters) -> Found[Measure]:
    """Returns volume, events, copies, then topics by their number of stories."""
    own: dict[str, _Own] = {}
    others: list[tuple[Any, ...]] = []
    cells: Any
    for cells in store.query(text, query(asked)):
        part, event, outlet, story, second, sure, is_copy, topics, copied_by = cells
        if part == "event":
            others.append((event, outlet, story, second, sure))
        else:
            known = bool(sure) and second is not None
            own[story] = _Own(second, known, bool(is_copy), tuple(topics), tuple(copied_by))
    kept = [story for story in own.values() if asked.copies == "include" or story.is_copy == (asked.copies == "only")]
    counted = [story for story in kept if story.sure or asked.dates == "all"]
    rows = [
        _count("stories", len(counted), "stories", None),
        _count("stories of unsure date", sum(not story.sure for story in kept), "stories", len(kept)),
        *_events(others, asked),
        _count("copies taken", sum(story.is_copy for story in own.values()), "stories", len(own)),
        _count("stories copied", sum(bool(story.copied_by) for story in own.values()), "stories", len(own)),
        _count("copies given", len({copy for story in own.values() for copy in story.copied_by}), "stories", None),
        *_topics(counted),
    ]
    return Found(rows, period_notes(asked))


def _count(measure: str, value: int, unit: str, of: int | None, key: str | None = None) -> Measure:
    return Measure(measure, key, float(value), unit, of, value / of if of else None)


def _events(rows: list[tuple[Any, ...]], asked: Parameters) -> list[Measure]:
    import numpy as np  # noqa: PLC0415

    from newsgraph.queries.statistics.first_times import first_times  # noqa: PLC0415

    table = first_times(rows, dates=asked.dates, min_outlets=asked.min_outlets)
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


def _topics(stories: Iterable[_Own]) -> list[Measure]:
    counts: dict[str, int] = {}
    total = 0
    for story in stories:
        total += 1
        for topic in story.topics:
            counts[topic] = counts.get(topic, 0) + 1
    ordered = sorted(counts, key=lambda topic: (-counts[topic], topic))
    return [_count("topic", counts[topic], "stories", total, topic) for topic in ordered]


QUESTION = Question(
    name="outlet-profile",
    row=Measure,
    parameters=Parameters,
    query=query,
    answer=answer,
    text=packaged("questions/outlet_profile"),
    detail=__doc__ or "",
    unsure_in_rows=True,
)
