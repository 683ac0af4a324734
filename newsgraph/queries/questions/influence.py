"""Outlets by PageRank on the network of who follows whom, against a shuffled baseline.

On each event, an edge leads from an outlet to each outlet that was strictly earlier by at most ``--within`` hours. Its
weight is 1 divided by the number of these outlets; weights are added up over events. Times are first eligible ones (see
scoops). The score is PageRank (Page, Brin, Motwani and Winograd 1999, The PageRank citation ranking) with damping 0.85,
as NetworkX computes it; the scores of all outlets add up to 1. The baseline is the mean score over ``--draws`` seeded
draws, in which each event's observed times are permuted among its outlets. It has the same events, sizes and times, but
no habits. ``low`` and ``high`` are the 2.5 % and 97.5 % points of the draws. A score outside them can't be explained by
how often the outlet covers events.

A draw permutes the times of a quarter of the events, and takes the others from the draw before (Gibbs sampling: Geman
and Geman 1984, IEEE T. Pattern Anal. 6, 721-741). Each draw alone is as random as if all were permuted, but neighbours
are alike: the mean of 200 draws is as precise as that of 50 independent ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.filters import RankingFilters, chosen, period_notes, unsure_note
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.tables.table import Table

DAMPING = 0.85
#: The iteration stops when the changes of all outlets add up to this. It is far below what four digits would show.
_SETTLED = 1e-12
_MOST_ROUNDS = 1000
#: Up to this number of outlets, a full matrix is faster than a sparse one.
_FULL_MATRIX = 1000
#: More draws than this make no score more precise than its four digits, and take memory for each.
_MOST_DRAWS = 10_000
#: Each draw permutes one of so many parts of the events.
_PARTS = 4

if TYPE_CHECKING:
    from numpy.random import PCG64

    from newsgraph.graph.columnar.arrays import Integers
    from newsgraph.queries.statistics.first_times import FirstTimes

_TOLD = Table("coverage")


@dataclass(frozen=True, slots=True)
class Influence:
    """One outlet."""

    outlet: str = column("id of the outlet")
    score: float = column("PageRank on the network of who follows whom; all add up to 1")
    baseline: float = column("mean of the score over draws with shuffled times")
    low: float = column("2.5 % point of the draws")
    high: float = column("97.5 % point of the draws")
    lift: float = column("score divided by baseline")
    unsure: int = column("its stories left out because their date is unsure", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(RankingFilters):
    """What influence can be asked."""

    within: float = parameter(Kind.REAL, "hours within which an outlet follows", default=24.0, minimum=0)
    min_outlets: int = parameter(Kind.INTEGER, "events with at least so many outlets left", default=2, minimum=1)
    draws: int = parameter(
        Kind.INTEGER, "shuffles that the baseline is made from", default=200, minimum=1, maximum=_MOST_DRAWS
    )
    seed: int = parameter(Kind.INTEGER, "seed of the shuffles", default=0, minimum=0)


def answer(store: Store, text: str, asked: Parameters) -> Found[Influence]:
    """Returns the highest score first, then by id."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.queries.statistics.first_times import first_times  # noqa: PLC0415
    from newsgraph.queries.statistics.following import earlier_within, in_time  # noqa: PLC0415

    table = first_times(_TOLD.read(store, text, chosen(asked)), dates=asked.dates, min_outlets=asked.min_outlets)
    notes = (*period_notes(asked), *unsure_note(table.left_out))
    present = np.unique(table.outlet)
    if not len(present):
        return Found((), notes)
    order, second = in_time(table)
    low, high = earlier_within(table, second, asked.within * 3600)
    who = np.searchsorted(present, table.outlet)
    networks = [_Network(table, rows, low, high, who, len(present)) for rows in _parts(table)]

    in_order = who[order]
    scores = pagerank(sum(network.weights(in_order[network.rows]) for network in networks))
    draws = np.empty((asked.draws, len(present)))
    generator = np.random.PCG64(asked.seed)
    shuffled = [network.shuffled(generator) for network in networks]
    for draw in range(asked.draws):
        part = draw % len(networks)
        shuffled[part] = networks[part].shuffled(generator)
        draws[draw] = pagerank(sum(shuffled))
    baseline = draws.mean(axis=0)
    ends = np.quantile(draws, [0.025, 0.975], axis=0)
    rows = [
        Influence(
            outlet=table.outlets[outlet],
            score=float(scores[place]),
            baseline=float(baseline[place]),
            low=float(ends[0, place]),
            high=float(ends[1, place]),
            lift=float(scores[place] / baseline[place]),
            unsure=int(table.unsure[outlet]),
        )
        for place, outlet in enumerate(present.tolist())
    ]
    rows.sort(key=lambda row: (-row.score, row.outlet))
    return Found(rows, notes)


