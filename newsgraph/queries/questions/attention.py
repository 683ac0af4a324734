"""Stories per day by topic, outlet or event, with bursts.

Each key (topic, outlet or event) has a row for every day from its first to its last story of a sure date, including
days without a story. Days begin at midnight in the zone of ``--tz``. ``baseline`` is the mean of the key's other days.
A burst is found as Farrington, Andrews, Beale and Catchpole (1996, A statistical algorithm for the early detection of
outbreaks of infectious disease, JRSS A 159, 547-563) find an outbreak: counts may vary more than Poisson counts by a
factor phi, which is the variance of the other days divided by their mean (at least 1), and two-thirds powers make them
nearly normal. ``z`` is (n^(2/3) - m^(2/3)) / (2/3 m^(1/6) sqrt(phi + phi/d)), where n is the number of the day's
stories, m the baseline and d the number of other days. A burst has z above 2.58 (half a percent) and at least 5
stories. With fewer than 7 other days, z is empty and there is no burst. Bursts come first, ordered by z.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from newsgraph.graph.columnar.cells import EPOCH
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import ColumnRows, Found, column
from newsgraph.queries.asking.filters import RankingFilters, chosen, period_notes, unsure_note
from newsgraph.queries.asking.outlet_columns import grouped, grouping_notes
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.tables.table import Table

if TYPE_CHECKING:
    from newsgraph.graph.columnar.arrays import Integers
    from newsgraph.queries.statistics.measures import Reals
    from newsgraph.queries.tables.keyed_stories import KeyedStories

#: The 99.5 % point of the standard normal distribution, as rounded in the source.
BURST_Z = 2.58
BURST_STORIES = 5
FEWEST_DAYS = 7
_KEYS = ("topic", "outlet", "event")

_TOLD = Table("keyed_stories")
_NAMES = Table("named_nodes")


@dataclass(frozen=True, slots=True)
class Attention:
    """One day of one topic, outlet or event."""

    day: date = column("the day, in the zone of --tz")
    key: str = column("id of the topic, outlet or event")
    title: str | None = column("name of the topic or outlet, title of the event")
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
    """Returns the bursts first, by z; then the other rows by key, then by day."""
    import numpy as np  # noqa: PLC0415

    column = None if asked.by in _KEYS else asked.by
    told: KeyedStories = grouped(store, _TOLD.read(store, text, query(asked)), column)
    counts = told.sure if asked.dates == "sure" else told.timed
    keys, key, second = told.keys, told.key, told.second
    left_out = len(np.unique(told.story[~counts]))
    unsure = np.bincount(key[~counts], minlength=len(keys)).astype(np.int64)
    titles = {} if column else _NAMES.read(store, packaged(f"lookups/{asked.by}s"), {"kind": asked.by})
    names = [titles.get(one) or one for one in keys]
    table = _days(keys, names, key[counts], _day_numbers(second[counts], asked.tz), unsure)
    zone_note = () if asked.tz == "UTC" else (f"Days are those of {asked.tz}.",)
    return Found(table, (*period_notes(asked), *zone_note, *grouping_notes(column), *unsure_note(left_out)))


def _day_numbers(seconds: Integers, zone_name: str) -> Integers:
    """Returns days since 1970-01-01, in the zone, from seconds since 1970."""
    import numpy as np  # noqa: PLC0415

    if zone_name == "UTC":
        return seconds // 86400
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # only where it is asked for

    zone = ZoneInfo(zone_name)
    days = ((EPOCH + timedelta(seconds=second)).astimezone(zone).toordinal() for second in seconds.tolist())
    return np.fromiter(days, dtype=np.int64, count=len(seconds)) - EPOCH.toordinal()


def _days(
    keys: Sequence[str], names: list[str], key: Integers, day: Integers, unsure: Integers
) -> ColumnRows[Attention]:
    """Returns the rows of every key, with its name, from its first day to its last. ``key`` and ``day`` are those of
    each story."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.graph.columnar.arrays import Named, Numbers, ranges  # noqa: PLC0415
    from newsgraph.queries.statistics.first_times import in_order, runs  # noqa: PLC0415

    key, day = in_order(key, day)
    present, start, stories = runs(key)
    first, last = day[start], day[start + stories - 1]
    number = last - first + 1
    begin = np.cumsum(number) - number
    place = begin[np.searchsorted(present, key)] + day - np.repeat(first, stories)
    count = np.bincount(place, minlength=int(number.sum())).astype(np.int64)
    days = ranges(first, number)

    others = np.repeat(number - 1, number)
    squares = np.add.reduceat(count * count, begin) if len(begin) else begin
    rest = np.repeat(stories, number) - count
    baseline = rest / np.maximum(others, 1)
    z = _z(count, rest, np.repeat(squares, number) - count * count, others)
    enough = others >= FEWEST_DAYS
    burst = enough & (z > BURST_Z) & (count >= BURST_STORIES)
    order = np.lexsort((np.arange(len(count)), np.where(burst, -z, 0.0), ~burst))
    different, day_of = np.unique(days[order], return_inverse=True)
    dates = [date.fromordinal(one + EPOCH.toordinal()) for one in different.tolist()]
    row_key = np.repeat(present, number)[order]
    return ColumnRows(
        Attention,
        [
            Named(dates, day_of),
            Named(keys, row_key),
            Named(names, row_key),
            Numbers(count[order]),
            Numbers(baseline[order], (others > 0)[order]),
            Numbers(z[order], enough[order]),
            Numbers(burst[order]),
            Numbers(np.repeat(unsure[present], number)[order]),
        ],
    )


def _z(count: Integers, total: Integers, squares: Integers, days: Integers) -> Reals:
    """Returns how far each day's ``count`` is from those of its key's other ``days``. It means nothing for less than
    two."""
    import numpy as np  # noqa: PLC0415

    days = np.maximum(days, 2)
    # It is above 0 if it means anything: the first day and the last have stories, and one of them is another day.
    mean = np.maximum(total, 1) / days
    # The sum of squared deviations, in integers up to the one division, so that no precision is lost.
    variance = (days * squares - total * total) / (days * (days - 1))
    phi = np.maximum(1.0, variance / mean)
    spread = 2 / 3 * mean ** (1 / 6) * np.sqrt(phi + phi / days)
    return np.asarray((count ** (2 / 3) - mean ** (2 / 3)) / spread, dtype=np.float64)


QUESTION = Question(
    name="attention",
    row=Attention,
    parameters=Parameters,
    query=query,
    answer=answer,
    text=packaged("questions/attention"),
    detail=__doc__ or "",
    ranks_by_time=True,
    table=_TOLD,
)
