"""Events in a store: derived from its stories and kept up to date with them, or given by a researcher.

The resolver itself (:mod:`newsgraph.graph.events`) knows no store. This module reads the texts for it, and writes its
answer where that differs from what the store has.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from newsgraph.errors import UnknownNameError, UsageError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.columnar.cells import microseconds, time_of
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Constraints, Corrections, constraints_of
from newsgraph.graph.events import (
    Background,
    Copy,
    Derivation,
    DerivedEvent,
    Era,
    EventSettings,
    Explanation,
    Follow,
    Membership,
    StoryText,
    derive,
    explain,
    update,
)
from newsgraph.graph.events.base import EventBase, fingerprint
from newsgraph.graph.events.moments import FIRST, LAST
from newsgraph.graph.events.threads.keeping import Before, threads_after, threads_made_by
from newsgraph.graph.schema import SURE, Value
from newsgraph.graph.stores.protocol import Rows, Store
from newsgraph.graph.urls.identity import story_id
from newsgraph.slices import in_slices
from newsgraph.version import __version__

if TYPE_CHECKING:
    from newsgraph.graph.events.clustering.corrected import Corrected

#: A function that is told how many titles a sentence model has read, and of how many at most (None if unknown).
TitlesRead = Callable[[int, int | None], None]

#: The number of nodes and edges that are written at once.
ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class EventsReport:
    """The numbers of events, stories in events, and copies that the store has after a derivation.

    ``origin`` is "derived" or "imported". ``uncovered`` is the number of stories without an event; it is above 0 only
    where a researcher gave the events.
    """

    events: int
    stories: int
    copies: int
    origin: str  # derived or imported
    uncovered: int = 0

    def __str__(self) -> str:
        """One line for people, without ``uncovered``."""
        stories = "1 story" if self.stories == 1 else f"{self.stories:,} stories"
        copies = "1 copy" if self.copies == 1 else f"{self.copies:,} copies"
        return f"Events: {self.events:,} from {stories}, {copies} ({self.origin})"


class StoreStories:
    """Reads the stories of a store as the resolver needs them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._all: tuple[StoryText, ...] | None = None
        self._dated: list[tuple[int, StoryText]] = []
        self._read: list[tuple[int, int]] = []
        """The stretches of time that these were read of, ascending. All times are microseconds since 1970."""

    def all(self) -> Sequence[StoryText]:
        """Returns every story. They are read once, and stay in memory as long as this object."""
        if self._all is None and self._read:
            # What was read is used again; a subclass may give the stories in another form.
            self._all = (*StoreStories.dated(self, FIRST, LAST), *StoreStories.undated(self))
        if self._all is None:
            related: dict[str, list[tuple[int, str]]] = defaultdict(list)
            for edge in self._store.edges("RELATED_TO"):
                related[edge.start].append((_position(edge), edge.end))
            self._all = tuple(story_text(row, related) for row in self._store.query(_text("story_texts_all")))
        return self._all

    def dated(self, start: datetime, end: datetime) -> Iterator[StoryText]:
        """Yields the stories with a sure time from ``start`` to ``end``, both included. Each is read once, and stays in
        memory as long as this object."""
        from newsgraph.graph.events.clustering.stretches import joined, without_any  # noqa: PLC0415  # numpy

        asked = microseconds(start), microseconds(end)
        missing = without_any([asked], self._read)
        for first, last in missing:
            stretch = {"start": time_of(first), "end": time_of(last)}
            for story in self._with_related(self._store.query(_text("story_texts"), stretch)):
                self._dated.append((microseconds(story.published_at), story))
        if missing:
            self._read = joined([*self._read, *missing])
            self._dated.sort(key=_place)
        low = bisect_left(self._dated, asked[0], key=_place)
        high = bisect_right(self._dated, asked[1], key=_place)
        yield from (story for _, story in self._dated[low:high])

    def undated(self) -> Iterator[StoryText]:
        """Yields the stories whose time is unsure or missing."""
        return self._with_related(self._store.query(_text("story_texts_unsure")))

    def stories(self, ids: Iterable[str]) -> Iterator[StoryText]:
        """Yields the stories with these ids; ids that the store doesn't have are left out."""
        return self._with_related(self._store.query(_text("story_texts_some"), {"ids": sorted(ids)}))

    def _with_related(self, rows: Rows) -> Iterator[StoryText]:
        related: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for edge in self._store.edges("RELATED_TO", starts=[str(row[0]) for row in rows]):
            related[edge.start].append((_position(edge), edge.end))
        for row in rows:
            yield story_text(row, related)


