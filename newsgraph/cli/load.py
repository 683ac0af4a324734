"""``newsgraph load``: loads files and folders into the store."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

import click

from newsgraph.cli.shared.common import store_option
from newsgraph.cli.shared.load_progress import load_progress
from newsgraph.cli.shared.terminal import say, tell

if TYPE_CHECKING:
    from newsgraph.api import Graph
    from newsgraph.loaders.load_report import LoadReport

#: The number of error lines that are printed one by one, so that a folder of broken files doesn't fill the screen.
LINES_SHOWN = 20
#: The number of files that are named one by one if they are of another kind for the same reason.
FILES_NAMED = 3
#: The number of hosts that are named if they became outlets of their own.
HOSTS_NAMED = 5
#: The seconds for which another load into the same server is waited for.
SECONDS_TO_WAIT = 600.0
#: The seconds between two attempts to open a store that another process writes to.
SECONDS_BETWEEN_LOOKS = 0.5


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
    "--corrections",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="CSV of decisions about events, copies and times; replaces the store's. Kept in the store and beside it.",
)
@click.option(
    "--map",
    "columns",
    metavar="FIELD=COLUMN,...",
    help="Columns of tables (CSV, TSV) with unknown headers: title=headline,url=link. Kept in the store.",
)
@click.option(
    "--site",
    metavar="URL",
    help="Web address of the site that is made from the files (Hugo, Jekyll, Zola), if its settings don't give it. "
    "Kept in the store.",
)
@click.option(
    "--authors/--no-authors",
    default=None,
    help="Keep the names in bylines, or leave them out and remove those already there. Kept in the store.",
)
@click.option("--no-events", is_flag=True, help="Leave the events as they are.")
@click.option(
    "--semantic/--no-semantic",
    default=None,
    help="Let a sentence model help to tell events apart; needs newsgraph[semantic]. Kept in the store.",
)
@click.option(
    "--collect/--no-collect",
    default=None,
    help="Keep what the folder's files once said until it is forgotten: for feeds that are fetched again and again. "
    "Kept in the store.",
)
@click.option(
    "--keep-versions/--no-keep-versions",
    default=None,
    help="Keep the earlier headlines and excerpts of stories that are edited (see: newsgraph ask changes). "
    "Kept in the store.",
)
@click.option("--keep-missing", is_flag=True, help="Keep what files said that are no longer in the folder.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, write nothing.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write what was done as JSON: counts, and every error with its file, line and field.",
)
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="How long to wait for another process that writes to the store; default: 600 on a server, otherwise 0.",
)
@click.option("--force", is_flag=True, help="Use a server's database although another application has nodes in it.")
@click.option("-v", "--verbose", is_flag=True, help="Show every error and note, not only the first ones.")
@store_option
def command(
    paths: tuple[Path, ...],
    label: str | None,
    outlets: Path | None,
    corrections: Path | None,
    columns: str | None,
    site: str | None,
    authors: bool | None,
    no_events: bool,
    semantic: bool | None,
    collect: bool | None,
    keep_versions: bool | None,
    keep_missing: bool,
    dry_run: bool,
    report_file: Path | None,
    wait: float | None,
    force: bool,
    verbose: bool,
    store_url: str,
) -> None:
    """Load article files and folders into the store, then derive events.

    All files in a folder are read. Loading the folder again updates the store: new and edited files are read, and what
    deleted files said is removed. Files that can't be read are reported with what to do, and the exit code is then 1;
    everything else is loaded.
    """
    began = monotonic()
    with _interruptible(), opened(store_url, dry_run, force, wait or 0) as graph, load_progress() as steps:
        report = graph.load(
            paths,
            label=label,
            outlets=outlets,
            corrections=corrections,
            columns=None if columns is None else _read_map(columns),
            site=site,
            authors=authors,
            events=not no_events,
            semantic=semantic,
            collect=collect,
            keep_versions=keep_versions,
            keep_missing=keep_missing,
            dry_run=dry_run,
            steps=steps,
            wait=SECONDS_TO_WAIT if wait is None else wait,
            waiting=say,
        )
        if report.nothing:
            graph.close()  # otherwise an empty store would be made
    say_errors(report, verbose=verbose)
    for line in summary(report, store_url, dry_run=dry_run, verbose=verbose):
        tell(line)
    if report_file is not None:
        _write(report_file, report, store_url, dry_run, monotonic() - began)
    sys.exit(report.exit_code)


def _read_map(written: str) -> dict[str, str]:
    from newsgraph.loaders.formats.tables import read_map  # noqa: PLC0415  # only where columns are named

    return read_map(written)


def opened(store_url: str, dry_run: bool, force: bool, wait: float) -> Graph:
    """Returns the graph to load into. Another process that writes to it is waited for."""
    import newsgraph  # noqa: PLC0415  # the records and a store come with it
    from newsgraph.errors import StoreBusyError, StoreMissingError  # noqa: PLC0415

    until, told = monotonic() + wait, False
    while True:
        try:
            return newsgraph.open(store_url, create=not dry_run, readonly=dry_run, force=force)
        except StoreMissingError:
            if not dry_run:
                raise
            return newsgraph.open("networkx:")
        except StoreBusyError as error:
            if monotonic() >= until:
                raise
            if not told:
                say(f"newsgraph: {error.subject}: {error.problem}. Waiting up to {wait:,.0f} s")
                told = True
            sleep(SECONDS_BETWEEN_LOOKS)


def _write(target: Path, report: LoadReport, store_url: str, dry_run: bool, seconds: float) -> None:
    """Writes the report as JSON and replaces an older one."""
    from newsgraph.output.atomic_files import file_target  # noqa: PLC0415

    said = {"store": store_url, "dry_run": dry_run, "seconds": round(seconds, 3), **report.as_json()}
    with file_target(target, force=True) as stream:
        stream.write(json.dumps(said, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Handles Ctrl-C where the load itself doesn't: while files are looked for, or events are derived."""
    try:
        yield
    except KeyboardInterrupt:
        say("newsgraph: stopped; what was loaded and saved is kept. Load again to go on")
        sys.exit(130)


