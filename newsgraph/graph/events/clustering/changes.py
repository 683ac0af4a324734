"""Updates the events after a change: the result is the same as from nothing, but only what can change is read.

Let X be a set of stories that is a union of final groups both before and after the change, and that holds every story
with a changed link. Then no link among the other stories has changed and none of them ever merges with X. So their
groups are what they were: in order of falling links, the merges outside X are those of a run without X. X starts with
all stories within a window of a change. It grows by whole events, old and new, until it is such a union. The stretch of
time that is read grows with it, until every group in it is final.

The weights of words depend on the corpus's background. Where a change alters the background, every story that has a
word whose level is different now counts as changed too. If these are most of the stories, all events are derived from
nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newsgraph.graph.events.clustering.derivation import (
    Found,
    derivation,
    derive_events,
    lasting,
    ordered,
    parted,
    resolve,
)
from newsgraph.graph.events.clustering.time_windows import Edges, slices
from newsgraph.graph.events.clustering.undated import attach
from newsgraph.graph.events.model import Background, Copy, Derivation, DerivedEvent, StorySource, StoryText
from newsgraph.graph.events.moments import EPOCH, seconds
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.background import (
    Ceilings,
    background_levels,
    ceilings,
    reference,
    span_of,
    span_seconds,
    terms_of,
)

Interval = tuple[int, int]

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)

MOST_REACHED = 0.3
"""If the changed stories are more than this share, all events are derived from nothing, because a change then affects
nearly all of them."""


def update_events(
    previous: Derivation, source: StorySource, changed: Iterable[str], settings: EventSettings
) -> Derivation:
    """See ``newsgraph.graph.events.update``.

    Stories whose date is unsure never alter the events that the stories of sure date form. So those events are updated
    without them first. Then the unsure stories are attached again, each to an event of any time.
    """
    ids = set(changed)
    if not ids:
        return previous
    known = background_after(previous, source, ids, settings)
    if known.levels != previous.background.levels:
        reached = reached_by(previous.background, known, source, settings)
        if reached is None:
            return derive_events([*source.dated(FIRST, LAST), *source.undated()], settings)
        ids |= reached
    highest = ceilings(known, settings)
    unsure = list(source.undated())
    aside = {story.id for story in unsure} - ids
    before = {event.id: without(event, aside) for event in previous.events}
    events = {member.story_id: event for event in before.values() for member in event.members}
    replaced = {events[story].id for story in ids if story in events}
    fresh: list[Found] = []
    for region in regions(ids, events, source, settings):
        found, old = Region(region, events, ids, source, settings, highest).settle()
        fresh.extend(found)
        replaced |= old
    if unsure:
        kept = [event for event in previous.events if event.id not in replaced]
        return attached(kept, before, previous.copies, fresh, unsure, source, settings, known)
    return _in_place(previous, replaced, fresh, known, settings)


def _in_place(
    previous: Derivation, replaced: set[str], fresh: list[Found], known: Background, settings: EventSettings
) -> Derivation:
    """Returns the events from before the change, with the ``fresh`` groups in the place of the replaced ones."""
    kept = [event for event in previous.events if event.id not in replaced]
    gone = {member.story_id for event in previous.events if event.id in replaced for member in event.members}
    return ordered(
        [*kept, *(lasting(found, settings) for found in fresh)],
        [
            *(copy for copy in previous.copies if copy.story_id not in gone),
            *(copy for found in fresh for copy in found.copies),
        ],
        known,
    )


def background_after(
    previous: Derivation, source: StorySource, changed: set[str], settings: EventSettings
) -> Background:
    """Returns the background of the stories as they are now. It is counted again only where a change falls into the
    part of the corpus that it is counted over (its reference)."""
    old = previous.background
    length = span_seconds(settings)
    touched = {span for story in source.stories(sorted(changed)) if (span := span_of(story, settings)) is not None}
    for event in previous.events:
        first, last = event.first_published_at, event.last_published_at
        if first is not None and last is not None and any(member.story_id in changed for member in event.members):
            touched.update(range(seconds(first) // length, seconds(last) // length + 1))
    filled = {
        span
        for span in touched
        if any(True for _ in source.dated(moment(span * length), moment((span + 1) * length - 1)))
    }
    spans = tuple(sorted((set(old.spans) - touched) | filled))
    counted = reference(spans)
    if counted == reference(old.spans) and touched.isdisjoint(counted):
        return Background(spans, old.levels)
    if not counted:
        return Background(spans)
    end = moment((counted[-1] + 1) * length - 1)
    return Background(spans, background_levels(source.dated(FIRST, end), counted, settings))


def reached_by(old: Background, new: Background, source: StorySource, settings: EventSettings) -> set[str] | None:
    """Returns the stories of sure date that have a word whose level is different now; ``None`` if they are too many."""
    moved = {term for term in old.levels.keys() | new.levels.keys() if old.levels.get(term) != new.levels.get(term)}
    reached: set[str] = set()
    count = 0
    for story in source.dated(FIRST, LAST):
        count += 1
        if not moved.isdisjoint(terms_of(story, settings)):
            reached.add(story.id)
    return None if len(reached) > MOST_REACHED * count else reached


def without(event: DerivedEvent, aside: set[str]) -> DerivedEvent:
    """Returns the event with its stories of sure date alone."""
    members = tuple(member for member in event.members if member.story_id not in aside)
    return event if len(members) == len(event.members) else replace(event, members=members)


def attached(
    kept: Sequence[DerivedEvent],
    before: Mapping[str, DerivedEvent],
    copies: Iterable[Copy],
    fresh: Sequence[Found],
    unsure: Sequence[StoryText],
    source: StorySource,
    settings: EventSettings,
    known: Background,
) -> Derivation:
    """Returns the events of the sure stories, ``kept`` and ``fresh``, with the unsure stories attached."""
    texts = {story.id: story for story in source.dated(FIRST, LAST)}
    own: dict[str, list[Copy]] = {}
    for copy in copies:
        own.setdefault(copy.original_id, []).append(copy)
    found: list[Found] = []
    joined: dict[str, int] = {}
    for event in kept:
        members = before[event.id].members
        if not members:
            continue
        if len(members) < len(event.members):
            joined[members[0].story_id] = len(members)
        found.append(
            Found(
                tuple(texts[member.story_id] for member in members),
                tuple(member.score for member in members),
                tuple(copy for member in members for copy in own.get(member.story_id, ())),
            )
        )
    result = attach([*found, *fresh], unsure, settings, ceilings(known, settings))
    if any(len(one.stories) == joined.get(one.stories[0].id) for one in result):
        # Unsure stories have left this event. How its remaining stories copied each other was not kept.
        return derive_events([*texts.values(), *unsure], settings)
    return derivation(result, settings, known)


def regions(
    changed: set[str], events: dict[str, DerivedEvent], source: StorySource, settings: EventSettings
) -> list[Interval]:
    """Returns the stretches of time (in seconds since 1970) in which links may have changed. Stretches near to each
    other are joined, so each can be looked at separately."""
    margin = int((settings.window_hours + settings.same_text_hours) * 3600)
    found: list[Interval] = []
    for story in source.stories(sorted(changed)):
        if story.published_at is not None:
            found.append((seconds(story.published_at) - margin, seconds(story.published_at) + margin))
    for story_id in changed:
        event = events.get(story_id)
        if event is not None and event.first_published_at is not None and event.last_published_at is not None:
            # It is no longer known at which time of its event's span the story was.
            found.append((seconds(event.first_published_at) - margin, seconds(event.last_published_at) + margin))
    merged: list[Interval] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1] + 6 * margin:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class Region:
    """One stretch of time whose events are derived again."""

    def __init__(
        self,
        interval: Interval,
        events: dict[str, DerivedEvent],
        changed: set[str],
        source: StorySource,
        settings: EventSettings,
        highest: Ceilings,
    ) -> None:
        self.interval = interval
        self.events = events
        self.changed = changed
        self.source = source
        self.settings = settings
        self.highest = highest
        self.window = int(settings.window_hours * 3600)
        self.half_day = max(1, int(settings.same_text_hours * 3600))

    def settle(self) -> tuple[list[Found], set[str]]:
        """Returns the new events of this region, and the ids of the old events that they replace."""
        margin = self.window
        while True:
            start = (self.interval[0] - margin - 2 * self.window) // self.half_day * self.half_day
            end = (self.interval[1] + margin + 2 * self.window) // self.half_day * self.half_day + self.half_day
            stories = self.read(start, end - 1)
            parts = slices(stories, self.settings)
            found = [one for part in resolve(parts, self.settings, self.highest, Edges(start, end - 1)) for one in part]
            closed = self.close_over(found, stories)
            if closed is not None:
                return closed
            margin += self.window

    def read(self, start: int, end: int) -> list[StoryText]:
        sure, _ = parted(self.source.dated(moment(start), moment(end)))
        return sure

    def close_over(self, found: list[Found], stories: list[StoryText]) -> tuple[list[Found], set[str]] | None:
        """Returns all new events and ids of old events that may have changed.

        ``None`` while one of their stories is in no final group yet.
        """
        home = {story.id: index for index, one in enumerate(found) for story in one.stories}
        times = {story.id: seconds(story.published_at) for story in stories if story.published_at is not None}
        waiting = [story for story, time in times.items() if self.interval[0] <= time <= self.interval[1]]
        taken: set[int] = set()
        old: set[str] = set()
        while waiting:
            story = waiting.pop()
            if story not in home:
                return None
            if home[story] not in taken:
                taken.add(home[story])
                waiting.extend(other.id for other in found[home[story]].stories)
            event = self.events.get(story)
            if event is not None and event.id not in old:
                old.add(event.id)
                waiting.extend(member.story_id for member in event.members if member.story_id not in self.changed)
        return [found[index] for index in sorted(taken)], old


def moment(second: int) -> datetime:
    """Returns the second as a date, limited to what dates can hold."""
    if second <= seconds(FIRST):
        return FIRST
    if second >= seconds(LAST):
        return LAST
    return EPOCH + timedelta(seconds=second)
