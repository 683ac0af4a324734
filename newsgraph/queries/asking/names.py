"""Finds the id of the event, outlet, topic or group that a person names, and suggests similar names if there is
none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from newsgraph.errors import AmbiguousNameError, UnknownNameError, UsageError
from newsgraph.graph.countries import country_code
from newsgraph.graph.language_tags import normalised_tag
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.words import folded, words_of
from newsgraph.output.times import iso
from newsgraph.queries.asking.find import (
    KINDS,
    Hit,
    all_hits,
    find,
    is_address,
    known_events,
    lookup,
    names_of,
    story_at,
    titled_exactly,
)
from newsgraph.queries.asking.words import match

#: How many of the events that fit can be chosen from on a terminal.
MOST_SHOWN = 20
#: How many names a message lists, and how many letters all of them may have, because a message is one line.
_LISTED = 5
_ROOM = 400
#: How many letters of a title, a name or the given text a message shows.
_SHORT = 60


class Thing(NamedTuple):
    """A node, by label and id."""

    label: str
    id: str


def resolve_event(store: Store, given: str) -> str:
    """Returns the id of the event that is meant.

    ``given`` is an event's id, a web address of one of its stories in any spelling, its exact title or that of one of
    its stories, or words.

    Words fit an event if each of them is in its title or label, or in the titles of a third of its stories. Two or more
    words also fit if they follow one another in the title of any of its stories, and do so in no event that fits
    otherwise. If no event fits, those are taken in which the title of a single story has all of the words. If several
    fit, one is meant if the word that is rarest in its titles is in twice the share of them that it has in any other
    event.

    Raises UsageError for a blank text, UnknownNameError, which names the most similar ones, or AmbiguousNameError with
    a list.
    """
    given = given.strip()
    if not given:
        raise UsageError("event", "it is blank", "Give an event's id, a story's web address, or words of a title")
    if any(lookup(store, "event", id=given)):
        return given
    if is_address(given):
        story = story_at(store, given)
        return _only_event(
            given, sorted({event for _, event in lookup(store, "events_of_stories", ids=[story])}), store
        )
    wanted = words_of(given)
    # A whole title is found without a look at all titles that have any of its words. Of a host, only a part counts.
    exact = titled_exactly(store, wanted)
    if len(exact) == 1 and "." not in given:
        return exact.pop()
    fitting, number = _fitting(store, given, wanted, exact) if wanted else ([], 0)
    if number == 1:
        return fitting[0].id
    if fitting:
        raise AmbiguousEventError(given, fitting, number)
    hits = find(store, given, kinds=("event",), limit=3) if wanted else []
    nearest, _ = _listed([_described(hit) for hit in (hits or _near_words(store, wanted))[:3]], "; ")
    remedy = (
        f"Nearest: {nearest}"
        if nearest
        else "newsgraph find WORDS searches all titles; newsgraph ask events lists events"
    )
    raise UnknownNameError(_short(given), "no event goes by that", remedy)


def _fitting(store: Store, given: str, wanted: list[str], exact: Collection[str]) -> tuple[list[Hit], int]:
    """Returns the events that words may mean, the best first, no more than are shown, and their number; only one if it
    is clear which is meant. ``exact`` is what :func:`titled_exactly` returns."""
    from newsgraph.queries.asking.fits import kept_fits, likely_places  # noqa: PLC0415  # an id needs none of it

    # An event in none of whose titles one of the words is can't be meant.
    hits = all_hits(store, given, kinds=("event",), needed=wanted)
    records = store.records()
    if records is not None and records.story_words is not None and records.event_words is not None:
        ordered = hits.places()
        titled = {records.events.place(id) for id in exact}
        places = [place for place in ordered if place in titled]
        places = places or likely_places(kept_fits(records, records.story_words, records.event_words, wanted, ordered))
        return hits.at(places[:MOST_SHOWN]), len(places)
    listed = hits.best()
    places = _places_fitting(store, listed, wanted)
    return [listed[place] for place in places[:MOST_SHOWN]], len(places)


def _places_fitting(store: Store, hits: Sequence[Hit], wanted: list[str]) -> list[int]:
    """Returns the places of those of the hits that the words may mean, from all titles of these events."""
    from newsgraph.queries.asking.fits import fit_of, likely_places  # noqa: PLC0415  # likewise

    events = known_events(store, [hit.id for hit in hits])
    own = {hit.id: (words_of(events[hit.id].title or ""), words_of(events[hit.id].label or "")) for hit in hits}
    others: dict[str, list[list[str]]] = {hit.id: [] for hit in hits}
    for event, title in lookup(store, "stories_of_events", ids=sorted(others)):
        others[event].append(words_of(title or ""))
    by_event: Mapping[str, Sequence[list[str]]]
    for by_event in (own, others):
        exact = [place for place, hit in enumerate(hits) if wanted in by_event[hit.id]]
        if exact:
            return exact
    return likely_places(fit_of(place, wanted, *own[hit.id], others[hit.id]) for place, hit in enumerate(hits))


def _near_words(store: Store, wanted: Sequence[str]) -> list[Hit]:
    """Returns what the words fit after each is replaced by the most similar word of the events' titles."""
    from difflib import get_close_matches  # noqa: PLC0415  # only needed for a suggestion

    events = known_events(store)
    vocabulary = sorted({word for event in events.values() for word in words_of(event.title or "")})
    near = [match for word in wanted for match in get_close_matches(word, vocabulary, n=1, cutoff=0.7)]
    return find(store, " ".join(near), kinds=("event",)) if near else []


