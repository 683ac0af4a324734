"""Finding by words, in one ranking of our own that is the same on every store, and resolving what a person calls a
thing.
How a title is scored stands in :mod:`newsgraph.queries.words`. Ties go by kind, then by id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, NamedTuple, cast

from newsgraph.graph.errors import AmbiguousNameError, UnknownNameError, UsageError
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import column, iso
from newsgraph.queries.text import packaged
from newsgraph.queries.words import folded, in_a_row, match, scores_of, words_of

KINDS = ("event", "outlet", "topic", "story")

#: Share of an event's stories that must name a word for the event to fit it; one mention among many is in passing.
_ENOUGH = 1 / 3
#: How many a message lists.
_LISTED = 5
#: Letters of a title that such a list shows.
_SHORT_TITLE = 60
#: Of several events that fit, one is meant where the rarest word stands in so many times more of its titles.
_CLEARLY = 2.0
_HOST = re.compile(r"(?:[^\W_][\w-]*\.)+[^\W_]{2,}\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that the words fit."""

    kind: str = column("event, outlet, topic or story")
    id: str = column("its id")
    name: str | None = column("title of an event or a story, name of an outlet or a topic")
    score: float = column("how well the words fit, 0 to 1")
    matched: str | None = column("the title that fits, where it is that of an event's story")
    published_at: datetime | None = column("time of a story, or of an event's earliest")
    stories: int | None = column("stories on the event", "stories")
    outlets: int | None = column("outlets of the event", "outlets")


class Thing(NamedTuple):
    """A node by label and id."""

    label: str
    id: str


def find(store: Store, words: str, *, kinds: Sequence[str] = KINDS, limit: int | None = None) -> list[Hit]:
    """What the words fit, best first.

    A web address, in any spelling, gives its story and the events that it is on, or, where there is no such story, the
    outlet of its domain. A domain gives its outlet first, then what its own name fits, for a public suffix (com, co.uk)
    is no word. Raises UsageError where there is no word in them, and for an unknown kind.
    """
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise UnknownNameError("--kind", f"there is no kind {unknown[0]!r}", f"Choose {', '.join(KINDS)}")
    words = words.strip()
    if _address(words):
        return _hits_of_address(store, words, kinds)[:limit]
    of_host = {hit.id for hit in _outlet_hits(store, words, kinds)} if _HOST.fullmatch(words) else set()
    plain = [_own_name(word, always=bool(of_host)) if _HOST.fullmatch(word) else word for word in words.split()]
    wanted = list(dict.fromkeys(words_of(" ".join(plain))))
    if not wanted:
        raise UsageError("words", f"there is no word in {words!r}", "Give words of a title or a name")
    hits: list[Hit] = []
    if "story" in kinds or "event" in kinds:
        titles = {cast("str", id): cast("str", title or "") for id, title in store.query(packaged("lookups/stories"))}
        scores = scores_of(wanted, titles.items())
        if "story" in kinds:
            hits += _story_hits(store, titles, scores)
        if "event" in kinds:
            hits += _event_hits(store, wanted, titles, scores)
    for kind in ("outlet", "topic"):
        if kind in kinds:
            hits += _named_hits(store, kind, wanted)
    hits.sort(
        key=lambda hit: (hit.kind != "outlet" or hit.id not in of_host, -hit.score, KINDS.index(hit.kind), hit.id)
    )
    return hits[:limit]


def _own_name(written: str, *, always: bool = False) -> str:
    """Of a host, such as ``www.bbc.co.uk``, what its owner chose: ``bbc``. Where it ends in no public suffix, it stays
    as it is, or loses its last label ``always``."""
    from newsgraph.graph.identity import read_host_or_address  # noqa: PLC0415  # reads the public suffix list

    host = read_host_or_address(written)
    if host is None or not host.public:
        return written.rpartition(".")[0] if always else written
    return host.name.removesuffix(host.domain) + host.domain.partition(".")[0]


def _hits_of_address(store: Store, address: str, kinds: Sequence[str]) -> list[Hit]:
    try:
        story = _story_at(store, address)
    except UnknownNameError:
        return _outlet_hits(store, address, kinds)
    titles = {cast("str", id): cast("str", title or "") for id, title in store.query(packaged("lookups/stories"))}
    hits = _story_hits(store, titles, {story: 1.0}) if "story" in kinds else []
    if "event" in kinds:
        events = _events(store)
        on = sorted(event for _, event in _rows(store, "events_of_stories", ids=[story]) if event in events)
        hits += [_event_hit(events[event], 1.0, titles[story]) for event in on]
    return hits


