"""The registry of questions: the package's own, and those in a researcher's folder.

A question is a module in ``newsgraph/queries/questions`` with ``QUESTION``, and a query text beside it. The table below
names them all; a module is imported only when its question is asked.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

from newsgraph.errors import UnknownNameError
from newsgraph.queries.asking.question import Question

#: Question -> its line in a listing; its module has the same name with ``_`` for ``-``. One line a question.
QUESTIONS: dict[str, str] = {
    "first-to-cover": "Outlets in the order of their first story on an event, with the lag behind the first.",
    "events": "Events by size and time, with first outlet and spread.",
    "scoops": "Outlets by how often they were first, against chance, with their median lag.",
    "lead-lag": "For pairs of outlets: who was first how often on the events of both, and by how much.",
    "followers": "Who follows an outlet, how often and how fast, against chance.",
    "blind-spots": "Events that an outlet's peers covered and it did not.",
    "co-coverage": "Outlets alike by the events that they cover, against chance.",
    "copies": "Groups of stories with the same text, with the earliest of each.",
    "shared-images": "Images on stories of several outlets, placeholders marked.",
    "topics-together": "Topics that occur together more than by chance.",
    "outlet-profile": "One outlet: its volume, firsts, lags, copies and topics.",
    "attention": "Stories per day by topic, outlet or event, with bursts.",
    "influence": "Outlets by PageRank on the network of who follows whom, against a shuffled baseline.",
    "path": "How two stories, outlets, topics or events are connected.",
    "coverage": "All stories of an event in time.",
    "date-quality": "What is unsure about time, by outlet.",
}


def questions(folder: Path | None = None) -> dict[str, str]:
    """Name and one line of every question: the package's own, then those of ``folder``."""
    if folder is None:
        return dict(QUESTIONS)
    from newsgraph.queries.user_questions import listed  # noqa: PLC0415  # most users have none

    return QUESTIONS | listed(folder, QUESTIONS)


def question(name: str, folder: Path | None = None) -> Question[Any, Any]:
    """The question of that name. Raises UnknownNameError with the nearest names."""
    if name in QUESTIONS:
        found: Question[Any, Any] = import_module(f"newsgraph.queries.questions.{name.replace('-', '_')}").QUESTION
        return found
    if folder is not None:
        from newsgraph.queries.user_questions import listed, load  # noqa: PLC0415

        if name in listed(folder, QUESTIONS):
            return load(folder, name, QUESTIONS)
    known = questions(folder)
    near = get_close_matches(name, known, n=2)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known)}"
    raise UnknownNameError(name, "there is no such question", hint)
