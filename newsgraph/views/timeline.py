"""The timeline of one event: who was first and how sure that is, the outlets in order, and related events before and
after it.

The order, the lags and the marks are those of the questions first-to-cover and coverage.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter

from newsgraph.errors import NothingToWriteError, UsageError
from newsgraph.graph.columnar.cells import NONE
from newsgraph.graph.schema import SURE
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.ask import ask
from newsgraph.queries.asking.find import known_events, lookup
from newsgraph.queries.questions import attention, events
from newsgraph.queries.questions.coverage import CoverageRow
from newsgraph.views.absent import absent, watched
from newsgraph.views.decided import decided_words, decisions_by_story
from newsgraph.views.document import Page, shown_names
from newsgraph.views.event_page import event_page
from newsgraph.views.event_story import Absent, EventFacts, Neighbour, SharedPicture, language_tag
from newsgraph.views.options import Options
from newsgraph.views.stamp import stamp, version_words

#: The number of neighbouring events and of pictures that are listed.
MOST_LISTED = 25


def build(store: Store, options: Options) -> Page:
    """Returns the timeline of ``options.event``.

    Raises UsageError when no event is named, and NothingToWriteError when the filters leave none of its stories.
    """
    if options.event is None:
        raise UsageError(
            "timeline",
            "it shows one event, and none is named",
            "Pass event=EVENT: an id, a story's address or words; newsgraph ask events lists them",
        )
    asked = options.asked()
    ranking = ask(store, "first-to-cover", **asked)
    stories = ask(store, "coverage", **asked)
    if not len(stories):
        raise NothingToWriteError("timeline", "no story on this event is left", "Widen or leave out a filter")
    ids = sorted({row.story_id for row in stories})
    told = lookup(store, "story_facts", ids=ids)
    own = known_events(store, [options.event]).get(options.event)
    continues, continued = _thread(store, options.event)
    before, after = _neighbours(store, options.event, ids)
    in_thread = {one.event_id for one in (*continues, *continued)}
    facts = EventFacts(
        id=options.event,
        title=(own and own.title) or stories[0].event_title or "",
        label=(own and own.label) or "",
        ranking=ranking[:],
        ranking_notes=ranking.notes,
        stories=stories[:],
        copy_of=dict(sorted(lookup(store, "originals_of_stories", ids=ids))),
        languages={id: tag for id, language, _ in told if (tag := language_tag(language))},
        agencies={id: agency for id, _, agency in told if agency},
        topics=_topics(store, ids),
        continues=continues,
        continued=continued,
        before=[one for one in before if one.event_id not in in_thread],
        after=[one for one in after if one.event_id not in in_thread],
        absent=[] if set(asked) - {"event"} else _absent(store, stories),
        pictures=_pictures(store, ids),
        decided=decided_words(decisions_by_story(store), ids),
        edits=ask(store, "changes", **(asked | {"event": [options.event]}))[:],
    )
    made = stamp(store, options)
    return event_page(
        facts,
        made=made,
        source=f"{made[1]}; {version_words()}",
        title=options.title,
        filters=options.words.removeprefix(f"event {options.event}").removeprefix(", "),
        links=options.links,
    )


def _topics(store: Store, ids: Sequence[str]) -> list[tuple[str, str]]:
    """Returns the topics of at least a third of the stories, the most frequent first."""
    rows = lookup(store, "topics_of_stories", ids=ids)
    names = {topic: name or topic for _, topic, name in rows}
    return [(id, names[id]) for id in main_topics(Counter(topic for _, topic, _ in rows), len(ids))]


def main_topics(counts: Mapping[str, int], stories: int) -> list[str]:
    """Returns those topics of an event's stories that show what it is about: at most five, which a third of them
    have."""
    frequent = [id for id, count in counts.items() if 3 * count >= stories]
    return sorted(frequent, key=lambda id: (-counts[id], id))[:5]


def _thread(store: Store, event: str) -> tuple[list[Neighbour], list[Neighbour]]:
    """Returns the events that this one continues, and those that continue it, in time."""
    found: dict[str, list[Neighbour]] = {"before": [], "after": []}
    for row in ask(store, "thread", event=event):
        if row.part in found:
            title = row.event_title or row.event_id
            found[row.part].append(Neighbour(row.event_id, title, row.first_published_at, row.stories))
    return found["before"][-MOST_LISTED:], found["after"][:MOST_LISTED]


def _neighbours(store: Store, event: str, ids: Sequence[str]) -> tuple[list[Neighbour], list[Neighbour]]:
    """Returns events that the stories refer to, and later events whose stories refer to these."""
    of_story = dict(sorted(lookup(store, "events_beside_stories", ids=ids)))
    own = set(ids)
    counts = Counter(other for story, other in of_story.items() if story not in own)
    counts.pop(event, None)
    known = known_events(store, [event, *sorted(counts)])
    found = [
        Neighbour(id, known[id].label or known[id].title or id, known[id].first, count) for id, count in counts.items()
    ]
    return before_and_after(found, known[event].first if event in known else None)


def before_and_after(
    neighbours: Iterable[Neighbour], begun: datetime | None
) -> tuple[list[Neighbour], list[Neighbour]]:
    """Returns neighbours that began before an event, latest first, and those that began after it, earliest first."""
    far = datetime.max.replace(tzinfo=UTC)
    ordered = sorted(neighbours, key=lambda one: (one.first or far, one.event_id))
    later = [one for one in ordered if begun is not None and one.first is not None and one.first > begun]
    earlier = [one for one in reversed(ordered) if one not in later]
    return earlier[:MOST_LISTED], later[:MOST_LISTED]


def _absent(store: Store, stories: Sequence[CoverageRow]) -> list[Absent]:
    """Returns who did not cover the event, of the outlets with the most events. Times are compared by the second."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.graph.columnar.arrays import Named  # noqa: PLC0415  # loads numpy

    sure = [row.published_at for row in stories if row.published_at and row.date_quality in SURE]
    told = sorted(sure or [row.published_at for row in stories if row.published_at])
    if not told:
        return []
    begun, ended = (one.replace(microsecond=0) for one in (told[0], told[-1]))
    covered = events.QUESTION.told(store, events.Parameters(copies="include"))
    named, number = covered.outlet != NONE, len(covered.outlets)
    pairs = np.unique(covered.event[named] * number + covered.outlet[named])
    counts = np.bincount(pairs % max(number, 1), minlength=number)
    most = watched(dict(zip(covered.outlets, counts.tolist(), strict=True)))
    published = attention.QUESTION.told(store, attention.Parameters(by="outlet", copies="include"))
    second = published.second
    meanwhile = published.sure & (second >= begun.timestamp()) & (second <= ended.timestamp())
    times: dict[str, list[datetime]] = {outlet: [] for outlet in most}
    outlets = Named(tuple(published.keys), published.key[meanwhile])
    for outlet, at in zip(outlets, second[meanwhile].tolist(), strict=True):
        if outlet in times:
            times[outlet].append(datetime.fromtimestamp(at, UTC))
    return absent(times, {row.outlet for row in stories}, (begun, ended), shown_names(store, "outlet", 120))


def _pictures(store: Store, ids: Sequence[str]) -> list[SharedPicture]:
    rows = sorted(lookup(store, "pictures_of_stories", ids=ids), key=itemgetter(0, 1, 3))
    # A picture of a story of several outlets counts for one of them.
    outlet_of = {story: outlet for story, outlet, *_ in rows}
    names = {outlet: name or outlet for _, outlet, name, *_ in rows}
    addresses = {image: url or image for *_, image, url in rows}
    shown_by: dict[str, set[str]] = defaultdict(set)
    for story, *_, image, _url in rows:
        shown_by[image].add(outlet_of[story])
    several = sorted(image for image, outlets in shown_by.items() if len(outlets) > 1)[:MOST_LISTED]
    return [
        SharedPicture(addresses[image], [(outlet, names[outlet]) for outlet in sorted(shown_by[image])])
        for image in several
    ]
