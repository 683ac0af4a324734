"""Reads JSON from strangers: one object, an array, an object around an array (one or two levels deep), lines of
objects, or an object before a text.

Numbers stay texts, as they were written; the fields' converters give them their type. NaN, which statistics programs
write for an empty value, becomes null. An object in which a name is used twice becomes a :class:`Twice`, and only that
element is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from types import NoneType
from typing import Any, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from newsgraph.loaders.json.structure import LISTS, LOOKED_AT, articles_inside, is_one_article, like_an_article
from newsgraph.loaders.records import Problem, Problems
from newsgraph.patterns import later

#: Names of an article's title.
_TITLES = frozenset({"title", "headline", "name", "webTitle"})

Kind = Literal["object", "array", "lines", "front", "broken"]


class Twice(dict[str, Any]):
    """An object in which ``name`` is used twice."""

    name = ""


class Element(Struct, frozen=True):
    """One value. ``place`` is its path in the file ("articles[3]."), ``line`` its line if it is alone on it."""

    value: Any
    place: str = ""
    line: int | None = None
    envelope: Mapping[str, Any] = field(default_factory=dict)  # the object that holds its list


class JSONText(Struct, frozen=True):
    """What a text holds. The ``kind`` "front" means an object, followed by other text."""

    kind: Kind
    elements: tuple[Element, ...] = ()
    problems: tuple[Problem, ...] = ()
    envelope: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    twice = Twice(made)
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            twice.name = name
            break
        seen.add(name)
    return twice


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=lambda _: None, strict=False
)


#: The most bytes that the values of a text may take. Characters that begin a value are counted, each by its highest
#: size.
MAXIMUM_MEMORY = 2**30
_COSTS = (("[", 150), ("{", 300), (",", 60), (":", 160))


#: What programs put around JSON so that it is a script: a name that gets it, a function that is called with it, or
#: signs that keep other sites from using it. And comments before it.
_COMMENTS = r"(?:\s|//[^\n]*+\n|/\*(?:[^*]|\*(?!/))*+\*/)*+"
_AROUND = later(
    rf"{_COMMENTS}(?:\)\]\}}',?|(?:(?:var|let|const)\s+)?[\w.$]{{1,80}}(?:\[[\w\"']{{1,40}}\])?\s*[=(])?"
    rf"{_COMMENTS}(?=[{{\[])"
)
_AFTER_SCRIPT = later(r"(?:(?<!\s)\s++)?+(?:\)\s*+)?(?:;\s*+)?\Z")


def unwrapped(text: str) -> str | None:
    """Returns the JSON in a script that holds nothing else, on the same lines; None if there is none."""
    before = _AROUND.match(text)
    if before is None or not before[0].strip():
        return None
    after = _AFTER_SCRIPT.search(text, max(len(text) - 100, before.end()))
    return "\n" * before[0].count("\n") + text[before.end() : after.start() if after else len(text)]


def parse(text: str) -> JSONText:
    """Returns what the text holds. It must begin with { or [, apart from blanks. Never raises."""
    start = len(text) - len(text.lstrip())
    if len(text) > 2**20 and sum(text.count(sign) * cost for sign, cost in _COSTS) > MAXIMUM_MEMORY:
        return JSONText(
            "broken", problems=(Problem("the JSON holds too many small values", "Split it, or leave it out"),)
        )
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        return _in_parts(text, start, error)
    after = _BETWEEN.match(text, end)
    rest = after.end() if after else end
    if rest == len(text):
        return whole(value)
    if text[rest] in "{[":
        one_a_line = "\n" not in text[start:end] and "\n" in text[end:rest]
        return _lines(text) if one_a_line else _values(text, start)
    if isinstance(value, dict):
        return JSONText("front", (Element(value),))
    return _before_text(value, text.count("\n", 0, end) + 1)


def _before_text(values: list[Any], line: int) -> JSONText:
    """Returns the list that text follows, if articles are in it. Otherwise it is broken, in that line."""
    said = "the JSON has text after its end"
    if any(map(like_an_article, values[:LOOKED_AT])):
        return replace(whole(values), notes=(f"{said}, which is left out",))
    return JSONText("broken", problems=(Problem(said, _MEND, line=line),))


def _in_parts(text: str, start: int, error: Exception) -> JSONText:
    """Returns what a broken text holds: with its escapes mended, line by line, or the part of its list that can be
    read."""
    if isinstance(error, RecursionError):
        return JSONText("broken", problems=(_broken(error, text),))
    if _looks_like_lines(text[start:]):
        return _lines(text)
    mended = text
    notes: tuple[str, ...] = ()
    for mend, said in _MENDS:
        better = mend(mended)
        if better == mended:
            continue
        line = mended.count("\n", 0, getattr(error, "pos", 0)) + 1
        mended, notes = better, (*notes, said.format(line=line))
        try:
            value, end = _DECODER.raw_decode(mended, start)
        except (ValueError, RecursionError) as still:
            error = still
        else:
            if not mended[end:].strip():
                return replace(whole(value), notes=notes)
    return replace(_pieces(mended, error), notes=notes)


#: Where a list of objects begins, and where another object of it may follow.
_LIST = later(r"\[\s*(?=\{)")
_FOLLOWING = later(r"\}\s*,\s*(?=\{)")
_BETWEEN = later(r"\s*,?\s*")
#: How many times the text's length may be read in search of readable parts.
_READINGS = 4
#: The least number of characters already read that are kept.
_BEHIND = 2**14


def _pieces(text: str, error: Exception) -> JSONText:
    """Returns the readable objects of a list that is broken somewhere, and what was wrong with the others."""
    found = _LIST.search(text)
    elements: list[Element] = []
    problems = Problems()
    position = found.end() if found else len(text)
    work, searching, whole = 0, False, text
    line, counted = 1, 0
    while position < len(text) and work < _READINGS * len(whole):
        line, counted = line + text.count("\n", counted, position), position
        if position > max(_BEHIND, len(text) // 64):  # an error counts the lines from the beginning of the text
            text, position, counted = text[position:], 0, 0
        try:
            value, end = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError) as reason:
            at = max(getattr(reason, "pos", position), position)
            work += at - position + 1
            if not searching:
                said = f"the JSON of this element is broken: {getattr(reason, 'msg', 'nested too deep')}"
                where = line + text.count("\n", counted, at)
                problems.append(Problem(said, "It is left out, the others are loaded; mend it", line=where))
            searching = True
            following = _FOLLOWING.search(text, max(at - 1, position))
            position = following.end() if following else len(text)
            continue
        if not searching or like_an_article(value):  # what follows a broken place may be a part of the broken element
            elements.append(Element(value, f"[{len(elements)}].", line))
            searching = False
        between = _BETWEEN.match(text, end)
        position = between.end() if between else end
        if text.startswith("]", position) and not searching:
            break
        if not text.startswith("{", position):
            following = _FOLLOWING.search(text, end)
            position = following.end() if following else len(text)
            searching = True
    if not any(like_an_article(element.value) for element in elements):
        return JSONText("broken", problems=(_broken(error, whole),))
    if work >= _READINGS * len(whole):
        problems.append(Problem("the JSON is broken in too many places", "What follows is left out", line=line))
    return JSONText("array", tuple(elements), tuple(problems) or (_broken(error, whole),))


def value_of(text: str) -> Any:
    """Returns the value that a web page holds as JSON, mended if it is clear what is meant; None if it can't be
    read."""
    for mend in (str.strip, _page_json):
        try:
            return _DECODER.decode(mend(text))
        except (ValueError, RecursionError):
            continue
    return None


_ESCAPE = later(r"""\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|(.?))""", re.DOTALL)
#: What linked data in a page may be enclosed in, at its beginning and its end.
_HOLDING = (
    ("//", "<!--", "<![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */"),
    ("//", ";", "-->", "]]>", "/*]]>*/", "/* ]]> */"),
)
_COMMA = later(r",(?=\s*[}\]])")


def _without_last_commas(text: str) -> str:
    """Returns JSON without the commas before an end, which JSON lacks."""
    return outside_strings(text, lambda part: _COMMA.sub("", part)) if _COMMA.search(text) else text


def _page_json(text: str) -> str:
    """Returns JSON without what encloses it in a page, without escapes that JSON lacks, and without commas before an
    end."""
    bare = text.strip()
    before, after = _HOLDING
    length = 0
    while len(bare) != length:
        length = len(bare)
        for sign in before:
            bare = bare.removeprefix(sign).lstrip()
        for sign in after:
            bare = bare.removesuffix(sign).rstrip()
    return _without_last_commas(escapes_mended(bare))


def escapes_mended(text: str) -> str:
    """Replaces escapes that JSON lacks by the character itself: ``\\'`` by ``'``. All others keep their backslash."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(
        lambda found: found[0] if found[1] else found[2] if found[2] in "'`&$" else f"\\\\{found[2]}", text
    )


