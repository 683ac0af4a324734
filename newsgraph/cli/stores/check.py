"""``newsgraph check``: verifies that a store is complete and undamaged."""

from __future__ import annotations

import click

from newsgraph.cli.shared.common import open_for_reading, store_option
from newsgraph.cli.shared.terminal import say, tell


@click.command("check")
@store_option
def command(store_url: str) -> None:
    """Read the whole store and verify it: the checksum of its file, the types of all properties, ids, ends of edges.
    Say whether the file of decisions beside it holds other decisions than the store.

    The exit code is 0 if the store is undamaged; otherwise it is 3, and the first fault is shown.
    """
    from newsgraph.graph.backup import check  # noqa: PLC0415  # keeps --help light
    from newsgraph.loaders.researcher.correcting import kept_corrections  # noqa: PLC0415

    with open_for_reading(store_url) as store:
        checked = check(store)
        kept = kept_corrections(store)
    for line in kept.remarks:
        say(f"newsgraph: {line}")
    nodes, edges = sum(checked.nodes.values()), sum(checked.edges.values())
    tell(f"{checked.store}: {nodes:,} nodes and {edges:,} edges are whole.")
