"""Finds stories, events, outlets and topics by words. The ranking is newsgraph's own and the same in every store.

:mod:`newsgraph.queries.asking.words` says how a title is scored. Equal scores are ordered by kind, then by id.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast

from newsgraph.errors import UnknownNameError, UsageError
from newsgraph.graph.columnar.records import Records
from newsgraph.graph.columnar.word_index import WordIndex
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.words import words_of
from newsgraph.queries.answer import column
from newsgraph.queries.asking.kept_rows import event_row, rows_of
from newsgraph.queries.asking.words import having, scores_in, scores_of

KINDS = ("event", "outlet", "topic", "story")

#: So few texts are read themselves, which is faster than looking up their words in the index.
_FEW = 100

_HOST = re.compile(r"(?:[^\W_][\w-]*\.)+[^\W_]{2,}\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """A story, event, outlet or topic that the words fit."""

    kind: str = column("event, outlet, topic or story")
    id: str = column("its id")
    name: str | None = column("title of an event or a story, name of an outlet or a topic")
    score: float = column("how well the words fit, 0 to 1")
    matched: str | None = column("the title that fits, where it is that of an event's story")
    published_at: datetime | None = column("time of a story, or of an event's earliest")
    stories: int | None = column("stories on the event", "stories")
    outlets: int | None = column("outlets of the event", "outlets")


#: What sorts as a hit does: whether it is no outlet that the words are the host of, its score below zero, the place of
#: its kind, and its own place or id among its kind. At last, what it is made from beside its place, or it itself.
_Rank = tuple[bool, float, int, Any, Any]


class Hits:
    """What words fit. Hits are made when they are asked for, as of common words only the best of very many are."""

    def __init__(self, ranks: list[_Rank], hit: Callable[[_Rank], Hit]) -> None:
        self._ranks, self._hit = ranks, hit

    def __len__(self) -> int:
        return len(self._ranks)

    def best(self, limit: int | None = None) -> list[Hit]:
        """Returns the best hits, the best first; all without a limit."""
        ranks = sorted(self._ranks) if limit is None else heapq.nsmallest(limit, self._ranks)
        return list(map(self._hit, ranks))

    def places(self) -> list[int]:
        """Returns the places of all hits among their kind, the best first. Only for hits of one kind from the words
        that a store's file keeps."""
        return [place for *_, place, _ in sorted(self._ranks)]

    def at(self, places: Collection[int]) -> list[Hit]:
        """Returns the hits at some of these places, in their order."""
        wanted = set(places)
        ranks = {place: rank for rank in self._ranks if (place := rank[3]) in wanted}
        return [self._hit(ranks[place]) for place in places]


def find(
    store: Store,
    words: str,
    *,
    kinds: Sequence[str] = KINDS,
    limit: int | None = None,
    needed: Sequence[str] = (),
) -> list[Hit]:
    """Returns what the words fit, the best first: :meth:`Hits.best` of :func:`all_hits`."""
    return all_hits(store, words, kinds=kinds, needed=needed).best(limit)


