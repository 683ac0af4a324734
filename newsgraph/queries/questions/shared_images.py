"""Images on stories of several outlets, placeholders marked.

A placeholder is an image that one outlet puts on unrelated events: on stories of two events of which no story lists one
of the other event as related. It doesn't show who took whose picture. ``first_outlet`` is the outlet that has the
earliest story of a sure date with the image. It is empty if several outlets published at that same second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, compress
from typing import TYPE_CHECKING, Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import ColumnRows, Found, column
from newsgraph.queries.asking.filters import (
    AllDates,
    CopiesFilter,
    EventFilter,
    OutletFilter,
    PeriodFilter,
    TopicFilter,
    chosen,
    period_notes,
    unsure_note,
)
from newsgraph.queries.asking.find import lookup
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged

if TYPE_CHECKING:
    from newsgraph.queries.statistics.first_times import Flags, Integers


@dataclass(frozen=True, slots=True)
class SharedImage:
    """One image."""

    image: str = column("id of the image: its web address")
    outlets: int = column("outlets whose stories show it", "outlets")
    stories: int = column("stories that show it", "stories")
    first_outlet: str | None = column("id of the outlet that alone showed it first; empty for a tie or no sure date")
    placeholder: bool = column("whether one outlet puts it on unrelated events")
    unsure: int = column("of the stories that show it, those whose date is unsure", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(AllDates, CopiesFilter, EventFilter, OutletFilter, TopicFilter, PeriodFilter):
    """What shared-images can be asked."""

    min_outlets: int = parameter(Kind.INTEGER, "images on stories of at least so many outlets", default=2, minimum=1)


def answer(store: Store, text: str, asked: Parameters) -> Found[SharedImage]:
    """Returns the images on most outlets first, then on most stories, then by id."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.queries.statistics.first_times import coded, where  # noqa: PLC0415

    found: Any = store.query(text, chosen(asked)).rows
    ids, story, outlet_ids, seconds, sures, events = zip(*found, strict=True) if found else ((),) * 6
    images, image = coded(ids)
    outlets, outlet = coded(outlet_ids)
    timed = np.fromiter((second is not None for second in seconds), dtype=np.bool_, count=len(found))
    second = np.fromiter((second or 0 for second in seconds), dtype=np.int64, count=len(found))
    known = np.fromiter(map(bool, sures), dtype=np.bool_, count=len(found)) & timed
    counts = known if asked.dates == "sure" else np.ones_like(known)
    left_out = {story[place] for place in np.flatnonzero(~counts).tolist()}

    pair = image * max(1, len(outlets)) + outlet
    on = np.bincount(np.unique(pair[counts]) // max(1, len(outlets)), minlength=len(images))
    first = _firsts(pair[known], second[known], len(images), max(1, len(outlets)))
    shown = _different_stories(image, story, counts, len(images))
    unsure = _different_stories(image, story, counts & ~known, len(images))
    kept = np.flatnonzero((on >= asked.min_outlets) & (on > 0))
    kept = kept[np.lexsort((kept, -shown[kept], -on[kept]))]
    marked = _placeholders(
        store, zip(pair[counts].tolist(), compress(events, counts.tolist()), strict=True), len(outlets)
    )
    alone = first[kept]
    columns = [
        [images[place] for place in kept.tolist()],
        on[kept].tolist(),
        shown[kept].tolist(),
        where(alone >= 0, np.array([*outlets, None], dtype=object)[alone]),
        [place in marked for place in kept.tolist()],
        unsure[kept].tolist(),
    ]
    return Found(ColumnRows(SharedImage, columns), (*period_notes(asked), *unsure_note(len(left_out))))


def _different_stories(image: Integers, story: Sequence[str], which: Flags, number: int) -> Integers:
    """Returns, for each image, how many different stories are in the rows ``which``."""
    import numpy as np  # noqa: PLC0415

    pairs = set(compress(zip(image.tolist(), story, strict=True), which.tolist()))
    at = np.fromiter((place for place, _ in pairs), dtype=np.int64, count=len(pairs))
    return np.bincount(at, minlength=number).astype(np.int64)


def _firsts(pair: Integers, second: Integers, images: int, outlets: int) -> Integers:
    """Returns, for each image, the only outlet that showed it first; -1 if there is none. ``pair`` is the image and the
    outlet of a story, as one number."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.queries.statistics.first_times import grouped, in_order  # noqa: PLC0415

    pair, second = in_order(pair, second)
    pairs, start, _ = grouped(pair)
    earliest = second[start]
    _, begin, number = grouped(pairs // outlets)
    leads = earliest == np.repeat(np.minimum.reduceat(earliest, begin) if len(begin) else begin, number)
    alone = np.repeat(np.add.reduceat(leads.astype(np.int64), begin) == 1 if len(begin) else begin, number)
    found = np.full(images, -1, dtype=np.int64)
    leaders = pairs[leads & (alone > 0)]
    found[leaders // outlets] = leaders % outlets
    return found


def _placeholders(store: Store, shown: Iterable[tuple[int, str | None]], outlets: int) -> set[int]:
    """Returns the images that one outlet puts on unrelated events. ``shown`` has image and outlet as one number, and
    event."""
    events: dict[int, set[str]] = {}
    for pair, event in shown:
        if event is not None:
            events.setdefault(pair, set()).add(event)
    several = {pair: sorted(on) for pair, on in events.items() if len(on) > 1}
    if not several:
        return set()
    # If a story of one event lists a story of the other as related, the two events are related, in either direction.
    linked = {(a, b) for a, b in lookup(store, "related_events") if a != b}
    return {
        pair // outlets
        for pair, on in several.items()
        if any((a, b) not in linked and (b, a) not in linked for a, b in combinations(on, 2))
    }


QUESTION = Question(
    name="shared-images",
    row=SharedImage,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/shared_images"),
    detail=__doc__ or "",
    includes_copies=True,
)
