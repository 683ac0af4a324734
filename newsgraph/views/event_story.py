"""The content of an event's page: who was first, how sure that is, and who followed when.

The order, the lags and the marks are those of the questions first-to-cover and coverage. Nothing is ranked here. The
rows of those questions are only arranged for reading, with copies below the text that they repeat.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from newsgraph.graph.schema import DOUBTS, SURE
from newsgraph.queries.questions.changes import EditRow
from newsgraph.queries.questions.coverage import CoverageRow
from newsgraph.queries.questions.first_to_cover import FirstToCover
from newsgraph.queries.statistics.ranking import could_be_earlier, fit_chance
from newsgraph.views.wording import counted, lag_long, moment_words

#: The number of outlets in the list. The rest are only counted.
MOST_OUTLETS = 600
#: The number of further stories of an outlet, and of copies of its text, that are shown below it.
MOST_FURTHER = 60
#: The confidence below which there is a doubt about who was first, and that below which it is called unsure.
#: docs/events.md has the share of right firsts at each confidence.
SURE_CONFIDENCE, LEAST_CONFIDENCE = 0.8, 0.7
#: The number of columns in the chart. Dots of one column are stacked.
COLUMNS = 84
#: The times after the first story, in seconds, that the axis of the chart may name.
_TICKS = (
    (60, "1 min"), (300, "5 min"), (900, "15 min"), (3600, "1 h"), (10_800, "3 h"), (21_600, "6 h"), (43_200, "12 h"),
    (86_400, "1 d"), (172_800, "2 d"), (345_600, "4 d"), (604_800, "1 wk"), (1_209_600, "2 wk"), (2_592_000, "30 d"),
    (7_776_000, "90 d"), (31_536_000, "1 yr"), (157_680_000, "5 yr"), (630_720_000, "20 yr"),
)  # fmt: skip
#: The least distance of two named times, in percent of the axis.
_TICK_ROOM = 9.0
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")


_VERDICTS = {
    "sure": "Most likely the first of all stories in this corpus.",
    "likely": "Likely the first of all stories in this corpus, with a doubt.",
    "unsure": "It is not sure who was first.",
}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another event: of the same thread, or one whose stories refer to this one's or are referred to by them.
    ``stories`` counts those that refer or are referred to; all of them in a thread."""

    event_id: str
    title: str
    first: datetime | None
    stories: int


@dataclass(frozen=True, slots=True)
class Absent:
    """An outlet without a story on the event, and how many other stories it published while the event was news."""

    outlet: str
    name: str
    stories: int


@dataclass(frozen=True, slots=True)
class SharedPicture:
    """A picture on stories of several outlets."""

    address: str
    outlets: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class EventFacts:
    """Everything that the page is made from. ``copy_of`` maps a copy to the story that it repeats. ``languages`` holds
    the language tag of those stories that have one, ``agencies`` the news agency of those that credit one. ``decided``
    says what a researcher decided about its stories. ``continues`` and ``continued`` are the events of its thread
    before and after it, ``before`` and ``after`` are others that stories refer to."""

    id: str
    title: str
    label: str
    ranking: Sequence[FirstToCover]
    ranking_notes: Sequence[str]
    stories: Sequence[CoverageRow]
    copy_of: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    agencies: Mapping[str, str] = field(default_factory=dict)
    topics: Sequence[tuple[str, str]] = ()
    continues: Sequence[Neighbour] = ()
    continued: Sequence[Neighbour] = ()
    before: Sequence[Neighbour] = ()
    after: Sequence[Neighbour] = ()
    absent: Sequence[Absent] = ()
    pictures: Sequence[SharedPicture] = ()
    edits: Sequence[EditRow] = ()
    decided: str = ""


