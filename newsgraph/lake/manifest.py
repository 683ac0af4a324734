"""The manifest of a lake: which files it consists of, and what the next build must know of those before it.

It is one small file, ``lake.json``, which is replaced whole when everything that it names has been written. So a reader
sees one state of the lake, and a build that is stopped changes nothing.
"""

from __future__ import annotations

import json
import os
import re
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

try:
    import fcntl
except ImportError:  # a system without it has no lock
    fcntl = None  # type: ignore[assignment]  # the name of a module

from newsgraph.errors import OutputError, StoreBusyError, StoreFormatError, StoreMissingError, StoreVersionError
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.schema import EDGES, NODES
from newsgraph.graph.stores.registry import LAKE_FILE
from newsgraph.lake.tables import COUNTED, Written, checksums
from newsgraph.output.atomic_files import replacing
from newsgraph.output.leftovers import remove_all_leftovers

_LOCK = ".writing"
#: It gets higher when this version of newsgraph could misread the lake of an older one.
VERSION = 1
#: Days of one partition of time, unless the lake's maker says otherwise.
DAYS = 28
#: The age at which files that the manifest doesn't name are removed. Readers of an older one may need others.
_KEPT_SECONDS = 24 * 3600
#: Tables of a lake that are no part of the graph: see docs/scale.md.
INNER = ("groups", "near", "words", *COUNTED)
_TABLES = (*NODES, *EDGES, *INNER)
#: What a lake's folder may hold.
OWN_NAMES = frozenset({LAKE_FILE, _LOCK, *_TABLES})
#: The name of a file within a lake. No name leads out of it.
_OWN_FILE = re.compile(rf"(?:{'|'.join(sorted(_TABLES))})/[\w.-]+\.parquet")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A file of the table Source: its name in the lake, and how many sources and records it holds."""

    file: str
    sources: int
    records: int


@dataclass(frozen=True, slots=True)
class Derived:
    """The events of a partition: the numbers of the first and last partition that they were worked out from, a hash of
    these and of all else that they depend on, and their file (empty: there are none).

    ``begins`` are the first and last second at which one of them begins. That may be after the end of the partition: of
    the events that a group is parted into, only one begins with the group.
    """

    first: int
    last: int
    key: str
    file: str
    begins: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Merged:
    """How the stories of a lake were merged: the number of buckets of shared nodes, a hash of the outlets that there
    are, and the time after which a story was in the future (in ISO format, with its zone)."""

    buckets: int
    outlets: str
    now: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One state of a lake.

    ``days`` is the length of its partitions of time. ``chunks`` are the files with the sources; ``tables`` maps each
    table to its files by partition. ``derived`` holds the events of each partition of sure times, before stories of
    unsure time are added and decisions applied. ``made`` are files of other results. The name of such a file ends in a
    hash of what it was made from, so that what would come out the same isn't worked out again.

    ``merged`` says how the stories were merged: see :class:`Merged`. ``sums`` are the checksums of all files, which
    ``write_manifest`` adds.
    """

    corpus: Corpus = field(default_factory=Corpus)
    days: int = DAYS
    chunks: tuple[Chunk, ...] = ()
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    made: tuple[str, ...] = ()
    merged: Merged | None = None
    sums: Mapping[str, str] = field(default_factory=dict)

    @property
    def part_seconds(self) -> int:
        """The length of a partition of time."""
        return self.days * 86_400

    def files(self, table: str) -> dict[str, str]:
        """The files of a table, by partition."""
        if table == "Source":
            return {str(number): chunk.file for number, chunk in enumerate(self.chunks)}
        return dict(self.tables.get(table, {}))

    def of_part(self, tables: Iterable[str], part: str) -> dict[str, str]:
        """The files of one partition in some tables, by table."""
        return {name: file for name in tables if (file := self.tables.get(name, {}).get(part))}

    def with_tables(self, names: Iterable[str], written: Iterable[Written]) -> Manifest:
        """The same state with other files: the tables ``names`` have only those, other tables also the files that they
        have of other partitions. A file with an empty name is that of a partition without rows."""
        tables: dict[str, dict[str, str]] = {name: dict(files) for name, files in self.tables.items()}
        tables.update({name: {} for name in names})
        for one in written:
            tables.setdefault(one.table, {})[one.part] = one.file
        there = {name: {part: file for part, file in sorted(files.items()) if file} for name, files in tables.items()}
        return replace(self, tables=dict(sorted(there.items())))

    def named(self) -> set[str]:
        """All files that this state consists of."""
        found = {chunk.file for chunk in self.chunks}
        found.update(file for files in self.tables.values() for file in files.values())
        found.update(one.file for one in self.derived.values())
        return found | set(self.made)

    def to_json(self) -> str:
        """Returns it as JSON."""
        whole = asdict(self) | {"version": VERSION}
        return _dumped(whole | {"sum": _sum(whole)})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What ``to_json`` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        whole: dict[str, Any] = json.loads(text)
        kept = whole.pop("sum", None)  # earlier versions wrote none
        if kept is not None and kept != _sum(whole):
            raise ValueError("its checksum isn't that of what it holds")
        corpus = whole["corpus"]
        for name in ("collecting", "versioned", "own_hosts"):
            corpus[name] = tuple(corpus.get(name, ()))
        chunks = tuple(Chunk(**one) for one in whole["chunks"])
        derived = {part: Derived(**{**one, "begins": tuple(one["begins"])}) for part, one in whole["derived"].items()}
        merged = Merged(**whole["merged"]) if whole.get("merged") else None  # earlier versions merged all anew
        made, sums = tuple(whole["made"]), whole.get("sums", {})
        found = cls(Corpus(**corpus), whole["days"], chunks, whole["tables"], derived, made, merged, sums)
        strange = [file for file in found.named() if file and not _OWN_FILE.fullmatch(file)]
        if strange:
            raise ValueError(f"{strange[0]!r} is no file of a lake")
        return found


