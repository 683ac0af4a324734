"""``newsgraph lake``: builds a corpus that is too large for one store as Parquet files, on one machine or on Spark."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.load import files_read, own_hosts, say_errors, unknown_fields
from newsgraph.cli.shared.answers import answer_options, emit_answer, output_of
from newsgraph.cli.shared.common import Group, force_option
from newsgraph.cli.shared.load_progress import load_progress
from newsgraph.cli.shared.terminal import say, tell
from newsgraph.errors import UsageError, as_options

if TYPE_CHECKING:
    from newsgraph.lake.engine import Engine

_LAKE = click.argument("lake", type=click.Path(path_type=Path), metavar="LAKE")


def _engine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that say what does the work."""
    for option in (
        click.option(
            "--processes",
            type=click.IntRange(min=1),
            metavar="NUMBER",
            help="How many processes of this machine.  [default: its processors]",
        ),
        click.option(
            "--master",
            metavar="URL",
            help="Let Spark do it, at an address as Spark has it: local[4], spark://host:7077, yarn. "
            "Needs newsgraph[spark] and a JDK.  [default: this machine, without Spark]",
        ),
    ):
        command = option(command)
    return command


@click.group("lake", cls=Group)
def command() -> None:
    """Build a corpus that is too large for one store, partition by partition, on one machine or on Spark.

    LAKE is a folder of Parquet files. Its graph is the same as that of a store with the same articles.

    \b
      newsgraph lake build articles/ lake
      newsgraph lake events lake
      newsgraph lake answers lake scoops
      newsgraph lake export lake neo4j-admin import
    """


def _opened(master: str | None, processes: int | None) -> Engine:
    from newsgraph.lake.engines import engine_at  # noqa: PLC0415  # keeps --help light
    from newsgraph.lake.tables import need_pyarrow  # noqa: PLC0415

    need_pyarrow()
    return engine_at(master, processes)


@command.command("build")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER... LAKE")
@click.option("--as", "label", metavar="NAME", help="Name the folder in the ids of its files; default: its own name.")
@click.option(
    "--outlets",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="CSV with domain,outlet,name,country,group: merges, splits and groups outlets. Kept in the lake.",
)
@click.option(
    "--corrections",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="CSV of decisions about events, copies, outlets and times; replaces the lake's. Kept in the lake.",
)
@click.option("--authors/--no-authors", default=None, help="Keep the names in bylines, or leave them out. Kept.")
@click.option(
    "--days", type=click.IntRange(min=1), metavar="NUMBER", help="Length of a partition of time; a new lake: 28. Kept."
)
@click.option("-v", "--verbose", is_flag=True, help="Show every error and note, not only the first ones.")
@_engine_options
def build(
    folders: tuple[Path, ...],
    label: str | None,
    outlets: Path | None,
    corrections: Path | None,
    authors: bool | None,
    days: int | None,
    verbose: bool,
    master: str | None,
    processes: int | None,
) -> None:
    """Read the articles of folders into a lake, or bring it up to date with them.

    New and edited files are read, and what deleted files said is removed. Then newsgraph lake events LAKE brings the
    events up to date.
    """
    from newsgraph.lake.build import BuildOptions  # noqa: PLC0415
    from newsgraph.lake.build import build as build_lake  # noqa: PLC0415
    from newsgraph.loaders.researcher.corrections_file import read_corrections  # noqa: PLC0415
    from newsgraph.loaders.researcher.outlets_file import read_outlets  # noqa: PLC0415

    *paths, lake = folders
    if not paths:
        raise UsageError("FOLDER", "only one name is given", "Name the folder of articles first, and then the lake")
    decided = None if corrections is None else read_corrections(corrections)
    options = BuildOptions(
        label=label,
        outlets=None if outlets is None else read_outlets(outlets),
        corrections=None if decided is None else decided.corrections,
        authors=authors,
        days=days,
    )
    with _opened(master, processes) as engine, load_progress() as steps:
        report = build_lake(engine, lake, paths, options, steps)
    report.errors.extend(decided.problems if decided is not None else ())
    say_errors(report, verbose=verbose)
    lines = files_read(report, "Loaded", columns=True, verbose=verbose)
    for line in (*lines, *own_hosts(report), *unknown_fields(report)):
        tell(line)
    tell(f"Lake: {lake} ({engine.name})")
    sys.exit(report.exit_code)


@command.command("events")
@_LAKE
@_engine_options
def events(lake: Path, master: str | None, processes: int | None) -> None:
    """Derive the events of a lake, or bring them up to date with its stories."""
    from newsgraph.lake.events import derive_events  # noqa: PLC0415
    from newsgraph.lake.manifest import read_manifest  # noqa: PLC0415

    read_manifest(lake)  # a wrong name is reported before Spark starts
    with _opened(master, processes) as engine, load_progress() as steps:
        report = derive_events(engine, lake, steps)
    tell(str(report))


@command.command("answers")
@_LAKE
@click.argument("question", metavar="NAME")
@click.argument("outlet", required=False)
@click.option("--by", type=click.Choice(["topic", "outlet", "event"]), help="attention: what is counted by.")
@_engine_options
@answer_options
def answers(
    lake: Path,
    question: str,
    outlet: str | None,
    by: str | None,
    master: str | None,
    processes: int | None,
    **output: Any,
) -> None:
    """Answer a question about the whole corpus: scoops, lead-lag, co-coverage, followers OUTLET, copies, attention,
    date-quality or events.

    The answer is that of a store, with the question's default filters (newsgraph ask NAME --help). It is worked out
    with SQL, by Spark with --master and otherwise by DuckDB.
    """
    from newsgraph.lake.answering import answer  # noqa: PLC0415
    from newsgraph.lake.manifest import read_manifest  # noqa: PLC0415

    wanted = output_of(str(lake), **output)
    read_manifest(lake)  # a wrong name is reported before Spark starts
    given = {name: value for name, value in (("outlet", outlet), ("by", by)) if value is not None}
    with _opened(master, processes) as engine:
        found = answer(engine, lake, question, limit=wanted.shown_rows, **given)
    emit_answer(wanted, found)


@command.command("export")
@_LAKE
@click.argument("format", type=click.Choice(["neo4j-admin", "embedded"]))
@click.argument("target", type=click.Path(path_type=Path), metavar="TARGET")
@force_option
def export(lake: Path, format: str, target: Path, force: bool) -> None:
    """Write the graph of a lake: as a folder for Neo4j's importer, or as an embedded store FILE.kgl."""
    from newsgraph.lake.exporting import export_embedded, export_for_neo4j  # noqa: PLC0415

    if format == "embedded":
        copied = export_embedded(lake, target, force=force)
        say(f"{target}: {copied.nodes:,} nodes and {copied.edges:,} edges")
        return
    report = export_for_neo4j(lake, target, force=force)
    for loss in report.losses:
        say(f"{format}: {as_options(loss)}")
    say(str(report))
    for step in report.next_steps:
        say(as_options(step))
