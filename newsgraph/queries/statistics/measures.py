"""The statistics of the questions, each with its source.

numpy and scipy are imported inside the functions, because most questions need neither. Every function is deterministic:
the same numbers in the same order give the same bytes.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Integers = NDArray[np.int64]

#: 97.5 % point of the standard normal distribution.
Z_95 = 1.959963984540054


def wilson(successes: float, trials: int) -> tuple[float, float] | None:
    """Returns the 95 % score interval of a share, both ends in 0..1; None if there are no trials.

    ``successes`` may be a sum of shares: a mean of values in 0..1 varies at most as much as one of zeros and ones, so
    that the interval is then rather too wide.

    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212.
    """
    if trials == 0:
        return None
    share = successes / trials
    squared = Z_95**2
    centre = (share + squared / (2 * trials)) / (1 + squared / trials)
    half = Z_95 / (1 + squared / trials) * (share * (1 - share) / trials + squared / (4 * trials**2)) ** 0.5
    # At the ends the formula gives 0 and 1 up to rounding.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return low, high


def benjamini_hochberg(p_values: Sequence[float], tests: int | None = None) -> list[float]:
    """Returns, for each p-value, the false discovery rate from which it would count as a discovery.

    ``tests`` is the number of all tests, if there are more than ``p_values`` and the others are known to be 1.
    Benjamini and Hochberg (1995), Controlling the false discovery rate, JRSS B 57, 289-300.
    """
    number = len(p_values) if tests is None else tests
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    q_values = [1.0] * len(p_values)
    smallest = 1.0
    for rank in range(len(order), 0, -1):
        place = order[rank - 1]
        smallest = min(smallest, p_values[place] * number / rank)
        q_values[place] = smallest
    return q_values


def discovery_rates(p_values: Reals, tests: int | None = None) -> Reals:
    """Does what :func:`benjamini_hochberg` does, for an array."""
    import numpy as np  # noqa: PLC0415

    order = np.argsort(p_values, kind="stable")
    number = len(p_values) if tests is None else tests
    raised = p_values[order] * number / np.arange(1, len(order) + 1)
    q_values = np.empty(len(order))
    q_values[order] = np.minimum(1.0, np.minimum.accumulate(raised[::-1])[::-1])
    return q_values


def wilson_intervals(successes: Integers, trials: Integers) -> tuple[Reals, Reals]:
    """Does what :func:`wilson` does, for arrays; 0 to 1 if there are no trials."""
    import numpy as np  # noqa: PLC0415

    number = np.maximum(trials, 1)
    share, squared = successes / number, Z_95**2
    centre = (share + squared / (2 * number)) / (1 + squared / number)
    half = Z_95 / (1 + squared / number) * np.sqrt(share * (1 - share) / number + squared / (4.0 * number * number))
    low = np.where(successes == 0, 0.0, np.maximum(0.0, centre - half))
    return low, np.where(successes == trials, 1.0, np.minimum(1.0, centre + half))


def rounded(values: Reals, digits: int) -> Reals:
    """Returns the values as Python's ``round`` rounds each of them; numpy's rounds some ties in another direction."""
    import numpy as np  # noqa: PLC0415

    found = np.round(values, digits)
    near = np.flatnonzero(np.abs(np.abs(values * 10.0**digits) % 1 - 0.5) < 1e-3)
    found[near] = [round(value, digits) for value in values[near].tolist()]
    return found


def sign_tests(first: Integers, second: Integers) -> Reals:
    """Does what :func:`sign_test` does, for arrays."""
    import numpy as np  # noqa: PLC0415
    from scipy.special import bdtr  # noqa: PLC0415

    trials = first + second
    tails = 2.0 * bdtr(np.minimum(first, second).astype(np.float64), trials, 0.5)
    return np.where(trials == 0, 1.0, np.minimum(1.0, tails))


def median_ranks(numbers: Integers) -> Integers:
    """Returns, for each number of values, the position, from either end, of the ends of :func:`median_interval`.
    Positions begin with 1; it is 0 if there is no interval."""
    import numpy as np  # noqa: PLC0415

    different, of_each = np.unique(numbers, return_inverse=True)
    ranks = [median_interval(range(1, number + 1)) for number in different.tolist()]
    return np.array([rank[0] if rank else 0 for rank in ranks], dtype=np.int64)[of_each]


def sign_test(first: int, second: int) -> float:
    """Returns the two-sided exact p-value of ``first`` against ``second`` if both are equally likely, without ties.

    Dixon and Mood (1946), The statistical sign test, JASA 41, 557-566.
    """
    from scipy.special import bdtr  # noqa: PLC0415

    trials = first + second
    return 1.0 if trials == 0 else min(1.0, 2.0 * float(bdtr(min(first, second), trials, 0.5)))


def median_interval(ordered: Sequence[int]) -> tuple[int, int] | None:
    """Returns an interval of order statistics that holds the median with at least 95 %; None below 6 values.

    ``ordered`` ascends. The ends are the r-th from either side, with the largest r for which P(Binomial(n, 1/2) < r) <=
    2.5 %. David and Nagaraja (2003), Order Statistics, 3rd ed., 7.1.
    """
    from scipy.special import bdtr  # noqa: PLC0415

    number = len(ordered)
    low, high = 0, number // 2
    while low < high:  # the largest r in 0..n/2 for which the tail is small enough
        middle = (low + high + 1) // 2
        if float(bdtr(middle - 1, number, 0.5)) <= 0.025:
            low = middle
        else:
            high = middle - 1
    return None if low == 0 else (ordered[low - 1], ordered[number - low])


def median(ordered: Sequence[int]) -> float:
    """The middle of ascending values, or the mean of the two middle ones."""
    number = len(ordered)
    return (ordered[(number - 1) // 2] + ordered[number // 2]) / 2


def poisson_binomial_tail(chances: Sequence[float], observed: int) -> float:
    """Returns P(X >= observed), where X is the number of successes of independent trials with these chances.

    It is exact. Equal chances give binomial distributions, and these are convolved, smallest first. No large numbers
    are subtracted from each other, so small tails keep their precision. Wang (1993), On the number of successes in
    independent trials, Statistica Sinica 3, 295-312.
    """
    if observed <= 0:
        return 1.0
    counts: dict[float, int] = {}
    for chance in chances:
        if chance > 0:
            counts[chance] = counts.get(chance, 0) + 1
    return _upper_tail([_known_binomial(number, chance) for chance, number in sorted(counts.items())], observed)


def stratified_tails(strata: Sequence[tuple[int, Integers, Integers]], observed: Integers) -> Reals:
    """Returns P(X >= observed) for many pairs at once. X is the sum over strata of what two random subsets of N have in
    common.

    Each stratum has its N and, for every pair, the sizes a and b of its subsets. One stratum is Fisher's exact test,
    one-sided (Fisher 1935, The logic of inductive inference, JRSS 98, 39-82). Several are its exact stratified form
    (Gart 1970, Point and interval estimation of the common odds ratio, Biometrika 57, 471-475). The distributions of
    the strata are convolved, by Fourier transforms (Fernandez and Williams 2010, Closed-form expression for the
    Poisson-binomial probability density function, IEEE T. Aero. Elec. Sys. 46, 803-817, have it for single trials).
    That is exact up to 15 digits after the point. A small tail is therefore made of convolutions that are added up, so
    that it keeps its precision. Values further from a mean than 12 standard deviations plus 16 are cut off, which
    changes no tail above 1e-20.
    """
    import numpy as np  # noqa: PLC0415

    observed = np.asarray(observed, dtype=np.int64)
    if not len(observed):
        return np.ones(0)
    each = [_Stratum.of(number, a, b) for number, a, b in strata]
    sums = _Sums.of(each, len(observed))
    tails = np.ones(len(observed))
    possible, lengths = observed > sums.least, sums.lengths()
    for length in np.unique(lengths[possible]).tolist():
        pairs = np.flatnonzero(possible & (lengths == length))
        frequencies = sums.frequencies(pairs, length)
        tails[pairs] = 1.0 - _shares_below(each, pairs, observed[pairs] - sums.least[pairs], length, frequencies)
    for block in _blocks(np.flatnonzero(tails < _SMALL_TAIL), sums.most):
        masses, least = _masses(each, block)
        # Beginning at the far end, so that small tails are sums of small numbers.
        cumulated = np.cumsum(masses[::-1], axis=0)[::-1]
        place = observed[block] - least
        inside = np.clip(place, 0, len(masses) - 1)
        tail = np.where(place >= len(masses), 0.0, cumulated[inside, np.arange(len(block))])
        tails[block] = np.where(place <= 0, 1.0, np.minimum(1.0, tail))
    return tails


#: The number of cells of a block of pairs that are transformed together. It is large enough to save calls, and small
#: enough for the cache of a processor.
_CELLS_IN_A_BLOCK = 262_144
#: The number of pairs that are convolved together.
_PAIRS_IN_A_BLOCK = 256
#: Tails below this are summed up. Subtracting the rest from 1 would leave them fewer than 12 digits.
_SMALL_TAIL = 1e-3
#: Masses below this change nothing in the digits that are kept of larger tails.
_NOT_COUNTED = 1e-18
#: Values whose mass is below this in every pair of a block are cut off.
_NOTHING = 1e-40
#: The most cells of a table of masses.
_CELLS_IN_A_TABLE = 1_000_000


#: What transforms leave out of a distribution has a mass below exp of minus this, which is 1e-17.
_NATS = 39.15


@dataclass(frozen=True, slots=True)
class _Stratum:
    """A stratum of :func:`stratified_tails`: how many things it has, and each pair's position in ``a`` and ``b``, which
    are its different pairs of sizes, the smaller one in ``a``.

    ``least`` is the first value of each of these that has a mass. ``likely`` has a row for each of them, with the
    masses from there on, as far as they count; their number is in ``counted``. It is None if it would need too much
    memory.
    """

    number: int
    a: Integers
    b: Integers
    place: Integers
    likely: Reals | None
    least: Integers
    counted: Integers

    @classmethod
    def of(cls, number: int, a: Integers, b: Integers) -> _Stratum:
        """Returns the stratum, with its table if that isn't too large."""
        import numpy as np  # noqa: PLC0415

        pair, place = np.unique(np.minimum(a, b) * (number + 1) + np.maximum(a, b), return_inverse=True)
        a, b = np.divmod(pair, number + 1)
        least, most = _span(number, a, b)
        if len(pair) * int((most - least).max() + 1) > _CELLS_IN_A_TABLE:
            return cls(number, a, b, place, None, least, np.zeros(0, dtype=np.int64))
        masses, least = _hypergeometric(number, a, b, _NOT_COUNTED)
        steps = np.arange(1, len(masses) + 1)[:, None]
        counted = np.where(masses > _NOT_COUNTED, steps, 1).max(axis=0)
        return cls(number, a, b, place, np.ascontiguousarray(masses.T), least, counted)

    def of_pairs(self, pairs: Integers) -> tuple[Reals, Integers]:
        """Returns the masses of each of the pairs, as :func:`_hypergeometric` does."""
        place = self.place[pairs]
        return _hypergeometric(self.number, self.a[place], self.b[place])

    def likely_of(self, sizes: Integers) -> Reals:
        """Returns the masses that count, a row for each of some positions in ``a`` and ``b``."""
        import numpy as np  # noqa: PLC0415

        if self.likely is None:
            masses, _ = _hypergeometric(self.number, self.a[sizes], self.b[sizes], _NOT_COUNTED)
            return masses.T
        return np.take(self.likely, sizes, axis=0)[:, : self.counted[sizes].max()]


