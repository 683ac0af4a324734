"""Texts made from a regular expression that take long to match if a part of it can match in more than one way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

# The parser is internal to Python. There is no public one, and only tests need it.
from re import _constants as codes  # type: ignore[attr-defined]  # typeshed leaves internal modules out
from re import _parser as parser  # type: ignore[attr-defined]  # as above
from typing import Any, NamedTuple

_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}
_OF_CATEGORY = {
    codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "a", codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_NOT_SPACE: "a", codes.CATEGORY_NOT_WORD: "-",
}  # fmt: skip
#: Characters that are tried for a class that leaves some out, and beside those that a pattern names.
_ANY = " \t\na1A_-.,:;/<>\"'&=([{#*|%\0é中\u00a0@"
_USUAL = (" ", "\n", "a", "1", "-", ".")
#: A bound from which on a repetition counts as one without end.
_MANY = 200
_MOST_LITERALS, _MOST_IN_PAIRS, _MOST_SAMPLES = 20, 6, 4


class Attack(NamedTuple):
    """A text: a beginning, what is repeated after it, and an ending."""

    before: str
    repeated: str
    after: str

    def text(self, length: int) -> str:
        """Returns the text with about that many characters."""
        return self.before + self.repeated * (length // len(self.repeated) + 1) + self.after


def attacks(pattern: re.Pattern[Any]) -> list[Attack]:
    """Returns the attacks on a pattern, each once.

    They repeat each character that the pattern names, pairs of them, whole matches, and for each of its repetitions
    what it repeats, after the least text that leads to it; each with and without an ending that completes a match.
    """
    written, flags = pattern.pattern, pattern.flags
    if isinstance(written, bytes):
        written, flags = written.decode("latin-1"), flags & ~re.LOCALE
    tree = parser.parse(written, flags)
    named = list(dict.fromkeys((*sorted(set(_named(tree)))[:_MOST_LITERALS], *_USUAL)))
    made = dict.fromkeys(Attack("", repeated, after) for repeated in (*named, *_samples(tree)) for after in ("", "\0"))
    for before, bodies, rest in _repetitions(tree, "", ""):
        for body in bodies:
            made.update(dict.fromkeys(Attack(before, body, after) for after in ("", "\0", rest + "\0")))
            made[Attack("", before + body, "")] = made[Attack("", before + body + rest, "\0")] = None
        made.update(dict.fromkeys(Attack(before, one, "\0") for one in _USUAL))
        made.update(dict.fromkeys(Attack("", before + one, "") for one in ("", " ", "\n", "a")))
    few = named[:_MOST_IN_PAIRS]
    made.update(dict.fromkeys(Attack("", one + other, "\0") for one in few for other in few if one != other))
    return [one for one in made if one.repeated]


def _inside(code: Any, value: Any) -> Sequence[Any]:
    """Returns the trees in a part of a pattern."""
    if code in _REPEATS:
        return (value[2],)
    if code is codes.SUBPATTERN:
        return (value[3],)
    if code is codes.ATOMIC_GROUP:
        return (value,)
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return (value[1],)
    if code is codes.BRANCH:
        return tuple(value[1])
    return tuple(filter(None, value[1:])) if code is codes.GROUPREF_EXISTS else ()


def _named(tree: Iterable[Any]) -> Iterator[str]:
    """Yields the characters that a pattern names, and one of each of its categories."""
    for code, value in tree:
        if code in (codes.LITERAL, codes.NOT_LITERAL):
            yield chr(value)
        elif code is codes.RANGE:
            yield chr(value[0])
        elif code is codes.CATEGORY:
            yield _OF_CATEGORY[value]
        elif code is codes.IN:
            yield from _named(value)
        else:
            for one in _inside(code, value):
                yield from _named(one)


def _of_class(items: Sequence[Any]) -> list[str]:
    """Returns characters of a class."""
    negated = items[0][0] is codes.NEGATE
    kept = items[1:] if negated else items
    found = [one for one in _ANY if any(_holds(code, value, one) for code, value in kept) != negated]
    return found or list(_named(kept))


def _holds(code: Any, value: Any, one: str) -> bool:
    if code is codes.LITERAL:
        return bool(ord(one) == value)
    if code is codes.RANGE:
        return bool(value[0] <= ord(one) <= value[1])
    kind = {
        codes.CATEGORY_DIGIT: one.isdigit(), codes.CATEGORY_SPACE: one.isspace(),
        codes.CATEGORY_WORD: one.isalnum() or one == "_",
    }  # fmt: skip
    opposite = {codes.CATEGORY_NOT_DIGIT: "\\d", codes.CATEGORY_NOT_SPACE: "\\s", codes.CATEGORY_NOT_WORD: "\\w"}
    return kind[value] if value in kind else re.match(opposite[value], one) is None


def _samples(tree: Iterable[Any], most: int = _MOST_SAMPLES) -> list[str]:
    """Returns a few short texts that the pattern matches, or nearly so."""
    made = [""]
    for code, value in tree:
        parts = list(dict.fromkeys(_of_part(code, value, most)))[:most] or [""]
        made = list(dict.fromkeys([*(one + parts[0] for one in made), *(made[0] + part for part in parts[1:])]))[:most]
    return made


def _of_part(code: Any, value: Any, most: int) -> list[str]:
    if code is codes.LITERAL:
        return [chr(value)]
    if code is codes.NOT_LITERAL:
        return [one for one in "a 1" if ord(one) != value]
    if code is codes.ANY:
        return ["a", " "]
    if code is codes.IN:
        return _of_class(value)
    if code in _REPEATS:
        least, _most, inside = value
        parts = _samples(inside, most)
        return [part * least for part in parts] if least else ["", *parts]
    if code in (codes.SUBPATTERN, codes.ATOMIC_GROUP):
        return _samples(_inside(code, value)[0], most)
    return [part for branch in value[1] for part in _samples(branch, 1)] if code is codes.BRANCH else [""]


def _repetitions(tree: Iterable[Any], before: str, after: str) -> Iterator[tuple[str, list[str], str]]:
    """Yields for each repetition without end a text that leads to it, what it repeats, and a text that follows."""
    parts = list(tree)
    for place, (code, value) in enumerate(parts):
        rest = _samples(parts[place + 1 :], 1)[0] + after
        inside = _inside(code, value)
        if code in _REPEATS and value[1] >= _MANY:
            yield before, _samples(inside[0]), rest
        for one in inside:
            yield from _repetitions(one, before, rest)
        before += _samples([(code, value)], 1)[0]
