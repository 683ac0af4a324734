"""A report for someone who has never seen the corpus, for the screen and for paper.

Every number is an answer to a question. It is shown with its denominator, with the notes of the answer and with the
command that gives all rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsgraph.errors import NothingToWriteError
from newsgraph.graph.info import info
from newsgraph.graph.schema import DOUBTS, SURE
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Answer
from newsgraph.queries.ask import ask
from newsgraph.queries.questions.blind_spots import BlindSpot
from newsgraph.queries.questions.date_quality import DateQuality
from newsgraph.queries.questions.events import EventRow
from newsgraph.queries.questions.first_to_cover import FirstToCover
from newsgraph.queries.questions.lead_lag import LeadLag
from newsgraph.queries.questions.scoops import Scoops
from newsgraph.views.attention import Attended, attended
from newsgraph.views.document import Page, render, script_of, shown_names
from newsgraph.views.options import Options
from newsgraph.views.stamp import stamp
from newsgraph.views.wording import counted

#: The number of rows shown at once, and of rows kept behind "all rows".
SHOWN = 12
KEPT = 120
#: The number of the largest events whose order of coverage is shown, and of outlets whose blind spots are shown.
TOLD = 4
BLIND = 4
#: The number of events that an outlet must share to be listed with its scoops.
FEWEST_EVENTS = 5
QUALITIES = ("exact", "corrected", *DOUBTS)


@dataclass(frozen=True, slots=True)
class EventFirsts:
    """One of the largest events and its first outlets."""

    event: EventRow
    first: Sequence[FirstToCover]


@dataclass(frozen=True, slots=True)
class Blind:
    """An outlet and the events that it missed. ``total`` is their number before some were cut off."""

    outlet: str
    spots: Sequence[BlindSpot]
    total: int
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Quality:
    """Stories of one date quality: ``start`` and ``share`` of the bar in percent."""

    name: str
    stories: int
    start: float
    share: float


def build(store: Store, options: Options) -> Page:
    """Returns the report on the stories that the filters leave. Raises NothingToWriteError if none is left."""
    asked = options.asked()
    dates = ask(store, "date-quality", **asked, copies="include")  # copies are stories of the corpus, too
    if not len(dates):
        raise NothingToWriteError("report", "there is no story to report on", "Load articles, or widen the filters")
    # As everywhere, the size of an event includes its copies; who was first is found without them.
    events = ask(store, "events", **asked, copies="include", sort="-stories")
    sizes = {row.event_id: row.stories for row in events}
    originals = {row.event_id: row for row in ask(store, "events", **asked)}
    scoops = ask(store, "scoops", **asked, min_events=1)
    often = _often(scoops)
    pairs = ask(store, "lead-lag", **asked, min_shared=options.min_shared)
    names = shown_names(store, "outlet", 80)
    qualities, total = _qualities(dates)
    outlets = len({row.outlet for row in dates if row.outlet is not None})
    told = [
        EventFirsts(row, ask(store, "first-to-cover", event=row.event_id, **_without(asked, "event"), limit=5)[:])
        for row in events[:TOLD]
    ]
    pairs_first = sorted(pairs, key=_clearness)
    attention = _attention(store, asked, names)
    lines = [f"{counted(total, 'story', 'stories')}, {counted(outlets, 'outlet')}, {counted(len(events), 'event')}"]
    context = {
        "summary": lines[0],
        "filters": options.words,
        "span": _span(store, options, events),
        "names": names,
        "total": total,
        "outlets": outlets,
        "nodes": {} if options.words else info(store).nodes,
        "qualities": qualities,
        "sure": sum(one.stories for one in qualities if one.name in SURE),
        "unsure_outlets": _unsure_outlets(dates)[:SHOWN],
        "events": events,
        "told": told,
        "scoops": often,
        "scoop_notes": scoops,
        "scoops_left": len(scoops) - len(often),
        "fewest": FEWEST_EVENTS,
        "pairs": pairs_first,
        "pair_notes": pairs,
        "pairs_clear": any(row.q < 0.05 for row in pairs),
        "copies_of": {id: size - (originals[id].stories if id in originals else 0) for id, size in sizes.items()},
        "first_of": {id: row.first_outlet for id, row in originals.items() if row.first_outlet},
        "attended": attention,
        "blind": _blind(store, asked, scoops),
        "shown_rows": SHOWN,
        "kept": KEPT,
        "min_shared": options.min_shared,
        "single": sum(row.outlets == 1 for row in events),
    }
    return render(
        "report",
        options.title or "What this corpus holds",
        context=context,
        scripts=[script_of("base.js", "report.js")],
        styles=("page.css", "sheet.css", "report.css"),
        lines=lines,
        links=options.links,
        stamp=stamp(
            store, options, settings=[f"pairs of outlets with at least {counted(options.min_shared, 'common event')}"]
        ),
    )


def _often(scoops: Sequence[Scoops]) -> list[Scoops]:
    """Returns outlets with several events, the lowest q first. On a single event anyone may be first, so outlets with
    few events are listed only if there are no others."""
    often = [row for row in scoops if row.events >= FEWEST_EVENTS] or list(scoops)
    return sorted(often, key=lambda row: (row.q, -row.firsts, row.events, row.outlet))


def _attention(store: Store, asked: Mapping[str, Any], names: Mapping[str, str]) -> Attended:
    """Returns attention to topics, or to outlets if there is only one topic or none."""
    by_topic = ask(store, "attention", by="topic", **asked)
    if len({row.key for row in by_topic}) > 1:
        return attended("topic", by_topic, shown_names(store, "topic", 80), SHOWN)
    return attended("outlet", ask(store, "attention", by="outlet", **asked), names, SHOWN)


def _clearness(pair: LeadLag) -> tuple[float, float, int, str, str]:
    """A sort key: pairs whose order chance explains least come first; of equal ones, those whose interval is furthest
    from one half."""
    apart = 0.0 if pair.low is None or pair.high is None else max(pair.low, 1 - pair.high)
    return (pair.q, -apart, -pair.shared, pair.a, pair.b)


def _without(asked: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in asked.items() if key != name}


def _span(store: Store, options: Options, events: Sequence[EventRow]) -> tuple[datetime | None, datetime | None]:
    """Returns the earliest and the latest sure time."""
    if not options.words:
        whole = info(store)
        return whole.first_published_at, whole.last_published_at
    sure = [row for row in events if row.unsure < row.stories]
    return (
        min((row.first_published_at for row in sure if row.first_published_at), default=None),
        max((row.last_published_at for row in sure if row.last_published_at), default=None),
    )


def _qualities(dates: Sequence[DateQuality]) -> tuple[list[Quality], int]:
    stories: Counter[str] = Counter()
    for row in dates:
        stories[row.date_quality] += row.stories
    total = sum(stories.values())
    found, start = [], 0.0
    for name in [*QUALITIES, *sorted(set(stories) - set(QUALITIES))]:
        if stories[name]:
            share = 100 * stories[name] / total
            found.append(Quality(name, stories[name], round(start, 3), round(share, 3)))
            start += share
    return found, total


def _unsure_outlets(dates: Sequence[DateQuality]) -> list[tuple[str, int, int]]:
    """Returns outlets with unsure dates, most first: id, stories of an unsure date, all stories."""
    unsure: Counter[str] = Counter()
    whole: dict[str, int] = {}
    for row in dates:
        outlet = row.outlet or ""
        whole[outlet] = row.of
        if row.date_quality not in SURE:
            unsure[outlet] += row.stories
    return [
        (name, count, whole[name]) for name, count in sorted(unsure.items(), key=lambda one: (-one[1], one[0])) if count
    ]


def _blind(store: Store, asked: Mapping[str, Any], scoops: Answer[Scoops]) -> list[Blind]:
    """Returns the blind spots of the outlets that covered most events."""
    busiest = sorted(scoops, key=lambda row: (-row.events, row.outlet))[:BLIND]
    found: list[Blind] = []
    if "outlet" in asked:
        return found  # its peers have no stories here
    for row in busiest:
        spots = ask(store, "blind-spots", outlet=row.outlet, **asked, min_peers=2, limit=5)
        found.append(Blind(row.outlet, spots[:], spots.total, spots.notes))
    return found
