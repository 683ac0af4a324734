"""Attention over time: how it was divided, and small charts of the stories of each day, with bursts. The reader chooses
whether each chart has a scale of its own, or all have the same.

The numbers are those of the question attention.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from newsgraph.queries.answer import Answer
from newsgraph.queries.questions.attention import Attention
from newsgraph.views.voice import Voices, voices
from newsgraph.views.wording import counted, day_words, rounded


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a panel: its position, counted from the first day, and its height from 0 to 1."""

    x: float
    height: float
    burst: bool
    words: str


@dataclass(frozen=True, slots=True)
class Days:
    """The days for which attention is shown, and how many days wide a bar is."""

    first: str
    last: str
    span: int
    bar: float


def bar_width(span: int) -> float:
    """Returns the width: at least a day, and enough to be seen if there are many days."""
    return round(max(1.0, span / 150), 2)


@dataclass(frozen=True, slots=True)
class Panel:
    """Attention to one topic, outlet or event."""

    id: str
    name: str
    stories: int
    unsure: int
    peak: int
    bursts: int
    bars: Sequence[Bar]
    #: The height of its highest bar if all panels have one scale, from 0 to 1.
    part: float = 1.0


@dataclass(frozen=True, slots=True)
class Attended:
    """Attention to topics, outlets, or groups of outlets, for the part of a page that shows it.

    ``by`` is what the question counts by, and ``kind`` what has a page of its own in a site. ``more`` is the number of
    those without a panel, and ``several`` says whether a story may count for more than one of them.
    """

    by: str
    kind: str
    voices: Voices | None
    panels: Sequence[Panel]
    days: Days
    more: int
    several: bool
    notes: Sequence[str]

    @property
    def words(self) -> str:
        """What the stories are divided by, in the plural."""
        return {"topic": "topics", "outlet": "outlets"}.get(self.by, f"outlets by {self.by.replace('_', ' ')}")


def attended(
    by: str, answer: Answer[Attention], names: Mapping[str, str], most: int, only: Collection[str] | None = None
) -> Attended:
    """Returns what a page shows of an answer of the question attention, with at most that many panels. With ``only``,
    all other keys are put together, and have no panel."""
    own = [row for row in answer if only is None or row.key in only]
    found, days = panels(own, names, most)
    keys = len({row.key for row in own})
    kind = "topic" if by == "topic" else "outlet"
    voice = voices(answer, names, only)
    return Attended(by, kind, voice, found, days, keys - len(found), by == "topic", answer.notes)


def panels(attention: Sequence[Attention], names: Mapping[str, str], most: int) -> tuple[list[Panel], Days]:
    """Returns the panels of the ``most`` topics, outlets or events with the most stories, all for the same days."""
    by_topic: dict[str, list[Attention]] = defaultdict(list)
    for one in attention:
        by_topic[one.key].append(one)
    for found in by_topic.values():
        found.sort(key=lambda one: one.day)
    if not by_topic:
        return [], Days("", "", 1, 1.0)
    first: date = min(one.day for one in attention)
    last: date = max(one.day for one in attention)
    span = (last - first).days + 1
    width = bar_width(span)
    totals = {key: sum(one.stories for one in days) for key, days in by_topic.items()}
    chosen = sorted(totals, key=lambda key: (-totals[key], key))[:most]
    rows = []
    for key in chosen:
        days = by_topic[key]
        peak = max(one.stories for one in days)
        bars = [
            Bar(
                round(min((one.day - first).days, span - width), 2),
                round(one.stories / peak, 3),
                one.burst,
                f"{day_words(one.day)}: {counted(one.stories, 'story', 'stories')}"
                + (f", a burst (baseline {rounded(one.baseline)}, z {rounded(one.z)})" if one.burst else ""),
            )
            for one in days
            if one.stories
        ]
        bursts = sum(one.burst for one in days)
        rows.append(Panel(key, names.get(key, key), totals[key], days[0].unsure, peak, bursts, bars))
    highest = max(one.peak for one in rows)
    rows = [replace(one, part=round(one.peak / highest, 4)) for one in rows]
    return rows, Days(day_words(first), day_words(last), span, width)
