"""Where outlets and times are dealt out at random there is nothing to find, and next to nothing is found."""

from __future__ import annotations

from random import Random

import pytest

from newsgraph.graph.stores.registry import open_store
from newsgraph.queries.ask import ask
from tests.queries.corpora import Told, fill

OUTLETS = [f"outlet{number:02}.example" for number in range(15)]
TOPICS = [f"topic{number:02}" for number in range(25)]


def shuffled(seed: int) -> list[Told]:
    """250 events of two to twelve outlets, large outlets on more of them, times and topics from a hat."""
    random = Random(seed)
    told = []
    for event in range(250):
        size = min(12, 2 + int(random.expovariate(0.4)))
        weighted = sorted(OUTLETS, key=lambda one: random.expovariate(1.0 + OUTLETS.index(one) % 5))
        for outlet in weighted[:size]:
            told.append(
                Told(
                    name=f"{event}-{outlet}",
                    outlet=outlet,
                    event=f"event:{event}",
                    hours=event + round(random.expovariate(0.1) * 3600) / 3600,
                    topics=tuple(topic for topic in TOPICS if random.random() < 0.02 * (1 + TOPICS.index(topic) % 4)),
                )
            )
    return told


@pytest.mark.parametrize("seed", range(3))
def test_little_is_found_where_there_is_nothing(seed: int) -> None:
    with open_store("networkx:") as store:
        fill(store, shuffled(seed))
        answers = {
            "scoops": [row.q for row in ask(store, "scoops")],
            "lead-lag": [row.q for row in ask(store, "lead-lag")],
            "co-coverage": [row.q for row in ask(store, "co-coverage")],
            "topics-together": [row.q for row in ask(store, "topics-together")],
            "followers": [row.q for outlet in OUTLETS for row in ask(store, "followers", outlet=outlet, within=6)],
        }
    for name, q_values in answers.items():
        assert len(q_values) >= len(OUTLETS), name
        assert sum(q < 0.05 for q in q_values) <= 0.05 * len(q_values), name


def test_a_habit_is_found() -> None:
    """The same corpus, but one outlet now always comes an hour after another."""
    told = {one.name: one for one in shuffled(0)}
    leader, follower = OUTLETS[1], OUTLETS[3]
    for one in list(told.values()):
        first = told.get(f"{(one.event or '').removeprefix('event:')}-{leader}")
        if one.outlet == follower and first is not None and first.hours is not None:
            told[one.name] = Told(one.name, one.outlet, one.event, first.hours + 1, topics=one.topics)
    with open_store("networkx:") as store:
        fill(store, told.values())
        row = next(row for row in ask(store, "followers", outlet=leader, within=6) if row.follower == follower)
        pair = next(row for row in ask(store, "lead-lag") if (row.a, row.b) == (leader, follower))
    assert row.q < 0.001 and row.after == row.shared and row.median_lag_hours == 1
    assert pair.q < 0.01 and pair.a_first == pair.shared and pair.lag_low == pair.lag_high == 1
