"""The pages that people look at: one self-contained HTML file each, drawn from a store.

A page is one module with ``build(store, filters, *, title) -> Page`` and one template; a new one is a line in
:data:`VIEWS`.
"""

from __future__ import annotations

import os
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from newsgraph.graph.errors import UnknownNameError

if TYPE_CHECKING:
    from newsgraph.graph.stores.protocol import Store
    from newsgraph.views.document import Page, PageReport

#: Page -> module, and its line in ``newsgraph view --help``. One line a page.
VIEWS: dict[str, tuple[str, str]] = {
    "map": ("newsgraph.views.map", "stories, outlets, topics and events as islands"),
}


def page(
    name: str,
    store: Store,
    *,
    event: str | None = None,
    topic: str | None = None,
    outlet: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    title: str | None = None,
) -> Page:
    """The page of that name, of the whole graph or of the part that the filters choose.

    ``event``, ``topic`` and ``outlet`` are ids or names; ``since`` (inside) and ``until`` (outside) aware times.
    Raises UnknownNameError for a page, event, topic or outlet that is not there, NothingToWriteError when there is
    nothing to show, UsageError when there is too much.
    """
    from newsgraph.graph.part import Filters  # noqa: PLC0415  # the table above is read by --help

    if name not in VIEWS:
        raise UnknownNameError(name, "there is no page of that name", f"There are {', '.join(VIEWS)}")
    filters = Filters(event=event, topic=topic, outlet=outlet, since=since, until=until)
    return cast("Page", import_module(VIEWS[name][0]).build(store, filters, title=title))


def page_html(
    name: str,
    store: Store,
    *,
    event: str | None = None,
    topic: str | None = None,
    outlet: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    title: str | None = None,
) -> str:
    """The HTML of :func:`page`."""
    return page(name, store, event=event, topic=topic, outlet=outlet, since=since, until=until, title=title).html


def write_page(
    name: str,
    store: Store,
    target: str | os.PathLike[str],
    *,
    force: bool = False,
    event: str | None = None,
    topic: str | None = None,
    outlet: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    title: str | None = None,
) -> PageReport:
    """Writes :func:`page` to a file, which appears only when it is complete.

    Raises TargetExistsError when it exists and ``force`` is not given (before any work), and OutputError when it can't
    be written.
    """
    from newsgraph.views.document import refuse_existing  # noqa: PLC0415

    refuse_existing(Path(target), force=force)
    made = page(name, store, event=event, topic=topic, outlet=outlet, since=since, until=until, title=title)
    return made.write(target, force=force)
