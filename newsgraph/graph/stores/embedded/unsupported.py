"""Refuses query texts that the embedded engine would silently answer differently from Neo4j.

Each case was seen on kglite 0.21.2 and has a test that shows both answers. Cases that can't be recognised by the text
are described in ``docs/cypher.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsgraph.errors import QueryError
from newsgraph.graph.schema import NODE_TYPES, NODES, Type
from newsgraph.graph.stores.query_text import masked, without_comments
from newsgraph.patterns import later

_HOP = later(r"\)\s*<?-(?:\[([^\[\]]*+)\])?->?\s*\(")
_KEYWORD = later(r"(?<![\w.:$])(MATCH|CREATE|MERGE|WHERE|RETURN|WITH|SET|UNWIND|CALL|DELETE|FOREACH)\b", re.IGNORECASE)
_PATTERN_CLAUSES = {"MATCH", "CREATE", "MERGE"}
_PAIRS = {")": "(", "]": "[", "}": "{"}
_END_OF_EDGE = later(r"(?<![\w.])(startNode|endNode)\s*\(\s*\w+\s*\)(?!\s*(?:\.|=|<>))", re.IGNORECASE)
_TIMES = "|".join(sorted({one.name for node in NODE_TYPES for one in node.properties if one.type is Type.TIME}))
_COMPARED = r"(?:<>|<=|>=|=|<|>)"
#: A time property compared with a text, in either order.
_TIME_AND_TEXT = later(rf"\.\s*(?:{_TIMES})\s*{_COMPARED}\s*['\"]|['\"]\s*{_COMPARED}\s*\w+\s*\.\s*(?:{_TIMES})\b")
_TIME_AND_DATE = later(rf"\.\s*(?:{_TIMES})\s*{_COMPARED}\s*date\s*\(", re.IGNORECASE)
_TIME_LESS_TIME = later(rf"\.\s*(?:{_TIMES})\s*-\s*(?:\w+\s*\.\s*(?:{_TIMES})\b|datetime\s*\()")
_TIME_AS_TEXT = later(rf"\btoString\s*\(\s*\w+\s*\.\s*(?:{_TIMES})\s*\)", re.IGNORECASE)
_LISTS_JOINED = later(r"\]\s*\|\||\|\|\s*\[")
_AGGREGATE = later(r"(?<![\w.])(?:count|collect|sum|avg|min|max)\s*\(", re.IGNORECASE)
_CALLED = later(r"(?<!\w)([^\W\d]\w*)\s*\(")
#: What can be before a bracket without being a function.
_BEFORE_BRACKETS = frozenset(
    {"MATCH", "WHERE", "AND", "OR", "XOR", "NOT", "IN", "WITH", "RETURN", "UNWIND", "AS", "BY", "WHEN", "THEN", "ELSE"}
)
_REMEDIES = (
    (
        re.compile(r"percentile", re.I),
        "Take it from a sorted list: WITH x ORDER BY x WITH collect(x) AS l RETURN l[size(l)/2]",
    ),
    (re.compile(r"aggregate function .* cannot", re.I), "Aggregate in a WITH first, then compare in the RETURN"),
)


@lru_cache(maxsize=256)  # the same few texts are asked again and again
def check(text: str) -> None:
    """Raises QueryError, which says what to write instead, for a text that the engine answers wrongly."""
    bare = masked(text)
    if re.search(r"\bFORMAT\s+CSV\s*+(?:;\s*+)?\Z", bare, re.IGNORECASE):
        raise _refused("FORMAT CSV is no Cypher of other stores", "Leave it out: every answer can be written as CSV")
    if ";" in bare.rstrip().rstrip(";"):
        raise QueryError("query", "it holds several statements", "Give one at a time")
    _check_existence(bare)
    _check_ends(bare)
    for part in re.split(r"(?<![\w.:$])UNION\b", bare, flags=re.IGNORECASE):  # a variable is only known in its own part
        _check_virtual(part)
    _check_operators(bare, without_comments(text))


@lru_cache(maxsize=256)
def may_aggregate(text: str) -> bool:
    """Tells whether the text calls any function. Only the engine knows which of them aggregate."""
    called = {name.upper() for name in _CALLED.findall(masked(text))}
    return bool(called - _BEFORE_BRACKETS) or bool(re.search(r"`\s*\(", text))


def remedy(message: str) -> str:
    """Returns what to do about an error of the engine."""
    for pattern, advice in _REMEDIES:
        if pattern.search(message):
            return advice
    return "See docs/cypher.md for what runs on every store"


def _refused(problem: str, advice: str) -> QueryError:
    return QueryError("query", f"the embedded engine would answer wrongly: {problem}", advice)


@dataclass(frozen=True, slots=True)
class _Chain:
    start: int
    end: int
    types: tuple[frozenset[str], ...]  # of each edge; empty for any type

    def repeats(self) -> bool:
        """Whether two of its edges could be the same edge."""
        return any(
            not one or not other or one & other for place, one in enumerate(self.types) for other in self.types[:place]
        )


def _check_existence(bare: str) -> None:
    # If the first way that the engine tries leads to an edge that is used already, it doesn't try the other ways.
    for chain in _chains(bare):
        if chain.repeats() and _is_predicate(bare, chain):
            raise _refused(
                "the existence of a pattern with two edges that may be the same one",
                "Write COUNT { ... } > 0 for EXISTS and COUNT { ... } = 0 for NOT",
            )


def _is_predicate(bare: str, chain: _Chain) -> bool:
    opened = _enclosing(bare, chain.start)
    before = bare[: max(opened, 0)].rstrip()
    bracket = bare[opened] if opened >= 0 else ""
    inside = bare[opened + 1 : chain.start]
    clauses = [match.group().upper() for match in _KEYWORD.finditer(_outer(inside))]
    if bracket == "[":
        return bool(clauses)  # not the beginning of a pattern comprehension, but its condition
    if bracket == "(":
        return not re.search(r"shortestpaths?$", before, re.IGNORECASE)
    if clauses and clauses[-1] not in _PATTERN_CLAUSES:
        return True
    if bracket == "{" and re.search(r"(?<!\w)EXISTS$", before, re.IGNORECASE):
        # If the pattern has a condition of its own, the engine works in another way, which is right.
        return not re.match(r"\s*WHERE\b", bare[chain.end :], re.IGNORECASE)
    return False


def _chains(bare: str) -> Iterator[_Chain]:
    # Yields paths of two or more edges.
    closing = _closing(bare)
    opening = {end: start for start, end in closing.items()}
    start, end = -1, -1
    types: list[frozenset[str]] = []
    for hop in _HOP.finditer(bare):
        if hop.start() != end or start < 0:
            if len(types) > 1:
                yield _Chain(start, end + 1, tuple(types))
            start, types = opening.get(hop.start(), -1), []
        types.append(_types(hop.group(1)))
        end = closing.get(hop.end() - 1, -1)
    if len(types) > 1 and start >= 0:
        yield _Chain(start, end + 1, tuple(types))


def _types(inside: str | None) -> frozenset[str]:
    match = re.match(r"\s*+\w*+\s*+:\s*+([\w|:\s]++)", inside or "")
    return frozenset(re.findall(r"\w+", match.group(1))) if match else frozenset()


def _closing(bare: str) -> dict[int, int]:
    # Finds for each bracket where it is closed.
    stack: list[int] = []
    found: dict[int, int] = {}
    for place, character in enumerate(bare):
        if character in "([{":
            stack.append(place)
        elif character in _PAIRS and stack and bare[stack[-1]] == _PAIRS[character]:
            found[stack.pop()] = place
    return found


def _enclosing(bare: str, place: int) -> int:
    # Returns the innermost bracket that is open there; -1 when none is.
    inner = [start for start, end in _closing(bare).items() if start < place < end]
    return max(inner, default=-1)


def _outer(part: str) -> str:
    # Returns the text without what is in brackets.
    while True:
        shorter = re.sub(r"\([^()\[\]{}]*\)|\[[^()\[\]{}]*\]|\{[^()\[\]{}]*\}", " ", part)
        if shorter == part:
            return part
        part = shorter


def _check_ends(bare: str) -> None:
    problem, advice = "the value of startNode() or endNode() comes as a title", "Name the edge's ends in the pattern"
    returned = re.split(r"(?<![\w.])RETURN\b", bare, flags=re.IGNORECASE)[-1]
    for match in _END_OF_EDGE.finditer(bare):
        opened = _enclosing(bare, match.start())
        if opened > 0 and re.search(r"\b(labels|properties|keys|id|elementId)$", bare[:opened].rstrip(), re.IGNORECASE):
            continue
        clauses = [found.group().upper() for found in _KEYWORD.finditer(bare[: match.start()])]
        alias = re.match(r"\s*AS\s+(\w+)", bare[match.end() :], re.IGNORECASE)
        if clauses and clauses[-1] == "RETURN":
            raise _refused(problem, advice)
        if alias and re.search(rf"(?<![\w.]){alias.group(1)}\b(?!\s*[.(])", returned):
            raise _refused(problem, advice)


def _check_virtual(bare: str) -> None:
    # Names that the engine answers with something of its own if a node or edge has no such property.
    for match in re.finditer(r"(?<![\w.$])([^\W\d]\w*)\s*\.\s*(type|node_type|label|name|id)\b(?!\s*\()", bare):
        variable, name = match.groups()
        labels = re.findall(rf"(?:(?<!\w)|\bMATCH\s*)\(\s*{variable}\s*:\s*(\w+)", bare, re.IGNORECASE)
        is_edge = bool(re.search(rf"-\s*\[\s*{variable}\s*[:\]*{{]", bare))
        if is_edge and name == "id":
            raise _refused("an edge has no id of its own", "Take the ids of its ends")
        if labels or _is_node(bare, variable):
            _check_virtual_of_node(name, labels)
        elif is_edge and name in ("type", "node_type"):
            raise _no_type(name)


def _is_node(bare: str, variable: str) -> bool:
    return bool(re.search(rf"(?:(?<![\w\s])\s*|\bMATCH\s*)\(\s*{variable}\s*[){{]", bare, re.IGNORECASE))


def _check_virtual_of_node(name: str, labels: list[str]) -> None:
    declared = [{property_.name for property_ in NODES[label].properties} for label in labels if label in NODES]
    if name in ("type", "node_type"):
        raise _no_type(name)
    if name == "label" and not any("label" in names for names in declared):
        raise _refused("label is no property", "Write labels(n)[0]")
    if name == "name" and declared and all("name" not in names and "title" in names for names in declared):
        raise _refused(f"{labels[0]} has no name and its title would show", "Write title")


def _no_type(name: str) -> QueryError:
    return _refused(f"{name} is no property", "Write labels(n)[0] for a node, type(r) for an edge")


def _check_operators(bare: str, text: str) -> None:
    if _TIME_AND_TEXT.search(text):
        raise _refused("a time is compared with a text", "Compare with datetime('...')")
    if _TIME_AND_DATE.search(bare):
        raise _refused("a time is compared with a date", "Compare with datetime('...')")
    if _TIME_LESS_TIME.search(bare):
        raise _refused("a time is taken from a time", "Write duration.inSeconds(a, b).seconds")
    if _TIME_AS_TEXT.search(bare):
        raise _refused("a time is written out as the engine does", "Return the time itself")
    if _LISTS_JOINED.search(bare):
        raise _refused("|| makes a text of lists", "Join lists with +")
    begins = re.match(r"\s*OPTIONAL\s+MATCH\b.*\bRETURN\b(.*)", bare, re.IGNORECASE | re.DOTALL)
    if begins and _AGGREGATE.search(begins.group(1)):
        items = re.split(r"\bORDER\b|\bSKIP\b|\bLIMIT\b", begins.group(1), flags=re.IGNORECASE)[0].split(",")
        if any(re.fullmatch(r"\s*(?:DISTINCT\s+)?\w+(?:\s+AS\s+\w+)?\s*", item, re.IGNORECASE) for item in items):
            raise _refused("an OPTIONAL MATCH that begins a query loses its row", "Begin with MATCH, or return n.id")
