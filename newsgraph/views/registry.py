"""The pages that people look at: each is one self-contained HTML file, made from a store.

A page is a module with ``build(store, options)`` (see :class:`View`) and a template; a new one is a line in
:data:`VIEWS`. Other packages can add pages by entry points of the group ``newsgraph.views``. Each leads to such a
module.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from newsgraph.graph.stores.registry import refuse_own_file
from newsgraph.output.atomic_files import check_file
from newsgraph.registry import Registry, check_has
from newsgraph.views.document import Page, PageReport, check_ending

if TYPE_CHECKING:
    from newsgraph.graph.stores.protocol import Store
    from newsgraph.views.options import Options

__all__ = ["REGISTRY", "VIEWS", "Page", "PageReport", "View", "page_html", "view", "write_page"]


class View(Protocol):
    """The module of a page."""

    def build(self, store: Store, options: Options, /) -> Page:
        """Returns the page of what the options choose.

        Raises NothingToWriteError when there is nothing to show, and UsageError when there is too much or a needed
        option is missing.
        """
        ...


#: Page -> module, and its line in ``newsgraph view --help``. One line for each page.
VIEWS: dict[str, tuple[str, str]] = {
    "map": ("newsgraph.views.map", "stories, outlets, topics and events as islands"),
    "timeline": ("newsgraph.views.timeline", "one event: outlets in the order of coverage, lags, what followed"),
    "lead-lag": ("newsgraph.views.lead_lag", "who is first how often, for pairs of outlets"),
    "topics": ("newsgraph.views.topics", "topics that occur together, and attention over time"),
    "attention": (
        "newsgraph.views.attention_page",
        "stories a day by topic, outlet or group: shares of voice, and bursts",
    ),
    "report": ("newsgraph.views.report", "the corpus at a glance, for reading and for paper"),
}


def _built_in(name: str) -> View:
    return cast("View", import_module(VIEWS[name][0]))


def _check(thing: object) -> View:
    return cast("View", check_has(thing, "build"))


#: All pages of installed packages, including newsgraph's own.
REGISTRY: Registry[View] = Registry(
    "page", "newsgraph.views", {name: line for name, (_, line) in VIEWS.items()}, _built_in, _check
)


def view(
    name: str,
    store: Store,
    *,
    event: str | None = None,
    topic: str | None = None,
    outlet: str | None = None,
    language: str | None = None,
    country: str | None = None,
    since: datetime | str | None = None,
    until: datetime | str | None = None,
    where: str | Iterable[str] = (),
    title: str | None = None,
    min_shared: int = 3,
    colour: str | None = None,
    date: str | None = None,
) -> Page:
    """Returns the page of that name, of the whole graph or of the stories that satisfy all filters.

    ``event`` is an id, the address of a story, or words; ``topic`` and ``outlet`` are ids or names; ``language`` is a
    tag, ``country`` a code or name. ``since`` (included) and ``until`` (not included) are times or their texts, in UTC
    if they name no zone. ``where`` are conditions on columns of the outlets file, such as ``country=DE``. ``title`` is
    the heading of the page. ``min_shared``: on the lead-lag page, pairs of outlets with fewer common events stay empty.
    ``colour``: what the discs of a map are coloured by at first: category, topic, time, or a column of the outlets
    file. ``date`` is shown at the foot of the page; without it, that of the newest story is, so that equal graphs give
    equal bytes.

    Raises UnknownNameError for a page, event, topic or outlet that doesn't exist, NothingToWriteError when there is
    nothing to show, and UsageError when there is too much or a needed option is missing.
    """
    from newsgraph.queries.asking.part_filters import part_filters  # noqa: PLC0415  # keeps --help light
    from newsgraph.views.options import Options  # noqa: PLC0415

    found = REGISTRY.get(name)  # a wrong name is reported before the store is read
    chosen = part_filters(
        store,
        event=event,
        topic=topic,
        outlet=outlet,
        language=language,
        country=country,
        since=since,
        until=until,
        where=where,
    )
    options = Options(chosen, title=title, min_shared=min_shared, date=date, colour=colour)
    page = found.build(store, options)
    return replace(page, store_url=store.url)


def page_html(name: str, store: Store, **options: Any) -> str:
    """Returns the HTML of the page that :func:`view` returns for these options."""
    return view(name, store, **options).html


def write_page(
    name: str, store: Store, target: str | os.PathLike[str], *, force: bool = False, **options: Any
) -> PageReport:
    """Writes the page that :func:`view` returns for these options to a file, which appears only when it is complete.

    Raises TargetExistsError when it exists and ``force`` isn't given (before any work), and OutputError when it can't
    be written.
    """
    REGISTRY.get(name)
    refuse_own_file(store.url, target)
    check_ending(Path(target))
    check_file(Path(target), force=force)
    return view(name, store, **options).write(target, force=force)
