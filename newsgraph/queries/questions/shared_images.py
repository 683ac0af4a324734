"""Images on stories of several outlets, placeholders marked.

A placeholder is an image that one outlet puts on unrelated events: on stories of two events such that no story of
either event lists one of the other as related. It says nothing about who took whose picture. ``first_outlet`` is
the outlet whose earliest story of a sure date with the image is alone the earliest; it is empty where several share
that second.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
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
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged


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


@dataclass(slots=True)
class _Image:
    stories: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    firsts: dict[str, int] = field(default_factory=dict)
    events: dict[str, set[str]] = field(default_factory=dict)  # by outlet


def answer(store: Store, text: str, asked: Parameters) -> Found[SharedImage]:
    """On most outlets first, then on most stories, then by id."""
    images: dict[str, _Image] = {}
    linked: set[tuple[str, str]] = set()
    left_out: set[str] = set()
    cells: Any
    for cells in store.query(text, chosen(asked)):
        id, story, outlet, second, sure, events, neighbours = cells
        known = bool(sure) and second is not None
        # A related list of one event's stories that names another's joins the two, whichever way it is read.
        linked.update((event, other) for event in events for other in neighbours)
        if asked.dates == "sure" and not known:
            left_out.add(story)
            continue
        image = images.setdefault(id, _Image())
        image.stories.add(story)
        image.events.setdefault(outlet, set()).update(events)
        if known:
            image.firsts[outlet] = min(second, image.firsts.get(outlet, second))
        else:
            image.unsure.add(story)
    rows = [_row(id, image, linked) for id, image in images.items() if len(image.events) >= asked.min_outlets]
    rows.sort(key=lambda row: (-row.outlets, -row.stories, row.image))
    return Found(rows, (*period_notes(asked), *unsure_note(len(left_out))))


def _row(id: str, image: _Image, linked: set[tuple[str, str]]) -> SharedImage:
    earliest = min(image.firsts.values(), default=None)
    leaders = [outlet for outlet, second in image.firsts.items() if second == earliest]
    return SharedImage(
        image=id,
        outlets=len(image.events),
        stories=len(image.stories),
        first_outlet=leaders[0] if len(leaders) == 1 else None,
        placeholder=any(_unrelated(events, linked) for events in image.events.values()),
        unsure=len(image.unsure),
    )


def _unrelated(events: Iterable[str], linked: set[tuple[str, str]]) -> bool:
    return any((a, b) not in linked and (b, a) not in linked for a, b in combinations(sorted(events), 2))


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
