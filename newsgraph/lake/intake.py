"""Reads batches of files into the table Source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsgraph.graph.batch import Node
from newsgraph.lake.engine import Keyed
from newsgraph.lake.manifest import Chunk
from newsgraph.lake.reach import Moved
from newsgraph.lake.tables import parted, rows_of, write_nodes, write_table
from newsgraph.loaders.intake.files import File
from newsgraph.loaders.load_report import LoadReport
from newsgraph.loaders.merging.record_json import json_of
from newsgraph.loaders.records import ArticleRecord, Record
from newsgraph.loaders.source_reading import Known, Settled, SourceReader, known_from


@dataclass(frozen=True, slots=True)
class Batch:
    """Some files to read, and what the lake knows of them."""

    files: tuple[File, ...]
    known: Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class BatchRead:
    """What reading a batch gave: the file that was written, if a source changed; the sources that changed or hold
    nothing any more; and what is to be said."""

    chunk: Chunk | None
    changed: tuple[str, ...]
    report: LoadReport


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """Reads a batch of files and writes the sources that changed."""

    lake: Path
    settled: Settled

    def __call__(self, batch: Batch) -> Iterator[Keyed]:
        report = LoadReport()
        with SourceReader(self.settled, report) as reader:
            found = reader.read(batch.files, batch.known)
        there = {id: given for id, given in found.items() if given is not None}
        nodes = [
            Node("Source", id, {**node.properties, "records": json_of(records)})
            for id, (node, records) in there.items()
        ]
        records = sum(_count(given) for _, given in there.values())
        written = write_nodes(self.lake, "Source", "files", nodes)
        chunk = Chunk(written[0].file, len(nodes), records) if written else None
        yield "", BatchRead(chunk, tuple(found), report)


def _count(records: Sequence[Record]) -> int:
    """Returns how many records there are, including related ones."""
    return sum(1 + len(one.related) if isinstance(one, ArticleRecord) else 1 for one in records)


@dataclass(frozen=True, slots=True)
class Kept:
    """A chunk, the sources of it that are gone or are read anew, and how many are left."""

    chunk: Chunk
    gone: frozenset[str]
    left: int


@dataclass(frozen=True, slots=True)
class KeepSources:
    """Writes a chunk anew without the sources that are gone."""

    lake: Path

    def __call__(self, kept: Kept) -> Iterator[Keyed]:
        if not kept.left:
            yield "", Moved(kept.chunk, None, kept.gone)
            return
        table, _ = parted(self.lake, kept.chunk.file, {"id": kept.gone})
        written = write_table(self.lake, "Source", "files", table)
        # How many records are gone is not counted: the number only says into how many partitions work is divided.
        yield "", Moved(kept.chunk, Chunk(written.file, kept.left, kept.chunk.records), kept.gone)


def known_sources(lake: Path, chunk: Chunk) -> dict[str, Known]:
    """Returns what the lake knows of the sources of a chunk, by their ids."""
    rows = rows_of(lake, chunk.file, ["id", "content_hash", "errors", "stamp", "reader"])
    return {id: known_from(tuple(had), reader) for id, *had, reader in rows}
