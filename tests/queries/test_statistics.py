"""Each statistic against a published example or scipy on the same numbers."""

from __future__ import annotations

import math
from itertools import product

import networkx as nx
import numpy as np
import pytest
import scipy.sparse
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from newsgraph.queries.questions.influence import DAMPING, pagerank
from newsgraph.queries.statistics.measures import (
    benjamini_hochberg,
    discovery_rates,
    median,
    median_interval,
    median_ranks,
    poisson_binomial_tail,
    sign_test,
    sign_tests,
    stratified_tails,
    wilson,
    wilson_intervals,
)

CHANCES = st.floats(0, 1, allow_nan=False)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Newcombe (1998), Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, table I.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(successes: int, trials: int, low: float, high: float) -> None:
    found = wilson(successes, trials)
    assert found is not None
    assert found == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_as_scipy(pair: tuple[int, int]) -> None:
    interval = scipy.stats.binomtest(*pair).proportion_ci(method="wilson")
    assert wilson(*pair) == pytest.approx((interval.low, interval.high), rel=1e-9, abs=1e-12)


def test_benjamini_hochberg_as_published() -> None:
    # Benjamini and Hochberg (1995), section 3.2: four of the fifteen are discoveries at 5 %.
    published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528]
    q_values = benjamini_hochberg([*published, 0.7590, 1.0])
    assert [q <= 0.05 for q in q_values] == [True] * 4 + [False] * 11


@given(st.lists(CHANCES, min_size=1, max_size=40), st.integers(0, 20))
def test_benjamini_hochberg_as_scipy(p_values: list[float], more: int) -> None:
    expected = scipy.stats.false_discovery_control([*p_values, *[1.0] * more])[: len(p_values)]
    assert benjamini_hochberg(p_values, len(p_values) + more) == pytest.approx(expected.tolist())


@given(st.integers(0, 400), st.integers(0, 400))
def test_sign_test_as_scipy(first: int, second: int) -> None:
    expected = scipy.stats.binomtest(first, first + second).pvalue if first + second else 1.0
    assert sign_test(first, second) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    # Conover (1999), Practical Nonparametric Statistics, table A3: the 2.5 % point of the binomial, p = 1/2.
    ("number", "rank"),
    [(5, 0), (6, 1), (8, 1), (9, 2), (15, 4), (20, 6), (25, 8), (30, 10), (50, 18), (100, 40)],
)
def test_median_interval_as_tabled(number: int, rank: int) -> None:
    values = list(range(1, number + 1))
    assert median_interval(values) == ((rank, number + 1 - rank) if rank else None)


@given(st.lists(st.integers(), min_size=1))
def test_median(values: list[int]) -> None:
    values.sort()
    number = len(values)
    assert median(values) == (values[number // 2] + values[(number - 1) // 2]) / 2


@given(st.lists(CHANCES, max_size=9), st.integers(-1, 10))
def test_poisson_binomial_outcome_by_outcome(chances: list[float], observed: int) -> None:
    expected = math.fsum(
        math.prod(chance if won else 1 - chance for chance, won in zip(chances, outcome, strict=True))
        for outcome in product((True, False), repeat=len(chances))
        if sum(outcome) >= observed
    )
    assert poisson_binomial_tail(chances, observed) == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_poisson_binomial_keeps_small_tails() -> None:
    # 0.1^40 * 0.25^10, which one less all other outcomes would have lost.
    assert poisson_binomial_tail([0.1] * 40 + [0.25] * 10, 50) == pytest.approx(0.1**40 * 0.25**10, rel=1e-9)


@given(st.integers(1, 4000), st.floats(0.001, 0.999), st.floats(0, 1))
def test_poisson_binomial_of_equal_chances_is_binomial(number: int, chance: float, share: float) -> None:
    observed = round(number * share)
    expected = scipy.stats.binom.sf(observed - 1, number, chance)
    assert poisson_binomial_tail([chance] * number, observed) == pytest.approx(expected, rel=1e-6, abs=1e-290)


def hypergeometric_tail(number: int, a: int, b: int, observed: int) -> float:
    return float(stratified_tails([(number, np.array([a]), np.array([b]))], np.array([observed]))[0])


STRATUM = st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(0, n)))


@given(STRATUM, st.integers(-1, 61))
def test_one_stratum_is_fishers_test(stratum: tuple[int, int, int], observed: int) -> None:
    number, a, b = stratum
    expected = scipy.stats.hypergeom(number, a, b).sf(observed - 1)
    assert hypergeometric_tail(*stratum, observed) == pytest.approx(expected, rel=1e-8, abs=1e-300)


def test_fishers_tea() -> None:
    # Fisher (1935), The Design of Experiments, chapter II: eight cups, four of each kind, three told right: 17 in 70.
    assert hypergeometric_tail(8, 4, 4, 3) == pytest.approx(17 / 70)
    assert hypergeometric_tail(8, 4, 4, 4) == pytest.approx(1 / 70)