def derive_events(
    store: Store,
    *,
    changed: Iterable[str] | None = None,
    left: Mapping[str, str] | None = None,
    former: Mapping[str, StoryText] | None = None,
    in_step: bool | None = None,
    settings: EventSettings | None = None,
    semantic: bool | None = None,
    titles: TitlesRead | None = None,
) -> EventsReport:
    """Updates the events to fit the stories that the store has now, and saves.

    ``changed`` are the stories added, changed or removed since the events were last up to date. ``left`` maps removed
    stories to the events that they were in. ``former`` maps changed stories to what they were, as far as that is known:
    it makes the update cheaper. If ``changed`` is None, or if the events were not up to date before, all events are
    derived from nothing. ``in_step`` says whether they were (None: what the store says). ``settings`` replaces the
    settings that the store keeps. ``semantic`` says whether a sentence model takes part; the store remembers it with
    the settings (None: as it was). ``titles`` is told how many titles that model has read. Imported events are kept:
    removed stories leave them, and new stories have no event. Raises UsageError if the sentence model can't be used.
    """
    corpus = Corpus.of(store)
    stories = StoreStories(store)
    before = _Written.of(store)
    base = EventBase.from_json(corpus.event_base)
    derivation: Derivation | None
    labels: dict[str, str] = {}
    was: Background | None = None
    if corpus.event_origin == "imported" and settings is None:
        derivation, labels = _imported(base, before, stories)
        was = derivation.background
        if semantic is not None:
            used = with_semantic(kept_settings(corpus), semantic)
            corpus = corpus.write(store, event_settings=json.dumps(used.chosen(), sort_keys=True))
    else:
        kept = kept_settings(corpus)
        used = with_semantic(settings or kept, semantic)
        known = _known(corpus)
        current = corpus.events_current if in_step is None else in_step
        in_step = current and used == kept and corpus.event_origin == "derived" and known is not None
        constraints = constraints_in(store, corpus)
        derivation = None
        if changed is None or not in_step:
            with _told(titles, used, len(stories.all())):
                derivation = derive(stories.all(), used)
        elif changed or fingerprint(constraints) != base.of:
            previous = base.derived(before.derivation(left or {}, known))
            was = previous.background
            with _told(titles, used, None):
                derivation = update(previous, stories, changed, used, former)
        corpus = corpus.write(store, event_settings=json.dumps(used.chosen(), sort_keys=True), event_origin="derived")
        if derivation is not None:
            corpus = corpus.write(store, event_background=known_text(derivation))
    if derivation is None:
        written = before.derivation()
    else:
        corpus, written = _write_corrected(store, corpus, before, derivation, labels)
        altered = None if was is None or changed is None else _Altered(set(changed), set((left or {}).values()), was)
        corpus = _write_threads(store, corpus, stories, before, written, altered)
    corpus = corpus.write(store, events_current=True)
    store.save()
    return _report(store, corpus, written)


def _told(titles: TitlesRead | None, used: EventSettings, total: int | None) -> AbstractContextManager[None]:
    """Within it, ``titles`` is told how many titles the sentence model read, where there is one."""
    if titles is None or not used.semantic:
        return nullcontext()
    from newsgraph.graph.events.text.sentences import telling  # noqa: PLC0415  # numpy comes with it

    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        titles(done, total)

    return telling(told)


def kept_settings(corpus: Corpus) -> EventSettings:
    """Returns the settings that the store keeps, or the defaults if it keeps none."""
    return EventSettings.of_chosen(json.loads(corpus.event_settings or "{}"))


