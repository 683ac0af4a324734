"""The content of an outlet's page. Every number is that of a question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from newsgraph.graph.schema import Value
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import Answer
from newsgraph.queries.ask import ask
from newsgraph.queries.questions.blind_spots import BlindSpot
from newsgraph.queries.questions.lead_lag import LeadLag
from newsgraph.queries.questions.scoops import Scoops
from newsgraph.views.attention import Days, Panel, panels
from newsgraph.views.site.corpus import EventLine, SiteCorpus, StoryRow

#: An outlet with fewer events than this has no meaningful peers.
FEWEST_EVENTS = 5
MOST_LISTED = 12
MOST_STORIES = 40
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Partner:
    """Another outlet and the events that both covered: who was earlier how often, from this outlet's side.

    ``share`` is how often the other was earlier, with its interval. ``lag_hours`` is how much later than the other this
    one is (the median); it is negative when this one is earlier.
    """

    outlet: str
    shared: int
    other_first: int
    own_first: int
    ties: int
    share: float
    low: float
    high: float
    lag_hours: float
    q: float


@dataclass(frozen=True, slots=True)
class OutletFacts:
    """Everything that the page is made from. Stories are newest first."""

    id: str
    name: str
    properties: Mapping[str, Value]
    stories: int
    of_stories: int
    events: int
    scoops: Scoops | None
    volume: Panel | None
    days: Days
    follows: Sequence[Partner]
    followed_by: Sequence[Partner]
    pairs: int
    topics: Sequence[tuple[str, int]]
    blind: Sequence[BlindSpot]
    blind_total: int
    blind_notes: Sequence[str]
    copies_taken: int
    taken_from: Sequence[tuple[str, int]]
    copies_given: int
    given_to: Sequence[tuple[str, int]]
    agencies: Sequence[tuple[str, int]]
    qualities: Sequence[tuple[str, int]]
    firsts: Sequence[EventLine]
    latest: Sequence[StoryRow]
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class Shared:
    """What the pages of all outlets are made from, sorted once."""

    stories: Mapping[str, Sequence[StoryRow]]
    scoops: Mapping[str, Scoops]
    partners: Mapping[str, Sequence[Partner]]
    volumes: Mapping[str, Panel]
    days: Days
    firsts: Mapping[str, Sequence[EventLine]]
    copied_by: Mapping[str, Sequence[StoryRow]]


def shared(corpus: SiteCorpus) -> Shared:
    """Sorts the corpus by outlet."""
    stories: dict[str, list[StoryRow]] = defaultdict(list)
    copied_by: dict[str, list[StoryRow]] = defaultdict(list)
    for story in corpus.stories.values():
        for outlet in story.outlets:
            stories[outlet].append(story)
        if story.copy_of is not None:
            copied_by[story.copy_of].append(story)
    partners: dict[str, list[Partner]] = defaultdict(list)
    for pair in corpus.pairs:
        if pair.share is not None:
            partners[pair.a].append(_partner(pair, a_side=True))
            partners[pair.b].append(_partner(pair, a_side=False))
    firsts: dict[str, list[EventLine]] = defaultdict(list)
    for event in corpus.events.values():
        if event.outlets > 1 and len(event.first_outlets) == 1:
            firsts[event.first_outlets[0]].append(event)
    volumes, days = panels(corpus.by_outlet, corpus.names, len(corpus.names))
    return Shared(
        stories,
        {row.outlet: row for row in corpus.scoops},
        partners,
        {panel.id: panel for panel in volumes},
        days,
        {
            outlet: sorted(found, key=lambda one: (one.begun or _NEVER, one.id), reverse=True)
            for outlet, found in firsts.items()
        },
        copied_by,
    )


def _partner(pair: LeadLag, *, a_side: bool) -> Partner:
    share, low, high = (cast("float", one) for one in (pair.share, pair.low, pair.high))
    if a_side:
        return Partner(
            pair.b, pair.shared, pair.b_first, pair.a_first, pair.ties, 1 - share, 1 - high, 1 - low,
            -pair.median_lag_hours, pair.q,
        )  # fmt: skip
    return Partner(
        pair.a, pair.shared, pair.a_first, pair.b_first, pair.ties, share, low, high, pair.median_lag_hours, pair.q
    )


def outlet_facts(corpus: SiteCorpus, common: Shared, store: Store, id: str) -> OutletFacts:
    """The facts of one outlet."""
    own = common.stories.get(id, ())
    newest_first = sorted(own, key=lambda one: (one.sure, one.published_at or _NEVER, one.id), reverse=True)
    scoops = common.scoops.get(id)
    partners = common.partners.get(id, ())
    blind = _blind_spots(store, scoops, corpus.filters)
    originals = [story.copy_of for story in own if story.copy_of is not None]
    given = [copy for story in own for copy in common.copied_by.get(story.id, ())]
    topics = Counter(topic for story in own for topic in story.topics)
    qualities = Counter(story.date_quality for story in own)
    return OutletFacts(
        id=id,
        name=corpus.names.get(id, id),
        properties=corpus.outlet_properties.get(id, {}),
        stories=len(own),
        of_stories=len(corpus.stories),
        events=len({story.event for story in own if story.event is not None}),
        scoops=scoops,
        volume=common.volumes.get(id),
        days=common.days,
        follows=_clearest(one for one in partners if one.other_first > one.own_first),
        followed_by=_clearest(one for one in partners if one.own_first > one.other_first),
        pairs=len(partners),
        topics=_most(topics),
        blind=blind[:] if blind else (),
        blind_total=blind.total if blind else 0,
        blind_notes=blind.notes if blind else (),
        copies_taken=len(originals),
        taken_from=_most(_others(_held(corpus, originals), id)),
        copies_given=len(given),
        given_to=_most(_others(given, id)),
        agencies=_most(_agencies(own)),
        qualities=sorted(qualities.items(), key=lambda one: (one[0] != "exact", -one[1], one[0])),
        firsts=common.firsts.get(id, ())[:MOST_LISTED],
        latest=newest_first[:MOST_STORIES],
        newest=newest_first[0].published_at if newest_first and newest_first[0].sure else None,
    )


def _blind_spots(store: Store, scoops: Scoops | None, filters: Mapping[str, Any]) -> Answer[BlindSpot] | None:
    """Returns events that the outlet's peers covered and it did not; None for an outlet with too few events to have
    peers, and on a site of one outlet."""
    if scoops is None or scoops.events < FEWEST_EVENTS or "outlet" in filters:
        return None
    return ask(store, "blind-spots", **{**filters, "outlet": scoops.outlet}, min_peers=2, limit=MOST_LISTED)


def _clearest(partners: Iterable[Partner]) -> list[Partner]:
    """Returns the partners, those whose interval is furthest from one half first."""
    return sorted(partners, key=lambda one: (-max(one.low, 1 - one.high), -one.shared, one.outlet))[:MOST_LISTED]


def _held(corpus: SiteCorpus, ids: Iterable[str]) -> list[StoryRow]:
    """Returns those of the stories that the site is about."""
    return [corpus.stories[id] for id in ids if id in corpus.stories]


def _agencies(stories: Iterable[StoryRow]) -> Counter[str]:
    """Returns the news agencies that the stories credit, with the number of stories of each."""
    return Counter(story.agency for story in stories if story.agency)


def _others(stories: Iterable[StoryRow], id: str) -> Counter[str]:
    """Returns the other outlets of the stories, with the number of stories of each."""
    return Counter(outlet for story in stories for outlet in story.outlets if outlet != id)


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_LISTED]
