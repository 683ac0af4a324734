"""What a store holds: counts, the time span of its stories, and how sure their dates are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from newsgraph.graph import schema_cypher
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES, SURE, Source, Story
from newsgraph.graph.stores.protocol import Store


@dataclass(frozen=True, slots=True)
class Info:
    """Counts of nodes by label, of edges by type, of stories by date quality and of files by format. Times are in UTC
    and only those of sure dates."""

    store: str
    nodes: Mapping[str, int]
    edges: Mapping[str, int]
    first_published_at: datetime | None
    last_published_at: datetime | None
    date_quality: Mapping[str, int]
    formats: Mapping[str, int]
    folders: tuple[str, ...]
    events: str  # where the events come from: derived, imported or none
    events_current: bool


def info(store: Store) -> Info:
    """Returns what the store holds. It is fast enough to be called for every page and prompt."""

    def count(text: str) -> int:
        return int(str(next(iter(store.query(text)))[0]))

    span = next(
        iter(store.query(schema_cypher.span(Story, "published_at", where="date_quality", among=SURE))), (None, None)
    )
    corpus = Corpus.of(store)
    return Info(
        store=store.url,
        nodes={node.label: count(schema_cypher.count_nodes(node)) for node in NODE_TYPES},
        edges={edge.type: count(schema_cypher.count_edges(edge)) for edge in EDGE_TYPES},
        first_published_at=_time(span[0]),
        last_published_at=_time(span[1]),
        date_quality=_counts(store, schema_cypher.count_by(Story, "date_quality")),
        formats=_counts(store, schema_cypher.count_by(Source, "format")),
        folders=tuple(sorted(corpus.folders)),
        events=corpus.event_origin,
        events_current=corpus.events_current,
    )


def _counts(store: Store, text: str) -> dict[str, int]:
    return {str(value): int(str(number)) for value, number in store.query(text)}


def _time(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None