def all_hits(store: Store, words: str, *, kinds: Sequence[str] = KINDS, needed: Sequence[str] = ()) -> Hits:
    """Returns what the words fit, which the store must stay open for. Events may be left out if one of the words
    ``needed`` is neither in their own title or label nor in that of any of their stories.

    A web address, in any spelling, gives its story and the events that the story is in or, if there is no such story,
    the outlet of its domain. A domain gives its outlet first, and then what its own name fits; its public suffix (com,
    co.uk) doesn't count as a word. Raises UsageError if there is no word, and for an unknown kind.
    """
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise UnknownNameError("--kind", f"there is no kind {unknown[0]!r}", f"Choose {', '.join(KINDS)}")
    words = words.strip()
    if is_address(words):
        hits = _hits_of_address(store, words, kinds)
        return Hits([(False, 0.0, 0, place, hit) for place, hit in enumerate(hits)], _own_hit)
    of_host = {hit.id for hit in _outlet_hits(store, words, kinds)} if _HOST.fullmatch(words) else set()
    plain = [_own_name(word, always=bool(of_host)) if _HOST.fullmatch(word) else word for word in words.split()]
    wanted = list(dict.fromkeys(words_of(" ".join(plain))))
    if not wanted:
        raise UsageError("words", f"there is no word in {words!r}", "Give words of a title or a name")
    named = [_ranked(hit, of_host) for hit in _all_named_hits(store, wanted, kinds)]
    records = store.records() if {"story", "event"}.intersection(kinds) else None
    if records is not None and records.story_words is not None and records.event_words is not None:
        titled = _kept_ranks(records, records.story_words, records.event_words, wanted, kinds, needed)
        return Hits([*titled, *named], partial(_kept_hit, records))
    return Hits([*(_ranked(hit, of_host) for hit in _titled_hits(store, wanted, kinds)), *named], _own_hit)


def _ranked(hit: Hit, of_host: Collection[str]) -> _Rank:
    return hit.kind != "outlet" or hit.id not in of_host, -hit.score, KINDS.index(hit.kind), hit.id, hit


def _own_hit(rank: _Rank) -> Hit:
    hit: Hit = rank[-1]
    return hit


def _titled_hits(store: Store, wanted: list[str], kinds: Sequence[str]) -> list[Hit]:
    """Returns the stories and events that the words fit, if those kinds are asked for."""
    hits: list[Hit] = []
    if "story" not in kinds and "event" not in kinds:
        return hits
    titles = _titles(store)
    scores = scores_of(wanted, titles.items())
    if "story" in kinds:
        hits += _story_hits(store, titles, scores)
    if "event" in kinds:
        hits += _event_hits(store, wanted, titles, scores)
    return hits


def _kept_ranks(
    records: Records,
    story_words: WordIndex,
    event_words: WordIndex,
    wanted: list[str],
    kinds: Sequence[str],
    needed: Sequence[str],
) -> Iterator[_Rank]:
    """Yields the ranks of what :func:`_titled_hits` returns, from the words that the store's file keeps. The last part
    of an event's rank is the story whose title fits, if it is that."""
    scores = scores_in(wanted, story_words)
    if "story" in kinds:
        kind = KINDS.index("story")
        yield from ((True, -score, kind, story, None) for story, score in scores.items())
    if "event" in kinds:
        kind = KINDS.index("event")
        own = scores_in(wanted, event_words)
        there = [
            having(word, event_words).union(records.events_of.ends_of(having(word, story_words))) for word in needed
        ]
        left: Collection[int] = set.intersection(*there) if there else range(len(records.events))
        best: dict[int, tuple[float, int | None]] = {
            event: (score, None) for event, score in own.items() if event in left
        }
        for story, event in records.events_of.of(scores):
            if event in left and scores[story] > best.get(event, (0.0, None))[0]:
                best[event] = (scores[story], story)
        yield from ((True, -score, kind, event, one) for event, (score, one) in best.items())


def _kept_hit(records: Records, rank: _Rank) -> Hit:
    """Returns the hit of a rank of :func:`_kept_ranks`, or the one that the rank has."""
    _, score, kind, place, told = rank
    if isinstance(told, Hit):
        return told
    stories = records.stories
    if KINDS[kind] == "story":
        time = stories.published_at(place)
        return Hit("story", stories.ids[place], stories.title(place), -score, None, time, None, None)
    title = None if told is None else stories.title(told)
    return _event_hit(KnownEvent.of_row(event_row(records, place)), -score, title)


