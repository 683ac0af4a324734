"""``newsgraph export FORMAT FILE``: writes the graph, a part of it or a projection for other tools."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click

from newsgraph.cli.shared.common import (
    completing,
    force_option,
    open_for_reading,
    progress,
    refuse_swapped,
    say_problems,
    store_option,
)
from newsgraph.cli.shared.part_options import part_options
from newsgraph.cli.shared.provenance import Wanted, provenance_options
from newsgraph.cli.shared.terminal import say
from newsgraph.errors import as_options
from newsgraph.graph.exports.registry import PROJECTIONS, REGISTRY, ExportReport, export, find_format


class _ExportCommand(click.Command):
    """Shows the table of formats under the options."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the formats, what each is for, and the projections."""
        with formatter.section("Formats"):
            formatter.write_dl(
                [
                    (name, f"{tool}{'' if find_format(name).ending else ' [a folder]'}")
                    for name, tool in REGISTRY.listed().items()
                ]
            )
        with formatter.section("Projections"):
            formatter.write_dl(list(PROJECTIONS.items()))
        say_problems(REGISTRY)


def _names(_ctx: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Returns names from several options, or from one with commas between them."""
    return tuple(name.strip() for text in texts for name in text.split(",") if name.strip())


@click.command("export", cls=_ExportCommand)
@click.argument("format", metavar="FORMAT", shell_complete=completing(REGISTRY.listed))
@click.argument("target", metavar="FILE", type=click.Path())
@part_options
@click.option("--labels", metavar="NAMES", multiple=True, callback=_names, help="Only nodes of these labels.")
@click.option("--edges", metavar="NAMES", multiple=True, callback=_names, help="Only edges of these types.")
@click.option(
    "--project",
    metavar="NAME",
    shell_complete=completing(lambda: PROJECTIONS),
    help="A network of outlets, topics or stories instead of the graph.",
)
@click.option(
    "--min-weight",
    metavar="NUMBER",
    type=click.IntRange(min=1),
    help="Least weight of a projection's edges.  [default: outlets, follows: above chance; topics: 1]",
)
@click.option("--raw", is_flag=True, help="csv: don't change cells that a spreadsheet would run as formulas.")
@force_option
@provenance_options
@store_option
def command(
    format: str,
    target: str,
    labels: tuple[str, ...],
    edges: tuple[str, ...],
    project: str | None,
    min_weight: int | None,
    raw: bool,
    force: bool,
    store_url: str,
    provenance: bool,
    provenance_file: Path | None,
    **part: Any,
) -> None:
    """Write the graph for other tools.

    FILE is a path, or - for standard output. If it ends in .gz, it is compressed. Options choose a part: the stories
    that satisfy all of them, what is joined to those stories, and the edges between.

    \b
      newsgraph export graphml news.graphml
      newsgraph export gexf event.gexf --event "facial recognition"
      newsgraph export csv tables --since 2020-06-01 --until 2020-07-01
      newsgraph export graphml outlets.graphml --project outlets
    """
    from newsgraph.queries.asking.part_filters import part_filters  # noqa: PLC0415  # keeps --help light

    refuse_swapped("format", format, target, REGISTRY.listed())
    find_format(format)  # a wrong name is reported even if there is no store
    wanted = Wanted(provenance, provenance_file, force)
    wanted.check(store_url)
    store = open_for_reading(store_url)
    try:
        filters = part_filters(store, **part, labels=labels, edges=edges)
        with progress(f"export {format}") as advance:
            report = export(
                format,
                store,
                target,
                filters=filters,
                project=project,
                min_weight=min_weight,
                force=force,
                raw=raw,
                progress=advance,
            )
        wanted.say(
            store,
            "export",
            format,
            {**dataclasses.asdict(filters), "project": project, "min_weight": min_weight, "raw": raw},
        )
    finally:
        store.close()
    _tell(format, report)


def _tell(format: str, report: ExportReport) -> None:
    for loss in report.losses:
        say(f"{format}: {as_options(loss)}")
    if report.target == "-":
        return
    say(str(report))
    for step in report.next_steps:
        say(as_options(step))
