"""``newsgraph forget``: removes sources, and everything that only they said, from the store."""

from __future__ import annotations

import click

from newsgraph.cli.shared.common import store_option
from newsgraph.cli.shared.terminal import tell


@click.command("forget")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--no-events", is_flag=True, help="Leave the events as they are.")
@store_option
def command(sources: tuple[str, ...], no_events: bool, store_url: str) -> None:
    """Remove sources, and everything that only they said, then derive events.

    SOURCE is the id of a source, which is the name of its folder and its path in it, or a pattern: feeds/bbc.xml,
    'feeds/2021-*'. What other sources say, too, stays. A file that is still in its folder is read again by the next
    load.
    """
    import newsgraph  # noqa: PLC0415  # the records and a store come with it

    with newsgraph.open(store_url, create=False) as graph:
        report = graph.forget(*sources, events=not no_events)
    tell(
        f"Forgot {report.gone:,} source{'' if report.gone == 1 else 's'}. Stories: {report.stories_removed:,} removed, "
        f"{report.stories_altered:,} altered"
    )