class AmbiguousEventError(AmbiguousNameError):
    """The words fit several events. ``hits`` are the best of them, the best first, and ``number`` is that of all."""

    def __init__(self, given: str, hits: Sequence[Hit], number: int) -> None:
        self.hits, self.number = tuple(hits), number
        listed, more = _listed([_described(hit) for hit in hits], "; ", number)
        more = more and f"{more}: newsgraph find shows all"
        super().__init__(_short(given), f"fits {number} events", f"Give more words, or the id of one: {listed}{more}")


def _described(hit: Hit) -> str:
    day = f", {iso(hit.published_at)[:10]}" if hit.published_at else ""
    return f"{hit.id} ({_short(hit.name or '')}{day})"


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"


def _listed(entries: Sequence[str], separator: str, number: int | None = None) -> tuple[str, str]:
    """Returns as many entries as fit on a line, at least the first one, and a text about the others. ``number`` is that
    of all, if there are more than these entries."""
    shown = list(entries[:_LISTED])
    while len(shown) > 1 and len(separator.join(shown)) > _ROOM:
        shown.pop()
    left_out = (number or len(entries)) - len(shown)
    return separator.join(shown), f"{separator}and {left_out} more" if left_out else ""


def _only_event(given: str, events: list[str], store: Store) -> str:
    if len(events) == 1:
        return events[0]
    if not events:
        raise UnknownNameError(_short(given), "that story belongs to no event", "newsgraph events derives them")
    known = known_events(store, events)
    hits = [Hit("event", id, known[id].title, 1.0, None, known[id].first, None, None) for id in events]
    raise AmbiguousEventError(given, hits, len(hits))


def resolve_story(store: Store, given: str, *, event: str | None = None) -> str:
    """Returns the id of the story that is meant.

    ``given`` is a web address in any spelling, an id, its exact title, or words that only its title has. With
    ``event``, only the stories of that event count. Raises UsageError for a blank text, UnknownNameError, or
    AmbiguousNameError with a list.
    """
    given = given.strip()
    if not given:
        raise UsageError("story", "it is blank", "Give a story's web address, or words of its title")
    if any(lookup(store, "story", id=given)):
        return given
    if is_address(given):
        return story_at(store, given)
    wanted = words_of(given)
    among = {edge.start for edge in store.edges("COVERS", ends=[event])} if event is not None else None
    hits = [
        hit
        for hit in (find(store, given, kinds=("story",)) if wanted else [])
        if (among is None or hit.id in among) and all(match(word, words_of(hit.name or "")) for word in wanted)
    ]
    exact = [hit for hit in hits if words_of(hit.name or "") == wanted]
    hits = exact or hits
    if len(hits) == 1:
        return hits[0].id
    if hits:
        listed, more = _listed([_described(hit) for hit in hits], "; ")
        remedy = f"Give more words, or the address of one: {listed}{more}"
        raise AmbiguousNameError(_short(given), f"fits {len(hits)} stories", remedy)
    raise UnknownNameError(_short(given), "no story has that title", "newsgraph find WORDS searches all titles")


def resolve_outlet(store: Store, given: str) -> str:
    """Returns the id of the outlet that is meant by its id, domain or name, or by a host or address of its stories.

    Raises what :func:`resolve_event` raises.
    """
    named = names_of(store, "outlet")
    at = None if given in named else _outlet_at(store, given)
    if at is not None:
        if at in named:
            return at
        below = [f"{id} ({_short(named[id][0])})" for id in sorted(named) if id.endswith(f".{at}")]
        if below:
            listed, more = _listed(below, ", ")
            raise UnknownNameError(
                _short(given), "no story has this outlet", f"Its hosts are outlets of their own: {listed}{more}"
            )
    return _resolve_named(store, "outlet", given, named)


def _outlet_at(store: Store, given: str) -> str | None:
    """Returns the outlet of what is published at a host or web address; None if it is neither."""
    from newsgraph.graph.corpus import Corpus  # noqa: PLC0415  # loads all that a load decides outlets by
    from newsgraph.graph.urls.identity import host  # noqa: PLC0415  # reads the public suffix list

    name = host(given if "//" in given else f"https://{given}/") if "." in given and " " not in given else None
    outlet = Corpus.of(store).directory.outlet_of(f"https://{name}/") if name else None
    return outlet.id if outlet else None


