"""Makes decisions from what a person gives: names of stories and events become addresses, which stay valid.

The command line and the pages of the server make their decisions here. Every function raises what finding names raises
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
    """Decides that these events or stories are one event."""
    stories = tuple(dict.fromkeys(story_or_event(store, one) for one in things))
    if len(stories) < 2:
        raise UsageError("EVENT_OR_STORY", "one thing alone can't be joined", "Name two events or stories")
    return Decision(Kind.JOIN, stories)


def one_event(store: Store, stories: Sequence[str]) -> Decision:
    """Decides that these stories belong to one event."""
    return Decision(Kind.JOIN, tuple(dict.fromkeys(resolve_story(store, one) for one in stories)))


def two_events(store: Store, stories: Sequence[str], other: str) -> Decision:
    """Decides that these stories and the other story belong to different events, whatever stories are added."""
    return Decision(
        Kind.SPLIT, tuple(resolve_story(store, one) for one in stories), apart=(resolve_story(store, other),)
    )


def split(store: Store, event: str, stories: Sequence[str], target: str | None = None) -> Decision:
    """Decides that these stories don't belong to the event. They form one of their own, or go to the event
    ``target``."""
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
    """Decides that these stories, ids or addresses, belong to the event, and not to those that they are in now."""
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
    """Decides that these stories belong to no event."""
    return Decision(Kind.LEAVE_OUT, tuple(dict.fromkeys(resolve_story(store, one) for one in stories)))


def renamed(store: Store, event: str, name: str) -> Decision:
    """Decides that the event has this name."""
    return Decision(Kind.RENAME, (story_or_event(store, event),), value=" ".join(name.split()))


def copied(store: Store, story: str, original: str) -> Decision:
    """Decides that the story is a copy of the original."""
    one, other = resolve_story(store, story), resolve_story(store, original)
    if one == other:
        raise UsageError(story, "is the original itself", "Name two stories")
    return Decision(Kind.COPY, (one,), to=other)


def no_copies(store: Store, stories: Sequence[str]) -> Decision:
    """Decides that these stories are not copies."""
    return Decision(Kind.NO_COPY, tuple(dict.fromkeys(resolve_story(store, one) for one in stories)))


def dated(store: Store, story: str, time: str) -> Decision:
    """Decides that the story was published at that time."""
    return Decision(Kind.DATE, (resolve_story(store, story),), value=time)


def anchor(store: Store, event: str, without: Sequence[str] = ()) -> str | None:
    """Returns the story that stands for an event in a decision: the one that fits it best and isn't in ``without``.

    None if there is no such story.
    """
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
    """Returns the event of a story; None if it has none."""
    edge = next(iter(store.edges("COVERS", starts=[story])), None)
    return edge.end if edge else None


def story_or_event(store: Store, given: str) -> str:
    """Returns the story that is meant by an address, an id, or words of its title. If an event is meant, it is a story
    that stands for it."""
    if is_address(given):
        return resolve_story(store, given)
    story = anchor(store, resolve_event(store, given))
    if story is None:
        raise UnknownNameError(given, "that event has no story", "Load again")
    return story