def with_semantic(settings: EventSettings, semantic: bool | None) -> EventSettings:
    """The settings with or without a sentence model; None: as they are."""
    if semantic is None or semantic == bool(settings.semantic):
        return settings
    if not semantic:
        return replace(settings, semantic="")
    from newsgraph.graph.events.text.sentences import DEFAULT_MODEL  # noqa: PLC0415  # numpy comes with it

    return replace(settings, semantic=DEFAULT_MODEL)


def check_semantic(store: Store, semantic: bool | None) -> None:
    """Raises UsageError where events of this store ask for a sentence model that can't be used."""
    settings = with_semantic(kept_settings(Corpus.of(store)), semantic)
    if settings.semantic:
        from newsgraph.graph.events.text.sentences import sentence_reader  # noqa: PLC0415  # numpy comes with it

        sentence_reader(settings.semantic)


def constraints_in(store: Store, corpus: Corpus) -> Constraints:
    """Returns what the decisions in the store require of its events."""
    decided = Corrections.from_json(corpus.corrections)
    return constraints_of(decided, stories_named(store, decided.addresses)) if decided else Constraints()


def stories_named(store: Store, names: Iterable[str]) -> dict[str, str]:
    """Returns name -> id of the story. A name is an id or any spelling of an address. Stories that the store doesn't
    have are left out."""
    spelled = {given: story_id(given) or given for given in names}
    keys = sorted({*spelled, *spelled.values()})
    if not keys:
        return {}
    known = {edge.start: edge.end for edge in store.edges("ADDRESS_OF", starts=keys)}
    known.update((node.id, node.id) for node in store.nodes("Story", keys))
    found = {given: known.get(given) or known.get(key) for given, key in spelled.items()}
    return {given: id for given, id in found.items() if id is not None}


def read_base(store: Store) -> tuple[Derivation, dict[str, str]]:
    """Returns the events as they were derived, before any decision, and the names of those that were imported."""
    corpus = Corpus.of(store)
    before, base = _Written.of(store), EventBase.from_json(corpus.event_base)
    return base.derived(before.derivation(known=_known(corpus))), _base_labels(before, base)


def _base_labels(before: _Written, base: EventBase) -> dict[str, str]:
    kept = {
        id: str(node.properties["label"])
        for id, node in before.nodes.items()
        if node.properties.get("label") and id not in base.made
    }
    return kept | dict(base.labels)


def corrected(
    derivation: Derivation, texts: StoreStories, constraints: Constraints, settings: EventSettings
) -> Corrected:
    """Returns the derivation as the constraints want it."""
    from newsgraph.graph.events.clustering.corrected import Corrected, corrected_events  # noqa: PLC0415  # numpy

    if not constraints:
        return Corrected(derivation, {}, frozenset(), ())
    return corrected_events(derivation, texts.stories, constraints, settings)


def _write_corrected(
    store: Store, corpus: Corpus, before: _Written, derivation: Derivation, labels: Mapping[str, str]
) -> tuple[Corpus, Derivation]:
    """Writes the events as the decisions want them, and records what the decisions changed. Returns the corpus and the
    events as written."""
    constraints = constraints_in(store, corpus)
    done = corrected(derivation, StoreStories(store), constraints, kept_settings(corpus))
    had, has = set(derivation.copies), set(done.derivation.copies)
    base = EventBase(
        fingerprint(constraints),
        done.made,
        done.replaced,
        {event.id: labels[event.id] for event in done.replaced if event.id in labels},
        frozenset(has - had),
        frozenset(had - has),
    )
    named = {id: name for id, name in labels.items() if id not in done.made or id in {e.id for e in done.replaced}}
    _write(store, before, done.derivation, named | dict(done.names))
    return corpus.write(store, event_base=base.to_json()), done.derivation


@dataclass(frozen=True, slots=True)
class _Altered:
    """What a change altered, as far as threads depend on it: stories, events that stories left, and the background,
    which is given as it was."""

    stories: set[str]
    left: set[str]
    background: Background