def _parts(table: FirstTimes) -> list[slice]:
    """Returns the rows of each part of the events, which together are all rows. Parts have about as many rows."""
    import numpy as np  # noqa: PLC0415

    ends = table.starts[np.searchsorted(table.starts, np.arange(_PARTS + 1) * len(table.event) // _PARTS)]
    return [slice(start, end) for start, end in pairwise(ends.tolist()) if start < end]


class _Network:
    """Who follows whom on some of the events, for any outlets at their places in time: each place follows those from
    ``low`` to ``high``. ``rows`` are the places, ``who`` is the outlet of each row of the table."""

    def __init__(
        self, table: FirstTimes, rows: slice, low: Integers, high: Integers, who: Integers, outlets: int
    ) -> None:
        import numpy as np  # noqa: PLC0415

        from newsgraph.graph.columnar.arrays import ranges  # noqa: PLC0415

        self.rows = rows
        self._outlets = outlets
        # Each place follows a number of places before it. That stays; only the outlets are put in other places.
        self._numbers = high[rows] - low[rows]
        self._followed = ranges(low[rows] - rows.start, self._numbers)
        self._weight = 1.0 / np.repeat(self._numbers, self._numbers)
        # The memory is used again for each draw, because asking for it takes longer than filling it.
        self._pairs = np.empty_like(self._followed)
        # A number for each place: first its event, then bits that are drawn, and last its outlet.
        event = table.event[rows] - table.event[rows.start]
        drawn = 64 - int(event[-1]).bit_length()
        self._outlet_bits = np.uint64((1 << (outlets - 1).bit_length()) - 1)
        self._drawn_bits = np.uint64((1 << drawn) - 1) ^ self._outlet_bits
        self._undrawn = (event.astype(np.uint64) << np.uint64(drawn)) | who[rows].astype(np.uint64)

    def shuffled(self, generator: PCG64) -> Any:
        """Returns the weights with the outlets of each event in a random order."""
        import numpy as np  # noqa: PLC0415

        drawn = generator.random_raw(len(self._undrawn)) & self._drawn_bits
        # Sorting these numbers takes a third of the time of sorting places by what was drawn for them.
        return self.weights((np.sort(drawn | self._undrawn) & self._outlet_bits).view(np.int64))

    def weights(self, who: Integers) -> Any:
        """Returns weights by follower (rows) and followed (columns), as a matrix, which is sparse if a full one would
        be large. ``who`` is the outlet at each place."""
        import numpy as np  # noqa: PLC0415

        number, pairs = self._outlets, self._pairs
        np.take(who, self._followed, out=pairs, mode="clip")
        if number <= _FULL_MATRIX:
            pairs += np.repeat(who * number, self._numbers)
            return np.bincount(pairs, weights=self._weight, minlength=number * number).reshape(number, number)
        from scipy.sparse import csr_array  # noqa: PLC0415

        return csr_array((self._weight, (np.repeat(who, self._numbers), pairs)), shape=(number, number))


def pagerank(weights: Any) -> Any:
    """Returns PageRank of a weighted network given as a matrix, by power iteration. A node without edges leads to all
    nodes.

    NetworkX's ``pagerank`` gives the same, which a test checks. But it would build a graph of Python objects for each
    draw.
    """
    import numpy as np  # noqa: PLC0415

    number = weights.shape[0]
    totals = weights.sum(axis=1)
    stuck = totals == 0
    shares = np.divide(DAMPING, totals, out=np.zeros(number), where=~stuck)
    steps = weights.T
    score = np.full(number, 1.0 / number)
    for _ in range(_MOST_ROUNDS):
        last = score
        score = steps @ (last * shares) + DAMPING * last[stuck].sum() / number + (1 - DAMPING) / number
        if np.abs(score - last).sum() < _SETTLED:
            break
    return score / score.sum()


QUESTION = Question(
    name="influence",
    row=Influence,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/influence"),
    detail=__doc__ or "",
    ranks_by_time=True,
    table=_TOLD,
)
