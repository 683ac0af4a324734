"""``newsgraph view PAGE FILE.html``: an interactive page that opens with no network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from newsgraph.cli.common import completing, force_option, open_for_reading, say, say_problems, store_option
from newsgraph.cli.part_options import part_options
from newsgraph.cli.provenance import Wanted, provenance_options
from newsgraph.output.safe_text import printable
from newsgraph.views.registry import REGISTRY, write_page


class _ViewCommand(click.Command):
    """Shows the pages under the options."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the table of pages."""
        with formatter.section("Pages"):
            formatter.write_dl(list(REGISTRY.listed().items()))
        say_problems(REGISTRY)


@click.command("view", cls=_ViewCommand)
@click.argument("page", metavar="PAGE", shell_complete=completing(REGISTRY.listed))
@click.argument("target", metavar="FILE.html", type=click.Path(path_type=Path))
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
    **options: Any,
) -> None:
    """Write an interactive page, one file that opens from disk with no network.

    \b
      newsgraph view map map.html
      newsgraph view map june.html --since 2020-06-01 --until 2020-07-01
    """
    REGISTRY.get(page)  # a wrong name is said even where there is no store
    wanted = Wanted(provenance, provenance_file, force)
    wanted.check(store_url)
    with open_for_reading(store_url) as store:
        report = write_page(page, store, target, force=force, **options)
        wanted.say(store, "page", page, options)
    for line in report.lines:
        say(printable(line))
    say(f"{printable(str(report.path))}: {report.size / 1e6:.1f} MB")