def _write_threads(
    store: Store,
    corpus: Corpus,
    stories: StoreStories,
    before: _Written,
    derivation: Derivation,
    altered: _Altered | None,
) -> Corpus:
    """Writes which event continues which, where that differs from what the store holds. If it isn't known what was
    ``altered``, all are made anew."""
    settings = kept_settings(corpus)
    made_by = threads_made_by(derivation.background, settings)
    if altered is None or corpus.event_threads != made_by:
        found = threads_after(before.threads(), derivation, stories, settings, None)
    else:
        reweighed = _reweighed(altered.background, derivation.background, settings)
        # The times of an event say nothing about those of its stories with an unsure time.
        moved = {
            story.id
            for story in (stories.undated() if reweighed else ())
            if story.published_at is not None and any(start <= story.published_at <= end for start, end in reweighed)
        }
        changed = altered.stories | moved
        found = threads_after(before.threads(), derivation, stories, settings, changed, altered.left, reweighed)
    now = {
        one.event_id: Edge("FOLLOWS", one.event_id, one.earlier_id, {"score": one.score, "related": one.related})
        for one in found
    }
    ids = {event.id for event in derivation.events}
    # The edges of events that are gone went with them.
    gone = [
        ("FOLLOWS", *ends)
        for ends in sorted((edge.start, edge.end) for edge in before.follows.values())
        if ids.issuperset(ends) and (ends[0] not in now or now[ends[0]].end != ends[1])
    ]
    new = [edge for edge in now.values() if before.follows.get(edge.start) != edge]
    _write_in_pieces(store, gone_edges=gone, edges=new)
    return corpus.write(store, event_threads=made_by)


def _reweighed(old: Background, new: Background, settings: EventSettings) -> list[tuple[datetime, datetime]]:
    """Returns the stretches of time whose words are weighed in another way."""
    if old.eras == new.eras:
        return []
    from newsgraph.graph.events.text.background import moved_ceilings  # noqa: PLC0415  # numpy comes with it

    return [(start, end) for start, end, _ in moved_ceilings(old, new, settings)]


def import_events(store: Store, labels: Mapping[str, str]) -> EventsReport:
    """Replaces the derived events by a researcher's: ``labels`` maps story ids to the researcher's name for the event.

    Stories without a label have no event. Copies stay as they were derived. Raises UsageError when none of the labelled
    stories is in the store.
    """
    before = _Written.of(store)
    groups: dict[str, list[StoryText]] = defaultdict(list)
    for story in StoreStories(store).stories(labels):
        groups[labels[story.id]].append(story)
    if not groups:
        raise UsageError("labels", "none of the labelled stories is in the store", "Load their files first")
    corpus = Corpus.of(store)
    copies = EventBase.from_json(corpus.event_base).derived(before.derivation()).copies
    derivation, names = _grouped(groups, {}, copies)
    corpus, written = _write_corrected(store, corpus, before, derivation, names)
    corpus = _write_threads(store, corpus, StoreStories(store), before, written, None)
    corpus = corpus.write(store, event_origin="imported", events_current=True)
    store.save()
    return _report(store, corpus, written)


def read_derivation(store: Store) -> Derivation:
    """Returns the events and copies that the store holds, in the form in which the resolver returns them."""
    return _Written.of(store).derivation(known=_known(Corpus.of(store)))


@dataclass(frozen=True, slots=True)
class _Known:
    """What an update needs to know beside the events and copies: see ``Derivation``."""

    background: Background = field(default_factory=Background)
    siblings: tuple[tuple[str, ...], ...] = ()


def _known(corpus: Corpus) -> _Known | None:
    """Returns what the store keeps of that. None if another version of newsgraph derived the events: this one may
    derive others, so it can't continue them."""
    had = json.loads(corpus.event_background or "{}")
    if had.get("made_by") != __version__:
        return None
    eras = tuple(Era(begins, {int(term): level for term, level in levels.items()}) for begins, levels in had["eras"])
    background = Background(tuple(had["spans"]), eras, tuple(had["texts"]), b64decode(had["words"]))
    return _Known(background, tuple(tuple(ids) for ids in had["siblings"]))


