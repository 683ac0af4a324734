"""Small charts of attention over time: stories for each day, with bursts. Each chart has a scale of its own.

The numbers are those of the question attention.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from newsgraph.queries.questions.attention import Attention
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
    return rows, Days(day_words(first), day_words(last), span, width)
