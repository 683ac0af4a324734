"""Makes an index of the words of many texts; :mod:`newsgraph.graph.columnar.word_index` reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from newsgraph.graph.columnar.arrays import Array, Texts, begins
from newsgraph.graph.words import EDITION, END, words_of_each

#: The number of texts whose words are in memory at a time.
_SOME = 20_000
#: A word's number and a place are one number, of which the place has so many bits.
_BITS = 32
_PLACE = 2**_BITS - 1


def indexed(texts: Iterable[str]) -> dict[str, Array]:
    """Returns the index: all different words, ascending; for each of them from where to where in ``place`` the places
    of the texts are that have it, which ascend; and how many words each text has, each time counted."""
    codes: dict[str, int] = {END: 0}
    lengths, pairs = [], []
    number = 0
    for some in batched(texts):
        words = words_of_each(some)
        for word in set(words).difference(codes):
            codes[word] = len(codes)
        code = np.fromiter(map(codes.__getitem__, words), dtype=np.int64, count=len(words))
        ends = np.flatnonzero(code == 0)
        lengths.append(np.diff(ends, prepend=-1) - 1)
        place = np.repeat(np.arange(number, number + len(ends)), lengths[-1])
        pairs.append((code[code != 0] << _BITS) | place)
        number += len(ends)
    del codes[END]
    ordered = sorted(codes)
    rank = np.zeros(len(codes) + 1, dtype=np.int64)
    rank[np.fromiter(map(codes.__getitem__, ordered), dtype=np.int64, count=len(codes))] = np.arange(len(codes))
    pair = np.concatenate([np.empty(0, dtype=np.int64), *pairs])
    pair = np.sort((rank[pair >> _BITS] << _BITS) | (pair & _PLACE))
    pair = pair[begins(pair)]
    length = np.concatenate([np.empty(0, dtype=np.int64), *lengths])
    return {
        **Texts.of([EDITION]).part("edition"),
        **Texts.of(ordered).part("word"),
        "until": np.searchsorted(pair, np.arange(1, len(ordered) + 1) << _BITS).astype(np.int32),
        "place": (pair & _PLACE).astype(np.int32),
        "length": length.astype(np.uint16 if length.max(initial=0) < 2**16 else np.int32),
    }


def batched(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yields the texts, some thousand at a time."""
    rest = iter(texts)
    while some := list(islice(rest, _SOME)):
        yield some
