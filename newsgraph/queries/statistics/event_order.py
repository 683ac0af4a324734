"""Who was first on each of many events, and how sure that is: the rule of :mod:`newsgraph.queries.statistics.ranking`
for all events at once, over arrays. A test compares both on events of every kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from newsgraph.graph.columnar.arrays import Array, Flags, Integers, begins
from newsgraph.graph.columnar.cells import NO_TIME, NONE
from newsgraph.graph.columnar.graph_columns import Coded
from newsgraph.graph.schema import SURE
from newsgraph.queries.statistics.ranking import EARLIER_WEAK, FIT_CONSTANT, FIT_SLOPE

_DAY = 86_400_000_000
_HOUR = 3_600_000_000


@dataclass(frozen=True, slots=True)
class EventStories:
    """A row for each event, story on it, and outlet of that story.

    ``event`` and ``outlet`` are positions in ``events`` (and ``titles``) and in ``outlets``, which ascend; ``outlet``
    is ``NONE`` for a story that names none. ``story`` is a number that no other story has, in the order of ids.
    ``moment`` is in microseconds since 1970, or ``NO_TIME``. ``fit`` is NaN where there is none.
    """

    events: Sequence[str]
    titles: Sequence[str | None]
    outlets: Sequence[str]
    event: Integers
    outlet: Integers
    story: Integers
    moment: Integers
    quality: Coded
    is_copy: Flags
    fit: Array
    weak: Flags

    def __len__(self) -> int:
        return len(self.event)

    @property
    def sure(self) -> Flags:
        """Tells for each row whether the story's time can be compared with others."""
        return np.asarray(self.quality.among(SURE.__contains__) & (self.moment != NO_TIME), dtype=np.bool_)

    def rows(self, which: Array) -> EventStories:
        """Returns some of the rows, in the order that is given."""
        columns = {name: getattr(self, name)[which] for name in _COLUMNS}
        return replace(self, quality=Coded(self.quality.names, self.quality.code[which]), **columns)


_COLUMNS = ("event", "outlet", "story", "moment", "is_copy", "fit", "weak")


@dataclass(frozen=True, slots=True)
class EventOrder:
    """A value for each event that has a story; ``event`` are their positions, which ascend.

    ``first`` and ``last`` are moments, by sure times if there are any. ``leader`` is the outlet that alone was first,
    or ``NONE``. ``confidence`` is NaN where there is none.
    """

    event: Integers
    stories: Integers
    outlets: Integers
    weak: Integers
    sure: Integers
    first: Integers
    last: Integers
    leader: Integers
    confidence: Array


def order_of_events(table: EventStories) -> EventOrder:
    """Returns what is known of each event. Copies count as the table says."""
    table = table.rows(np.lexsort((table.story, table.event)))
    once = begins(table.event, table.story)
    event = table.event[begins(table.event)]
    place = np.cumsum(begins(table.event)) - 1  # of each row's event among those that have a story
    number, sure, timed = len(event), table.sure, table.moment != NO_TIME

    def counted(which: Flags) -> Integers:
        return np.bincount(place[which], minlength=number).astype(np.int64)

    any_sure = counted(sure & once) > 0
    dated = np.where(any_sure[place], sure, timed)
    first = _least(place[dated], table.moment[dated], number)
    last = -_least(place[dated], -table.moment[dated], number)

    seconds = table.moment // 1_000_000
    eligible = ~table.is_copy & ~table.weak & dated
    least = _least(place[eligible], seconds[eligible], number)
    leads = eligible & (seconds == least[place])
    # Of an outlet's stories of that second, the one of the smallest id is its first.
    at = np.flatnonzero(leads)
    at = at[np.lexsort((table.story[at], table.outlet[at], place[at]))]
    at = at[begins(place[at], table.outlet[at])]
    leaders = np.bincount(place[at], minlength=number)
    leader = np.full(number, NONE, dtype=np.int64)
    alone = at[(leaders == 1)[place[at]] & any_sure[place[at]]]
    leader[place[alone]] = table.outlet[alone]

    pairs = np.lexsort((table.outlet, place))
    different = pairs[begins(place[pairs], table.outlet[pairs])]
    named = table.outlet[different] != NONE
    confidence = _confidence(table, place, once, at, least, number)
    several = np.bincount(place[different], minlength=number) > 1
    return EventOrder(
        event=event,
        stories=counted(once),
        outlets=np.bincount(place[different][named], minlength=number).astype(np.int64),
        weak=counted(table.weak & once),
        sure=counted(sure & once),
        first=np.where(first == _NEVER, NO_TIME, first),
        last=np.where(first == _NEVER, NO_TIME, last),
        leader=leader,
        confidence=np.where(several & any_sure, confidence, np.nan),
    )


