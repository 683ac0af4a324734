"""Opens an embedded store: the whole graph, or at first only what its file keeps beside the graph."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from newsgraph.graph.stores.embedded import store_file
from newsgraph.graph.stores.store_files import stamp_of

if TYPE_CHECKING:
    from newsgraph.graph.stores.protocol import Store


def open_store(
    url: str, *, create: bool = True, readonly: bool = False, force: bool = False, defer: bool = False
) -> Store:
    """Opens the store file at the path ``url``; see :func:`newsgraph.graph.stores.registry.open_store`."""
    path = Path(os.path.realpath(url))
    stamp, saved = None, None
    if defer and readonly:
        with suppress(OSError):  # the store itself says what is wrong with its path
            stamp = stamp_of(path) if path.is_file() else None  # taken before the file is read
    if stamp is not None:
        saved = store_file.open_end(path, url)
    if saved is not None:
        from newsgraph.graph.stores.embedded.saved_store import SavedStore  # noqa: PLC0415

        return SavedStore(url, path, saved, stamp)
    from newsgraph.graph.stores.embedded.store import EmbeddedStore  # noqa: PLC0415  # loads the engine

    return EmbeddedStore(url, create=create, readonly=readonly)
