"""``newsgraph copy``: copies a whole graph from one store to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsgraph.cli.shared.common import force_option, open_graph, progress
from newsgraph.cli.shared.terminal import say

if TYPE_CHECKING:
    from newsgraph.graph.stores.protocol import Store


@click.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@force_option
@click.option("--whole", is_flag=True, help="Copy the paths of the loaded folders on this machine too.")
def command(source: str, target: str, force: bool, whole: bool) -> None:
    """Copy the whole graph from the store FROM to the store TO, for example news.kgl to neo4j://localhost. FROM can be
    the folder of a lake, too.

    Afterwards TO holds exactly what FROM holds. Only differences are written, so a copy can be repeated, also after an
    interruption. What only TO holds is removed, but only with --force. newsgraph diff FROM TO checks the result.
    """
    from newsgraph.graph.stores.registry import open_store  # noqa: PLC0415  # keeps --help light
    from newsgraph.graph.transfer import copy  # noqa: PLC0415

    with open_graph(source) as one, open_store(target) as other:
        with progress("Copying") as advance:
            copied = copy(one, other, force=force, whole=whole, progress=advance)
        _keep_beside(other)
        removed = f", {copied.removed:,} removed" if copied.removed else ""
        say(f"{other.url}: {copied.nodes:,} nodes and {copied.edges:,} edges; {copied.written:,} written{removed}.")


def _keep_beside(store: Store) -> None:
    """Writes the researcher's decisions also to the file beside the store, where those of another graph may be."""
    from newsgraph.graph.corpus import Corpus  # noqa: PLC0415
    from newsgraph.graph.corrections import Corrections  # noqa: PLC0415
    from newsgraph.loaders.researcher.corrections_file import file_beside, write_corrections  # noqa: PLC0415

    path = file_beside(store.url)
    decided = Corrections.from_json(Corpus.of(store).corrections)
    if path is not None and (decided or path.exists()):
        write_corrections(decided, path)
