"""Who was first on an event: the one rule that questions, pages and scores share.

Each outlet counts once, with its earliest eligible story: one of a sure date that is no copy and surely belongs to the
event. Only when not one story of a sure date is there are the unsure ones ranked. Times are compared by the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsgraph.graph.schema import SURE


@dataclass(frozen=True, slots=True)
class StoryOnEvent:
    """A story on an event, as the columns of ``questions/first_to_cover`` give it."""

    event_id: str
    event_title: str | None
    outlet: str
    outlet_name: str | None
    story_id: str
    url: str | None
    title: str | None
    published_at: datetime | None
    date_quality: str | None
    is_copy: bool
    fit: float | None
    weak_fit: bool
    agency: str | None

    @property
    def sure(self) -> bool:
        """Whether its time can be compared with others."""
        return self.date_quality in SURE and self.published_at is not None

    @property
    def second(self) -> int | None:
        """Its time in whole seconds since 1970; None without one."""
        return None if self.published_at is None else int(self.published_at.timestamp() // 1)


@dataclass(frozen=True, slots=True)
class Place:
    """An outlet's story in the order of coverage, and its rank; None where it isn't ranked."""

    story: StoryOnEvent
    rank: int | None


def order_of_coverage(stories: Sequence[StoryOnEvent], *, copies_count: bool = False) -> list[Place]:
    """Each outlet's best story, in order of time; unsure ones after all sure ones, those without a time at the end.

    Outlets of the same second share a rank, and the next rank is skipped accordingly (1, 1, 3). With ``copies_count``
    copies are ranked like originals.
    """
    any_sure = any(story.sure for story in stories)

    def eligible(story: StoryOnEvent) -> bool:
        firm = (copies_count or not story.is_copy) and not story.weak_fit
        return firm and (story.sure or not any_sure) and story.second is not None

    chosen = _one_an_outlet(stories, eligible)
    ranks: dict[int | None, int] = {}
    for rank, story in enumerate((story for story in chosen if eligible(story)), 1):
        ranks.setdefault(story.second, rank)
    return [Place(story, ranks[story.second] if eligible(story) else None) for story in chosen]


def _one_an_outlet(stories: Iterable[StoryOnEvent], eligible: Callable[[StoryOnEvent], bool]) -> list[StoryOnEvent]:
    def worth(story: StoryOnEvent) -> tuple[bool, bool, bool, bool, int, str]:
        second = story.second
        return (not eligible(story), not story.sure, second is None, story.is_copy, second or 0, story.story_id)

    best: dict[str, StoryOnEvent] = {}
    for story in sorted(stories, key=worth):
        best.setdefault(story.outlet, story)
    return sorted(
        best.values(), key=lambda one: (not one.sure, one.second is None, one.second or 0, one.is_copy, one.outlet)
    )
