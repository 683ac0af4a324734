"""``newsgraph events join|split|move|leave-out|rename``: decisions that every later derivation follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.decisions.deciding import (
    anchor,
    copies_beside,
    decide,
    decision_options,
    event_of,
    story_or_event,
)

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
        from newsgraph.errors import UsageError  # noqa: PLC0415
        from newsgraph.graph.corrections import Decision, Kind  # noqa: PLC0415

        stories = tuple(dict.fromkeys(story_or_event(store, one) for one in things))
        if len(stories) < 2:
            raise UsageError("EVENT_OR_STORY", "one thing alone can't be joined", "Name two events or stories")
        return [Decision(Kind.JOIN, stories)]

    decide(make, **options)


@click.command("split")
@click.argument("event")
@click.argument("stories", nargs=-1, required=True, metavar="STORY...")
@click.option("--to", "target", metavar="EVENT", help="The event that they are of instead; else they form their own.")
@_ALONG
@decision_options
def split(event: str, stories: tuple[str, ...], target: str | None, **options: Any) -> None:
    """Decide that these stories are not of EVENT. They form an event of their own, or go to another one.

    All other stories of EVENT but copies of these stay in it, and are named in the decision; stories that come later go
    where their text draws them. What goes along is listed before anything is written.
    """

    def make(store: Store) -> list[Decision]:
        from newsgraph.errors import UsageError  # noqa: PLC0415
        from newsgraph.graph.corrections import Decision, Kind  # noqa: PLC0415
        from newsgraph.queries.asking.names import resolve_event, resolve_story  # noqa: PLC0415

        id = resolve_event(store, event)
        named = tuple(dict.fromkeys(resolve_story(store, one, event=id) for one in stories))
        strange = [story for story in named if event_of(store, story) != id]
        if strange:
            raise UsageError(strange[0], "is no story of that event", f"newsgraph ask coverage {id} lists its stories")
        rest = anchor(store, id, (*named, *copies_beside(store, named))) or anchor(store, id, named)
        if target is not None:
            return [_moved(store, named, target)]
        if rest is None:
            raise UsageError("STORY", "these are all stories of the event", "Leave one of them out")
        return [Decision(Kind.SPLIT, named, apart=(rest,))]

    decide(make, **options)


@click.command("move")
@click.argument("story")
@click.argument("event")
@_ALONG
@decision_options
def move(story: str, event: str, **options: Any) -> None:
    """Decide that STORY is of EVENT, and not of the event that it is in now. What goes along is listed, as by split."""

    def make(store: Store) -> list[Decision]:
        from newsgraph.queries.asking.names import resolve_story  # noqa: PLC0415

        return [_moved(store, (resolve_story(store, story),), event)]

    decide(make, **options)


def _moved(store: Store, stories: tuple[str, ...], event: str) -> Decision:
    from newsgraph.errors import UsageError  # noqa: PLC0415
    from newsgraph.graph.corrections import Decision, Kind  # noqa: PLC0415

    to = story_or_event(store, event)
    target = event_of(store, to)
    left = {event_of(store, story) for story in stories} - {None, target}
    if to in stories or not (left or target is None or any(event_of(store, one) is None for one in stories)):
        raise UsageError(event, "is the event that the story is in", "Name another event, or a story of it")
    beside = (*stories, *copies_beside(store, stories))
    rest = [one for one in (anchor(store, id, beside) for id in sorted(id for id in left if id)) if one]
    return Decision(Kind.MOVE, stories, to=to, apart=tuple(rest))


@click.command("leave-out")
@click.argument("stories", nargs=-1, required=True, metavar="STORY...")
@decision_options
def leave_out(stories: tuple[str, ...], **options: Any) -> None:
    """Decide that these stories are of no event."""

    def make(store: Store) -> list[Decision]:
        from newsgraph.graph.corrections import Decision, Kind  # noqa: PLC0415
        from newsgraph.queries.asking.names import resolve_story  # noqa: PLC0415

        return [Decision(Kind.LEAVE_OUT, tuple(dict.fromkeys(resolve_story(store, one) for one in stories)))]

    decide(make, **options)


@click.command("rename")
@click.argument("event")
@click.argument("name")
@decision_options
def rename(event: str, name: str, **options: Any) -> None:
    """Decide what EVENT is called: the name is shown everywhere in place of a headline."""

    def make(store: Store) -> list[Decision]:
        from newsgraph.graph.corrections import Decision, Kind  # noqa: PLC0415

        return [Decision(Kind.RENAME, (story_or_event(store, event),), value=" ".join(name.split()))]

    decide(make, **options)
