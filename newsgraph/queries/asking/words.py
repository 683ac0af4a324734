"""Words in the form in which they are compared, and how well they fit titles.

The score of a title is the share of the words that it has, each word weighted by its rarity, ln(1 + N / (1 + n)) for n
of the N titles of that kind (inverse document frequency; Spärck Jones 1972, Journal of Documentation 28, 11-21). A word
that only begins a longer one counts three quarters. Of two titles with the same share, the one with fewer other words
scores slightly higher: the share is multiplied by 1 - 0.1 * (1 - matched / length). Letter case, accents and
punctuation make no difference.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from newsgraph.graph.columnar.word_index import WordIndex
from newsgraph.graph.words import folded, words_in

#: How much a word counts if it only begins a word of the title.
_PREFIX = 0.75
#: Shorter words don't match the beginnings of others.
_SHORTEST_PREFIX = 3


def scores_of(wanted: list[str], texts: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Returns the score of each text that has any of the words, by key."""
    matches: dict[str, tuple[list[float], int]] = {}
    number = 0
    for key, text in texts:
        number += 1
        plain = folded(text)
        if not any(word in plain for word in wanted):
            continue
        tokens = words_in(plain)
        found = [match(word, tokens) for word in wanted]
        if any(found):
            matches[key] = (found, len(tokens))
    return _scores(matches, len(wanted), number)


def scores_in(wanted: list[str], index: WordIndex) -> dict[int, float]:
    """Returns the score of each text of an index that has any of the words, by its place."""
    found: dict[int, list[float]] = {}
    for at, word in enumerate(wanted):
        if len(word) >= _SHORTEST_PREFIX:
            for place in index.beginning(word):
                found.setdefault(place, [0.0] * len(wanted))[at] = _PREFIX
        for place in index.having(word):
            found.setdefault(place, [0.0] * len(wanted))[at] = 1.0
    return _scores({place: (one, index.lengths[place]) for place, one in found.items()}, len(wanted), len(index))


_Key = TypeVar("_Key", str, int)


def _scores(matches: Mapping[_Key, tuple[list[float], int]], words: int, number: int) -> dict[_Key, float]:
    """Returns the scores from how much each word counts in a text, and the number of the text's words. ``number`` is
    that of all texts."""
    counts = [0] * words
    for found, _ in matches.values():
        for at, one in enumerate(found):
            counts[at] += one > 0
    weights = [math.log(1 + number / (1 + count)) for count in counts]
    total = math.fsum(weights)
    scores: dict[_Key, float] = {}
    for key, (found, length) in matches.items():
        share = math.fsum(weight * match for weight, match in zip(weights, found, strict=True)) / total
        matched = sum(match > 0 for match in found)
        scores[key] = share * (1 - 0.1 * (1 - min(1.0, matched / length)))
    return scores


def match(word: str, tokens: Sequence[str]) -> float:
    """Returns how much the word counts among a title's words: 1, less if it only begins one, and 0 if it isn't
    there."""
    if word in tokens:
        return 1.0
    if len(word) >= _SHORTEST_PREFIX and any(token.startswith(word) for token in tokens):
        return _PREFIX
    return 0.0


def in_a_row(wanted: Sequence[str], tokens: Sequence[str]) -> bool:
    """Tells whether the words follow one another in a title."""
    return any(
        all(match(word, [token]) for word, token in zip(wanted, tokens[start:], strict=False))
        for start in range(len(tokens) - len(wanted) + 1)
    )
