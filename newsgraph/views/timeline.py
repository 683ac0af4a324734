"""The timeline of one event: outlets in the order of coverage, lags behind the first, and what followed.

The order, the lags and the marks are those of the questions first-to-cover, coverage and copies. Plots are drawn by
hand in SVG, placed in percent so that they fit any width: plotly's smallest bundle alone would add more than 1 MB.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from newsgraph.errors import NothingToWriteError, UsageError
from newsgraph.graph.schema import Covers, Event, RelatedTo
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.ask import ask
from newsgraph.queries.questions.coverage import CoverageRow
from newsgraph.queries.questions.first_to_cover import FirstToCover
from newsgraph.views.document import Page, render, script_of
from newsgraph.views.options import Options
from newsgraph.views.wording import counted, lag_words, moment_words

#: Outlets that get a row; the rest are counted.
MOST_OUTLETS = 400
#: Later events and copied texts that are listed.
MOST_FOLLOWING = 25
_STEPS = [60, 300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000, 31_536_000]


@dataclass(frozen=True, slots=True)
class Mark:
    """One story on the time axis: ``x`` in percent of its length; ``kind`` first, original, copy, unsure or later."""

    x: float
    kind: str
    story: CoverageRow


@dataclass(frozen=True, slots=True)
class OutletRow:
    """One outlet: its place in the ranking and its stories that have a place on the axis."""

    first: FirstToCover
    marks: Sequence[Mark]
    kind: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The time axis: from ``start`` to ``end``, ticks as (percent, words)."""

    start: datetime
    end: datetime
    ticks: Sequence[tuple[float, str]]

    def place(self, moment: datetime) -> float:
        """Where a time stands, in percent; outside 0 to 100 for one off the axis."""
        return round(100 * ((moment - self.start) / (self.end - self.start)), 3)


@dataclass(frozen=True, slots=True)
class Follow:
    """A later event whose stories refer to this one's."""

    event_id: str
    title: str
    first: datetime | None
    stories: int


def build(store: Store, options: Options) -> Page:
    """The timeline of ``options.event``.

    Raises UsageError when no event is named, NothingToWriteError when the filters leave none of its stories.
    """
    if options.event is None:
        raise UsageError(
            "timeline",
            "it shows one event, and none is named",
            "Add --event with an id, a story's address or words; newsgraph ask events lists them",
        )
    asked = {"event": options.event, **options.asked("topic", "outlet", "language", "country", "since", "until")}
    ranking = ask(store, "first-to-cover", **asked)
    stories = ask(store, "coverage", **asked)
    if not len(stories):
        raise NothingToWriteError("timeline", "no story on this event is left", "Widen or leave out a filter")
    axis = _axis([row for row in stories if row.published_at])
    rows = _rows(ranking, stories, axis)
    sure = sorted(_seconds(row) for row in stories if _sure(row))
    copies = ask(store, "copies", event=options.event)
    title = options.title or stories[0].event_title or "Event without a title"
    outlets = len({row.outlet for row in stories if row.outlet})
    different = {row.story_id: row for row in stories}
    lines = [f"{counted(len(different), 'story', 'stories')}, {counted(outlets, 'outlet')}"]
    context = {
        "event_id": options.event,
        "axis": axis,
        "rows": rows[:MOST_OUTLETS],
        "more_rows": max(len(rows) - MOST_OUTLETS, 0),
        "facts": _facts(ranking, different, sure, lines[0]),
        "area": _area(sure, axis),
        "shares": _shares(sure, axis),
        "total": len(sure),
        "notes": [*ranking.notes],
        "copies": copies[:MOST_FOLLOWING],
        "more_copies": max(len(copies) - MOST_FOLLOWING, 0),
        "following": _following(store, options.event, list(different)),
        "filters": options.words.removeprefix(f"event {options.event}").removeprefix(", "),
    }
    return render(
        "timeline",
        title,
        context=context,
        scripts=[script_of("base.js")],
        styles=("page.css", "sheet.css"),
        lines=lines,
    )


def _sure(row: CoverageRow) -> bool:
    return row.date_quality == "exact" and row.published_at is not None


def _seconds(row: CoverageRow) -> float:
    return row.published_at.timestamp() if row.published_at else 0.0