@pytest.mark.slow
@given(
    st.lists(
        st.integers(1, 6).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(0, n))), max_size=4
    )
)
def test_strata_add_up(strata: list[tuple[int, int, int]]) -> None:
    masses = {0: 1.0}
    for stratum in strata:
        law, after = scipy.stats.hypergeom.pmf(range(7), *stratum).tolist(), dict.fromkeys(range(25), 0.0)
        for (count, mass), more in product(masses.items(), range(7)):
            after[count + more] = after.get(count + more, 0.0) + mass * law[more]
        masses = after
    # Every count at once, each as one pair: that pairs are each as alone is tested below.
    observed = np.arange(25)
    arrays = [(number, np.full(25, a), np.full(25, b)) for number, a, b in strata]
    expected = [math.fsum(mass for count, mass in masses.items() if count >= least) for least in range(25)]
    assert stratified_tails(arrays, observed).tolist() == pytest.approx(expected, rel=1e-8, abs=1e-12)


@given(st.integers(0, 2**32))
@settings(max_examples=10)
def test_many_pairs_at_once_are_each_as_alone(seed: int) -> None:
    generator = np.random.default_rng(seed)
    sizes = generator.integers(1, 300, 4).tolist()
    strata = [(size, generator.integers(0, size + 1, 700), generator.integers(0, size + 1, 700)) for size in sizes]
    observed = np.sum([generator.hypergeometric(a, size - a, b) for size, a, b in strata], axis=0)
    together = stratified_tails(strata, observed)
    for pair in range(0, 700, 97):
        alone = [(size, a[pair : pair + 1], b[pair : pair + 1]) for size, a, b in strata]
        assert together[pair] == pytest.approx(stratified_tails(alone, observed[pair : pair + 1])[0], rel=1e-9)


@given(st.integers(1, 12), st.integers(0, 2**32))
def test_pagerank_as_networkx(number: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    weights = generator.random((number, number)) * (generator.random((number, number)) < 0.3)
    np.fill_diagonal(weights, 0)
    graph = nx.from_numpy_array(weights, create_using=nx.DiGraph)
    expected = nx.pagerank(graph, alpha=DAMPING, tol=1e-14, max_iter=10_000)
    for matrix in (weights, scipy.sparse.csr_array(weights)):
        assert pagerank(matrix).tolist() == pytest.approx([expected[node] for node in range(number)], rel=1e-9)


PAIRS_OF_COUNTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=30)


@given(pairs=PAIRS_OF_COUNTS)
def test_arrays_give_what_one_at_a_time_gives(pairs: list[tuple[int, int]]) -> None:
    first = np.array([one for one, _ in pairs], dtype=np.int64)
    second = np.array([other for _, other in pairs], dtype=np.int64)
    p_values = sign_tests(first, second)
    assert p_values.tolist() == pytest.approx([sign_test(*pair) for pair in pairs])
    low, high = wilson_intervals(first, first + second)
    ends = [wilson(one, one + other) or (0.0, 1.0) for one, other in pairs]
    assert list(zip(low.tolist(), high.tolist(), strict=True)) == [pytest.approx(end, abs=1e-12) for end in ends]
    more = len(pairs) + 3
    assert discovery_rates(p_values, more).tolist() == pytest.approx(benjamini_hochberg(p_values.tolist(), more))
    ranks = [median_interval(range(1, one + 1)) for one in first.tolist()]
    assert median_ranks(first).tolist() == [rank[0] if rank else 0 for rank in ranks]


@given(seed=st.integers(0, 2**32), pairs=st.integers(1, 400))
@settings(max_examples=20, deadline=None)
def test_many_tails_at_once_are_those_of_each(seed: int, pairs: int) -> None:
    random = np.random.default_rng(seed)
    # Few outlets on few events, and many on many: sizes that recur, and sizes that don't.
    numbers = [int(random.integers(1, most)) for most in (5, 40, 800, 3000)]
    strata = [
        (number, random.integers(0, number + 1, pairs), random.integers(0, number // 2 + 1, pairs))
        for number in numbers
    ]
    drawn = [random.hypergeometric(a, number - a, b) for number, a, b in strata]
    observed = np.sum(drawn, axis=0) + random.integers(-3, 40, pairs)
    together = stratified_tails(strata, observed)
    for pair in range(0, pairs, 37):
        masses = np.ones(1)
        for number, a, b in strata:
            values = np.arange(min(a[pair], b[pair]) + 1)
            masses = np.convolve(masses, scipy.stats.hypergeom.pmf(values, number, a[pair], b[pair]))
        expected = math.fsum(masses[max(0, observed[pair]) :].tolist())
        assert together[pair] == pytest.approx(expected, rel=1e-7, abs=1e-12)
