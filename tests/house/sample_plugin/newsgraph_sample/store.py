"""The store in memory, under another scheme, with a story in it from the start."""

from __future__ import annotations

from newsgraph.graph.batch import Batch, Node
from newsgraph.graph.stores.networkx.store import NetworkxStore


def open_store(
    url: str, *, create: bool = True, readonly: bool = False, force: bool = False, defer: bool = False
) -> NetworkxStore:
    """Opens ``sample:``."""
    del create, readonly
    store = NetworkxStore("networkx:", create=True, readonly=False)
    store.write(Batch([Node("Story", "https://sample.example/1", {"title": "Sample", "date_quality": "missing"})]))
    return store