def _dumped(whole: Mapping[str, Any]) -> str:
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True)


def _sum(whole: Mapping[str, Any]) -> str:
    return f"{zlib.crc32(_dumped(whole).encode('utf-8', 'surrogatepass')):08x}"


def read_manifest(folder: Path) -> Manifest:
    """Returns the state of a lake. Raises StoreMissingError, StoreVersionError and StoreFormatError."""
    place = folder / LAKE_FILE
    try:
        text = place.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise StoreMissingError(str(folder), "is no lake", "Make one: newsgraph lake build FOLDER LAKE") from None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreFormatError(str(place), f"can't be read ({error})", "Build the lake anew") from error
    try:
        found = json.loads(text)["version"]
        if found > VERSION:
            raise StoreVersionError(str(folder), f"is a lake of version {found}", "Update newsgraph")
        return Manifest.from_json(text)
    except (ValueError, KeyError, TypeError) as error:
        raise StoreFormatError(str(place), f"is no manifest of a lake ({error})", "Build the lake anew") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Makes this the state of the lake, and removes files that no state of the last day names. Raises OutputError."""
    named = manifest.named() - {""}
    try:
        manifest = replace(manifest, sums=checksums(folder, named, manifest.sums))
        with replacing(folder / LAKE_FILE) as out:
            out.write(manifest.to_json().encode())
    except OSError as error:
        raise OutputError(
            str(folder), f"can't be written: {error.strerror or error}", "The lake is as it was"
        ) from error
    since = time.time() - _KEPT_SECONDS
    for table in _TABLES:
        with suppress(OSError):
            for entry in os.scandir(folder / table):
                file = f"{table}/{entry.name}"
                if file not in named and _OWN_FILE.fullmatch(file) and entry.stat().st_mtime < since:
                    Path(entry.path).unlink()


@contextmanager
def writing_lake(folder: Path) -> Iterator[None]:
    """Keeps other writers away from a lake. Raises StoreBusyError if there is one, and OutputError."""
    place = folder / _LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in sorted(OWN_NAMES):
            if (folder / name).is_symlink():
                # Files would be written, and removed, wherever it leads.
                raise OutputError(str(folder / name), "is a link, which no lake has", "Give another name")
        stream = place.open("ab")
    except OSError as error:
        raise OutputError(str(folder), f"can't be written: {error.strerror or error}", "Give another name") from error
    with stream:
        if fcntl is not None:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise StoreBusyError(str(folder), "another process is writing to it", "Wait for it") from None
        for place in (folder, *(folder / table for table in _TABLES)):
            remove_all_leftovers(place)
        yield
