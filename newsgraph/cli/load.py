"""``newsgraph load``: files and folders into the store."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsgraph.cli.common import progress, say, store_option

if TYPE_CHECKING:
    from newsgraph.loaders.load import LoadReport

#: Error lines that are printed one by one; a folder full of broken files would flood the screen.
LINES_SHOWN = 20
#: How long another load into the same server is waited for.
SECONDS_TO_WAIT = 600.0


@click.command("load")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--as", "label", metavar="NAME", help="Name the folder in the ids of its files; default: its own name.")
@click.option(
    "--outlets",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="CSV with domain,outlet,name,country,group: merges, splits and groups outlets. Kept in the store.",
)
@click.option(
    "--map",
    "columns",
    metavar="FIELD=COLUMN,...",
    help="Columns of tables (CSV, TSV) whose header doesn't tell: title=headline,url=link. Kept in the store.",
)
@click.option("--no-events", is_flag=True, help="Leave the events as they are.")
@click.option("--keep-missing", is_flag=True, help="Keep what files said that are gone from the folder.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, write nothing.")
@click.option("--force", is_flag=True, help="Share a server's database with another application's nodes.")
@click.option("-v", "--verbose", is_flag=True, help="Show every error, not only the first ones.")
@store_option
def command(
    paths: tuple[Path, ...],
    label: str | None,
    outlets: Path | None,
    columns: str | None,
    no_events: bool,
    keep_missing: bool,
    dry_run: bool,
    force: bool,
    verbose: bool,
    store_url: str,
) -> None:
    """Load article files and folders into the store, then derive events.

    A folder is read with all that is in it. Loading it again brings the store in step with it: new and edited files are
    read, what deleted files said goes. Files that can't be read are reported with what to do; everything else is
    loaded, and the exit code is 1.
    """
    import newsgraph  # noqa: PLC0415  # pydantic and a store come with it
    from newsgraph.errors import StoreMissingError  # noqa: PLC0415
    from newsgraph.loaders.formats.tables import read_map  # noqa: PLC0415

    try:
        graph = newsgraph.open(store_url, create=not dry_run, readonly=dry_run, force=force)
    except StoreMissingError:
        if not dry_run:
            raise
        graph = newsgraph.open("networkx:")
    with _interruptible(), graph, progress("Loading") as advance:
        report = graph.load(
            paths,
            label=label,
            outlets=outlets,
            columns=None if columns is None else read_map(columns),
            events=not no_events,
            keep_missing=keep_missing,
            dry_run=dry_run,
            progress=advance,
            wait=SECONDS_TO_WAIT,
            waiting=say,
        )
        if report.nothing:
            graph.close()  # else an empty store would be made
    for line in report.errors if verbose else report.errors[:LINES_SHOWN]:
        say(f"newsgraph: {line}")
    if len(report.errors) > LINES_SHOWN and not verbose:
        say(f"newsgraph: ... and {len(report.errors) - LINES_SHOWN:,} more; --verbose shows them all")
    for line in summary(report, store_url, dry_run=dry_run):
        click.echo(line)
    sys.exit(report.exit_code)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C that the load itself didn't take: while files are looked for, or events are derived."""
    try:
        yield
    except KeyboardInterrupt:
        say("newsgraph: stopped; what was loaded and saved is kept. Load again to go on")
        sys.exit(130)


def summary(report: LoadReport, store_url: str, *, dry_run: bool = False) -> list[str]:
    """What a load did, for people."""
    files = _listed(
        {
            "read": report.read,
            "unchanged": report.unchanged,
            "gone": report.gone,
            "of another kind": report.other_kinds,
            "failed": report.failed,
        }
    )
    lines = [f"{'Would load' if dry_run else 'Loaded'} {report.found:,} files: {files}"]
    if report.stopped:
        lines.insert(0, "Stopped; what was loaded is kept. Load again to go on")
    shown = report.notes if dry_run else [note for note in report.notes if ": columns: " not in note]
    lines.extend(shown[:LINES_SHOWN])
    if len(shown) > LINES_SHOWN:
        lines.append(f"... and {len(shown) - LINES_SHOWN:,} notes more")
    if report.skipped:
        kinds = ", ".join(f"{name or 'no ending'} {count:,}" for name, count in sorted(report.skipped.items()))
        lines.append(f"Passed over {report.skipped.total():,} other files: {kinds}")
    if not dry_run:
        changes = _listed(
            {"new": report.stories_added, "altered": report.stories_altered, "removed": report.stories_removed}
        )
        lines.append(f"Stories: {changes}")
    if report.doubts:
        lines.append(f"Unsure times: {_listed(dict(sorted(report.doubts.items())))} (kept, marked in date_quality)")
    if report.unknown_fields:
        top = ", ".join(f"{name} {count:,}" for name, count in report.unknown_fields.most_common(5))
        more = "" if len(report.unknown_fields) <= 5 else f" and {len(report.unknown_fields) - 5} more"
        lines.append(f"Unknown fields, not loaded: {top}{more}")
    if report.events is not None:
        events = report.events
        lines.append(
            f"Events: {events.events:,} of {events.stories:,} stories, {events.copies:,} copies ({events.origin})"
        )
        if events.uncovered:
            why = ", because a researcher gave the events" if events.origin == "imported" else ""
            lines.append(f"Without an event: {events.uncovered:,}{why}; newsgraph events build derives all anew")
    if not (dry_run or report.nothing):
        lines.append(f"Store: {store_url}")
    return lines


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing"
