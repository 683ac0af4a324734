"""How the lines of a record are laid out: the records of a corpus mostly have the same names, one below the other.

A layout is worked out once, by ``fast_frontmatter``; from then on it says of each record which value stands on which
line. One that comes often becomes a pattern, which takes the values out of a text in a third of the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

from newsgraph.loaders.frontmatter.fast_blocks import NotPlain, lines, mapping

_Plan = TypeVar("_Plan")
#: Blanks, dash and key of each line, and whether a value stands behind.
_Shape = tuple[tuple[str, str, str, bool], ...]

#: A pattern, which takes milliseconds to make, is made for a layout that came so often.
_OFTEN = 8
#: Lines at most of a layout that is remembered; an article has some twenty.
_FEW = 200


class _Layout(Generic[_Plan]):
    def __init__(self, plan: _Plan) -> None:
        self.plan = plan
        self.came = 0


class Layouts(Generic[_Plan]):
    """The layouts of some kind of records. ``planned`` makes of one what its reader wants to know: it is given the
    mapping that the lines make, with the number of each value, as a text, in its place. It may raise NotPlain."""

    def __init__(self, planned: Callable[[Mapping[str, Any]], _Plan]) -> None:
        self._planned = planned
        self._layout = lru_cache(maxsize=512)(self._worked_out)
        # Of the record before, which the next is likely to be like: its dash, plan and pattern.
        self._last: tuple[str, _Plan, re.Pattern[str]] | None = None

    def read(self, text: str, place: int = 0, dash: str = "") -> tuple[_Plan, Sequence[str], int]:
        """What was planned for the record that begins at ``place``, its values as they are written, and where it ends.
        ``dash``: the blanks and the dash that it begins with as an item of a sequence; else it is all of the text.
        Raises NotPlain."""
        if self._last is not None and self._last[0] == dash:
            _, plan, pattern = self._last
            found = pattern.match(text, place)
            if found:
                return plan, found.groups(), found.end()
        found = _extent(dash).match(text, place)
        assert found is not None  # the text is said to begin so
        its_lines = lines(found[0])
        shape = tuple([(indent, mark, key, written != "") for indent, mark, key, written in its_lines])
        few = len(shape) <= _FEW
        layout = self._layout(shape, dash) if few else self._worked_out(shape, dash)
        if layout is None:
            raise NotPlain
        layout.came += 1
        if few and layout.came >= _OFTEN:
            self._last = dash, layout.plan, _pattern(shape, dash)
        return layout.plan, [written for *_, written in its_lines if written], found.end()

    def _worked_out(self, shape: _Shape, dash: str) -> _Layout[_Plan] | None:
        # None for one that isn't plain, which is remembered as well.
        number = iter(range(len(shape)))
        numbered = [(indent, mark, key, str(next(number)) if value else "") for indent, mark, key, value in shape]
        try:
            if not dash:
                return _Layout(self._planned(mapping(numbered)))
            items = mapping([("", "", "items", ""), *numbered])["items"]
            return _Layout(self._planned(items[0])) if len(items) == 1 and type(items[0]) is dict else None
        except NotPlain:
            return None


@lru_cache(maxsize=64)
def _extent(dash: str) -> re.Pattern[str]:
    # The lines of an item are those that stand further inside than its dash.
    return re.compile(f"{dash}.*\n(?:{_inside(dash)}.*\n)*+" if dash else "(?s:.*)")


@lru_cache(maxsize=64)
def _pattern(shape: _Shape, dash: str) -> re.Pattern[str]:
    text = ""
    for indent, mark, key, value in shape:
        text += re.escape(f"{indent}{mark}{key}{':' if key else ''}") + (" ++" if key and value else "")
        text += "(.*)\n" if value else "\n"
    return re.compile(text + (f"(?!{_inside(dash)})" if dash else r"\Z"))


def _inside(dash: str) -> str:
    return " " * len(dash)
