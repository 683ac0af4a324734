"""The filters of exports and pages, as a person gives them: names and texts are turned into ids and times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.subgraph import Filters
from newsgraph.output.times import moment
from newsgraph.queries.asking.names import (
    resolve_country,
    resolve_event,
    resolve_language,
    resolve_outlet,
    resolve_topic,
)
from newsgraph.queries.asking.outlet_columns import resolve_where


def part_filters(
    store: Store,
    *,
    event: str | None = None,
    topic: str | None = None,
    outlet: str | None = None,
    language: str | None = None,
    country: str | None = None,
    since: datetime | str | None = None,
    until: datetime | str | None = None,
    where: str | Iterable[str] = (),
    labels: Iterable[str] = (),
    edges: Iterable[str] = (),
) -> Filters:
    """Returns the filters with an id for every name, found as a question finds it, and with every time in UTC.

    ``event`` is an id, the web address of a story, or words. ``topic`` and ``outlet`` are ids or names, ``language`` is
    a tag, ``country`` a code or a name. ``where`` are conditions on columns of the outlets file, such as
    ``country=DE``. Raises UnknownNameError and AmbiguousNameError for names, and UsageError for a text that isn't a
    time.
    """
    return Filters(
        event=None if event is None else resolve_event(store, event),
        topic=None if topic is None else resolve_topic(store, topic),
        outlet=None if outlet is None else resolve_outlet(store, outlet),
        language=None if language is None else resolve_language(store, language),
        country=None if country is None else resolve_country(store, country),
        since=None if since is None else moment(since, "since"),
        until=None if until is None else moment(until, "until"),
        where=tuple(str(resolve_where(store, one)) for one in ((where,) if isinstance(where, str) else where)),
        labels=tuple(labels),
        edges=tuple(edges),
    )
