"""An upper bound for what one value of a query costs on a server, which can't stop while it computes a value.

A server looks at its clock and counts memory between rows. One value (a ``reduce``, list comprehensions in each other,
a text that doubles, a regular expression) is computed to its end, whatever the time limit is, and TERMINATE doesn't end
it either. So a text is refused before it runs if one of its values may take more than ``MOST`` steps, or grow beyond
``MOST`` characters or items. UNWIND makes rows of the same work, and those the server can stop.

The text is computed with sizes in place of values (an abstract interpretation: Cousot and Cousot 1977). What the text
and its parameters say is known; a collected list is as long as the most rows that the server's own plan expects; what
is stored is short (``STORED``). It isn't a reader of all of Cypher: what it doesn't know counts as the sum of its
parts.

The order to read it in: ``check_values`` at the end, ``_tokens``, then ``_Reading`` from clauses to values: ``clauses``
splits a text, ``_value`` an expression at its comparisons and sums, ``_term`` at its products, and ``_factor`` reads
what is left. ``_RESULTS`` says what functions return.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from newsgraph.errors import QueryLimitError
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES, Type, property_types
from newsgraph.graph.stores.neo4j.pattern_cost import ways
from newsgraph.graph.stores.reading_rules import FUNCTION_SPACES, LONGEST, readings
from newsgraph.patterns import later

#: The steps, and the characters or items, of one value at most. A server needs 5 to 20 s for so many steps.
MOST = 100_000_000
#: How many rows a server expects of each UNWIND, whatever its list is.
EXPECTED = 10
#: How many different values a list of different ones has at most.
MOST_DISTINCT = 10_000
#: How many characters or items a stored value has, and how large a stored number is.
STORED, STORED_NUMBER = 60, 10_000
#: How many characters are copied in the time of one step, and in how many ways a regular expression is tried.
_COPIED, _TRIED = 1_000, 10
#: A reduce is followed step by step for so long. Then it is taken to grow on as in its last step.
_FOLLOWED = 64
#: How many different texts a part of a regular expression may be.
_MOST_TEXTS = 200
#: How many parts of a text are looked at, with those of a reduce at each of its steps.
_MOST_PARTS = 300_000

_TOKEN = later(
    r"""(?P<text>'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?)|(?P<skipped>\s+|//[^\r\n]*|/\*.*?(?:\*/|\Z))"""
    r"""|(?P<property>(?<!\.)\.\s*(?:[^\W\d]\w*|`(?:``|[^`])*`))|(?P<parameter>\$\s*(?:`(?:``|[^`])*`|\w+))"""
    r"""|(?P<number>0[xo][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)|(?P<quoted>`(?:``|[^`])*`?)"""
    r"""|(?P<sign>=~|<>|<=|>=|\.\.|\|\||.)""",
    re.DOTALL,
)
_ESCAPED = later(r"\\(.)", re.DOTALL)
_OF_NUMBERS = (Type.INTEGER, Type.REAL, Type.BOOLEAN, Type.TIME)
#: Names of properties that are numbers or times wherever the schema has them.
_DECLARED = [
    *(pair for node in NODE_TYPES for pair in property_types(node)),
    *(pair for edge in EDGE_TYPES for pair in property_types(edge)),
]
_STORED_NUMBERS = {name for name, kind in _DECLARED if kind in _OF_NUMBERS}.difference(
    name for name, kind in _DECLARED if kind not in _OF_NUMBERS
)
_CLOSES = {"(": ")", "[": "]", "{": "}"}
_CLAUSES = frozenset(
    {"MATCH", "WITH", "RETURN", "UNWIND", "WHERE", "ORDER", "SKIP", "OFFSET", "LIMIT", "CALL", "YIELD", "UNION", "SET"}
    | {"OPTIONAL", "CREATE", "MERGE", "DELETE", "DETACH", "REMOVE", "FOREACH", "FILTER", "LET", "FINISH", "ON"}
)
_PATTERNS = frozenset({"MATCH", "CREATE", "MERGE"})
_COMPARISONS = frozenset(
    {"AND", "OR", "XOR", "NOT", "IN", "CONTAINS", "STARTS", "ENDS", "IS", "=", "=~", "<", ">", "<>", "<=", ">=", ":"}
)
_ARITHMETIC = frozenset("*/%^")
_QUANTIFIERS = frozenset({"ANY", "ALL", "NONE", "SINGLE", "FILTER", "EXTRACT"})
_REDUCES = frozenset({"REDUCE", "ALLREDUCE"})
#: Name spaces of functions whose values are no texts or lists.
_SPACES_OF_NUMBERS = frozenset({space.partition(".")[0].upper() for space in FUNCTION_SPACES} - {"APOC"})


