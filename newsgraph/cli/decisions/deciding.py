"""Shared by all commands that decide something: naming stories and events, showing what will change, writing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.shared.common import open_for_reading, store_option
from newsgraph.cli.shared.terminal import say, tell

if TYPE_CHECKING:
    from newsgraph.graph.corrections import Corrections, Decision
    from newsgraph.graph.events.preview import Preview
    from newsgraph.graph.stores.protocol import Store

AUTHOR_VARIABLE = "NEWSGRAPH_AUTHOR"
#: How many of the stories that go along with others are listed.
SHOWN_ALONG = 20
#: The seconds for which another command that decides is waited for.
SECONDS_TO_WAIT = 600.0


def decision_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--why``, ``--author``, ``--yes``, ``--dry-run`` and ``--store``: they arrive as ``reason``, ``author``,
    ``yes``, ``dry_run`` and ``store_url``."""
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
    from dataclasses import replace  # noqa: PLC0415

    from newsgraph.errors import UsageError  # noqa: PLC0415
    from newsgraph.graph.events.along import keeping_others  # noqa: PLC0415
    from newsgraph.loaders.researcher.corrections_file import checked  # noqa: PLC0415

    def add(store: Store, kept: Corrections) -> Corrections:
        made = []
        for one in make(store):
            decision = checked(
                replace(one, reason=" ".join(reason.split()), author=" ".join(author.split()), made_at=today())
            )
            if isinstance(decision, str):
                field, _, problem = decision.partition(": ")
                raise UsageError(field.removeprefix("field "), problem)
            made.append(decision if along else keeping_others(store, kept, decision))
        return kept.adding(*made)

    change(add, yes, dry_run, store_url)


def change(make: Callable[[Store, Corrections], Corrections], yes: bool, dry_run: bool, store_url: str) -> None:
    """Replaces the store's decisions by those that ``make`` returns for them: shows what changes, asks, and writes."""
    from newsgraph.graph.events.preview import preview  # noqa: PLC0415
    from newsgraph.loaders.researcher.correcting import correct, kept_corrections  # noqa: PLC0415
    from newsgraph.loaders.researcher.outlets_preview import (  # noqa: PLC0415
        absent_outlets,
        outlet_conflicts,
        outlets_preview,
    )
    from newsgraph.queries.ask import check_loaded  # noqa: PLC0415

    with open_for_reading(store_url) if dry_run else writable(store_url) as store:
        check_loaded(store)
        kept = kept_corrections(store)
        for problem in kept.problems:
            say(f"newsgraph: {problem}")
        wanted = make(store, kept.corrections)
        outlets = outlets_preview(store, wanted)
        seen = preview(store, wanted, outlets.moved)
        known = set(kept.corrections)
        new = [one for one in wanted if one not in known]
        for line in (*outlets.lines(), *seen.lines(), *(line for one in new for line in _along(store, seen, one))):
            tell(line)
        if not seen:
            tell("No event changes.")
        for number, missing in absent_outlets(store, wanted).items():
            if wanted.decisions[number - 1] not in known and all(one.id != missing for one in outlets.after):
                say(f"{missing}: no outlet of the store; the decision waits for one")
        for conflict in (*seen.conflicts, *outlet_conflicts(store, wanted)):
            pair = conflict.overruled, conflict.holding
            if any(wanted.decisions[number - 1] not in known for number in pair):
                one, other = (wanted.decisions[number - 1].words for number in pair)
                say(f"Decisions {pair[0]} ({one}) and {pair[1]} ({other}) contradict each other; the later one holds")
        if dry_run:
            tell("Nothing written.")
            return
        confirm(yes)
        correct(store, wanted)
        where = f" ({kept.path})" if kept.path else ""
        tell(f"Decisions: {len(wanted):,}{where}")


def _along(store: Store, seen: Preview, decision: Decision) -> Iterator[str]:
    """A line for each story that goes along with those that a decision names, of many the first."""
    from newsgraph.graph.events.along import going_along  # noqa: PLC0415

    drawn = going_along(store, seen, decision)
    titles = {node.id: str(node.properties.get("title", "")) for node in store.nodes("Story", drawn)} if drawn else {}
    if drawn:
        count = f"{len(drawn):,} {'story goes' if len(drawn) == 1 else 'stories go'} along"
        yield f"{count} with {'it' if len(decision.stories) == 1 else 'them'}:"
    for story in drawn[:SHOWN_ALONG]:
        yield f"  {titles.get(story) or story} ({story})"
    if len(drawn) > SHOWN_ALONG:
        yield f"  and {len(drawn) - SHOWN_ALONG:,} more"


def confirm(yes: bool) -> None:
    """Asks a person whether to write, unless ``yes`` is given. Raises UsageError if nobody can answer."""
    from newsgraph.errors import UsageError  # noqa: PLC0415

    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("the decision", "nobody is there to be asked", "Give --yes, or --dry-run to write nothing")
    click.confirm("Write this decision?", abort=True, err=True)


def today() -> str:
    """Returns the present date in UTC."""
    return datetime.now(UTC).date().isoformat()


def anchor(store: Store, event: str, without: Sequence[str] = ()) -> str | None:
    """Returns the story that stands for an event in a decision: the one that fits it best and isn't in ``without``.

    None if there is no such story.
    """
    edges = sorted(
        (-float(str(edge.properties["score"])), edge.start)
        for edge in store.edges("COVERS", ends=[event])
        if edge.start not in without
    )
    return edges[0][1] if edges else None


def copies_beside(store: Store, stories: Sequence[str]) -> list[str]:
    """The copies of these stories, their originals, and the other copies of those."""
    originals = {edge.end for edge in store.edges("COPY_OF", starts=sorted(stories))} | set(stories)
    copies = {edge.start for edge in store.edges("COPY_OF", ends=sorted(originals))}
    return sorted((originals | copies) - set(stories))


def event_of(store: Store, story: str) -> str | None:
    """Returns the event of a story; None if it has none."""
    edge = next(iter(store.edges("COVERS", starts=[story])), None)
    return edge.end if edge else None


def story_or_event(store: Store, given: str) -> str:
    """Returns the story that is meant by an address, an id, or words of its title. If an event is meant, it is a story
    that stands for it."""
    from newsgraph.errors import UnknownNameError  # noqa: PLC0415
    from newsgraph.queries.asking.find import is_address  # noqa: PLC0415
    from newsgraph.queries.asking.names import resolve_event, resolve_story  # noqa: PLC0415

    if is_address(given):
        return resolve_story(store, given)
    story = anchor(store, resolve_event(store, given))
    if story is None:
        raise UnknownNameError(given, "that event has no story", "Load again")
    return story
