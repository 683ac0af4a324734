"""What stories and pages say of the nodes that they share, counted, and these nodes: outlets, topics, images, authors
and entities.

The counts are kept in the lake. A build adds what is new to them, takes away what is gone, and makes again only the
nodes of which other things are said than before. ``said`` counts the statements about each node, and ``hosts`` the
names that stories at each host give their outlet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsgraph.graph.batch import Edge
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import PublishedBy
from newsgraph.graph.urls.identity import registered_domain
from newsgraph.lake.engine import Keyed, shelf_of
from newsgraph.lake.tables import COUNTED, Written, parted, rewrite_nodes, write_sorted
from newsgraph.loaders.merging.change import DESCRIBING
from newsgraph.loaders.merging.describing import gather
from newsgraph.loaders.merging.descriptions import weight
from newsgraph.loaders.merging.own_hosts import name_said, own_hosts_told

if TYPE_CHECKING:
    import pyarrow

#: The table of statements, and that of names at hosts; their columns are those of ``COUNTED`` and ``stories``.
SAID, HOSTS = COUNTED
#: The labels of the nodes that stories share.
SHARED = tuple(sorted(set(DESCRIBING.values())))
#: The number of stories for each row of one of the tables.
Counts = dict[tuple[str, str, str], int]
_SHARED, _HOSTS = "shared ", "hosts "


@dataclass(frozen=True, slots=True)
class Standing:
    """The files of one partition or bucket as they were before a build, by the names of their tables."""

    files: Mapping[str, str]


def bucket_key(bucket: str) -> str:
    """The key by which the files of a bucket of shared nodes get to it."""
    return _SHARED + bucket


def hosts_key(bucket: str) -> str:
    """The key by which the file of a bucket of hosts gets to it."""
    return _HOSTS + bucket


def bucket_of_host(host: str, buckets: int) -> int:
    """The bucket of a host: all hosts of a registered domain are in the same."""
    return shelf_of(registered_domain(host) or host, buckets)


def statements(new: Iterable[Edge], gone: Iterable[Edge], buckets: int) -> Iterator[Keyed]:
    """Counts what edges say about the nodes at their ends, by the bucket of each. What ``gone`` edges say is
    subtracted."""
    found: Counts = defaultdict(int)
    for sign, edges in ((1, new), (-1, gone)):
        for edge in edges:
            found[DESCRIBING[edge.type], edge.end, str(edge.properties["said"])] += sign * weight(edge.type)
    yield from _by_bucket(found, _SHARED, lambda row: shelf_of(f"{row[0]} {row[1]}", buckets))


def names_at_hosts(new: Iterable[Edge], gone: Iterable[Edge], buckets: int) -> Iterator[Keyed]:
    """Counts which names stories at a host give which outlet, by the bucket of the host, in the same way."""
    found: Counts = defaultdict(int)
    for sign, edges in ((1, new), (-1, gone)):
        for edge in edges:
            if edge.type == PublishedBy.type and (name := name_said(str(edge.properties["said"]))):
                found[edge.end, edge.start.split("/")[2], name] += sign
    yield from _by_bucket(found, _HOSTS, lambda row: bucket_of_host(row[1], buckets))


def _by_bucket(counts: Counts, prefix: str, bucket_of: Callable[[tuple[str, str, str]], int]) -> Iterator[Keyed]:
    parted: dict[int, Counts] = defaultdict(dict)
    for row, stories in counts.items():
        if stories:
            parted[bucket_of(row)][row] = stories
    for bucket, some in parted.items():
        yield f"{prefix}{bucket}", some


@dataclass(frozen=True, slots=True)
class Describe:
    """Makes the shared nodes of a bucket, or says which of its hosts are papers of their own, where something else is
    said of them than before. It gives :class:`Written` and :class:`OwnHost`."""

    lake: Path
    directory: OutletDirectory

    def __call__(self, key: str, several: list[Any]) -> Iterator[Keyed]:
        if not key.startswith((_SHARED, _HOSTS)):
            yield from ((key, one) for one in several)
            return
        files = next((one.files for one in several if isinstance(one, Standing)), {})
        changes: Counts = defaultdict(int)
        for counts in several:
            if not isinstance(counts, Standing):
                for row, stories in counts.items():
                    changes[row] += stories
        changed = {row: stories for row, stories in changes.items() if stories}
        if not changed:
            return
        if key.startswith(_HOSTS):
            yield from ((key, one) for one in self._hosts(key.removeprefix(_HOSTS), files.get(HOSTS, ""), changed))
        else:
            yield from ((key, one) for one in self._nodes(key.removeprefix(_SHARED), files, changed))

    def _hosts(self, bucket: str, before: str, changed: Counts) -> Iterator[Any]:
        counts = _Counted(self.lake, HOSTS, before, changed)
        yield counts.write(bucket)
        yield from own_hosts_told(self.directory, counts.of_all())

    def _nodes(self, bucket: str, files: Mapping[str, str], changed: Counts) -> Iterator[Written]:
        counts = _Counted(self.lake, SAID, files.get(SAID, ""), changed)
        yield counts.write(bucket)
        said: dict[tuple[str, str], dict[str, int]] = {(label, id): {} for label, id, _ in changed}
        for (label, id, text), stories in counts.of_changed.items():
            if (label, id) in said:
                said[label, id][text] = stories
        ids: dict[str, set[str]] = defaultdict(set)
        for label, id in said:
            ids[label].add(id)
        for label, some in ids.items():
            there = [(id, texts) for id in some if (texts := said[label, id])]
            nodes = [gather(label, id, texts, self.directory) for id, texts in there]
            yield from rewrite_nodes(self.lake, label, bucket, files.get(label, ""), some, nodes)


class _Counted:
    """One of the tables, in one bucket, after a change of its counts."""

    def __init__(self, lake: Path, table: str, before: str, changed: Counts) -> None:
        self._lake, self._table = lake, table
        self._kept: pyarrow.Table | None = None
        #: The counts of the nodes or hosts that the change names.
        self.of_changed: Counts = changed
        if before:
            names = COUNTED[table]
            self._kept, taken = parted(lake, before, {names[1]: {row[1] for row in changed}})
            counts = defaultdict(int, changed)
            for row, stories in _counts_in(table, taken).items():
                counts[row] += stories
            self.of_changed = {row: stories for row, stories in counts.items() if stories}

    def of_all(self) -> Counts:
        """All counts of the bucket."""
        kept = {} if self._kept is None else _counts_in(self._table, self._kept)
        return kept | self.of_changed

    def write(self, bucket: str) -> Written:
        """Writes the table."""
        import pyarrow as pa  # noqa: PLC0415

        columns = zip(*self.of_changed, strict=True) if self.of_changed else ((), (), ())
        arrays = [pa.array(column, pa.string()) for column in columns]
        arrays.append(pa.array(self.of_changed.values(), pa.int64()))
        new = pa.table(dict(zip((*COUNTED[self._table], "stories"), arrays, strict=True)))
        return write_sorted(self._lake, self._table, bucket, new, *([] if self._kept is None else [self._kept]))


def _counts_in(table: str, rows: pyarrow.Table) -> Counts:
    keys = zip(*(rows[name].to_pylist() for name in COUNTED[table]), strict=True)
    return dict(zip(keys, rows["stories"].to_pylist(), strict=True))
