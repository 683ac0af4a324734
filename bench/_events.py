"""What the benchmarks of events share: stories that are nearly alike, how right events are, and what deriving costs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from newsgraph.graph.events import Derivation, EventSettings, Score, StoryText, derive, score, update
from newsgraph.graph.events.text.texts import READINGS
from tests.graph.events.sources import Listed

Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """CPU seconds and the result. No text has been read before, as in a process of its own."""
    READINGS.clear()
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def newest_added(stories: Sequence[StoryText], whole: Derivation) -> tuple[float, bool]:
    """CPU seconds of the update that adds the newest 1 % of the stories, and whether it gives the same as deriving all
    of them did, which is ``whole``."""
    ordered = sorted(stories, key=lambda story: (story.published_at, story.id))
    late = {story.id for story in ordered[-max(1, len(ordered) // 100) :]}
    before = derive([story for story in stories if story.id not in late])
    spent, found = timed(lambda: update(before, Listed(stories), late))
    return spent, found == whole


def scored(stories: Sequence[StoryText], labels: Mapping[str, str], settings: EventSettings) -> Score:
    """How well the events that are derived from the stories agree with labels of some of them."""
    derived = derive(stories, settings)
    return score(labels, {member.story_id: event.id for event in derived.events for member in event.members})


def near_misses(path: Path) -> dict[str, list[tuple[StoryText, str]]]:
    """Returns the sets of a file of near misses by their names: stories, each with the label of its event."""
    return {
        name: [
            (
                StoryText(
                    str(number),
                    one["title"],
                    one["excerpt"],
                    datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=one["published_at_offset_hours"]),
                    outlet=one["outlet"],
                    outlet_name=one["outlet"],
                ),
                one["event"],
            )
            for number, one in enumerate(told)
        ]
        for name, told in json.loads(path.read_text(encoding="utf-8")).items()
    }
