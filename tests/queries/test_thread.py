"""Long threads, which the reference's small corpora don't have."""

from __future__ import annotations

from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.ask import ask


def test_a_long_thread_is_followed_to_both_of_its_ends_and_no_other_is_shown(store: Store) -> None:
    nodes = [Node("Event", f"event:{n}", {"title": f"Part {n}", "story_count": 1}) for n in range(60)]
    follows = [
        Edge("FOLLOWS", f"event:{n}", f"event:{n - 1}", {"score": 0.5, "related": 0}) for n in range(1, 60) if n != 40
    ]
    store.write(Batch([Node("Story", "https://a.example/1", {"title": "One"}), *nodes], follows))
    rows = ask(store, "thread", event="event:20")
    assert {row.event_id for row in rows} == {f"event:{n}" for n in range(40)}
    assert [row.event_id for row in rows if row.part == "this"] == ["event:20"]
    assert sum(row.part == "before" for row in rows) == 20
