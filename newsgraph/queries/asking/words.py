"""Words in the form in which they are compared, and how well they fit titles.

The score of a title is the share of the words that it has, each word weighted by its rarity, ln(1 + N / (1 + n)) for n
of the N titles of that kind (inverse document frequency; Spärck Jones 1972, Journal of Documentation 28, 11-21). A word
that only begins a longer one counts three quarters. Of two titles with the same share, the one with fewer other words
scores slightly higher: the share is multiplied by 1 - 0.1 * (1 - matched / length). Letter case, accents and
punctuation make no difference.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from newsgraph.graph.columnar.word_index import WordIndex
from newsgraph.graph.words import folded, words_in

#: How much a word counts if it is one of the title's, and if it only begins one.
_WHOLE = 1.0
_PREFIX = 0.75
_FITS = (0.0, _PREFIX, _WHOLE)
#: Shorter words don't match the beginnings of others.
_SHORTEST_PREFIX = 3

#: How words fit a text, as a number with a digit for each word, its place in ``_FITS``; and the number of words of the
#: text.
_Match = tuple[int, int]


def scores_of(wanted: list[str], texts: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Returns the score of each text that has any of the words, by key."""
    matches: dict[str, _Match] = {}
    number = 0
    for key, text in texts:
        number += 1
        plain = folded(text)
        if not any(word in plain for word in wanted):
            continue
        tokens = words_in(plain)
        if fit := sum(_FITS.index(match(word, tokens)) * len(_FITS) ** at for at, word in enumerate(wanted)):
            matches[key] = (fit, len(tokens))
    scores = _scores(Counter(matches.values()), len(wanted), number)
    return {key: scores[one] for key, one in matches.items()}


def scores_in(wanted: list[str], index: WordIndex) -> dict[int, float]:
    """Returns the score of each text of an index that has any of the words, by its place."""
    # Of many texts, most are alike in how the words fit. Sets of them take less time than one after the other.
    alike: dict[int, set[int]] = {}
    for at, word in enumerate(wanted):
        whole = set(index.having(word))
        begun = having(word, index) - whole
        for fit, places in ((_FITS.index(_PREFIX), begun), (_FITS.index(_WHOLE), whole)):
            _add(alike, fit * len(_FITS) ** at, places)
    lengths = {fit: list(index.lengths_of(places)) for fit, places in alike.items()}
    matches: Counter[_Match] = Counter()
    for fit, some in lengths.items():
        matches.update({(fit, length): texts for length, texts in Counter(some).items()})
    scores = _scores(matches, len(wanted), len(index))
    found: dict[int, float] = {}
    for fit, places in alike.items():
        by_length = {length: scores[fit, length] for length in set(lengths[fit])}
        found.update(zip(places, map(by_length.__getitem__, lengths[fit]), strict=True))
    return found


def _add(alike: dict[int, set[int]], step: int, places: set[int]) -> None:
    """Adds ``step`` to how the texts at some places fit. ``alike`` are the places of texts by how they fit so far."""
    new = places.difference(*alike.values())
    for fit, texts in list(alike.items()):
        if both := texts & places:
            texts.difference_update(both)
            alike[fit + step] = both
    alike[step] = new


def having(word: str, index: WordIndex) -> set[int]:
    """Returns the places of the texts of an index among whose words the word counts, as :func:`match` says."""
    return index.beginning(word) if len(word) >= _SHORTEST_PREFIX else set(index.having(word))


def _scores(matches: Mapping[_Match, int], words: int, number: int) -> dict[_Match, float]:
    """Returns the scores of texts by how they match. ``matches`` tells how many texts match so, and ``number`` is that
    of all texts."""
    digits = {fit: [fit // len(_FITS) ** at % len(_FITS) for at in range(words)] for fit, _ in matches}
    counts = [0] * words
    for (fit, _), texts in matches.items():
        for at, digit in enumerate(digits[fit]):
            counts[at] += texts * (digit > 0)
    weights = [math.log(1 + number / (1 + count)) for count in counts]
    total = math.fsum(weights)
    shares = {
        fit: math.fsum(weight * _FITS[digit] for weight, digit in zip(weights, of_fit, strict=True)) / total
        for fit, of_fit in digits.items()
    }
    return {
        (fit, length): shares[fit] * (1 - 0.1 * (1 - min(1.0, sum(map(bool, digits[fit])) / length)))
        for fit, length in matches
    }


def match(word: str, tokens: Sequence[str]) -> float:
    """Returns how much the word counts among a title's words: 1, less if it only begins one, and 0 if it isn't
    there."""
    if word in tokens:
        return _WHOLE
    if len(word) >= _SHORTEST_PREFIX and any(token.startswith(word) for token in tokens):
        return _PREFIX
    return 0.0


def row_pattern(wanted: Sequence[str]) -> re.Pattern[str]:
    """Returns what finds the words where they follow one another, as :func:`in_a_row` says, in a title that has the
    form of :func:`~newsgraph.graph.words.folded`.

    >>> bool(row_pattern(["dam", "of"]).search("the dams of may")), bool(row_pattern(["dam", "of"]).search("dam offer"))
    (True, False)
    """
    words = r"[\W_]+".join(word + r"[^\W_]*" * (len(word) >= _SHORTEST_PREFIX) for word in wanted)
    # Where the first word begins is looked at behind it, because a text is searched for plain letters in less time.
    first = wanted[0]
    return re.compile(rf"{first}(?<![^\W_]{first}){words.removeprefix(first)}(?![^\W_])")


def in_a_row(wanted: Sequence[str], tokens: Sequence[str]) -> bool:
    """Tells whether the words follow one another in a title."""
    return any(
        all(match(word, [token]) for word, token in zip(wanted, tokens[start:], strict=False))
        for start in range(len(tokens) - len(wanted) + 1)
    )