@dataclass(frozen=True, slots=True)
class Size:
    """What is known of a value. ``length``: how many characters or items it has. ``item``: how large each of them is.

    ``most``: the largest number that it is, or holds. ``number``: whether it surely is a number. ``texts``: all that it
    can be, if that is known. ``collected``: whether rows were made a list. ``one``: what each item of it is.
    ``parts``: the items of a list or map that the text spells out.
    """

    length: float = 1
    item: float = 1
    most: float = STORED_NUMBER
    number: bool = False
    texts: tuple[str, ...] | None = None
    collected: bool = False
    one: Size | None = None
    parts: Mapping[str, Size] = field(default_factory=dict)

    @property
    def total(self) -> float:
        return self.length * self.item

    def each(self) -> Size:
        """Returns the size of one of its items."""
        return self.one or Size(self.item, 1, self.most)


_STORED = Size(STORED)
_UNKNOWN = Size()
_TRUTH = Size(1, 1, 1, number=True)


def _number(most: float) -> Size:
    return Size(1, 1, most, number=True)


def _text(value: str) -> Size:
    return Size(len(value), texts=(value,) if len(value) <= LONGEST else None)


def _list(length: float, one: Size) -> Size:
    return Size(length, max(one.total, 1), one.most, one=one)


def _of_value(value: Any) -> Size:
    """Returns the size of a parameter's value."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return _joined({str(name): _of_value(one) for name, one in value.items()})
    if isinstance(value, list | tuple):
        if len(value) > _MOST_TEXTS and {*map(type, value)} == {str}:
            return _list(len(value), Size(max(map(len, value))))
        return _joined({str(place): _of_value(one) for place, one in enumerate(value)})
    return _number(abs(value)) if isinstance(value, int | float) else _UNKNOWN


def _joined(parts: dict[str, Size]) -> Size:
    """Returns the size of a list or map with these items."""
    if not parts:
        return Size(1, 1, 0)
    one = _largest(list(parts.values()))
    return replace(_list(len(parts), one), parts=parts if len(parts) <= _FOLLOWED else {})


def _largest(sizes: Sequence[Size]) -> Size:
    """Returns the size of a value that is one of these."""
    if len(sizes) == 1:
        return sizes[0]
    first = max(sizes, key=lambda one: one.total)
    known = [one.texts for one in sizes if one.texts is not None]
    texts = tuple(itertools.chain.from_iterable(known)) if len(known) == len(sizes) else None
    parts = first.parts if all(one.parts.keys() == first.parts.keys() for one in sizes) else {}
    return Size(
        first.length, first.item, max(one.most for one in sizes), all(one.number for one in sizes),
        texts if texts and len(texts) <= _MOST_TEXTS else None, first.collected, first.one,
        {name: max((one.parts[name] for one in sizes), key=lambda one: one.total) for name in parts},
    )  # fmt: skip


def _added(left: Size, right: Size) -> Size:
    """Returns the size of ``left + right``: a sum, or a text or list of both."""
    if left.number and right.number:
        return _number(left.most + right.most)
    length, texts = left.length + right.length, None
    if left.texts and right.texts and len(left.texts) * len(right.texts) <= _MOST_TEXTS and length <= LONGEST:
        texts = tuple(one + other for one in left.texts for other in right.texts)
    larger = left if left.item > right.item else right
    return Size(length, larger.item, left.most + right.most, texts=texts, one=larger.one)


@dataclass(frozen=True, slots=True)
class _Token:
    """``word``: in capitals, if it can be a keyword or is a sign; else empty. ``inner``: what is in a bracket."""

    kind: str
    text: str
    word: str = ""
    inner: tuple[_Token, ...] = ()


def _tokens(text: str) -> list[_Token]:
    """Returns the tokens of a text. A bracket, and CASE ... END, is one token that holds those inside it."""
    levels: list[tuple[str, list[_Token]]] = [("", [])]
    for found in _TOKEN.finditer(text):
        kind, word = str(found.lastgroup), found.group()
        upper = word.upper()
        if kind == "skipped":
            continue
        if kind == "sign" and word in _CLOSES:
            levels.append((word, []))
        elif kind == "name" and upper == "CASE":
            levels.append(("CASE", []))
        elif len(levels) > 1 and (word == _CLOSES.get(levels[-1][0]) or (levels[-1][0], upper) == ("CASE", "END")):
            opened, inner = levels.pop()
            levels[-1][1].append(_Token("group", opened, inner=tuple(inner)))
        elif upper == "WITH" and levels[-1][1] and levels[-1][1][-1].word in ("STARTS", "ENDS"):
            continue  # STARTS WITH is no clause WITH
        else:
            name = word.strip("`") if kind == "quoted" else word
            levels[-1][1].append(_Token(kind, name, upper if kind in ("name", "sign") else ""))
    while len(levels) > 1:
        opened, inner = levels.pop()
        levels[-1][1].append(_Token("group", opened, inner=tuple(inner)))
    return levels[0][1]


def _split(tokens: Sequence[_Token], at: Callable[[_Token], bool]) -> list[list[_Token]]:
    parts: list[list[_Token]] = [[]]
    for token in tokens:
        if at(token):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _is_sign(*signs: str) -> Callable[[_Token], bool]:
    return lambda token: token.word in signs


def _by_commas(tokens: Sequence[_Token]) -> list[list[_Token]]:
    return [part for part in _split(tokens, _is_sign(",")) if part]


class _Reading:
    """Computes one text with sizes in place of values. Raises QueryLimitError where a value is too much."""

    def __init__(self, parameters: Mapping[str, Size], rows: float) -> None:
        self._parameters, self._rows = parameters, max(rows, 1.0)
        self._steps, self._parts = 0.0, 0

    def clauses(self, tokens: Sequence[_Token], names: dict[str, Size]) -> None:
        """Reads clauses in their order. ``names`` are the variables, to which new ones are added."""
        word = ""
        body: list[_Token] = []
        for token in [*tokens, _Token("name", "FINISH", "FINISH")]:
            if token.word in _CLAUSES:
                self._clause(word, body, names)
                word, body = token.word, []
            else:
                body.append(token)

    def _pattern(self, tokens: Sequence[_Token], names: dict[str, Size]) -> None:
        """Reads the conditions and maps of a pattern."""
        where = next((place for place, token in enumerate(tokens) if token.word == "WHERE"), len(tokens))
        self._value(tokens[where + 1 :], 1, names)
        for token in tokens[:where]:
            if token.text == "{":
                self._map(token.inner, 1, names)
            else:
                self._pattern(token.inner, names)

    def _clause(self, word: str, body: list[_Token], names: dict[str, Size]) -> None:
        new = {}
        if word in _PATTERNS:
            self._pattern(body, names)
            return
        for item in _by_commas(body):
            named = next((place for place, token in enumerate(item) if token.word == "AS"), None)
            if word == "LET" and len(item) > 1 and item[1].text == "=":
                new[item[0].text] = self._value(item[2:], 1, names)
            elif named is None:
                self._value(item, 1, names)
            else:
                value = self._value(item[:named], 1, names)
                if word == "UNWIND" and not value.collected:
                    self._rows *= max(value.length / EXPECTED, 1)
                for name in item[named + 1 : named + 2]:
                    new[name.text] = value.each() if word == "UNWIND" else value
        names.update(new)

    def _value(self, tokens: Sequence[_Token], times: float, names: dict[str, Size]) -> Size:
        """Returns the size of an expression that is computed ``times`` times within one value."""
        if len(tokens) == 1:
            return self._factor(tokens, times, names)
        if any(token.word in _COMPARISONS for token in tokens):
            return self._comparison(tokens, times, names)
        terms = [list(tokens[:1])]
        subtracted = False
        total: Size | None = None
        for token in tokens[1:]:
            if token.kind == "sign" and token.text in ("+", "-", "||"):
                total = self._sum(total, self._term(terms.pop(), times, names), times, number=subtracted)
                subtracted = token.text == "-"
                terms.append([])
            else:
                terms[-1].append(token)
        return self._sum(total, self._term(terms.pop(), times, names), times, number=subtracted)

    def _sum(self, total: Size | None, term: Size, times: float, *, number: bool) -> Size:
        if total is None:
            return term
        if number:
            return _number(total.most + term.most)
        added = _added(total, term)
        self._charge(times * added.length / _COPIED)
        return self._checked(added)

    def _comparison(self, tokens: Sequence[_Token], times: float, names: dict[str, Size]) -> Size:
        sides: list[tuple[str, list[_Token]]] = [("", [])]
        for token in tokens:
            if token.word in _COMPARISONS:
                sides.append((token.word, []))
            else:
                sides[-1][1].append(token)
        before = _TRUTH
        for sign, side in sides:
            value = self._value(side, times, names) if side else _TRUTH
            if sign == "=~":
                self._charge(times * _expression_ways(value, before))
            before = value
        return _TRUTH

    def _term(self, tokens: Sequence[_Token], times: float, names: dict[str, Size]) -> Size:
        factors = _split(tokens, _is_sign(*_ARITHMETIC))
        if len(factors) == 1:
            return self._factor(tokens, times, names)
        sizes = [self._factor(factor, times, names) for factor in factors]
        power = any(token.text == "^" for token in tokens)
        return _number(math.inf if power else math.prod(max(one.most, 1) for one in sizes))

    def _factor(self, tokens: Sequence[_Token], times: float, names: dict[str, Size]) -> Size:
        value: Size | None = None
        place = 0
        while place < len(tokens):
            token = tokens[place]
            place += 1
            self._parts += 1
            self._charge(times)
            if token.kind == "sign":
                continue
            following = tokens[place] if place < len(tokens) else None
            if token.kind == "property" and value is not None:
                name = token.text[1:].strip(" \t\r\n`")
                value = _part(value, name)
                if following is not None and following.text == "(":  # a function with a name space
                    place += 1
                    spaced = tokens[0].word not in _SPACES_OF_NUMBERS
                    value = self._function(name, following.inner, times, names, spaced=spaced)
            elif token.text == "[" and token.kind == "group" and value is not None:
                value = self._indexed(value, token.inner, times, names)
            elif token.kind in ("name", "quoted") and following is not None and following.kind == "group":
                place += 1
                value = self._named_group(token, following, times, names)
            else:
                one = self._atom(token, times, names)
                value = one if value is None else _added(value, one)
        return value or _UNKNOWN

    def _atom(self, token: _Token, times: float, names: dict[str, Size]) -> Size:
        if token.kind == "text":
            return _text(_ESCAPED.sub(r"\1", token.text[1:-1]))
        if token.kind == "number":
            return _number(_literal(token.text))
        if token.kind == "parameter":
            return self._parameters.get(token.text[1:].strip(" \t\r\n`"), _UNKNOWN)
        if token.kind in ("name", "quoted"):
            return names.get(token.text, _TRUTH if token.word in ("TRUE", "FALSE", "NULL") else _STORED)
        if token.kind == "group":
            return self._group(token, times, names)
        return _UNKNOWN

    def _group(self, token: _Token, times: float, names: dict[str, Size]) -> Size:
        inner = token.inner
        if token.text == "CASE":
            return self._case(inner, times, names)
        if token.text == "(":
            return _largest([self._value(part, times, names) for part in _by_commas(inner)] or [_UNKNOWN])
        if token.text == "{":
            return self._map(inner, times, names)
        if len(inner) > 1 and inner[1].word == "IN":
            return self._comprehension(inner, times, names)
        if any(map(_is_sign("|"), inner)):  # a comprehension of a pattern, whose rows are the server's, or types
            pattern, *results = _split(inner, _is_sign("|"))
            self._pattern(pattern, names)
            return _list(self._rows, _largest([_STORED, *(self._value(part, times, names) for part in results)]))
        return _joined({str(place): self._value(part, times, names) for place, part in enumerate(_by_commas(inner))})

    def _map(self, inner: Sequence[_Token], times: float, names: dict[str, Size]) -> Size:
        if inner and inner[0].word in _CLAUSES:
            self.clauses(inner, names)  # a subquery
            return _list(self._rows, _STORED)
        parts = {}
        for place, item in enumerate(_by_commas(inner)):
            key, value = (item[0].text.strip("`"), item[2:]) if len(item) > 1 and item[1].text == ":" else ("", item)
            parts[key or str(place)] = self._value(value, times, names)
        return _joined(parts)

    def _case(self, inner: Sequence[_Token], times: float, names: dict[str, Size]) -> Size:
        results, word = [Size(0)], ""
        part: list[_Token] = []
        for token in [*inner, _Token("name", "END", "END")]:
            if token.word in ("WHEN", "THEN", "ELSE", "END"):
                value = self._value(part, times, names)
                if word in ("THEN", "ELSE"):
                    results.append(value)
                word, part = token.word, []
            else:
                part.append(token)
        return _largest(results[1:] or results)

    def _comprehension(self, inner: Sequence[_Token], times: float, names: dict[str, Size]) -> Size:
        """``x IN list WHERE condition | result``, in a list or in a quantifier."""
        name, rest = inner[0].text, inner[2:]
        source, *results = _split(rest, _is_sign("|"))
        where = next((place for place, token in enumerate(source) if token.word == "WHERE"), len(source))
        items = self._value(source[:where], times, names)
        inside = {**names, name: items.each()}
        often = times * items.length
        self._value(source[where + 1 :], often, inside)
        if not results:
            return replace(items, parts={}, number=False)
        result = self._value([token for part in results for token in part], often, inside)
        return self._checked(_list(items.length, result))

    def _reduce(self, inner: Sequence[_Token], times: float, names: dict[str, Size]) -> Size:
        """``total = first, x IN list | step``."""
        head, *steps = _split(inner, _is_sign("|"))
        first, *lists = _split(head, _is_sign(","))
        step = [token for part in steps for token in part]
        over = [token for part in lists for token in part]
        if len(first) < 2 or len(over) < 2:
            return self._value(inner, times, names)
        total, items = self._value(first[2:], times, names), self._value(over[2:], times, names)
        inside = {**names, over[0].text: items.each()}
        often, growth = times * items.length, [total.total]
        for _ in range(int(min(items.length, _FOLLOWED))):
            following = self._value(step, 0, {**inside, first[0].text: total})
            total = self._checked(following)
            growth.append(total.total)
            if len(growth) > 3 and growth[-1] - growth[-2] == growth[-2] - growth[-3]:
                break
        left, grown = items.length - (len(growth) - 1), growth[-1] - growth[-2] if len(growth) > 1 else 0
        if left > 0:
            total = replace(total, most=math.inf)
        if left > 0 and grown > 0:
            total = replace(total, length=total.length + grown * left / max(total.item, 1), parts={})
        self._value(step, often, {**inside, first[0].text: replace(total, length=total.length / 2)})
        return self._checked(total)

    def _named_group(self, name: _Token, group: _Token, times: float, names: dict[str, Size]) -> Size:
        """What a name with a bracket after it is: a function, a subquery, a map of a node, the item of a list."""
        if group.text == "(":
            return self._function(name.text, group.inner, times, names, spaced=False)
        value = self._group(group, times, names) if group.text != "[" else _UNKNOWN
        if name.word in ("EXISTS", "COUNT"):
            return _number(self._rows)
        if group.text == "[":
            if name.word == "BY":
                return self._group(group, times, names)
            return self._indexed(names.get(name.text, _STORED), group.inner, times, names)
        return value

    def _indexed(self, value: Size, inner: Sequence[_Token], times: float, names: dict[str, Size]) -> Size:
        for part in _split(inner, _is_sign("..")):
            self._value(part, times, names)
        if any(map(_is_sign(".."), inner)):
            return replace(value, parts={})
        key = inner[0].text.strip("'\"") if len(inner) == 1 else ""
        return value.parts.get(key) or value.each()

    def _function(
        self, name: str, inner: Sequence[_Token], times: float, names: dict[str, Size], *, spaced: bool
    ) -> Size:
        word = name.upper().strip("`")
        if word in _REDUCES:
            return self._reduce(inner, times, names)
        if word in _QUANTIFIERS and len(inner) > 1 and inner[1].word == "IN":
            found = self._comprehension(inner, times, names)
            return found if word in ("FILTER", "EXTRACT") else _TRUTH
        if word == "COLLECT":
            return self._collected(inner, times, names)
        given = [self._value(part, times, names) for part in _by_commas(inner)] or [_UNKNOWN]
        self._charge(times * sum(one.total for one in given) / _COPIED)
        if word in ("COUNT", "SUM"):
            return _number(max(one.most for one in given) * self._rows)
        if word in _RESULTS:
            return self._checked(_RESULTS[word](given))
        return self._checked(_filled(given)) if spaced else _of_all(given)

    def _collected(self, inner: Sequence[_Token], times: float, names: dict[str, Size]) -> Size:
        distinct = bool(inner) and inner[0].word == "DISTINCT"
        one = self._value(inner[distinct:], times, names)
        return replace(_list(min(self._rows, MOST_DISTINCT) if distinct else self._rows, one), collected=True)

    def _charge(self, steps: float) -> None:
        self._steps += steps
        if self._steps > MOST or self._parts > _MOST_PARTS:
            raise _too_much("take more steps than a server can be asked for at once")

    def _checked(self, size: Size) -> Size:
        if size.total > MOST:
            raise _too_much("grow larger than a server can hold")
        return size


def _part(value: Size, name: str) -> Size:
    if name in _STORED_NUMBERS:
        return _number(STORED_NUMBER)
    if value.parts:
        return value.parts.get(name, _UNKNOWN)
    return Size(max(value.total, 1), 1, max(value.most, STORED_NUMBER))


def _as_number(size: Size) -> float:
    """Returns the largest number that the value can be, or be read as."""
    if size.number:
        return size.most
    if size.texts:
        return max(_literal(text) if text[:1].isdigit() else 0 for text in map(str.strip, size.texts))
    return math.inf if size.total > STORED_NUMBER else 10.0 ** min(size.total, 300)


def _literal(text: str) -> float:
    try:
        return abs(float(int(text, 0) if text[:2].lower() in ("0x", "0o") else float(text)))
    except (ValueError, OverflowError):
        return math.inf


def _of_all(given: Sequence[Size]) -> Size:
    length, most = sum(one.length for one in given), max(one.most for one in given)
    return replace(_largest(given), length=length, most=most, texts=None, parts={})


def _largest_number(given: Sequence[Size]) -> Size:
    return _number(max(one.most for one in given))


def _read_number(given: Sequence[Size]) -> Size:
    return _number(_as_number(given[0]))


def _range(given: Sequence[Size]) -> Size:
    ends = [one.most for one in given[:2]]
    return _list(max(sum(ends) + 1, 1), _number(max(ends)))


def _replaced(given: Sequence[Size]) -> Size:
    return Size(given[0].length * max(given[-1].length, 1), 1)


def _filled(given: Sequence[Size]) -> Size:
    return Size(max(math.prod(max(one.total, one.most if one.number else 1) for one in given), 1), 1, math.inf)


#: What functions return, given the sizes of their arguments. Of others, it is as large as all arguments together.
_RESULTS: Mapping[str, Callable[[Sequence[Size]], Size]] = {
    "RANGE": _range,
    "REPLACE": _replaced,
    "SPLIT": lambda given: Size(max(given[0].total / 2, 1), 4),
    **dict.fromkeys(("HEAD", "LAST"), lambda given: given[0].each()),
    **dict.fromkeys(("SIZE", "LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH"), lambda given: _number(given[0].length)),
    **dict.fromkeys(("TOINTEGER", "TOINTEGERORNULL", "TOFLOAT", "TOFLOATORNULL"), _read_number),
    **dict.fromkeys(
        (
            *("ABS", "CEIL", "FLOOR", "ROUND", "SIGN", "SQRT", "LOG", "LOG10", "AVG", "STDEV", "STDEVP", "RAND"),
            *("PERCENTILECONT", "PERCENTILEDISC", "TOBOOLEAN", "ISEMPTY", "EXISTS"),
        ),
        _largest_number,
    ),
    **dict.fromkeys(("LPAD", "RPAD", "REPEAT"), _filled),
}


def _expression_ways(expression: Size, on: Size) -> float:
    if expression.texts is None:
        raise QueryLimitError(
            "query",
            "a regular expression that is only known when it runs may take a server without end",
            "Give it as a text or a parameter; CONTAINS takes what is stored",
        )
    most = max((ways(text, min(on.total, MOST)) for text in expression.texts), default=1.0)
    if most > MOST * _TRIED:
        raise QueryLimitError(
            "query",
            "its regular expression can be tried in too many ways, and a server can't stop inside of one",
            "Repeat no part that has * + ? or | in it, and use fewer of them; or use CONTAINS",
        )
    return most / _TRIED


def _too_much(problem: str) -> QueryLimitError:
    return QueryLimitError(
        "query",
        f"one value of it may {problem}, which can't stop inside of a value",
        "Make rows of its lists by UNWIND",
    )


def check_values(text: str, parameters: Mapping[str, Any], rows: float) -> None:
    """Raises QueryLimitError if one value of the text may cost a server too much. ``rows``: the most that a step of the
    server's plan expects."""
    sizes = {name: _of_value(value) for name, value in parameters.items()}
    for reading in readings(text):
        _Reading(sizes, rows).clauses(_tokens(reading), {})
