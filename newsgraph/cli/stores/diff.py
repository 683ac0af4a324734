"""``newsgraph diff``: shows where two stores or lakes differ."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

import click

from newsgraph.cli.shared.common import open_graph, progress
from newsgraph.cli.shared.terminal import say, tell
from newsgraph.output.safe_text import printable
from newsgraph.output.times import iso

if TYPE_CHECKING:
    from newsgraph.graph.transfer import Difference

_LONGEST = 60


@click.command("diff")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    metavar="LINES",
    help="Print at most so many lines.",
)
@click.pass_context
def command(ctx: click.Context, a: str, b: str, limit: int) -> None:
    """Show where A and B differ: nodes, edges and their properties. Each is a store or the folder of a lake.

    A line begins with - for what only A holds, + for what only B holds, and ~ for what both hold with other properties.
    The times at which files were read are not compared. The exit code is 1 if there is any difference.
    """
    from newsgraph.graph.transfer import differences  # noqa: PLC0415  # keeps --help light

    counts: Counter[str] = Counter()
    with open_graph(a) as one, open_graph(b) as other:
        with progress("Comparing") as advance:
            for difference in differences(one, other, progress=advance):
                counts[difference.type] += 1
                if counts.total() <= limit:
                    tell(line(difference))
        if not counts:
            say(f"{one.url} and {other.url} hold the same graph.")
            return
        kinds = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        more = f" ({counts.total() - limit:,} not shown)" if counts.total() > limit else ""
        say(f"{counts.total():,} differences between {one.url} and {other.url}{more}: {kinds}.")
    ctx.exit(1)


def line(difference: Difference) -> str:
    """Returns one difference on one line, whatever a hostile title contains."""
    sign = "~" if difference.in_a and difference.in_b else "-" if difference.in_a else "+"
    changes = "; ".join(
        f"{name} {_shown(one)} -> {_shown(other)}" for name, (one, other) in difference.properties.items()
    )
    return printable(f"{sign} {difference.type} {' -> '.join(difference.ids)}" + (f": {changes}" if changes else ""))


def _shown(value: object) -> str:
    if value is None:
        return "(absent)"
    text = iso(value) if isinstance(value, datetime) else repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
