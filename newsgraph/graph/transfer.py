"""Copies the whole graph from one store to another, and compares two stores. Both read the stores in sorted order,
piece by piece."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from newsgraph.errors import TargetExistsError
from newsgraph.graph import schema_cypher
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES, Corpus, Value
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.writer_lock import writing

#: When a file was read, its stamp and its folder, which differ between two loads of the same files.
NOT_COMPARED = frozenset({"loaded_at", "stamp", "folders"})
#: What a copy doesn't take along: the paths of the folders on this machine.
_FOLDERS = "folders"
#: The number of nodes or edges in one batch.
ROWS = 5_000

_Item = TypeVar("_Item", Node, Edge)
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One node or edge that differs between two stores, A and B.

    ``type`` is a label or an edge type. ``ids`` has the id of the node, or those of the edge's two ends. ``properties``
    maps the name of each property that differs to its values in A and in B (None: absent). It is empty when ``in_a`` or
    ``in_b`` is false.
    """

    type: str
    ids: tuple[str, ...]
    in_a: bool
    in_b: bool
    properties: Mapping[str, tuple[Value | None, Value | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did: the number of nodes and edges that are now in the target, that were written, and that were
    removed."""

    nodes: int
    edges: int
    written: int
    removed: int


def differences(a: Store, b: Store, progress: Progress | None = None) -> Iterator[Difference]:
    """Yields every node and edge that differs between two stores, in the order of the schema and of ids.

    The memory needed doesn't grow with the stores. ``loaded_at``, ``stamp`` and the folders' paths are not compared.
    Raises StoreError as the stores do.
    """
    counted = _Progress(progress, a, b)
    for declared in NODE_TYPES:
        for one, other in _side_by_side(a.nodes(declared.label), b.nodes(declared.label), _node_key):
            yield from _difference(declared.label, one, other, _node_key)
            counted.step()
    for edge_type in EDGE_TYPES:
        for start, end in _side_by_side(a.edges(edge_type.type), b.edges(edge_type.type), _edge_key):
            yield from _difference(edge_type.type, start, end, _edge_key)
            counted.step()
    counted.end()


def copy(
    source: Store, target: Store, *, force: bool = False, whole: bool = False, progress: Progress | None = None
) -> Copied:
    """Makes the target hold exactly the source's graph, and saves it.

    Only what differs is written, so a copy can be repeated, also after an interruption. What only the target holds is
    removed if ``force`` is given; otherwise TargetExistsError is raised before anything is written. The paths of the
    folders that were loaded are not copied, unless ``whole`` is given.
    """
    with writing(target):
        if not force:
            _refuse_extras(source, target)
        transfer = _Transfer(target, _Progress(progress, source))
        for declared in NODE_TYPES:
            label = declared.label
            nodes = source.nodes(label) if whole else map(_without_folders, source.nodes(label))
            transfer.nodes(_side_by_side(nodes, target.nodes(label), _node_key))
        for edge_type in EDGE_TYPES:
            name = edge_type.type
            transfer.edges(_side_by_side(source.edges(name), target.edges(name), _edge_key))
        target.save()
        return transfer.done()


def _without_folders(node: Node) -> Node:
    if node.label != Corpus.label or _FOLDERS not in node.properties:
        return node
    return Node(node.label, node.id, {name: value for name, value in node.properties.items() if name != _FOLDERS})


def _refuse_extras(source: Store, target: Store) -> None:
    extras: Counter[str] = Counter()
    for declared in NODE_TYPES:
        for _, other in _only_in_b(source.nodes(declared.label), target.nodes(declared.label), _node_key):
            extras[other.label] += 1
    for edge_type in EDGE_TYPES:
        for _, extra in _only_in_b(source.edges(edge_type.type), target.edges(edge_type.type), _edge_key):
            extras[extra.type] += 1
    if extras:
        what = ", ".join(f"{count:,} {name}" for name, count in extras.items())
        raise TargetExistsError(
            target.url,
            f"it holds what {source.url} doesn't: {what}",
            "Pass force=True to remove that, or give another store",
        )


class _Progress:
    """Counts the nodes and edges done, against the number in the stores, and reports them if somebody asked for
    that."""

    def __init__(self, told: Progress | None, *stores: Store) -> None:
        self._told = told
        self._done = 0
        self._total = max(_size(store) for store in stores) if told else None

    def step(self) -> None:
        self._done += 1
        if self._told is not None and self._done % 1_000 == 0:
            self._told(self._done, self._total)

    def end(self) -> None:
        if self._told is not None:
            self._told(self._done, self._total)


class _Transfer:
    """Gathers differences into batches and writes them."""

    def __init__(self, target: Store, progress: _Progress) -> None:
        self._target = target
        self._progress = progress
        self._nodes = self._edges = self._written = self._removed = 0

    def nodes(self, pairs: Iterator[tuple[Node | None, Node | None]]) -> None:
        new: list[Node] = []
        gone: list[tuple[str, str]] = []
        for one, other in pairs:
            if one is None:
                assert other is not None
                gone.append((other.label, other.id))
                continue
            self._nodes += 1
            if other is None or one.properties != other.properties:
                new.append(one)
            if len(new) + len(gone) >= ROWS:
                self._write(Batch(nodes=new, gone_nodes=gone))
                new, gone = [], []
            self._progress.step()
        self._write(Batch(nodes=new, gone_nodes=gone))

    def edges(self, pairs: Iterator[tuple[Edge | None, Edge | None]]) -> None:
        new: list[Edge] = []
        gone: list[tuple[str, str, str]] = []
        for one, other in pairs:
            if one is None:
                assert other is not None
                gone.append((other.type, other.start, other.end))
                continue
            self._edges += 1
            if other is None or one.properties != other.properties:
                new.append(one)
            if len(new) + len(gone) >= ROWS:
                self._write(Batch(edges=new, gone_edges=gone))
                new, gone = [], []
            self._progress.step()
        self._write(Batch(edges=new, gone_edges=gone))

    def done(self) -> Copied:
        self._progress.end()
        return Copied(self._nodes, self._edges, self._written, self._removed)

    def _write(self, batch: Batch) -> None:
        if batch:
            self._target.write(batch)
            self._written += len(batch.nodes) + len(batch.edges)
            self._removed += len(batch.gone_nodes) + len(batch.gone_edges)


def _node_key(node: Node) -> tuple[str, ...]:
    return (node.id,)


def _edge_key(edge: Edge) -> tuple[str, ...]:
    return (edge.start, edge.end)


def _side_by_side(
    a: Iterable[_Item], b: Iterable[_Item], key: Callable[[_Item], tuple[str, ...]]
) -> Iterator[tuple[_Item | None, _Item | None]]:
    # Both are sorted by the key. Entries with the same key are yielded as a pair, all others alone.
    left, right = iter(a), iter(b)
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and key(one) < key(other)):
            yield one, None
            one = next(left, None)
        elif one is None or key(other) < key(one):
            yield None, other
            other = next(right, None)
        else:
            yield one, other
            one, other = next(left, None), next(right, None)


def _only_in_b(
    a: Iterable[_Item], b: Iterable[_Item], key: Callable[[_Item], tuple[str, ...]]
) -> Iterator[tuple[None, _Item]]:
    rest = iter(b)
    first = next(rest, None)
    if first is None:
        return  # nothing is there, as before a first copy, so the other side needn't be read
    for one, other in _side_by_side(a, _again(first, rest), key):
        if one is None and other is not None:
            yield None, other


def _again(first: _Item, rest: Iterator[_Item]) -> Iterator[_Item]:
    yield first
    yield from rest


def _difference(
    name: str, one: _Item | None, other: _Item | None, key: Callable[[_Item], tuple[str, ...]]
) -> Iterator[Difference]:
    if one is None or other is None:
        present = one if one is not None else other
        assert present is not None
        yield Difference(name, key(present), one is not None, other is not None)
        return
    if one.properties == other.properties:
        return
    names = sorted((one.properties.keys() | other.properties.keys()) - NOT_COMPARED)
    differing = {
        each: (one.properties.get(each), other.properties.get(each))
        for each in names
        if one.properties.get(each) != other.properties.get(each)
    }
    if differing:
        yield Difference(name, key(one), True, True, differing)


def _size(store: Store) -> int:
    texts = [schema_cypher.count_nodes(declared) for declared in NODE_TYPES]
    texts += [schema_cypher.count_edges(declared) for declared in EDGE_TYPES]
    counts = [store.query(text).rows[0][0] for text in texts]
    return sum(count for count in counts if isinstance(count, int))