def resolve_topic(store: Store, given: str) -> str:
    """Returns the id of the topic that is meant by its slug or name. Raises what :func:`resolve_event` raises."""
    return _resolve_named(store, "topic", given, names_of(store, "topic"))


def resolve_group(store: Store, given: str) -> str:
    """Returns the group of outlets that is meant. Raises what :func:`resolve_event` raises."""
    return _resolve_named(store, "group", given, names_of(store, "group"))


def resolve_language(store: Store, given: str) -> str:
    """Returns the language tag that is meant, in small letters: of a language (``en``, for all of its regions), or of
    one with its region (``pt-br``). Raises UnknownNameError if no story has it."""
    tag = normalised_tag(given.strip()).lower()
    there = {str(row[0]).lower() for row in lookup(store, "languages")}
    if tag in there | {one.split("-")[0] for one in there}:
        return tag
    raise UnknownNameError(_short(given), "no story is in that language", _there("Languages", there))


def resolve_country(store: Store, given: str) -> str:
    """Returns the country that is meant, as stories and outlets have it. Raises UnknownNameError if none has it."""
    there = {str(row[0]) for row in lookup(store, "countries")}
    for one in (country_code(given), given.strip()):
        if one in there:
            return one
    raise UnknownNameError(_short(given), "no story and no outlet is of that country", _there("Countries", there))


def _there(what: str, there: Collection[str]) -> str:
    if not there:
        return f"{what} are known only where files give them; none does"
    listed, more = _listed(sorted(there), ", ")
    return f"{what} that are there: {listed}{more}"


def _resolve_named(store: Store, kind: str, given: str, named: Mapping[str, Sequence[str]]) -> str:
    if given in named:
        return given
    plain = " ".join(words_of(given))
    fitting = {
        id: [place for place, one in enumerate(names) if plain and " ".join(words_of(one)) == plain]
        for id, names in named.items()
    }
    same = sorted(id for id, places in fitting.items() if places)
    # A name of the outlet itself counts more than one that only some stories use for another outlet.
    same = [id for id in same if fitting[id][0] == 0] or same
    if len(same) > 1:
        listed, more = _listed([f"{id} ({_short(named[id][0])})" for id in same], ", ")
        raise AmbiguousNameError(_short(given), f"fits {len(same)} {kind}s", f"Give the id of one: {listed}{more}")
    if not same:
        raise UnknownNameError(_short(given), f"no {kind} goes by that", _named_remedy(store, kind, given, named))
    return same[0]


def _named_remedy(store: Store, kind: str, given: str, named: Mapping[str, Sequence[str]]) -> str:
    """Returns what to do if nothing of that kind has the given name: the most similar names, or where to look."""
    from difflib import get_close_matches  # noqa: PLC0415  # only needed for a suggestion

    by_name = {folded(name): id for id, names in sorted(named.items()) for name in names}
    near = list(dict.fromkeys(by_name[name] for name in get_close_matches(folded(given), by_name, n=6, cutoff=0.6)))[:3]
    if not near and words_of(given) and kind in KINDS:
        near = [hit.id for hit in find(store, given, kinds=(kind,), limit=3)]
    if near:
        return f"Nearest: {_listed(near, ', ')[0]}"
    if kind in KINDS:
        return f"newsgraph find WORDS searches the {kind}s"
    listed, more = _listed(sorted(named), ", ")
    return f"There are: {listed}{more}" if named else "newsgraph load --outlets FILE gives outlets their groups"


def resolve_thing(store: Store, given: str) -> Thing:
    """Returns the story, outlet, topic or event that is meant.

    It is looked up among ids first, then web addresses, then names, then words. Raises what :func:`resolve_event`
    raises, and AmbiguousNameError also if both an outlet and a topic have that name.
    """
    given = given.strip()
    if is_address(given) or any(lookup(store, "story", id=given)):
        return Thing("Story", story_at(store, given))
    if any(lookup(store, "event", id=given)):
        return Thing("Event", given)
    resolvers: list[tuple[str, Callable[[Store, str], str]]] = [("Outlet", resolve_outlet), ("Topic", resolve_topic)]
    things: list[Thing] = []
    for label, id_of in resolvers:
        try:
            things.append(Thing(label, id_of(store, given)))
        except UnknownNameError:
            continue
    if len(things) > 1 and (exact := [thing for thing in things if thing.id == given]) and len(exact) == 1:
        things = exact
    if len(things) > 1:
        listed = ", ".join(f"{thing.label.lower()} {thing.id}" for thing in things)
        raise AmbiguousNameError(_short(given), "is an outlet and a topic", f"Give the id of one: {listed}")
    return things[0] if things else Thing("Event", resolve_event(store, given))
