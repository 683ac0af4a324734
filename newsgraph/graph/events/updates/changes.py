"""Updates the events after a change: the result is the same as from nothing, but only what can change is read.

What a change can reach is told in ``reach``. The weights of words depend on the corpus's background. Where a change
alters the background, every story that has a word whose level is different now counts as changed too. Where a change
reaches much, all groups are formed anew, and only those that aren't as they were are derived again (see ``renewal``).
If most groups are met, all events are derived from nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from newsgraph.graph.events.clustering.derivation import (
    Former,
    ScoredGroup,
    derivation,
    derive_events,
    lasting,
    ordered,
    siblings_of,
)
from newsgraph.graph.events.clustering.undated import attach
from newsgraph.graph.events.model import Background, Copy, Derivation, DerivedEvent, Membership, StorySource, StoryText
from newsgraph.graph.events.moments import FIRST, LAST, PART_OF_A_SECOND, moment_of, seconds
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.background import (
    background_of,
    ceilings,
    chosen,
    moved_ceilings,
    span_of,
    span_seconds,
    words_of,
)
from newsgraph.graph.events.updates.reach import Reach
from newsgraph.graph.events.updates.renewal import renewed
from newsgraph.graph.events.updates.touched import Before, Change, Places

MOST_REACHED = 0.4
"""If the stories with a changed word, or all stories in one group with a changed one, are more than this share, all
events are derived from nothing: with what else they are like they are most of the stories."""


def update_events(
    previous: Derivation,
    source: StorySource,
    changed: Iterable[str],
    settings: EventSettings,
    former: Mapping[str, StoryText],
) -> Derivation:
    """See ``newsgraph.graph.events.update``.

    Stories whose date is unsure never alter the events that the stories of sure date form. So those events are updated
    without them first. Then the unsure stories are attached again, each to an event of any time.
    """
    ids = set(changed)
    if not ids:
        return previous
    former = former_of(previous, ids, former)
    known = background_after(previous, source, ids, settings, former)
    reached = reweighed_by(previous, known, source, ids, settings)
    if reached is None:
        return derive_events([*source.dated(FIRST, LAST), *source.undated()], settings, known)
    unsure = list(source.undated())
    aside = {story.id for story in unsure} - ids
    before = {event.id: without(event, aside) if aside else event for event in previous.events}
    if any(id not in before for ids_of in previous.siblings for id in ids_of):
        return derive_events([*source.dated(FIRST, LAST), *unsure], settings, known)
    was = as_they_were(previous, before, settings)
    change = Change(
        frozenset(ids),
        {id: story for id, story in former.items() if id in was.events},
        tuple(reached),
    )
    places = Places(change, was, source, settings)
    if places.met > MOST_REACHED * len(was.events):
        return derive_events([*source.dated(FIRST, LAST), *unsure], settings, known)
    highest = ceilings(known, settings)
    settled = Reach(places, source, highest).settle()
    fresh, replaced = renewed(places, source, highest) if settled is None else settled
    if unsure:
        return attached(previous, replaced, before, fresh, unsure, source, settings, known)
    return _in_place(previous, replaced, fresh, known, settings)


def reweighed_by(
    previous: Derivation, known: Background, source: StorySource, changed: set[str], settings: EventSettings
) -> list[StoryText] | None:
    """Returns the stories that have not changed but have a word that weighs something else with the background that is
    ``known`` now; ``None`` if they are very many."""
    if known.eras == previous.background.eras:
        return []
    most = MOST_REACHED * sum(event.story_count for event in previous.events)
    reached = reached_by(previous.background, known, source, settings, most)
    return None if reached is None else [story for story in reached if story.id not in changed]


def as_they_were(previous: Derivation, before: Mapping[str, DerivedEvent], settings: EventSettings) -> Before:
    """Returns the events ``before`` a change, given by id, with the groups that they came from."""
    siblings = {id: tuple(before[one] for one in ids_of) for ids_of in previous.siblings for id in ids_of}
    return Before(before.values(), siblings, ceilings(previous.background, settings))


def former_of(previous: Derivation, changed: set[str], former: Mapping[str, StoryText]) -> dict[str, StoryText]:
    """Returns the changed stories that had an event, as they were, as far as that is known."""
    known = changed & former.keys()
    had = {member.story_id for event in previous.events for member in event.members if member.story_id in known}
    return {id: former[id] for id in sorted(had)}


def _in_place(
    previous: Derivation, replaced: set[str], fresh: list[ScoredGroup], known: Background, settings: EventSettings
) -> Derivation:
    """Returns the events from before the change, with the ``fresh`` groups in the place of the replaced ones."""
    kept = [event for event in previous.events if event.id not in replaced]
    events = [lasting(found, settings) for found in fresh]
    gone = {member.story_id for event in previous.events if event.id in replaced for member in event.members}
    return ordered(
        [*kept, *events],
        [
            *(copy for copy in previous.copies if copy.story_id not in gone),
            *(copy for found in fresh for copy in found.copies),
        ],
        known,
        [*(ids for ids in previous.siblings if replaced.isdisjoint(ids)), *siblings_of(fresh, events)],
    )


def background_after(
    previous: Derivation,
    source: StorySource,
    changed: set[str],
    settings: EventSettings,
    former: Mapping[str, StoryText],
) -> Background:
    """Returns the background of the stories as they are now. Only the spans of days that changed stories are or were in
    are counted anew, and those that are complete only now."""
    old = previous.background
    unknown = events_of_any(previous, changed - former.keys())
    told = [*source.stories(sorted(changed)), *former.values()]
    touched = {span for story in told if (span := span_of(story, settings)) is not None}.union(
        *(spans_of(event, span_seconds(settings)) for event in unknown)
    )
    now = {span: in_span(span, source, settings) for span in touched}
    spans = sorted((set(old.spans) - touched) | {span for span, stories in now.items() if stories})
    counted = set(old.spans[:-1])
    was = list(former.values())
    fresh = {
        span: words_of(now[span] if span in now else in_span(span, source, settings), settings)
        for span in spans[:-1]
        if span not in counted
        or (span in now and (unknown or reads_otherwise(span, now[span], changed, was, settings)))
    }
    if not fresh and tuple(spans) == old.spans:
        return old
    return background_of(spans, fresh, settings, old)


def events_of_any(previous: Derivation, stories: set[str]) -> list[DerivedEvent]:
    """Returns the events that have one of these stories."""
    if not stories:
        return []
    return [event for event in previous.events if any(member.story_id in stories for member in event.members)]


def spans_of(event: DerivedEvent, length: int) -> range:
    """Returns the spans of days that an event lies in."""
    first, last = event.first_published_at, event.last_published_at
    return range(0) if first is None or last is None else range(seconds(first) // length, seconds(last) // length + 1)


def in_span(span: int, source: StorySource, settings: EventSettings) -> list[StoryText]:
    """Returns the stories of sure date in a span of days."""
    length = span_seconds(settings)
    return list(source.dated(moment_of(span * length), moment_of((span + 1) * length - 1) + PART_OF_A_SECOND))


def reads_otherwise(
    span: int, now: Sequence[StoryText], changed: set[str], former: Iterable[StoryText], settings: EventSettings
) -> bool:
    """Returns whether the background reads other texts of this span, which has the stories ``now``, since some changed.
    It reads a few of a span's stories, so that most changes are of others."""
    was = [*(one for one in now if one.id not in changed), *(one for one in former if span_of(one, settings) == span)]
    return chosen(now, settings) != chosen(was, settings)