def titled_exactly(store: Store, wanted: list[str]) -> set[str]:
    """Returns the events whose own title or label has just these words, in their order; if there are none, those of
    which a story has such a title. Empty, too, for a store that keeps no index of words."""
    records = store.records()
    if not wanted or records is None or records.story_words is None or records.event_words is None:
        return set()
    events, stories = records.events, records.stories
    names, labels = events.texts("name"), events.texts("label")
    found = {
        event
        for event, length in _having_all(records.event_words, wanted)
        # The words of an event are those of its title and of its label, which few events have.
        if (length == len(wanted) or labels[event] is not None)
        and wanted in (words_of(names[event] or ""), words_of(labels[event] or ""))
    }
    if not found:
        as_long = [story for story, length in _having_all(records.story_words, wanted) if length == len(wanted)]
        titled = [story for story in as_long if words_of(stories.title(story)) == wanted]
        found = {event for story in titled for event in records.events_of.ends(story)}
    return {events.ids[event] for event in found}


def _having_all(index: WordIndex, wanted: list[str]) -> Iterator[tuple[int, int]]:
    """Yields the places of the texts that have all of the words, each with its number of words; if few texts have the
    rarest word, just these."""
    words = sorted(set(wanted), key=index.number_having)
    found = set(index.having(words[0]))
    for word in words[1:]:
        if len(found) > _FEW:
            found.intersection_update(index.having(word))
    return zip(found, index.lengths_of(found), strict=True)


def _titles(store: Store) -> dict[str, str]:
    """Returns the headline of every story by id; an empty text if it has none."""
    return {cast("str", id): cast("str", title or "") for id, title in lookup(store, "stories")}


def _all_named_hits(store: Store, wanted: list[str], kinds: Sequence[str]) -> list[Hit]:
    """Returns the outlets and topics that the words fit, if those kinds are asked for."""
    return [hit for kind in ("outlet", "topic") if kind in kinds for hit in _named_hits(store, kind, wanted)]


def _own_name(written: str, *, always: bool = False) -> str:
    """Returns the part of a host, such as ``www.bbc.co.uk``, that its owner chose: ``bbc``.

    If the host doesn't end in a public suffix, it is returned as it is or, with ``always``, without its last label.
    """
    from newsgraph.graph.urls.identity import read_host_or_address  # noqa: PLC0415  # reads the public suffix list

    host = read_host_or_address(written)
    if host is None or not host.public:
        return written.rpartition(".")[0] if always else written
    return host.name.removesuffix(host.domain) + host.domain.partition(".")[0]


def _hits_of_address(store: Store, address: str, kinds: Sequence[str]) -> list[Hit]:
    try:
        story = story_at(store, address)
    except UnknownNameError:
        return _outlet_hits(store, address, kinds)
    records = store.records()
    if records is None:
        titles = _titles(store)
    else:
        place = records.stories.place(story)
        titles = {story: "" if place is None else records.stories.title(place)}
    hits = _story_hits(store, titles, {story: 1.0}) if "story" in kinds else []
    if "event" in kinds:
        on = sorted(event for _, event in lookup(store, "events_of_stories", ids=[story]))
        events = known_events(store, on)
        hits += [_event_hit(events[event], 1.0, titles[story]) for event in on if event in events]
    return hits


def _outlet_hits(store: Store, host_or_address: str, kinds: Sequence[str]) -> list[Hit]:
    """Returns the outlets of a host or, if there are none, those of its registered domain."""
    from newsgraph.graph.urls.identity import read_host_or_address  # noqa: PLC0415  # reads the public suffix list

    host = read_host_or_address(host_or_address)
    if host is None or "outlet" not in kinds:
        return []
    named = names_of(store, "outlet")
    for one in (host.name, host.domain):
        fitting = sorted(id for id, names in named.items() if one in names)
        if fitting:
            return [Hit("outlet", id, named[id][0], 1.0, None, None, None, None) for id in fitting]
    return []


def _story_hits(store: Store, titles: dict[str, str], scores: dict[str, float]) -> list[Hit]:
    times = {cast("str", id): cast("Any", time) for id, time in lookup(store, "story_times", ids=sorted(scores))}
    return [Hit("story", id, titles[id], score, None, times.get(id), None, None) for id, score in scores.items()]


