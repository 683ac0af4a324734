"""``newsgraph events review``: shows what is most likely to be wrong, for a decision with one key each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from newsgraph.cli.decisions.deciding import writable
from newsgraph.cli.shared.common import AUTHOR_VARIABLE, open_for_reading, store_option
from newsgraph.cli.shared.terminal import tell
from newsgraph.output.safe_text import one_line

if TYPE_CHECKING:
    from newsgraph.graph.corrections import Decision
    from newsgraph.graph.events.review import Suspect
    from newsgraph.graph.stores.protocol import Store

KEYS = "j join   s split   l leave 1 out   c 1 is a copy of 2   enter skip   q quit"
SAMPLE_KEYS = "y it belongs there   n it doesn't   enter skip   q quit"


@click.command("review")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Look at this many at most.")
@click.option(
    "--random",
    "drawn",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="Judge so many stories drawn at random instead, for `events score`.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of --random.")
@click.option("--author", default="", envvar=AUTHOR_VARIABLE, show_envvar=True, help="Who decides.")
@store_option
def review(limit: int, drawn: int | None, seed: int, author: str, store_url: str) -> None:
    """Look at what is most likely to be wrong, the most doubtful of each kind first, and decide with one key each.

    These are: a first story that hardly fits its event; two outlets that are first by minutes; an event that two names
    divide; two events that may be one; very large events. On a terminal they are shown one by one, with both headlines:
    j joins the two, s splits the first off, l leaves it out of every event, c makes it a copy of the second, enter goes
    to the next one, q stops. Each decision is written at once. Without a terminal they are listed, one on each line.
    newsgraph events score LABELS.csv says how right the events are, by labels of your own.

    The weakest say nothing about the rest. With --random, stories are drawn at random: y says that 1 belongs to the
    event of 2, n that it doesn't and takes it out. `newsgraph events score` without labels then says how right all of
    them are. Asked again, it goes on with stories that were not judged; a story that is skipped comes again.
    """
    from newsgraph.graph.events.review import suspects  # noqa: PLC0415
    from newsgraph.graph.events.sampling import sample  # noqa: PLC0415
    from newsgraph.loaders.researcher.correcting import kept_corrections  # noqa: PLC0415
    from newsgraph.queries.ask import check_loaded  # noqa: PLC0415

    def found(store: Store) -> list[Suspect]:
        return (
            suspects(store, limit) if drawn is None else sample(store, kept_corrections(store).corrections, drawn, seed)
        )

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        with open_for_reading(store_url) as store:
            check_loaded(store)
            for one in found(store):
                tell(listed(one))
        return
    with writable(store_url) as store:
        made = reviewed(store, found(store), click.getchar, tell, author)
    tell(f"Decisions made: {made}")


def listed(suspect: Suspect) -> str:
    """Returns a suspect in one line."""
    return (
        f"{suspect.value:.2f}  {suspect.reason.words} ({suspect.stories:,} "
        f"{'story' if suspect.stories == 1 else 'stories'}): "
        f"{one_line(suspect.title)} | {one_line(suspect.other_title)}  {suspect.story} {suspect.other}"
    )


def shown(suspect: Suspect, number: int, count: int) -> Iterator[str]:
    """Yields lines that show a suspect to a person at a terminal."""
    yield f"{number} of {count}: {suspect.reason.words} ({suspect.value:.2f})"
    yield f"  1  {one_line(suspect.title)}"
    yield f"     {suspect.story}"
    yield f"  2  {one_line(suspect.other_title)}"
    yield f"     {suspect.other}"
    yield f"  {keys_of(suspect)}"


def keys_of(suspect: Suspect) -> str:
    """Returns the keys that decide about a suspect, with what each does."""
    from newsgraph.graph.events.review import Reason  # noqa: PLC0415

    return SAMPLE_KEYS if suspect.reason is Reason.SAMPLE else KEYS


def reviewed(
    store: Store, suspects: list[Suspect], key: Callable[[], str], say: Callable[[str], None], author: str = ""
) -> int:
    """Shows the suspects one by one, asks for a key each time, and writes each decision at once. Returns their
    number."""
    from newsgraph.loaders.researcher.correcting import correct, kept_corrections  # noqa: PLC0415

    made = 0
    for number, one in enumerate(suspects, 1):
        for line in shown(one, number, len(suspects)):
            say(line)
        while True:
            pressed = key().lower()
            if pressed in ("q", "\x03", "\x04", "\x1b"):
                return made
            decision = decision_of(store, one, pressed, author)
            if decision is not None or pressed in ("\r", "\n", " ", "k"):
                break
            say(f"  {keys_of(one)}")
        if decision is not None:
            kept = kept_corrections(store)
            for line in kept.remarks:
                say(f"  {line}")
            correct(store, kept.corrections.adding(decision))
            say(f"  {decision.words}")
            made += 1
    return made


def decision_of(store: Store, suspect: Suspect, pressed: str, author: str) -> Decision | None:
    """Returns the decision that a key stands for; None for any other key, and if the decision would change nothing."""
    from newsgraph.graph.events.along import keeping_others  # noqa: PLC0415
    from newsgraph.graph.events.review import Reason  # noqa: PLC0415
    from newsgraph.loaders.researcher.correcting import kept_corrections, signed  # noqa: PLC0415
    from newsgraph.queries.asking import decisions  # noqa: PLC0415

    if suspect.reason is Reason.SAMPLE:
        return _judgement(store, suspect, pressed, author)
    reason = f"review: {suspect.reason.words}"
    if pressed == "j":
        return signed(decisions.one_event(store, (suspect.story, suspect.other)), reason, author)
    if pressed == "s":
        # The two events stay two: they are kept apart, whatever stories are added. Of one on a seam each side goes
        # its way; else only the story itself goes.
        parted = signed(decisions.two_events(store, (suspect.story,), suspect.other), reason, author)
        sides = suspect.reason in (Reason.SEAM, Reason.NEARLY_ONE)
        return parted if sides else keeping_others(store, kept_corrections(store).corrections, parted)
    if pressed == "c":
        return signed(decisions.copied(store, suspect.story, suspect.other), reason, author)
    if pressed == "l" and decisions.event_of(store, suspect.story) is not None:
        return signed(decisions.left_out(store, (suspect.story,)), reason, author)
    return None


def _judgement(store: Store, suspect: Suspect, pressed: str, author: str) -> Decision | None:
    """Returns the answer about a story of a random sample; None for a key that is none."""
    from newsgraph.graph.events.along import keeping_others  # noqa: PLC0415
    from newsgraph.graph.events.sampling import SAMPLE  # noqa: PLC0415
    from newsgraph.loaders.researcher.correcting import kept_corrections, signed  # noqa: PLC0415
    from newsgraph.queries.asking import decisions  # noqa: PLC0415

    if pressed == "y":
        made = decisions.one_event(store, (suspect.story, suspect.other))
        return signed(replace(made, value=SAMPLE), "drawn at random", author)
    if pressed == "n":
        made = decisions.two_events(store, (suspect.story,), suspect.other)
        parted = signed(replace(made, value=SAMPLE), "drawn at random", author)
        return keeping_others(store, kept_corrections(store).corrections, parted)
    return None