@dataclass(slots=True)
class Line:
    """One outlet in the list: its first story, the copies of it, and what else it published on the event.

    ``kind`` is first, ranked, copy, weak (it may be about another event) or unsure.
    """

    row: FirstToCover
    kind: str
    copies: list[CoverageRow] = field(default_factory=list)
    further: list[CoverageRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Dot:
    """One outlet in the chart: ``x`` in percent, and ``y``, its position in its column from below, from 0."""

    x: float
    y: int
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The chart: dots above a logarithmic axis of the time after the first story, so that the first hour can be read.

    ``area`` is the path of the number of stories so far, in a box of 100 by 100. ``rows`` is the height of the highest
    column. ``shares`` say when half and nine tenths of the stories were published.
    """

    dots: Sequence[Dot]
    rows: int
    ticks: Sequence[tuple[float, str]]
    area: str
    shares: Sequence[tuple[float, str]]
    total: int


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure it is who was first: a word (sure, likely, unsure, open), one sentence, and the reasons."""

    word: str
    sentence: str
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class EventStory:
    """The page's content, for its template."""

    facts: EventFacts
    summary: Sequence[str]
    firsts: Sequence[FirstToCover]
    second: FirstToCover | None
    sureness: Sureness
    lines: Sequence[Line]
    more_lines: int
    nameless: Sequence[CoverageRow]
    chart: Chart | None
    newest: datetime | None
    counts: str


def event_story(facts: EventFacts) -> EventStory:
    """Returns the content of an event's page."""
    different = {row.story_id: row for row in facts.stories}
    firsts = [row for row in facts.ranking if row.rank == 1]
    later = [row for row in facts.ranking if row.rank is not None and row.rank > 1]
    counts = count_words(facts.stories)
    lines = _lines(facts)
    dated = [row.published_at for row in different.values() if row.published_at and _sure(row)]
    return EventStory(
        facts=facts,
        summary=_summary(different, counts, facts.stories),
        firsts=firsts,
        second=later[0] if later else None,
        sureness=_sureness(facts, firsts, later[0] if later else None, list(different.values())),
        lines=lines[:MOST_OUTLETS],
        more_lines=max(len(lines) - MOST_OUTLETS, 0),
        nameless=[row for row in facts.stories if row.outlet is None],
        chart=_chart(facts, list(different.values())),
        newest=max(dated, default=None),
        counts=counts,
    )


def count_words(stories: Sequence[CoverageRow]) -> str:
    """Returns the size of an event in the words of all pages: the number of its stories, and how many of them are
    copies."""
    different = {row.story_id: row for row in stories}
    copies = sum(row.is_copy for row in different.values())
    outlets = len({row.outlet for row in stories if row.outlet})
    return size_words(len(different), copies, outlets)


def size_words(stories: int, copies: int, outlets: int) -> str:
    """``281 stories (20 of them copies) of 233 outlets``."""
    inside = f" ({copies:,} of them {'a copy' if copies == 1 else 'copies'})" if copies else ""
    return f"{counted(stories, 'story', 'stories')}{inside} of {counted(outlets, 'outlet')}"


def language_tag(text: str | None) -> str | None:
    """Returns the tag if it may be used in ``lang``; else None."""
    return text if text and _LANGUAGE.fullmatch(text) else None


def _sure(row: CoverageRow | FirstToCover) -> bool:
    return row.date_quality in SURE and row.published_at is not None


def _summary(different: Mapping[str, CoverageRow], counts: str, stories: Sequence[CoverageRow]) -> list[str]:
    found = [counts]
    sure = sorted(row.published_at.timestamp() for row in different.values() if row.published_at and _sure(row))
    if len(sure) > 1:
        found.append(f"over {lag_long(sure[-1] - sure[0])}")
    if len(sure) > 3:
        found.append(f"half of them within {lag_long(_reached(sure, 0.5) - sure[0])}")
    unsure = len(different) - len(sure)
    if unsure:
        found.append(f"{unsure} of {len(different)} dates unsure")
    return found


def _reached(sure: Sequence[float], share: float) -> float:
    """Returns when that share of the stories of a sure date was published."""
    return sure[min(max(math.ceil(share * len(sure)) - 1, 0), len(sure) - 1)]


def _sureness(
    facts: EventFacts, firsts: Sequence[FirstToCover], second: FirstToCover | None, stories: Sequence[CoverageRow]
) -> Sureness:
    if not firsts:
        return Sureness("open", "Nobody can be called first: only copies, or stories without a time, are left.", [])
    first = firsts[0]
    reasons: list[str] = []
    doubts = _clock(firsts, second, reasons)
    doubts += _earlier(first, stories, reasons)
    doubts += _fit(facts, first, reasons)
    taken = sum(facts.copy_of.get(row.story_id) == first.story_id for row in stories)
    if taken:
        reasons.append(f"Its text was published again by {counted(taken, 'story', 'stories')} on this event.")
    if first.confidence is not None:
        doubts += (first.confidence < SURE_CONFIDENCE) + (first.confidence < LEAST_CONFIDENCE)
        reasons.append(_confidence_words(first.confidence))
    if facts.decided:
        reasons.append(f"Corrected by a researcher: {facts.decided}.")
    word = ("sure", "likely", "unsure")[min(doubts, 2)]
    return Sureness(word, _VERDICTS[word], reasons)


def _confidence_words(confidence: float) -> str:
    """Returns the confidence, and what it means: ``0.81 of 1, so of 5 such firsts about 1 is wrong``."""
    wrong = "most such firsts are"
    if confidence >= 0.5:
        wrong = f"of {round(1 / max(1 - confidence, 0.001))} such firsts about 1 is"
    return f"Confidence that it was first: {confidence:.2f} of 1, so {wrong} wrong."


def _clock(firsts: Sequence[FirstToCover], second: FirstToCover | None, reasons: list[str]) -> int:
    """Adds reasons about the times themselves. Returns the number of doubts."""
    first, doubts = firsts[0], 0
    if first.date_quality == "corrected":
        reasons.append(f"A correction gives its time: {moment_words(first.published_at)}.")
    elif _sure(first):
        reasons.append(f"Its time is exact: {moment_words(first.published_at)}.")
    else:
        doubts += 2
        reasons.append("No story on this event has an exact time.")
    if len(firsts) > 1:
        reasons.append(f"{counted(len(firsts), 'outlet')} published in the same second.")
        return doubts + 1
    if second is not None and second.lag_seconds is not None:
        reasons.append(f"The next outlet came {lag_long(second.lag_seconds)} later.")
        return doubts + (second.lag_seconds < 60)
    reasons.append("No other outlet has an original story of a sure time on it.")
    return doubts + 1


def _earlier(first: FirstToCover, stories: Sequence[CoverageRow], reasons: list[str]) -> int:
    """Adds reasons about what may be earlier than the first: stories of unsure dates, and copies of an earlier text."""
    at, doubts = first.published_at, 0
    assert at is not None  # ranked rows have a time
    unsure = [row for row in stories if not _sure(row) and could_be_earlier(row.published_at, row.date_quality, at)]
    if unsure:
        doubts += 1
        of = "story" if len(unsure) == 1 else "stories"
        reasons.append(f"{len(unsure)} {of} of an unsure date could be earlier: {_why(unsure)}.")
    copies = [row for row in stories if row.is_copy and row.published_at and _sure(row) and row.published_at < at]
    if copies:
        doubts += 1
        reasons.append(f"{counted(len(copies), 'copy', 'copies')} of an earlier text came before it.")
    return doubts


def _fit(facts: EventFacts, first: FirstToCover, reasons: list[str]) -> int:
    """Adds reasons about how well the first story fits the event's others, and about earlier ones that were left out
    because they fit badly. Returns 1 if there is such a doubt."""
    others = sorted(row.fit for row in facts.ranking if row.fit is not None and row.story_id != first.story_id)
    if first.fit is not None and others:
        middle = f", the middle one with {others[len(others) // 2]:.2f}" if len(others) > 2 else ""
        doubt = "; it may be about something else" if fit_chance(first.fit) < LEAST_CONFIDENCE else ""
        reasons.append(f"The story fits the event's others with {first.fit:.2f} of 1{middle}{doubt}.")
    at = first.published_at
    weak = [
        row
        for row in facts.ranking
        if row.weak_fit and _sure(row) and row.published_at and at and row.published_at < at
    ]
    if weak:
        reasons.append(
            f"{counted(len(weak), 'earlier story', 'earlier stories')} may be about another event and "
            f"{'is' if len(weak) == 1 else 'are'} not ranked."
        )
    return int(bool(weak))


def _why(stories: Sequence[CoverageRow]) -> str:
    kinds: dict[str, int] = defaultdict(int)
    for row in stories:
        kinds[row.date_quality or "missing"] += 1
    return ", ".join(f"{DOUBTS.get(kind, kind)} ({number})" for kind, number in sorted(kinds.items()))


def _lines(facts: EventFacts) -> list[Line]:
    by_outlet: dict[str | None, list[CoverageRow]] = defaultdict(list)
    outlet_of: dict[str, str | None] = {}
    for row in facts.stories:
        by_outlet[row.outlet].append(row)
        outlet_of.setdefault(row.story_id, row.outlet)
    lines = {row.outlet: Line(row, _kind(row)) for row in facts.ranking}
    folded: set[str] = set()
    for line in lines.values():
        own = line.row.outlet
        for story in by_outlet[own]:
            if story.story_id == line.row.story_id:
                if line.kind != "copy":
                    continue
            elif not story.is_copy:
                line.further.append(story)
                continue
            host = lines.get(outlet_of.get(facts.copy_of.get(story.story_id, "")) or "")
            if host is not None and host.kind != "copy" and host.row.outlet != own:
                host.copies.append(story)
                if story.story_id == line.row.story_id:
                    folded.add(own)
            elif story.story_id != line.row.story_id:
                line.further.append(story)
    for line in lines.values():
        # The further stories of an outlet are folded away together with it.
        if line.row.outlet in folded and line.further:
            folded.discard(line.row.outlet)
    return [line for outlet, line in lines.items() if outlet not in folded]


def _kind(first: FirstToCover) -> str:
    if first.rank == 1:
        return "first"
    if first.rank is not None:
        return "ranked"
    if first.weak_fit:
        return "weak"
    return "copy" if first.is_copy else "unsure"


def _chart(facts: EventFacts, stories: Sequence[CoverageRow]) -> Chart | None:
    """Returns None with fewer than three stories of a sure time, because the list is enough then."""
    sure = sorted(row.published_at.timestamp() for row in stories if row.published_at and _sure(row))
    first = next((row.published_at for row in facts.ranking if row.rank == 1), None)
    if len(sure) < 3 or first is None:
        return None
    start = first.timestamp()
    span = max(sure[-1] - start, 60.0)

    def place(second: float) -> float:
        return 100 * math.log1p(max(second - start, 0.0) / 60) / math.log1p(span / 60)

    ticks: list[tuple[float, str]] = [(0.0, "first")]
    for seconds, words in _TICKS:
        at = round(place(start + seconds), 2)
        if seconds <= span and at - ticks[-1][0] >= _TICK_ROOM and at <= 100:
            ticks.append((at, words))
    points = ["M0 100"]
    for count, second in enumerate(sure, 1):
        points.append(f"H{place(second):.4g}V{100 - 100 * count / len(sure):.4g}")
    shares = []
    if len(sure) > 3:
        for share in (0.5, 0.9):
            at_share = _reached(sure, share)
            shares.append((round(place(at_share), 2), f"{share:.0%} in {lag_long(at_share - start)}"))
        if shares[1][0] - shares[0][0] < 22:
            shares = shares[:1]
    dots, rows = _dots(facts.ranking, place)
    return Chart(dots, rows, ticks, "".join(points) + "H100V100Z", shares, len(sure))


def _dots(ranking: Sequence[FirstToCover], place: Callable[[float], float]) -> tuple[list[Dot], int]:
    """Returns a dot for each outlet of a sure time, and the greatest number of dots in one column."""
    columns: dict[int, int] = defaultdict(int)
    dots = []
    for row in ranking:
        if row.published_at is None or not _sure(row):
            continue
        column = round(place(row.published_at.timestamp()) / 100 * COLUMNS)
        words = f"{row.outlet_name or row.outlet}: {_lag_of(row)}" + (", a copy" if row.is_copy else "")
        dots.append(Dot(round(100 * column / COLUMNS, 2), columns[column], _kind(row), words))
        columns[column] += 1
    return dots, max(columns.values(), default=1)


def _lag_of(row: FirstToCover) -> str:
    if row.rank == 1:
        return "first"
    if not row.lag_seconds:
        return "as early"
    return f"{lag_long(row.lag_seconds)} {'before' if row.lag_seconds < 0 else 'after'}"
