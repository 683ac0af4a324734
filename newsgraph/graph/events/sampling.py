"""Stories drawn at random, whose events a person judges one by one: they tell how right all events are.

A review that shows the weakest events first says nothing about the others, because those that it shows were chosen for
being weak. A random sample does. What is drawn are stories that are no copies, of events of at least two such stories;
copies are left out because their events are right too easily. Each is shown beside the most typical other story of its
event. The share of stories that belong there is estimated with Wilson's interval (1927).

The order of drawing is that of a hash of the story's id: the same for the same seed, and it stays when stories are
added. So a sample can be continued at any time. Each answer is kept as a decision, a join or a split, whose ``value``
is :data:`SAMPLE`. Stories that another decision is about are not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from newsgraph.graph.corrections import Corrections, Kind
from newsgraph.graph.events.review import Reason, Suspect
from newsgraph.graph.events.sync import StoreStories, read_derivation, stories_named
from newsgraph.graph.stores.protocol import Store

if TYPE_CHECKING:
    from newsgraph.graph.events import Derivation

#: The ``value`` of decisions that answer about a story of the sample.
SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class Judged:
    """The answers so far. ``right`` of ``judged`` stories belong to their event; ``drawn_from`` is the number of
    stories that could be drawn, those that were judged among them. ``others`` is the number of decisions about events
    that are no answers about the sample: they say nothing about the stories that nobody looked at."""

    right: int
    judged: int
    drawn_from: int
    others: int


def sample(store: Store, decided: Corrections, number: int, seed: int = 0) -> list[Suspect]:
    """Returns the next stories to judge, in the order of drawing; fewer if there are no more. ``decided`` are the
    decisions that hold for the store."""
    derivation = read_derivation(store)
    typical = _typical(derivation)
    taken = set(stories_named(store, [*_sampled(decided), *_otherwise(decided)]).values())
    drawn = sorted((story for story in typical if story not in taken), key=lambda one: _place(one, seed))[:number]
    texts = {
        one.id: one.title for one in StoreStories(store).stories(sorted({*drawn, *(typical[one][0] for one in drawn)}))
    }
    sizes = {member.story_id: (event.id, len(event.members)) for event in derivation.events for member in event.members}
    return [
        Suspect(
            Reason.SAMPLE, round(typical[story][1], 4), *sizes[story], story, texts.get(story, ""), typical[story][0],
            texts.get(typical[story][0], ""),
        )
        for story in drawn
    ]  # fmt: skip


def judged(store: Store, decided: Corrections, states: Sequence[str]) -> Judged:
    """Counts the answers among a store's decisions. ``states`` says for each of them whether it ``holds``; answers that
    a later decision overrules, or whose stories are gone, don't count."""
    holding = [one for one, state in zip(decided, states, strict=True) if one.value == SAMPLE and state == "holds"]
    # Of two answers about one story, the later one is meant.
    answers = {one.stories[0]: one.kind is Kind.JOIN for one in holding if one.kind in (Kind.JOIN, Kind.SPLIT)}
    others = set(stories_named(store, _otherwise(decided)).values())
    told = set(stories_named(store, list(answers)).values())
    able = set(_typical(read_derivation(store))) - others
    about = [one for one in decided if one.value != SAMPLE and not one.kind.of_outlets and one.kind is not Kind.DATE]
    return Judged(sum(answers.values()), len(answers), len(able | told), len(about))


def _sampled(decided: Corrections) -> list[str]:
    return [one.stories[0] for one in decided if one.value == SAMPLE and one.stories]


def _otherwise(decided: Corrections) -> list[str]:
    """Returns the addresses of stories that decisions beside the sample are about."""
    return [address for one in decided if one.value != SAMPLE for address in one.addresses]


def _typical(derivation: Derivation) -> Mapping[str, tuple[str, float]]:
    """Returns each story that can be drawn: the story that fits its event best beside it, and how well it fits
    itself."""
    copies = {copy.story_id for copy in derivation.copies}
    found = {}
    for event in derivation.events:
        members = sorted((m for m in event.members if m.story_id not in copies), key=lambda m: (-m.score, m.story_id))
        for member in members if len(members) > 1 else ():
            other = members[1] if member is members[0] else members[0]
            found[member.story_id] = (other.story_id, member.score)
    return found


def _place(story: str, seed: int) -> bytes:
    return blake2b(f"{seed} {story}".encode("utf-8", "surrogatepass"), digest_size=8).digest()


__all__ = ["SAMPLE", "Judged", "judged", "sample"]
