"""What is unsure about time, by outlet.

Every outlet has a row for each quality, even if it has no story of that quality, so that outlets can be compared.
Stories that name no outlet come last, with an empty outlet. As in other questions, copies count only if they are
included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from newsgraph.graph import schema
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

QUALITIES = tuple(quality.value for quality in schema.DateQuality)


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
    names: dict[str | None, str | None] = {}
    counts: dict[str | None, dict[str, int]] = {}
    cells: Any
    for cells in store.query(text, chosen(asked)):
        _, quality, outlet, name = cells
        names[outlet] = name
        of_outlet = counts.setdefault(outlet, dict.fromkeys(QUALITIES, 0))
        # A store that another program wrote may have none. It is counted as missing.
        of_outlet[quality or "missing"] = of_outlet.get(quality or "missing", 0) + 1
    rows = []
    for outlet in sorted(counts, key=lambda one: (one is None, one or "")):
        total = sum(counts[outlet].values())
        for quality, number in counts[outlet].items():
            rows.append(DateQuality(outlet, names[outlet], quality, number, total, number / total))
    return Found(rows, period_notes(asked))


QUESTION = Question(
    name="date-quality",
    row=DateQuality,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/date_quality"),
    detail=__doc__ or "",
)
