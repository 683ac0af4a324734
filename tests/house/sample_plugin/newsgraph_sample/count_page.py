"""how many stories there are, large"""

from __future__ import annotations

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.ask import ask
from newsgraph.views.document import Page, render, script_of
from newsgraph.views.options import Options


def build(store: Store, options: Options) -> Page:
    """The page."""
    (row,) = ask(store, "story-count", **options.asked("since", "until"))
    return render(
        "count",
        options.title or "Stories",
        context={"stories": row.stories},
        scripts=[script_of("base.js")],
        styles=("page.css", "sheet.css"),
        lines=[f"{row.stories} stories"],
        package="newsgraph_sample",
    )
