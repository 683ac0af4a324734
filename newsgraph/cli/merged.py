"""``newsgraph merged``: lists what was treated as the same thing, and why."""

from __future__ import annotations

import dataclasses
from itertools import islice
from typing import Any

import click

from newsgraph.cli.shared.answers import answer_options, cut_line, emit, output_of
from newsgraph.cli.shared.common import open_for_reading, store_option


@click.command("merged")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(["address", "record", "outlet"]),
    help="List only this kind; may be repeated.",
)
@store_option
@answer_options
def command(kinds: tuple[str, ...], store_url: str, **options: Any) -> None:
    """List which spellings of addresses, records of several files and names of outlets were treated as the same, and
    why."""
    from newsgraph.loaders.merging.report import Merger, merged  # noqa: PLC0415  # the records come with it

    output = output_of(store_url, **options)
    names = [field.name for field in dataclasses.fields(Merger)]
    with open_for_reading(store_url) as store:
        found = (one for one in merged(store) if not kinds or one.kind in kinds)
        rows = [[getattr(one, name) for name in names] for one in islice(found, output.shown_rows)]
        cut = cut_line(len(rows), None) if next(found, None) is not None else ""
    emit(output, names, rows, cut=cut)