def _axis(dated: Sequence[CoverageRow]) -> Axis:
    """From the earliest to the latest sure time, or unsure one where there is no other: a date in the year 2199 would
    squeeze all else into the first pixel."""
    times = [row.published_at for row in dated if _sure(row)] or [
        row.published_at for row in dated if row.date_quality not in ("future", "impossible")
    ]
    known = [time for time in times if time is not None] or [datetime(1970, 1, 1, tzinfo=UTC)]
    start, end = min(known), max(known)
    if end - start < timedelta(minutes=10):
        start, end = start - timedelta(minutes=5), end + timedelta(minutes=5)
    span = (end - start).total_seconds()
    step = next((step for step in _STEPS if span / step <= 6.5), _STEPS[-1])
    first = -(-int(start.timestamp()) // step) * step
    ticks = []
    for second in range(first, int(end.timestamp()) + 1, step):
        at = datetime.fromtimestamp(second, UTC)
        words = f"{at.day} {at:%b} {at:%Y}" if step > 86_400 else f"{at.day} {at:%b} {at:%H:%M}"
        ticks.append((round(100 * (second - start.timestamp()) / span, 3), words))
    return Axis(start, end, ticks[:8])


def _rows(ranking: Sequence[FirstToCover], stories: Sequence[CoverageRow], axis: Axis) -> list[OutletRow]:
    by_outlet: dict[str | None, list[CoverageRow]] = defaultdict(list)
    for row in stories:
        by_outlet[row.outlet].append(row)
    rows = []
    for first in ranking:
        kind = _kind(first)
        marks = []
        for story in by_outlet[first.outlet]:
            if story.published_at is None:
                continue
            x = axis.place(story.published_at)
            if not -0.5 <= x <= 100.5:
                continue
            own = story.story_id == first.story_id
            shape = kind if own else "copy later" if story.is_copy else "later" if _sure(story) else "unsure later"
            marks.append(Mark(x, shape, story))
        # The outlet's first story is drawn last, over the others.
        marks.sort(key=lambda mark: (mark.story.story_id == first.story_id, mark.x))
        rows.append(OutletRow(first, marks, kind))
    return rows


def _kind(first: FirstToCover) -> str:
    if first.rank == 1:
        return "first"
    if first.rank is not None:
        return "original"
    return "copy" if first.is_copy else "unsure"


def _facts(
    ranking: Sequence[FirstToCover], stories: dict[str, CoverageRow], sure: Sequence[float], counts: str
) -> list[str]:
    facts = counts.split(", ")
    firsts = [row for row in ranking if row.rank == 1]
    if firsts:
        names = ", ".join(row.outlet_name or row.outlet for row in firsts[:3]) + (" …" if len(firsts) > 3 else "")
        facts.append(f"{'tied first' if len(firsts) > 1 else 'first'}: {names}, {moment_words(firsts[0].published_at)}")
    if len(sure) > 1:
        facts.append(f"half of all coverage within {lag_words(_reached(sure, 0.5) - sure[0]).removeprefix('+')}")
    copies = sum(row.is_copy for row in stories.values())
    unsure = sum(not _sure(row) for row in stories.values())
    facts.append(counted(copies, "copy", "copies"))
    facts.append(f"{unsure} of {len(stories)} dates unsure")
    return facts


def _reached(sure: Sequence[float], share: float) -> float:
    """When that share of the stories of a sure date was out."""
    return sure[min(max(-(-int(share * 100) * len(sure) // 100) - 1, 0), len(sure) - 1)]


def _shares(sure: Sequence[float], axis: Axis) -> list[tuple[float, str]]:
    if len(sure) < 4:
        return []
    found = []
    for share in (0.5, 0.9):
        at = _reached(sure, share)
        found.append((axis.place(datetime.fromtimestamp(at, UTC)), f"{share:.0%} · {lag_words(at - sure[0])}"))
    return found


def _area(sure: Sequence[float], axis: Axis) -> str:
    """The stories so far as an SVG path in a box of 100 by 100."""
    if not sure:
        return ""
    points = ["M0 100"]
    for count, second in enumerate(sure, 1):
        x = axis.place(datetime.fromtimestamp(second, UTC))
        points.append(f"H{x:g}V{100 - 100 * count / len(sure):.4g}")
    return "".join(points) + "H100V100Z"


def _following(store: Store, event: str, stories: Sequence[str]) -> list[Follow]:
    """Other events with stories that refer to this event's and began after it."""
    starts = {edge.start for edge in store.edges(RelatedTo.type, ends=stories)} - set(stories)
    if not starts:
        return []
    own = next(iter(store.nodes(Event.label, [event])), None)
    begun = own.properties.get("first_published_at") if own else None
    referring: dict[str, int] = defaultdict(int)
    for edge in store.edges(Covers.type, starts=sorted(starts)):
        referring[edge.end] += 1
    referring.pop(event, None)
    found = []
    for node in store.nodes(Event.label, sorted(referring)):
        first = node.properties.get("first_published_at")
        if not isinstance(first, datetime) or not isinstance(begun, datetime) or first <= begun:
            continue
        name = str(node.properties.get("label") or node.properties.get("title") or node.id)
        found.append(Follow(node.id, name, first, referring[node.id]))
    return sorted(found, key=lambda one: (one.first or datetime.max.replace(tzinfo=UTC), one.event_id))[:MOST_FOLLOWING]
