"""Merges the records of all sources into stories, and these into the tables of the graph: four functions, with a
shuffle between each two.

1. ``Scatter`` (a chunk of sources): records go to the bucket of their story.
2. ``Unite`` (a bucket): records become stories. Each story goes to its partition of time, and where it is told of goes
   back to the chunk.
3. ``Mention`` (a chunk): which source tells of which stories, and which stories are listed as related.
4. ``Settle`` (a partition): the tables of its stories. What they say of outlets, topics and so on goes to the bucket of
   each.
5. ``Describe`` (a bucket): shared nodes, made from what is said of them, and the hosts that are papers of their own.
   If these are others than before, the records are merged once more, with them as outlets.

Records of one story may name it by different spellings. Which first spellings belong together is found out before, by
``spellings`` and ``links``: only those that differ are gathered in one place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from newsgraph.graph.batch import Edge, Node
from newsgraph.graph.events.text.texts import stable_id
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import EDGE_TYPES, EDGES, NODE_TYPES, PublishedBy
from newsgraph.graph.urls.identity import registered_domain
from newsgraph.lake.engine import Keyed, shelf_of
from newsgraph.lake.partitions import part_of
from newsgraph.lake.tables import Written, rows_of, write_edges, write_nodes
from newsgraph.loaders.merging.change import (
    DESCRIBING,
    address_edges,
    articles,
    mention_edges,
    pages,
    related_edges,
)
from newsgraph.loaders.merging.describing import Describer, gather
from newsgraph.loaders.merging.descriptions import page_edges, parents_in, weight
from newsgraph.loaders.merging.own_hosts import name_said, own_hosts_told
from newsgraph.loaders.merging.record_json import records_of
from newsgraph.loaders.merging.stories import MergedStory, PlacedRecord, placed_records, unite
from newsgraph.loaders.merging.story_nodes import story_table
from newsgraph.loaders.records import ArticleRecord

Int = NDArray[np.int64]

#: Records that are merged in one call. It limits the memory of a process.
RECORDS_AT_ONCE = 40_000
#: Shared nodes have a bucket for each ``RECORDS_A_BUCKET`` records, and ``BUCKETS`` at least.
BUCKETS, RECORDS_A_BUCKET = 16, 250_000
#: The tables that a build writes whole.
TABLES = tuple(
    name
    for name in (*(one.label for one in NODE_TYPES), *(one.type for one in EDGE_TYPES))
    if name not in {"Source", "Corpus", "Event", "Version", "COVERS", "COPY_OF", "FOLLOWS", "VERSION_OF"}
)
_OF_STORIES = tuple(type for type in DESCRIBING if EDGES[type].start == "Story")
_RECORD = ArticleRecord(title="")
_BUCKET, _CHUNK, _PART, _SHARED, _SUBTOPICS, _DONE = "bucket ", "chunk ", "part ", "shared ", "subtopics ", "done "
_HOSTS = "hosts "


@dataclass(frozen=True, slots=True)
class Routes:
    """Which records are gathered in one place: hashes of first spellings, sorted, and the hash that each stands for.
    Spellings that are not among them stand for themselves."""

    spellings: Int
    stand_for: Int
    buckets: int

    def bucket(self, spelling: str) -> int:
        """The bucket of the records whose first spelling this is."""
        hashed = stable_id(spelling)
        place = int(np.searchsorted(self.spellings, hashed))
        if place < len(self.spellings) and int(self.spellings[place]) == hashed:
            hashed = int(self.stand_for[place])
        return hashed % self.buckets


def _placed(lake: Path, file: str) -> Iterator[tuple[str, list[PlacedRecord], tuple[Any, ...]]]:
    """Yields the sources of a chunk, each with its records and its pages."""
    for id, text in rows_of(lake, file, ["id", "records"]):
        records = records_of(text, id)
        yield id, list(placed_records(id, articles(records))), pages(records)


@dataclass(frozen=True, slots=True)
class Spellings:
    """Hashes of all spellings in a chunk, each with that of its record's first one, by bucket."""

    lake: Path
    buckets: int

    def __call__(self, file: str) -> Iterator[Keyed]:
        said = {
            (stable_id(key), first)
            for _, placed, _ in _placed(self.lake, file)
            for one in placed
            for first in (stable_id(one.keys[0]),)
            for key in one.keys
        }
        pairs = np.array(sorted(said), dtype=np.int64).reshape(-1, 2)
        for bucket in range(self.buckets):
            own = pairs[pairs[:, 0] % self.buckets == bucket]
            if len(own):
                yield str(bucket), own


def links(_bucket: str, several: list[Int]) -> Iterator[Keyed]:
    """Pairs of different first spellings (hashes) of records that share a spelling."""
    pairs = np.unique(np.concatenate(several), axis=0)
    same = pairs[1:, 0] == pairs[:-1, 0]
    yield "", np.column_stack([pairs[:-1, 1][same], pairs[1:, 1][same]])