def lookup(store: Store, text: str, **parameters: Any) -> Sequence[tuple[Any, ...]]:
    """Returns the rows of a query text in ``lookups/``."""
    return rows_of(store, f"lookups/{text}", parameters)


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event with the names by which it can be found."""

    id: str
    title: str | None
    label: str | None
    first: datetime | None
    stories: int | None
    outlets: int | None

    @classmethod
    def of_row(cls, row: tuple[Any, ...]) -> KnownEvent:
        """Returns the event of a row of ``lookups/events``."""
        id, title, label, *size = row
        # The embedded engine shows the node's own label, "Event", if a researcher gave none.
        return cls(id, title, None if label == "Event" else label, *size)


def known_events(store: Store, ids: Iterable[str] | None = None) -> dict[str, KnownEvent]:
    """Returns every event by id. With ``ids``, the others may be left out."""
    records = store.records()
    if ids is None or records is None:
        rows = lookup(store, "events")
    else:
        places = [records.events.place(id) for id in ids]
        rows = [event_row(records, place) for place in places if place is not None]
    return {row[0]: KnownEvent.of_row(row) for row in rows}


def _event_hits(store: Store, wanted: list[str], titles: dict[str, str], stories: dict[str, float]) -> list[Hit]:
    events = known_events(store)
    own = scores_of(wanted, ((id, f"{event.title or ''} {event.label or ''}") for id, event in events.items()))
    best: dict[str, tuple[float, str | None]] = {id: (score, None) for id, score in own.items()}
    for story, event in sorted(lookup(store, "events_of_stories", ids=sorted(stories))):
        if stories[story] > best.get(event, (0.0, None))[0]:
            best[event] = (stories[story], titles[story])
    return [_event_hit(events[id], score, matched) for id, (score, matched) in best.items() if id in events]


def _event_hit(event: KnownEvent, score: float, matched: str | None) -> Hit:
    return Hit("event", event.id, event.title, score, matched, event.first, event.stories, event.outlets)


def _named_hits(store: Store, kind: str, wanted: list[str]) -> list[Hit]:
    named = names_of(store, kind)
    # Ids of outlets are hosts, and "com" would fit most of them.
    plain = {
        id: [
            _own_name(name, always=name == id) if kind == "outlet" and _HOST.fullmatch(name) else name for name in names
        ]
        for id, names in named.items()
    }
    scores = scores_of(wanted, ((id, " ".join(names)) for id, names in plain.items()))
    return [Hit(kind, id, named[id][0], score, None, None, None, None) for id, score in scores.items()]


def names_of(store: Store, kind: str) -> dict[str, list[str]]:
    """Returns the names of every outlet, topic or group by id. The name to show comes first; names that only some
    stories use come last."""
    names: dict[str, list[str]] = {}
    for id, name, *more in lookup(store, f"{kind}s"):
        listed = [name or id, id]
        for others in more:
            listed += others if isinstance(others, (list, tuple)) else [others or ""]
        names[id] = [one for one in dict.fromkeys(listed) if one]
    return names


def is_address(given: str) -> bool:
    """Tells whether a text is a web address, with or without its scheme."""
    return bool(re.match(r"(?i)[a-z][a-z0-9+.-]*://\S+$|[\w-]+(\.[\w-]+)+/\S*$", given))


def story_at(store: Store, given: str) -> str:
    """Returns the id of the story at a web address, in any spelling. Raises UnknownNameError if there is none."""
    from newsgraph.graph.urls.identity import story_id  # noqa: PLC0415  # reads the public suffix list

    canonical = story_id(given if "://" in given else f"https://{given}")
    tried = list(dict.fromkeys([one for one in (canonical, given) if one]))
    for text in ("story", "story_of_address"):
        found = sorted({row[0] for one in tried for row in lookup(store, text, id=one)})
        if found:
            return cast("str", found[0])
    raise UnknownNameError(given, "no story has that web address", "newsgraph find WORDS searches all titles")
