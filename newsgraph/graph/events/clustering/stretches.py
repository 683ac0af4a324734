"""Reads, smooths and links the voices of some stretches of time, only as far as an update needs them."""

from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from newsgraph.graph.events.clustering.derivation import parted
from newsgraph.graph.events.clustering.distinct_texts import DistinctTexts, Voice, distinct_texts, half_day_seconds
from newsgraph.graph.events.clustering.neighbours import Links, Pairs, Rows, links, smoothed
from newsgraph.graph.events.clustering.time_windows import Group, listed_pairs
from newsgraph.graph.events.model import StorySource
from newsgraph.graph.events.moments import PART_OF_A_SECOND, moment_of
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.background import Ceilings
from newsgraph.graph.events.text.vectors import Int, Vectors, stack, take

Interval = tuple[int, int]
"""First second and last second."""
Flags = NDArray[np.bool_]

NOTHING: Int = np.zeros(0, dtype=np.int64)
NO_VECTORS = Vectors(np.zeros(1, dtype=np.int64), NOTHING, NOTHING)
NO_PAIRS = Pairs(NOTHING, NOTHING, NOTHING)


def whole_half_days(start: int, end: int, half_day: int) -> Interval:
    """Returns the interval with the rest of the half days that it begins and ends in: voices are made in each."""
    return start // half_day * half_day, end // half_day * half_day + half_day - 1


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Returns the same seconds in as few intervals as can be, ascending."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def without_any(intervals: Sequence[Interval], taken: Sequence[Interval]) -> list[Interval]:
    """Returns what of ``intervals`` is in none of ``taken``; both ascending and apart."""
    found: list[Interval] = []
    for start, end in intervals:
        at = start
        for first, last in taken:
            if last < at or first > end:
                continue
            if first > at:
                found.append((at, first - 1))
            at = last + 1
        if at <= end:
            found.append((at, end))
    return found


def near(times: Int, others: Int, margin: int) -> Flags:
    """Returns which of ``times`` are at most ``margin`` from one of ``others`` (ascending)."""
    if not len(others):
        return np.zeros(len(times), dtype=bool)
    place = np.searchsorted(others, times)
    after = others[np.minimum(place, len(others) - 1)]
    before = others[np.maximum(place - 1, 0)]
    found: Flags = np.minimum(np.abs(after - times), np.abs(times - before)) <= margin
    return found


def shortly_before(times: Int, others: Int, margin: int) -> Flags:
    """Returns which of ``times`` are one of ``others`` (ascending) or at most ``margin`` before one."""
    if not len(others):
        return np.zeros(len(times), dtype=bool)
    place = np.minimum(np.searchsorted(others, times), len(others) - 1)
    return (others[place] >= times) & (others[place] - times <= margin)


def shortly_after(times: Int, others: Int, margin: int) -> Flags:
    """Returns which of ``times`` are one of ``others`` (ascending) or at most ``margin`` after one."""
    return counted_before(times, others, margin) > 0


def counted_before(times: Int, others: Int, margin: int) -> Int:
    """Returns, for each of ``times``, how many of ``others`` (ascending) are the same or at most ``margin`` before."""
    low, high = np.searchsorted(others, times - margin), np.searchsorted(others, times, side="right")
    return np.asarray(high - low, dtype=np.int64)


def smoothed_among(rows: Int, vectors: Vectors, times: Int, settings: EventSettings) -> Vectors:
    """Returns the smoothed vectors of some rows (ascending), of which only what is near them in time is looked at."""
    around = np.flatnonzero(near(times, times[rows], int(settings.window_hours * 3600)))
    return smoothed(np.searchsorted(around, rows), take(vectors, around), times[around], settings)


def _later(interval: Interval, run: DistinctTexts, bound: int) -> tuple[Interval, DistinctTexts]:
    """Returns what of a run is not before the beginning of a half day."""
    first = int(np.searchsorted(run.times, bound))
    rest = np.arange(first, len(run.times))
    kept = DistinctTexts(run.voices[first:], run.times[first:], run.keys[first:], take(run.vectors, rest))
    return (max(interval[0], bound), interval[1]), kept


