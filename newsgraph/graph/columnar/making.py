"""Makes the parts of :class:`~newsgraph.graph.columnar.graph_columns.GraphColumns` from what a store reads.

A store gives columns of nodes and edges as Python lists, in any order. Ids become places here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import numpy as np

from newsgraph.graph.columnar.arrays import NO_TIME, NONE, Array, Texts, coded, microseconds
from newsgraph.graph.columnar.graph_columns import Part, joined, places_or_none
from newsgraph.graph.schema import (
    EDGES,
    CopyOf,
    Covers,
    Event,
    Image,
    Outlet,
    PublishedBy,
    Story,
    Topic,
)


class UnfitError(ValueError):
    """A value that no array can hold as it is, such as a number where a text is declared. Then there are no columns."""


class Scans(Protocol):
    """What a store reads for this."""

    def nodes(self, label: str, names: Sequence[str]) -> list[list[Any]]:
        """Returns the ids of all nodes of a label, and the values of some properties, each as a column."""
        ...

    def edges(self, type: str, names: Sequence[str], of_end: Sequence[str] = ()) -> list[list[Any]]:
        """Returns the starts and ends of all edges of a type, and the values of some properties of theirs, and of the
        nodes at their ends, each as a column."""
        ...


class Maker:
    """Makes parts by their names. It keeps the places of nodes, and what several parts need."""

    def __init__(self, scans: Scans) -> None:
        self._scans = scans
        self._places: dict[str, dict[str, int]] = {}
        self._parts: dict[str, Part] = {}

    def part(self, name: str) -> Part:
        """Returns the part of that name. Raises UnfitError."""
        if name not in self._parts:
            made = {
                "stories": self._stories,
                "outlets": self._outlets,
                "topics": lambda: self._named(Topic.label, "name"),
                "images": lambda: self._named(Image.label, None),
                "events": lambda: self._named(Event.label, "title"),
                "originals": self._originals,
                "coverage": self._coverage,
                CopyOf.type: self._copies,
            }.get(name, lambda: self._edges(name))
            self._parts[name] = made()
        return self._parts[name]

    def _stories(self) -> Part:
        ids, times, *texts = self._scans.nodes(
            Story.label, ["published_at", "date_quality", "language", "country", "agency"]
        )
        order = self._ordered(Story.label, ids)
        moments = np.fromiter(map(_moment, times), dtype=np.int64, count=len(times))
        part: dict[str, Array] = {"moment": moments[order]}
        for name, column in zip(("quality", "language", "country", "agency"), texts, strict=True):
            part |= _coded(name, column, order)
        return part

    def _outlets(self) -> Part:
        ids, names, countries, groups = self._scans.nodes(Outlet.label, ["name", "country", "group"])
        order = self._ordered(Outlet.label, ids)
        part = _texts("id", ids, order) | _texts("name", names, order)
        return part | _coded("country", countries, order) | _coded("group", groups, order)

    def _named(self, label: str, name: str | None) -> Part:
        ids, *names = self._scans.nodes(label, [name] if name else [])
        order = self._ordered(label, ids)
        return _texts("id", ids, order) | (_texts("name", names[0], order) if name else {})

    def _originals(self) -> Part:
        _, ends, urls, titles = self._scans.edges(CopyOf.type, [], ["url", "title"])
        places, row_of = self._of(Story.label), dict(zip(ends, range(len(ends)), strict=True))
        chosen = [row_of[id] for id in sorted(row_of)]
        part: dict[str, Array] = {"place": np.array([places[ends[row]] for row in chosen], dtype=np.int32)}
        for name, column in (("id", ends), ("url", urls), ("title", titles)):
            part |= _texts(name, column, chosen)
        return part

    def _coverage(self) -> Part:
        starts, ends, fits, weak = self._scans.edges(Covers.type, ["score", "weak_fit"])
        story, event = self._coded_ends(Covers.type, starts, ends)
        outlets = self.part(PublishedBy.type)
        stories, moments = len(self._of(Story.label)), self.part("stories")["moment"]
        left, right = joined(story, outlets["start"], stories)
        left, right = places_or_none(left, right, len(story))
        outlet = np.append(outlets["end"], NONE)[right]
        story, event = story[left], event[left]
        # Whole seconds, so that of the stories of one second the one of the smaller id comes first.
        moment = moments[story]
        second = np.where(moment == NO_TIME, np.iinfo(np.int64).max, moment // 1_000_000)
        order = np.lexsort((story, second, outlet, event))
        fit = np.fromiter(map(_real, fits), dtype=np.float64, count=len(fits))[left]
        poor = np.fromiter(map(_flag, weak), dtype=np.bool_, count=len(weak))[left]
        return {
            "event": event[order].astype(np.int32),
            "outlet": outlet[order].astype(np.int32),
            "story": story[order].astype(np.int32),
            "fit": fit[order],
            "weak": poor[order],
        }

    def _copies(self) -> Part:
        starts, ends, similarities = self._scans.edges(CopyOf.type, ["similarity"])
        start, end = self._coded_ends(CopyOf.type, starts, ends)
        order = np.lexsort((end, start))
        alike = np.fromiter(map(_real, similarities), dtype=np.float64, count=len(similarities))
        return {"start": start[order], "end": end[order], "similarity": alike[order]}

    def _edges(self, type: str) -> Part:
        start, end = self._coded_ends(type, *self._scans.edges(type, []))
        order = np.lexsort((end, start))
        return {"start": start[order], "end": end[order]}

    def _coded_ends(self, type: str, starts: Sequence[str], ends: Sequence[str]) -> tuple[Array, Array]:
        declared = EDGES[type]
        return _places(self._of(declared.start), starts), _places(self._of(declared.end), ends)

    def _of(self, label: str) -> Mapping[str, int]:
        """Returns the place of each node of the label by its id."""
        if label not in self._places:
            self.part(_PART_OF[label])
        return self._places[label]

    def _ordered(self, label: str, ids: list[Any]) -> list[int]:
        """Returns the rows in the order of their ids, and keeps the places."""
        _all_texts(ids)
        order = sorted(range(len(ids)), key=ids.__getitem__)
        self._places[label] = {ids[row]: place for place, row in enumerate(order)}
        if len(self._places[label]) < len(ids):
            raise UnfitError(f"two {label} of one id")
        return order


_PART_OF = {
    Story.label: "stories",
    Outlet.label: "outlets",
    Topic.label: "topics",
    Image.label: "images",
    Event.label: "events",
}


def _places(of: Mapping[str, int], ids: Sequence[str]) -> Array:
    return np.fromiter(map(of.__getitem__, ids), dtype=np.int32, count=len(ids))


def _texts(name: str, column: Sequence[str | None], order: Sequence[int]) -> dict[str, Array]:
    _all_texts(column)
    packed = Texts.of([column[row] for row in order])
    part = {f"{name}.letters": packed.letters, f"{name}.ends": packed.ends}
    return part if packed.known is None else {**part, f"{name}.known": packed.known}


def _coded(name: str, column: Sequence[str | None], order: Sequence[int]) -> dict[str, Array]:
    _all_texts(column)
    names, code = coded(column)
    kind = np.int8 if len(names) < 128 else np.int32
    return {f"{name}.code": code[order].astype(kind), **_texts(name, names, range(len(names)))}


def _all_texts(column: Sequence[Any]) -> None:
    if not {str, type(None)}.issuperset(map(type, column)):
        raise UnfitError("no text")


def _moment(time: Any) -> int:
    if time is not None and (type(time) is not datetime or time.tzinfo is None):
        raise UnfitError("no time")
    return microseconds(time)


def _real(value: Any) -> float:
    if value is None:
        return np.nan
    if not isinstance(value, int | float) or math.isnan(value):
        raise UnfitError("no number")
    return float(value)


def _flag(value: Any) -> bool:
    if value is None:
        return False
    if type(value) is not bool:
        raise UnfitError("no truth value")
    return value