_STRING = later(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)


def outside_strings(text: str, change: Callable[[str], str]) -> str:
    """Returns the JSON with the parts outside of its strings changed."""
    pieces, position = [], 0
    for found in _STRING.finditer(text):
        pieces += [change(text[position : found.start()]), found[0]]
        position = found.end()
    return "".join((*pieces, change(text[position:])))


#: How a broken text is mended, one after the other, and what is said about it.
_MENDS: tuple[tuple[Callable[[str], str], str], ...] = (
    (escapes_mended, "it holds escapes that JSON lacks, the first in line {line:,}; they are read as the sign itself"),
    (_without_last_commas, "it holds commas before an end, the first in line {line:,}; they are left out"),
)
_MEND = "Mend it there, or save it again as JSON"


def _looks_like_lines(text: str) -> bool:
    first, _, rest = text.partition("\n")
    return first.startswith("{") and first.rstrip().endswith("}") and rest.lstrip().startswith("{")


def _broken(error: Exception, text: str) -> Problem:
    if isinstance(error, RecursionError):
        return Problem("the JSON is nested too deep", "No article is; leave it out")
    line = text.count("\n", 0, error.pos) + 1 if isinstance(error, json.JSONDecodeError) else None
    said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
    return Problem(f"the JSON is broken: {said}", _MEND, line=line)


