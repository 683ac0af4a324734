"""``newsgraph find``: finds events, outlets, topics and stories by words."""

from __future__ import annotations

import dataclasses
from typing import Any

import click

from newsgraph.cli.shared.answers import answer_options, emit_some, output_of
from newsgraph.cli.shared.common import open_for_reading, store_option


@click.command("find")
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help="Only event, outlet, topic or story; may be repeated."
)
@store_option
@answer_options
def command(words: tuple[str, ...], kinds: tuple[str, ...], store_url: str, **options: Any) -> None:
    """Find events, outlets, topics and stories that WORDS fit, best first.

    Letter case, accents and punctuation make no difference. Rare words count more than frequent ones.
    """
    from newsgraph.queries.ask import check_loaded  # noqa: PLC0415
    from newsgraph.queries.asking.find import KINDS, Hit, all_hits  # noqa: PLC0415  # keeps --help light

    output = output_of(store_url, **options)
    with open_for_reading(store_url, defer=True) as store:
        check_loaded(store)
        hits = all_hits(store, " ".join(words), kinds=kinds or KINDS)
        shown = hits.best(output.shown_rows)
    names = [field.name for field in dataclasses.fields(Hit)]
    emit_some(output, names, [[getattr(hit, name) for name in names] for hit in shown], len(hits))
