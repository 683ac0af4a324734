"""The store as it is now. It is opened again when its file changes; what was made from it is kept until then."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from newsgraph.graph.corpus import Corpus
from newsgraph.graph.gc_pause import collector_paused
from newsgraph.graph.schema import Event, Outlet, Topic
from newsgraph.graph.stores.protocol import Rows, Store
from newsgraph.graph.stores.registry import file_of, open_store
from newsgraph.graph.stores.store_files import stamp_of
from newsgraph.queries.ask import check_loaded
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.asking.unknown_names import with_notes
from newsgraph.views.document import shown
from newsgraph.views.links import Links
from newsgraph.views.site.base import OWN_LISTS, Made, Site, SiteOptions, links_of, site_title
from newsgraph.views.site.build import VIEW_PAGES
from newsgraph.views.site.corpus import RememberingStore
from newsgraph.views.site.names import page_file
from newsgraph.views.site.on_demand import PagesOnDemand

#: The number of bytes of finished pages that are kept.
MOST_KEPT = 64_000_000
#: The seconds between two checks of a store that has no file.
LOOK_EVERY = 2.0
#: The number of names of outlets and topics that a form suggests while one types.
MOST_OFFERED = 2_000

_LABELS = {"event": Event.label, "outlet": Outlet.label, "topic": Topic.label}


class Edition:
    """What a store holds at one time, and the pages that were made from it. It must be used in one thread."""

    def __init__(self, store: Store, options: SiteOptions, more: Sequence[tuple[str, str]]) -> None:
        self.store = store
        self._options = options
        self._kept: OrderedDict[str, Made] = OrderedDict()
        self._size = 0
        name = shown(", ".join(sorted(Corpus.of(store).folders)), 120)
        self.title = site_title(options.title, name)
        self.nav = [*OWN_LISTS, *((file, name) for file, name, _ in VIEW_PAGES), ("search.html", "Search"), *more]

    @cached_property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """For events, outlets and topics: id -> name."""
        found: dict[str, dict[str, str]] = {}
        for kind, label in _LABELS.items():
            named = found[kind] = {}
            columns = ["title", "label"] if kind == "event" else ["name"]
            for part in self.store.node_columns(label, columns):
                for id, *texts in zip(part.ids[0], *part.values, strict=True):
                    given = [str(text) for text in texts if text]
                    named[id] = shown(given[-1] if given else id, 120)
        return found

    def event_in(self, name: str) -> str | None:
        """Returns the id of the event whose page has that name in its folder; None for any other name."""
        return self._events.get(name)

    @cached_property
    def _events(self) -> Mapping[str, str]:
        return {page_file("event", id).partition("/")[2]: id for id in self.names["event"]}

    def links(self, file: str, here: str = "") -> Links:
        """Returns the links of a page that isn't part of a site on disk."""
        return links_of(file, here or file, options=self._options, title=self.title, nav=self.nav, held=self.names)

    @cached_property
    def pages(self) -> PagesOnDemand:
        """The pages of the site. The corpus is read once, when the first of them is asked for."""
        with collector_paused():
            site = Site(cast("Store", RememberingStore(self.store)), self._options)
            site.nav = list(self.nav)
            return PagesOnDemand(site)

    def page(self, file: str) -> Made | None:
        """Returns the page in that file, made now or kept; None if there is none."""
        made = self._kept.pop(file, None)
        if made is None:
            check_loaded(self.store)
            made = self.pages.page(file)
            if made is None:
                return None
            self._size += len(made.html)
        self._kept[file] = made
        while self._size > MOST_KEPT and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self._size -= len(old.html)
        return made


class LiveStore:
    """A store that is open for reading, and is opened again when it has changed. It must be used in one thread."""

    def __init__(self, url: str, *, defer: bool = False) -> None:
        self.url = url
        self._defer = defer
        self._file = file_of(url)
        self._store: Store | None = None
        self._stamp: object = None
        self._looked = 0.0

    def now(self) -> tuple[Store, bool]:
        """Returns the store, and whether it is another one than last time. Raises StoreError if it can't be used."""
        if self._file is not None:
            return self._of_file(self._file)
        if self._store is None:
            self._store = self._open()
        elif time.monotonic() - self._looked < LOOK_EVERY:
            return self._store, False
        self._looked = time.monotonic()
        stamp = tuple(self._store.query(packaged("server_state", "newsgraph.serve")).rows)
        changed, self._stamp = stamp != self._stamp, stamp
        return self._store, changed

    def _of_file(self, file: Path) -> tuple[Store, bool]:
        stamp = stamp_of(file)  # before it is read, so that a change meanwhile shows
        if self._store is not None and stamp == self._stamp:
            return self._store, False
        self.close()
        self._store, self._stamp = self._open(), stamp
        return self._store, True

    def _open(self) -> Store:
        return open_store(self.url, create=False, readonly=True, defer=self._defer)

    def close(self) -> None:
        """Closes it. It may be called twice."""
        store, self._store = self._store, None
        if store is not None:
            store.close()


class Editions:
    """Returns the present edition of a store. It must be used in one thread."""

    def __init__(self, store: LiveStore, options: SiteOptions, more: Iterable[tuple[str, str]] = ()) -> None:
        self._live = store
        self._options = replace(options, live=True)
        self._more = list(more)
        self._edition: Edition | None = None

    def now(self) -> Edition:
        """Returns the edition of the store as it is now. Raises StoreError if it can't be used."""
        store, changed = self._live.now()
        if self._edition is None or changed:
            self._edition = None  # the old one's memory is free before the new one is made
            self._edition = Edition(store, self._options, self._more)
        return self._edition

    def close(self) -> None:
        """Closes the store."""
        self._edition = None
        self._live.close()


class QueryDesk:
    """Answers the queries of the person at the browser, each within the limits. It must be used in one thread."""

    def __init__(self, url: str, *, timeout: float, memory: str | None) -> None:
        self._live = LiveStore(url, defer=True)
        self._timeout = timeout
        self._memory = memory

    def query(self, text: str, parameters: Mapping[str, Any], limit: int) -> Rows:
        """Returns the rows of a text that only reads, with notes about its unknown names. Raises what
        :meth:`Store.user_query` raises."""
        store, _ = self._live.now()
        rows = store.user_query(text, parameters, timeout=self._timeout, memory=self._memory, limit=limit)
        return with_notes(rows, text)

    def close(self) -> None:
        """Ends the process that answers."""
        self._live.close()


#: What makes a page of an edition.
PageMaker = Callable[[Edition], Made]
