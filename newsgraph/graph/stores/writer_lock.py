"""Keeping other writers out of a store for as long as one needs it unchanged, whatever the store."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, runtime_checkable

from newsgraph.graph.stores.protocol import Store


@runtime_checkable
class SharedStore(Protocol):
    """A store that several processes can have open for writing at once."""

    def writer(
        self, *, wait: float = 0.0, waiting: Callable[[str], None] | None = None
    ) -> AbstractContextManager[None]:
        """See :func:`writing`."""
        ...


def writing(
    store: Store, *, wait: float = 0.0, waiting: Callable[[str], None] | None = None
) -> AbstractContextManager[None]:
    """A context in which nobody else writes to the store, so that what was read in it still holds when it is written.

    What reads, merges and writes (a load, a copy) does all three inside. Another process that is writing is waited for
    up to ``wait`` seconds, and ``waiting`` told once who it is; then StoreBusyError. An embedded store has its writer's
    lock from its opening to its end anyway. May be nested.
    """
    if isinstance(store, SharedStore):
        return store.writer(wait=wait, waiting=waiting)
    return nullcontext()
