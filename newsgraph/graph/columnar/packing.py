"""The parts of :class:`~newsgraph.graph.columnar.graph_columns.GraphColumns` as bytes, as a store's file keeps them.

The arrays stand one after the other, each from a multiple of 8 bytes on. After them comes a list of them, as JSON, and
then the length of that list. Whoever keeps the bytes must check them with a sum of their own.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from newsgraph.graph.columnar.arrays import Array
from newsgraph.graph.columnar.graph_columns import Part

_LENGTH = struct.Struct("<Q")
_ALIGNED = 8


def packed(parts: Mapping[str, Part]) -> Iterator[bytes]:
    """Yields the bytes of the parts. Their first byte must come to stand at a multiple of 8 in a file."""
    listed: dict[str, dict[str, tuple[str, int, int]]] = {}
    place = 0
    for name, part in parts.items():
        listed[name] = {}
        for key, array in part.items():
            content = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"), copy=False))
            listed[name][key] = (content.dtype.str, place, len(content))
            yield content.tobytes()
            yield bytes(-content.nbytes % _ALIGNED)
            place += content.nbytes + -content.nbytes % _ALIGNED
    directory = json.dumps(listed).encode()
    yield directory
    yield _LENGTH.pack(len(directory))


def unpacked(content: memoryview) -> Callable[[str], Part]:
    """Returns what reads a part by its name. Arrays are views of the content, which must stay as it is."""
    (length,) = _LENGTH.unpack(content[-_LENGTH.size :])
    listed = json.loads(bytes(content[-_LENGTH.size - length : -_LENGTH.size]))

    def part(name: str) -> Part:
        return {key: _array(content, *where) for key, where in listed[name].items()}

    return part


def _array(content: memoryview, kind: str, start: int, number: int) -> Array:
    return np.frombuffer(content, dtype=np.dtype(kind), count=number, offset=start)
