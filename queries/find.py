"""Finding by words, in one ranking of our own that is the same on every store, and resolving what a person calls a
thing.

The score of a title is the share of the words that it holds, each word weighted by its rarity, ln(1 + N / (1 + n))
for n of the N titles of that kind (inverse document frequency; Spärck Jones 1972, Journal of Documentation 28,
11-21); a word that only begins a longer one counts three quarters. Of two titles with the same share, the one with
fewer other words scores slightly higher: the share is multiplied by 1 - 0.1 * (1 - matched / length). Ties go by
kind, then by id. Letter case, accents and punctuation make no difference.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, NamedTuple, cast

from newsgraph.graph.errors import AmbiguousNameError, UnknownNameError, UsageError
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import column, iso
from newsgraph.queries.text import packaged

KINDS = ("event", "outlet", "topic", "story")

#: A word that only begins one of the title's counts so much.
_PREFIX = 0.75
#: Shorter words don't match the beginnings of others.
_SHORTEST_PREFIX = 3
#: Share of an event's stories that must name a word for the event to fit it; one mention among many is in passing.
_ENOUGH = 1 / 3
#: How many a message lists.
_LISTED = 8
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc]")


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


def folded(text: str) -> str:
    """A text as it is compared: without case, accents and apostrophes."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))
    return _APOSTROPHES.sub("", text.casefold())


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return _WORD.findall(folded(text))


def find(store: Store, words: str, *, kinds: Sequence[str] = KINDS, limit: int | None = None) -> list[Hit]:
    """What the words fit, best first. Raises UsageError where there is no word in them, and for an unknown kind."""
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise UnknownNameError("--kind", f"there is no kind {unknown[0]!r}", f"Choose {', '.join(KINDS)}")
    wanted = list(dict.fromkeys(words_of(words)))
    if not wanted:
        raise UsageError("words", f"there is no word in {words!r}", "Give words of a title or a name")
    hits: list[Hit] = []
    if "story" in kinds or "event" in kinds:
        titles = {cast("str", id): cast("str", title or "") for id, title in store.query(packaged("lookups/stories"))}
        scores = _scores(wanted, titles.items())
        if "story" in kinds:
            hits += _story_hits(store, titles, scores)
        if "event" in kinds:
            hits += _event_hits(store, wanted, titles, scores)
    for kind in ("outlet", "topic"):
        if kind in kinds:
            hits += _named_hits(store, kind, wanted)
    hits.sort(key=lambda hit: (-hit.score, KINDS.index(hit.kind), hit.id))
    return hits if limit is None else hits[:limit]


def _scores(wanted: list[str], texts: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Score of each text that holds any of the words, by key."""
    matches: dict[str, tuple[list[float], int]] = {}
    counts = [0] * len(wanted)
    number = 0
    for key, text in texts:
        number += 1
        plain = folded(text)
        if not any(word in plain for word in wanted):
            continue
        tokens = _WORD.findall(plain)
        found = [_match(word, tokens) for word in wanted]
        if any(found):
            matches[key] = (found, len(tokens))
            counts = [count + (match > 0) for count, match in zip(counts, found, strict=True)]
    weights = [math.log(1 + number / (1 + count)) for count in counts]
    total = math.fsum(weights)
    scores: dict[str, float] = {}
    for key, (found, length) in matches.items():
        share = math.fsum(weight * match for weight, match in zip(weights, found, strict=True)) / total
        matched = sum(match > 0 for match in found)
        scores[key] = share * (1 - 0.1 * (1 - min(1.0, matched / length)))
    return scores


def _match(word: str, tokens: list[str]) -> float:
    if word in tokens:
        return 1.0
    if len(word) >= _SHORTEST_PREFIX and any(token.startswith(word) for token in tokens):
        return _PREFIX
    return 0.0


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
    own = _scores(wanted, ((id, f"{event.title or ''} {event.label or ''}") for id, event in events.items()))
    best: dict[str, tuple[float, str | None]] = {id: (score, None) for id, score in own.items()}
    for story, event in sorted(_rows(store, "events_of_stories", ids=sorted(stories))):
        if stories[story] > best.get(event, (0.0, None))[0]:
            best[event] = (stories[story], titles[story])
    return [
        Hit("event", id, events[id].title, score, matched, events[id].first, events[id].stories, events[id].outlets)
        for id, (score, matched) in best.items()
        if id in events
    ]


def _named_hits(store: Store, kind: str, wanted: list[str]) -> list[Hit]:
    named = _named(store, kind)
    scores = _scores(wanted, ((id, " ".join(names)) for id, names in named.items()))
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
    exact title, or words that fit one event only: each word is in its title or label, or in the titles of a third
    of its stories.

    Raises UnknownNameError with the nearest, or AmbiguousNameError with a list.
    """
    given = given.strip()
    if any(_rows(store, "event", id=given)):
        return given
    if _address(given):
        story = _story_at(store, given)
        return _only_event(given, sorted({event for _, event in _rows(store, "events_of_stories", ids=[story])}), store)
    events = _events(store)
    plain = folded(given)
    exact = [
        id for id, event in events.items() if plain in (folded(event.title or ""), folded(event.label or "")) and plain
    ]
    if len(exact) == 1:
        return exact[0]
    wanted = words_of(given)
    hits = find(store, given, kinds=("event",)) if wanted else []
    fitting = [hit for hit in hits if hit.id in exact] or _fitting(store, wanted, hits, events)
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


def _fitting(store: Store, wanted: Sequence[str], hits: Sequence[Hit], events: Mapping[str, _Event]) -> list[Hit]:
    """The events that every word fits: it is in the event's title or label, or in the titles of enough of its
    stories."""
    titles: dict[str, list[list[str]]] = {hit.id: [] for hit in hits}
    for event, title in _rows(store, "stories_of_events", ids=sorted(titles)):
        titles[event].append(words_of(title or ""))
    fitting = []
    for hit in hits:
        own = words_of(f"{events[hit.id].title or ''} {events[hit.id].label or ''}")
        others, enough = titles[hit.id], _ENOUGH * len(titles[hit.id])
        mentions = {word: sum(_match(word, one) > 0 for one in others) for word in wanted}
        if all(_match(word, own) or (others and mentions[word] >= enough) for word in wanted):
            fitting.append(hit)
    return fitting


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
        more = f"; and {len(hits) - _LISTED} more" if len(hits) > _LISTED else ""
        super().__init__(given, f"fits {len(hits)} events", f"Give more words, or the id of one: {listed}{more}")


def _described(hit: Hit) -> str:
    day = f", {iso(hit.published_at)[:10]}" if hit.published_at else ""
    return f"{hit.id} ({hit.name}{day})"


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
