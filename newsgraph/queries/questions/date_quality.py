"""What is unsure about time, by outlet.

Every outlet has a row for each quality, even if it has no story of that quality, so that outlets can be compared.
Stories that name no outlet come last, with an empty outlet. As in other questions, copies count only if they are
included.
"""

from __future__ import annotations

from dataclasses import dataclass

from newsgraph.graph import schema
from newsgraph.graph.columnar.cells import NONE
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.filters import (
    EventFilter,
    OriginalsFilter,
    OutletFilter,
    PeriodFilter,
    TopicFilter,
    chosen,
    period_notes,
)
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.tables.table import Table

QUALITIES = tuple(quality.value for quality in schema.DateQuality)

_TOLD = Table("dated_stories")


@dataclass(frozen=True, slots=True)
class DateQuality:
    """One quality of one outlet's dates."""

    outlet: str | None = column("id of the outlet; empty for stories that name none")
    outlet_name: str | None = column("name of the outlet")
    date_quality: str = column("exact, or why the time is unsure: date_only, no_zone, seen, missing ...")
    stories: int = column("its stories of that quality", "stories")
    of: int = column("its stories in all", "stories")
    share: float = column("stories divided by of, 0 to 1")


@dataclass(frozen=True, kw_only=True)
class Parameters(OriginalsFilter, EventFilter, OutletFilter, TopicFilter, PeriodFilter):
    """What date-quality can be asked."""


def answer(store: Store, text: str, asked: Parameters) -> Found[DateQuality]:
    """Returns the rows by outlet, and for each outlet the qualities in the order of the list above."""
    import numpy as np  # noqa: PLC0415

    told = _TOLD.read(store, text, chosen(asked))
    # A store that another program wrote may have other qualities. They come after the known ones.
    number = max(1, len(told.qualities))
    counts = np.bincount((told.outlet + 1) * number + told.quality, minlength=(len(told.outlets) + 1) * number)
    rows = []
    for outlet, of_outlet in enumerate(counts.reshape(-1, number).tolist(), start=NONE):
        total = sum(of_outlet)
        known = dict.fromkeys(QUALITIES, 0)
        known |= {quality: count for quality, count in zip(told.qualities, of_outlet, strict=False) if count}
        id, name = (None, None) if outlet == NONE else (told.outlets[outlet], told.names[outlet])
        rows += [
            DateQuality(id, name, quality, count, total, count / total) for quality, count in known.items() if total
        ]
    rows.sort(key=lambda row: (row.outlet is None, row.outlet or ""))
    return Found(rows, period_notes(asked))


QUESTION = Question(
    name="date-quality",
    row=DateQuality,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/date_quality"),
    detail=__doc__ or "",
    table=_TOLD,
)
