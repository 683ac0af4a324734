"""The pages of questions: a list of all, a form for each, and the answer below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from newsgraph.errors import NewsgraphError, UsageError
from newsgraph.queries.answer import Answer, columns_of
from newsgraph.queries.ask import ask
from newsgraph.queries.registry import REGISTRY, question, questions
from newsgraph.serve.live_store import MOST_OFFERED, Edition
from newsgraph.serve.pages.answer_table import MOST_SAVED, MOST_SHOWN, saved, shown_table
from newsgraph.serve.pages.desk import Desk
from newsgraph.serve.pages.question_forms import fields_of, parameters_from
from newsgraph.serve.wording import said
from newsgraph.views.document import shown
from newsgraph.views.site.base import Made

LIST = "ask.html"
#: The field by which a form says that the question is asked, and not only looked at.
ASKED = "asked"

Given = Mapping[str, Sequence[str]]


def list_page(desk: Desk, edition: Edition) -> Made:
    """Returns a page with all questions: newsgraph's own, those of other packages, and the user's."""
    listed = list(questions(desk.serving.questions).items())
    return desk.page(edition, "ask_list", LIST, "Ask", {"questions": listed, "problems": list(REGISTRY.problems())})


def question_page(desk: Desk, edition: Edition, name: str, given: Given) -> tuple[Made, int]:
    """Returns the form of a question, with its answer if it was asked, and the HTTP status.

    Raises UnknownNameError for a question that doesn't exist.
    """
    asked = question(name, desk.serving.questions)
    table, problem, status = None, "", 200
    notes: tuple[str, ...] = ()
    if given.get(ASKED):
        try:
            answer = _answer(desk, edition, name, given, MOST_SHOWN)
        except NewsgraphError as error:
            problem, status = said(error), 400
        else:
            href = edition.links(f"ask/{name}.html").href
            meanings = {one.name: one.meaning for one in answer.columns}
            units = {one.name: one.unit for one in answer.columns if one.unit}
            table = shown_table(
                answer.names, answer.cells(), href, total=answer.total, cut=answer.cut, meanings=meanings, units=units
            )
            notes = answer.notes
    query = urlencode([(key, value) for key, values in given.items() for value in values if value])
    context: dict[str, Any] = {
        "name": name,
        "detail": [" ".join(part.split()).split("``") for part in asked.detail.split("\n\n") if part.strip()],
        "fields": fields_of(asked, given),
        "outlets": list(edition.names["outlet"])[:MOST_OFFERED],
        "topics": list(edition.names["topic"])[:MOST_OFFERED],
        "columns": columns_of(asked.row),
        "text": shown(asked.text, 40_000),
        "table": table,
        "notes": notes,
        "problem": problem,
        "query": query,
    }
    return desk.page(edition, "ask", f"ask/{name}.html", name, context, here=LIST), status


def saved_answer(desk: Desk, edition: Edition, name: str, ending: str, given: Given) -> bytes:
    """Returns the answer as a file. Raises what :func:`newsgraph.queries.ask.ask` raises."""
    answer = _answer(desk, edition, name, given, MOST_SAVED)
    return saved(ending, answer.names, answer.cells())


def _answer(desk: Desk, edition: Edition, name: str, given: Given, most: int) -> Answer[Any]:
    asked = question(name, desk.serving.questions)
    limit = _limit(next((value for value in given.get("limit", ()) if value.strip()), ""), most)
    sort = next((value for value in given.get("sort", ()) if value), None)
    return ask(
        edition.store,
        name,
        limit=limit,
        sort=sort,
        questions_folder=desk.serving.questions,
        **parameters_from(asked, given),
    )


def _limit(text: str, most: int) -> int:
    if not text:
        return most
    try:
        return min(max(int(text), 0), most)
    except ValueError:
        raise UsageError("limit", f"{text!r} is not a whole number", "Give the number of rows to show") from None
