"""The pages on which events are corrected: one for each event, one of likely errors, and one of all decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsgraph.errors import UnknownNameError
from newsgraph.graph.events.review import Suspect, suspects
from newsgraph.loaders.researcher.correcting import decision_states, kept_corrections
from newsgraph.queries.ask import ask
from newsgraph.serve.live_store import Edition
from newsgraph.serve.pages.deciding import UNDO, Asked, Change, change_of
from newsgraph.serve.pages.desk import Desk
from newsgraph.views.site.base import CORRECTING, Made

REVIEW, DECISIONS, DECIDE = "review.html", "decisions.html", "decide.html"
#: The number of likely errors on their page, and of stories of one event on the page that corrects it.
MOST_SUSPECTS = 50
MOST_STORIES = 500


@dataclass(frozen=True, slots=True)
class Member:
    """A story of an event, as the page that corrects it shows it."""

    id: str
    title: str
    url: str
    outlet: str
    at: datetime | None
    is_copy: bool
    date_quality: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A decision in the list: its number, its words, and whether it holds."""

    number: int
    words: str
    state: str


def event_page(desk: Desk, edition: Edition, name: str) -> Made:
    """Returns the page on which one event is corrected. Raises UnknownNameError for a name that no event's page has."""
    id = edition.event_in(f"{name}.html")
    if id is None:
        raise UnknownNameError("event", "there is no event's page of that name", "The list of events has them all")
    rows = ask(edition.store, "coverage", event=id, copies="include")
    members = {
        row.story_id: Member(
            row.story_id,
            row.title or row.url or row.story_id,
            row.url or "",
            row.outlet_name or "",
            row.published_at,
            bool(row.is_copy),
            row.date_quality or "missing",
        )
        for row in rows
    }
    shown_members = list(members.values())[:MOST_STORIES]
    context = {
        "event": id,
        "event_name": edition.names["event"][id],
        "members": shown_members,
        "left": len(members) - len(shown_members),
        "events": [(other, title) for other, title in edition.names["event"].items() if other != id][:MOST_STORIES],
    }
    title = f"Correct: {edition.names['event'][id]}"
    return desk.page(edition, "correct", f"{CORRECTING}/{name}.html", title, context, here="events.html")


def review_page(desk: Desk, edition: Edition) -> Made:
    """Returns the page of what should be looked at first, with the decisions that settle it."""
    found: Sequence[Suspect] = suspects(edition.store, MOST_SUSPECTS)
    return desk.page(edition, "review", REVIEW, "Review", {"suspects": found})


def decisions_page(desk: Desk, edition: Edition) -> Made:
    """Returns the page of the decisions that hold for the store, the last one first. Each of them can be taken back."""
    kept = kept_corrections(edition.store)
    states = decision_states(edition.store, kept.corrections)
    listed = [
        Listed(number, one.words, state)
        for number, (one, state) in enumerate(zip(kept.corrections, states, strict=True), 1)
    ]
    context = {"decisions": listed[::-1], "problems": kept.remarks, "path": kept.path, "undo": UNDO}
    return desk.page(edition, "decisions", DECISIONS, "Decisions", context)


def preview_page(desk: Desk, edition: Edition, asked: Asked, change: Change | None = None) -> Made:
    """Returns the page that shows what a decision would change, with the form that writes it.

    ``change`` is what it would really change, if that isn't what the person saw. Raises what :func:`change_of` raises.
    """
    changed_meanwhile = change is not None
    found = change or change_of(edition.store, asked, desk.serving.author)
    context = {
        "words": found.words,
        "lines": found.lines,
        "doubts": found.doubts,
        "seen": found.seen,
        "fields": asked.fields(),
        "meanwhile": changed_meanwhile,
    }
    return desk.page(edition, "decide", DECIDE, "Write this decision?", context, here=DECISIONS)
