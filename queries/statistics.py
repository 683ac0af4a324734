"""The statistics of the questions, each with its source.

numpy and scipy are imported inside the functions, for most questions need neither. Every function is deterministic: the
same numbers in the same order give the same bytes.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Integers = NDArray[np.int64]

#: 97.5 % point of the standard normal distribution.
Z_95 = 1.959963984540054


def wilson(successes: int, trials: int) -> tuple[float, float] | None:
    """The 95 % score interval of a share, both ends in 0..1; None without trials.

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
    """The false discovery rate at which each p-value would be taken for a discovery.

    ``tests`` counts all that were tested, where those beyond ``p_values`` are known to be 1.
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


def sign_test(first: int, second: int) -> float:
    """Two-sided exact p-value of ``first`` against ``second`` under even odds; ties are left out before.

    Dixon and Mood (1946), The statistical sign test, JASA 41, 557-566.
    """
    from scipy.special import bdtr  # noqa: PLC0415

    trials = first + second
    return 1.0 if trials == 0 else min(1.0, 2.0 * float(bdtr(min(first, second), trials, 0.5)))


def median_interval(ordered: Sequence[int]) -> tuple[int, int] | None:
    """An interval of order statistics that holds the median with at least 95 %; None below 6 values.

    ``ordered`` ascends. The ends are the r-th from either side, r the largest with P(Binomial(n, 1/2) < r) <= 2.5 %.
    David and Nagaraja (2003), Order Statistics, 3rd ed., 7.1.
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
    """P(X >= observed) for X the number of successes of independent trials with these chances.

    Exact: equal chances are binomials, and those are convolved, smallest first. No difference of large numbers is
    taken, so that small tails keep their precision. Wang (1993), On the number of successes in independent trials,
    Statistica Sinica 3, 295-312.
    """
    if observed <= 0:
        return 1.0
    counts: dict[float, int] = {}
    for chance in chances:
        if chance > 0:
            counts[chance] = counts.get(chance, 0) + 1
    return _upper_tail([_binomial(number, chance) for chance, number in sorted(counts.items())], observed)


def hypergeometric_tail(strata: Sequence[tuple[int, int, int]], observed: int) -> float:
    """P(X >= observed) for X the sum over strata (N, a, b) of what two random subsets of a and b of N things share.

    One stratum is Fisher's exact test, one-sided; several are its exact stratified form. Fisher (1935), The logic
    of inductive inference, JRSS 98, 39-82; Gart (1970), Point and interval estimation of the common odds ratio,
    Biometrika 57, 471-475.
    """
    certain = sum(max(0, a + b - number) for number, a, b in strata)
    if observed <= certain:
        return 1.0
    masses = [_hypergeometric(number, a, b) for number, a, b in strata if min(a, b) > 0 and max(a, b) < number]
    return _upper_tail(masses, observed - certain)


def _binomial(number: int, chance: float) -> Any:
    import numpy as np  # noqa: PLC0415
    from scipy.special import gammaln, xlog1py, xlogy  # noqa: PLC0415

    k = np.arange(number + 1)
    logs = gammaln(number + 1) - gammaln(k + 1) - gammaln(number - k + 1) + xlogy(k, chance)
    return np.exp(logs + xlog1py(number - k, -chance))


def _hypergeometric(number: int, a: int, b: int) -> Any:
    """Masses from the smallest possible overlap on."""
    import numpy as np  # noqa: PLC0415
    from scipy.special import gammaln  # noqa: PLC0415

    k = np.arange(max(0, a + b - number), min(a, b) + 1)

    def choose(n: Any, k: Any) -> Any:
        return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)

    return np.exp(choose(a, k) + choose(number - a, b - k) - choose(number, b))


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
