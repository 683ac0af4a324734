"""Turns changed sources into one batch: what a set of files says now, compared with what the store holds.

A change affects the stories that the files mentioned before or mention now, found by any spelling of their addresses,
and all other sources that mention these stories. Their records are merged again, and the difference is written. Nothing
else is read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import chain, repeat

from msgspec import Struct

from newsgraph.graph import schema_cypher as statements
from newsgraph.graph.batch import Batch, Edge, EdgeTable, MadeTexts, Node, NodeTable
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import EDGE_TYPES, NODES
from newsgraph.graph.stores.protocol import Store
from newsgraph.loaders.merging.describing import Describer, gather
from newsgraph.loaders.merging.descriptions import TYPES as PAGE_TYPES
from newsgraph.loaders.merging.descriptions import page_edges, subtopic_edges, weight
from newsgraph.loaders.merging.record_json import json_of, records_of
from newsgraph.loaders.merging.stories import PlacedRecord, StoryColumns, placed_records, unite
from newsgraph.loaders.merging.story_nodes import TrueTimes, story_table
from newsgraph.loaders.merging.versions import EarlierWording, version_nodes, wordings_of
from newsgraph.loaders.record_columns import RecordColumns, articles
from newsgraph.loaders.records import ArticleRecord, PageRecord, Record

#: Edge types that lead to a shared node, which stories or pages describe, and the label of that node.
DESCRIBING = {edge.type: edge.end for edge in EDGE_TYPES if edge.describes}
#: Labels of nodes that a change looks up.
_LOOKED_UP = ("Story", "Source", *sorted(set(DESCRIBING.values())))


def unpack(source: Node) -> Sequence[ArticleRecord]:
    """Returns the articles that a Source keeps."""
    return articles(unpack_all(source))


def unpack_all(source: Node) -> tuple[Record, ...]:
    """Returns all records that a Source keeps, articles and pages, in the order of its file."""
    return records_of(str(source.properties["records"]), source.id)


def pages(records: Iterable[Record]) -> tuple[PageRecord, ...]:
    """Returns the pages among the records, in order."""
    if isinstance(records, RecordColumns):  # they are articles, and would be made for nothing
        return ()
    return tuple(record for record in records if not isinstance(record, ArticleRecord))


class Change(Struct, frozen=True):
    """A batch, and the stories that it adds, changes or removes.

    ``resolvable`` are those whose text, time, outlet or related list changed, because events depend on these.
    ``date_quality`` is that of every story that was merged.
    """

    batch: Batch
    added: frozenset[str]
    altered: frozenset[str]
    removed: frozenset[str]
    resolvable: frozenset[str]
    left: Mapping[str, str]  # removed story -> the event that it was in
    stale: Mapping[str, frozenset[str]]  # label -> ids of shared nodes that must be gathered again
    date_quality: Mapping[str, str]


class _Versions(Struct, frozen=True):
    """Earlier wordings to write, with their edges, and the ids of those to remove."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    gone: Sequence[str]