@dataclass(frozen=True, slots=True)
class _Sums:
    """What is known of the sum over all strata for each pair: its first and its last value, its mean and variance."""

    least: Integers
    most: Integers
    mean: Reals
    variance: Reals

    @classmethod
    def of(cls, each: Sequence[_Stratum], pairs: int) -> _Sums:
        """Adds up what is known of the strata."""
        import numpy as np  # noqa: PLC0415

        least, most = np.zeros(pairs, dtype=np.int64), np.zeros(pairs, dtype=np.int64)
        mean, variance = np.zeros(pairs), np.zeros(pairs)
        for one in each:
            part = one.a * one.b / one.number
            spread = part * (one.number - one.a) / one.number * (one.number - one.b) / max(1, one.number - 1)
            least += one.least[one.place]
            most += one.a[one.place]
            mean += part[one.place]
            variance += spread[one.place]
        return cls(least, most, mean, variance)

    def lengths(self) -> Integers:
        """Returns for each pair a number of values, from its first one on, beyond which there is no mass to speak of.

        Bernstein's inequality tells it. Lengths are of few kinds."""
        import numpy as np  # noqa: PLC0415

        beyond = _NATS / 3 + np.sqrt((_NATS / 3) ** 2 + 2 * _NATS * self.variance)
        wanted = np.minimum(np.ceil(self.mean + beyond), self.most).astype(np.int64) - self.least + 1
        # Four kinds for each doubling: transforms of these lengths are fast.
        kinds = np.unique([step << power for power in range(60) for step in (4, 5, 6, 7)])
        return np.asarray(kinds[np.searchsorted(kinds, wanted)], dtype=np.int64)

    def frequencies(self, pairs: Integers, length: int) -> int:
        """Returns up to which frequency the transforms of some pairs are not yet nothing.

        A hypergeometric distribution is a sum of independent trials (Vatutin and Mikhailov 1982, Limit theorems for the
        number of empty cells in an equiprobable scheme for group allocation of particles, Theory of Probability and its
        Applications 27, 734-743). The transform of such a sum is at the angle t at most exp(-variance (1 - cos t)).
        """
        import numpy as np  # noqa: PLC0415

        variance = max(float(self.variance[pairs].min()), _NATS / 2)
        angle = float(np.arccos(1 - _NATS / variance))
        return min(length // 2, int(angle / (2 * np.pi) * length) + 1) + 1


def _shares_below(
    each: Sequence[_Stratum], pairs: Integers, observed: Integers, length: int, frequencies: int
) -> Reals:
    """Returns P(X < observed) for each of the pairs, to 15 digits after the point. X is counted from the first value of
    each pair on, and below ``length``. The first ``frequencies`` of the transforms are enough."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.graph.columnar.arrays import compact  # noqa: PLC0415

    found = np.empty(len(pairs))
    size = max(1, _CELLS_IN_A_BLOCK // length)
    # So few frequencies are found by a product of matrices, which takes less time than a fast Fourier transform. Real
    # and imaginary parts of the waves stand side by side.
    turns = np.exp(-2j * np.pi / length * np.arange(length))
    waves = turns[np.arange(length)[:, None] * np.arange(frequencies) % length].view(np.float64)
    for start in range(0, len(pairs), size):
        block = pairs[start : start + size]
        product = np.ones((len(block), frequencies), dtype=np.complex128)
        for stratum in each:
            sizes, place = compact(stratum.place[block], len(stratum.a))
            # What is beyond the length has no mass to speak of, by the choice of the length.
            masses = stratum.likely_of(sizes)[:, :length]
            transforms = (masses @ waves[: masses.shape[1]]).view(np.complex128)
            product *= np.take(transforms, place, axis=0)
        masses = np.fft.irfft(product, length, axis=1)
        below = np.arange(length) < observed[start : start + size, None]
        found[start : start + size] = np.where(below, masses, 0.0).sum(axis=1)
    return found


def _blocks(pairs: Integers, width: Integers) -> Iterator[Integers]:
    """Yields the pairs, some at a time, those of similar width together."""
    import numpy as np  # noqa: PLC0415

    ordered = pairs[np.argsort(width[pairs], kind="stable")]
    for start in range(0, len(ordered), _PAIRS_IN_A_BLOCK):
        yield ordered[start : start + _PAIRS_IN_A_BLOCK]


def _masses(strata: Sequence[_Stratum], block: Integers) -> tuple[Reals, Integers]:
    """Returns the masses of the sum over the strata, a column for each pair of the block, and the value of each
    column's first row."""
    import numpy as np  # noqa: PLC0415

    masses, least = np.ones((1, len(block))), np.zeros(len(block), dtype=np.int64)
    # The long ones come last, so that the product stays short for as long as possible.
    for stratum in sorted((one.of_pairs(block) for one in strata), key=lambda one: len(one[0])):
        masses, least = _with_stratum(masses, least, stratum)
    return masses, least


def _with_stratum(masses: Reals, least: Integers, stratum: tuple[Reals, Integers]) -> tuple[Reals, Integers]:
    """Returns the convolution of each column with its column of the stratum. ``least`` is the value of the first
    row."""
    import numpy as np  # noqa: PLC0415

    more, shift = stratum
    least = least + shift
    long, short = (masses, more) if len(masses) >= len(more) else (more, masses)
    if len(short) == 1:
        return long * short, least
    both = np.zeros((len(long) + len(short) - 1, long.shape[1]))
    # Pairs lie side by side, so that each step runs over them all at once.
    product = np.empty_like(long)
    for step in range(len(short)):
        both[step : step + len(long)] += np.multiply(long, short[step], out=product)
    filled = np.flatnonzero(both.max(axis=1) > _NOTHING)
    return both[filled[0] : filled[-1] + 1], least + filled[0]


def _hypergeometric(number: int, a: Integers, b: Integers, until: float = 0.0) -> tuple[Reals, Integers]:
    """Returns the masses, a column for each pair, and the value of each column's first row. Beyond the means, rows of
    which no mass is above ``until`` are left out."""
    import numpy as np  # noqa: PLC0415

    least, most = _span(number, a, b)
    logs = _log_factorials(number)
    log = logs[a] - logs[least] - logs[a - least] + logs[number - a] - logs[b - least]
    log -= logs[number - a - b + least] + logs[number] - logs[b] - logs[number - b]
    rows = [np.exp(log)]
    # Each mass follows from the one before. Beyond the smaller size all are 0.
    of_a, of_b = (a - least).astype(np.float64), (b - least).astype(np.float64)
    value, others = least.astype(np.float64), (number - a - b + least).astype(np.float64)
    middle = float((a * b / number - least).max(initial=0.0))
    for step in range(1, int((most - least).max(initial=0)) + 1):
        value += 1
        others += 1
        mass = rows[-1] * of_a
        mass *= of_b
        mass /= value * others
        if step > middle and mass.max() <= until:
            break
        rows.append(mass)
        of_a -= 1
        of_b -= 1
    masses = np.array(rows)
    # Logarithms of large factorials have few digits behind the point; the masses of a pair add up to 1.
    masses /= masses.sum(axis=0)
    return masses, least


def _span(number: int, a: Integers, b: Integers) -> tuple[Integers, Integers]:
    """Returns the first and the last value of each pair that has any mass to speak of."""
    import numpy as np  # noqa: PLC0415

    mean = a * b / number
    spread = np.sqrt(mean * (number - a) / number * (number - b) / max(1, number - 1))
    least = np.maximum(np.maximum(0, a + b - number), np.floor(mean - 12 * spread - 16).astype(np.int64))
    return least, np.minimum(np.minimum(a, b), np.ceil(mean + 12 * spread + 16).astype(np.int64))


#: Logarithms of the factorials of 0, 1, 2 and so on, as many as were needed so far.
_known_factorials: list[Any] = []


def _log_factorials(number: int) -> Any:
    """The logarithms of the factorials of 0 to ``number``."""
    import math  # noqa: PLC0415

    import numpy as np  # noqa: PLC0415

    known = _known_factorials[0] if _known_factorials else ()
    if len(known) <= number:
        # Importing scipy's logarithms of factorials would take longer than the questions of most corpora.
        count = max(256, 2 * number)
        known = np.fromiter(map(math.lgamma, range(1, count + 1)), dtype=np.float64, count=count)
        _known_factorials[:] = [known]
    return known[: number + 1]


def _known_binomial(number: int, chance: float) -> Any:
    """Does what :func:`_binomial` does. Short ones, which every outlet needs again, are cached. The array must not be
    changed."""
    return _short_binomial(number, chance) if number <= _SHORT else _binomial(number, chance)


#: The number of trials of a distribution that is cached. Together with their number it limits the memory to 4 MB.
_SHORT = 64


@lru_cache(maxsize=8192)
def _short_binomial(number: int, chance: float) -> Any:
    return _binomial(number, chance)


def _binomial(number: int, chance: float) -> Any:
    import math  # noqa: PLC0415

    import numpy as np  # noqa: PLC0415

    if chance == 1:
        return np.append(np.zeros(number), 1.0)
    factorials = _log_factorials(number)
    k = np.arange(number + 1)
    logs = factorials[number] - factorials - factorials[::-1] + k * math.log(chance)
    return np.exp(logs + (number - k) * math.log1p(-chance))


def _upper_tail(masses: list[Any], observed: int) -> float:
    import math  # noqa: PLC0415

    import numpy as np  # noqa: PLC0415

    if not masses:
        return 1.0 if observed <= 0 else 0.0
    heap = [(len(mass), place, mass) for place, mass in enumerate(masses)]
    heapq.heapify(heap)
    place = len(heap)
    while len(heap) > 1:
        one, other = heapq.heappop(heap)[2], heapq.heappop(heap)[2]
        both = np.convolve(one, other)
        heapq.heappush(heap, (len(both), place, both))
        place += 1
    return min(1.0, math.fsum(heap[0][2][observed:].tolist()))
