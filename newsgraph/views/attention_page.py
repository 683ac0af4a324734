"""Attention, day by day: how it was divided among topics, outlets and each column of the outlets file, and a small
chart of each of the largest, with bursts.

The numbers are those of the question attention.
"""

from __future__ import annotations

from newsgraph.errors import NothingToWriteError
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.ask import ask
from newsgraph.queries.asking.outlet_columns import columns_of_outlets
from newsgraph.views.attention import Attended, attended
from newsgraph.views.document import Page, render, script_of, shown_names
from newsgraph.views.options import Options
from newsgraph.views.stamp import stamp
from newsgraph.views.wording import counted

#: The number of panels of topics or outlets, and of columns of the outlets file that have a section.
MOST_PANELS = 24
MOST_COLUMNS = 6


def build(store: Store, options: Options) -> Page:
    """Returns attention to the stories that the filters leave.

    Raises NothingToWriteError when none of them has a topic or an outlet, and a sure date.
    """
    sections = [one for one in _sections(store, options) if one.panels]
    if not sections:
        raise NothingToWriteError(
            "attention", "no story that is left has a sure date", "Load more, or widen the filters"
        )
    lines = [f"{counted(len(one.panels) + one.more, one.by)} with stories of sure dates" for one in sections[:2]]
    return render(
        "attention",
        options.title or "Attention, day by day",
        context={"sections": sections, "facts": lines, "filters": options.words},
        scripts=[script_of("theme.js")],
        styles=("page.css", "sheet.css", "site.css"),
        lines=lines,
        links=options.links,
        stamp=stamp(store, options),
    )


def _sections(store: Store, options: Options) -> list[Attended]:
    asked = options.asked()
    names = {kind: shown_names(store, kind, 80) for kind in ("topic", "outlet")}
    return [
        attended(by, ask(store, "attention", by=by, **asked), names.get(by, names["outlet"]), MOST_PANELS, only)
        for by, only in (("topic", None), ("outlet", None), *_columns(store))
    ]


def _columns(store: Store) -> list[tuple[str, set[str]]]:
    """Returns columns of the outlets file that put several outlets together, with their values."""
    found = [(column, set(of.values()), len(of)) for column, of in columns_of_outlets(store).items()]
    return [(column, values) for column, values, outlets in found if 1 < len(values) < outlets][:MOST_COLUMNS]
