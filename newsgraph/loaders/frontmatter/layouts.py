"""The layouts of records: on which line which value is. Most records of a corpus have the same layout.

A layout is worked out once, by ``fast_blocks``. After that it tells for each record which value is on which line. For a
frequent layout, a regular expression is made, which takes the values out of a text in a fraction of the time. It knows
the names, and which values were in quotes or began with a figure each time so far; these need no closer look. All
others are mostly words that come again and again, so it is remembered what they mean. A list of texts counts as one
value, so that lists of other lengths don't make new layouts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from newsgraph.loaders.frontmatter.fast_blocks import Line, lines, mapping, scalar, scalar_or_list
from newsgraph.loaders.frontmatter.plainness import NotPlain
from newsgraph.patterns import later


class Planned(Protocol):
    """What a reader of records makes of a layout."""

    @property
    def wanted(self) -> frozenset[int]:
        """The numbers of the values that are wanted. The others are only checked."""


_Plan = TypeVar("_Plan", bound=Planned)
#: A value that is wanted: a text, None for null, or a list of texts.
Value = str | list[str | None] | None


class _Place(NamedTuple):
    """A line of a layout, or the lines of a list of texts."""

    indent: str
    dash: str
    key: str
    value: bool  # whether a value follows the key
    items: bool  # whether it is a list of texts, with an item on each line


_Shape = tuple[_Place, ...]

#: After so many uses of a layout a regular expression is made for it, which takes as long as these uses.
_OFTEN = 8
#: The greatest number of lines of a layout that is remembered. An article has about twenty.
_FEW = 200
#: The number of regular expressions that are tried one after the other, beginning with the one that matched last.
_TRIED = 8

# The forms of values that need no closer look. The first one finds the last quote of its line, which is faster than
# looking at each character; whether others are between the two is asked of all values together.
_IN_QUOTES = r'(?>"(.*)")'
_FIGURES = r"([0-9][^\n\t ]*+)(?<!:)"
_ANY = "(.++)"
_FORMS = {_IN_QUOTES: later(r'"[^"\\\n]*+"'), _FIGURES: later(_FIGURES)}

# The form of most other values: in quotes, or words of which none begins a comment or ends a key; or a list in
# brackets, which is still to be read. What has none of these is left to fast_blocks.
_WORD = "[^\n\t :#]++(?:[:#]++[^\n\t :#]++)*+"
_VALUE = (
    r'"[^"\\\n]*+(?:\\["\\/nrt][^"\\\n]*+)*+"'
    r"|'[^'\n]*+(?:''[^'\n]*+)*+'"
    r"|(?!(?:~|null|Null|NULL|<<)(?:\n|\Z))(?:-(?=[0-9])|(?![-\"'?:,\[\]{}#&*!|>%@`]))" + f"{_WORD}(?: ++{_WORD})*+"
    r"|\[[^\n]*+"
)
_USUAL_VALUE = later(_VALUE)
#: The number of values, as they are written, of which it is remembered what they mean.
_REMEMBERED = 4_096
_DASH = later(" *+- ++")
_BLANK_LINES = later("\n++")


class _Layout(Generic[_Plan]):
    def __init__(self, plan: _Plan, shape: _Shape) -> None:
        self.plan = plan
        self.shape = shape
        self.order = sorted(plan.wanted)
        self.all_wanted = len(self.order) == sum(place.value for place in shape)
        self.came = 0
        self.forms: list[str] = []  # of the values, in each record so far

    def wanted(self, values: list[Value]) -> list[Value]:
        """Returns those of the values that are wanted."""
        return values if self.all_wanted else [values[number] for number in self.order]

    def note_forms(self, written: Sequence[str | list[str]]) -> None:
        """Notes which forms the values of a record have."""
        forms = [_form(one) for one in written]
        self.forms = [one if one == other else _ANY for one, other in zip(forms, self.forms or forms, strict=True)]

    def pattern(self, dash: str) -> _Pattern[_Plan]:
        """Returns the regular expression of the layout, for records of that dash."""
        return _Pattern(self, re.compile(_expression(self.shape, self.forms, dash)))


class _Pattern(Generic[_Plan]):
    """The regular expression of a layout."""

    def __init__(self, layout: _Layout[_Plan], expression: re.Pattern[str]) -> None:
        self.layout = layout
        self.match = expression.match
        self._quoted = [number for number, form in enumerate(layout.forms) if form == _IN_QUOTES]
        self._others = [number for number, form in enumerate(layout.forms) if form == _ANY]

    def values(self, found: re.Match[str]) -> list[Value]:
        """Returns the wanted values of a record. Raises NotPlain for a form that is left to ``fast_blocks``."""
        values: list[Value] = list(found.groups())
        for number in self._others:
            values[number] = _value(found[number + 1])
        in_quotes = "".join([values[number] for number in self._quoted])  # type: ignore[misc]  # they are texts
        if '"' in in_quotes or "\\" in in_quotes:
            for number in self._quoted:
                values[number] = _value(f'"{values[number]}"')
        return self.layout.wanted(values)


class Layouts(Generic[_Plan]):
    """The layouts of one kind of records.

    ``planned`` turns a layout into what its reader needs. It is given the mapping that the lines make, in which each
    value is replaced by its number, as a text. For a list of texts there is one number, alone in a list. It may raise
    NotPlain.
    """

    def __init__(self, planned: Callable[[Mapping[str, Any]], _Plan]) -> None:
        self._planned = planned
        self._layout = lru_cache(maxsize=512)(self._worked_out)
        # For each dash, the regular expressions that were used last.
        self._patterns: dict[str, list[_Pattern[_Plan]]] = {}

    def read(self, text: str, place: int = 0, dash: str = "") -> tuple[_Plan, Sequence[Value], int]:
        """Returns the plan for the record that begins at ``place``, its wanted values in their order, and where it
        ends.

        ``dash`` is the blanks and the dash that it begins with as an item of a sequence. Without a dash it is the whole
        text. Raises NotPlain.
        """
        tried = self._patterns.setdefault(dash, [])
        for number, pattern in enumerate(tried):
            found = pattern.match(text, place)
            if found:
                if number:
                    tried.insert(0, tried.pop(number))
                try:
                    return pattern.layout.plan, pattern.values(found), found.end()
                except NotPlain:
                    break
        return self._read_by_lines(text, place, dash)

    def _read_by_lines(self, text: str, place: int, dash: str) -> tuple[_Plan, Sequence[Value], int]:
        found = _extent(dash).match(text, place)
        assert found is not None  # the caller says that the text begins in this way
        its_lines = lines(found[0])
        shape, written = _shape(its_lines)
        few = len(shape) <= _FEW
        layout = self._layout(shape, dash) if few else self._worked_out(shape, dash)
        if layout is None:
            raise NotPlain
        if few:
            layout.note_forms(written)
            layout.came += 1
            if layout.came == _OFTEN:
                # Others may have taken its place, or its values have other forms than before.
                others = [one for one in self._patterns[dash] if one.layout is not layout]
                self._patterns[dash][:] = [layout.pattern(dash), *others[: _TRIED - 1]]
                layout.came = 0
        values: list[Value] = [
            [scalar(one) for one in several] if isinstance(several, list) else scalar_or_list(several)
            for several in written
        ]
        return layout.plan, layout.wanted(values), found.end()

    def _worked_out(self, shape: _Shape, dash: str) -> _Layout[_Plan] | None:
        # None for a layout that isn't plain, which is remembered as well.
        number = iter(range(len(shape)))
        numbered = [(indent, mark, key, str(next(number)) if value else "") for indent, mark, key, value, _ in shape]
        try:
            if not dash:
                return _Layout(self._planned(mapping(numbered)), shape)
            items = mapping([("", "", "items", ""), *numbered])["items"]
            return _Layout(self._planned(items[0]), shape) if len(items) == 1 and type(items[0]) is dict else None
        except NotPlain:
            return None


def _shape(its_lines: Sequence[Line]) -> tuple[_Shape, list[str | list[str]]]:
    """Returns the layout of some lines, and the values in it as they are written."""
    shape: list[_Place] = []
    values: list[str | list[str]] = []
    items: list[str] = []
    before: tuple[str, str] | None = None  # blanks and dash of the list item on the line before
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


def _form(written: str | list[str]) -> str:
    """Returns the form of a value, as a part of a regular expression."""
    if isinstance(written, list):
        return _ANY
    return next((form for form, pattern in _FORMS.items() if pattern.fullmatch(written)), _ANY)


@lru_cache(maxsize=_REMEMBERED)
def _value(written: str) -> Value:
    """Returns what is written on the rest of a line, or on the lines of a list of texts.

    Raises NotPlain for a form that is left to ``fast_blocks``.
    """
    if written[-1] == "\n":
        dash = _DASH.match(written)
        assert dash is not None  # items of a list begin with a dash
        items = _BLANK_LINES.sub("\n", written.rstrip("\n"))[dash.end() :].split("\n" + dash[0])
        return [scalar(item) for item in items]
    if not _USUAL_VALUE.fullmatch(written):
        raise NotPlain
    return scalar_or_list(written)


@lru_cache(maxsize=64)
def _extent(dash: str) -> re.Pattern[str]:
    # The lines of an item are those that are further inside than its dash.
    return re.compile(f"{dash}.*\n(?:{_inside(dash)}.*\n| *+\n)*+" if dash else "(?s:.*)")


def _expression(shape: _Shape, forms: Iterable[str], dash: str) -> str:
    text, form = "" if dash else r"\n*+", iter(forms)
    for indent, mark, key, value, items in shape:
        beginning = re.escape(f"{indent}{mark}{key}{':' if key else ''}")
        if items:
            next(form)
            text += rf"((?:{beginning}(?! ).++\n++)++)"
        else:
            text += rf"{beginning} ++{next(form)}\n++" if value else rf"{beginning}\n++"
    return text + (f"(?!{_inside(dash)})" if dash else r"\Z")


def _inside(dash: str) -> str:
    return " " * len(dash)
