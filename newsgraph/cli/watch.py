"""``newsgraph watch``: loads what arrives in folders, and reports what is new."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsgraph.cli.load import LINES_SHOWN, SECONDS_TO_WAIT, opened
from newsgraph.cli.shared.common import ended_by_signals, store_option
from newsgraph.cli.shared.terminal import say, show, tell

if TYPE_CHECKING:
    from newsgraph.loaders.watching.news import Condition
    from newsgraph.loaders.watching.webhook import Webhook

#: The milliseconds after which the watching begins even if no file arrives.
BEGINS_AFTER = 1_000


@click.command("watch")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="FOLDER...")
@click.option(
    "--when",
    "conditions",
    multiple=True,
    default=("new",),
    show_default=True,
    metavar="CONDITION",
    help="Report a new event (new), one that now has stories of so many outlets (outlets:3), or an outlet that was "
    "first (first, first:bbc.com). May be given several times.",
)
@click.option(
    "--format", "format", type=click.Choice(["text", "jsonl"]), default="text", help="Lines for people, or JSON lines."
)
@click.option("--webhook", metavar="URL", help="Also post what is new, as JSON, to this address and no other.")
@click.option("--collect/--no-collect", default=None, help="Keep what files once said, as newsgraph load --collect.")
@click.option("--once", is_flag=True, help="Look once and end, for cron.")
@store_option
def command(
    folders: tuple[Path, ...],
    conditions: tuple[str, ...],
    format: str,
    webhook: str | None,
    collect: bool | None,
    once: bool,
    store_url: str,
) -> None:
    """Load what arrives in folders, keep the events up to date, and report what is new.

    The first look into a new store reports nothing, because everything is new then. The store is open only while
    something is loaded; other commands can use it in between. Ctrl-C ends the watching.
    """
    from newsgraph.loaders.watching.news import Condition  # noqa: PLC0415
    from newsgraph.loaders.watching.webhook import Webhook  # noqa: PLC0415

    watching = _Watching(
        folders,
        [Condition.of(text) for text in conditions],
        format == "jsonl",
        None if webhook is None else Webhook(webhook),
        collect,
        store_url,
    )
    if once:
        sys.exit(watching.look())
    arrivals = _arrivals(folders, store_url)
    try:
        with ended_by_signals():
            for _ in arrivals:
                if watching.look() == 130:
                    break
    except KeyboardInterrupt:
        pass
    say("newsgraph: the watching has ended; what was loaded is kept")


class _Watching:
    def __init__(
        self,
        folders: tuple[Path, ...],
        conditions: list[Condition],
        as_json: bool,
        webhook: Webhook | None,
        collect: bool | None,
        store_url: str,
    ) -> None:
        self._folders = folders
        self._conditions = conditions
        self._as_json = as_json
        self._webhook = webhook
        self._collect = collect
        self._store_url = store_url
        self._said: frozenset[str] = frozenset()  # lines of the last look, which are not said again

    def look(self) -> int:
        """Loads files and reports what is new. Returns the exit code that a single look has."""
        from newsgraph.errors import OutputError  # noqa: PLC0415
        from newsgraph.loaders.watching.look import look  # noqa: PLC0415  # heavy

        with opened(self._store_url, False, False, SECONDS_TO_WAIT) as graph:
            seen = look(
                graph.store,
                self._folders,
                self._conditions,
                collect=self._collect,
                wait=SECONDS_TO_WAIT,
                waiting=say,
            )
            if seen.report.nothing:
                graph.close()  # otherwise an empty store would be made
        found = (*seen.report.errors, *seen.notes)
        lines = [line for line in found if line not in self._said]
        self._said = frozenset(found)
        for line in lines[:LINES_SHOWN]:
            say(f"newsgraph: {line}")
        if len(lines) > LINES_SHOWN:
            say(f"newsgraph: ... and {len(lines) - LINES_SHOWN:,} more; newsgraph load --verbose shows them all")
        if seen.began and seen.report.events is not None:
            say(f"newsgraph: events known now: {seen.report.events.events:,}. From here on, news is told")
        for one in seen.news:
            if self._as_json:
                show(json.dumps(one.as_json(), ensure_ascii=False))
            else:
                tell(one.as_line())
        sys.stdout.flush()
        if self._webhook is not None and seen.news:
            try:
                self._webhook.post(seen.news)
            except OutputError as error:
                say(f"newsgraph: {error}")
                return seen.report.exit_code or 1
        return seen.report.exit_code


def _arrivals(folders: tuple[Path, ...], store_url: str) -> Iterator[None]:
    """Yields once at the beginning, and then whenever files changed. Changes during a look are kept for the next
    one."""
    from newsgraph.errors import UsageError  # noqa: PLC0415

    try:
        from watchfiles import Change, watch  # noqa: PLC0415  # optional
    except ImportError as error:
        remedy = "Install it: pip install 'newsgraph[watch]', or use --once"
        raise UsageError("watch", "needs watchfiles", remedy) from error
    store_name = Path(store_url.partition(":")[2] or store_url).name

    def counts(change: Change, path: str) -> bool:
        # The store may be in the folder. Its own files, and hidden ones, don't count as arrived.
        name = Path(path).name
        return not name.startswith(".") and not (store_name and name.startswith(store_name))

    begun = False
    for changes in watch(
        *folders, watch_filter=counts, yield_on_timeout=True, rust_timeout=BEGINS_AFTER, raise_interrupt=True
    ):
        if changes or not begun:
            begun = True
            yield
