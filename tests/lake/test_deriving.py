"""Stretches that are derived one after the other, in a world that forgets what lies behind, give what all stories give
at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from newsgraph.graph.events import DEFAULTS, StoryText, derive
from newsgraph.graph.events.clustering.stretches import Stretches
from newsgraph.graph.events.moments import seconds
from newsgraph.graph.events.text.background import ceilings
from newsgraph.lake.deriving import derive_stretch
from tests.graph.events.sources import Listed

_START = datetime(2024, 3, 1, tzinfo=UTC)
_WORDS = ("fed", "rates", "bank", "quake", "Taiwan", "police", "storm", "election")
_TITLES = st.lists(st.sampled_from(_WORDS), min_size=2, max_size=5).map(" ".join)


@settings(max_examples=8, deadline=None)
@given(
    told=st.lists(st.tuples(_TITLES, st.integers(0, 60 * 24)), min_size=1, max_size=30),
    days=st.sampled_from((2, 5, 20)),
)
def test_stretches_in_their_order_give_what_all_stories_give(told: list[tuple[str, int]], days: int) -> None:
    stories = [
        StoryText(f"s{number:02}", title, "", _START + timedelta(hours=hours))
        for number, (title, hours) in enumerate(told)
    ]
    whole = derive(stories)
    world = Stretches(Listed(stories), DEFAULTS, ceilings(whole.background, DEFAULTS))
    first, length = seconds(_START), days * 86_400
    found = [
        frozenset(story.id for story in event.stories)
        for start in range(first, first + 61 * 86_400, length)
        for event in derive_stretch(world, start, start + length).events
    ]
    assert sorted(map(sorted, found)) == sorted(
        sorted(member.story_id for member in event.members) for event in whole.events
    )
    assert all(interval[0] > first for interval in world.covered), "what lies behind is forgotten"
