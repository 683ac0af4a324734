"""Which outlets covered an event first.

Each outlet has one row, for its earliest story that can be ranked: it has a sure date, is no copy and surely belongs to
the event. If an outlet has no such story, its row is its earliest story of weak fit, or else its earliest copy, or else
its earliest story of an unsure date, and the row has no rank. The reasons are that a republished text is no scoop, that
an unsure date proves nothing, and that a story at the edge of an event (``weak_fit``) may be about another event. Only
if there is no story of a sure date at all, stories of unsure dates are ranked, and a note says so. Times are compared
by the second. Outlets of the same second have the same rank, and the next ranks are skipped (1, 1, 3). With
``--rank-copies`` copies are ranked like other stories; with ``--copies only`` nothing but copies is ranked.

``confidence`` estimates how likely the first is the true first of the event. It depends on how well the story fits the
event's other stories, and on the earlier stories that are set aside: those of weak fit, copies, and stories of unsure
dates that could be earlier. Its formula is a logistic curve (Platt 1999) times a chance for each doubt. docs/events.md
has the formula, and how often the first was right at each confidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.filters import (
    AllDates,
    CopiesFilter,
    OutletFilter,
    PeriodFilter,
    TopicFilter,
    chosen,
    period_notes,
)
from newsgraph.queries.asking.kept_rows import rows_of
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.statistics.ranking import Place, StoryOnEvent, confidence, order_of_coverage


@dataclass(frozen=True, slots=True)
class FirstToCover:
    """One outlet and its first story on the event."""

    rank: int | None = column("place in time; equal for the same second; empty for copies, unsure dates and weak fits")
    outlet: str = column("id of the outlet")
    outlet_name: str | None = column("name of the outlet")
    story_id: str = column("id of its first story on the event")
    url: str | None = column("web address of that story, as written")
    title: str | None = column("headline of that story")
    published_at: datetime | None = column("when that story was published")
    lag_seconds: int | None = column(
        "time after the first; negative for a copy before it; empty if either time is unsure", "seconds"
    )
    agency: str | None = column("news agency that the story credits; empty where it credits none")
    is_copy: bool = column("whether another story published the same text first")
    date_quality: str | None = column("exact, or why the time is unsure: date_only, no_zone, seen, missing ...")
    fit: float | None = column("how well that story fits the event's other stories, 0 to 1")
    weak_fit: bool = column("whether it fits so badly that it may be about another event, and isn't ranked")
    confidence: float | None = column(
        "how likely the first stays the first, 0 to 1; empty but for rank 1, and where one outlet alone is there"
    )
    unsure: int = column("the outlet's stories on the event left out of the ranking as their date is unsure", "stories")
    event_id: str = column("id of the event")
    event_title: str | None = column("title of the event")


@dataclass(frozen=True, kw_only=True)
class Parameters(AllDates, CopiesFilter, OutletFilter, TopicFilter, PeriodFilter):
    """What first-to-cover can be asked."""

    event: str = parameter(
        Kind.EVENT, "the event: its id, the web address of one of its stories, its title, or words", positional=True
    )
    rank_copies: bool = parameter(Kind.FLAG, "rank copies like originals", default=False)


def query(asked: Parameters) -> dict[str, Any]:
    """The values of the query text."""
    return {**chosen(asked), "event": asked.event}


def answer(store: Store, _text: str, asked: Parameters) -> Found[FirstToCover]:
    """Returns one row for each outlet, in order of time, then of id. Unsure ones come after all others."""
    stories = [StoryOnEvent(*cells) for cells in rows_of(store, "questions/first_to_cover", query(asked))]
    any_sure = any(story.sure for story in stories)
    unsure = [story for story in stories if not story.sure]
    left_out = Counter(story.outlet for story in unsure if any_sure or asked.dates == "sure" or story.second is None)
    if asked.dates == "sure":
        stories = [story for story in stories if story.sure]
    places = order_of_coverage(stories, copies_count=asked.rank_copies or asked.copies == "only")
    sureness = confidence(places, stories)
    rows = _rows(places, left_out, None if sureness is None else round(sureness, 4))
    doubts = _doubts(asked, len({story.story_id for story in unsure}), any_sure=any_sure, any_left=bool(stories))
    return Found(rows, (*period_notes(asked), *doubts, *_weak_note(rows), *_rank_note(rows), *_agency_note(rows)))


def _doubts(asked: Parameters, unsure: int, *, any_sure: bool, any_left: bool) -> tuple[str, ...]:
    """Returns notes about the dates. ``unsure`` is the number of stories of unsure date, ``any_left`` whether any is
    shown."""
    if any_left and not any_sure:
        return ("No story on this event has a sure date: the order is as unsure as the dates.",)
    if not unsure:
        return ()
    how = "left out" if asked.dates == "sure" else "listed only where an outlet has no other, and not ranked"
    return (f"{unsure} {'story' if unsure == 1 else 'stories'} of unsure date: {how}.",)


def _weak_note(rows: Sequence[FirstToCover]) -> tuple[str, ...]:
    weak = sum(row.weak_fit for row in rows)
    if not weak:
        return ()
    what = "1 outlet has" if weak == 1 else f"{weak} outlets have"
    return (f"{what} only a story that hardly fits the event (weak_fit): listed, and not ranked.",)


def _rank_note(rows: Sequence[FirstToCover]) -> tuple[str, ...]:
    if not rows or any(row.rank is not None for row in rows):
        return ()
    return ("Nothing can be ranked: what is left are copies (--rank-copies ranks them), has no time or hardly fits.",)


def _agency_note(rows: Sequence[FirstToCover]) -> tuple[str, ...]:
    first = [row for row in rows if row.rank == 1]
    wired = [row for row in first if row.agency is not None]
    if not wired:
        return ()
    who = ", ".join(row.outlet_name or row.outlet for row in wired)
    agencies = ", ".join(dict.fromkeys(str(row.agency) for row in wired))
    return (f"{who} {'was' if len(wired) == 1 else 'were'} first with the agency's text ({agencies}).",)


def _rows(places: Sequence[Place], left_out: Mapping[str, int], sureness: float | None) -> list[FirstToCover]:
    first = next((place.story.second for place in places if place.rank is not None), None)
    rows: list[FirstToCover] = []
    for place in places:
        story = place.story
        lag = story.second - first if first is not None and story.second is not None else None
        rows.append(
            FirstToCover(
                rank=place.rank,
                outlet=story.outlet,
                outlet_name=story.outlet_name,
                story_id=story.story_id,
                url=story.url,
                title=story.title,
                published_at=story.published_at,
                lag_seconds=lag if place.rank is not None or story.sure else None,
                agency=story.agency,
                is_copy=story.is_copy,
                date_quality=story.date_quality,
                fit=story.fit,
                weak_fit=story.weak_fit,
                confidence=sureness if place.rank == 1 else None,
                unsure=left_out.get(story.outlet, 0),
                event_id=story.event_id,
                event_title=story.event_title,
            )
        )
    return rows


QUESTION = Question(
    name="first-to-cover",
    row=FirstToCover,
    parameters=Parameters,
    query=query,
    answer=answer,
    text=packaged("questions/first_to_cover"),
    detail=__doc__ or "",
    includes_copies=True,
)
