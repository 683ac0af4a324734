"""Groups of stories with the same text, with the earliest of each.

The filters choose copies. The earliest story of a group is named even if the filters don't choose it. ``similarity`` is
that of the copy that is least like the earliest story. ``hours`` is the time from the earliest story to its latest
copy, by sure dates. It is empty if the earliest story has no sure date, or if no copy has one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from newsgraph.graph.columnar.cells import NO_TIME, NONE
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
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.tables.table import Table

if TYPE_CHECKING:
    from newsgraph.graph.columnar.arrays import Integers

_TOLD = Table("copied_stories")


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """One group: the earliest story and its copies."""

    group: str = column("id of the group: that of its earliest story")
    story_id: str = column("id of the earliest story")
    url: str | None = column("web address of the earliest story, as written")
    title: str | None = column("headline of the earliest story")
    outlet: str | None = column("id of its outlet, the smallest where it has several; empty where it has none")
    agency: str | None = column("news agency that the earliest story credits, else most of its copies; empty for none")
    earliest: datetime | None = column("when the earliest story was published")
    copies: int = column("stories that repeat its text", "stories")
    outlets: int = column("outlets of the copies", "outlets")
    similarity: float = column("lowest likeness of a copy to the earliest story, 0 to 1")
    hours: float | None = column("time from the earliest story to its latest copy; empty without sure dates", "hours")
    unsure: int = column("copies left out because their date is unsure", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(AllDates, CopiesFilter, EventFilter, OutletFilter, TopicFilter, PeriodFilter):
    """What copies can be asked."""


def answer(store: Store, text: str, asked: Parameters) -> Found[CopyGroup]:
    """Returns the groups with most copies first, then by id."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.graph.columnar.arrays import Named, Numbers, Times  # noqa: PLC0415
    from newsgraph.queries.statistics.first_times import different_of_each  # noqa: PLC0415

    told = _TOLD.read(store, text, chosen(asked))
    first, number = told.originals, len(told.originals.ids)
    counts = told.sure if asked.dates == "sure" else np.ones_like(told.sure)
    original = told.original[counts]
    copies = np.bincount(original, minlength=number)
    kept = np.flatnonzero(copies)
    kept = kept[np.lexsort((kept, -copies[kept]))]

    of_copies = counts[told.outlet_rows]
    outlets = different_of_each(told.original[told.outlet_rows[of_copies]], told.copy_outlet[of_copies], number)
    least = np.full(number, np.inf)
    np.minimum.at(least, original, told.similarity[counts])
    latest = np.full(number, NO_TIME, dtype=np.int64)
    timed = counts & told.sure
    np.maximum.at(latest, told.original[timed], told.moment[timed])
    hours = (latest - np.where(first.sure, first.moment, 0)) / 1e6 / 3600
    rows = ColumnRows(
        CopyGroup,
        [
            Named(first.ids, kept),
            Named(first.ids, kept),
            Named(first.urls, kept),
            Named(first.titles, kept),
            Named(told.outlets, first.outlet[kept]),
            Named(told.agency.names, _most_credited(original, told.agency.code[counts], number)[kept]),
            Times(first.moment[kept]),
            Numbers(copies[kept]),
            Numbers(outlets[kept]),
            Numbers(least[kept]),
            Numbers(hours[kept], (first.sure & (latest != NO_TIME))[kept]),
            Numbers(np.bincount(told.original[~counts], minlength=number)[kept]),
        ],
    )
    return Found(rows, (*period_notes(asked), *unsure_note(len(np.unique(told.copy[~counts])))))


def _most_credited(original: Integers, agency: Integers, number: int) -> Integers:
    """Returns, for each of the originals, the agency that most of its copies credit, the first by name of several; or
    ``NONE``."""
    import numpy as np  # noqa: PLC0415

    agencies = int(agency.max(initial=0)) + 1
    named, times = np.unique((original * agencies + agency)[agency != NONE], return_counts=True)
    of, credited = named // agencies, named % agencies
    order = np.lexsort((-credited, times, of))  # the last of each original is the one
    found = np.full(number, NONE, dtype=np.int64)
    found[of[order]] = credited[order]
    return found


QUESTION = Question(
    name="copies",
    row=CopyGroup,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/copies"),
    detail=__doc__ or "",
    includes_copies=True,
    table=_TOLD,
)