def whole(value: Any) -> JSONText:
    """Returns what one value holds: its articles, wherever they are, or else itself."""
    inside = articles_inside(value)
    if inside is not None:
        return JSONText("array", tuple(Element(*one) for one in inside), envelope=inside[0].envelope)
    if isinstance(value, list):
        return JSONText("array", tuple(Element(one, f"[{number}].") for number, one in enumerate(value)))
    alone = JSONText("object", (Element(value),))
    if isinstance(value, dict) and not like_an_article(value):
        return _listed(value) or _listed_inside(value) or alone
    return alone


def _listed(envelope: Mapping[str, Any], path: str = "") -> JSONText | None:
    """Returns the elements of the list that an object holds; None if it holds none. ``path`` leads to the object."""
    for name in LISTS:
        inside = envelope.get(name)
        if isinstance(inside, list):
            elements = tuple(
                Element(one, f"{path}{name}[{number}].", None, envelope) for number, one in enumerate(inside)
            )
            return JSONText("array", elements, envelope=envelope)
    return None


def _listed_inside(value: Mapping[str, Any]) -> JSONText | None:
    """Returns the elements of a list of objects one level deeper, as in ``{"response": {"results": [...]}}``.

    An object with a title is an article itself, whatever lists it holds.
    """
    if not _TITLES.isdisjoint(value):
        return None
    for name, inner in value.items():
        found = _listed(inner, f"{name}.") if isinstance(inner, dict) and _TITLES.isdisjoint(inner) else None
        if found is not None and found.elements and all(isinstance(one.value, dict) for one in found.elements):
            return found
    return None


def _expanded(element: Element) -> tuple[Element, ...]:
    """Returns the articles of an answer that is one of several in a file, or the element itself."""
    if is_one_article(element.value):
        return (element,)
    inside = articles_inside(element.value)
    if inside is None:
        return (element,)
    return tuple(Element(value, place, element.line, envelope) for value, place, _, envelope in inside)


def _lines(text: str) -> JSONText:
    elements: list[Element] = []
    problems = Problems()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            for value in _line_values(line.strip()):
                elements.extend(_expanded(Element(value, line=number)))
        except (ValueError, RecursionError) as error:
            said = "nested too deep" if isinstance(error, RecursionError) else getattr(error, "msg", str(error))
            problems.append(
                Problem(f"the JSON of this line is broken: {said}", "Mend the line; the others are loaded", line=number)
            )
    return JSONText("lines", tuple(elements), tuple(problems))


def _line_values(line: str) -> list[Any]:
    """Returns the value on a line, or the values if several follow one another. Raises ValueError."""
    try:
        return [_DECODER.decode(line)]
    except ValueError:
        several = _following(line) or _following(_without_last_commas(escapes_mended(line)))
        if several is None:
            raise
        return several


def _following(text: str) -> list[Any] | None:
    """Returns the values that follow one another in the text; None if it isn't whole."""
    found, position = [], 0
    while position < len(text):
        try:
            value, position = _DECODER.raw_decode(text, position)
        except ValueError:
            return None
        found.append(value)
        between = _BETWEEN.match(text, position)
        position = between.end() if between else position
    return found


def _values(text: str, position: int) -> JSONText:
    """Returns objects that follow one another, each over several lines, or several on a line."""
    elements: list[Element] = []
    line, counted = 1, 0
    while position < len(text):
        line, counted = line + text.count("\n", counted, position), position
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            return JSONText("lines", tuple(elements), (_broken(error, text),))
        elements.extend(_expanded(Element(value, line=line)))
        between = _BETWEEN.match(text, position)
        position = between.end() if between else position
    return JSONText("lines", tuple(elements))


#: The types of most values that hold no others.
_WITHOUT_OTHERS = frozenset({str, bool, NoneType})


def given_twice(value: Any) -> str | None:
    """Returns a name that the value, or any value in it, uses twice; None if there is none."""
    for one in _inside(value):
        if isinstance(one, Twice):
            return one.name
    return None


def _inside(value: Any) -> Iterator[Any]:
    left = [value]
    while left:
        one = left.pop()
        yield one
        if isinstance(one, (dict, list)):
            inside = one.values() if isinstance(one, dict) else one
            left.extend([inner for inner in inside if type(inner) not in _WITHOUT_OTHERS])
