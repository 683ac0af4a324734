"""How many stories there are, by a package that was installed.

Stories without a time count where no period is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.filters import PeriodFilter, chosen
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged


@dataclass(frozen=True, slots=True)
class StoryCount:
    """The one row."""

    stories: int = column("how many there are", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(PeriodFilter):
    """What can be asked."""


def answer(store: Store, text: str, asked: Parameters) -> Found[StoryCount]:
    """One row."""
    rows: Any = store.query(text, chosen(asked))
    return Found([StoryCount(*cells) for cells in rows])


QUESTION = Question(
    name="story-count",
    row=StoryCount,
    parameters=Parameters,
    query=chosen,
    answer=answer,
    text=packaged("story_count", "newsgraph_sample"),
    detail=__doc__ or "",
)
