"""What a site shows of a corpus, read once. Every answer here is that of a question, for all events or outlets.

To ask first-to-cover for each of thousands of events would read the store thousands of times. So the question's own
text is run once for all events, and its own code then answers for each event from the rows of that event. A text that
is asked for several outlets is run only once, too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

from newsgraph.graph.batch import columns_of_nodes
from newsgraph.graph.events.threads.reading import thread_around
from newsgraph.graph.schema import (
    SURE,
    About,
    CopyOf,
    Covers,
    Event,
    Follows,
    HasImage,
    Image,
    Outlet,
    PublishedBy,
    RelatedTo,
    Story,
    Topic,
    Value,
)
from newsgraph.graph.stores.protocol import Rows, Store
from newsgraph.graph.subgraph import Part, select
from newsgraph.queries.answer import Answer
from newsgraph.queries.ask import ask
from newsgraph.queries.asking.parameters import bind
from newsgraph.queries.asking.question import Question
from newsgraph.queries.questions import coverage, first_to_cover
from newsgraph.queries.questions.attention import Attention
from newsgraph.queries.questions.changes import EditRow
from newsgraph.queries.questions.coverage import CoverageRow
from newsgraph.queries.questions.first_to_cover import FirstToCover
from newsgraph.queries.questions.lead_lag import LeadLag
from newsgraph.queries.questions.scoops import Scoops
from newsgraph.views.absent import absent, watched
from newsgraph.views.decided import decided_words, decisions_by_story
from newsgraph.views.document import shown
from newsgraph.views.event_story import EventFacts, Neighbour, SharedPicture, language_tag
from newsgraph.views.options import Options
from newsgraph.views.stamp import CorpusFacts, corpus_facts
from newsgraph.views.timeline import MOST_LISTED, before_and_after, main_topics

#: How a text names its one event, and how it names all of them.
_ONE_EVENT, _ALL_EVENTS = "(e:Event {id: $event})", "(e:Event)"


class RememberingStore:
    """A store that remembers its answers, so that the same text with the same parameters is read only once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Rows] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def query(self, text: str, parameters: Mapping[str, Any] | None = None, **limits: Any) -> Rows:
        """Returns what the store answers."""
        key = repr((text, sorted((parameters or {}).items()), sorted(limits.items())))
        if key not in self._known:
            self._known[key] = self._store.query(text, parameters, **limits)
        return self._known[key]


class _Handed:
    """A store that returns the rows it was given, whatever it is asked."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def query(self, _text: str, _parameters: Mapping[str, Any] | None = None, **_limits: Any) -> Rows:
        return self._rows

    def records(self) -> None:
        return None  # so that its rows are asked for


def answers_by_event(
    store: Store, question: Question[Any, Any], filters: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Returns the answers of the question (first-to-cover or coverage) for all events, as :class:`Found`, by event id:
    those that the question gives with these filters."""
    if _ONE_EVENT not in question.text:
        raise ValueError(f"the text of {question.name} doesn't say which event it is about")
    text = question.text.replace(_ONE_EVENT, _ALL_EVENTS)
    only = (filters or {}).get("event")
    any_event = only or next((node.id for node in store.nodes(Event.label)), None)
    if any_event is None:
        return {}
    asked: Any = bind(question.parameters, {**(filters or {}), "event": any_event}, store)
    rows = store.query(text, question.query(asked))
    place = rows.columns.index("event_id")
    by_event: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if only in (None, row[place]):
            by_event[str(row[place])].append(row)
    return {
        event: question.answer(
            cast("Store", _Handed(Rows(rows.columns, own))), question.text, replace(asked, event=event)
        )
        for event, own in by_event.items()
    }


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story with what lists and the search show. ``event`` is None for a story in no event."""

    id: str
    title: str
    url: str
    published_at: datetime | None
    date_quality: str
    language: str | None
    outlets: tuple[str, ...]
    topics: tuple[str, ...]
    event: str | None
    copy_of: str | None
    agency: str | None

    @property
    def sure(self) -> bool:
        """Whether its time is exact."""
        return self.date_quality in SURE and self.published_at is not None


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as lists show it. Its counts are those of all its stories, including copies."""

    id: str
    title: str
    stories: int
    copies: int
    outlets: int
    first_outlets: tuple[str, ...]
    begun: datetime | None
    ended: datetime | None
    unsure: int


@dataclass(frozen=True, slots=True)
class SiteCorpus:
    """The content of the whole site. ``filters`` are those that chose it, as a question takes them. ``names`` holds the
    names of outlets, ``topic_names`` those of topics."""

    facts: CorpusFacts
    filters: Mapping[str, Any]
    names: Mapping[str, str]
    topic_names: Mapping[str, str]
    outlet_properties: Mapping[str, Mapping[str, Value]]
    stories: Mapping[str, StoryRow]
    rankings: Mapping[str, Any]
    coverages: Mapping[str, Any]
    events: Mapping[str, EventLine]
    event_properties: Mapping[str, Mapping[str, Value]]
    images: Mapping[str, tuple[str, ...]]
    image_addresses: Mapping[str, str]
    edits: Mapping[str, Sequence[EditRow]]
    decided: Mapping[str, Sequence[tuple[int, str]]]
    follows: Mapping[str, str]
    refers: Mapping[str, Counter[str]]
    referred: Mapping[str, Counter[str]]
    scoops: Answer[Scoops]
    pairs: Answer[LeadLag]
    by_topic: Answer[Attention]
    by_outlet: Answer[Attention]
    watched_times: Mapping[str, Sequence[datetime]]


