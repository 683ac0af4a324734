"""A graph's stories, outlets, topics, images and events as arrays, and the edges between them as pairs of places.

Nodes of a label are in the order of their ids, so that their places are numbers that sort as their ids do. Everything
is read when it is first needed: from what the store's file keeps of it, or from the store itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from newsgraph.graph.columnar.arrays import Array, Flags, Integers, Texts, compact, ranges
from newsgraph.graph.columnar.cells import NO_TIME, NONE
from newsgraph.graph.columnar.packing import PackedArrays
from newsgraph.graph.schema import SURE

#: The arrays of a part by their names. What :class:`GraphColumns` is made of, and what a file keeps of it.
Part = Mapping[str, Array]
#: Every part. ``stories`` has an entry for each story, ``coverage`` one for each event, story and outlet of it,
#: ``addresses`` one for each further address of a story, ``versions`` one for each earlier wording of one; the others
#: have one for each node or edge. The words are indexes of titles (see :mod:`newsgraph.graph.columnar.word_making`).
PARTS = (
    *("stories", "outlets", "topics", "images", "events", "coverage", "addresses", "story_words", "event_words"),
    *("versions", "sources", "corpus"),
    *("PUBLISHED_BY", "ABOUT", "HAS_IMAGE", "COPY_OF", "RELATED_TO", "COVERS", "FOLLOWS"),
)


@dataclass(frozen=True, slots=True)
class Coded:
    """Texts of which there are few different ones: for each story or outlet the place of its text among ``names``,
    ``NONE`` where it has none."""

    names: Sequence[str]
    code: Array

    def among(self, wanted: Callable[[str], bool]) -> Flags:
        """Tells for each story or outlet whether its text is wanted. One that has no text is not."""
        chosen = np.fromiter((wanted(name) for name in self.names), dtype=np.bool_, count=len(self.names))
        return np.append(chosen, False)[self.code]


@dataclass(frozen=True, slots=True)
class StoryColumns:
    """``moment`` is the time in microseconds since 1970, or ``NO_TIME``; ``second`` in whole seconds, 0 without a time.
    ``sure`` tells whether the time can be compared with others."""

    moment: Integers
    second: Integers
    timed: Flags
    sure: Flags
    quality: Coded
    language: Coded
    country: Coded
    agency: Coded

    def __len__(self) -> int:
        return len(self.moment)


@dataclass(frozen=True, slots=True)
class NamedNodes:
    """Nodes by their ids, and the name or title of each."""

    ids: Texts
    names: Texts

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class OutletColumns(NamedNodes):
    """Outlets, with the columns by which stories are chosen."""

    country: Coded
    group: Coded


@dataclass(frozen=True, slots=True)
class Originals:
    """The stories that others copied: their places among all stories, which ascend, their ids, and what they say."""

    place: Array
    ids: Sequence[str]
    urls: Sequence[str | None]
    titles: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Coverage:
    """A row for each event, story on it, and outlet of that story (``NONE`` if it names none): by event, outlet, time
    and story, those without a time last. ``fit`` is NaN where there is none."""

    event: Array
    outlet: Array
    story: Array
    fit: Array
    weak: Flags

    def __len__(self) -> int:
        return len(self.event)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The edges of a type, by start and then by end."""

    start: Array
    end: Array

    def ends_among(self, wanted: Flags, starts: int) -> Flags:
        """Tells for each of the ``starts`` whether one of its edges leads to a wanted end."""
        found = np.zeros(starts, dtype=np.bool_)
        found[self.start[wanted[self.end]]] = True
        return found


class KeptPart(Mapping[str, Array]):
    """A part in a file. Each array is verified, all of it, when it is first taken."""

    def __init__(self, arrays: PackedArrays, name: str) -> None:
        self._arrays, self._name = arrays, name

    def __getitem__(self, key: str) -> Array:
        kept = self._arrays.array(self._name, key)
        return np.frombuffer(kept.some(0, len(kept)), dtype=np.dtype(kept.kind))

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays.keys(self._name))

    def __len__(self) -> int:
        return len(self._arrays.keys(self._name))


