"""How the lines of a record are laid out: the records of a corpus mostly have the same names, one below the other.

A layout is worked out once, by ``fast_blocks``; from then on it says of each record which value stands on which line.
One that comes often becomes a pattern, which takes the values out of a text in a fraction of the time. Lists of texts
count as one value, so that their length makes no layouts of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from newsgraph.loaders.frontmatter.fast_blocks import Line, lines, mapping, scalar, scalar_or_list
from newsgraph.loaders.frontmatter.plainness import NotPlain
from newsgraph.patterns import later


class Planned(Protocol):
    """What a reader of records makes of a layout."""

    @property
    def wanted(self) -> frozenset[int]:
        """The numbers of the values that are wanted; the others are looked at and left."""


_Plan = TypeVar("_Plan", bound=Planned)
#: One value that is wanted: a text, None for null, or a list of them.
Value = str | list[str | None] | None


class _Place(NamedTuple):
    """A line of a layout, or the lines of a list of texts."""

    indent: str
    dash: str
    key: str
    value: bool  # whether one stands behind
    items: bool  # whether it is a list of texts, an item a line


_Shape = tuple[_Place, ...]

#: A pattern, which takes milliseconds to make, is made for a layout that came so often.
_OFTEN = 8
#: Lines at most of a layout that is remembered; an article has some twenty.
_FEW = 200
#: Patterns that are tried one after the other, the one that matched last first.
_TRIED = 8

# A value as most are written: in quotes, or words of which none begins a comment or ends a key. What else there may be
# is left to fast_blocks.
_WORD = "[^\n\t :#]++(?:[:#]++[^\n\t :#]++)*+"
_VALUE = (
    r'"[^"\\\n]*+(?:\\["\\/nrt][^"\\\n]*+)*+"'
    r"|'[^'\n]*+(?:''[^'\n]*+)*+'"
    r"|(?!(?:~|null|Null|NULL|<<) *+\n)(?:-(?=[0-9])|(?![-\"'?:,\[\]{}#&*!|>%@`]))" + f"{_WORD}(?: ++{_WORD})*+"
)
_DASH = later(" *+- ++")
_BLANK_LINES = later("\n++")
_LIST = r"|\[[^\n]*+"


class _Layout(Generic[_Plan]):
    def __init__(self, plan: _Plan) -> None:
        self.plan = plan
        self.order = sorted(plan.wanted)
        self.came = 0


class Layouts(Generic[_Plan]):
    """The layouts of some kind of records. ``planned`` makes of one what its reader wants to know: it is given the
    mapping that the lines make, with the number of each value, as a text, in its place; that of a list of texts stands
    alone in a list. It may raise NotPlain."""

    def __init__(self, planned: Callable[[Mapping[str, Any]], _Plan]) -> None:
        self._planned = planned
        self._layout = lru_cache(maxsize=512)(self._worked_out)
        # For each dash the patterns of the layouts that came last.
        self._patterns: dict[str, list[tuple[re.Pattern[str], _Layout[_Plan]]]] = {}

    def read(self, text: str, place: int = 0, dash: str = "") -> tuple[_Plan, Sequence[Value], int]:
        """What was planned for the record that begins at ``place``, the values that are wanted, in their order, and
        where it ends. ``dash``: the blanks and the dash that it begins with as an item of a sequence; else it is all of
        the text. Raises NotPlain."""
        tried = self._patterns.setdefault(dash, [])
        for number, (pattern, layout) in enumerate(tried):
            found = pattern.match(text, place)
            if found:
                if number:
                    tried.insert(0, tried.pop(number))
                return layout.plan, _values(found.groups()), found.end()
        return self._read_by_lines(text, place, dash)

    def _read_by_lines(self, text: str, place: int, dash: str) -> tuple[_Plan, Sequence[Value], int]:
        found = _extent(dash).match(text, place)
        assert found is not None  # the text is said to begin so
        its_lines = lines(found[0])
        shape, written = _shape(its_lines)
        few = len(shape) <= _FEW
        layout = self._layout(shape, dash) if few else self._worked_out(shape, dash)
        if layout is None:
            raise NotPlain
        layout.came += 1
        if few and layout.came == _OFTEN:
            tried = self._patterns[dash]
            tried.insert(0, (_pattern(shape, dash, layout.plan.wanted), layout))
            del tried[_TRIED:]
            layout.came = 0  # should others drive it out
        values: list[Value] = [
            [scalar(one) for one in several] if isinstance(several, list) else scalar_or_list(several)
            for several in written
        ]
        return layout.plan, [values[number] for number in layout.order], found.end()

    def _worked_out(self, shape: _Shape, dash: str) -> _Layout[_Plan] | None:
        # None for one that isn't plain, which is remembered as well.
        number = iter(range(len(shape)))
        numbered = [(indent, mark, key, str(next(number)) if value else "") for indent, mark, key, value, _ in shape]
        try:
            if not dash:
                return _Layout(self._planned(mapping(numbered)))
            items = mapping([("", "", "items", ""), *numbered])["items"]
            return _Layout(self._planned(items[0])) if len(items) == 1 and type(items[0]) is dict else None
        except NotPlain:
            return None


def _shape(its_lines: Sequence[Line]) -> tuple[_Shape, list[str | list[str]]]:
    """The layout of some lines, and the values in it as they are written."""
    shape: list[_Place] = []
    values: list[str | list[str]] = []
    items: list[str] = []
    before: tuple[str, str] | None = None  # blanks and dash of the item on the line before
    for indent, dash, key, written in its_lines:
        if not (dash or key or written):
            continue  # a blank line
        if dash and written and not key:
            if before == (indent, dash):
                items.append(written)
                continue
            before = indent, dash
            items = [written]
            values.append(items)
            shape.append(_Place(indent, dash, key, True, True))
            continue
        before = None
        shape.append(_Place(indent, dash, key, written != "", False))
        if written:
            values.append(written)
    return tuple(shape), values


def _values(found: Sequence[str]) -> list[Value]:
    """The values that a pattern found."""
    values: list[Value] = []
    for one in found:
        first = one[0]
        if first == '"':
            values.append(scalar(one) if "\\" in one else one[1:-1])
        elif one[-1] == "\n":
            dash = _DASH.match(one)
            assert dash is not None  # a list's items begin with one
            items = _BLANK_LINES.sub("\n", one.rstrip("\n"))[dash.end() :].split("\n" + dash[0])
            values.append([scalar(item) for item in items])
        elif first in {"'", "["}:
            values.append(scalar_or_list(one))
        else:
            values.append(one)
    return values


@lru_cache(maxsize=64)
def _extent(dash: str) -> re.Pattern[str]:
    # The lines of an item are those that stand further inside than its dash.
    return re.compile(f"{dash}.*\n(?:{_inside(dash)}.*\n| *+\n)*+" if dash else "(?s:.*)")


def _pattern(shape: _Shape, dash: str, wanted: frozenset[int]) -> re.Pattern[str]:
    text, number = "" if dash else r"\n*+", 0
    for indent, mark, key, value, items in shape:
        beginning = re.escape(f"{indent}{mark}{key}{':' if key else ''}")
        if not value:
            text += rf"{beginning}\n++"
            continue
        group = "(" if number in wanted else "(?:"
        if items:
            text += rf"{group}(?:{beginning}(?:{_VALUE})\n++)++)"
        else:
            text += rf"{beginning} ++{group}{_VALUE}{_LIST if number in wanted else ''})\n++"
        number += 1
    return re.compile(text + (f"(?!{_inside(dash)})" if dash else r"\Z"))


def _inside(dash: str) -> str:
    return " " * len(dash)
