"""Merges the records of sources into stories, and these into the tables of the graph: five functions, with a shuffle
between each two.

1. ``Scatter`` (a chunk of sources): records go to the bucket of their story.
2. ``Unite`` (a bucket): records become stories. Each story goes to its partition of time, and where it is told of goes
   back to the chunk.
3. ``Mention`` (a chunk): which source tells of which stories, and which stories are listed as related.
4. ``Settle`` (a partition): the tables of its stories. What they say of outlets, topics and so on goes to the bucket of
   each.
5. ``Describe`` (a bucket; see :mod:`newsgraph.lake.said`): shared nodes, made from what is said of them, and the hosts
   that are papers of their own.

A build that brings a lake up to date passes only the records through them that can matter (see
:mod:`newsgraph.lake.reach`). Then the tables are those from before without the rows of the stories that are merged
again, and with the new ones.

Records of one story may name it by different spellings. Which first spellings belong together is found out before, by
``Spellings`` and ``links``: only those that differ are gathered in one place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from newsgraph.graph.batch import Edge, Node
from newsgraph.graph.events.text.texts import stable_id
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import EDGES, DescribesTopic, SubtopicOf
from newsgraph.lake.engine import Keyed
from newsgraph.lake.partitions import part_of
from newsgraph.lake.reach import Again, lists_with, sources_in
from newsgraph.lake.said import Standing, names_at_hosts, statements
from newsgraph.lake.tables import Written, edges_of, read_table, rewrite_edges, rewrite_nodes, write_edges
from newsgraph.loaders.merging.change import DESCRIBING, address_edges, mention_edges, related_edges
from newsgraph.loaders.merging.describing import Describer
from newsgraph.loaders.merging.descriptions import TYPES as PAGE_TYPES
from newsgraph.loaders.merging.descriptions import page_edges, parents_in
from newsgraph.loaders.merging.stories import MergedStory, PlacedRecord, StoryColumns, unite
from newsgraph.loaders.merging.story_nodes import story_table
from newsgraph.loaders.records import ArticleRecord

Int = NDArray[np.int64]

#: Records that are merged in one call. It limits the memory of a process.
RECORDS_AT_ONCE = 40_000
#: Shared nodes have a bucket for each ``RECORDS_A_BUCKET`` records, and ``BUCKETS`` at least.
BUCKETS, RECORDS_A_BUCKET = 16, 250_000
_OF_STORIES = tuple(type for type in DESCRIBING if EDGES[type].start == "Story")
#: The tables of edges in partitions of time, each with the columns that name a story whose merging can change the row.
_STORY_ENDS = {**dict.fromkeys(_OF_STORIES, ("start",)), "ADDRESS_OF": ("end",), "RELATED_TO": ("start", "end")}
#: The tables that have a file for each partition of time, and those that have one for each chunk of sources.
OF_PARTS = ("Story", "Address", *_STORY_ENDS)
OF_CHUNKS = ("MENTIONS", *PAGE_TYPES)
_RECORD = ArticleRecord(title="")
_BUCKET, _CHUNK, _PART, _DONE = "bucket ", "chunk ", "part ", "done "


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


@dataclass(frozen=True, slots=True)
class ChunkTask:
    """A chunk of sources, and what is to be done with it.

    ``file`` is the chunk as it is now; empty when nothing is left of it. ``sources`` are those of which the records of
    some stories are merged again (see ``Scatter``); None: the chunk is new, and all are merged. ``gone`` are the
    sources that it doesn't hold any more, and ``files`` the files of its tables as they were, by the names of these.
    """

    file: str
    sources: frozenset[str] | None = None
    gone: frozenset[str] = frozenset()
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StandingTask:
    """The files of partitions and buckets as they were: where each is worked on -> its files."""

    by_key: Mapping[str, Standing]


def part_key(part: str) -> str:
    """The key by which the files of a partition get to it."""
    return _PART + part


@dataclass(frozen=True, slots=True)
class Spellings:
    """Hashes of the spellings in a chunk, each with that of its record's first one, by bucket: those of the records
    that ``Scatter`` sends to buckets."""

    lake: Path
    buckets: int
    again: Again

    def __call__(self, task: ChunkTask) -> Iterator[Keyed]:
        said = {
            (stable_id(key), first)
            for _, placed, _ in sources_in(self.lake, task.file, task.sources)
            for one in placed
            if task.sources is None or one.keys[0] in self.again.spellings
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
    pairs = np.concatenate([np.zeros((0, 2), dtype=np.int64), *found])
    spellings, places = np.unique(pairs, return_inverse=True)
    if not len(spellings):
        return Routes(spellings, spellings, buckets)
    from scipy.sparse import coo_matrix  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    ends = places.reshape(-1, 2)
    table = coo_matrix((np.ones(len(ends), dtype=bool), (ends[:, 0], ends[:, 1])), shape=(len(spellings),) * 2)
    _, group = connected_components(table, directed=False)
    smallest = np.full(int(group.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(smallest, group, spellings)
    return Routes(spellings, smallest[group], buckets)


@dataclass(frozen=True, slots=True)
class Told:
    """A story that a source tells of: the place of the record, the story's id and its partition, and whether the story
    is merged or stays as it is."""

    source: str
    main: int
    position: int | None
    story: str
    part: str
    merged: bool = True


@dataclass(frozen=True, slots=True)
class Scatter:
    """See the module. Of sources that are not new, the records of stories that are merged ``again`` are taken."""

    lake: Path
    routes: Routes
    directory: OutletDirectory
    again: Again = field(default_factory=Again)

    def __call__(self, task: ChunkTask | StandingTask) -> Iterator[Keyed]:
        if isinstance(task, StandingTask):
            yield from task.by_key.items()
            return
        buckets: dict[int, list[PlacedRecord]] = defaultdict(list)
        found: list[Edge | Told] = []
        for id, placed, paged in sources_in(self.lake, task.file, task.sources):
            if task.sources is None:
                found += page_edges(id, paged, self.directory)
                merged = placed
            else:
                merged = []
                for one, again in lists_with(placed, self.again.spellings):
                    if again:
                        merged.append(one)
                    else:
                        story, part = self.again.beside[one.keys[0]]
                        found.append(Told(id, one.main, one.position, story, part, merged=False))
            for one in merged:
                # The related stories of an article are records of their own.
                alone = one._replace(record=structs.replace(one.record, related=())) if one.record.related else one
                buckets[self.routes.bucket(one.keys[0])].append(alone)
        key = _chunk_key(task)
        yield key, task
        yield key, found
        for bucket, records in buckets.items():
            yield f"{_BUCKET}{bucket}", (key, records)


def _chunk_key(task: ChunkTask) -> str:
    # A chunk of which nothing is left has the name of one of its tables, if it had any.
    return _CHUNK + (task.file or min(task.files.values(), default=""))


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
        chunk_of = {one.source_id: chunk for chunk, records in several for one in records}
        stories = sorted(unite([one for _, records in several for one in records]), key=attrgetter("id"))
        parts: dict[str, tuple[list[Node], list[MergedStory]]] = defaultdict(lambda: ([], []))
        told: dict[str, list[Told]] = defaultdict(list)
        nodes_of_all = story_table(StoryColumns.of(stories), self.now, self.true_times).rows()
        for story, node in zip(stories, nodes_of_all, strict=True):
            part = part_of(node.properties, self.part_seconds)
            nodes, merged = parts[part]
            nodes.append(node)
            merged.append(story)
            for one in story.records:
                place = Told(one.source_id, one.main, one.position, story.id, part)
                told[chunk_of[one.source_id]].append(place)
        describer = Describer(self.directory)
        for part, (nodes, merged) in parts.items():
            described = [edge for table in describer.tables(StoryColumns.of(merged)) for edge in table.rows()]
            addresses = address_edges((one.id, one.addresses) for one in merged)
            yield _PART + part, Stories(nodes, [*described, *addresses.rows()])
        yield from told.items()


@dataclass(frozen=True, slots=True)
class Mention:
    """See the module. ``again`` are the stories that are merged again, and ``buckets`` is the number of those of shared
    nodes."""

    lake: Path
    again: frozenset[str] = frozenset()
    buckets: int = BUCKETS

    def __call__(self, key: str, several: list[Any]) -> Iterator[Keyed]:
        if not key.startswith(_CHUNK):
            yield from ((key, one) for one in several)
            return
        [task] = [one for one in several if isinstance(one, ChunkTask)]
        whole = [one for found in several if found is not task for one in found]
        yield from self._described(task, [one for one in whole if isinstance(one, Edge)])
        if task.file:
            yield from self._told(task, [one for one in whole if isinstance(one, Told)])

    def _described(self, task: ChunkTask, edges: list[Edge]) -> Iterator[Keyed]:
        """Writes what pages of the chunk describe."""
        by_type = _by_type(edges)
        for type in PAGE_TYPES:
            written, gone = rewrite_edges(
                self.lake, type, Path(task.file).stem, task.files.get(type, ""), {"start": task.gone}, by_type[type]
            )
            if task.file:
                yield from _done(written)
            yield from statements(by_type[type], gone, self.buckets)

    def _told(self, task: ChunkTask, told: list[Told]) -> Iterator[Keyed]:
        """Writes which stories the sources of the chunk tell of."""
        placed: dict[str, list[tuple[PlacedRecord, str]]] = defaultdict(list)
        for one in sorted(told, key=_place):
            placed[one.source].append((PlacedRecord(one.source, one.main, one.position, _RECORD, ()), one.story))
        stories = {one.story for one in told if one.merged}
        mentions = list(mention_edges(placed, placed.keys() if task.sources is None else (), stories, {}).rows())
        out = {"start": task.gone, "end": self.again}
        written, _ = rewrite_edges(
            self.lake, "MENTIONS", Path(task.file).stem, task.files.get("MENTIONS", ""), out, mentions
        )
        yield from _done(written)
        part_by_story = {one.story: one.part for one in told}
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
    """See the module. ``parts`` are the partitions that hold stories which are merged ``again``, and ``buckets`` is the
    number of those of shared nodes."""

    lake: Path
    again: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    buckets: int = BUCKETS

    def __call__(self, key: str, several: list[Any]) -> Iterator[Keyed]:
        if not key.startswith(_PART):
            yield from ((key, one) for one in several)
            return
        part = key.removeprefix(_PART)
        before = next((one.files for one in several if isinstance(one, Standing)), {})
        found = [one for one in several if isinstance(one, Stories)]
        if not found and part not in self.parts:
            return
        yield from self._settled(part, before, found)

    def _settled(self, part: str, before: Mapping[str, str], found: Sequence[Stories]) -> Iterator[Keyed]:
        nodes = [node for one in found for node in one.nodes]
        yield from _done(rewrite_nodes(self.lake, "Story", part, before.get("Story", ""), self.again, nodes))
        by_type = _by_type(edge for one in found for edge in one.edges)
        by_type["RELATED_TO"] = _best_places(by_type["RELATED_TO"])
        for type, ends in _STORY_ENDS.items():
            edges = by_type[type]
            written, gone = rewrite_edges(
                self.lake, type, part, before.get(type, ""), dict.fromkeys(ends, self.again), edges
            )
            yield from _done(written)
            if type in _OF_STORIES:
                yield from statements(edges, gone, self.buckets)
                yield from names_at_hosts(edges, gone, self.buckets)
            if type == "ADDRESS_OF":
                addresses = [Node("Address", edge.start) for edge in edges]
                out = [edge.start for edge in gone]
                yield from _done(rewrite_nodes(self.lake, "Address", part, before.get("Address", ""), out, addresses))


def _done(written: Iterable[Written]) -> Iterator[Keyed]:
    return ((_DONE, one) for one in written)


def _best_places(edges: Iterable[Edge]) -> list[Edge]:
    """Returns the edges between related stories. Where several files list a story, its best place is taken."""
    related: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        before = related.get((edge.start, edge.end))
        if before is None or int(str(edge.properties["position"])) < int(str(before.properties["position"])):
            related[edge.start, edge.end] = edge
    return list(related.values())


def _by_type(edges: Iterable[Edge]) -> dict[str, list[Edge]]:
    by_type: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        by_type[edge.type].append(edge)
    return by_type


@dataclass(frozen=True, slots=True)
class TopicsAbove:
    """Finds the topics above others in a file of what pages describe."""

    lake: Path

    def __call__(self, file: str) -> Iterator[Keyed]:
        edges = edges_of(DescribesTopic.type, read_table(self.lake, file))
        yield "", {(edge.end, parent) for edge in edges for parent in parents_in(edge)}


@dataclass(frozen=True, slots=True)
class WriteSubtopics:
    """Writes the edges between topics."""

    lake: Path

    def __call__(self, _key: str, several: list[set[tuple[str, str]]]) -> Iterator[Keyed]:
        edges = [Edge(SubtopicOf.type, child, parent) for child, parent in set().union(*several)]
        yield from (("", one) for one in write_edges(self.lake, SubtopicOf.type, "all", edges))
