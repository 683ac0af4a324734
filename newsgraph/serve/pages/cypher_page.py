"""The page for the user's own query, with its answer as a table, a picture or a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsgraph.errors import UsageError
from newsgraph.graph.stores.protocol import Rows
from newsgraph.queries.asking.query_parameters import query_parameter
from newsgraph.serve.guard import LONGEST_BODY
from newsgraph.serve.live_store import Edition
from newsgraph.serve.pages.answer_table import MOST_SAVED, MOST_SHOWN, shown_table
from newsgraph.serve.pages.desk import Desk
from newsgraph.serve.pages.drawing import drawing
from newsgraph.views.document import shown
from newsgraph.views.site.base import Made

FILE = "cypher.html"


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed into the form."""

    text: str = ""
    parameters: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Sequence[str]]) -> Query:
        """Returns what a form sent, or what an address holds."""
        # A form sends the ends of lines as two characters each.
        query, parameters = (given.get(name, [""])[0].replace("\r\n", "\n") for name in ("query", "parameters"))
        return cls(query, parameters)

    def values(self) -> dict[str, Any]:
        """Returns the parameters by name. Raises UsageError for a line without a name, and if there is no text."""
        if not self.text.strip():
            raise UsageError("query", "it is empty", "Write one, or choose one that you asked before")
        lines = [line.strip() for line in self.parameters.splitlines() if line.strip()]
        return dict(query_parameter(line) for line in lines)


def cypher_page(desk: Desk, edition: Edition, query: Query, rows: Rows | None = None, problem: str = "") -> Made:
    """Returns the form with what was typed, and below it the answer or what was wrong."""
    href = edition.links(FILE).href
    table = None if rows is None else shown_table(rows.columns, rows.rows, href, total=None, cut=rows.cut)
    context = {
        "query": shown(query.text, LONGEST_BODY),
        "parameters": shown(query.parameters, LONGEST_BODY),
        "problem": problem,
        "table": table,
        "notes": () if rows is None else rows.notes,
        "drawing": None if rows is None else drawing(rows.rows, href),
        "seconds": f"{desk.serving.timeout:g}",
        "most_shown": MOST_SHOWN,
        "most_saved": MOST_SAVED,
    }
    return desk.page(edition, "cypher", FILE, "Cypher", context, scripts=("theme.js", "cypher.js"))
