"""Shared by all commands that decide something: naming stories and events, showing what will change, writing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.shared.common import AUTHOR_VARIABLE, open_for_reading, store_option
from newsgraph.cli.shared.terminal import say, tell

if TYPE_CHECKING:
    from newsgraph.graph.corrections import Corrections, Decision
    from newsgraph.graph.stores.protocol import Store

#: The seconds for which another command that decides is waited for.
SECONDS_TO_WAIT = 600.0


def decision_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--why``, ``--author``, ``--yes``, ``--dry-run`` and ``--store``. They are passed as ``reason``,
    ``author``, ``yes``, ``dry_run`` and ``store_url``."""
    options = (
        click.option("--why", "reason", default="", metavar="TEXT", help="The reason, kept with the decision."),
        click.option("--author", default="", envvar=AUTHOR_VARIABLE, show_envvar=True, help="Who decides."),
        click.option("--yes", is_flag=True, help="Write without asking."),
        click.option("--dry-run", is_flag=True, help="Show what would change, write nothing."),
        store_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@contextmanager
def writable(store_url: str) -> Iterator[Store]:
    """Opens the store, which must not be empty, with its writer's lock."""
    from newsgraph.graph.stores.registry import open_store  # noqa: PLC0415  # keeps --help light
    from newsgraph.graph.stores.writer_lock import writing  # noqa: PLC0415
    from newsgraph.queries.ask import check_loaded  # noqa: PLC0415

    with open_store(store_url, create=False) as store, writing(store, wait=SECONDS_TO_WAIT, waiting=say):
        check_loaded(store)
        yield store


def decide(
    make: Callable[[Store], Sequence[Decision]],
    reason: str,
    author: str,
    yes: bool,
    dry_run: bool,
    store_url: str,
    along: bool = True,
) -> None:
    """Adds the decisions that ``make`` returns to those of the store: shows what changes, asks, and writes. Without
    ``along`` only the stories that are named change their event."""
    from newsgraph.graph.events.along import keeping_others  # noqa: PLC0415
    from newsgraph.loaders.researcher.correcting import signed  # noqa: PLC0415

    def add(store: Store, kept: Corrections) -> Corrections:
        made = [signed(one, reason, author) for one in make(store)]
        return kept.adding(*(one if along else keeping_others(store, kept, one) for one in made))

    change(add, yes, dry_run, store_url)


def change(make: Callable[[Store, Corrections], Corrections], yes: bool, dry_run: bool, store_url: str) -> None:
    """Replaces the store's decisions by those that ``make`` returns for them: shows what changes, asks, and writes."""
    from newsgraph.graph.events.along import along_lines  # noqa: PLC0415
    from newsgraph.graph.events.preview import preview  # noqa: PLC0415
    from newsgraph.loaders.researcher.correcting import contradictions, correct, kept_corrections  # noqa: PLC0415
    from newsgraph.loaders.researcher.outlets_preview import absent_outlets, outlet_of_host, outlets_preview  # noqa: PLC0415
    from newsgraph.queries.ask import check_loaded  # noqa: PLC0415

    with open_for_reading(store_url) if dry_run else writable(store_url) as store:
        check_loaded(store)
        kept = kept_corrections(store)
        for problem in kept.remarks:
            say(f"newsgraph: {problem}")
        wanted = make(store, kept.corrections)
        outlets = outlets_preview(store, wanted)
        seen = preview(store, wanted, outlets.moved)
        known = set(kept.corrections)
        new = [one for one in wanted if one not in known]
        for line in (*outlets.lines(), *seen.lines(), *(line for one in new for line in along_lines(store, seen, one))):
            tell(line)
        if not seen:
            tell("No event changes.")
        for number, missing in absent_outlets(store, wanted).items():
            if wanted.decisions[number - 1] not in known and all(one.id != missing for one in outlets.after):
                part = outlet_of_host(store, missing)
                why = f", its stories are of {part}" if part else ""
                say(f"{missing}: no outlet of the store{why}; the decision waits for one")
        for line in contradictions(seen, kept.corrections, wanted):
            say(line)
        if dry_run:
            tell("Nothing written.")
            return
        confirm(yes)
        correct(store, wanted)
        where = f" ({kept.path})" if kept.path else ""
        tell(f"Decisions: {len(wanted):,}{where}")


def confirm(yes: bool) -> None:
    """Asks a person whether to write, unless ``yes`` is given. Raises UsageError if nobody can answer."""
    from newsgraph.errors import UsageError  # noqa: PLC0415

    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("the decision", "nobody is there to be asked", "Give --yes, or --dry-run to write nothing")
    click.confirm("Write this decision?", abort=True, err=True)
