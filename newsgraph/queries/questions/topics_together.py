"""Topics that occur together more than by chance.

N is the number of stories with at least one topic. Stories that are only listed as related have no topics, so they
don't count. ``npmi`` is the normalised pointwise mutual information, ln(p(a,b) / (p(a) p(b))) / -ln p(a,b), from -1 to
1 (Bouma 2009, Normalized (pointwise) mutual information in collocation extraction, GSCL). It is empty if every story
has both. ``q`` is Benjamini and Hochberg's (1995), of Fisher's exact test, one-sided, over all pairs of topics that
have at least ``--min-together`` stories each. Pairs that occur together less often are not shown, but they count as
tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.filters import (
    EventFilter,
    OriginalsFilter,
    OutletFilter,
    PeriodFilter,
    TopicFilter,
    chosen,
    period_notes,
)
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.statistics.measures import discovery_rates, stratified_tails
from newsgraph.queries.tables.table import Table

_TOLD = Table("keyed_stories", (("by", "topic"),))


@dataclass(frozen=True, slots=True)
class TopicsTogether:
    """One pair of topics."""

    a: str = column("id of a topic")
    b: str = column("id of another, greater by id")
    together: int = column("stories about both", "stories")
    a_stories: int = column("stories about a", "stories")
    b_stories: int = column("stories about b", "stories")
    all_stories: int = column("stories with at least one topic", "stories")
    npmi: float | None = column("normalised pointwise mutual information, -1 to 1; empty where every story has both")
    q: float = column("false discovery rate of occurring together more than by chance")


@dataclass(frozen=True, kw_only=True)
class Parameters(OriginalsFilter, EventFilter, OutletFilter, TopicFilter, PeriodFilter):
    """What topics-together can be asked."""

    min_together: int = parameter(Kind.INTEGER, "pairs with at least so many stories about both", default=3, minimum=1)


def answer(store: Store, text: str, asked: Parameters) -> Found[TopicsTogether]:
    """Returns the pairs with the lowest q first, then with the highest npmi, then by ids."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.queries.statistics.first_times import pairs_within, runs  # noqa: PLC0415

    told = _TOLD.read(store, text, chosen(asked))
    order = np.lexsort((told.key, told.story))
    key, topics = told.key[order], max(1, len(told.keys))
    _, starts, numbers = runs(told.story[order])
    number = len(starts)
    alone = np.bincount(key, minlength=topics)
    found = [key[one] * topics + key[other] for one, other in pairs_within(starts, numbers)]
    pair, together = np.unique(np.concatenate(found or [key[:0]]), return_counts=True)
    pair, together = pair[together >= asked.min_together], together[together >= asked.min_together]
    a, b = np.divmod(pair, topics)
    testable = int(np.count_nonzero(alone >= asked.min_together))
    p_values = stratified_tails([(number, alone[a], alone[b])], together)
    q_values = discovery_rates(p_values, testable * (testable - 1) // 2)
    rows = [
        TopicsTogether(told.keys[a], told.keys[b], both, of_a, of_b, number, _npmi(both, of_a, of_b, number), q)
        for a, b, both, of_a, of_b, q in zip(
            *(column.tolist() for column in (a, b, together, alone[a], alone[b], q_values)), strict=True
        )
    ]
    rows.sort(key=lambda row: (row.q, -(row.npmi or 0.0), row.a, row.b))
    return Found(rows, period_notes(asked))


def _npmi(both: int, a: int, b: int, number: int) -> float | None:
    return None if both == number else log(both * number / (a * b)) / -log(both / number)


QUESTION = Question(
    name="topics-together",
    row=TopicsTogether,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/topics_together"),
    detail=__doc__ or "",
    table=_TOLD,
)
