"""The registry of questions: the package's own, those of other packages, and those in a researcher's folder.

A question is a module in ``newsgraph/queries/questions`` with ``QUESTION``, and a query text beside it. The table below
names all of them. A module is imported only when its question is asked. Other packages can add questions by entry
points of the group ``newsgraph.questions``. Each leads to a :class:`newsgraph.queries.asking.question.Question`.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from newsgraph.graph.stores.bounds import Bounds
from newsgraph.queries.asking.question import Question
from newsgraph.registry import Registry

#: Question -> its line in a listing. Its module has the same name, with ``_`` for ``-``. One line for each question.
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
    "thread": "The events that an event continues, and those that continue it.",
    "coverage": "All stories of an event in time.",
    "date-quality": "What is unsure about time, by outlet.",
    "changes": "Headlines and excerpts that were edited after they were published.",
}


def _built_in(name: str) -> Question[Any, Any]:
    found: Question[Any, Any] = import_module(f"newsgraph.queries.questions.{name.replace('-', '_')}").QUESTION
    return found


def _check(thing: object) -> Question[Any, Any]:
    if not isinstance(thing, Question):
        raise TypeError(f"a Question is wanted, not {type(thing).__name__}")
    return thing


#: All questions of installed packages, including newsgraph's own.
REGISTRY: Registry[Question[Any, Any]] = Registry(
    "question", "newsgraph.questions", QUESTIONS, _built_in, _check, lambda asked: asked.detail.partition("\n")[0]
)


def questions(folder: Path | None = None) -> dict[str, str]:
    """Returns name and line of every question: the package's own, those of other packages, then those of ``folder``."""
    listed = REGISTRY.listed()
    if folder is None:
        return listed
    from newsgraph.queries import user_questions  # noqa: PLC0415  # most users have none

    return listed | user_questions.listed(folder, listed)


def question(name: str, folder: Path | None = None, bounds: Bounds | None = None) -> Question[Any, Any]:
    """Returns the question of that name. A question of ``folder`` is answered within ``bounds``.

    Raises UnknownNameError, which names the nearest ones, and PluginError if it belongs to another package and can't be
    used.
    """
    if folder is not None and name not in QUESTIONS and name not in REGISTRY.added():
        from newsgraph.queries import user_questions  # noqa: PLC0415

        taken = [*QUESTIONS, *REGISTRY.added()]
        known = user_questions.listed(folder, taken)
        if name in known:
            return user_questions.load(folder, name, taken, bounds)
        raise REGISTRY.unknown(name, known)
    return REGISTRY.get(name)
