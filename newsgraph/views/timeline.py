"""The timeline of one event: who was first and how sure that is, the outlets in order, and related events before and
after it.

The order, the lags and the marks are those of the questions first-to-cover and coverage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from newsgraph.errors import NothingToWriteError, UsageError
from newsgraph.graph.columnar.cells import NONE
from newsgraph.graph.schema import (
    SURE,
    About,
    CopyOf,
    Covers,
    Event,
    HasImage,
    Image,
    Outlet,
    PublishedBy,
    RelatedTo,
    Story,
)
from newsgraph.graph.schema import Topic as TopicType
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.ask import ask
from newsgraph.queries.questions import attention, events
from newsgraph.queries.questions.coverage import CoverageRow
from newsgraph.views.absent import absent, watched
from newsgraph.views.decided import decided_words, decisions_by_story
from newsgraph.views.document import Page, shown
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
    nodes = list(store.nodes(Story.label, ids))
    own = next(iter(store.nodes(Event.label, [options.event])), None)
    properties = own.properties if own else {}
    continues, continued = _thread(store, options.event)
    before, after = _neighbours(store, options.event, ids)
    in_thread = {one.event_id for one in (*continues, *continued)}
    facts = EventFacts(
        id=options.event,
        title=str(properties.get("title") or stories[0].event_title or ""),
        label=str(properties.get("label") or ""),
        ranking=ranking[:],
        ranking_notes=ranking.notes,
        stories=stories[:],
        copy_of={edge.start: edge.end for edge in store.edges(CopyOf.type, starts=ids)},
        languages={node.id: tag for node in nodes if (tag := language_tag(str(node.properties.get("language") or "")))},
        agencies={node.id: str(agency) for node in nodes if (agency := node.properties.get("agency"))},
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
    counts: dict[str, int] = defaultdict(int)
    for edge in store.edges(About.type, starts=ids):
        counts[edge.end] += 1
    chosen = main_topics(counts, len(ids))
    names = {node.id: str(node.properties.get("name") or node.id) for node in store.nodes(TopicType.label, chosen)}
    return [(id, names.get(id, id)) for id in chosen]


def main_topics(counts: dict[str, int], stories: int) -> list[str]:
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
    own = set(ids)
    named = {edge.end for edge in store.edges(RelatedTo.type, starts=ids)} - own
    naming = {edge.start for edge in store.edges(RelatedTo.type, ends=ids)} - own
    of_story = {edge.start: edge.end for edge in store.edges(Covers.type, starts=sorted(named | naming))}
    counts: dict[str, int] = defaultdict(int)
    for story in named | naming:
        if story in of_story:
            counts[of_story[story]] += 1
    counts.pop(event, None)
    nodes = {node.id: node.properties for node in store.nodes(Event.label, [event, *sorted(counts)])}
    found = [
        Neighbour(
            id,
            str(nodes[id].get("label") or nodes[id].get("title") or id),
            begun if isinstance(begun := nodes[id].get("first_published_at"), datetime) else None,
            count,
        )
        for id, count in counts.items()
        if id in nodes
    ]
    begun = nodes.get(event, {}).get("first_published_at")
    return before_and_after(found, begun if isinstance(begun, datetime) else None)


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
    from newsgraph.graph.columnar.arrays import Named  # noqa: PLC0415  # loads numpy

    sure = [row.published_at for row in stories if row.published_at and row.date_quality in SURE]
    told = sorted(sure or [row.published_at for row in stories if row.published_at])
    if not told:
        return []
    begun, ended = (one.replace(microsecond=0) for one in (told[0], told[-1]))
    covered = events.QUESTION.told(store, events.Parameters(copies="include"))
    named = covered.outlet != NONE
    outlets = Named(tuple(covered.outlets), covered.outlet[named])
    most = watched(zip(covered.event[named].tolist(), outlets, strict=True))
    published = attention.QUESTION.told(store, attention.Parameters(by="outlet", copies="include"))
    second = published.second
    meanwhile = published.sure & (second >= begun.timestamp()) & (second <= ended.timestamp())
    times: dict[str, list[datetime]] = {outlet: [] for outlet in most}
    outlets = Named(tuple(published.keys), published.key[meanwhile])
    for outlet, at in zip(outlets, second[meanwhile].tolist(), strict=True):
        if outlet in times:
            times[outlet].append(datetime.fromtimestamp(at, UTC))
    names = {
        node.id: shown(str(node.properties.get("name") or node.id), 120) for node in store.nodes(Outlet.label, most)
    }
    return absent(times, {row.outlet for row in stories}, (begun, ended), names)


def _pictures(store: Store, ids: Sequence[str]) -> list[SharedPicture]:
    outlet_of: dict[str, str] = {edge.start: edge.end for edge in store.edges(PublishedBy.type, starts=ids)}
    shown_by: dict[str, set[str]] = defaultdict(set)
    for edge in store.edges(HasImage.type, starts=ids):
        if edge.start in outlet_of:
            shown_by[edge.end].add(outlet_of[edge.start])
    several = sorted(image for image, outlets in shown_by.items() if len(outlets) > 1)[:MOST_LISTED]
    names = {
        node.id: str(node.properties.get("name") or node.id)
        for node in store.nodes(Outlet.label, sorted(set(outlet_of.values())))
    }
    return [
        SharedPicture(
            str(node.properties.get("url") or node.id),
            [(outlet, names.get(outlet, outlet)) for outlet in sorted(shown_by[node.id])],
        )
        for node in store.nodes(Image.label, several)
    ]
