"""Keeps other writers away from any store for as long as it must stay unchanged."""

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
    """Returns a context in which nobody else writes to the store, so that what is read in it stays true until it is
    written.

    A load or a copy reads, merges and writes inside one such context. If another process is writing, it is waited for,
    up to ``wait`` seconds, and ``waiting`` is called once with the name of that process. Then StoreBusyError is raised.
    An embedded store has its writer's lock anyway, from its opening to its closing. Contexts may be nested.
    """
    if isinstance(store, SharedStore):
        return store.writer(wait=wait, waiting=waiting)
    return nullcontext()
