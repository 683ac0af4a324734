"""``newsgraph dates``: decisions about when stories were published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.decisions.deciding import decide, decision_options
from newsgraph.cli.shared.common import Group

if TYPE_CHECKING:
    from newsgraph.graph.corrections import Decision
    from newsgraph.graph.stores.protocol import Store


@click.group("dates", cls=Group)
def command() -> None:
    """Decide when stories were published. newsgraph ask date-quality shows what is unsure."""


@command.command("set")
@click.argument("story")
@click.argument("time")
@decision_options
def set_(story: str, time: str, **options: Any) -> None:
    """Decide that STORY was published at TIME, such as 2020-06-10T23:05:00Z.

    The time then counts as sure and is marked as corrected. The time that the story's files give is also kept.
    """

    def make(store: Store) -> list[Decision]:
        from newsgraph.queries.asking import decisions  # noqa: PLC0415

        return [decisions.dated(store, story, time)]

    decide(make, **options)
