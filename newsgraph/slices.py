"""Sequences cut into slices: what is long is worked on a part at a time, so that memory and transactions stay small."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, Self, TypeVar


class _Sliceable(Protocol):
    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> Self: ...


_Items = TypeVar("_Items", bound=_Sliceable)


def in_slices(items: _Items, size: int) -> Iterator[_Items]:
    """Yields the items of a list, a tuple or an array in their order, ``size`` at a time.

    >>> list(in_slices([1, 2, 3, 4, 5], 2))
    [[1, 2], [3, 4], [5]]
    """
    return (items[start : start + size] for start in range(0, len(items), size))
