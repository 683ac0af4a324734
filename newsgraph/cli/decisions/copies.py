"""``newsgraph copies``: decisions about which story is a copy of which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.decisions.deciding import decide, decision_options
from newsgraph.cli.shared.common import Group

if TYPE_CHECKING:
    from newsgraph.graph.corrections import Decision
    from newsgraph.graph.stores.protocol import Store


@click.group("copies", cls=Group)
def command() -> None:
    """Decide which story is a copy of which. newsgraph ask copies lists those that were found by their texts."""


@command.command("mark")
@click.argument("story")
@click.argument("original")
@decision_options
def mark(story: str, original: str, **options: Any) -> None:
    """Decide that STORY is a copy of ORIGINAL, so that it isn't ranked as a first."""

    def make(store: Store) -> list[Decision]:
        from newsgraph.queries.asking import decisions  # noqa: PLC0415

        return [decisions.copied(store, story, original)]

    decide(make, **options)


@command.command("clear")
@click.argument("stories", nargs=-1, required=True, metavar="STORY...")
@decision_options
def clear(stories: tuple[str, ...], **options: Any) -> None:
    """Decide that these stories are not copies."""

    def make(store: Store) -> list[Decision]:
        from newsgraph.queries.asking import decisions  # noqa: PLC0415

        return [decisions.no_copies(store, stories)]

    decide(make, **options)