def routes_from(found: Sequence[Int], buckets: int) -> Routes:
    """Returns the routes that follow from ``links`` of all buckets."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    pairs = np.concatenate([np.zeros((0, 2), dtype=np.int64), *found])
    spellings, places = np.unique(pairs, return_inverse=True)
    if not len(spellings):
        return Routes(spellings, spellings, buckets)
    ends = places.reshape(-1, 2)
    table = coo_matrix((np.ones(len(ends), dtype=bool), (ends[:, 0], ends[:, 1])), shape=(len(spellings),) * 2)
    _, group = connected_components(table, directed=False)
    smallest = np.full(int(group.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(smallest, group, spellings)
    return Routes(spellings, smallest[group], buckets)


@dataclass(frozen=True, slots=True)
class Scatter:
    """See the module."""

    lake: Path
    routes: Routes
    directory: OutletDirectory

    def __call__(self, file: str) -> Iterator[Keyed]:
        buckets: dict[int, list[PlacedRecord]] = defaultdict(list)
        described: list[Edge] = []
        for id, placed, paged in _placed(self.lake, file):
            for one in placed:
                # The related stories of an article are records of their own.
                alone = one._replace(record=structs.replace(one.record, related=())) if one.record.related else one
                buckets[self.routes.bucket(one.keys[0])].append(alone)
            described += page_edges(id, paged, self.directory)
        if described:
            yield _CHUNK + file, described
        for bucket, records in buckets.items():
            yield f"{_BUCKET}{bucket}", (file, records)


@dataclass(frozen=True, slots=True)
class Told:
    """A story that a source tells of: the place of the record, the story's id and its partition."""

    source: str
    main: int
    position: int | None
    story: str
    part: str


@dataclass(frozen=True, slots=True)
class Stories:
    """Some stories of a partition, with the edges that lead from them and to them."""

    nodes: list[Node]
    edges: list[Edge]


@dataclass(frozen=True, slots=True)
class Unite:
    """See the module. ``now`` has a zone; ``true_times`` are those of ``story_table``."""

    now: datetime
    true_times: Mapping[str, tuple[int, datetime]]
    directory: OutletDirectory
    part_seconds: int

    def __call__(self, key: str, several: list[Any]) -> Iterator[Keyed]:
        if not key.startswith(_BUCKET):
            yield from ((key, one) for one in several)
            return
        file_of = {one.source_id: file for file, records in several for one in records}
        stories = unite([one for _, records in several for one in records])
        parts: dict[str, tuple[list[Node], list[MergedStory]]] = defaultdict(lambda: ([], []))
        told: dict[str, list[Told]] = defaultdict(list)
        for story, node in zip(stories, story_table(stories, self.now, self.true_times).rows(), strict=True):
            part = part_of(node.properties, self.part_seconds)
            nodes, merged = parts[part]
            nodes.append(node)
            merged.append(story)
            for one in story.records:
                place = Told(one.source_id, one.main, one.position, story.id, part)
                told[file_of[one.source_id]].append(place)
        describer = Describer(self.directory)
        for part, (nodes, merged) in parts.items():
            described = [edge for table in describer.tables(merged) for edge in table.rows()]
            yield _PART + part, Stories(nodes, [*described, *address_edges(merged).rows()])
        for file, places in told.items():
            yield _CHUNK + file, places


@dataclass(frozen=True, slots=True)
class Mention:
    """See the module. ``buckets`` is the number of those of shared nodes."""

    lake: Path
    buckets: int = BUCKETS

    def __call__(self, key: str, several: list[Any]) -> Iterator[Keyed]:
        if not key.startswith(_CHUNK):
            yield from ((key, one) for one in several)
            return
        whole = [one for found in several for one in found]
        part = Path(key.removeprefix(_CHUNK)).stem
        yield from self._described(part, [one for one in whole if isinstance(one, Edge)])
        yield from self._told(part, [one for one in whole if isinstance(one, Told)])

    def _described(self, part: str, edges: list[Edge]) -> Iterator[Keyed]:
        """Writes what pages of the chunk describe."""
        yield from ((_DONE, one) for one in _written(self.lake, part, edges))
        yield from _statements(edges, self.buckets)
        above = [edge for edge in edges if edge.type == "DESCRIBES_TOPIC" and parents_in(edge)]
        if above:
            yield _SUBTOPICS, above

    def _told(self, part: str, told: list[Told]) -> Iterator[Keyed]:
        """Writes which stories the sources of the chunk tell of."""
        placed: dict[str, list[tuple[PlacedRecord, str]]] = defaultdict(list)
        for one in sorted(told, key=_place):
            placed[one.source].append((PlacedRecord(one.source, one.main, one.position, _RECORD, ()), one.story))
        part_by_story = {one.story: one.part for one in told}
        stories = set(part_by_story)
        mentions = mention_edges(placed, placed.keys(), stories).rows()
        yield from ((_DONE, one) for one in write_edges(self.lake, "MENTIONS", part, mentions))
        related: dict[str, list[Edge]] = defaultdict(list)
        for edge in related_edges(placed, stories).rows():
            related[part_by_story[edge.start]].append(edge)
        for where, edges in related.items():
            yield _PART + where, Stories([], edges)