class GraphColumns:
    """All of it. ``part`` reads a part by its name."""

    def __init__(self, part: Callable[[str], Part]) -> None:
        self._part = part

    @cached_property
    def stories(self) -> StoryColumns:
        """The stories."""
        part = self._part("stories")
        moment, quality = part["moment"], _coded(part, "quality")
        timed = moment != NO_TIME
        return StoryColumns(
            moment=moment,
            second=np.where(timed, moment // 1_000_000, 0),
            timed=timed,
            sure=quality.among(SURE.__contains__) & timed,
            quality=quality,
            language=_coded(part, "language"),
            country=_coded(part, "country"),
            agency=_coded(part, "agency"),
        )

    @cached_property
    def outlets(self) -> OutletColumns:
        """The outlets."""
        part = self._part("outlets")
        return OutletColumns(
            texts_of(part, "id"), texts_of(part, "name"), _coded(part, "country"), _coded(part, "group")
        )

    @cached_property
    def topics(self) -> NamedNodes:
        """The topics."""
        return self._named("topics")

    @cached_property
    def images(self) -> Texts:
        """The ids of the images."""
        return texts_of(self._part("images"), "id")

    @cached_property
    def events(self) -> NamedNodes:
        """The events."""
        return self._named("events")

    @cached_property
    def originals(self) -> Originals:
        """The stories that others copied."""
        part = self._part("stories")
        place, _ = compact(self.copy_of.end, len(self.stories))
        ids, titles = (texts_of(part, name).taken(place) for name in ("id", "title"))
        # Addresses are kept where they are other texts than the ids.
        urls: list[str | None] = list(ids)
        at = np.searchsorted(part["url.place"], place)
        rows = np.flatnonzero(np.append(part["url.place"], NONE)[at] == place)
        for row, url in zip(rows.tolist(), texts_of(part, "url").taken(at[rows]), strict=True):
            urls[row] = url
        return Originals(place, ids, urls, titles)

    @cached_property
    def coverage(self) -> Coverage:
        """Who covers which event with which story."""
        part = self._part("coverage")
        return Coverage(part["event"], part["outlet"], part["story"], part["fit"], part["weak"])

    @cached_property
    def published_by(self) -> Pairs:
        """From stories to their outlets."""
        return self._pairs("PUBLISHED_BY")

    @cached_property
    def about(self) -> Pairs:
        """From stories to their topics."""
        return self._pairs("ABOUT")

    @cached_property
    def has_image(self) -> Pairs:
        """From stories to their images."""
        return self._pairs("HAS_IMAGE")

    @cached_property
    def related_to(self) -> Pairs:
        """From stories to stories that they list."""
        return self._pairs("RELATED_TO")

    @cached_property
    def copy_of(self) -> Pairs:
        """From copies to the stories whose text they repeat."""
        return self._pairs("COPY_OF")

    @cached_property
    def similarity(self) -> Array:
        """How alike both are, for each edge of ``copy_of``."""
        return self._part("COPY_OF")["similarity"]

    @cached_property
    def is_copy(self) -> Flags:
        """Tells for each story whether another published its text first."""
        found = np.zeros(len(self.stories), dtype=np.bool_)
        found[self.copy_of.start] = True
        return found

    @cached_property
    def covers(self) -> Pairs:
        """From stories to their events."""
        return self._pairs("COVERS")

    def _named(self, name: str) -> NamedNodes:
        part = self._part(name)
        return NamedNodes(texts_of(part, "id"), texts_of(part, "name"))

    def _pairs(self, name: str) -> Pairs:
        part = self._part(name)
        return Pairs(part["start"], part["end"])


def texts_of(part: Part, name: str) -> Texts:
    """Returns the texts of that name in a part."""
    return Texts(part[f"{name}.letters"], part[f"{name}.ends"], part.get(f"{name}.known"))


def _coded(part: Part, name: str) -> Coded:
    return Coded(list(texts_of(part, name)), part[f"{name}.code"])


def joined(one: Array, other: Array, number: int) -> tuple[Integers, Integers]:
    """Returns the rows of two columns of places below ``number`` that have the same place, each with each. ``other``
    ascends. The rows of ``one`` stay in their order."""
    starts = np.searchsorted(other, np.arange(number + 1))
    first, after = starts[one], starts[one + 1]
    times = after - first
    left = np.repeat(np.arange(len(one)), times)
    return left, ranges(first, times)


def places_or_none(left: Array, right: Array, rows: int) -> tuple[Integers, Integers]:
    """Returns the pairs of a join, with a pair of ``NONE`` for each of the ``rows`` that found no partner."""
    lonely = np.ones(rows, dtype=np.bool_)
    lonely[left] = False
    alone = np.flatnonzero(lonely)
    return np.append(left, alone), np.append(right, np.full(len(alone), NONE))
