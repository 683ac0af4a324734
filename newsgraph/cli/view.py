"""``newsgraph view PAGE FILE.html``: writes an interactive page that opens without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.shared.common import (
    completing,
    force_option,
    open_for_reading,
    refuse_swapped,
    say_problems,
    store_option,
)
from newsgraph.cli.shared.part_options import part_options
from newsgraph.cli.shared.provenance import Wanted, provenance_options
from newsgraph.cli.shared.terminal import say
from newsgraph.errors import UsageError
from newsgraph.views.registry import REGISTRY, write_page
from newsgraph.views.wording import size_of

if TYPE_CHECKING:
    from newsgraph.graph.stores.protocol import Store

#: The name for a folder of pages instead of a single one.
SITE = "site"


#: Options of some pages only; all others are of every page.
OF_PAGES = {"min_shared": ("lead-lag", SITE), "base_url": (SITE,), "colour": ("map",)}
_PAGE = "newsgraph.page"


class _ViewCommand(click.Command):
    """Shows the pages under the options; with the name of a page before --help, what is of that page alone."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Remembers which page is named beside --help."""
        if any(one in ctx.help_option_names for one in args):
            ctx.meta[_PAGE] = next((one for one in args if one in _pages()), None)
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the line of usage."""
        page = ctx.meta.get(_PAGE)
        if page is None:
            super().format_usage(ctx, formatter)
            return
        formatter.write_usage(ctx.command_path, f"{page} [OPTIONS] {'FOLDER' if page == SITE else 'FILE.html'}")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes what the command does, or the page."""
        page = ctx.meta.get(_PAGE)
        if page is None:
            super().format_help_text(ctx, formatter)
            return
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_about(page))

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The parameters; in the help of a page those of that page."""
        page = ctx.meta.get(_PAGE)
        return [one for one in super().get_params(ctx) if page is None or _is_of(one.name or "", page)]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the table of pages."""
        if ctx.meta.get(_PAGE) is not None:
            return
        with formatter.section("Pages"):
            formatter.write_dl(list(_pages().items()))
        say_problems(REGISTRY)


def _is_of(option: str, page: str) -> bool:
    return page in OF_PAGES.get(option, (page,))


def _about(page: str) -> str:
    """What a page shows, in a paragraph."""
    line = _pages()[page]
    said = f"{line[:1].upper()}{line[1:]}."
    if page == SITE:
        return f"{said} A site is written again into the same folder; files that stay the same are not touched."
    first, _, _ = (getattr(REGISTRY.get(page), "__doc__", None) or "").strip().partition("\n\n")
    return " ".join(first.split()) or said


def _pages() -> dict[str, str]:
    return {**REGISTRY.listed(), SITE: "all of them and more, linked, in a folder"}


@click.command("view", cls=_ViewCommand)
@click.argument("page", metavar="PAGE", shell_complete=completing(_pages))
@click.argument("target", metavar="FILE.html|FOLDER", type=click.Path(path_type=Path))
@part_options
@click.option("--title", metavar="TEXT", help="Heading of the page.")
@click.option(
    "--min-shared",
    metavar="NUMBER",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="lead-lag: leave pairs of outlets with fewer common events empty.",
)
@click.option(
    "--colour",
    "--color",
    metavar="WHAT",
    help="map: what colours its discs at first: section, topic, time, or a column of the outlets file.",
)
@click.option("--date", metavar="TEXT", help="Date that the page names, in place of its newest story's.")
@click.option("--base-url", metavar="URL", help="site: where it will be published; adds canonical links, sitemap, RSS.")
@force_option
@provenance_options
@store_option
def command(
    page: str,
    target: Path,
    force: bool,
    store_url: str,
    provenance: bool,
    provenance_file: Path | None,
    base_url: str | None,
    **options: Any,
) -> None:
    """Write an interactive page or a site. A page is one file that opens from disk without a network; a site is a
    folder of linked pages.

    If a site is written into the same folder again, files that stay the same are not touched.

    newsgraph view PAGE --help tells of one page and its options.

    \b
      newsgraph view map map.html
      newsgraph view map june.html --since 2020-06-01 --until 2020-07-01
      newsgraph view site public/ --base-url https://example.org/news
    """
    refuse_swapped("page", page, str(target), _pages())
    if page != SITE:
        REGISTRY.get(page)  # a wrong name is reported even if there is no store
    wanted = Wanted(provenance, provenance_file, force)
    wanted.check(store_url)
    if base_url is not None and page != SITE:
        raise UsageError("--base-url", f"is for a site, not for the page {page}", "Leave it out, or write a site")
    if options["colour"] is not None and page != "map":
        raise UsageError("--colour", f"is for the map, not for {page}", "Leave it out, or write the map")
    with open_for_reading(store_url) as store:
        if page == SITE:
            lines = _site(store, target, base_url, options)
        else:
            report = write_page(page, store, target, force=force, **options)
            lines = [*report.lines, f"{report.path}: {size_of(report.size)}"]
        wanted.say(store, "page", page, {**options, "base_url": base_url} if base_url else options)
    for line in lines:
        say(line)


def _site(store: Store, target: Path, base_url: str | None, options: dict[str, Any]) -> list[str]:
    """Writes the site and returns the lines to print."""
    from newsgraph.views.site.build import site_pages  # noqa: PLC0415  # keeps --help light

    own = {name: value for name, value in options.items() if name != "colour"}
    report = site_pages(store, **own, base_url=base_url).write(target)
    return [*report.lines, f"{report.path}: {report.files:,} files, {size_of(report.size)}"]
