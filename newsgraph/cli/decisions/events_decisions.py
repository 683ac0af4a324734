"""``newsgraph events join|split|move|leave-out|rename``: decisions that every later derivation follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.decisions.deciding import decide, decision_options

if TYPE_CHECKING:
    from newsgraph.graph.corrections import Decision
    from newsgraph.graph.stores.protocol import Store


_ALONG = click.option(
    "--along", is_flag=True, help="Let the stories that are nearest in text go along; else only copies do."
)


@click.command("join")
@click.argument("things", nargs=-1, required=True, metavar="EVENT_OR_STORY...")
@decision_options
def join(things: tuple[str, ...], **options: Any) -> None:
    """Decide that these events or stories are one event. Each is named by its id, an address, or words."""

    def make(store: Store) -> list[Decision]:
        from newsgraph.queries.asking import decisions  # noqa: PLC0415

        return [decisions.joined(store, things)]

    decide(make, **options)


@click.command("split")
@click.argument("event")
@click.argument("stories", nargs=-1, required=True, metavar="STORY...")
@click.option("--to", "target", metavar="EVENT", help="The event that they belong to; without it they form their own.")
@_ALONG
@decision_options
def split(event: str, stories: tuple[str, ...], target: str | None, **options: Any) -> None:
    """Decide that these stories don't belong to EVENT. They form an event of their own, or go to another one.

    All other stories of EVENT but copies of these stay in it, and are named in the decision. Stories that are added
    later go where their text draws them. What goes along is listed before anything is written.
    """

    def make(store: Store) -> list[Decision]:
        from newsgraph.queries.asking import decisions  # noqa: PLC0415

        return [decisions.split(store, event, stories, target)]

    decide(make, **options)


@click.command("move")
@click.argument("story")
@click.argument("event")
@_ALONG
@decision_options
def move(story: str, event: str, **options: Any) -> None:
    """Decide that STORY belongs to EVENT, and not to the event that it is in now.

    Copies of it go along, as with split, and are listed.
    """

    def make(store: Store) -> list[Decision]:
        from newsgraph.queries.asking import decisions  # noqa: PLC0415

        return [decisions.moved(store, (story,), event)]

    decide(make, **options)


@click.command("leave-out")
@click.argument("stories", nargs=-1, required=True, metavar="STORY...")
@decision_options
def leave_out(stories: tuple[str, ...], **options: Any) -> None:
    """Decide that these stories belong to no event."""

    def make(store: Store) -> list[Decision]:
        from newsgraph.queries.asking import decisions  # noqa: PLC0415

        return [decisions.left_out(store, stories)]

    decide(make, **options)


@click.command("rename")
@click.argument("event")
@click.argument("name")
@decision_options
def rename(event: str, name: str, **options: Any) -> None:
    """Decide what EVENT is called: the name is shown everywhere in place of a headline."""

    def make(store: Store) -> list[Decision]:
        from newsgraph.queries.asking import decisions  # noqa: PLC0415

        return [decisions.renamed(store, event, name)]

    decide(make, **options)
