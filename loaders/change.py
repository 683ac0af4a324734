"""From changed sources to one batch: what a set of files says now, against what the store holds.

A change reaches the stories that the files told of before and tell of now, found by any spelling of their addresses,
and every other source that tells of those. Their records are merged anew and the difference is written; nothing else
is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import EDGE_TYPES
from newsgraph.graph.stores.protocol import Store
from newsgraph.loaders.merge import Merged, Told, described, gather, spellings, story_node, told, unite
from newsgraph.loaders.pages import TYPES as PAGE_TYPES
from newsgraph.loaders.pages import page_edges, subtopic_edges, weight
from newsgraph.loaders.records import ArticleRecord, OutletRecord, PageRecord, Record, TopicRecord

RECORDS = TypeAdapter(tuple[ArticleRecord, ...])
_ANY_RECORDS = TypeAdapter(tuple[OutletRecord | TopicRecord | ArticleRecord, ...])
#: What a page's JSON begins with, and nothing else: within a JSON string its quotes would be escaped.
_PAGE = '{"page":'
#: Edge types whose end is a shared node that its stories or pages describe, and the label of that end.
DESCRIBING = {edge.type: edge.end for edge in EDGE_TYPES if edge.describes}


def pack(records: Sequence[Record]) -> str:
    """Records as the JSON text that a Source keeps."""
    adapter: TypeAdapter[Any] = _ANY_RECORDS if pages(records) else RECORDS
    return adapter.dump_json(tuple(records), exclude_defaults=True).decode()


def unpack(source: Node) -> tuple[ArticleRecord, ...]:
    """The articles that a Source keeps."""
    kept = str(source.properties["records"])
    if _PAGE not in kept:
        return RECORDS.validate_json(kept)
    return articles(_ANY_RECORDS.validate_json(kept))


def unpack_all(source: Node) -> tuple[Record, ...]:
    """Everything that a Source keeps, articles and pages in the order of its file."""
    return _ANY_RECORDS.validate_json(str(source.properties["records"]))


def articles(records: Iterable[Record]) -> tuple[ArticleRecord, ...]:
    """The articles among the records, in order."""
    return tuple(record for record in records if isinstance(record, ArticleRecord))


def pages(records: Iterable[Record]) -> tuple[PageRecord, ...]:
    """The pages among the records, in order."""
    return tuple(record for record in records if not isinstance(record, ArticleRecord))


@dataclass(frozen=True, slots=True)
class Change:
    """A batch, and which stories it adds, alters or removes; ``resolvable`` those of them whose text, time, outlet or
    related list changed, which is what events depend on."""

    batch: Batch
    added: frozenset[str]
    altered: frozenset[str]
    removed: frozenset[str]
    resolvable: frozenset[str]
    left: Mapping[str, str]  # removed story -> the event that it covered
    stale: Mapping[str, frozenset[str]]  # label -> ids of shared nodes to gather again


class Changer:
    """Works out changes against one store."""

    def __init__(self, store: Store, directory: OutletDirectory, now: datetime) -> None:
        self._store = store
        self._directory = directory
        self._now = now

    def change(self, sources: Mapping[str, tuple[Node, Sequence[Record]] | None], again: Iterable[str] = ()) -> Change:
        """The change when each source of ``sources`` says what it is mapped to (its Source node without ``records``,
        and its records) or is gone (None), and the stories of ``again`` are merged anew."""
        before = {node.id: unpack(node) for node in self._store.nodes("Source", sources)}
        new = {id: articles(given[1]) if given else () for id, given in sources.items()}
        keys = {
            key
            for records in (*before.values(), *new.values())
            for record in records
            for one in (record, *record.related)
            for key in spellings(one)
        }
        keys.update(again)
        reached = self._stories(keys)
        affected = set(reached.values())
        known, old_addresses = self._addresses(affected)
        old_mentions = list(self._store.edges("MENTIONS", ends=affected))
        others = {edge.start for edge in old_mentions} - sources.keys()
        records = {**new, **{node.id: unpack(node) for node in self._store.nodes("Source", others)}}
        here: list[Told] = []
        elsewhere: list[Told] = []
        for source_id in sorted(records):
            for one in told(source_id, records[source_id]):
                mine = source_id in new or any(key in known for key in spellings(one.record))
                (here if mine else elsewhere).append(one)
        stories = unite(here)
        story_of = self._story_of(stories, elsewhere)
        return self._difference(stories, story_of, sources, affected, records, old_mentions, old_addresses)

    def _stories(self, keys: Iterable[str]) -> dict[str, str]:
        """Spelling -> story, for the spellings that a story in the store goes by."""
        keys = sorted(keys)
        found = {edge.start: edge.end for edge in self._store.edges("ADDRESS_OF", starts=keys)}
        found.update((node.id, node.id) for node in self._store.nodes("Story", keys))
        return found

    def _addresses(self, stories: set[str]) -> tuple[set[str], list[Edge]]:
        edges = list(self._store.edges("ADDRESS_OF", ends=stories))
        return stories | {edge.start for edge in edges}, edges

    def _story_of(self, stories: Sequence[Merged], elsewhere: Sequence[Told]) -> dict[tuple[str, int, int], str]:
        """The story of every record by source, main article and place (-1: the main article itself)."""
        places = {
            (one.source_id, one.main, -1 if one.position is None else one.position): story.id
            for story in stories
            for one in story.told
        }
        named = {(one.source_id, one.main, -1 if one.position is None else one.position): one for one in elsewhere}
        found = self._stories({spellings(one.record)[0] for one in named.values()})
        for place, one in named.items():
            places[place] = found[spellings(one.record)[0]]
        return places

    def _difference(
        self,
        stories: Sequence[Merged],
        story_of: Mapping[tuple[str, int, int], str],
        sources: Mapping[str, tuple[Node, Sequence[Record]] | None],
        affected: set[str],
        records: Mapping[str, tuple[ArticleRecord, ...]],
        old_mentions: Sequence[Edge],
        old_addresses: Sequence[Edge],
    ) -> Change:
        ids = {story.id for story in stories}
        old_nodes = {node.id: node for node in self._store.nodes("Story", affected)}
        new_nodes = {story.id: story_node(story, self._now) for story in stories}
        nodes = [node for id, node in new_nodes.items() if old_nodes.get(id) != node]
        removed = affected - ids

        describing = [edge for story in stories for edge in described(story, self._directory)]
        paged = [
            edge
            for id, given in sources.items()
            if given is not None
            for edge in page_edges(id, pages(given[1]), self._directory)
        ]
        related = _related(records, story_of, ids)
        mentions = _mentions(story_of, sources.keys(), ids)
        addresses = [
            Edge("ADDRESS_OF", address, story.id)
            for story in stories
            for address in story.addresses
            if address != story.id
        ]
        old_related = {
            (edge.start, edge.end): edge
            for edge in (
                *self._store.edges("RELATED_TO", starts=affected),
                *self._store.edges("RELATED_TO", ends=affected),
            )
        }.values()
        old_described = [
            edge for type in DESCRIBING if type not in PAGE_TYPES for edge in self._store.edges(type, starts=affected)
        ]
        old_paged = [edge for type in PAGE_TYPES for edge in self._store.edges(type, starts=sources)]
        old_subtopics, subtopics = subtopic_edges(self._store, sources.keys(), old_paged, paged)
        from_changed = {(edge.start, edge.end): edge for edge in self._store.edges("MENTIONS", starts=sources)}
        from_changed.update(((edge.start, edge.end), edge) for edge in old_mentions)

        new_edges = describing + paged + subtopics + related + mentions + addresses
        old_edges = [
            *old_described, *old_paged, *old_subtopics, *old_related, *from_changed.values(), *old_addresses,
        ]  # fmt: skip
        written, gone = _edge_difference(old_edges, new_edges)
        shared, stale = self._shared([edge for edge in written if edge.type in DESCRIBING], gone)

        addressed = {edge.start for edge in addresses}
        batch_nodes = [
            *nodes,
            *shared,
            *(Node("Address", address) for address in sorted(addressed - {edge.start for edge in old_addresses})),
            *(
                Node("Source", id, {**given[0].properties, "records": pack(given[1])})
                for id, given in sources.items()
                if given is not None
            ),
        ]
        gone_nodes = [
            *(("Story", id) for id in sorted(removed)),
            *(("Address", id) for id in sorted({edge.start for edge in old_addresses} - addressed)),
            *(("Source", id) for id, given in sorted(sources.items()) if given is None),
        ]
        # An edge that goes with its node need not be named; what hangs on a removed story must not be written either.
        resolvable = {node.id for node in nodes if _text_of(node) != _text_of(old_nodes.get(node.id))}
        resolvable |= {edge.start for edge in (*written, *_edges(gone)) if edge.type in ("PUBLISHED_BY", "RELATED_TO")}
        resolvable |= {edge.end for edge in (*written, *_edges(gone)) if edge.type == "RELATED_TO"}
        added = ids - affected
        return Change(
            Batch(batch_nodes, written, gone_nodes, gone),
            frozenset(added),
            frozenset({node.id for node in nodes} - added),
            frozenset(removed),
            frozenset(resolvable | removed),
            {edge.start: edge.end for edge in self._store.edges("COVERS", starts=removed)} if removed else {},
            stale,
        )

    def _shared(
        self, written: Sequence[Edge], gone: Sequence[tuple[str, str, str]]
    ) -> tuple[list[Node], dict[str, frozenset[str]]]:
        """Nodes for the ends of describing edges: whole where all that is said of them is here, else marked stale."""
        said: dict[str, dict[str, dict[str, int]]] = {
            label: defaultdict(lambda: defaultdict(int)) for label in DESCRIBING.values()
        }
        for edge in written:
            said[DESCRIBING[edge.type]][edge.end][str(edge.properties["said"])] += weight(edge.type)
        lost: dict[str, set[str]] = defaultdict(set)
        for type, _, end in gone:
            if type in DESCRIBING:
                lost[DESCRIBING[type]].add(end)
        nodes: list[Node] = []
        stale: dict[str, frozenset[str]] = {}
        for label, ends in said.items():
            there = {node.id: node for node in self._store.nodes(label, ends.keys() | lost[label])}
            nodes.extend(gather(label, id, counts, self._directory) for id, counts in ends.items() if id not in there)
            nodes.extend(Node(label, id, {**node.properties, "stale": True}) for id, node in there.items())
            stale[label] = frozenset(there)
        return nodes, stale


def _related(
    records: Mapping[str, tuple[ArticleRecord, ...]], story_of: Mapping[tuple[str, int, int], str], ids: set[str]
) -> list[Edge]:
    """RELATED_TO edges that touch a story of ``ids``; where several files list a story, its foremost place counts."""
    positions: dict[tuple[str, str], int] = {}
    for source_id, mains in records.items():
        for main, record in enumerate(mains):
            start = story_of[source_id, main, -1]
            for position in range(len(record.related)):
                end = story_of[source_id, main, position]
                if start != end and (start in ids or end in ids):
                    positions[start, end] = min(position, positions.get((start, end), position))
    return [Edge("RELATED_TO", start, end, {"position": position}) for (start, end), position in positions.items()]


def _mentions(story_of: Mapping[tuple[str, int, int], str], changed: Iterable[str], ids: set[str]) -> list[Edge]:
    """MENTIONS edges from the changed sources, and from any source to a story of ``ids``; main beats related."""
    sources = set(changed)
    roles: dict[tuple[str, str], str] = {}
    for (source_id, _, position), story in story_of.items():
        if source_id in sources or story in ids:
            role = "main" if position < 0 else "related"
            if roles.get((source_id, story)) != "main":
                roles[source_id, story] = role
    return [Edge("MENTIONS", source, story, {"role": role}) for (source, story), role in roles.items()]


def _edge_difference(old: Iterable[Edge], new: Iterable[Edge]) -> tuple[list[Edge], list[tuple[str, str, str]]]:
    """What to write and what to remove so that ``old`` becomes ``new``."""
    before = {(edge.type, edge.start, edge.end): edge for edge in old}
    written: list[Edge] = []
    kept: set[tuple[str, str, str]] = set()
    for edge in new:
        key = edge.type, edge.start, edge.end
        kept.add(key)
        if before.get(key) != edge:
            written.append(edge)
    return written, sorted(key for key in before if key not in kept)


def _edges(gone: Iterable[tuple[str, str, str]]) -> Iterable[Edge]:
    return (Edge(type, start, end) for type, start, end in gone)


def _text_of(node: Node | None) -> tuple[object, ...]:
    """What events depend on in a story."""
    if node is None:
        return ()
    return tuple(node.properties.get(name) for name in ("title", "excerpt", "published_at", "date_quality", "language"))