def known_text(derivation: Derivation) -> str:
    """Returns what the Corpus node keeps of a derivation beside its events, as JSON."""
    known = derivation.background
    kept = {
        "made_by": __version__,
        "spans": known.spans,
        "eras": [(era.begins, {str(term): level for term, level in sorted(era.levels.items())}) for era in known.eras],
        "texts": known.texts,
        "words": b64encode(known.words).decode("ascii"),
        "siblings": derivation.siblings,
    }
    return json.dumps(kept, separators=(",", ":"))


def _report(store: Store, corpus: Corpus, written: Derivation) -> EventsReport:
    return EventsReport(
        events=len(written.events),
        stories=sum(len(event.members) for event in written.events),
        copies=len(written.copies),
        origin=corpus.event_origin,
        uncovered=int(str(next(iter(store.query(_text("uncovered"))))[0])),
    )


@dataclass(frozen=True, slots=True)
class _Written:
    """The events as the store holds them."""

    nodes: Mapping[str, Node]
    events: Mapping[str, DerivedEvent]  # by id, with the stories that the store still has, even if these are none
    copy_edges: Mapping[tuple[str, str], Edge]  # copy, original
    follows: Mapping[str, Edge]  # by the later event

    @classmethod
    def of(cls, store: Store) -> _Written:
        nodes = {node.id: node for node in store.nodes("Event")}
        members: dict[str, list[tuple[tuple[bool, bool, datetime, str], Membership]]] = {id: [] for id in nodes}
        covers: Iterable[tuple[Any, ...]] = store.query(_text("covers"))
        for event, story, score, weak, published_at, quality in covers:
            place = _time_order(story, _time_or_none(published_at), quality in SURE)
            members[event].append((place, Membership(story, float(score), weak)))
        for ones in members.values():
            ones.sort(key=_place)
        return cls(
            nodes=nodes,
            events={id: _stored_event(node, tuple(one for _, one in members[id])) for id, node in nodes.items()},
            copy_edges={(edge.start, edge.end): edge for edge in store.edges("COPY_OF")},
            follows={edge.start: edge for edge in store.edges("FOLLOWS")},
        )

    def threads(self) -> Before:
        """Returns what the threads depend on, as the store holds it."""
        members = {id: {member.story_id for member in event.members} for id, event in self.events.items()}
        begins = {id: event.first_published_at for id, event in self.events.items()}
        follows = {
            later: Follow(later, edge.end, float(str(edge.properties["score"])), _count(edge, "related"))
            for later, edge in self.follows.items()
        }
        return Before(members, {id: time for id, time in begins.items() if time is not None}, follows)

    def copies(self) -> tuple[Copy, ...]:
        return tuple(
            Copy(edge.start, edge.end, float(str(edge.properties["similarity"])))
            for _, edge in sorted(self.copy_edges.items())
        )

    def derivation(self, left: Mapping[str, str] | None = None, known: _Known | None = None) -> Derivation:
        """Returns what the resolver returned when these events were written, with what else is ``known`` of it.

        ``left`` maps stories that are now gone to their events; they are added to these events.
        """
        had = dict(self.events)
        for story, id in sorted((left or {}).items()):
            if id in had:
                event = had[id]
                members = (*event.members, Membership(story, 0.0))
                had[id] = replace(event, story_count=len(members), members=members)
        events = [event for event in had.values() if event.members]
        events.sort(key=lambda event: (event.first_published_at is None, event.first_published_at or FIRST, event.id))
        known = known or _Known()
        return Derivation(tuple(events), self.copies(), known.background, known.siblings)


def _stored_event(node: Node, members: tuple[Membership, ...]) -> DerivedEvent:
    told = node.properties
    return DerivedEvent(
        id=node.id,
        title=str(told.get("title", "")),
        first_published_at=_time_or_none(told.get("first_published_at")),
        last_published_at=_time_or_none(told.get("last_published_at")),
        story_count=len(members),
        outlet_count=int(str(told.get("outlet_count", 0))),
        members=members,
    )