class Stretches:
    """The voices that were read so far, in order of time; rows count them."""

    def __init__(self, source: StorySource, settings: EventSettings, highest: Ceilings) -> None:
        self.source = source
        self.settings = settings
        self.highest = highest
        self.window = int(settings.window_hours * 3600)
        self.half_day = half_day_seconds(settings)
        self.covered: list[Interval] = []
        self.runs: list[tuple[Interval, DistinctTexts]] = []
        self.voices: list[Voice] = []
        self.times: Int = NOTHING
        self.keys: Int = NOTHING
        self.vectors = NO_VECTORS
        self.smooth = NO_VECTORS
        self.smooth_rows: Int = NOTHING
        """The rows that ``smooth`` has vectors of, ascending."""
        self.linked: Flags = np.zeros(0, dtype=bool)
        """The rows whose links to earlier ones are known."""
        self.compared: Int = NOTHING
        """How many earlier rows each of these was compared with: see ``Links``; 0 for the others."""
        self.pairs = NO_PAIRS
        """These links: the later row, the earlier one, the whole number."""
        self.row_of: dict[str, int] = {}

    def cover(self, intervals: Iterable[Interval]) -> Int:
        """Reads what is missing of the intervals. Returns, for each row of before, the row that it is now."""
        wanted = joined(whole_half_days(*interval, self.half_day) for interval in intervals)
        missing = without_any(wanted, self.covered)
        if not missing:
            return np.arange(len(self.voices))
        had = dict(zip([interval for interval, _ in self.runs], self._starts(), strict=True))
        for start, end in missing:
            sure, _ = parted(self.source.dated(moment_of(start), moment_of(end) + PART_OF_A_SECOND))
            self.runs.append(((start, end), distinct_texts(sure, self.settings, self.highest)))
        self.runs.sort(key=lambda run: run[0])
        self.covered = joined([*self.covered, *missing])
        moved = np.zeros(len(self.voices), dtype=np.int64)
        for (interval, run), start in zip(self.runs, self._starts(), strict=True):
            if interval in had:
                size = len(run.voices)
                moved[had[interval] : had[interval] + size] = np.arange(start, start + size)
        self._renumber(moved)
        return moved

    def forget(self, before: int) -> None:
        """Forgets what was read of the time before a second, back to the half day that it is in. Rows are counted
        anew."""
        bound = before // self.half_day * self.half_day
        first = int(np.searchsorted(self.times, bound))
        if not first:
            return
        self.runs = [_later(interval, run, bound) for interval, run in self.runs if interval[1] >= bound]
        self.covered = joined(interval for interval, _ in self.runs)
        # Links of what is shortly after may lead to what is forgotten: they are made again if they are needed.
        known = self.linked & (self.times >= bound + self.window)
        kept, smooth = known[self.pairs.left], self.smooth_rows >= first
        self.pairs = Pairs(self.pairs.left[kept] - first, self.pairs.right[kept] - first, self.pairs.values[kept])
        self.linked, self.compared = known[first:], np.where(known, self.compared, 0)[first:]
        self.smooth, self.smooth_rows = take(self.smooth, np.flatnonzero(smooth)), self.smooth_rows[smooth] - first
        self._renumber(np.arange(len(self.linked)))

    def _starts(self) -> list[int]:
        """The row of each run's first voice."""
        return list(accumulate((len(run.voices) for _, run in self.runs), initial=0))[:-1]

    def _renumber(self, moved: Int) -> None:
        found = [run for _, run in self.runs]
        self.voices = [voice for run in found for voice in run.voices]
        self.times = np.concatenate([run.times for run in found])
        self.keys = np.concatenate([run.keys for run in found])
        self.vectors = stack([run.vectors for run in found])
        self.row_of = {story.id: row for row, voice in enumerate(self.voices) for story in voice.stories}
        self.smooth_rows = moved[self.smooth_rows]
        linked = np.zeros(len(self.voices), dtype=bool)
        linked[moved[self.linked]] = True
        compared = np.zeros(len(self.voices), dtype=np.int64)
        compared[moved] = self.compared
        self.linked, self.compared = linked, compared
        self.pairs = Pairs(moved[self.pairs.left], moved[self.pairs.right], self.pairs.values)

    def link(self, rows: Flags) -> None:
        """Makes the links of the rows to all earlier ones known. What is within two windows of them must have been
        read."""
        new = np.flatnonzero(rows & ~self.linked)
        if not len(new):
            return
        self.smooth_flagged(shortly_before(self.times, self.times[new], self.window))
        found = self._links(new, self.smooth_rows)
        self.linked[new] = True
        self.compared[new] = found.compared
        self.pairs = Pairs(
            np.concatenate([self.pairs.left, found.pairs.left]),
            np.concatenate([self.pairs.right, found.pairs.right]),
            np.concatenate([self.pairs.values, found.pairs.values]),
        )

    def links_back(self, rows: Flags, columns: Flags) -> Pairs:
        """Returns the links of the rows to those of the columns that are earlier. Of a row with very many links, the
        true ones can be fewer: see ``MOST_LINKS``."""
        self.smooth_flagged(rows | columns)
        return self._links(np.flatnonzero(rows), np.flatnonzero(columns), within=False).pairs

    def _links(self, rows: Int, columns: Int, *, within: bool = True) -> Links:
        """Returns the links of rows to columns, both smoothed and ascending."""
        listed = listed_pairs([voice.stories for voice in self.voices], self.times, rows, self.window)
        listed = listed[np.isin(listed[:, 1], columns)]
        related = np.column_stack([np.searchsorted(rows, listed[:, 0]), np.searchsorted(columns, listed[:, 1])])
        before = np.searchsorted(columns, rows)
        found = links(self.smoothed(rows), self.smoothed(columns), before, related, self.settings, within=within)
        pairs = Pairs(rows[found.pairs.left], columns[found.pairs.right], found.pairs.values)
        return Links(pairs, found.compared)

    def smoothed(self, rows: Int) -> Rows:
        """Returns the smoothed vectors of some rows; they must have been made."""
        return Rows(take(self.smooth, np.searchsorted(self.smooth_rows, rows)), self.times[rows], self.keys[rows])

    def smooth_flagged(self, rows: Flags) -> None:
        """Makes the smoothed vectors of the rows known. What is within a window of them must have been read."""
        wanted = rows.copy()
        wanted[self.smooth_rows] = False
        new = np.flatnonzero(wanted)
        if not len(new):
            return
        found = smoothed_among(new, self.vectors, self.times, self.settings)
        both = np.concatenate([self.smooth_rows, new])
        order = np.argsort(both, kind="stable")
        self.smooth = take(stack([self.smooth, found]), order)
        self.smooth_rows = both[order]

    def group(self, rows: Int) -> Group:
        """Returns some voices, which were smoothed before, as a group."""
        voices = [self.voices[row] for row in rows]
        return Group(
            tuple(voice.stories for voice in voices),
            tuple(voice.reading for voice in voices),
            self.times[rows],
            take(self.vectors, rows),
            self.smoothed(rows).vectors,
        )
