"""The parts of :class:`~newsgraph.graph.columnar.graph_columns.GraphColumns` as bytes, as a store's file keeps them.

The arrays stand one after the other (see :mod:`newsgraph.graph.columnar.checked_arrays`). After them comes what is
needed to read them: the checksums of all blocks, a list of the arrays, as JSON, and the lengths of these two. Whoever
keeps the bytes must check that end with a sum of their own.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from newsgraph.graph.columnar.checked_arrays import BLOCK, CheckedArray, bytes_of, sums_of

if TYPE_CHECKING:
    from newsgraph.graph.columnar.graph_columns import Part

_LENGTHS = struct.Struct("<QQ")
_SUM = struct.Struct("<I")


def packed(parts: Mapping[str, Part]) -> Iterator[bytes]:
    """Yields the bytes of each array, and then, as one, those of the end. The first byte must come to stand at a
    multiple of 8 in a file."""
    listed: dict[str, dict[str, tuple[str, int]]] = {}
    sums: list[int] = []
    for name, part in parts.items():
        listed[name] = {}
        for key, values in part.items():
            kind = values.dtype.newbyteorder("<").str
            content = values.astype(kind, copy=False).tobytes()
            content += bytes(bytes_of(kind, len(values)) - len(content))
            listed[name][key] = (kind, len(values))
            sums += sums_of(content)
            yield content
    written, directory = b"".join(map(_SUM.pack, sums)), json.dumps(listed).encode()
    yield written + directory + _LENGTHS.pack(len(written), len(directory))


def end_of(content: memoryview) -> memoryview:
    """Returns the end of packed bytes, which is still to be checked. Its length is wrong if the bytes are damaged."""
    summed, listed = _LENGTHS.unpack(content[-_LENGTHS.size :])
    return content[-min(summed + listed + _LENGTHS.size, len(content)) :]


class PackedArrays:
    """The arrays in a file. ``content`` are all bytes, whose end has been checked; ``damaged`` makes the error for a
    byte that isn't as it was written."""

    def __init__(self, content: memoryview, damaged: Callable[[], Exception]) -> None:
        end = end_of(content)
        summed, listed = _LENGTHS.unpack(end[-_LENGTHS.size :])
        self._sums = end[:summed].cast("I")
        self._content, self._damaged = content, damaged
        self._places: dict[str, dict[str, tuple[str, int, int, int]]] = {}
        self._arrays: dict[tuple[str, str], CheckedArray] = {}
        start = first_sum = 0
        for part, arrays in json.loads(bytes(end[summed : summed + listed])).items():
            self._places[part] = {}
            for key, (kind, number) in arrays.items():
                self._places[part][key] = (kind, number, start, first_sum)
                size = bytes_of(kind, number)
                start, first_sum = start + size, first_sum + -(-size // BLOCK)

    def keys(self, part: str) -> tuple[str, ...]:
        """Returns the names of a part's arrays; none for a part that the file doesn't have."""
        return tuple(self._places.get(part, ()))

    def array(self, part: str, key: str) -> CheckedArray:
        """Returns an array. Raises KeyError if the file doesn't have it."""
        if (part, key) not in self._arrays:
            kind, number, start, first_sum = self._places[part][key]
            size = bytes_of(kind, number)
            sums = self._sums[first_sum : first_sum + -(-size // BLOCK)]
            self._arrays[part, key] = CheckedArray(
                self._content[start : start + size], kind, number, sums, self._damaged
            )
        return self._arrays[part, key]

    def verify(self) -> None:
        """Reads everything. Raises StoreFormatError if a byte isn't as it was written."""
        for part, places in self._places.items():
            for key in places:
                self.array(part, key).verify()
