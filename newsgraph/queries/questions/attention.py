"""Stories per day by topic, outlet or event, with bursts.

Each key (topic, outlet or event) has a row for every day from its first to its last story of a sure date, days
without a story included; days are those of ``--tz``. ``baseline`` is the mean of the key's other days. A burst is
found as Farrington, Andrews, Beale and Catchpole (1996, A statistical algorithm for the early detection of
outbreaks of infectious disease, JRSS A 159, 547-563) find an outbreak: counts may vary more than Poisson counts by
a factor phi, the variance of the other days over their mean (at least 1), and two-thirds powers make them nearly
normal. ``z`` is (n^(2/3) - m^(2/3)) / (2/3 m^(1/6) sqrt(phi + phi/d)), n the day's stories, m the baseline, d the
number of other days; a burst has z above 2.58 (half a percent) and at least 5 stories. With fewer than 7 other days
there is neither z nor burst.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.filters import RankingFilters, chosen, period_notes, unsure_note
from newsgraph.queries.asking.outlet_columns import columns_of_outlets, grouping_notes
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged

#: 99.5 % point of the standard normal distribution, as the source has it.
BURST_Z = 2.58
BURST_STORIES = 5
FEWEST_DAYS = 7
_KEYS = ("topic", "outlet", "event")


@dataclass(frozen=True, slots=True)
class Attention:
    """One day of one topic, outlet or event."""

    day: date = column("the day, in the zone of --tz")
    key: str = column("id of the topic, outlet or event")
    stories: int = column("stories of that day", "stories")
    baseline: float | None = column("mean of the key's other days; empty where there is none", "stories a day")
    z: float | None = column("how far the day stands out; empty with fewer than 7 other days", "standard deviations")
    burst: bool = column("whether it is a burst")
    unsure: int = column("the key's stories left out because their date is unsure", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(RankingFilters):
    """What attention can be asked."""

    by: str = parameter(
        Kind.COLUMN, "what to count by; or a column of the outlets file", default="topic", choices=_KEYS
    )
    tz: str = parameter(Kind.ZONE, "time zone that days are counted in, such as Europe/Paris", default="UTC")


def query(asked: Parameters) -> dict[str, Any]:
    """The values of the query text."""
    return {**chosen(asked), "by": asked.by if asked.by in _KEYS else "outlet"}


def answer(store: Store, text: str, asked: Parameters) -> Found[Attention]:
    """By key, then by day."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # only where it is asked for

    zone = ZoneInfo(asked.tz)
    seconds: dict[str, dict[str, int]] = {}
    unsure: dict[str, set[str]] = {}
    cells: Any
    column = None if asked.by in _KEYS else asked.by
    value_of = columns_of_outlets(store)[column] if column else {}
    for cells in store.query(text, query(asked)):
        key, story, second, sure = cells
        key = value_of.get(key, key)
        if second is None or (asked.dates == "sure" and not sure):
            unsure.setdefault(key, set()).add(story)
        else:
            seconds.setdefault(key, {})[story] = second
    rows: list[Attention] = []
    for key in sorted(seconds):
        counts: dict[date, int] = {}
        for second in seconds[key].values():
            day = _day(second, zone)
            counts[day] = counts.get(day, 0) + 1
        rows += _days(key, counts, len(unsure.get(key, ())))
    left_out = len(set().union(*unsure.values())) if unsure else 0
    zone_note = () if asked.tz == "UTC" else (f"Days are those of {asked.tz}.",)
    return Found(rows, (*period_notes(asked), *zone_note, *grouping_notes(column), *unsure_note(left_out)))


def _day(second: int, zone: Any) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)).astimezone(zone).date()


def _days(key: str, counts: dict[date, int], unsure: int) -> list[Attention]:
    first, last = min(counts), max(counts)
    number = (last - first).days + 1
    total, squares = sum(counts.values()), sum(count * count for count in counts.values())
    rows = []
    for step in range(number):
        day = first + timedelta(days=step)
        count = counts.get(day, 0)
        others = number - 1
        baseline = (total - count) / others if others else None
        z = _z(count, total - count, squares - count * count, others) if others >= FEWEST_DAYS else None
        burst = z is not None and z > BURST_Z and count >= BURST_STORIES
        rows.append(Attention(day, key, count, baseline, z, burst, unsure))
    return rows


def _z(count: int, total: int, squares: int, days: int) -> float:
    mean = total / days  # above 0: the first day and the last have stories, and one of them is another day
    # The sum of squared deviations, in integers up to the one division, so that no precision is lost.
    variance = (days * squares - total * total) / (days * (days - 1))
    phi = max(1.0, variance / mean)
    spread = 2 / 3 * mean ** (1 / 6) * (phi + phi / days) ** 0.5
    return float((count ** (2 / 3) - mean ** (2 / 3)) / spread)


QUESTION = Question(
    name="attention",
    row=Attention,
    parameters=Parameters,
    query=query,
    answer=answer,
    text=packaged("questions/attention"),
    detail=__doc__ or "",
    ranks_by_time=True,
)