def reached_by(
    old: Background, new: Background, source: StorySource, settings: EventSettings, most: float
) -> list[StoryText] | None:
    """Returns the stories of sure date that have a word that weighs something else now; ``None`` if they are more than
    ``most``."""
    reached: list[StoryText] = []
    for start, end, moved in moved_ceilings(old, new, settings):
        reached += [story for story in source.dated(start, end) if moved.has(story)]
        if len(reached) > most:
            return None
    return reached


def without(event: DerivedEvent, aside: set[str]) -> DerivedEvent:
    """Returns the event with its stories of sure date alone."""
    members = tuple(member for member in event.members if member.story_id not in aside)
    return event if len(members) == len(event.members) else replace(event, members=members)


def attached(
    previous: Derivation,
    replaced: set[str],
    before: Mapping[str, DerivedEvent],
    fresh: Sequence[ScoredGroup],
    unsure: Sequence[StoryText],
    source: StorySource,
    settings: EventSettings,
    known: Background,
) -> Derivation:
    """Returns the events of the sure stories, with the unsure stories attached: the old events that are not replaced,
    and the ``fresh`` ones."""
    whole = {id: f"{ids[0]} as before" for ids in previous.siblings for id in ids}
    texts = {story.id: story for story in source.dated(FIRST, LAST)}
    altered = reweighed(unsure, previous.background, known, settings)
    own: dict[str, list[Copy]] = {}
    for copy in previous.copies:
        own.setdefault(copy.original_id, []).append(copy)
    found: list[ScoredGroup] = []
    joined: dict[str, int] = {}
    for event in previous.events:
        members = before[event.id].members
        if event.id in replaced or not members:
            continue
        if len(members) < len(event.members):
            joined[members[0].story_id] = len(members)
        # No text of it changed, but words of its unsure stories may weigh something else.
        stays = altered.isdisjoint(member.story_id for member in event.members)
        found.append(
            ScoredGroup(
                tuple(texts[member.story_id] for member in members),
                tuple(member.score for member in members),
                copies_in(members, own),
                whole.get(event.id, ""),
                Former(event, copies_in(event.members, own)) if stays else None,
            )
        )
    result = attach([*found, *fresh], unsure, settings, ceilings(known, settings))
    if any(len(one.stories) == joined.get(one.stories[0].id) for one in result):
        # Unsure stories have left this event. How its remaining stories copied each other was not kept.
        return derive_events([*texts.values(), *unsure], settings, known)
    return derivation(result, settings, known)


def copies_in(members: Iterable[Membership], own: Mapping[str, Sequence[Copy]]) -> tuple[Copy, ...]:
    """Returns the copies of these stories, which are given by original."""
    return tuple(copy for member in members for copy in own.get(member.story_id, ()))


def reweighed(stories: Iterable[StoryText], old: Background, new: Background, settings: EventSettings) -> set[str]:
    """Returns the ids of those stories that have a word that weighs something else now."""
    stretches = [] if old.eras == new.eras else list(moved_ceilings(old, new, settings))
    return {
        story.id
        for story in stories
        for start, end, moved in stretches
        if start <= (story.published_at or FIRST) <= end and moved.has(story)
    }
