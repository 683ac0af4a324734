"""``newsgraph corrections``: lists the decisions that hold for a store, and takes them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.decisions.deciding import change
from newsgraph.cli.shared.answers import answer_options, emit_rows, output_of
from newsgraph.cli.shared.common import open_for_reading, store_option
from newsgraph.cli.shared.terminal import say

if TYPE_CHECKING:
    from newsgraph.graph.corrections import Corrections
    from newsgraph.graph.stores.protocol import Store

_COLUMNS = ("number", "kind", "stories", "to", "from", "value", "date", "author", "reason", "state")


@click.command("corrections")
@click.option(
    "--undo", "undone", type=int, multiple=True, metavar="NUMBER", help="Take the decision of that number back."
)
@click.option("--undo-last", is_flag=True, help="Take the last decision back.")
@click.option("--undo-all", is_flag=True, help="Take every decision back.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
@store_option
@answer_options
def command(
    undone: tuple[int, ...],
    undo_last: bool,
    undo_all: bool,
    yes: bool,
    dry_run: bool,
    store_url: str,
    **options: Any,
) -> None:
    """List the decisions that a researcher made about stories, events, copies, times and outlets, or take some
    back.

    The column `state` says whether a decision holds, is overruled by a later one, or waits for a story or an outlet
    that isn't in the store. The decisions are also in a file beside the store, such as news.corrections.csv, one on
    each line. If a line is removed there, it no longer holds from the next command or load on.
    """
    if undone or undo_last or undo_all:

        def without(_store: Store, kept: Corrections) -> Corrections:
            from newsgraph.errors import UsageError  # noqa: PLC0415

            numbers = set(range(1, len(kept) + 1)) if undo_all else {*undone, *((len(kept),) if undo_last else ())}
            wrong = sorted(number for number in numbers if not 1 <= number <= len(kept))
            if wrong:
                there = f"there are {len(kept):,}" if kept else "there is none"
                raise UsageError(
                    "--undo", f"there is no decision {wrong[0]}: {there}", "newsgraph corrections lists them"
                )
            return kept.without(numbers)

        change(without, yes, dry_run, store_url)
        return
    _list(store_url, options)


def _list(store_url: str, options: dict[str, Any]) -> None:
    from newsgraph.loaders.researcher.correcting import decision_states, kept_corrections  # noqa: PLC0415
    from newsgraph.output.safe_text import formula_guarded  # noqa: PLC0415

    output = output_of(store_url, **options)
    with open_for_reading(store_url) as store:
        kept = kept_corrections(store)
        states = decision_states(store, kept.corrections)
    for problem in kept.remarks:
        say(f"newsgraph: {problem}")
    if not kept.corrections:
        say("No decisions. newsgraph events, copies, dates and outlets, each with --help, say how to make some")
    as_kept = formula_guarded if output.format == "csv" and not output.raw else str
    rows = []
    for number, (one, state) in enumerate(zip(kept.corrections, states, strict=True), 1):
        stories, apart = " ".join(one.stories), " ".join(one.apart)
        cells = (one.kind.value, stories, one.to, apart, one.value, one.made_at, one.author, one.reason)
        rows.append((number, *map(as_kept, cells), state))
    emit_rows(output, _COLUMNS, rows)
