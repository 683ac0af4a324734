"""Headlines and excerpts that were edited after they were published.

Only folders that are loaded with --keep-versions keep what their files said before. Each row is one edit, with the
wording before it and the wording after it. It is only known that the edit was made between two readings of the file.
The last wording of a file is compared with the story's own wording, which may come from another file with more details.
The period of --since and --until is that of publication, as in other questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.filters import (
    CopiesFilter,
    EventFilter,
    OutletFilter,
    PeriodFilter,
    TopicFilter,
    chosen,
    period_notes,
)
from newsgraph.queries.asking.kept_rows import rows_of
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged


@dataclass(frozen=True, slots=True)
class EditRow:
    """One edit of one story. A story with several outlets has a row for each."""

    story_id: str = column("id of the story")
    outlet: str | None = column("id of the outlet; empty where the story names none")
    before: str = column("headline before the edit")
    after: str = column("headline after the edit")
    edited: str = column("what differs: headline, excerpt, or headline and excerpt")
    seen_at: datetime | None = column("when a load last read the wording before")
    replaced_at: datetime | None = column("when a load first read the wording after")
    excerpt_before: str | None = column("excerpt before the edit; empty where there was none")
    excerpt_after: str | None = column("excerpt after the edit; empty where there is none")
    url: str | None = column("web address of the story, as written")
    source: str = column("id of the file that gave the wording before")


@dataclass(frozen=True, kw_only=True)
class Parameters(CopiesFilter, EventFilter, OutletFilter, TopicFilter, PeriodFilter):
    """What changes can be asked."""

    edited: str = parameter(
        Kind.CHOICE,
        "which edits are shown: those of a headline, those of an excerpt, or any",
        default="any",
        choices=("any", "headline", "excerpt"),
    )


def answer(store: Store, text: str, asked: Parameters) -> Found[EditRow]:
    """Returns the latest edit first, then by id of the story, outlet and file."""
    found: Any = rows_of(store, "questions/changes", chosen(asked))
    rows: list[EditRow] = []
    # Rows of one story, outlet and file follow each other, in the order in which the wordings were replaced.
    for (story, outlet, source), group in groupby(found, key=lambda cells: (cells[0], cells[9], cells[2])):
        several = list(group)
        for cells, (title, excerpt) in zip(several, _following(several), strict=True):
            edited = _edited(cells[3], cells[4], title, excerpt)
            if edited and asked.edited in ("any", *edited.split(" and ")):
                rows.append(
                    EditRow(
                        story, outlet, cells[3], title, edited, cells[5], cells[6], cells[4], excerpt, cells[1], source
                    )
                )
    rows.sort(key=lambda row: row.replaced_at.timestamp() if row.replaced_at else 0.0, reverse=True)
    notes = () if rows else ("No edit is known. Only folders loaded with --keep-versions keep what was edited.",)
    return Found(rows, (*period_notes(asked), *notes))


def _following(several: Sequence[Any]) -> list[tuple[str, str | None]]:
    """Returns, for each wording, the one after it: the next one that was replaced, or the present one."""
    return [(cells[3], cells[4]) for cells in several[1:]] + [(several[-1][7], several[-1][8])]


def _edited(title: str, excerpt: str | None, title_after: str, excerpt_after: str | None) -> str:
    """Returns in words what differs; empty if nothing does."""
    differs = [("headline", title != title_after), ("excerpt", excerpt != excerpt_after)]
    return " and ".join(name for name, is_other in differs if is_other)


QUESTION = Question(
    name="changes",
    row=EditRow,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("questions/changes"),
    detail=__doc__ or "",
    includes_copies=True,
)
