"""The filters that questions share, on a store's columns. ``fragments/filters.cypher`` says what each of them means."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from newsgraph.graph.columnar.arrays import Flags, Texts
from newsgraph.graph.columnar.cells import NONE, microseconds, place_of
from newsgraph.graph.columnar.graph_columns import GraphColumns

#: The filters on stories, in the order in which they are applied.
STORY_FILTERS = ("since", "until", "topics", "outlets", "groups", "languages", "countries", "events", "copies")
#: Those of a text that looks at the outlet and the event of a row, and not at any that its story has.
BOUND = ("since", "until", "topics", "languages", "countries", "copies")


def chosen_stories(columns: GraphColumns, values: Mapping[str, Any], filters: Collection[str] = STORY_FILTERS) -> Flags:
    """Tells for each story whether these filters let it through. ``values`` are those of a text's parameters."""
    kept = np.ones(len(columns.stories), dtype=np.bool_)
    for name in filters:
        value = values[name]
        if value is not None and (name != "copies" or value != "include"):
            kept &= _TESTS[name](columns, value)
    return kept


def chosen_outlets(columns: GraphColumns, values: Mapping[str, Any], filters: Collection[str]) -> Flags:
    """Tells for each outlet, and at last for none, whether the filters ``outlets`` and ``groups`` let it through."""
    outlets = columns.outlets
    kept = np.ones(len(outlets) + 1, dtype=np.bool_)
    if "outlets" in filters and values["outlets"] is not None:
        kept &= np.append(among(outlets.ids, values["outlets"]), False)
    if "groups" in filters and values["groups"] is not None:
        kept &= np.append(outlets.group.among(set(values["groups"]).__contains__), False)
    return kept


def among(ids: Texts, wanted: Collection[str]) -> Flags:
    """Tells for each of the ascending ids whether it is wanted."""
    found = np.zeros(len(ids), dtype=np.bool_)
    for one in wanted:
        if (place := place_of(ids, one)) != NONE:
            found[place] = True
    return found


def _since(columns: GraphColumns, since: Any) -> Flags:
    stories = columns.stories
    return np.asarray(stories.timed & (stories.moment >= microseconds(since)), dtype=np.bool_)


def _until(columns: GraphColumns, until: Any) -> Flags:
    stories = columns.stories
    return np.asarray(stories.timed & (stories.moment < microseconds(until)), dtype=np.bool_)


def _topics(columns: GraphColumns, wanted: Any) -> Flags:
    return columns.about.ends_among(among(columns.topics.ids, wanted), len(columns.stories))


def _outlets(columns: GraphColumns, wanted: Any) -> Flags:
    return columns.published_by.ends_among(among(columns.outlets.ids, wanted), len(columns.stories))


def _groups(columns: GraphColumns, wanted: Any) -> Flags:
    groups = columns.outlets.group.among(set(wanted).__contains__)
    return columns.published_by.ends_among(groups, len(columns.stories))


def _languages(columns: GraphColumns, wanted: Any) -> Flags:
    def is_wanted(tag: str) -> bool:
        return tag.lower() in wanted or tag.split("-", maxsplit=1)[0].lower() in wanted

    return columns.stories.language.among(is_wanted)


def _countries(columns: GraphColumns, wanted: Any) -> Flags:
    is_wanted = set(wanted).__contains__
    own = columns.stories.country
    outlets = columns.published_by.ends_among(columns.outlets.country.among(is_wanted), len(columns.stories))
    return np.asarray(own.among(is_wanted) | ((own.code == NONE) & outlets), dtype=np.bool_)


def _events(columns: GraphColumns, wanted: Any) -> Flags:
    rows = columns.coverage
    found = np.zeros(len(columns.stories), dtype=np.bool_)
    found[rows.story[among(columns.events.ids, wanted)[rows.event]]] = True
    return found


def _copies(columns: GraphColumns, which: Any) -> Flags:
    return columns.is_copy if which == "only" else ~columns.is_copy


_TESTS = {
    "since": _since,
    "until": _until,
    "topics": _topics,
    "outlets": _outlets,
    "groups": _groups,
    "languages": _languages,
    "countries": _countries,
    "events": _events,
    "copies": _copies,
}