_place = itemgetter(0)


def _time_order(id: str, published_at: datetime | None, sure: bool) -> tuple[bool, bool, datetime, str]:
    """Returns a sort key: sure times first, then unsure ones, then none; each by time, then by id."""
    return not sure, published_at is None, published_at or FIRST, id


def _imported(base: EventBase, before: _Written, stories: StoreStories) -> tuple[Derivation, dict[str, str]]:
    """Returns the researcher's events with the stories that still exist."""
    given = base.derived(before.derivation())
    event_of = {member.story_id: event.id for event in given.events for member in event.members}
    groups: dict[str, list[StoryText]] = defaultdict(list)
    for story in stories.stories(event_of):
        groups[event_of[story.id]].append(story)
    there = {story.id for group in groups.values() for story in group}
    copies = tuple(copy for copy in given.copies if {copy.story_id, copy.original_id} <= there)
    return _grouped(groups, _base_labels(before, base), copies)


def _grouped(
    groups: Mapping[str, list[StoryText]], labels: Mapping[str, str], copies: tuple[Copy, ...]
) -> tuple[Derivation, dict[str, str]]:
    """Returns given groups of stories as events, and event id -> the researcher's name.

    ``labels`` gives the name of a group whose key isn't its name.
    """
    from newsgraph.graph.events.clustering.derivation import ScoredGroup, lasting  # noqa: PLC0415  # numpy comes with it

    names: dict[str, str] = {}
    events: list[DerivedEvent] = []
    for key in sorted(groups):
        event = lasting(ScoredGroup(tuple(groups[key]), (1.0,) * len(groups[key])), EventSettings())
        events.append(event)
        names[event.id] = labels.get(key, key)
    return Derivation(tuple(events), copies), names


def _write(store: Store, before: _Written, derivation: Derivation, labels: Mapping[str, str]) -> None:
    """Writes what differs."""
    made = {event.id: event_node(event, labels.get(event.id)) for event in derivation.events}
    nodes = [node for id, node in made.items() if before.nodes.get(id) != node]
    gone_nodes = [("Event", id) for id in sorted(before.nodes.keys() - made.keys())]
    gone_covers, edges = _covers_that_differ(before.events, derivation.events)
    copies: set[tuple[str, str]] = set()
    for copy in derivation.copies:
        key = copy.story_id, copy.original_id
        copies.add(key)
        edge = Edge("COPY_OF", *key, {"similarity": float(copy.similarity)})
        if before.copy_edges.get(key) != edge:
            edges.append(edge)
    gone_edges = [("COVERS", *key) for key in gone_covers]
    gone_edges += [("COPY_OF", *key) for key in sorted(before.copy_edges.keys() - copies)]
    _write_in_pieces(store, gone_edges=gone_edges, gone_nodes=gone_nodes, nodes=nodes, edges=edges)


def _write_in_pieces(
    store: Store,
    *,
    gone_edges: Sequence[tuple[str, str, str]],
    edges: Sequence[Edge],
    gone_nodes: Sequence[tuple[str, str]] = (),
    nodes: Sequence[Node] = (),
) -> None:
    """Writes changes in pieces that a server accepts in one transaction each: what is gone first, and nodes before
    their edges."""
    batches = chain(
        (Batch(gone_edges=some) for some in in_slices(gone_edges, ROWS_AT_ONCE)),
        (Batch(gone_nodes=some) for some in in_slices(gone_nodes, ROWS_AT_ONCE)),
        (Batch(nodes=some) for some in in_slices(nodes, ROWS_AT_ONCE)),
        (Batch(edges=some) for some in in_slices(edges, ROWS_AT_ONCE)),
    )
    for batch in batches:
        store.write(batch)


