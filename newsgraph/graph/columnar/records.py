"""What a store's file keeps of single stories, events, outlets and topics: what a look-up reads instead of the graph.

Everything is known by its place among its kind, in the order of ids. Only what is asked for is read, and verified when
it is read. Nothing here needs numpy, whose import alone takes longer than a look-up.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from math import isnan
from typing import Any

from newsgraph.graph.columnar.cells import NONE, place_of, time_of
from newsgraph.graph.columnar.kept_texts import KeptTexts
from newsgraph.graph.columnar.packing import PackedArrays
from newsgraph.graph.columnar.word_index import WordIndex

#: From this share of all edges on, reading all of them is faster than looking for those of each start.
_MANY = 1 / 300


class Kept:
    """The nodes of a label. ``ids`` ascend."""

    def __init__(self, arrays: PackedArrays, part: str) -> None:
        self._arrays, self._part = arrays, part
        self._texts: dict[str, KeptTexts] = {}
        self.ids = self.texts("id")

    def __len__(self) -> int:
        return len(self.ids)

    def place(self, id: str) -> int | None:
        """Returns the place of the node of that id; None if there is none."""
        place = place_of(self.ids, id)
        return None if place == NONE else place

    def texts(self, name: str) -> KeptTexts:
        """Returns a property of all nodes."""
        if name not in self._texts:
            self._texts[name] = KeptTexts.of(self._arrays, self._part, name)
        return self._texts[name]

    def one_of_few(self, name: str, place: int) -> str | None:
        """Returns a property of which there are few different values; None where the node has none."""
        code = self._arrays.array(self._part, f"{name}.code")[place]
        text: str | None = None if code == NONE else self.texts(name)[code]
        return text

    def few(self, name: str) -> list[str]:
        """Returns the different values of such a property, ascending."""
        return self.texts(name)[:]

    def listed(self, name: str, place: int) -> list[str] | None:
        """Returns a list of texts; None where the node has none."""
        written = self.texts(name)[place]
        listed: list[str] | None = None if written is None else json.loads(written)
        return listed

    def integer(self, name: str, place: int) -> int | None:
        """Returns a whole number; None where the node has none."""
        known = self._arrays.array(self._part, f"{name}.known")[place]
        number: int | None = self._arrays.array(self._part, name)[place] if known else None
        return number

    def moment(self, name: str, place: int) -> int:
        """Returns a time in microseconds since 1970; ``NO_TIME`` where the node has none."""
        moment: int = self._arrays.array(self._part, name)[place]
        return moment

    def url(self, place: int) -> str | None:
        """Returns the web address of a story or an image as it was written. It is kept where it is another text than
        the id."""
        others = self._arrays.array(self._part, "url.place")
        at = bisect_left(others, place)
        url: str | None = self.texts("url")[at] if at < len(others) and others[at] == place else self.ids[place]
        return url


class KeptStories(Kept):
    """The stories."""

    def title(self, place: int) -> str:
        """Returns the headline; an empty text where there is none."""
        return self.texts("title")[place] or ""

    def published_at(self, place: int) -> Any:
        """Returns the time of publication, in UTC; None where there is none."""
        return time_of(self.moment("moment", place))


class KeptEdges:
    """Edges of a type, by the places of their starts, which ascend, and their ends."""

    def __init__(self, arrays: PackedArrays, type: str) -> None:
        self._start, self._end = arrays.array(type, "start"), arrays.array(type, "end")

    def ends(self, start: int) -> list[int]:
        """Returns the places of the ends of a start's edges, which ascend."""
        ends: list[int] = self._end.some(bisect_left(self._start, start), bisect_right(self._start, start)).tolist()
        return ends

    def leading_to(self, ends: Collection[int]) -> Iterator[tuple[int, int]]:
        """Yields the edges that lead to some ends, by start and then by end. All edges are read."""
        return (edge for edge in zip(self._start, self._end, strict=True) if edge[1] in ends)

    def columns(self) -> tuple[list[int], list[int]]:
        """Returns the starts of all edges, and their ends."""
        start, end = (one.some(0, len(one)).tolist() for one in (self._start, self._end))
        return start, end

    def of(self, starts: Collection[int]) -> Iterator[tuple[int, int]]:
        """Yields the edges of some starts, each given once, by start and then by end."""
        if len(starts) < len(self._start) * _MANY:
            return ((start, end) for start in sorted(starts) for end in self.ends(start))
        return compress(zip(self._start, self._end, strict=True), map(starts.__contains__, self._start))

    def ends_of(self, starts: Collection[int]) -> Iterator[int]:
        """Yields the ends of what :meth:`of` yields."""
        if len(starts) < len(self._start) * _MANY:
            return (end for _, end in self.of(starts))
        return compress(self._end, map(starts.__contains__, self._start))


@dataclass(frozen=True, slots=True)
class Covering:
    """A story on an event, with one of its outlets (``NONE`` if it names none); ``fit`` is None where there is none."""

    outlet: int
    story: int
    fit: float | None
    weak: bool


