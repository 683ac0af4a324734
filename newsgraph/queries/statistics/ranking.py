"""Who was first on an event, and how sure that is: the one rule that questions, pages and scores share.

Each outlet counts once, with its earliest eligible story: one of a sure date that is no copy and surely belongs to the
event. Only when not one story of a sure date is there are the unsure ones ranked. Times are compared by the second.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from newsgraph.graph.schema import SURE

#: The chance that a first of fit f is the true one is 1 / (1 + exp(-(FIT_CONSTANT + FIT_SLOPE * f))).
FIT_CONSTANT = -0.4
FIT_SLOPE = 3.1
#: The chance that an earlier story of weak fit is of the event after all: none of 6 was, by the rule of succession.
EARLIER_WEAK = 1 / 8


class StoryOnEvent(NamedTuple):
    """A story on an event, as the columns of ``questions/first_to_cover`` give it. The outlet of a story that names
    none is empty."""

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
    agency: str | None = None

    @property
    def sure(self) -> bool:
        """Whether its time can be compared with others."""
        return self.date_quality in SURE and self.published_at is not None

    @property
    def second(self) -> int | None:
        """Its time in whole seconds since 1970; None without one."""
        return None if self.published_at is None else int(self.published_at.timestamp() // 1)


class Place(NamedTuple):
    """An outlet's story in the order of coverage, and its rank; None where it isn't ranked."""

    story: StoryOnEvent
    rank: int | None


def order_of_coverage(stories: Sequence[StoryOnEvent], *, copies_count: bool = False) -> list[Place]:
    """Each outlet's best story, in order of time; unsure ones after all sure ones, those without a time at the end.

    Outlets of the same second share a rank, and the next rank is skipped accordingly (1, 1, 3). With ``copies_count``
    copies are ranked like originals.
    """
    any_sure = any(story.sure for story in stories)
    best: dict[str, tuple[_Worth, StoryOnEvent]] = {}
    for story in stories:
        second, sure = story.second, story.sure
        firm = (copies_count or not story.is_copy) and not story.weak_fit
        eligible = firm and (sure or not any_sure) and second is not None
        worth = (not eligible, not sure, second is None, story.is_copy, second or 0, story.story_id)
        if story.outlet not in best or worth < best[story.outlet][0]:
            best[story.outlet] = worth, story
    chosen = sorted(best.values(), key=lambda one: (*one[0][1:3], one[0][4], one[0][3], one[1].outlet))
    ranks: dict[int, int] = {}
    for rank, (worth, _) in enumerate((one for one in chosen if not one[0][0]), 1):
        ranks.setdefault(worth[4], rank)
    return [Place(story, None if worth[0] else ranks[worth[4]]) for worth, story in chosen]


#: Not eligible, not sure, without a time, a copy, the second, and the story's id: the least is an outlet's best.
_Worth = tuple[bool, bool, bool, bool, int, str]


def confidence(places: Sequence[Place], stories: Sequence[StoryOnEvent]) -> float | None:
    """How likely the story ranked first is the true first of its event, 0 to 1.

    ``places`` are the order of coverage of ``stories``. None where fewer than two outlets are there, where nothing is
    ranked, or where a store of an older version holds no fits.

    It is a product of four chances, as if the doubts were independent of each other:

    - that the first belongs, by its fit f: 1 / (1 + exp(0.4 - 3.1 f)), a logistic curve fitted to how often the first
      was right on labelled events (Platt 1999, Probabilistic outputs for support vector machines). Of several tied
      firsts the best fit counts;
    - that no earlier story of weak fit is of the event after all: 7/8 for each. None of 6 such stories was, which the
      rule of succession (Laplace 1774) makes 1 in 8;
    - that no earlier copy is of the event: 1 less the chance that its fit gives, for each;
    - that no story of an unsure date came before: n / (n + u), where n stories have a sure date, and u an unsure one
      that could be earlier. Without knowing more, each place in the order is as likely for them. Where no date is sure,
      the chance is 1 / u.

    docs/events.md shows how well it is calibrated.
    """
    if len(places) < 2:
        return None
    firsts = [place.story for place in places if place.rank == 1]
    different = {story.story_id: story for story in stories}
    fits = [story.fit for story in firsts if story.fit is not None]
    first = firsts[0].published_at if firsts else None
    if not fits or first is None:
        return None
    named = {story.story_id for story in firsts}
    others = [story for id, story in different.items() if id not in named]
    chance = fit_chance(max(fits)) * _none_set_aside(others, firsts[0].second or 0)
    sure = sum(story.sure for story in different.values())
    unsure = sum(
        not story.sure and could_be_earlier(story.published_at, story.date_quality, first)
        for story in different.values()
    )
    return chance * sure / (sure + unsure) if sure else chance / max(1, unsure)


def _none_set_aside(others: Iterable[StoryOnEvent], first: int) -> float:
    """Returns the chance that none of the stories of a sure time before ``first``, which are not ranked, is of the
    event."""
    chance = 1.0
    for story in others:
        if story.sure and story.second is not None and story.second < first:
            if story.weak_fit:
                chance *= 1 - EARLIER_WEAK
            elif story.is_copy:
                chance *= 1 - fit_chance(story.fit or 0.0)
    return chance


def fit_chance(fit: float) -> float:
    """The chance that a first of this fit is the true one, by the curve of ``confidence``.

    >>> [round(fit_chance(fit), 2) for fit in (0.2, 0.5, 0.9)]
    [0.55, 0.76, 0.92]
    """
    return 1 / (1 + math.exp(-(FIT_CONSTANT + FIT_SLOPE * fit)))


def could_be_earlier(published_at: datetime | None, date_quality: str | None, first: datetime) -> bool:
    """Whether a story of an unsure date may have been out before the time ``first``, or at it."""
    if published_at is None or date_quality in ("missing", "impossible", "future"):
        return True
    if date_quality == "date_only":
        return published_at.date() <= first.date()
    if date_quality == "no_zone":
        # Zones run from 12 hours behind UTC to 14 before it.
        return published_at - timedelta(hours=14) < first
    # Found by a collector then, so published before that.
    return True
