"""Finds the texts that have a word, in an index that a file keeps. See :mod:`newsgraph.graph.columnar.word_making`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator

from newsgraph.graph.columnar.cells import NONE, place_of
from newsgraph.graph.columnar.kept_texts import KeptTexts
from newsgraph.graph.columnar.packing import PackedArrays
from newsgraph.graph.words import EDITION

#: Sorts after every character that can follow in a word.
_LAST = "\U0010ffff"


class WordIndex:
    """The words of many texts, each text known by its place. Words have the form of :mod:`newsgraph.graph.words`."""

    def __init__(self, arrays: PackedArrays, part: str) -> None:
        self._words = KeptTexts.of(arrays, part, "word")
        self._until = arrays.array(part, "until")
        self._place = arrays.array(part, "place")
        self._length = arrays.array(part, "length")

    @classmethod
    def of(cls, arrays: PackedArrays, part: str) -> WordIndex | None:
        """Returns an index; None if the file has none, or one of words in another form than today's."""
        if not arrays.keys(part) or KeptTexts.of(arrays, part, "edition")[0] != EDITION:
            return None
        return cls(arrays, part)

    def __len__(self) -> int:
        """Returns the number of texts."""
        return len(self._length)

    def lengths_of(self, places: Collection[int]) -> Iterator[int]:
        """Returns how many words each of the texts at some places has."""
        return self._length.at(places)

    def number_having(self, word: str) -> int:
        """Returns how many texts have the word."""
        at = place_of(self._words, word)
        return 0 if at == NONE else self._until[at] - (self._until[at - 1] if at else 0)

    def having(self, word: str) -> list[int]:
        """Returns the places of the texts that have the word."""
        at = place_of(self._words, word)
        return [] if at == NONE else self._places(at, at + 1)

    def beginning(self, start: str) -> set[int]:
        """Returns the places of the texts of which a word begins so, or is that."""
        return set(self._places(bisect_left(self._words, start), bisect_left(self._words, start + _LAST)))

    def _places(self, start: int, end: int) -> list[int]:
        if start == end:
            return []
        first = self._until[start - 1] if start else 0
        places: list[int] = self._place.some(first, self._until[end - 1]).tolist()
        return places