def _outlet_hits(store: Store, host_or_address: str, kinds: Sequence[str]) -> list[Hit]:
    """The outlets of a host, or else those of the domain that it was registered under."""
    from newsgraph.graph.identity import read_host_or_address  # noqa: PLC0415  # reads the public suffix list

    host = read_host_or_address(host_or_address)
    if host is None or "outlet" not in kinds:
        return []
    named = _named(store, "outlet")
    for one in (host.name, host.domain):
        fitting = sorted(id for id, names in named.items() if one in names)
        if fitting:
            return [Hit("outlet", id, named[id][0], 1.0, None, None, None, None) for id in fitting]
    return []


def _story_hits(store: Store, titles: dict[str, str], scores: dict[str, float]) -> list[Hit]:
    times = {cast("str", id): cast("Any", time) for id, time in _rows(store, "story_times", ids=sorted(scores))}
    return [Hit("story", id, titles[id], score, None, times.get(id), None, None) for id, score in scores.items()]


def _rows(store: Store, text: str, **parameters: Any) -> Sequence[tuple[Any, ...]]:
    return store.query(packaged(f"lookups/{text}"), parameters).rows


@dataclass(frozen=True, slots=True)
class _Event:
    id: str
    title: str | None
    label: str | None
    first: datetime | None
    stories: int | None
    outlets: int | None


def _events(store: Store) -> dict[str, _Event]:
    # The embedded engine shows the node's own label, "Event", where a researcher gave none.
    return {
        id: _Event(id, title, None if label == "Event" else label, *size)
        for id, title, label, *size in _rows(store, "events")
    }


def _event_hits(store: Store, wanted: list[str], titles: dict[str, str], stories: dict[str, float]) -> list[Hit]:
    events = _events(store)
    own = scores_of(wanted, ((id, f"{event.title or ''} {event.label or ''}") for id, event in events.items()))
    best: dict[str, tuple[float, str | None]] = {id: (score, None) for id, score in own.items()}
    for story, event in sorted(_rows(store, "events_of_stories", ids=sorted(stories))):
        if stories[story] > best.get(event, (0.0, None))[0]:
            best[event] = (stories[story], titles[story])
    return [_event_hit(events[id], score, matched) for id, (score, matched) in best.items() if id in events]


def _event_hit(event: _Event, score: float, matched: str | None) -> Hit:
    return Hit("event", event.id, event.title, score, matched, event.first, event.stories, event.outlets)


def _named_hits(store: Store, kind: str, wanted: list[str]) -> list[Hit]:
    named = _named(store, kind)
    # Ids of outlets are hosts, and "com" would fit most of them.
    plain = {
        id: [
            _own_name(name, always=name == id) if kind == "outlet" and _HOST.fullmatch(name) else name for name in names
        ]
        for id, names in named.items()
    }
    scores = scores_of(wanted, ((id, " ".join(names)) for id, names in plain.items()))
    return [Hit(kind, id, named[id][0], score, None, None, None, None) for id, score in scores.items()]


def _named(store: Store, kind: str) -> dict[str, list[str]]:
    """Names of every outlet or topic by id; the one to show is first."""
    names: dict[str, list[str]] = {}
    for id, name, others in _rows(store, f"{kind}s"):
        listed = [name or id, id, *(others if isinstance(others, (list, tuple)) else [others or ""])]
        names[id] = [one for one in dict.fromkeys(listed) if one]
    return names


# -- Resolving ---------------------------------------------------------------------------------------------------------