def say_errors(report: LoadReport, *, verbose: bool) -> None:
    """Prints the first lines about files that can't be read, or all."""
    for line in report.errors if verbose else report.errors[:LINES_SHOWN]:
        say(f"newsgraph: {line}")
    if len(report.errors) > LINES_SHOWN and not verbose:
        say(f"newsgraph: ... and {len(report.errors) - LINES_SHOWN:,} more; --verbose shows them all")


def summary(report: LoadReport, store_url: str, *, dry_run: bool = False, verbose: bool = False) -> list[str]:
    """Returns lines for people about what a load did."""
    lines = files_read(report, "Would load" if dry_run else "Loaded", columns=dry_run, verbose=verbose)
    if not dry_run:
        changes = _listed(
            {"new": report.stories_added, "altered": report.stories_altered, "removed": report.stories_removed}
        )
        lines.append(f"Stories: {changes}")
    lines.extend(own_hosts(report))
    if report.reworded:
        lines.append(f"Edited headlines or excerpts: {report.reworded:,} (newsgraph ask changes)")
    if report.doubts:
        lines.append(f"Unsure times: {_listed(dict(sorted(report.doubts.items())))} (kept, marked in date_quality)")
    lines.extend(unknown_fields(report))
    lines.extend(_events(report))
    if not (dry_run or report.nothing):
        lines.append(f"Store: {store_url}")
    return lines


def own_hosts(report: LoadReport) -> Iterator[str]:
    """Yields a line about the hosts that became outlets of their own, and one about those that ceased to be."""
    if report.own_hosts:
        named = [f"{one.host} ({one.name})" for one in report.own_hosts]
        yield f"Outlets of their own, by the names in their stories: {_first(named)}; newsgraph outlets says why"
    if report.joined_hosts:
        yield f"No longer outlets of their own: {_first(report.joined_hosts)}"


def _first(names: Sequence[str]) -> str:
    more = f", and {len(names) - HOSTS_NAMED:,} more" if len(names) > HOSTS_NAMED else ""
    return ", ".join(names[:HOSTS_NAMED]) + more


def files_read(report: LoadReport, done: str, *, columns: bool, verbose: bool) -> list[str]:
    """Returns lines about files: how many were read (``done`` says it), and what was found out about them. ``columns``:
    also how those of tables were read."""
    files = _listed(
        {
            "read": report.read,
            "unchanged": report.unchanged,
            "gone": report.gone,
            "of another kind": report.other_kinds,
            "failed": report.failed,
        }
    )
    lines = [f"{done} {_files(report.found)}: {files}"]
    if report.stopped:
        lines.insert(0, "Stopped; what was loaded is kept. Load again to go on")
    lines.extend(_notes(report, columns=columns, verbose=verbose))
    if report.skipped:
        kinds = ", ".join(f"{name or 'no ending'} {count:,}" for name, count in sorted(report.skipped.items()))
        lines.append(f"Passed over {_files(report.skipped.total(), 'other ')}: {kinds}")
    return lines


def _files(number: int, kind: str = "") -> str:
    return f"{number:,} {kind}{'file' if number == 1 else 'files'}"


def unknown_fields(report: LoadReport) -> Iterator[str]:
    """Yields a line about the most frequent fields that were not loaded, if there are any."""
    if report.unknown_fields:
        top = ", ".join(f"{name} {count:,}" for name, count in report.unknown_fields.most_common(5))
        more = "" if len(report.unknown_fields) <= 5 else f" and {len(report.unknown_fields) - 5} more"
        yield f"Unknown fields, not loaded: {top}{more}"


def _notes(report: LoadReport, *, columns: bool, verbose: bool) -> list[str]:
    """Returns what was found out about files. How columns were read only matters before a load."""
    shown = report.notes if columns else [note for note in report.notes if ": columns: " not in note]
    shown = [*_others(report, verbose=verbose), *shown]
    if verbose or len(shown) <= LINES_SHOWN:
        return shown
    return [*shown[:LINES_SHOWN], f"... and {len(shown) - LINES_SHOWN:,} notes more; --verbose shows them all"]


def _events(report: LoadReport) -> Iterator[str]:
    """Yields lines about the events, if they were derived."""
    events = report.events
    if events is None:
        return
    yield str(events)
    if events.uncovered:
        why = ", because a researcher gave the events" if events.origin == "imported" else ""
        yield f"Without an event: {events.uncovered:,}{why}; newsgraph events build derives all anew"


def _others(report: LoadReport, *, verbose: bool) -> Iterator[str]:
    """Yields a line for each file of another kind; if many are so for the same reason, one line for all of them."""
    for reason, files in report.others.items():
        if verbose or len(files) <= FILES_NAMED:
            yield from (f"{file}: of another kind: {reason}" for file in files)
        else:
            yield f"{files[0]} and {len(files) - 1:,} more: of another kind: {reason}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing"
