"""``newsgraph backup``: writes everything that a store holds to a file."""

from __future__ import annotations

from pathlib import Path

import click

from newsgraph.cli.shared.common import force_option, store_option
from newsgraph.cli.shared.terminal import say


@click.command("backup")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@store_option
@force_option
def command(target: Path, store_url: str, force: bool) -> None:
    """Write everything that the store holds to FILE, and verify it. newsgraph restore FILE restores it.

    For a store in a file, FILE gets the same bytes; for a server it becomes an embedded store. It holds everything that
    the store keeps, including the paths of the loaded folders.
    """
    from newsgraph.graph.backup import back_up  # noqa: PLC0415  # keeps --help light

    kept = back_up(store_url, target, force=force)
    say(f"{target}: {sum(kept.nodes.values()):,} nodes and {sum(kept.edges.values()):,} edges, verified.")
