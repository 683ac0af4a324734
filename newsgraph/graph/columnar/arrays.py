"""Texts and times in arrays: many of them take the room of their letters, and become Python objects only when they are
read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from newsgraph.graph.columnar.cells import NONE, time_of

Array = NDArray[Any]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: From this share of all texts on, reading all letters at once is faster than reading each text.
_MANY = 1 / 50
#: From this share on, reading all letters is faster than reading those of the texts alone.
_MOST = 1 / 4


class Texts(Sequence[Any]):
    """Many texts in two arrays: their letters as UTF-8, one after the other, and where each text ends.

    ``known`` tells which of them are there, where not all are; the others are None. A slice is a list.
    """

    def __init__(self, letters: Array, ends: Array, known: Array | None = None) -> None:
        self.letters, self.ends, self.known = letters, ends, known

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> Texts:
        """Returns the texts, packed."""
        written = [b"" if text is None else text.encode() for text in texts]
        ends = np.cumsum(np.fromiter(map(len, written), dtype=np.int64, count=len(written)), dtype=np.int64)
        known = np.fromiter((text is not None for text in texts), dtype=np.bool_, count=len(texts))
        return cls(np.frombuffer(b"".join(written), dtype=np.uint8), ends, None if known.all() else known)

    def part(self, name: str) -> dict[str, Array]:
        """Returns the arrays by their names, each of which begins with that name."""
        short = self.ends.astype(np.int32) if len(self.letters) < 2**31 else self.ends
        part = {f"{name}.letters": self.letters, f"{name}.ends": short}
        return part if self.known is None else {**part, f"{name}.known": self.known}

    def __len__(self) -> int:
        return len(self.ends)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return self.taken(np.arange(len(self))[index])
        place = range(len(self))[index]
        if self.known is not None and not self.known[place]:
            return None
        return self.letters[self.ends[place - 1] if place else 0 : self.ends[place]].tobytes().decode()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.taken(np.arange(len(self))))

    def taken(self, places: Array) -> list[Any]:
        """Returns the texts at some places, in their order. The text at the place ``NONE`` is None."""
        if not len(self):
            return [None] * len(places)
        if len(places) < len(self) * _MANY:
            return [None if place < 0 else self[place] for place in places.tolist()]
        there = places >= 0 if self.known is None else (places >= 0) & self.known[places]
        starts, ends = np.append(0, self.ends[:-1])[places], self.ends[places].astype(np.int64)
        own = self.letters
        if len(places) < len(self) * _MOST:
            # Only their own letters, one text after the other.
            own = own[ranges(starts, ends - starts)]
            ends = np.cumsum(ends - starts)
            starts = np.append(0, ends[:-1])
        spans = zip(starts.tolist(), ends.tolist(), there.tolist(), strict=True)
        letters = own.tobytes()
        if letters.isascii():
            text = letters.decode()
            return [text[start:end] if known else None for start, end, known in spans]
        return [letters[start:end].decode() if known else None for start, end, known in spans]


def coded(values: Sequence[str | None]) -> tuple[tuple[str, ...], Integers]:
    """Returns the different values in ascending order, and the position of each value among them; ``NONE`` for None."""
    names = tuple(sorted({value for value in values if value is not None}))
    places: dict[str | None, int] = {name: place for place, name in enumerate(names)} | {None: NONE}
    return names, np.fromiter(map(places.__getitem__, values), dtype=np.int64, count=len(values))


def compact(places: Array, number: int) -> tuple[Array, Array]:
    """Returns the different ones of places below ``number``, ascending, and the position of each place among them."""
    there = np.zeros(number, dtype=np.bool_)
    there[places] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[places]


def begins(*keys: Integers) -> Flags:
    """Tells for each row of ordered keys whether one of them is another than in the row before."""
    new = np.ones(len(keys[0]), dtype=np.bool_)
    new[1:] = False
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return new


def ranges(starts: Array, numbers: Array) -> Integers:
    """Returns whole numbers: for each start, as many as ``numbers`` says, from the start on.

    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    ends = np.cumsum(numbers)
    return np.asarray(np.arange(numbers.sum()) + np.repeat(starts - (ends - numbers), numbers), dtype=np.int64)


class Named(Sequence[Any]):
    """A column of texts, each of which is one of ``names``: the one at its place; None at the place ``NONE``."""

    def __init__(self, names: Sequence[Any], places: Array) -> None:
        self.names, self.places = names, places

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Named: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Named(self.names, self.places[index])
        place = int(self.places[index])
        return None if place < 0 else self.names[place]

    def __iter__(self) -> Iterator[Any]:
        if isinstance(self.names, Texts):
            return iter(self.names.taken(self.places))
        named = [*self.names, None]
        return iter([named[place] for place in self.places.tolist()])


class Times(Sequence[Any]):
    """A column of times in UTC, from microseconds since 1970; None where there is none."""

    def __init__(self, moments: Integers) -> None:
        self.moments = moments

    def __len__(self) -> int:
        return len(self.moments)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Times: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Times(self.moments[index])
        return time_of(int(self.moments[index]))

    def __iter__(self) -> Iterator[Any]:
        return map(time_of, self.moments.tolist())


class Numbers(Sequence[Any]):
    """A column of numbers or truth values, as Python has them; None where they are not ``known``."""

    def __init__(self, values: Array, known: Array | None = None) -> None:
        self.values, self.known = values, known

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Numbers: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Numbers(self.values[index], None if self.known is None else self.known[index])
        return None if self.known is not None and not self.known[index] else self.values[index].item()

    def __iter__(self) -> Iterator[Any]:
        values = self.values.tolist()
        if self.known is not None:
            for place in np.flatnonzero(~self.known).tolist():
                values[place] = None
        return iter(values)
