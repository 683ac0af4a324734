"""All stores, and the only way to open them: by URL.

Other packages can add stores by entry points of the group ``newsgraph.stores``. The name is the scheme of the URLs, and
it leads to a module with ``open_store(url, create, readonly)`` (see :class:`StoreModule`).
"""

from __future__ import annotations

import os
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from newsgraph.errors import UsageError
from newsgraph.registry import Registry, check_has

if TYPE_CHECKING:
    from newsgraph.graph.stores.protocol import Store

DEFAULT_URL = "news.kgl"

#: URL scheme -> module with ``open_store(url, create, readonly)``; one line for each store. A path without a scheme is
#: an embedded store.
STORES: dict[str, str] = {
    "": "newsgraph.graph.stores.embedded.opening",
    "networkx": "newsgraph.graph.stores.networkx.store",
    "neo4j": "newsgraph.graph.stores.neo4j.store",
    "neo4j+s": "newsgraph.graph.stores.neo4j.store",
    "neo4j+ssc": "newsgraph.graph.stores.neo4j.store",
    "bolt": "newsgraph.graph.stores.neo4j.store",
    "bolt+s": "newsgraph.graph.stores.neo4j.store",
    "bolt+ssc": "newsgraph.graph.stores.neo4j.store",
}

#: The file that makes a folder a lake (see :mod:`newsgraph.lake`), which is no store but holds the graph of one.
LAKE_FILE = "lake.json"

#: A mistyped address of a server may look like this; a file hardly ever has such a name.
_USER_AND_PASSWORD = re.compile(r"[^:]*+:.+@", re.DOTALL)


class StoreModule(Protocol):
    """The module of a store."""

    def open_store(self, url: str, /, *, create: bool, readonly: bool, force: bool, defer: bool) -> Store:
        """Opens the store at the URL. Raises StoreMissingError when there is none and ``create`` is false, and
        StoreError for one that can't be used. :func:`open_store` explains ``force`` and ``defer``; a store that doesn't
        need them ignores them.
        """
        ...


def _built_in(scheme: str) -> StoreModule:
    return cast("StoreModule", import_module(STORES[scheme]))


def _check(thing: object) -> StoreModule:
    return cast("StoreModule", check_has(thing, "open_store"))


#: All stores of installed packages by scheme, including newsgraph's own.
REGISTRY: Registry[StoreModule] = Registry("store", "newsgraph.stores", dict.fromkeys(STORES, ""), _built_in, _check)


def open_store(
    url: str = DEFAULT_URL, *, create: bool = True, readonly: bool = False, force: bool = False, defer: bool = False
) -> Store:
    """Opens the store at ``url``. If there is none, ``create`` makes it; without ``create``, StoreMissingError is
    raised.

    ``readonly`` promises not to write: an embedded store is then read without taking its writer's lock. ``force``
    allows a server's database in which another application has nodes under newsgraph's labels; files don't need it.
    ``defer`` reads a file only when it is needed, because a user's query is answered by another process; a server is
    first asked when something is read, which is part of a query's time.

    Raises UsageError for an empty address, an unknown scheme and a lake, PluginError if another package's store is
    broken, and StoreError for a store that can't be used.
    """
    scheme = _scheme(url)
    if not url:
        raise UsageError("store", "its address is empty", f"Give a file path, such as {DEFAULT_URL}")
    if "\0" in url:
        raise UsageError("store", "its address has a NUL in it", "Give it without")
    if not scheme and "://" in url:
        # There is a blank in its scheme, for example. The rest may hold a password.
        raise UsageError(f"{url.partition('://')[0]}://...", "is no address of a store", "Write it as neo4j://HOST")
    if not scheme and _USER_AND_PASSWORD.match(url) and not os.path.lexists(url):
        raise UsageError(f"...@{url.rpartition('@')[2]}", "is no address of a store", "Write it as neo4j://HOST")
    if scheme not in STORES and scheme not in REGISTRY.added():
        known = ", ".join(f"{name}:" for name in [*STORES, *REGISTRY.added()] if name)
        shown = url if "@" not in url else f"{scheme}:..."  # it may hold a password
        raise UsageError(shown, f"no store has the scheme {scheme!r}", f"Give a file path or one of {known}")
    if is_lake(url):
        raise UsageError(url, "is a lake, not a store", f"Export it: newsgraph lake export {url} embedded news.kgl")
    return REGISTRY.get(scheme).open_store(url, create=create, readonly=readonly, force=force, defer=defer)


def is_lake(url: str) -> bool:
    """Whether ``url`` is the path of a lake's folder."""
    return not _scheme(url) and os.path.lexists(f"{url}/{LAKE_FILE}")


def file_of(url: str) -> Path | None:
    """Returns the file that holds the store at ``url``; None for a server and for a store in memory alone."""
    scheme = _scheme(url)
    name = url[len(scheme) + 1 :] if scheme else url
    return None if not name or (scheme and name.startswith("//")) else Path(name)


def refuse_own_file(url: str, target: str | os.PathLike[str]) -> None:
    """Raises UsageError if ``target`` is the file that holds the store at ``url``. ``force`` isn't meant for that
    file."""
    held = file_of(url)
    if held is not None and os.path.realpath(held) == os.path.realpath(target):
        raise UsageError(str(target), "is the store itself", "Give another name")


def _scheme(url: str) -> str:
    # A single letter is a Windows drive and not a scheme.
    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):", url)
    return match.group(1).lower() if match else ""
