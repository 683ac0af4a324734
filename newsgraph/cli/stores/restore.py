"""``newsgraph restore``: restores a backup."""

from __future__ import annotations

from pathlib import Path

import click

from newsgraph.cli.shared.common import force_option, store_option
from newsgraph.cli.shared.terminal import say


@click.command("restore")
@click.argument("backup", metavar="FILE", type=click.Path(path_type=Path))
@store_option
@force_option
def command(backup: Path, store_url: str, force: bool) -> None:
    """Restore into the store what newsgraph backup wrote to FILE. FILE is verified first.

    A store that holds something is replaced only with --force.
    """
    from newsgraph.graph.backup import restore  # noqa: PLC0415  # keeps --help light

    kept = restore(backup, store_url, force=force)
    say(f"{store_url}: {sum(kept.nodes.values()):,} nodes and {sum(kept.edges.values()):,} edges restored.")
