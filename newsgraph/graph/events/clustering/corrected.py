"""Events that follow a researcher's decisions: only the events that the decisions touch are formed again.

The derivation itself works as if nothing had been decided, so that it stays exact after every change. Afterwards the
events that a decision touches are formed anew. Events that hold two stories which must be together are put into one
pool. Where a pool also holds stories that must be apart, it is agglomerated again by average linkage, from its single
stories, with two kinds of constraints (Davidson and Ravi 2005): stories that must be together begin as one group, and
groups that hold stories which must be apart never merge. Every other story of the pool joins the group whose texts are
most like its own. So a story that is moved takes its nearest neighbours along, and a story that is added later joins
the corrected event.

Two groups merge only if some event of the derivation had stories in both. Stories that were never together are put
together only by a decision. The result depends only on the derivation, the texts and the decisions.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from newsgraph.graph.corrections import Constraints
from newsgraph.graph.events.clustering.derivation import ScoredGroup, lasting, ordered
from newsgraph.graph.events.clustering.distinct_texts import story_order
from newsgraph.graph.events.clustering.undated import copies_of
from newsgraph.graph.events.model import Copy, Derivation, DerivedEvent, EventSettings, StoryText
from newsgraph.graph.events.text.background import Ceilings, ceilings
from newsgraph.graph.events.text.texts import read
from newsgraph.graph.events.text.vectors import UNIT, matrix, vectorise

Float = NDArray[np.float64]
Texts = Callable[[Iterable[str]], Iterable[StoryText]]


@dataclass(frozen=True, slots=True)
class Corrected:
    """The derivation as the decisions want it.

    ``names`` maps an event's id to the name that a decision gives it. ``made`` are the ids of the events that decisions
    made or named. ``replaced`` are the events of the derivation that these took the place of.
    """

    derivation: Derivation
    names: Mapping[str, str]
    made: frozenset[str]
    replaced: tuple[DerivedEvent, ...]


def corrected_events(base: Derivation, texts: Texts, constraints: Constraints, settings: EventSettings) -> Corrected:
    """Returns ``base`` with the constraints applied; ``texts`` reads the texts of those stories that exist."""
    pools = pools_of(base, constraints)
    wanted = {member.story_id for pool in pools for event in pool for member in event.members}
    story_of = {story.id: story for story in texts(sorted(wanted))}
    highest = ceilings(base.background, settings)
    made: list[DerivedEvent] = []
    replaced: list[DerivedEvent] = []
    between: list[Copy] = []
    for pool in pools:
        events, across = formed(pool, base.copies, story_of, constraints, settings, highest)
        between.extend(across)
        before = {event.id: event for event in pool}
        made.extend(event for event in events if before.get(event.id) != event)
        replaced.extend(event for event in pool if event not in events)
    gone = {event.id for event in replaced}
    events = [event for event in base.events if event.id not in gone] + made
    names = names_of(events, constraints)
    copies = copies_kept(base.copies, between, events, wanted, story_of, constraints)
    named = [event for event in base.events if event.id in names and event.id not in gone]
    known = {event.id for event in made}
    whole = ordered(events, copies, base.background, base.siblings)
    return Corrected(
        whole, names, frozenset(known | names.keys()), (*replaced, *(e for e in named if e.id not in known))
    )


def pools_of(base: Derivation, constraints: Constraints) -> list[list[DerivedEvent]]:
    """Returns the events that the constraints touch; events that must be looked at together are in one list."""
    joined = [*constraints.together, *constraints.apart]
    touched = {story for pair in joined for story in pair} | constraints.left_out.keys() | constraints.labels.keys()
    place = {
        member.story_id: index
        for index, event in enumerate(base.events)
        for member in event.members
        if member.story_id in touched
    }
    above = {index: index for index in place.values()}

    def top(index: int) -> int:
        while above[index] != index:
            above[index] = above[above[index]]
            index = above[index]
        return index

    for one, other in constraints.together:
        if one in place and other in place:
            low, high = sorted((top(place[one]), top(place[other])))
            above[high] = low
    pools: dict[int, list[DerivedEvent]] = {}
    for index in sorted(above):
        pools.setdefault(top(index), []).append(base.events[index])
    return [pools[first] for first in sorted(pools)]


def formed(
    pool: Sequence[DerivedEvent],
    copies: Sequence[Copy],
    story_of: Mapping[str, StoryText],
    constraints: Constraints,
    settings: EventSettings,
    highest: Ceilings,
) -> tuple[list[DerivedEvent], list[Copy]]:
    """Returns the events of a pool, and the copies between stories that were of different events before. An event that
    has the same stories as one of the pool stays that event."""
    home = {member.story_id: event for event in pool for member in event.members}
    stories = sorted(
        (story_of[id] for id in home if id in story_of and id not in constraints.left_out), key=story_order
    )
    if not stories:
        return [], []
    groups = Pool(stories, home, constraints, settings, highest).groups()
    same = {frozenset(member.story_id for member in event.members): event for event in pool}
    found: list[DerivedEvent] = []
    between: list[Copy] = []
    for group in groups:
        members = [stories[row] for row in group]
        event = same.get(frozenset(story.id for story in members))
        if event is None:
            ids = {story.id for story in members}
            own = [copy for copy in copies if copy.story_id in ids]
            across = copies_across(members, home, {copy.story_id for copy in own}, settings, highest)
            between.extend(across)
            event = lasting(
                ScoredGroup(tuple(members), tuple(fits(members, settings, highest)), (*own, *across)),
                settings,
            )
        found.append(event)
    return found, between


def copies_across(
    members: Sequence[StoryText],
    home: Mapping[str, DerivedEvent],
    copied: Container[str],
    settings: EventSettings,
    highest: Ceilings,
) -> list[Copy]:
    """The copies among the stories of an event that were of different events before, and no copies there: only what was
    in one event has been compared."""
    if len({home[story.id].id for story in members}) < 2:
        return []
    return [
        copy
        for copy in copies_of(members, settings, highest)
        if copy.story_id not in copied and home[copy.story_id] is not home[copy.original_id]
    ]


class Pool:
    """Stories to be parted into events."""

    def __init__(
        self,
        stories: Sequence[StoryText],
        home: Mapping[str, DerivedEvent],
        constraints: Constraints,
        settings: EventSettings,
        highest: Ceilings,
    ) -> None:
        self.stories = stories
        self.highest = highest
        self.settings = settings
        row_of = {story.id: row for row, story in enumerate(stories)}
        self.group = np.arange(len(stories))
        """For each story, the lowest row of its group."""
        pairs = [(row_of[a], row_of[b]) for a, b in constraints.together if a in row_of and b in row_of]
        for one, other in pairs:
            low, high = sorted((int(self.group[one]), int(self.group[other])))
            self.group[self.group == high] = low
        self.apart = [(row_of[a], row_of[b]) for a, b in constraints.apart if a in row_of and b in row_of]
        numbers = {label: number for number, label in enumerate(sorted(set(constraints.labels.values())))}
        self.labels = np.array(
            [numbers[constraints.labels[s.id]] if s.id in constraints.labels else -1 for s in stories]
        )
        events = {event_id: number for number, event_id in enumerate(sorted({home[s.id].id for s in stories}))}
        self.homes = np.array([events[home[story.id].id] for story in stories])

    def groups(self) -> list[NDArray[np.int64]]:
        """Returns the rows of each group."""
        if self.apart or len(set(self.labels[self.labels >= 0].tolist())) > 1:
            self._agglomerate()
        else:
            self._join_all()
        return [np.flatnonzero(self.group == first) for first in np.unique(self.group)]

    def _join_all(self) -> None:
        """Merges all groups that hold stories of the same event; used when no constraint keeps stories apart."""
        for number in np.unique(self.homes):
            among = np.unique(self.group[self.homes == number])
            self.group[np.isin(self.group, among)] = among[0]

    def _agglomerate(self) -> None:
        firsts, rows = np.unique(self.group, return_inverse=True)
        count = len(firsts)
        spread = np.zeros((count, len(self.stories)))
        spread[rows, np.arange(len(self.stories))] = 1.0
        sizes = spread.sum(axis=1)
        links = spread @ likeness(self.stories, self.settings, self.highest) @ spread.T
        homes = np.zeros((count, int(self.homes.max()) + 1), dtype=bool)
        homes[rows, self.homes] = True
        barred = np.eye(count, dtype=bool)
        for one, other in self.apart:
            barred[rows[one], rows[other]] = barred[rows[other], rows[one]] = True
        label = np.full(count, -1)
        label[rows[self.labels >= 0]] = self.labels[self.labels >= 0]
        barred |= (label[:, None] != label[None, :]) & (label[:, None] >= 0) & (label[None, :] >= 0)
        onto = np.arange(count)
        active = np.ones(count, dtype=bool)
        means = links / np.outer(sizes, sizes)
        shared = (homes.astype(np.int64) @ homes.T.astype(np.int64)) > 0
        means[barred | ~shared] = -1.0
        best = means.argmax(axis=1)
        value = means[np.arange(count), best]
        while True:
            low = int(value.argmax())
            if value[low] < 0.0:
                break
            low, high = sorted((low, int(best[low])))
            # The two groups become one, at the position of the earlier one.
            onto[onto == high] = low
            active[high] = False
            links[low] += links[high]
            links[:, low] = links[low]
            sizes[low] += sizes[high]
            homes[low] |= homes[high]
            barred[low] |= barred[high]
            if label[low] < 0 <= label[high]:
                label[low] = label[high]
            if label[low] >= 0:
                barred[low] |= (label >= 0) & (label != label[low])
            barred[:, low] = barred[low]
            barred[low, low] = True
            fresh = links[low] / (sizes[low] * sizes)
            fresh[barred[low] | ~active | ~(homes @ homes[low])] = -1.0
            means[high] = means[:, high] = -1.0
            means[low] = means[:, low] = fresh
            again = np.flatnonzero(active & ((best == high) | (best == low) | (fresh >= value)))
            again = np.union1d(again, [low])
            best[again] = means[again].argmax(axis=1)
            value[again] = means[again, best[again]]
            value[high] = -1.0
        self.group = firsts[onto[rows]]


def likeness(stories: Sequence[StoryText], settings: EventSettings, highest: Ceilings) -> Float:
    """Returns the cosine of each text with each other; rounded, so that equal values compare as equal."""
    vectors = vectorise([read(story) for story in stories], settings, highest)
    if not len(vectors.terms):
        return np.zeros((len(stories), len(stories)))
    rows = matrix(vectors, np.unique(vectors.terms))
    return np.asarray((rows @ rows.T).toarray(), dtype=np.float64) / (UNIT * UNIT)


def fits(stories: Sequence[StoryText], settings: EventSettings, highest: Ceilings) -> list[float]:
    """Returns, for each story of an event, its mean cosine with the others; 1 for a story that is alone."""
    if len(stories) == 1:
        return [1.0]
    table = likeness(stories, settings, highest)
    means = (table.sum(axis=1) - np.diag(table)) / (len(stories) - 1)
    return [round(float(one), 4) for one in np.clip(means, 0.0, 1.0)]


def names_of(events: Sequence[DerivedEvent], constraints: Constraints) -> dict[str, str]:
    """Returns event id -> the name that the latest decision about the event gives it."""
    wanted = {story for story, _, _ in constraints.names}
    event_of = (
        {member.story_id: event.id for event in events for member in event.members if member.story_id in wanted}
        if wanted
        else {}
    )
    return {event_of[story]: name for story, name, _ in constraints.names if story in event_of}


def copies_kept(
    copies: Sequence[Copy],
    between: Sequence[Copy],
    events: Sequence[DerivedEvent],
    touched: set[str],
    story_of: Mapping[str, StoryText],
    constraints: Constraints,
) -> list[Copy]:
    """Returns the copies as the decisions want them, with those ``between`` events that were joined.

    A copy that is now in another event than its original no longer counts as its copy. If several copies of one
    original are together in another event, they become copies of the earliest of them.
    """
    event_of = {m.story_id: event.id for event in events for m in event.members if m.story_id in touched}
    kept: dict[str, Copy] = {}
    parted: dict[tuple[str, str], list[Copy]] = {}
    for copy in copies:
        here, there = event_of.get(copy.story_id), event_of.get(copy.original_id)
        if copy.story_id not in touched or here == there:
            kept[copy.story_id] = copy
        elif here is not None:
            parted.setdefault((copy.original_id, here), []).append(copy)
    for left in parted.values():
        first, *others = sorted(left, key=lambda copy: story_order(story_of[copy.story_id]))
        for copy in others:
            kept[copy.story_id] = replace(copy, original_id=first.story_id)
    for copy in sorted(between, key=lambda one: one.story_id):
        attach_copy(kept, copy)
    for story in constraints.no_copies:
        kept.pop(story, None)
    for story, original in sorted(constraints.copies.items()):
        mark(kept, story, original, constraints)
    return list(kept.values())


def attach_copy(kept: dict[str, Copy], copy: Copy) -> None:
    """Adds a copy of a story that may be a copy itself; the copies of its own are then copies of the same first one."""
    root = copy.original_id
    while root in kept:
        root = kept[root].original_id
    if root == copy.story_id:
        return
    kept[copy.story_id] = replace(copy, original_id=root)
    for other, one in list(kept.items()):
        if one.original_id == copy.story_id:
            kept[other] = replace(one, original_id=root)


def mark(kept: dict[str, Copy], story: str, original: str, constraints: Constraints) -> None:
    """Marks a story as a copy of the first story of the other's group."""
    kept.pop(story, None)
    root, seen = original, {story}
    while root not in seen:
        seen.add(root)
        if root in constraints.copies:
            root = constraints.copies[root]
        elif root in kept:
            root = kept[root].original_id
    if root == story:  # the derivation had the two the other way round
        root = original
        kept.pop(original, None)
    kept[story] = Copy(story, root, 1.0)
    for other, copy in list(kept.items()):
        if copy.original_id == story and other != root:
            kept[other] = replace(copy, original_id=root)
