"""What decisions about outlets change, and what they would change, without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from newsgraph.graph import schema_cypher as statements
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Corrections
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import NODES
from newsgraph.graph.stores.protocol import Store
from newsgraph.loaders.merging.change import DESCRIBING, Changer
from newsgraph.loaders.merging.describing import gather
from newsgraph.loaders.merging.descriptions import weight
from newsgraph.loaders.researcher.true_times import true_times
from newsgraph.slices import in_slices

#: Stories that are looked at together.
_STORIES_AT_ONCE = 2_000
_PUBLISHED_BY = "PUBLISHED_BY"


@dataclass(frozen=True, slots=True)
class SeenOutlet:
    """An outlet before or after a decision; ``columns`` are those of a researcher, each as COLUMN=VALUE."""

    id: str
    name: str
    stories: int
    columns: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """It in one line for people."""
        said = f"{self.name} ({self.id}): {self.stories:,} {'story' if self.stories == 1 else 'stories'}"
        return ", ".join([said, *self.columns])


@dataclass(frozen=True, slots=True)
class OutletsPreview:
    """Outlets that would go or change, as they are, and those in their place. ``moved``: story -> the outlet that it
    would have, for those that would have another."""

    before: tuple[SeenOutlet, ...] = ()
    after: tuple[SeenOutlet, ...] = ()
    moved: Mapping[str, str | None] | None = None

    def __bool__(self) -> bool:
        """Whether anything would change."""
        return bool(self.before or self.after)

    def lines(self) -> Iterator[str]:
        """The changes for people: what goes with -, what comes with +."""
        for outlet in self.before:
            yield f"- {outlet.words}"
        for outlet in self.after:
            yield f"+ {outlet.words}"


def outlets_preview(store: Store, corrections: Corrections) -> OutletsPreview:
    """What the outlets of the store would be with these decisions, against what they are now."""
    corpus = Corpus.of(store)
    before = corpus.directory
    after = replace(corpus, corrections=corrections.to_json()).directory
    if after == before:
        return OutletsPreview()
    moves = _moves(store, corpus, after) if places_outlets_otherwise(before, after) else _Moves({}, set(), set())
    touched = {*told_otherwise(before, after), *moves.lost, *(outlet for outlet, _ in moves.placed.values())}
    had = {node.id: node for node in store.nodes("Outlet", sorted(touched))} if touched else {}
    said, seen, counts = _said_of(store, touched, moves)
    shown_before = [_seen(id, node.properties, seen[id]) for id, node in sorted(had.items())]
    shown_after = [
        _seen(id, gather("Outlet", id, texts, after).properties, counts[id])
        for id, texts in sorted(said.items())
        if texts
    ]
    same = set(shown_before) & set(shown_after)
    return OutletsPreview(
        tuple(one for one in shown_before if one not in same),
        tuple(one for one in shown_after if one not in same),
        moves.stories,
    )


@dataclass(frozen=True, slots=True)
class _Moves:
    """Stories that would have another outlet. ``placed``: story -> its outlet then and what it says of it; ``left``:
    stories that leave an outlet; ``lost``: the outlets that they leave."""

    placed: Mapping[str, tuple[str, str]]
    left: set[str]
    lost: set[str]

    @property
    def stories(self) -> dict[str, str | None]:
        """Story -> the outlet that it would have, for those that leave one."""
        return {story: self.placed[story][0] if story in self.placed else None for story in self.left}


def _moves(store: Store, corpus: Corpus, after: OutletDirectory) -> _Moves:
    placed: dict[str, tuple[str, str]] = {}
    left: set[str] = set()
    lost: set[str] = set()
    times = true_times(Corrections.from_json(corpus.corrections))
    changer = Changer(store, after, datetime.now(UTC), times)
    ids = sorted(str(row[0]) for row in store.query(statements.read_columns(NODES["Story"])))
    for some in in_slices(ids, _STORIES_AT_ONCE):
        batch = changer.change({}, some).batch
        published = (edge for edge in batch.all_edges() if edge.type == _PUBLISHED_BY)
        placed.update((edge.start, (edge.end, str(edge.properties["said"]))) for edge in published)
        gone = [(story, outlet) for type, story, outlet in batch.gone_edges if type == _PUBLISHED_BY]
        left.update(story for story, _ in gone)
        lost.update(outlet for _, outlet in gone)
    return _Moves(placed, left, lost)


def _said_of(
    store: Store, touched: set[str], moves: _Moves
) -> tuple[dict[str, Counter[str]], Counter[str], Counter[str]]:
    """What would be said of each outlet, with weights, and the number of its stories now and then."""
    said: dict[str, Counter[str]] = {outlet: Counter() for outlet in touched}
    now: Counter[str] = Counter()
    then: Counter[str] = Counter()
    for type in (type for type, end in DESCRIBING.items() if end == "Outlet" and touched):
        for edge in store.edges(type, ends=sorted(touched)):
            publishes = type == _PUBLISHED_BY
            now[edge.end] += publishes
            if not publishes or (edge.start not in moves.placed and edge.start not in moves.left):
                said[edge.end][str(edge.properties["said"])] += weight(type)
                then[edge.end] += publishes
    for outlet, text in moves.placed.values():
        said[outlet][text] += 1
        then[outlet] += 1
    return said, now, then


def _seen(id: str, properties: Mapping[str, object], stories: int) -> SeenOutlet:
    facts = properties.get("facts")
    return SeenOutlet(
        id, str(properties.get("name", id)), stories, tuple(map(str, facts)) if isinstance(facts, tuple) else ()
    )


def places_outlets_otherwise(before: OutletDirectory, after: OutletDirectory) -> bool:
    """Whether a story may have another outlet with the one than with the other."""
    return (before.listed, before.joined, before.own) != (after.listed, after.joined, after.own)


def told_otherwise(before: OutletDirectory, after: OutletDirectory) -> list[str]:
    """The outlets of which the two say different things."""
    return sorted(id for id in before.known.keys() | after.known.keys() if before.facts(id) != after.facts(id))


def outlet_of_host(store: Store, host: str) -> str | None:
    """Returns the outlet that what is published at the host is part of; None if that is the host itself, or if no story
    is of it."""
    found = Corpus.of(store).directory.outlet_at(host)
    return found if found and found != host and any(store.nodes("Outlet", [found])) else None


def absent_outlets(store: Store, corrections: Corrections) -> dict[int, str]:
    """Number of a decision -> an outlet that it names and that the store doesn't hold."""
    named = Corpus.of(store).decided_outlets(corrections).named
    wanted = sorted({id for _, ids in named for id in ids})
    there = {node.id for node in store.nodes("Outlet", wanted)} if wanted else set()
    return {number: missing[0] for number, ids in named if (missing := [id for id in ids if id not in there])}
