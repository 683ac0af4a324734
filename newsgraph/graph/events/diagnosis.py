"""What looks wrong in the events of a store, without any labels."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import fmean, median
from typing import TYPE_CHECKING

from newsgraph.graph.corpus import Corpus
from newsgraph.graph.events.sync import StoreStories, kept_settings, read_derivation
from newsgraph.graph.stores.protocol import Store
from newsgraph.worded_enum import WordedEnum

if TYPE_CHECKING:
    from newsgraph.graph.events import Background, Derivation, DerivedEvent, EventSettings, Membership, StoryText

#: Share of a period's stories above which an event is suspect: on labelled news of many subjects, few real ones are.
LARGE_SHARE = 0.03
#: Stories that such an event must have: of few stories, any event is a large share.
LARGE_STORIES = 20
#: Mean fit below which an event is suspect: on labelled events, the first was right in half of those below it.
LOW_FIT = 0.45
#: Share of what an event's texts have in common above which background words hold it together.
BACKGROUND_SHARE = 0.5
#: Stories of an event that are judged by fit and words; two hardly make a group.
FEWEST = 3
#: Stories of an event whose texts are read.
MOST_READ = 200
#: Words that are named, and stories that a command names.
NAMED = 5


class Problem(WordedEnum):
    """What looks wrong. Each value has ``words`` for people."""

    LARGE = "large", "it holds {value:.0%} of the stories of its days"
    BACKGROUND = "background", "words that this corpus always has make {value:.0%} of what its stories share: {words}"
    LOW_FIT = "low fit", "its stories fit each other with {value:.2f} of 1"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that looks wrong about an event. ``value`` is beyond ``limit``: a share of stories, a share of likeness
    (both too high) or a mean fit (too low). ``command`` is what to type next."""

    problem: Problem
    event: str
    title: str
    stories: int
    value: float
    limit: float
    words: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The findings, those that concern most stories first; the numbers of events and stories; and ``advice`` for the
    whole, where the findings concern a good part of it."""

    findings: tuple[Finding, ...]
    events: int
    stories: int
    advice: tuple[str, ...]


#: Share of all stories that findings concern from which a setting is to be blamed rather than single events.
MUCH = 0.25
#: What the threshold is multiplied by where events are too large.
STRICTER = 1.5


def diagnose(store: Store) -> Diagnosis:
    """What looks wrong: events that hold too much of a period, groups held together by background words, and events
    whose stories hardly fit each other."""
    derivation = read_derivation(store)
    settings = kept_settings(Corpus.of(store))
    findings = [
        *_large(store, derivation, settings),
        *_by_background(store, derivation, settings),
        *_low_fit(derivation),
    ]
    findings.sort(key=lambda one: (-one.stories, one.event, one.problem))
    stories = sum(event.story_count for event in derivation.events)
    # Size alone is no fault of the settings: a great event is large.
    loose = {one.event: one.stories for one in findings if one.problem is not Problem.LARGE}
    concerned = sum(loose.values())
    advice = []
    if loose and concerned >= MUCH * stories:
        stricter = round(min(1.0, settings.threshold * STRICTER), 3)
        advice.append(
            f"Events whose stories hardly fit, or fit by words that are always there, hold {concerned / stories:.0%} "
            f"of all stories. A higher threshold makes smaller events: newsgraph events build --threshold {stricter:g} "
            f"(now {settings.threshold:g})"
        )
    return Diagnosis(tuple(findings), len(derivation.events), stories, tuple(advice))


def _large(store: Store, derivation: Derivation, settings: EventSettings) -> Iterator[Finding]:
    times = sorted(
        story.published_at for story in StoreStories(store).all() if story.date_sure and story.published_at is not None
    )
    window = timedelta(hours=settings.window_hours)
    for event in derivation.events:
        first, last = event.first_published_at, event.last_published_at
        if event.story_count < LARGE_STORIES or first is None or last is None:
            continue
        spare = max(window - (last - first), timedelta(0)) / 2
        period = bisect_right(times, last + spare) - bisect_left(times, first - spare)
        share = event.story_count / max(period, event.story_count)
        if share > LARGE_SHARE:
            yield _finding(Problem.LARGE, event, share, LARGE_SHARE)


def _low_fit(derivation: Derivation) -> Iterator[Finding]:
    for event in derivation.events:
        if event.story_count >= FEWEST and (fit := fmean(member.score for member in event.members)) < LOW_FIT:
            yield _finding(Problem.LOW_FIT, event, fit, LOW_FIT)


def _by_background(store: Store, derivation: Derivation, settings: EventSettings) -> Iterator[Finding]:
    if not derivation.background.eras:
        return
    events = [event for event in derivation.events if event.story_count >= FEWEST]
    wanted = [[member.story_id for member in event.members[:MOST_READ]] for event in events]
    texts = {story.id: story for story in StoreStories(store).stories({id for ids in wanted for id in ids})}
    for event, ids in zip(events, wanted, strict=True):
        share, words = background_part([texts[id] for id in ids if id in texts], derivation.background, settings)
        if share >= BACKGROUND_SHARE:
            yield _finding(Problem.BACKGROUND, event, share, BACKGROUND_SHARE, words)


def background_part(
    stories: Sequence[StoryText], background: Background, settings: EventSettings
) -> tuple[float, tuple[str, ...]]:
    """The share of the cosines between texts, over all their pairs, that background words and pairs of them make, and
    the words that make most of it. 0 where the texts share nothing."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.graph.events.explanation import term_names  # noqa: PLC0415
    from newsgraph.graph.events.text.background import ceilings, lowered_words  # noqa: PLC0415
    from newsgraph.graph.events.text.texts import read  # noqa: PLC0415
    from newsgraph.graph.events.text.vectors import matrix, vectorise  # noqa: PLC0415

    readings = list({reading.key: reading for reading in map(read, stories)}.values())
    vectors = vectorise(readings, settings, ceilings(background, settings))
    columns = np.unique(vectors.terms)
    if len(readings) < 2 or not len(columns):
        return 0.0, ()
    rows = matrix(vectors, columns).astype(np.float64)
    sums = np.asarray(rows.sum(axis=0)).ravel()
    shared = sums**2 - np.asarray(rows.multiply(rows).sum(axis=0)).ravel()
    names: dict[int, str] = {}
    always: set[str] = set()
    for reading in readings:
        names = term_names(reading, settings) | names
        always.update(lowered_words(reading, background, settings))
    told = [names.get(term, "") for term in columns.tolist()]
    of_background = np.array([bool(name) and set(name.split()) <= always for name in told])
    total = float(shared.sum())
    if total <= 0.0:
        return 0.0, ()
    most = np.lexsort((columns, -np.where(of_background, shared, 0.0)))[:NAMED]
    words = tuple(told[place] for place in most if of_background[place] and shared[place] > 0.0)
    return round(float(shared[of_background].sum()) / total, 4), words


def _finding(problem: Problem, event: DerivedEvent, value: float, limit: float, words: Sequence[str] = ()) -> Finding:
    named = ", ".join(words)
    return Finding(
        problem=problem,
        event=event.id,
        title=event.title,
        stories=event.story_count,
        value=round(value, 4),
        limit=limit,
        words=problem.words.format(value=value, words=named),
        command=_command(event),
    )


def _command(event: DerivedEvent) -> tuple[str, ...]:
    """Where stories stand apart from the rest: how to split them off, shown first. Else: why the two that fit best and
    worst are together."""
    by_fit = sorted(event.members, key=lambda member: (member.score, member.story_id))
    apart = _apart(by_fit)
    if apart:
        return ("newsgraph", "events", "split", event.id, *(member.story_id for member in apart), "--dry-run")
    return "newsgraph", "events", "why", by_fit[0].story_id, by_fit[-1].story_id


def _apart(by_fit: Sequence[Membership]) -> Sequence[Membership]:
    """The stories, at most ``NAMED``, whose fit is below half of the middle one."""
    middle = median(member.score for member in by_fit)
    return [member for member in by_fit[:NAMED] if 2 * member.score < middle]
