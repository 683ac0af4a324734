"""An upper bound for the ways in which a regular expression can be tried on a text by an engine that tracks back, as
Java's does.

Each part that may take more or less of the text (``*``, ``+``) is a choice: k of them share n characters in as many
ways as there are to choose k - 1 of n + k - 1. Alternatives (``|``, ``?``, ``{2,5}``) multiply the ways. A part that is
repeated without end and has choices in itself, as in ``(a+)+``, has ways without number.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from newsgraph.patterns import later

#: Quoted texts, classes of characters, flags, brackets, and signs that repeat, with what makes them lazy or possessive.
_PARTS = later(
    r"\\Q.*?(?:\\E|\Z)|\\[pPx]\{[^{}]*+\}|\\.|\[\^?\]?(?:\\.|\[[^\[\]]*+\]|[^\]\\])*+\]?|\(\?[a-zA-Z-]*+\)"
    r"|(?P<opens>\((?:\?(?:<?[=!]|[:>]|<\w++>|[a-zA-Z-]++:))?)|(?P<closes>\))|(?P<or>\|)"
    r"|(?P<repeats>[*+?]|\{\d++(?:,\d*+)?\})[?+]?|.",
    re.DOTALL,
)
#: More choices than this are without number.
_MOST_CHOICES = 60.0


@dataclass(slots=True)
class _Group:
    """The part of an expression within a bracket, as far as it is read: the choices of the longest alternative before,
    those of this one without its last part, those of the last part, and the same for how often alternatives multiply
    the ways."""

    before: float = 0
    choices: float = 0
    last: float = 0
    alternatives: float = 1
    last_alternatives: float = 1
    number: int = 1

    def add(self, choices: float, alternatives: float) -> None:
        self.choices += self.last
        self.alternatives *= self.last_alternatives
        self.last, self.last_alternatives = choices, alternatives

    def closed(self) -> tuple[float, float]:
        """Returns the choices and the alternatives of the whole group."""
        return max(self.before, self.choices + self.last), self.number * self.alternatives * self.last_alternatives

    def begin_another(self) -> None:
        self.before, self.choices, self.last = max(self.before, self.choices + self.last), 0, 0
        self.number += 1

    def repeat(self, sign: str) -> None:
        least, _, most = sign.strip("{}").partition(",")
        if sign in ("*", "+") or (not most and "," in sign):
            self.last = math.inf if self.last or self.last_alternatives > 1 else 1
        elif sign == "?":
            self.last_alternatives += 1
        else:
            times, other = float(most or least), float(most or least) - float(least)
            self.last = self.last * times + (other > _MOST_CHOICES)
            many = times * math.log2(self.last_alternatives) > _MOST_CHOICES
            self.last_alternatives = (math.inf if many else self.last_alternatives**times) + min(other, _MOST_CHOICES)


def ways(expression: str, length: float) -> float:
    """Returns in how many ways the expression can be tried at most on a text of so many characters; infinity for more
    than can be counted."""
    open_ = [_Group()]
    for found in _PARTS.finditer(expression):
        kind = found.lastgroup
        if kind == "opens":
            open_.append(_Group())
        elif kind == "closes" and len(open_) > 1:
            closed = open_.pop().closed()
            open_[-1].add(*closed)
        elif kind == "or":
            open_[-1].begin_another()
        elif kind == "repeats":
            open_[-1].repeat(found["repeats"])
        else:
            open_[-1].add(0, 1)
    choices, alternatives = open_[0].closed()
    choices += sum(group.closed()[0] for group in open_[1:])
    if choices > _MOST_CHOICES or math.isinf(alternatives):
        return math.inf
    return alternatives * math.comb(int(length + choices), max(int(choices) - 1, 0))
