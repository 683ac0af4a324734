"""How arrays stand for times and for nothing, and where a name is in an ordered list. Nothing here needs numpy."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

#: Stands for no time in an array of times, which are microseconds since 1970.
NO_TIME = -(2**63)
#: Stands for nothing in an array of places.
NONE = -1

#: Where times in arrays begin to count.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(time: datetime | None) -> int:
    """Returns a time as microseconds since 1970; ``NO_TIME`` for None."""
    return NO_TIME if time is None else (time - EPOCH) // _MICROSECOND


def time_of(moment: int) -> datetime | None:
    """Returns microseconds since 1970 as a time in UTC; None for ``NO_TIME``."""
    return None if moment == NO_TIME else EPOCH + timedelta(microseconds=moment)


def place_of(names: Sequence[str], name: str) -> int:
    """Returns the place of a name among ascending ``names``; ``NONE`` if it isn't there."""
    place = bisect_left(names, name)
    return place if place < len(names) and names[place] == name else NONE