def read_corpus(store: Store, options: Options) -> SiteCorpus:
    """Reads the corpus, or the part that the options' filters choose. ``store`` should be a
    :class:`RememberingStore`."""
    filters = options.asked()
    part = select(store, options.filters)
    outlets = {node.id: node.properties for node in part.nodes(Outlet.label)}
    names = {id: shown(str(had.get("name") or id), 120) for id, had in outlets.items()}
    event_properties = {node.id: node.properties for node in part.nodes(Event.label)}
    event_of = {edge.start: edge.end for edge in part.edges(Covers.type)}
    stories = _stories(part, event_of)
    rankings = answers_by_event(store, first_to_cover.QUESTION, filters)
    coverages = answers_by_event(store, coverage.QUESTION, filters)
    events = {
        id: _event_line(id, event_properties.get(id, {}), found.rows, rankings[id].rows if id in rankings else ())
        for id, found in coverages.items()
    }
    refers, referred = _references(part, event_of)
    pairs = {(id, row.outlet) for id, found in coverages.items() for row in found.rows if row.outlet}
    most = watched(Counter(outlet for _, outlet in pairs))
    return SiteCorpus(
        facts=_facts(store, options, stories),
        filters=filters,
        names=names,
        topic_names={
            node.id: shown(str(node.properties.get("name") or node.id), 120) for node in part.nodes(Topic.label)
        },
        outlet_properties=outlets,
        stories=stories,
        rankings=rankings,
        coverages=coverages,
        events=events,
        event_properties=event_properties,
        images=_listed((edge.start, edge.end) for edge in part.edges(HasImage.type)),
        image_addresses={node.id: str(node.properties.get("url") or node.id) for node in part.nodes(Image.label)},
        edits=_edits(store, filters),
        decided=decisions_by_story(store),
        follows={edge.start: edge.end for edge in part.edges(Follows.type)},
        refers=refers,
        referred=referred,
        scoops=ask(store, "scoops", **filters, min_events=1),
        pairs=ask(store, "lead-lag", **filters, min_shared=3),
        by_topic=ask(store, "attention", **filters, by="topic"),
        by_outlet=ask(store, "attention", **filters, by="outlet"),
        watched_times=_times(most, stories.values()),
    )


def _facts(store: Store, options: Options, stories: Mapping[str, StoryRow]) -> CorpusFacts:
    """Returns what identifies the corpus, with the number and the times of the stories that are left."""
    facts = corpus_facts(store)
    if not options.filters.narrow:
        return facts
    sure = [story.published_at for story in stories.values() if story.sure and story.published_at]
    return replace(facts, stories=len(stories), oldest=min(sure, default=None), newest=max(sure, default=None))


def _edits(store: Store, filters: Mapping[str, Any]) -> dict[str, list[EditRow]]:
    """Edited headlines and excerpts by story, the latest first."""
    by_story: dict[str, list[EditRow]] = defaultdict(list)
    for row in ask(store, "changes", **filters):
        by_story[row.story_id].append(row)
    return by_story


def _times(outlets: Sequence[str], stories: Iterable[StoryRow]) -> dict[str, list[datetime]]:
    """Returns when each outlet published its stories of a sure time, in order."""
    times: dict[str, list[datetime]] = {outlet: [] for outlet in outlets}
    for story in stories:
        for outlet in story.outlets:
            if outlet in times and story.sure and story.published_at:
                times[outlet].append(story.published_at)
    return {outlet: sorted(found) for outlet, found in times.items()}


