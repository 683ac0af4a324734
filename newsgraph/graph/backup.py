"""Checks that a store is complete and undamaged, makes backups of it and restores them.

A backup is a store file. For a store in a file it has the same bytes; for a server it is an embedded store. Both are
verified when they are written and before they are restored.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newsgraph.errors import StoreFormatError, StoreMissingError, StoreVersionError, TargetExistsError
from newsgraph.graph.batch import Edge
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import file_of, open_store, refuse_own_file
from newsgraph.graph.stores.store_files import replacement
from newsgraph.graph.transfer import copy
from newsgraph.output.atomic_files import check_file
from newsgraph.output.leftovers import remove_leftovers, scratch_folder


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check counted: nodes by label and edges by type."""

    store: str
    nodes: Mapping[str, int]
    edges: Mapping[str, int]


def check(store: Store) -> Checked:
    """Reads everything that a store holds and compares it with the schema: types of properties, ids, the ends of edges.

    What a file keeps beside the graph is verified, too. The graph's own checksum was compared when the store was
    opened. Raises StoreFormatError for the first thing that is wrong.
    """
    _verify_records(store)
    nodes: dict[str, int] = {}
    ids: dict[str, set[str]] = {}
    for declared in NODE_TYPES:
        seen = ids[declared.label] = set()
        for node in store.nodes(declared.label):
            if node.id in seen:
                raise StoreFormatError(f"{declared.label} {node.id}", "there are two nodes of that id", "Remove one")
            seen.add(node.id)
        nodes[declared.label] = len(seen)
    edges: dict[str, int] = {}
    for edge_type in EDGE_TYPES:
        edges[edge_type.type] = 0
        before: Edge | None = None
        for edge in store.edges(edge_type.type):
            if edge.start not in ids[edge_type.start] or edge.end not in ids[edge_type.end]:
                raise StoreFormatError(
                    f"{edge.type} from {edge.start} to {edge.end}", "one of its ends isn't there", "Remove it"
                )
            if before is not None and (before.start, before.end) == (edge.start, edge.end):
                raise StoreFormatError(
                    f"{edge.type} from {edge.start} to {edge.end}", "it is there twice", "Remove one"
                )
            before = edge
            edges[edge_type.type] += 1
    return Checked(store.url, nodes, edges)


def back_up(url: str, target: Path, *, force: bool = False) -> Checked:
    """Writes everything that the store at ``url`` holds to the file ``target``, and then verifies that file.

    For a store in a file, ``target`` gets the same bytes; for a server it becomes an embedded store. Raises
    TargetExistsError if ``target`` exists, unless ``force`` is given, and what :func:`check_file` raises.
    """
    refuse_own_file(url, target)
    check_file(target, force=force)
    target = Path(os.path.realpath(target))
    source = file_of(url)
    if source is None:
        remove_leftovers(target)
        with open_store(url, create=False, readonly=True) as store, scratch_folder(target) as folder:
            made = folder / "backup.kgl"
            with open_store(str(made)) as kept:
                copy(store, kept, whole=True)
            _copy(made, target, str(target))
    else:
        with open_store(url, create=False, readonly=True) as store:
            _verify_records(store)  # now all of it is known to be undamaged
        _copy(source, target, str(target))
    with open_store(_address(url, target), create=False, readonly=True) as kept:
        return check(kept)


def restore(backup: Path, url: str, *, force: bool = False) -> Checked:
    """Replaces what the store at ``url`` holds by a backup.

    Raises StoreMissingError if there is no backup, StoreFormatError if it is damaged, and TargetExistsError if the
    store holds something, unless ``force`` is given.
    """
    refuse_own_file(url, backup)
    if not backup.exists():
        raise StoreMissingError(str(backup), "there is no such file", "Give the file that newsgraph backup wrote")
    with open_store(_address(url, backup), create=False, readonly=True) as kept:
        checked = check(kept)
        target = file_of(url)
        if target is None:
            with open_store(url) as store:
                copy(kept, store, force=force, whole=True)
            return checked
        target = Path(os.path.realpath(target))
        if target.exists() and not force:
            raise TargetExistsError(url, "there is a store already", "Pass force=True to replace it")
        with _only_writer(url):
            _copy(backup, target, url)
        return checked


def _verify_records(store: Store) -> None:
    records = store.records()
    if records is not None:
        records.verify()


def _copy(source: Path, target: Path, url: str) -> None:
    with source.open("rb") as read, replacement(target, url) as written:
        shutil.copyfileobj(read, written, 1 << 20)


@contextmanager
def _only_writer(url: str) -> Iterator[None]:
    """Keeps others from writing to a store in a file, which may be missing or damaged. Raises StoreBusyError."""
    try:
        store = open_store(url, create=False)
    except (StoreMissingError, StoreFormatError, StoreVersionError):
        yield  # it is missing or damaged, so nobody can have it open
        return
    try:
        yield
    finally:
        store.close()


def _address(url: str, file: Path) -> str:
    """Returns the address of a file as a store of the same kind as ``url``; a server's backup is an embedded store."""
    held = file_of(url)
    return str(file) if held is None else f"{url[: len(url) - len(str(held))]}{file}"
