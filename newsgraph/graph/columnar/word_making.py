"""Makes an index of the words of many texts; :mod:`newsgraph.graph.columnar.word_index` reads it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import numpy as np

from newsgraph.graph.columnar.arrays import Array, Texts
from newsgraph.graph.words import EDITION, words_of

#: The number of texts whose words are in memory at a time.
_SOME = 20_000


def indexed(texts: Iterable[str]) -> dict[str, Array]:
    """Returns the index: all different words, ascending; for each of them from where to where in ``place`` the places
    of the texts are that have it, which ascend; and how many words each text has, each time counted."""
    codes: dict[str, int] = {}
    lengths: list[Array] = []
    pairs: list[Array] = []
    number = 0
    for split in _split(texts):
        words = list(chain.from_iterable(split))
        for word in words:
            codes.setdefault(word, len(codes))
        code = np.fromiter(map(codes.__getitem__, words), dtype=np.int64, count=len(words))
        length = np.fromiter(map(len, split), dtype=np.int32, count=len(split))
        place = np.repeat(np.arange(number, number + len(split)), length)
        pairs.append(np.unique((code << 32) | place))
        lengths.append(length)
        number += len(split)
    ordered = sorted(codes)
    rank = np.empty(len(codes), dtype=np.int64)
    rank[np.fromiter(map(codes.__getitem__, ordered), dtype=np.int64, count=len(codes))] = np.arange(len(codes))
    pair = np.concatenate(pairs) if pairs else np.empty(0, dtype=np.int64)
    pair = np.sort((rank[pair >> 32] << 32) | (pair & 0xFFFFFFFF))
    length = np.concatenate(lengths) if lengths else np.empty(0, dtype=np.int32)
    return {
        **Texts.of([EDITION]).part("edition"),
        **Texts.of(ordered).part("word"),
        "until": np.searchsorted(pair, np.arange(1, len(ordered) + 1) << 32).astype(np.int32),
        "place": (pair & 0xFFFFFFFF).astype(np.int32),
        "length": length.astype(np.uint16 if length.max(initial=0) < 2**16 else np.int32),
    }


def _split(texts: Iterable[str]) -> Iterable[list[list[str]]]:
    some: list[list[str]] = []
    for text in texts:
        some.append(words_of(text))
        if len(some) == _SOME:
            yield some
            some = []
    if some:
        yield some
