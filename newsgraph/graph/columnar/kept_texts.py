"""Texts in the bytes of a file, each of which is read when it is needed. It is what
:class:`~newsgraph.graph.columnar.arrays.Texts` is without numpy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, pairwise, repeat
from typing import Any, overload

from newsgraph.graph.columnar.checked_arrays import CheckedArray
from newsgraph.graph.columnar.packing import PackedArrays

#: From this share of all texts on, almost all of the file's blocks are read in any case.
_MANY = 1 / 50


class KeptTexts(Sequence[Any]):
    """Many texts: their letters as UTF-8, one after the other; where each text ends; and which of them are there, where
    not all are. The others are None. A slice is a list."""

    def __init__(self, letters: CheckedArray, ends: CheckedArray, known: CheckedArray | None) -> None:
        self._letters, self._ends, self._known = letters, ends, known

    @classmethod
    def of(cls, arrays: PackedArrays, part: str, name: str) -> KeptTexts:
        """Returns the texts of that name in a part of a file."""
        letters, ends = (arrays.array(part, f"{name}.{what}") for what in ("letters", "ends"))
        known = f"{name}.known"
        return cls(letters, ends, arrays.array(part, known) if known in arrays.keys(part) else None)

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [self[place] for place in range(len(self))[index]]
        place = range(len(self))[index]
        if self._known is not None and not self._known[place]:
            return None
        start = self._ends[place - 1] if place else 0
        return self._letters.some(start, self._ends[place]).tobytes().decode()

    def taken(self, places: Collection[int]) -> Iterator[Any]:
        """Yields the texts at some places, in their order. Of many texts, it takes a fourth of the time of reading one
        after the other."""
        if len(places) < len(self) * _MANY:
            return map(self.__getitem__, places)
        letters = self._letters.some(0, len(self._letters))
        ends = self._ends.some(0, len(self))
        known = None if self._known is None else self._known.some(0, len(self))
        return (
            letters[ends[place - 1] if place else 0 : ends[place]].tobytes().decode()
            if known is None or known[place]
            else None
            for place in places
        )

    def __iter__(self) -> Iterator[Any]:
        letters = self._letters.some(0, len(self._letters)).tobytes()
        known = repeat(True) if self._known is None else iter(self._known)
        for (start, end), there in zip(pairwise(chain([0], self._ends)), known, strict=False):
            yield letters[start:end].decode() if there else None
