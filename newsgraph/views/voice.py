"""Share of voice: how the stories of each day are divided among topics, outlets, or groups of outlets.

The numbers are those of the question attention. Those with the most stories have a colour of their own; the others are
put together. If there are many days, several of them share a bar.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from newsgraph.queries.questions.attention import Attention
from newsgraph.views.wording import counted, day_words

#: How many have a colour of their own. The others are put together.
COLOURED = 6
#: The greatest number of bars. If there are more days, a bar stands for several.
MOST_BARS = 120
#: Height of the picture in its own units.
_HIGH = 100
OTHERS = "all others"
#: Takes the place of the keys of all others. No key is empty, but an owner may be called "all others".
_REST = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """One topic, outlet or group. ``shares`` and ``counts`` are the outlines of its part of each bar: of bars that are
    all as high as the picture, and of bars as high as their number of stories. ``tint`` names its colour."""

    id: str
    name: str
    stories: int
    share: float
    tint: str
    shares: str
    counts: str


@dataclass(frozen=True, slots=True)
class Voices:
    """The picture: ``wide`` and ``high`` are its size. ``peak`` is the number of stories of the highest bar, and
    ``days`` the number of days in a bar. ``words`` say the same without a picture."""

    voices: Sequence[Voice]
    stories: int
    wide: int
    high: int
    peak: int
    days: int
    first: str
    last: str
    words: str


def voices(
    attention: Sequence[Attention], names: Mapping[str, str], only: Collection[str] | None = None
) -> Voices | None:
    """Returns the picture of all days of an answer; None if there are fewer than two to compare, fewer than two
    days, or no story. With ``only``, all other keys are put together."""
    totals: Counter[str] = Counter()
    for row in attention:
        totals[row.key] += row.stories
    if len(totals) < 2 or not totals.total():
        return None
    first, last = min(row.day for row in attention), max(row.day for row in attention)
    span = (last - first).days + 1
    if span < 2:
        return None
    days = math.ceil(span / MOST_BARS)
    ranked = sorted((key for key in totals if only is None or key in only), key=lambda key: (-totals[key], key))
    own = ranked[:COLOURED]
    keys = [*own, *([_REST] if len(own) < len(totals) else [])]
    bars = _bars(attention, set(own), first, days, math.ceil(span / days))
    whole = totals.total()
    heights = [bar.total() for bar in bars]
    peak = max(heights)
    drawn = []
    for place, key in enumerate(keys):
        count = sum(bar[key] for bar in bars)
        below = keys[:place]
        drawn.append(
            Voice(
                key,
                OTHERS if key == _REST else names.get(key, key),
                count,
                count / whole,
                "tint-none" if key == _REST else f"tint-{place}",
                _outline(bars, key, below, heights),
                _outline(bars, key, below, [peak] * len(bars)),
            )
        )
    return Voices(
        drawn, whole, len(bars), _HIGH, peak, days, day_words(first), day_words(first + timedelta(days=span - 1)),
        "; ".join(f"{one.name} {counted(one.stories, 'story', 'stories')}, {one.share:.0%}" for one in drawn),
    )  # fmt: skip


def _bars(attention: Sequence[Attention], own: set[str], first: date, days: int, number: int) -> list[Counter[str]]:
    bars: list[Counter[str]] = [Counter() for _ in range(number)]
    for row in attention:
        bars[(row.day - first).days // days][row.key if row.key in own else _REST] += row.stories
    return bars


def _outline(bars: Sequence[Counter[str]], key: str, below: Sequence[str], wholes: Sequence[int]) -> str:
    """Returns the path of one part of all bars, whose heights are shares of ``wholes``, above the parts ``below``."""
    drawn = []
    wide = 0.92 if len(bars) <= MOST_BARS // 2 else 1  # many bars have no room for gaps
    for place, (bar, whole) in enumerate(zip(bars, wholes, strict=True)):
        if bar[key]:
            low = _HIGH * (1 - sum(bar[one] for one in below) / whole)
            high = low - _HIGH * bar[key] / whole
            drawn.append(f"M{place} {low:.4g}V{high:.4g}h{wide}V{low:.4g}z")
    return "".join(drawn)
