"""Makes the parts of :class:`~newsgraph.graph.columnar.graph_columns.GraphColumns` from what a store reads.

A store gives columns of nodes and edges as Python lists, in any order. Ids become places here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import numpy as np

from newsgraph.graph.columnar.arrays import Array, Texts, begins, coded
from newsgraph.graph.columnar.cells import NO_TIME, NONE, microseconds
from newsgraph.graph.columnar.graph_columns import Part, joined, places_or_none, texts_of
from newsgraph.graph.columnar.word_making import indexed
from newsgraph.graph.schema import (
    EDGES,
    AddressOf,
    CopyOf,
    Corpus,
    Covers,
    Event,
    Follows,
    Image,
    Outlet,
    PublishedBy,
    Source,
    Story,
    Topic,
    Version,
    VersionOf,
)


class UnfitError(ValueError):
    """A value that no array can hold as it is, such as a number where a text is declared. Then there are no columns."""


class Scans(Protocol):
    """What a store reads for this."""

    def nodes(self, label: str, names: Sequence[str]) -> list[list[Any]]:
        """Returns the ids of all nodes of a label, and the values of some properties, each as a column."""
        ...

    def edges(self, type: str, names: Sequence[str]) -> list[list[Any]]:
        """Returns the starts and ends of all edges of a type, and the values of some properties, each as a column."""
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
                "topics": self._topics,
                "images": self._images,
                "events": self._events,
                "coverage": self._coverage,
                "addresses": self._addresses,
                "versions": self._versions,
                "sources": self._sources,
                "corpus": self._corpus,
                "story_words": self._story_words,
                "event_words": self._event_words,
                Covers.type: self._covers,
                CopyOf.type: self._copies,
                Follows.type: self._follows,
            }.get(name, lambda: self._edges(name))
            self._parts[name] = made()
        return self._parts[name]

    def _stories(self) -> Part:
        ids, urls, titles, times, *texts = self._scans.nodes(
            Story.label, ["url", "title", "published_at", "date_quality", "language", "country", "agency"]
        )
        order = self._ordered(Story.label, ids)
        part = {"moment": _moments(times, order)} | _texts("id", ids, order) | _texts("title", titles, order)
        for name, column in zip(("quality", "language", "country", "agency"), texts, strict=True):
            part |= _coded(name, column, order)
        return part | _urls(urls, ids, order)

    def _story_words(self) -> Part:
        part = self.part("stories")
        return indexed(title or "" for title in texts_of(part, "title"))

    def _outlets(self) -> Part:
        texts, coded_texts, lists = ["name", "domain"], ["country", "group"], ["names", "facts"]
        ids, *columns = self._scans.nodes(Outlet.label, [*texts, *coded_texts, *lists])
        order = self._ordered(Outlet.label, ids)
        part = _texts("id", ids, order)
        for make, names in ((_texts, texts), (_coded, coded_texts), (_lists, lists)):
            for name in names:
                part |= make(name, columns.pop(0), order)
        return part

    def _topics(self) -> Part:
        ids, names, keywords = self._scans.nodes(Topic.label, ["name", "keywords"])
        order = self._ordered(Topic.label, ids)
        return _texts("id", ids, order) | _texts("name", names, order) | _lists("keywords", keywords, order)

    def _images(self) -> Part:
        ids, urls = self._scans.nodes(Image.label, ["url"])
        order = self._ordered(Image.label, ids)
        return _texts("id", ids, order) | _urls(urls, ids, order)

    def _events(self) -> Part:
        numbers = ["story_count", "outlet_count"]
        ids, titles, labels, first, last, *columns = self._scans.nodes(
            Event.label, ["title", "label", "first_published_at", "last_published_at", *numbers]
        )
        order = self._ordered(Event.label, ids)
        # The embedded engine shows the node's own label where there is none.
        own = [None if label == Event.label else label for label in labels]
        part = _texts("id", ids, order) | _texts("name", titles, order) | _texts("label", own, order)
        part |= {"first": _moments(first, order), "last": _moments(last, order)}
        for name, column in zip(numbers, columns, strict=True):
            part |= _integers(name, column, order)
        return part

    def _event_words(self) -> Part:
        part = self.part("events")
        names = zip(texts_of(part, "name"), texts_of(part, "label"), strict=True)
        return indexed(f"{title or ''} {label or ''}" for title, label in names)

    def _addresses(self) -> Part:
        starts, ends = self._scans.edges(AddressOf.type, [])
        order = sorted(range(len(starts)), key=starts.__getitem__)
        return _texts("id", starts, order) | {"story": _places(self._of(Story.label), ends)[order]}

    def _versions(self) -> Part:
        texts, times = ["title", "excerpt", "source"], ["seen_at", "replaced_at"]
        story_of: dict[str, str] = dict(zip(*self._scans.edges(VersionOf.type, []), strict=True))
        ids, *columns = self._scans.nodes(Version.label, [*texts, *times])
        places = self._of(Story.label)
        order = sorted(
            (row for row, id in enumerate(ids) if id in story_of), key=lambda row: places[story_of[ids[row]]]
        )
        stories = [story_of[ids[row]] for row in order]
        part = {"story": _places(places, stories)}
        for name in texts:
            part |= _texts(name, columns.pop(0), order)
        for name in times:
            part[name] = _moments(columns.pop(0), order)
        # Of the excerpts of today, only those are kept that questions about earlier ones need.
        now = dict(zip(*self._scans.nodes(Story.label, ["excerpt"]), strict=True)) if stories else {}
        return part | _texts("excerpt_now", [now[story] for story in stories], range(len(stories)))

    def _sources(self) -> Part:
        ids, hashes = self._scans.nodes(Source.label, ["content_hash"])
        return _texts("id", ids, range(len(ids))) | _texts("content_hash", hashes, range(len(ids)))

    def _corpus(self) -> Part:
        names = [one.name for one in Corpus.properties]
        ids, *columns = self._scans.nodes(Corpus.label, names)
        told = [
            json.dumps({name: value for name, value in zip(names, values, strict=True) if value is not None})
            for values in zip(*columns, strict=True)
        ]
        return _texts("id", ids, range(len(ids))) | _texts("properties", told, range(len(ids)))

    def _follows(self) -> Part:
        starts, ends, scores, related = self._scans.edges(Follows.type, ["score", "related"])
        start, end = self._coded_ends(Follows.type, starts, ends)
        order = np.lexsort((end, start))
        alike = np.fromiter(map(_real, scores), dtype=np.float64, count=len(scores))
        part = {"start": start[order], "end": end[order], "score": alike[order]}
        return part | _integers("related", related, order.tolist())

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

    def _covers(self) -> Part:
        rows = self.part("coverage")
        order = np.lexsort((rows["event"], rows["story"]))
        story, event = rows["story"][order], rows["event"][order]
        new = begins(story, event)
        return {"start": story[new], "end": event[new]}

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
    return Texts.of([column[row] for row in order]).part(name)


def _urls(urls: Sequence[str | None], ids: Sequence[str], order: Sequence[int]) -> dict[str, Array]:
    """Returns web addresses as they were written, where they are other texts than the ids."""
    other = [place for place, row in enumerate(order) if urls[row] != ids[row]]
    return {"url.place": np.array(other, dtype=np.int32), **_texts("url", urls, [order[place] for place in other])}


def _coded(name: str, column: Sequence[str | None], order: Sequence[int]) -> dict[str, Array]:
    _all_texts(column)
    names, code = coded(column)
    kind = np.int8 if len(names) < 128 else np.int32
    return {f"{name}.code": code[order].astype(kind), **_texts(name, names, range(len(names)))}


def _lists(name: str, column: Sequence[Sequence[str] | None], order: Sequence[int]) -> dict[str, Array]:
    """Returns lists of texts as texts, in JSON."""
    for texts in column:
        _all_texts(texts or ())
    return _texts(name, [None if texts is None else json.dumps(list(texts)) for texts in column], order)


def _integers(name: str, column: Sequence[int | None], order: Sequence[int]) -> dict[str, Array]:
    if not {int, type(None)}.issuperset(map(type, column)):
        raise UnfitError("no whole number")
    try:
        values = np.array([column[row] or 0 for row in order], dtype=np.int64)
    except OverflowError:
        raise UnfitError("too large a number") from None
    return {name: values, f"{name}.known": np.array([column[row] is not None for row in order], dtype=np.bool_)}


def _moments(times: Sequence[Any], order: Sequence[int]) -> Array:
    moments: Array = np.fromiter(map(_moment, times), dtype=np.int64, count=len(times))[order]
    return moments


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