def _covers_that_differ(
    before: Mapping[str, DerivedEvent], events: Iterable[DerivedEvent]
) -> tuple[list[tuple[str, str]], list[Edge]]:
    """Returns the pairs of story and event that are no more, ascending, and the edges that are new or other ones."""
    left = {id: event.members for id, event in before.items()}
    gone: list[tuple[str, str]] = []
    edges: list[Edge] = []
    for event in events:
        had = left.pop(event.id, ())
        if had != event.members:
            fresh = set(event.members).difference(had)
            edges += [_covers(member, event.id) for member in event.members if member in fresh]
            stories = {member.story_id for member in event.members}
            gone += [(member.story_id, event.id) for member in had if member.story_id not in stories]
    gone += [(member.story_id, id) for id, members in left.items() for member in members]
    return sorted(gone), edges


def _covers(member: Membership, event: str) -> Edge:
    return Edge("COVERS", member.story_id, event, {"score": float(member.score), "weak_fit": member.weak_fit})


def event_node(event: DerivedEvent, label: str | None) -> Node:
    """Returns the node of an event; ``label`` is a researcher's name for it, None if there is none."""
    properties: dict[str, Value] = {
        "title": label or event.title,
        # It is always written: without a title the embedded engine would show the node's label in its place.
        "label": label or "",
        "story_count": event.story_count,
        "outlet_count": event.outlet_count,
    }
    if event.first_published_at is not None:
        properties["first_published_at"] = event.first_published_at
    if event.last_published_at is not None:
        properties["last_published_at"] = event.last_published_at
    return Node("Event", event.id, properties)


def story_text(row: tuple[Any, ...], related: Mapping[str, list[tuple[int, str]]]) -> StoryText:
    """Returns what the resolver sees of a story.

    ``row`` has its id, title, excerpt, time, quality of the time, language, outlet, and what it says of the outlet, as
    JSON.
    ``related`` maps a story to the places and ids of those that it lists as related.
    """
    id, title, excerpt, published_at, quality, language, outlet, said = row
    return StoryText(
        id=id,
        title=title or "",
        excerpt=excerpt or "",
        published_at=published_at,
        date_sure=quality in SURE,
        language=language,
        outlet=outlet,
        # The outlet as the story itself gives it. The outlet's node has a name that depends on other stories, too, so
        # its use would let a change in one story affect others far away.
        outlet_name=json.loads(said).get("name") if said else None,
        related=tuple(other for _, other in sorted(related.get(id, ()))),
    )


def _position(edge: Edge) -> int:
    return _count(edge, "position")


def _count(edge: Edge, name: str) -> int:
    return int(str(edge.properties.get(name, 0)))


def _time_or_none(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


@cache
def _text(name: str) -> str:
    return files("newsgraph.graph.events").joinpath(f"{name}.cypher").read_text(encoding="utf-8")


def explain_stories(store: Store, story: str, other: str | None = None) -> Explanation:
    """Tells why a story is in its event, or why two stories are together or apart.

    A story is named by any spelling of its address or by its id. Raises UnknownNameError if it isn't in the store.
    """
    settings = kept_settings(Corpus.of(store))
    stories = StoreStories(store)
    asked = [_story_named(store, name) for name in (story, other) if name is not None]
    derivation = read_derivation(store)
    near = {one.id: one for one in stories.stories(asked)}
    reach = timedelta(hours=settings.reach_hours)
    for one in list(near.values()):
        if one.published_at is not None:
            near.update(
                (found.id, found) for found in stories.dated(one.published_at - reach, one.published_at + reach)
            )
    near.update((found.id, found) for found in stories.undated())
    events = [event for event in derivation.events if any(member.story_id in asked for member in event.members)]
    members = {member.story_id for event in events for member in event.members}
    near.update((found.id, found) for found in stories.stories(members - near.keys()))
    return explain(near.values(), derivation, asked[0], asked[1] if len(asked) > 1 else None, settings)


def _story_named(store: Store, name: str) -> str:
    key = story_id(name) or name
    for candidate in (name, key):
        if next(iter(store.nodes("Story", [candidate])), None) is not None:
            return candidate
        edge = next(iter(store.edges("ADDRESS_OF", starts=[candidate])), None)
        if edge is not None:
            return edge.end
    raise UnknownNameError(name, "no story has that address", "newsgraph find WORDS finds stories by their titles")
