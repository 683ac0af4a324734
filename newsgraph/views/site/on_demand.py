"""Makes the pages of a site one at a time, when a server is asked for them, by the names of their files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from newsgraph.views.site import entities, front, lists
from newsgraph.views.site.base import Made, Site
from newsgraph.views.site.build import VIEW_PAGES, view_page
from newsgraph.views.site.names import page_file
from newsgraph.views.site.outlets import Shared, shared

_SINGLE: dict[str, Callable[[Site], Made]] = {
    "index.html": front.index_page,
    "about.html": front.about_page,
    "search.html": front.search_page,
}
#: The first page of a list -> what makes all of its parts.
_LISTS: dict[str, Callable[[Site], Iterable[Made]]] = {
    "events": lists.event_lists,
    "outlets": lists.outlet_lists,
    "topics": lists.topic_lists,
}


class PagesOnDemand:
    """Makes the page of a file's name. A name that no page has leads nowhere, whatever it looks like."""

    def __init__(self, site: Site) -> None:
        self._site = site
        corpus = site.corpus
        held = {"event": corpus.events, "outlet": corpus.names, "topic": corpus.topic_names}
        self._entities = {page_file(kind, id): (kind, id) for kind, ids in held.items() for id in ids}
        self._views = {file: module for file, _, module in VIEW_PAGES}
        self._listed: dict[str, dict[str, Made]] = {}

    def page(self, file: str) -> Made | None:
        """Returns the page in that file; None if the site has none. Raises what a view raises that has nothing to
        show."""
        if file in self._entities:
            return self._entity(*self._entities[file])
        if file in _SINGLE:
            return _SINGLE[file](self._site)
        if file in self._views:
            return view_page(self._site, self._views[file], file)
        return self._list(file)

    def id_of(self, file: str) -> str | None:
        """Returns the id of the event, outlet or topic whose page is in that file; None for any other name."""
        found = self._entities.get(file)
        return found[1] if found else None

    def _entity(self, kind: str, id: str) -> Made:
        if kind == "event":
            return entities.event(self._site, id)
        if kind == "outlet":
            return entities.outlet(self._site, self._by_outlet, id)
        return entities.topic(self._site, self._by_topic, id)

    @cached_property
    def _by_outlet(self) -> Shared:
        return shared(self._site.corpus)

    @cached_property
    def _by_topic(self) -> entities.TopicShared:
        return entities.topic_shared(self._site)

    def _list(self, file: str) -> Made | None:
        stem = file.removeprefix("lists/").removesuffix(".html").partition("-")[0]
        if stem not in _LISTS:
            return None
        if stem not in self._listed:
            self._listed[stem] = {made.file: made for made in _LISTS[stem](self._site)}
        return self._listed[stem].get(file)