class _Reach(Struct, frozen=True):
    """What a change affects.

    ``fresh`` are stories of which the store knows no spelling, and ``told_again`` all others as they will be; ``ids``
    are the ids of both. ``placed`` maps each source that mentions any of them to its records with their stories, and
    ``once`` to the fresh stories that only one of its articles tells of, where these come as columns.
    ``sources`` are the changed ones, ``known`` those of them that the store may have. ``affected`` are the stories as
    they were.
    """

    fresh: StoryColumns
    told_again: StoryColumns
    ids: set[str]
    placed: Mapping[str, Sequence[tuple[PlacedRecord, str]]]
    once: Mapping[str, StoryColumns]
    sources: Mapping[str, tuple[Node, Sequence[Record]] | None]
    known: Sequence[str]
    affected: set[str]
    old_mentions: Sequence[Edge]
    old_addresses: Sequence[Edge]

    def addresses(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Yields each story with all of its spellings."""
        for stories in (self.fresh, self.told_again):
            yield from zip(stories.ids, stories.addresses, strict=True)


class _Telling:
    """What sources say: the changed ones as they will be, others as the store holds them.

    ``records`` are those that are united with others. Of a source whose articles come as columns they are empty until
    :meth:`told_once` has found out which of these articles something else tells of, too.
    """

    def __init__(self, sources: Mapping[str, tuple[Node, Sequence[Record]] | None]) -> None:
        self._new = sources.keys()
        told = {id: articles(given[1]) if given else () for id, given in sources.items()}
        self._columns = {id: one for id, one in told.items() if isinstance(one, RecordColumns)}
        self.records = {
            id: () if isinstance(one, RecordColumns) else tuple(placed_records(id, enumerate(one)))
            for id, one in told.items()
        }
        keys = list(self._keys())
        self._keys_now = set(keys)
        counts = Counter(keys) if len(self._keys_now) < len(keys) else {}
        self._keys_shared = {key for key, count in counts.items() if count > 1}
        self.wordings = {id: wordings_of(given[0]) for id, given in sources.items() if given}

    def keys_before(self, old: Iterable[Node]) -> set[str]:
        """Returns every spelling that the changed sources give now, or that ``old``, the same sources in the store,
        gave."""
        keys = set(self._keys_now)
        keys.update(key for node in old for one in _placed(node) for key in one.keys)
        return keys

    def _keys(self) -> Iterator[str]:
        """Yields the spellings that the changed sources give, each as often as a record has it."""
        yield from chain.from_iterable([one.keys for id in self._new for one in self.records[id]])
        for told in self._columns.values():
            yield from chain.from_iterable(told.spellings)
            for related in chain.from_iterable(told.column("related")):
                yield from related.spellings

    def told_once(self, known: set[str]) -> dict[str, StoryColumns]:
        """Returns, for each source whose articles come as columns, those of them of which nothing else tells: neither
        another record of the changed sources nor a story of the ``known`` spellings. The others join the records."""
        shared = self._keys_shared | known
        once: dict[str, StoryColumns] = {}
        for id, told in self._columns.items():
            rows = {row for row, own in enumerate(told.spellings) if not shared.isdisjoint(own)} if shared else set()
            rows.update(told.with_related())
            self.records[id] = tuple(placed_records(id, told.numbered(sorted(rows))))
            once[id] = StoryColumns.told_once(told, rows)
        return once

    def add(self, node: Node) -> None:
        """Adds another source as the store holds it."""
        self.records[node.id] = tuple(_placed(node))
        self.wordings[node.id] = wordings_of(node)

    def parted(self, known: set[str]) -> tuple[list[PlacedRecord], list[PlacedRecord]]:
        """Returns the records that are merged again, and the records of other stories in the added sources.

        The spellings of those are not among ``known``, which are the spellings of all stories that the change affects.
        """
        here: list[PlacedRecord] = []
        elsewhere: list[PlacedRecord] = []
        for source_id in sorted(self.records):
            if source_id in self._new:
                here.extend(self.records[source_id])
                continue
            for one in self.records[source_id]:
                (elsewhere if known.isdisjoint(one.keys) else here).append(one)
        return here, elsewhere


def _placed(source: Node) -> Iterator[PlacedRecord]:
    """Yields the records that a source in the store keeps."""
    return placed_records(source.id, enumerate(unpack(source)))


class Changer:
    """Works out changes to one store. Nobody else may change that store meanwhile."""

    def __init__(
        self,
        store: Store,
        directory: OutletDirectory,
        now: datetime,
        true_times: TrueTimes | None = None,
    ) -> None:
        self._store = store
        self._directory = directory
        self._now = now
        self._true_times = true_times or {}  # by the id that a spelling of the story's address gives
        self._describer = Describer(directory)
        # If the store held no story at the beginning, only what was written since can be found. This maps labels to
        # hashes of the ids that may exist. It is None for all other stores.
        self._written: dict[str, set[int]] | None = None
        if not any(_count(store, label) for label in _LOOKED_UP):
            self._written = {label: set() for label in _LOOKED_UP}

    def change(self, sources: Mapping[str, tuple[Node, Sequence[Record]] | None], again: Iterable[str] = ()) -> Change:
        """Returns the change for new content of sources. It must be written before the next change is worked out.

        ``sources`` maps each source to its Source node without ``records`` and its records, or to None if it is gone.
        The stories of ``again`` are merged again as well.
        """
        telling = _Telling(sources)
        known_sources = list(self._possible("Source", sources))
        keys = telling.keys_before(self._store.nodes("Source", known_sources))
        keys.update(again)
        affected = set(self._stories(keys).values())
        known, old_addresses = self._addresses(affected)
        old_mentions = list(self._store.edges("MENTIONS", ends=affected)) if affected else []
        others = {edge.start for edge in old_mentions} - sources.keys()
        for node in self._store.nodes("Source", others) if others else ():
            telling.add(node)
        once = telling.told_once(known)
        here, elsewhere = telling.parted(known)
        stories = unite(here)
        story_of = {id(one): story.id for story in stories for one in story.records}
        if elsewhere:
            found = self._stories({one.keys[0] for one in elsewhere})
            story_of.update((id(one), found[one.keys[0]]) for one in elsewhere)
        fresh = [one for one in stories if known.isdisjoint(one.addresses)] if known else stories
        told_again = [one for one in stories if not known.isdisjoint(one.addresses)] if known else []
        reach = _Reach(
            fresh=StoryColumns.joined([StoryColumns.of(fresh), *once.values()]),
            told_again=StoryColumns.of(told_again),
            ids={story.id for story in stories}.union(*(one.ids for one in once.values())),
            placed={id_: [(one, story_of[id(one)]) for one in several] for id_, several in telling.records.items()},
            once=once,
            sources=sources,
            known=known_sources,
            affected=affected,
            old_mentions=old_mentions,
            old_addresses=old_addresses,
        )
        return self._difference(reach, self._versions(reach, telling.wordings))

    def _stories(self, keys: Iterable[str]) -> dict[str, str]:
        """Returns spelling -> story, for the spellings of stories that the store has."""
        keys = sorted(self._possible("Story", keys))
        found = {edge.start: edge.end for edge in self._store.edges("ADDRESS_OF", starts=keys)} if keys else {}
        found.update((node.id, node.id) for node in self._store.nodes("Story", keys) if keys)
        return found

    def _possible(self, label: str, ids: Iterable[str]) -> Iterable[str]:
        """Returns the ids that may be in the store. A story is looked up by any of its spellings."""
        if self._written is None:
            return ids
        written = self._written[label]
        return [one for one in ids if hash(one) in written]

    def _addresses(self, stories: set[str]) -> tuple[set[str], list[Edge]]:
        edges = list(self._store.edges("ADDRESS_OF", ends=stories)) if stories else []
        return stories | {edge.start for edge in edges}, edges

    def _difference(self, reach: _Reach, versions: _Versions) -> Change:
        affected, ids = reach.affected, reach.ids
        old_nodes = {node.id: node for node in self._store.nodes("Story", affected)} if affected else {}
        fresh = story_table(reach.fresh, self._now, self._true_times)
        told_again = story_table(reach.told_again, self._now, self._true_times)
        date_quality = dict(chain(_qualities(fresh), _qualities(told_again)))
        nodes = [node for node in told_again.rows() if old_nodes.get(node.id) != node]
        removed = affected - ids

        addresses = address_edges(reach.addresses())
        described = self._describer.tables(reach.fresh)
        written, tables, gone = self._edges(reach, addresses)
        describing = [edge for edge in written if edge.type in DESCRIBING]
        shared, stale = self._shared(describing, described, gone)
        addressed = set(addresses.starts)
        old_addressed = {edge.start for edge in reach.old_addresses}
        batch = Batch(
            [*nodes, *versions.nodes],
            [*written, *versions.edges],
            [
                *_pairs("Story", removed),
                *_pairs("Address", old_addressed - addressed),
                *_pairs("Source", [id for id, given in reach.sources.items() if given is None]),
                *_pairs("Version", versions.gone),
            ],
            gone,
            [
                # What a large table says is one long text. It comes first, so that the store can use the memory that
                # writing it takes for the rest.
                _source_table(reach.sources),
                fresh,
                *(_node_table(label, several) for label, several in shared.items()),
                NodeTable("Address", sorted(addressed - old_addressed), {}),
            ],
            [*described, *tables],
        )
        self._remember(reach, shared)
        # The store removes edges together with their node, and edges of a removed story must not be written. If none of
        # the stories existed before, all of them are new.
        resolvable = _resolvable(nodes, old_nodes, written, gone).union(fresh.ids) if affected else ids
        added = ids - affected
        return Change(
            batch,
            frozenset(added),
            frozenset({node.id for node in nodes} - added),
            frozenset(removed),
            frozenset(resolvable | removed),
            {edge.start: edge.end for edge in self._store.edges("COVERS", starts=removed)} if removed else {},
            stale,
            date_quality,
        )

    def _edges(
        self, reach: _Reach, addresses: EdgeTable
    ) -> tuple[Sequence[Edge], Sequence[EdgeTable], list[tuple[str, str, str]]]:
        """Returns the edges to write, one by one and as tables, and the edges to remove."""
        store, sources = self._store, reach.sources
        describing = [edge for table in self._describer.tables(reach.told_again) for edge in table.rows()]
        paged = [
            edge
            for id, given in sources.items()
            if given is not None
            for edge in page_edges(id, pages(given[1]), self._directory)
        ]
        old_paged = [edge for type in PAGE_TYPES for edge in store.edges(type, starts=reach.known)]
        old_subtopics, subtopics = subtopic_edges(store, sources.keys(), old_paged, paged)
        new = [*describing, *paged, *subtopics]
        tables = [
            addresses,
            related_edges(reach.placed, reach.ids),
            mention_edges(reach.placed, sources.keys(), reach.ids, reach.once),
        ]
        old = {
            (edge.type, edge.start, edge.end): edge
            for edge in (
                *old_paged, *old_subtopics, *reach.old_addresses, *reach.old_mentions,
                *store.edges("MENTIONS", starts=reach.known), *self._edges_of(reach.affected),
            )
        }  # fmt: skip
        if not old:  # nothing that the store holds is concerned
            return new, tables, []
        written, gone = _edge_difference(old, chain(new, *(table.rows() for table in tables)))
        return written, (), gone

    def _remember(self, reach: _Reach, shared: Mapping[str, Sequence[Node]]) -> None:
        """Remembers what is written into a store that was empty at the beginning."""
        if self._written is None:
            return
        self._written["Story"].update(map(hash, chain.from_iterable(own for _, own in reach.addresses())))
        self._written["Source"].update(map(hash, reach.sources))
        for label, nodes in shared.items():
            self._written[label].update([hash(node.id) for node in nodes])

    def _versions(self, reach: _Reach, wordings: Mapping[str, Sequence[EarlierWording]]) -> _Versions:
        """Returns the Version nodes to write and to remove. The id of such a node depends on its whole content."""
        affected = reach.affected
        old = {edge.start for edge in self._store.edges("VERSION_OF", ends=affected)} if affected else set()
        if not old and not any(wordings.values()):
            return _Versions((), (), ())
        nodes, edges = version_nodes(wordings, {address: id for id, own in reach.addresses() for address in own})
        return _Versions(
            [node for node in nodes if node.id not in old],
            [edge for edge in edges if edge.start not in old],
            sorted(old - {node.id for node in nodes}),
        )

    def _edges_of(self, stories: set[str]) -> list[Edge]:
        """Returns the edges in the store by which the stories describe other nodes, and those between related
        stories."""
        if not stories:
            return []
        types = [type for type in DESCRIBING if type not in PAGE_TYPES]
        described = [edge for type in types for edge in self._store.edges(type, starts=stories)]
        starting = self._store.edges("RELATED_TO", starts=stories)
        return [*described, *starting, *self._store.edges("RELATED_TO", ends=stories)]

    def _shared(
        self, written: Iterable[Edge], described: Iterable[EdgeTable], gone: Iterable[tuple[str, str, str]]
    ) -> tuple[dict[str, list[Node]], dict[str, frozenset[str]]]:
        """Returns the nodes at the ends of describing edges by label, complete if everything said about them is known
        here. The others are returned as stale."""
        told = Counter([(type, end, str(properties["said"])) for type, _, end, properties in written])
        for table in described:
            told.update(zip(repeat(table.type), table.ends, map(str, table.columns["said"])))
        said: dict[str, dict[str, dict[str, int]]] = {label: {} for label in DESCRIBING.values()}
        weights = {type: weight(type) for type in DESCRIBING}
        for (type, end, text), stories in told.items():
            texts = said[DESCRIBING[type]].setdefault(end, {})
            texts[text] = texts.get(text, 0) + stories * weights[type]
        lost: dict[str, set[str]] = defaultdict(set)
        for type, _, end in gone:
            if type in DESCRIBING:
                lost[DESCRIBING[type]].add(end)
        nodes: dict[str, list[Node]] = {}
        stale: dict[str, frozenset[str]] = {}
        for label, ends in said.items():
            asked = self._possible(label, ends.keys() | lost[label])
            there = {node.id: node for node in self._store.nodes(label, asked)}
            new = [gather(label, id, counts, self._directory) for id, counts in ends.items() if id not in there]
            new.extend(
                Node(label, id, {**node.properties, "stale": True})
                for id, node in there.items()
                if "stale" not in node.properties
            )
            nodes[label] = new
            stale[label] = frozenset(there)
        return nodes, stale


def _qualities(stories: NodeTable) -> Iterator[tuple[str, str]]:
    """Returns the date_quality of each story."""
    return zip(stories.ids, map(str, stories.columns.get("date_quality", ())), strict=True)


def _pairs(label: str, ids: Iterable[str]) -> list[tuple[str, str]]:
    """Returns pairs of the label with each of the ids, in their order."""
    return [(label, id) for id in sorted(ids)]


def _node_table(label: str, nodes: Sequence[Node]) -> NodeTable:
    """Returns nodes of one label as a table."""
    properties = [node.properties for node in nodes]
    columns = {name: [one.get(name) for one in properties] for name in set().union(*properties)}
    return NodeTable(label, [node.id for node in nodes], columns)


def address_edges(stories: Iterable[tuple[str, Sequence[str]]]) -> EdgeTable:
    """Returns edges from every other spelling of a story's address to the story. Each story is given with all
    spellings."""
    starts: list[str] = []
    ends: list[str] = []
    for id, addresses in stories:
        if len(addresses) > 1:
            others = [address for address in addresses if address != id]
            starts += others
            ends += [id] * len(others)
    return EdgeTable("ADDRESS_OF", starts, ends, {})


def _source_table(sources: Mapping[str, tuple[Node, Sequence[Record]] | None]) -> NodeTable:
    told = [given for given in sources.values() if given is not None]
    table = _node_table("Source", [node for node, _ in told])
    records = MadeTexts([partial(json_of, records) for _, records in told])
    return NodeTable("Source", table.ids, {**table.columns, "records": records})


def related_edges(placed: Mapping[str, Sequence[tuple[PlacedRecord, str]]], ids: set[str]) -> EdgeTable:
    """Returns RELATED_TO edges that touch a story of ``ids``. If several files list a story, its best place is used."""
    positions: dict[tuple[str, str], int] = {}
    for several in placed.values():
        start = ""
        for one, story in several:
            position = one.position
            if position is None:
                start = story
            elif start != story and (start in ids or story in ids):
                pair = start, story
                if position < positions.get(pair, position + 1):
                    positions[pair] = position
    starts = [start for start, _ in positions]
    ends = [end for _, end in positions]
    return EdgeTable("RELATED_TO", starts, ends, {"position": list(positions.values())})


def mention_edges(
    placed: Mapping[str, Sequence[tuple[PlacedRecord, str]]],
    changed: Collection[str],
    ids: set[str],
    once: Mapping[str, StoryColumns],
) -> EdgeTable:
    """Returns MENTIONS edges from the changed sources, and from any source to a story of ``ids``. A source that has a
    story as its main article and also lists it as related gets the edge of the main article. ``once`` are further
    main articles of changed sources."""
    starts: list[str] = []
    ends: list[str] = []
    all_roles: list[str] = []
    for source_id, several in placed.items():
        roles: dict[str, str] = {}
        for one, story in several:
            if one.position is None:
                roles[story] = "main"
            else:
                roles.setdefault(story, "related")
        if source_id not in changed:
            roles = {story: role for story, role in roles.items() if story in ids}
        main = once[source_id].ids if source_id in once else ()
        starts += [source_id] * (len(roles) + len(main))
        ends += [*roles, *main]
        all_roles += [*roles.values(), *repeat("main", len(main))]
    return EdgeTable("MENTIONS", starts, ends, {"role": all_roles})


def _edge_difference(
    old: Mapping[tuple[str, str, str], Edge], new: Iterable[Edge]
) -> tuple[list[Edge], list[tuple[str, str, str]]]:
    """Returns which edges must be written and removed to turn ``old`` into ``new``."""
    written: list[Edge] = []
    kept: set[tuple[str, str, str]] = set()
    for edge in new:
        key = edge.type, edge.start, edge.end
        kept.add(key)
        if old.get(key) != edge:
            written.append(edge)
    return written, sorted(key for key in old if key not in kept)


def _resolvable(
    nodes: Sequence[Node], old: Mapping[str, Node], written: Sequence[Edge], gone: Sequence[tuple[str, str, str]]
) -> set[str]:
    """Returns the stories whose text, time, outlet or related list changed."""
    found = {node.id for node in nodes if _text_of(node) != _text_of(old.get(node.id))}
    for type, start, end in (*((edge.type, edge.start, edge.end) for edge in written), *gone):
        if type in ("PUBLISHED_BY", "RELATED_TO"):
            found.add(start)
            if type == "RELATED_TO":
                found.add(end)
    return found


def _count(store: Store, label: str) -> int:
    return int(str(store.query(statements.count_nodes(NODES[label])).rows[0][0]))


def _text_of(node: Node | None) -> tuple[object, ...]:
    """Returns the properties of a story that events depend on."""
    if node is None:
        return ()
    return tuple(node.properties.get(name) for name in ("title", "excerpt", "published_at", "date_quality", "language"))