def _confidence(
    table: EventStories, place: Integers, once: Flags, firsts: Integers, least: Integers, number: int
) -> Array:
    """Returns what ``ranking.confidence`` does for each event; it means something only for those of several outlets and
    a sure time. ``firsts`` are the rows of the stories ranked first, ``least`` is the second of each event's first."""
    best = np.full(number, -np.inf)
    with_fit = firsts[~np.isnan(table.fit[firsts])]
    np.maximum.at(best, place[with_fit], table.fit[with_fit])
    # The firsts are by outlet, so that this is the moment of the first outlet of several.
    moment = np.full(number, NO_TIME, dtype=np.int64)
    moment[place[firsts[::-1]]] = table.moment[firsts[::-1]]

    sure = table.sure
    is_first = np.zeros(len(table), dtype=np.bool_)
    is_first[firsts] = True
    stories = np.cumsum(once) - 1  # all rows of a story of an event have one number
    named = np.bincount(stories[is_first], minlength=int(once.sum())) > 0
    earlier = once & ~named[stories] & sure & (table.moment // 1_000_000 < least[place])
    chances = np.ones(number)
    weak, copies = earlier & table.weak, earlier & ~table.weak & table.is_copy
    np.multiply.at(chances, place[weak], 1 - EARLIER_WEAK)
    np.multiply.at(chances, place[copies], 1 - _fit_chances(np.nan_to_num(table.fit[copies])))

    doubtful = once & ~sure & _could_be_earlier(table, moment[place])
    certain = np.bincount(place[once & sure], minlength=number)
    unsure = np.bincount(place[doubtful], minlength=number)
    chance = _fit_chances(best) * chances * certain / np.maximum(certain + unsure, 1)
    return np.where(np.isinf(best) | (moment == NO_TIME), np.nan, chance)


def _fit_chances(fit: Array) -> Array:
    return 1 / (1 + np.exp(-(FIT_CONSTANT + FIT_SLOPE * fit)))


def _could_be_earlier(table: EventStories, first: Integers) -> Flags:
    """Does for each row what ``ranking.could_be_earlier`` does. ``first`` is the moment of the row's event."""
    quality = table.quality.among
    date_only, no_zone = quality({"date_only"}.__contains__), quality({"no_zone"}.__contains__)
    untold = (table.moment == NO_TIME) | quality({"missing", "impossible", "future"}.__contains__)
    by_day = table.moment // _DAY <= first // _DAY
    # Zones run from 12 hours behind UTC to 14 before it.
    by_zone = table.moment < first + 14 * _HOUR
    return np.asarray(untold | np.where(date_only, by_day, np.where(no_zone, by_zone, True)), dtype=np.bool_)


_NEVER = int(np.iinfo(np.int64).max)


def _least(place: Integers, values: Integers, number: int) -> Integers:
    """Returns the least value of each place, which ascend; ``_NEVER`` for a place without one."""
    found = np.full(number, _NEVER, dtype=np.int64)
    if len(place):
        starts = np.flatnonzero(begins(place))
        found[place[starts]] = np.minimum.reduceat(values, starts)
    return found