def _place(told: Told) -> tuple[str, int, int]:
    """A sort key: the order in a source, an article before those that it lists as related."""
    return told.source, told.main, -1 if told.position is None else told.position


@dataclass(frozen=True, slots=True)
class Settle:
    """See the module. ``buckets`` is the number of those of shared nodes."""

    lake: Path
    buckets: int = BUCKETS

    def __call__(self, key: str, several: list[Any]) -> Iterator[Keyed]:
        if not key.startswith(_PART):
            yield from ((key, one) for one in several)
            return
        part = key.removeprefix(_PART)
        edges = [edge for one in several for edge in one.edges if edge.type != "RELATED_TO"]
        related = _best_places(edge for one in several for edge in one.edges if edge.type == "RELATED_TO")
        addresses = [Node("Address", edge.start) for edge in edges if edge.type == "ADDRESS_OF"]
        for written in (
            *write_nodes(self.lake, "Story", part, (node for one in several for node in one.nodes)),
            *write_nodes(self.lake, "Address", part, addresses),
            *_written(self.lake, part, edges),
            *_written(self.lake, part, related),
        ):
            yield _DONE, written
        yield from _statements((edge for edge in edges if edge.type in _OF_STORIES), self.buckets)
        yield from _names_at_hosts((edge for edge in edges if edge.type == PublishedBy.type), self.buckets)


def _best_places(edges: Iterable[Edge]) -> list[Edge]:
    """Returns the edges between related stories. Where several files list a story, its best place is taken."""
    related: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        before = related.get((edge.start, edge.end))
        if before is None or int(str(edge.properties["position"])) < int(str(before.properties["position"])):
            related[edge.start, edge.end] = edge
    return list(related.values())


def _written(lake: Path, part: str, edges: Iterable[Edge]) -> list[Written]:
    by_type: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        by_type[edge.type].append(edge)
    return [one for type, some in by_type.items() for one in write_edges(lake, type, part, some)]


def _names_at_hosts(edges: Iterable[Edge], buckets: int) -> Iterator[Keyed]:
    """Counts which names stories at a host give which outlet, by the bucket of the host's registered domain."""
    told: dict[tuple[str, str, str], int] = defaultdict(int)
    for edge in edges:
        name = name_said(str(edge.properties["said"]))
        if name:
            told[edge.end, edge.start.split("/")[2], name] += 1
    shelves: dict[int, dict[tuple[str, str, str], int]] = defaultdict(dict)
    for key, stories in told.items():
        shelves[shelf_of(registered_domain(key[1]) or key[1], buckets)][key] = stories
    for shelf, counts in shelves.items():
        yield f"{_HOSTS}{shelf}", counts


def _statements(edges: Iterable[Edge], buckets: int) -> Iterator[Keyed]:
    """What edges say about the nodes at their ends, counted, by the bucket of each."""
    said: dict[int, dict[tuple[str, str, str], int]] = defaultdict(dict)
    for edge in edges:
        label = DESCRIBING[edge.type]
        counts = said[shelf_of(f"{label} {edge.end}", buckets)]
        statement = label, edge.end, str(edge.properties["said"])
        counts[statement] = counts.get(statement, 0) + weight(edge.type)
    for bucket, counts in said.items():
        yield f"{_SHARED}{bucket}", counts


@dataclass(frozen=True, slots=True)
class Describe:
    """See the module. Among what it gives are the hosts that are papers of their own."""

    lake: Path
    directory: OutletDirectory

    def __call__(self, key: str, several: list[Any]) -> Iterator[Keyed]:
        if key == _DONE:
            yield from ((key, one) for one in several)
            return
        if key == _SUBTOPICS:
            pairs = {(edge.end, parent) for edges in several for edge in edges for parent in parents_in(edge)}
            edges = [Edge("SUBTOPIC_OF", child, parent) for child, parent in pairs]
            yield from ((_DONE, one) for one in write_edges(self.lake, "SUBTOPIC_OF", "all", edges))
            return
        if key.startswith(_HOSTS):
            told: dict[tuple[str, str, str], int] = defaultdict(int)
            for counts in several:
                for what, stories in counts.items():
                    told[what] += stories
            yield from ((_DONE, one) for one in own_hosts_told(self.directory, told))
            return
        said: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        for counts in several:
            for (label, id, text), count in counts.items():
                texts = said[label][id]
                texts[text] = texts.get(text, 0) + count
        part = key.removeprefix(_SHARED)
        for label, ids in said.items():
            nodes = [gather(label, id, texts, self.directory) for id, texts in ids.items()]
            yield from ((_DONE, one) for one in write_nodes(self.lake, label, part, nodes))
