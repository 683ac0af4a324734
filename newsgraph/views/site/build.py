"""``newsgraph view site FOLDER``: all pages of a site, and the other files that it needs.

The corpus is read once, and every page is written from it. A page changes only if its content changes, so all other
files in the folder keep their bytes. For this reason, pages of events, outlets and topics give the newest story of
their own and not that of the corpus. The corpus's is on the first page and on the page about the site.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from newsgraph.errors import NothingToWriteError, UsageError
from newsgraph.graph.gc_pause import collector_paused
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import refuse_own_file
from newsgraph.graph.subgraph import STORY_FILTERS
from newsgraph.queries.ask import check_loaded
from newsgraph.queries.asking.part_filters import part_filters
from newsgraph.views import attention_page, lead_lag, report, topics
from newsgraph.views import map as map_view
from newsgraph.views.document import Page, asset, web_address
from newsgraph.views.site import entities, feed, front, lists
from newsgraph.views.site.base import SHEET, Made, Site, SiteOptions
from newsgraph.views.site.corpus import RememberingStore
from newsgraph.views.site.folder import SiteFolder
from newsgraph.views.wording import counted

#: Pages of views that a site contains unchanged: file, name in the head, module.
VIEW_PAGES: tuple[tuple[str, str, Any], ...] = (
    ("map.html", "Map", map_view),
    ("lead-lag.html", "Lead and lag", lead_lag),
    ("together.html", "Together", topics),
    ("attention.html", "Attention", attention_page),
    ("report.html", "Report", report),
)


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What was written, and where. ``lines`` are for people."""

    path: Path
    files: int
    size: int
    changed: int
    unchanged: int
    removed: int
    lines: tuple[str, ...]


def write_site(store: Store, target: Path, options: SiteOptions | None = None) -> SiteReport:
    """Writes the site of a store into a folder, which may be new, empty or an earlier site.

    Raises TargetExistsError for a folder of other things, UsageError for an address that can't be a site's and for an
    empty store, and OutputError when it can't be written.
    """
    asked = options or SiteOptions()
    asked = replace(asked, base_url=_base(asked.base_url))
    refuse_own_file(store.url, target)
    folder = SiteFolder(target)
    check_loaded(store)
    with collector_paused():
        site = Site(cast("Store", RememberingStore(store)), asked)
        written = folder.write(site_files(site))
    lines = [
        site.summary,
        f"{counted(written.changed, 'file')} written, {written.unchanged:,} unchanged, {written.removed:,} removed",
        *(f"{file} is no longer part of the site, but someone changed it: it is left" for file in written.kept),
        *site.left_out,
    ]
    return SiteReport(
        target, written.files, written.size, written.changed, written.unchanged, written.removed, tuple(lines)
    )


@dataclass(frozen=True, slots=True)
class SitePages:
    """A site that is to be written: ``.write(folder)`` makes it, or brings it up to date. Its store must be open
    then."""

    store: Store
    options: SiteOptions

    def write(self, folder: str | PathLike[str]) -> SiteReport:
        """Writes it as :func:`write_site` does; files that stay the same are not touched."""
        return write_site(self.store, Path(folder), self.options)

    def show(self) -> None:
        """Opens its first page in the web browser, from a temporary folder."""
        import tempfile  # noqa: PLC0415  # only here
        import webbrowser  # noqa: PLC0415

        folder = Path(tempfile.mkdtemp(prefix="newsgraph-")) / "site"
        webbrowser.open((self.write(folder).path / "index.html").as_uri())


def site_pages(store: Store, **options: Any) -> SitePages:
    """The site of a store, or of the stories that the filters choose. The options are the filters of
    :func:`newsgraph.views.registry.view` and those of :class:`SiteOptions`. Raises UsageError for any other, and
    UnknownNameError for an event, topic or outlet that doesn't exist."""
    names = [field.name for field in fields(SiteOptions) if field.name != "filters"]
    for name in options:
        if name not in (*names, *STORY_FILTERS):
            raise UsageError(name, "a site has no such option", f"It has {', '.join([*names, *STORY_FILTERS])}")
    chosen = {name: options.pop(name) for name in STORY_FILTERS if name in options}
    return SitePages(store, SiteOptions(**options, filters=part_filters(store, **chosen)))


def _base(text: str | None) -> str | None:
    if text is None:
        return None
    parts = urlsplit(text) if web_address(text) else None
    if parts is None or parts.query or parts.fragment:
        raise UsageError(
            "--base-url", f"{text!r} is no address of a folder on the web", "Give one like https://example.org/news"
        )
    return text.rstrip("/")


# All files.


def site_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yields every file of the site. The pages come one by one, so that they are never in memory together."""
    yield SHEET, style_sheet()
    drawn = _views(site)
    listed: list[tuple[str, datetime | None]] = []
    for made in _pages(site, drawn):
        listed.append((made.file, made.at))
        yield made.file, made.html.encode("utf-8")
    if site.options.base_url:
        yield from feed.sitemaps(site.options.base_url, listed)
        yield feed.FEED, feed.feed(site.options.base_url, site.title, front.new_events(site))


def style_sheet() -> bytes:
    """The style sheet of all pages of a site."""
    return "".join(map(asset, ("page.css", "sheet.css", "event.css", "site.css"))).encode()


def _pages(site: Site, drawn: Sequence[Made]) -> Iterator[Made]:
    yield from drawn
    yield front.index_page(site)
    yield front.about_page(site)
    yield front.search_page(site)
    yield from lists.event_lists(site)
    yield from lists.outlet_lists(site)
    yield from lists.topic_lists(site)
    yield from entities.events(site)
    yield from entities.outlets(site)
    yield from entities.topics(site)


def _views(site: Site) -> list[Made]:
    """Returns the pages that can also stand alone. A page that has nothing to show is left out, and this is
    reported."""
    own = list(site.nav)
    shown_views = list(VIEW_PAGES)
    while True:
        # The head of each page names all of them. So if one turns out to be empty, the others are made again.
        site.nav = [*own, *((file, name) for file, name, _ in shown_views), ("search.html", "Search")]
        drawn = []
        for view in shown_views:
            file, _, module = view
            try:
                drawn.append(view_page(site, module, file))
            except (NothingToWriteError, UsageError) as error:
                site.left_out.append(f"{file} is left out: {error}")
                shown_views.remove(view)
                break
        else:
            return drawn


def view_page(site: Site, module: Any, file: str) -> Made:
    """Returns the page of a view in the site. Raises what the view's ``build`` raises if there is nothing to show."""
    links = replace(site.links(file), sheet="")
    page = cast("Page", module.build(site.store, site.options.of_page(links)))
    return Made(file, page.html, site.corpus.facts.newest, page.policy)


__all__ = ["SiteOptions", "SitePages", "SiteReport", "site_files", "site_pages", "write_site"]
