"""Arrays in the bytes of a file, in blocks of which each has a checksum of its own, which is compared when the block is
first read. Whoever reads little verifies little, and a damaged byte is noticed where it is read.

Nothing here needs numpy, whose import alone takes longer than a look-up.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, overload

#: The number of bytes that have a checksum together.
BLOCK = 2**14
#: Arrays begin at multiples of it, and blank bytes fill the room between. A multiple of the size of every number.
ALIGNED = 8
#: The types of numbers that are kept, as numpy names them: their size in bytes, and what ``memoryview`` calls them.
_KINDS = {
    **{"|b1": (1, "?"), "|u1": (1, "B"), "|i1": (1, "b"), "<u2": (2, "H"), "<u4": (4, "I")},
    **{"<i4": (4, "i"), "<i8": (8, "q"), "<f8": (8, "d")},
}


def bytes_of(kind: str, number: int) -> int:
    """Returns how many bytes so many numbers take, with the blank bytes after them."""
    size = _KINDS[kind][0] * number
    return size + -size % ALIGNED


def sums_of(content: bytes) -> list[int]:
    """Returns the checksum, CRC-32, of each block of an array's bytes."""
    return [zlib.crc32(content[start : start + BLOCK]) for start in range(0, len(content), BLOCK)]


class CheckedArray(Sequence[Any]):
    """An array of numbers in a file. ``content`` are its bytes, ``sums`` the checksums of its blocks, and ``damaged``
    makes the error for a block that isn't as it was written."""

    __slots__ = ("_content", "_damaged", "_known", "_shift", "_size", "_sums", "_values", "kind")

    def __init__(
        self, content: memoryview, kind: str, number: int, sums: Sequence[int], damaged: Callable[[], Exception]
    ) -> None:
        self.kind = kind
        self._size, code = _KINDS[kind]
        self._content = content
        self._values: memoryview[Any] = content[: number * self._size].cast(code)  # type: ignore[call-overload]  # one of _KINDS
        self._shift = (BLOCK // self._size).bit_length() - 1
        self._sums, self._damaged = sums, damaged
        self._known = bytearray(len(sums))

    def __len__(self) -> int:
        return len(self._values)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [self[place] for place in range(len(self))[index]]
        block = (index if index >= 0 else index + len(self)) >> self._shift
        if not self._known[block]:
            self._verify(block)
        return self._values[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.some(0, len(self)))

    def some(self, start: int, end: int) -> memoryview[Any]:
        """Returns the numbers from one place up to another one. Raises StoreFormatError if they are damaged."""
        if start < end:
            for block in range(start >> self._shift, ((end - 1) >> self._shift) + 1):
                if not self._known[block]:
                    self._verify(block)
        return self._values[start:end]

    def at(self, places: Collection[int]) -> Iterator[Any]:
        """Returns the numbers at some places, in their order. Raises StoreFormatError if they are damaged."""
        # Of many places, all blocks are read in any case.
        many = len(places) > len(self._sums)
        return map((self.some(0, len(self)) if many else self).__getitem__, places)

    def verify(self) -> None:
        """Raises StoreFormatError if any byte isn't as it was written, those behind the numbers among them."""
        for block in range(len(self._sums)):
            self._verify(block)

    def _verify(self, block: int) -> None:
        if zlib.crc32(self._content[block * BLOCK : (block + 1) * BLOCK]) != self._sums[block]:
            raise self._damaged()
        self._known[block] = 1
