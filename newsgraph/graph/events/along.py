"""Which stories a decision takes along that it doesn't name, and the same decision without them.

What is split off or moved draws those that are nearest to it in text. A person who names one story rarely means twenty,
so the commands keep the others where they are, unless they are asked to let them go along.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from newsgraph.graph.corrections import Constraints, Corrections, Decision, Kind, constraints_of
from newsgraph.graph.events.preview import Preview, preview
from newsgraph.graph.events.sync import read_derivation, stories_named
from newsgraph.graph.stores.protocol import Store

#: Times that a decision is tried again with more stories kept where they are.
_ROUNDS = 20
#: Stories that go along that are listed.
SHOWN = 20


def going_along(store: Store, seen: Preview, decision: Decision) -> tuple[str, ...]:
    """Returns the stories that change their event with those that a split or a move names, by id; none for other
    decisions. ``seen`` is the preview of it."""
    if decision.kind not in (Kind.SPLIT, Kind.MOVE):
        return ()
    ids = stories_named(store, decision.addresses)
    named = {ids[one] for one in decision.stories if one in ids}
    target = ids.get(decision.to)
    stays = {target} if target else set()
    for event in seen.before:
        if target in event.stories:
            stays.update(event.stories)
    found = {story for event in seen.after if named & set(event.stories) for story in event.stories}
    return tuple(sorted(found - named - stays))


def along_lines(store: Store, seen: Preview, decision: Decision) -> Iterator[str]:
    """Yields lines that tell which stories go along; of many stories the first are named."""
    drawn = going_along(store, seen, decision)
    if not drawn:
        return
    titles = {node.id: str(node.properties.get("title", "")) for node in store.nodes("Story", drawn)}
    count = f"{len(drawn):,} {'story goes' if len(drawn) == 1 else 'stories go'} along"
    yield f"{count} with {'it' if len(decision.stories) == 1 else 'them'}:"
    for story in drawn[:SHOWN]:
        yield f"  {titles.get(story) or story} ({story})"
    if len(drawn) > SHOWN:
        yield f"  and {len(drawn) - SHOWN:,} more"


def keeping_others(store: Store, kept: Corrections, decision: Decision) -> Decision:
    """Returns the decision with all that would go along named as what it is apart from; copies of the named stories,
    and what other decisions join to them, go along all the same."""
    bound = _bound(store, kept, decision)
    for _ in range(_ROUNDS):
        drawn = [one for one in going_along(store, preview(store, kept.adding(decision)), decision) if one not in bound]
        if not drawn:
            return decision
        decision = replace(decision, apart=tuple(dict.fromkeys((*decision.apart, *drawn))))
    return decision


def _bound(store: Store, kept: Corrections, decision: Decision) -> set[str]:
    """The stories that belong with the named ones: their copies and originals, and what decisions join to them."""
    ids = stories_named(store, (*decision.addresses, *kept.addresses))
    near: dict[str, set[str]] = defaultdict(set)
    held: Constraints = constraints_of(kept, ids)
    pairs = [*held.together, *((copy.story_id, copy.original_id) for copy in read_derivation(store).copies)]
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    return _reached({ids[one] for one in decision.stories if one in ids}, near) - _named_apart(decision, ids)


def _reached(start: Iterable[str], near: dict[str, set[str]]) -> set[str]:
    found = set(start)
    waiting = list(found)
    while waiting:
        for other in near[waiting.pop()] - found:
            found.add(other)
            waiting.append(other)
    return found


def _named_apart(decision: Decision, ids: dict[str, str]) -> set[str]:
    return {ids[one] for one in decision.apart if one in ids}