@dataclass(frozen=True, slots=True)
class Following:
    """An event that follows an earlier one; ``score`` and ``related`` are None where there is none."""

    event: int
    earlier: int
    score: float | None
    related: int | None


@dataclass(frozen=True, slots=True)
class Wording:
    """What a file said of a story before it was edited, and the story's excerpt now. Times are microseconds since 1970,
    or ``NO_TIME``."""

    story: int
    source: str | None
    title: str | None
    excerpt: str | None
    seen_at: int
    replaced_at: int
    excerpt_now: str | None


class Records:
    """All of it."""

    def __init__(self, arrays: PackedArrays) -> None:
        self._arrays = arrays

    @cached_property
    def stories(self) -> KeptStories:
        """The stories."""
        return KeptStories(self._arrays, "stories")

    @cached_property
    def outlets(self) -> Kept:
        """The outlets."""
        return Kept(self._arrays, "outlets")

    @cached_property
    def topics(self) -> Kept:
        """The topics."""
        return Kept(self._arrays, "topics")

    @cached_property
    def events(self) -> Kept:
        """The events."""
        return Kept(self._arrays, "events")

    @cached_property
    def images(self) -> Kept:
        """The images."""
        return Kept(self._arrays, "images")

    @cached_property
    def sources(self) -> Kept:
        """The files, whose ids don't ascend."""
        return Kept(self._arrays, "sources")

    @cached_property
    def corpus(self) -> dict[str, dict[str, Any]]:
        """The properties of the Corpus node by its id; empty if there is none."""
        kept = Kept(self._arrays, "corpus")
        return {id: json.loads(told) for id, told in zip(kept.ids, kept.texts("properties"), strict=True)}

    @cached_property
    def images_of(self) -> KeptEdges:
        """From stories to their images."""
        return KeptEdges(self._arrays, "HAS_IMAGE")

    @cached_property
    def related_to(self) -> KeptEdges:
        """From stories to stories that they list."""
        return KeptEdges(self._arrays, "RELATED_TO")

    @cached_property
    def outlets_of(self) -> KeptEdges:
        """From stories to their outlets."""
        return KeptEdges(self._arrays, "PUBLISHED_BY")

    @cached_property
    def topics_of(self) -> KeptEdges:
        """From stories to their topics."""
        return KeptEdges(self._arrays, "ABOUT")

    @cached_property
    def events_of(self) -> KeptEdges:
        """From stories to their events."""
        return KeptEdges(self._arrays, "COVERS")

    @cached_property
    def originals_of(self) -> KeptEdges:
        """From copies to the stories whose text they repeat."""
        return KeptEdges(self._arrays, "COPY_OF")

    @cached_property
    def story_words(self) -> WordIndex | None:
        """The words of the stories' titles; None if a version with other words wrote the file."""
        return WordIndex.of(self._arrays, "story_words")

    @cached_property
    def event_words(self) -> WordIndex | None:
        """The words of the events' titles and labels, likewise."""
        return WordIndex.of(self._arrays, "event_words")

    def stories_at(self, address: str) -> list[int]:
        """Returns the stories of which an address is another spelling."""
        ids = KeptTexts.of(self._arrays, "addresses", "id")
        stories: Sequence[int] = self._arrays.array("addresses", "story")
        return [stories[at] for at in range(bisect_left(ids, address), bisect_right(ids, address))]

    def coverage(self, event: int) -> list[Covering]:
        """Returns an event's stories by outlet, time and story."""
        events = self._arrays.array("coverage", "event")
        start, end = bisect_left(events, event), bisect_right(events, event)
        names = ("outlet", "story", "fit", "weak")
        columns = [self._arrays.array("coverage", name).some(start, end).tolist() for name in names]
        return [
            Covering(outlet, story, None if isnan(fit) else fit, weak)
            for outlet, story, fit, weak in zip(*columns, strict=True)
        ]

    def followings(self) -> list[Following]:
        """Returns which event follows which."""
        names = ("start", "end", "score", "related", "related.known")
        return [
            Following(event, earlier, None if isnan(score) else score, related if known else None)
            for event, earlier, score, related, known in zip(
                *(self._arrays.array("FOLLOWS", name) for name in names), strict=True
            )
        ]

    def wordings(self) -> list[Wording]:
        """Returns every earlier wording that is kept, by story."""
        texts = [KeptTexts.of(self._arrays, "versions", name) for name in ("source", "title", "excerpt")]
        numbers = [self._arrays.array("versions", name) for name in ("seen_at", "replaced_at")]
        stories, now = self._arrays.array("versions", "story"), KeptTexts.of(self._arrays, "versions", "excerpt_now")
        return list(map(Wording, stories, *texts, *numbers, now))

    def verify(self) -> None:
        """Reads everything that the file keeps beside the graph. Raises StoreFormatError if it is damaged."""
        self._arrays.verify()
