"""Decisions as a person words them: stories and events are named as everywhere, and become addresses that last.

The command line and the pages of the server make their decisions here. Every function raises what naming raises
(UnknownNameError, AmbiguousNameError, UsageError), and UsageError for what can't be decided.
"""

from __future__ import annotations

from collections.abc import Sequence

from newsgraph.errors import UnknownNameError, UsageError
from newsgraph.graph.corrections import Decision, Kind
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.asking.find import is_address
from newsgraph.queries.asking.names import resolve_event, resolve_story


def joined(store: Store, things: Sequence[str]) -> Decision:
    """These events or stories are one event."""
    stories = tuple(dict.fromkeys(story_or_event(store, one) for one in things))
    if len(stories) < 2:
        raise UsageError("EVENT_OR_STORY", "one thing alone can't be joined", "Name two events or stories")
    return Decision(Kind.JOIN, stories)


def one_event(store: Store, stories: Sequence[str]) -> Decision:
    """These stories are of one event."""
    return Decision(Kind.JOIN, tuple(dict.fromkeys(resolve_story(store, one) for one in stories)))


def two_events(store: Store, stories: Sequence[str], other: str) -> Decision:
    """These stories are of another event than the other story, whatever stories come."""
    return Decision(
        Kind.SPLIT, tuple(resolve_story(store, one) for one in stories), apart=(resolve_story(store, other),)
    )


def split(store: Store, event: str, stories: Sequence[str], target: str | None = None) -> Decision:
    """These stories are not of the event: they form one of their own, or go to the one of ``target``."""
    id = resolve_event(store, event)
    named = tuple(dict.fromkeys(resolve_story(store, one, event=id) for one in stories))
    strange = [story for story in named if event_of(store, story) != id]
    if strange:
        raise UsageError(strange[0], "is no story of that event", f"newsgraph ask coverage {id} lists its stories")
    rest = anchor(store, id, (*named, *copies_beside(store, named))) or anchor(store, id, named)
    if target is not None:
        return moved(store, named, target)
    if rest is None:
        raise UsageError("STORY", "these are all stories of the event", "Leave one of them out")
    return Decision(Kind.SPLIT, named, apart=(rest,))


def moved(store: Store, stories: Sequence[str], event: str) -> Decision:
    """These stories, ids or addresses, are of the event, and not of those that they are in now."""
    named = tuple(dict.fromkeys(resolve_story(store, one) for one in stories))
    to = story_or_event(store, event)
    target = event_of(store, to)
    left = {event_of(store, story) for story in named} - {None, target}
    if to in named or not (left or target is None or any(event_of(store, one) is None for one in named)):
        raise UsageError(event, "is the event that the story is in", "Name another event, or a story of it")
    beside = (*named, *copies_beside(store, named))
    rest = [one for one in (anchor(store, id, beside) for id in sorted(id for id in left if id)) if one]
    return Decision(Kind.MOVE, named, to=to, apart=tuple(rest))


def left_out(store: Store, stories: Sequence[str]) -> Decision:
    """These stories are of no event."""
    return Decision(Kind.LEAVE_OUT, tuple(dict.fromkeys(resolve_story(store, one) for one in stories)))


def renamed(store: Store, event: str, name: str) -> Decision:
    """The event is called by that name."""
    return Decision(Kind.RENAME, (story_or_event(store, event),), value=" ".join(name.split()))


def copied(store: Store, story: str, original: str) -> Decision:
    """The story is a copy of the original."""
    one, other = resolve_story(store, story), resolve_story(store, original)
    if one == other:
        raise UsageError(story, "is the original itself", "Name two stories")
    return Decision(Kind.COPY, (one,), to=other)


def no_copies(store: Store, stories: Sequence[str]) -> Decision:
    """These stories are no copies."""
    return Decision(Kind.NO_COPY, tuple(dict.fromkeys(resolve_story(store, one) for one in stories)))


def dated(store: Store, story: str, time: str) -> Decision:
    """The story was published at that time."""
    return Decision(Kind.DATE, (resolve_story(store, story),), value=time)


def anchor(store: Store, event: str, without: Sequence[str] = ()) -> str | None:
    """The story that stands for an event in a decision: the one that fits it best, those of ``without`` left out. None
    where no other is there."""
    edges = sorted(
        (-float(str(edge.properties["score"])), edge.start)
        for edge in store.edges("COVERS", ends=[event])
        if edge.start not in without
    )
    return edges[0][1] if edges else None


def copies_beside(store: Store, stories: Sequence[str]) -> list[str]:
    """The copies of these stories, their originals, and the other copies of those."""
    originals = {edge.end for edge in store.edges("COPY_OF", starts=sorted(stories))} | set(stories)
    copies = {edge.start for edge in store.edges("COPY_OF", ends=sorted(originals))}
    return sorted((originals | copies) - set(stories))


def event_of(store: Store, story: str) -> str | None:
    """The event that a story covers; None where it has none."""
    edge = next(iter(store.edges("COVERS", starts=[story])), None)
    return edge.end if edge else None


def story_or_event(store: Store, given: str) -> str:
    """The story that is meant by an address, an id, or words of its title; of an event that is meant, one that stands
    for it."""
    if is_address(given):
        return resolve_story(store, given)
    story = anchor(store, resolve_event(store, given))
    if story is None:
        raise UnknownNameError(given, "that event has no story", "Load again")
    return story
