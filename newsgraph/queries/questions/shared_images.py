"""Images on stories of several outlets, placeholders marked.

A placeholder is an image that one outlet puts on unrelated events: on stories of two events of which no story lists one
of the other event as related. It doesn't show who took whose picture. ``first_outlet`` is the outlet that has the
earliest story of a sure date with the image. It is empty if several outlets published at that same second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsgraph.graph.columnar.cells import NONE
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
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.tables.table import Table

if TYPE_CHECKING:
    from newsgraph.graph.columnar.arrays import Integers

_TOLD = Table("pictured_stories")
_RELATED = Table("related_events")


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

    from newsgraph.graph.columnar.arrays import Named, Numbers  # noqa: PLC0415
    from newsgraph.queries.statistics.first_times import different_of_each  # noqa: PLC0415

    told = _TOLD.read(store, text, chosen(asked))
    known, counts = told.sure, told.sure if asked.dates == "sure" else np.ones_like(told.sure)
    images, outlets = len(told.images), max(1, len(told.outlets))
    pair = told.image * outlets + told.outlet
    on = different_of_each(told.image[counts], told.outlet[counts], images)
    first = _firsts(pair[known], told.second[known], images, outlets)
    shown = different_of_each(told.image[counts], told.story[counts], images)
    kept = np.flatnonzero((on >= asked.min_outlets) & (on > 0))
    kept = kept[np.lexsort((kept, -shown[kept], -on[kept]))]
    marked = np.zeros(images, dtype=np.bool_)
    shows_event = counts & (told.event != NONE)
    marked[_placeholders(store, told.events, pair[shows_event], told.event[shows_event]) // outlets] = True
    unsure = counts & ~known
    columns = [
        Named(told.images, kept),
        Numbers(on[kept]),
        Numbers(shown[kept]),
        Named(told.outlets, first[kept]),
        Numbers(marked[kept]),
        Numbers(different_of_each(told.image[unsure], told.story[unsure], images)[kept]),
    ]
    left_out = len(np.unique(told.story[~counts]))
    return Found(ColumnRows(SharedImage, columns), (*period_notes(asked), *unsure_note(left_out)))


def _firsts(pair: Integers, second: Integers, images: int, outlets: int) -> Integers:
    """Returns, for each image, the only outlet that showed it first; -1 if there is none. ``pair`` is the image and the
    outlet of a story, as one number."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.queries.statistics.first_times import in_order, runs  # noqa: PLC0415

    pair, second = in_order(pair, second)
    pairs, start, _ = runs(pair)
    earliest = second[start]
    _, begin, number = runs(pairs // outlets)
    leads = earliest == np.repeat(np.minimum.reduceat(earliest, begin) if len(begin) else begin, number)
    alone = np.repeat(np.add.reduceat(leads.astype(np.int64), begin) == 1 if len(begin) else begin, number)
    found = np.full(images, -1, dtype=np.int64)
    leaders = pairs[leads & (alone > 0)]
    found[leaders // outlets] = leaders % outlets
    return found


def _placeholders(store: Store, events: Sequence[str], pair: Integers, event: Integers) -> Integers:
    """Returns the pairs of image and outlet, as one number, that are on unrelated events. ``event`` are positions in
    ``events``, the events of each pair."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.queries.statistics.first_times import pairs_within, runs  # noqa: PLC0415

    number = max(1, len(events))
    different = np.unique(pair * number + event)
    pair, event = different // number, different % number
    _, starts, times = runs(pair)
    if not np.any(times > 1):
        return pair[:0]
    # If a story of one event lists a story of the other as related, the two events are related, in either direction.
    related = _RELATED.read(store, packaged("lookups/related_events"), {})
    linked = related.codes(events)
    alone = [
        pair[one][~np.isin(event[one] * number + event[other], linked)] for one, other in pairs_within(starts, times)
    ]
    return np.unique(np.concatenate(alone))


QUESTION = Question(
    name="shared-images",
    row=SharedImage,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/shared_images"),
    detail=__doc__ or "",
    includes_copies=True,
    table=_TOLD,
)
