"""Groups of stories with the same text, with the earliest of each.

The filters choose copies. The earliest story of a group is named even if the filters don't choose it. ``similarity`` is
that of the copy that is least like the earliest story. ``hours`` is the time from the earliest story to its latest
copy, by sure dates. It is empty if the earliest story has no sure date, or if no copy has one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
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


@dataclass(slots=True)
class _Group:
    url: str | None
    title: str | None
    earliest: datetime | None
    sure: bool
    outlets: list[str]
    copies: set[str] = field(default_factory=set)
    copy_outlets: set[str] = field(default_factory=set)
    similarities: list[float] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    agencies: Counter[str] = field(default_factory=Counter)


def answer(store: Store, text: str, asked: Parameters) -> Found[CopyGroup]:
    """Returns the groups with most copies first, then by id."""
    groups: dict[str, _Group] = {}
    cells: Any
    for cells in store.query(text, chosen(asked)):
        id, url, title, earliest, sure, outlets, copy, copied_at, copy_sure, copy_outlets, similarity, agency = cells
        known = bool(sure) and earliest is not None
        group = groups.setdefault(id, _Group(url, title, earliest, known, sorted(outlets)))
        copy_known = bool(copy_sure) and copied_at is not None
        if asked.dates == "sure" and not copy_known:
            group.unsure.add(copy)
            continue
        group.copies.add(copy)
        group.copy_outlets.update(copy_outlets)
        group.similarities.append(similarity)
        if agency is not None:
            group.agencies[agency] += 1
        if copy_known:
            group.times.append(copied_at)
    rows = [_row(id, group) for id, group in groups.items() if group.copies]
    rows.sort(key=lambda row: (-row.copies, row.group))
    left_out = len(set().union(*(group.unsure for group in groups.values())))
    return Found(rows, (*period_notes(asked), *unsure_note(left_out)))


def _row(id: str, group: _Group) -> CopyGroup:
    timed = group.sure and group.earliest is not None and group.times
    return CopyGroup(
        group=id,
        story_id=id,
        url=group.url,
        title=group.title,
        outlet=group.outlets[0] if group.outlets else None,
        agency=min(group.agencies, key=lambda name: (-group.agencies[name], name), default=None),
        earliest=group.earliest,
        copies=len(group.copies),
        outlets=len(group.copy_outlets),
        similarity=min(group.similarities),
        hours=(max(group.times) - group.earliest).total_seconds() / 3600 if timed and group.earliest else None,
        unsure=len(group.unsure),
    )


QUESTION = Question(
    name="copies",
    row=CopyGroup,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/copies"),
    detail=__doc__ or "",
    includes_copies=True,
)