def _listed(pairs: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for start, end in pairs:
        found[start].append(end)
    return {start: tuple(ends) for start, ends in found.items()}


def _stories(part: Part, event_of: Mapping[str, str]) -> dict[str, StoryRow]:
    outlets = _listed((edge.start, edge.end) for edge in part.edges(PublishedBy.type))
    topics = _listed((edge.start, edge.end) for edge in part.edges(About.type))
    # A copy is one even if its original isn't in the part.
    copies = {edge.start: edge.end for edge in part.store.edges(CopyOf.type)}
    names = ["title", "url", "published_at", "date_quality", "language", "agency"]
    whole = part.store.node_columns(Story.label, names)
    found = {}
    for columns in columns_of_nodes(part.nodes(Story.label), names) if part.filters.narrow else whole:
        for id, title, url, at, quality, language, agency in zip(columns.ids[0], *columns.values, strict=True):
            found[id] = StoryRow(
                id=id,
                title=str(title or ""),
                url=str(url or ""),
                published_at=at if isinstance(at, datetime) else None,
                date_quality=str(quality or "missing"),
                language=language_tag(str(language or "")),
                outlets=outlets.get(id, ()),
                topics=topics.get(id, ()),
                event=event_of.get(id),
                copy_of=copies.get(id),
                agency=str(agency) if agency else None,
            )
    return found


def _event_line(
    id: str, properties: Mapping[str, Value], rows: Sequence[CoverageRow], ranking: Sequence[FirstToCover]
) -> EventLine:
    different = {row.story_id: row for row in rows}
    sure = [row.published_at for row in different.values() if row.date_quality in SURE and row.published_at]
    times = sure or [row.published_at for row in different.values() if row.published_at]
    return EventLine(
        id=id,
        title=str(properties.get("label") or properties.get("title") or "Event without a title"),
        stories=len(different),
        copies=sum(row.is_copy for row in different.values()),
        outlets=len({row.outlet for row in rows if row.outlet}),
        first_outlets=tuple(row.outlet for row in ranking if row.rank == 1),
        begun=min(times, default=None),
        ended=max(times, default=None),
        unsure=len(different) - len(sure),
    )


def _references(part: Part, event_of: Mapping[str, str]) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """Returns, for each event, the events whose stories its stories list as related, with their numbers; and the same
    in the other direction."""
    refers: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    referred: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for edge in part.edges(RelatedTo.type):
        one, other = event_of.get(edge.start), event_of.get(edge.end)
        if one is not None and other is not None and one != other:
            refers[one][other].add(edge.end)
            referred[other][one].add(edge.start)

    def counted(found: Mapping[str, Mapping[str, set[str]]]) -> dict[str, Counter[str]]:
        return {
            event: Counter({other: len(stories) for other, stories in others.items()})
            for event, others in found.items()
        }

    return counted(refers), counted(referred)


def event_facts(corpus: SiteCorpus, id: str) -> EventFacts:
    """Returns what the page of an event is made from."""
    found = corpus.coverages[id]
    rows: Sequence[CoverageRow] = found.rows
    ranking = corpus.rankings.get(id)
    own = {row.story_id for row in rows}
    properties = corpus.event_properties.get(id, {})
    counts: dict[str, int] = Counter(topic for story in own for topic in corpus.stories[story].topics)
    thread = thread_around(id, corpus.follows)
    before, after = _referring(corpus, id, {*thread.before, *thread.after})
    return EventFacts(
        id=id,
        title=str(properties.get("title") or ""),
        label=str(properties.get("label") or ""),
        ranking=ranking.rows if ranking else (),
        ranking_notes=ranking.notes if ranking else (),
        stories=rows,
        copy_of={story: copied for story in own if (copied := corpus.stories[story].copy_of)},
        languages={story: tag for story in own if (tag := corpus.stories[story].language)},
        agencies={story: agency for story in own if (agency := corpus.stories[story].agency)},
        topics=[(topic, corpus.topic_names.get(topic, topic)) for topic in main_topics(counts, len(own))],
        continues=_of_thread(corpus, thread.before)[-MOST_LISTED:],
        continued=_of_thread(corpus, thread.after)[:MOST_LISTED],
        before=before,
        after=after,
        absent=absent(
            corpus.watched_times,
            {row.outlet for row in rows},
            (corpus.events[id].begun, corpus.events[id].ended),
            corpus.names,
        ),
        pictures=_pictures(corpus, own),
        decided=decided_words(corpus.decided, sorted(own)),
        edits=[edit for story in sorted(own) for edit in corpus.edits.get(story, ())],
    )


def _referring(corpus: SiteCorpus, id: str, without: set[str]) -> tuple[list[Neighbour], list[Neighbour]]:
    """Returns the events before and after an event whose stories refer to its stories or are referred to, but for those
    ``without``."""
    others: Counter[str] = Counter()
    for near in (corpus.refers.get(id, Counter()), corpus.referred.get(id, Counter())):
        others.update(near)
    neighbours = [
        Neighbour(other, corpus.events[other].title, corpus.events[other].begun, count)
        for other, count in others.items()
        if other in corpus.events and other not in without
    ]
    return before_and_after(neighbours, corpus.events[id].begun)


def _of_thread(corpus: SiteCorpus, ids: Iterable[str]) -> list[Neighbour]:
    """Returns events of a thread, in time."""
    lines = [corpus.events[id] for id in ids if id in corpus.events]
    lines.sort(key=lambda line: (line.begun is None, line.begun or datetime.max.replace(tzinfo=UTC), line.id))
    return [Neighbour(line.id, line.title, line.begun, line.stories) for line in lines]


def _pictures(corpus: SiteCorpus, own: set[str]) -> list[SharedPicture]:
    shown_by: dict[str, set[str]] = defaultdict(set)
    for story in sorted(own):
        for image in corpus.images.get(story, ()):
            shown_by[image].update(corpus.stories[story].outlets)
    several = sorted(image for image, outlets in shown_by.items() if len(outlets) > 1)[:MOST_LISTED]
    return [
        SharedPicture(
            corpus.image_addresses.get(image, image),
            [(outlet, corpus.names.get(outlet, outlet)) for outlet in sorted(shown_by[image])],
        )
        for image in several
    ]