def resolve_event(store: Store, given: str) -> str:
    """The id of the event that is meant: an event's id, a web address of one of its stories in any spelling, its
    exact title or that of one of its stories, or words.

    Words fit an event when each is in its title or label, or in the titles of a third of its stories; so do two or more
    that stand in a row in the title of any of its stories, where no event that fits otherwise has them so. Where none
    fits, those fit of which a single story's title holds them all. Of several that fit, one is meant if the word that
    is rarest in its titles stands in twice the share of them that it has in any other's.

    Raises UsageError for a blank text, UnknownNameError with the nearest, or AmbiguousNameError with a list.
    """
    given = given.strip()
    if not given:
        raise UsageError("event", "it is blank", "Give an event's id, a story's web address, or words of a title")
    if any(_rows(store, "event", id=given)):
        return given
    if _address(given):
        story = _story_at(store, given)
        return _only_event(given, sorted({event for _, event in _rows(store, "events_of_stories", ids=[story])}), store)
    events = _events(store)
    wanted = words_of(given)
    hits = find(store, given, kinds=("event",)) if wanted else []
    fitting = _fitting(store, given, hits, events)
    if len(fitting) == 1:
        return fitting[0].id
    if fitting:
        raise AmbiguousEventError(given, fitting)
    nearest = "; ".join(_described(hit) for hit in (hits or _near_words(store, wanted, events))[:3])
    remedy = (
        f"Nearest: {nearest}"
        if nearest
        else "newsgraph find WORDS searches all titles; newsgraph ask events lists events"
    )
    raise UnknownNameError(given, "no event goes by that", remedy)


@dataclass(frozen=True, slots=True)
class _Fit:
    """How words fit an event: by the share of its titles that hold the word that the fewest hold; whether each word is
    in its own title or in enough of its stories'; whether they stand in a row in a title; whether one title holds them
    all."""

    hit: Hit
    share: float
    fits: bool
    in_a_row: bool
    in_one: bool


def _fitting(store: Store, given: str, hits: Sequence[Hit], events: Mapping[str, _Event]) -> list[Hit]:
    """The events that words may mean, best first; one where it is clear which."""
    titles: dict[str, list[str]] = {hit.id: [] for hit in hits}
    for event, title in _rows(store, "stories_of_events", ids=sorted(titles)):
        titles[event].append(title or "")
    plain = words_of(given)
    for texts in (
        {hit.id: [events[hit.id].title or "", events[hit.id].label or ""] for hit in hits},
        titles,
    ):
        exact = [hit for hit in hits if plain in map(words_of, texts[hit.id])]
        if exact:
            return exact
    fits = [_fit(hit, plain, events[hit.id], titles[hit.id]) for hit in hits]
    likely = [fit for fit in fits if fit.fits]
    if not any(fit.in_a_row for fit in likely):
        likely += [fit for fit in fits if fit.in_a_row and not fit.fits]
    likely = likely or [fit for fit in fits if fit.in_one]
    # Stable: equal ones stay in the order of their scores.
    likely.sort(key=lambda fit: (fit.in_a_row, fit.share), reverse=True)
    best = likely[0].share if likely else 0.0
    if best > 0 and all(best >= _CLEARLY * fit.share for fit in likely[1:]):
        likely = likely[:1]
    return [fit.hit for fit in likely]


def _fit(hit: Hit, wanted: Sequence[str], event: _Event, titles: Sequence[str]) -> _Fit:
    own = words_of(f"{event.title or ''} {event.label or ''}")
    others = [words_of(title) for title in titles]
    mentions = {word: sum(match(word, one) > 0 for one in others) for word in wanted}
    enough = _ENOUGH * len(others)
    every = others or [own]
    labelled = all(match(word, words_of(event.label or "")) for word in wanted)
    return _Fit(
        hit,
        share=1.0 if labelled else min(sum(match(word, one) > 0 for one in every) for word in wanted) / len(every),
        fits=all(match(word, own) or (others and mentions[word] >= enough) for word in wanted),
        in_a_row=len(wanted) > 1 and any(in_a_row(wanted, one) for one in [own, *others]),
        in_one=any(all(match(word, one) for word in wanted) for one in others),
    )


def _near_words(store: Store, wanted: Sequence[str], events: Mapping[str, _Event]) -> list[Hit]:
    """What the words fit once each is taken for the nearest one of the events' titles."""
    vocabulary = sorted({word for event in events.values() for word in words_of(event.title or "")})
    near = [match for word in wanted for match in get_close_matches(word, vocabulary, n=1, cutoff=0.7)]
    return find(store, " ".join(near), kinds=("event",)) if near else []


class AmbiguousEventError(AmbiguousNameError):
    """The words fit several events; ``hits`` holds them, best first."""

    def __init__(self, given: str, hits: Sequence[Hit]) -> None:
        self.hits = tuple(hits)
        listed = "; ".join(_described(hit) for hit in hits[:_LISTED])
        more = f"; and {len(hits) - _LISTED} more: newsgraph find shows all" if len(hits) > _LISTED else ""
        super().__init__(given, f"fits {len(hits)} events", f"Give more words, or the id of one: {listed}{more}")


def _described(hit: Hit) -> str:
    day = f", {iso(hit.published_at)[:10]}" if hit.published_at else ""
    name = hit.name or ""
    return f"{hit.id} ({name if len(name) <= _SHORT_TITLE else name[: _SHORT_TITLE - 1].rstrip() + '…'}{day})"


def _only_event(given: str, events: list[str], store: Store) -> str:
    if len(events) == 1:
        return events[0]
    if not events:
        raise UnknownNameError(given, "that story belongs to no event", "newsgraph events derives them")
    known = _events(store)
    hits = [Hit("event", id, known[id].title, 1.0, None, known[id].first, None, None) for id in events]
    raise AmbiguousEventError(given, hits)


def _address(given: str) -> bool:
    return bool(re.match(r"(?i)[a-z][a-z0-9+.-]*://\S+$|[\w-]+(\.[\w-]+)+/\S*$", given))


def _story_at(store: Store, given: str) -> str:
    from newsgraph.graph.identity import story_id  # noqa: PLC0415  # reads the public suffix list

    canonical = story_id(given if "://" in given else f"https://{given}")
    tried = list(dict.fromkeys([one for one in (canonical, given) if one]))
    for text in ("story", "story_of_address"):
        found = sorted({row[0] for one in tried for row in _rows(store, text, id=one)})
        if found:
            return cast("str", found[0])
    raise UnknownNameError(given, "no story has that web address", "newsgraph find WORDS searches all titles")


def resolve_outlet(store: Store, given: str) -> str:
    """The id of the outlet that is meant: its id, its domain, or its name. Raises as :func:`resolve_event` does."""
    return _resolve_named(store, "outlet", given)


def resolve_topic(store: Store, given: str) -> str:
    """The id of the topic that is meant: its slug or its name. Raises as :func:`resolve_event` does."""
    return _resolve_named(store, "topic", given)


def _resolve_named(store: Store, kind: str, given: str) -> str:
    named = _named(store, kind)
    if given in named:
        return given
    plain = " ".join(words_of(given))
    same = [id for id, names in named.items() if plain and plain in (" ".join(words_of(name)) for name in names)]
    if len(same) == 1:
        return same[0]
    if same:
        listed = ", ".join(f"{id} ({named[id][0]})" for id in sorted(same)[:_LISTED])
        raise AmbiguousNameError(given, f"fits {len(same)} {kind}s", f"Give the id of one: {listed}")
    by_name = {folded(name): id for id, names in sorted(named.items()) for name in names}
    near = list(dict.fromkeys(by_name[name] for name in get_close_matches(folded(given), by_name, n=6, cutoff=0.6)))[:3]
    if not near and words_of(given):
        near = [hit.id for hit in find(store, given, kinds=(kind,), limit=3)]
    remedy = f"Nearest: {', '.join(near)}" if near else f"newsgraph find WORDS searches the {kind}s"
    raise UnknownNameError(given, f"no {kind} goes by that", remedy)


def resolve_thing(store: Store, given: str) -> Thing:
    """The story, outlet, topic or event that is meant, whichever it fits: ids first, then web addresses, then names,
    then words. Raises as :func:`resolve_event` does; AmbiguousNameError too where an outlet and a topic have that
    name."""
    given = given.strip()
    if _address(given) or any(_rows(store, "story", id=given)):
        return Thing("Story", _story_at(store, given))
    if any(_rows(store, "event", id=given)):
        return Thing("Event", given)
    tries: list[tuple[str, Callable[[Store, str], str]]] = [("Outlet", resolve_outlet), ("Topic", resolve_topic)]
    found: list[Thing] = []
    for label, resolve in tries:
        try:
            found.append(Thing(label, resolve(store, given)))
        except UnknownNameError:
            continue
    if len(found) > 1 and (exact := [thing for thing in found if thing.id == given]) and len(exact) == 1:
        found = exact
    if len(found) > 1:
        listed = ", ".join(f"{thing.label.lower()} {thing.id}" for thing in found)
        raise AmbiguousNameError(given, "is an outlet and a topic", f"Give the id of one: {listed}")
    return found[0] if found else Thing("Event", resolve_event(store, given))
