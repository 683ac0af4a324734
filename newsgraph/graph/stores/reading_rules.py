r"""Rules for query texts: which texts only read, how deeply they may nest, and which of them reach the store's internal
properties.

A text is looked at in every way in which an engine could read it. Neo4j replaces ``\uXXXX`` by its character before it
reads anything else, wherever it stands, so ``L\u004fAD`` is ``LOAD``. The embedded engine doesn't do that. A text must
follow the rules in each of these readings. In addition to these rules there are the stores' own: the embedded graph is
set to reading only, and on a server the transaction may only read and the server's plan of the query is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from newsgraph.errors import QueryError, QueryLimitError, ReadOnlyError
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES, Property
from newsgraph.graph.stores.query_text import masked, only_code_and_names, without_comments
from newsgraph.patterns import later

#: How many brackets, or CASE expressions, may be inside each other. Engines recurse as deeply as a text nests.
DEEPEST = 100
#: How many parts UNION may join.
MOST_UNIONS = 50
#: How many clauses, and how many operators, a text may have. A server plans all of them before its time limit counts,
#: and it goes on planning after this side has given up.
MOST_CLAUSES, MOST_OPERATORS = 200, 2_000
#: How many characters a text may have. Values are given as parameters.
LONGEST = 100_000

#: Characters that are blanks to an engine, but not to Python.
_BLANKS = dict.fromkeys((0x180E, 0x200B, 0x2060, 0xFEFF), " ")
_ESCAPE = later(r"\\[uU]+([0-9A-Fa-f]{4})")
_PAIR_OR_ESCAPE = later(r"\\(?:[uU]+([0-9A-Fa-f]{4})|.)", re.DOTALL)

_WRITES = later(
    r"(?<![\w.:$])(CREATE|MERGE|INSERT|SET|DELETE|DETACH|NODETACH|REMOVE|DROP|FOREACH|LOAD\W+CSV|ALTER|GRANT|DENY|REVOKE"
    r"|START\W+DATABASE|STOP\W+DATABASE|TERMINATE|RENAME|ENABLE|DEALLOCATE|REALLOCATE)\b(?!\s*:)",
    re.IGNORECASE,
)
#: The words that a text that reads can begin with.
_BEGINS = frozenset(
    {"MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN", "CALL", "FILTER", "LET", "ORDER", "EXPLAIN", "PROFILE", "CYPHER"}
)
#: Words that name another database, or ask the server about itself.
_ELSEWHERE = later(r"(?<![\w.:$])USE\s+[\w`(]", re.IGNORECASE)
_FIRST_WORD = later(r"[\s;({]*([^\W\d]\w*)")
_SHOW = later(
    r"(?<![\w.:$])SHOW\s+(?:(?:ALL|BUILT|USER|CURRENT|DEFAULT|HOME|POPULATED|SUPPORTED|EXECUTABLE|FULLTEXT|LOOKUP|POINT"
    r"|RANGE|TEXT|VECTOR|UNIQUE\w*|NODE|REL\w*|KEY|PROPERTY|EXIST\w*)\s+)*(?:ALIAS|CONSTRAINT|CURRENT|DATABASE|FUNCTION"
    r"|INDEX|INDEXE|ONTOLOGY|PRIVILEGE|PROCEDURE|ROLE|SERVER|SETTING|TRANSACTION|USER)(?:E?S)?\b",
    re.IGNORECASE,
)
_CALLED_PROCEDURE = later(
    r"(?<![\w.:$])CALL\s++((?:`[^`]*+`|[\w$])++(?:\s*+\.\s*+(?:`[^`]*+`|[\w$])*+)*+)(\s*+IN\b)?", re.IGNORECASE
)
_PART = r"(?:\w++|`(?:``|[^`])*+`?)++"
_ANY_NAME = later(rf"({_PART}(?:\s*+\.\s*+{_PART})*+)(\s*+\()?")
# Names joined by dots, and the bracket after them. All such names are taken, so that none is looked at twice.
_DOTTED_NAME = later(r"(?<![\w$`])([^\W\d]\w*+(?:\s*+\.\s*+[^\W\d]\w*+)*+)(\s*+\()?")

#: Procedures that only read the graph, and functions with a name space that only read it.
PROCEDURES = frozenset(
    {
        "db.labels",
        "db.relationshiptypes",
        "db.propertykeys",
        "db.schema.visualization",
        "db.schema.nodetypeproperties",
        "db.schema.reltypeproperties",
        "db.index.fulltext.querynodes",
        "db.index.fulltext.queryrelationships",
        "db.index.vector.querynodes",
        "db.index.vector.queryrelationships",
    }
)
FUNCTION_SPACES = (
    *("date.", "datetime.", "localdatetime.", "localtime.", "time.", "duration.", "point.", "vector."),
    *("apoc.agg.", "apoc.coll.", "apoc.date.", "apoc.math.", "apoc.number.", "apoc.text."),
    *("gds.similarity.", "gds.util."),
)

_PROPERTIES: list[Property] = [
    *(property_ for node in NODE_TYPES for property_ in node.properties),
    *(property_ for edge in EDGE_TYPES for property_ in edge.properties),
]
#: The internal properties of the store.
INTERNAL = frozenset(property_.name for property_ in _PROPERTIES if property_.internal)
# With what is before it, after a blank or not, and a colon after it.
_INTERNAL_NAME = later(rf"(?:([.'\"`{{,])\s*+|(?<!\w))({'|'.join(sorted(INTERNAL))})(?!\w)(\s*+:)?")
# ``toCypher`` writes out a whole node, and the others sort by a property whose name is a text.
_ALL_PROPERTIES = later(
    r"(?<![\w.])properties\s*+\(|[{,]\s*+\.\s*+\*"
    r"|\bapoc\s*+\.\s*+(?:text\s*+\.\s*+toCypher|coll\s*+\.\s*+sort(?:Nodes|Maps|Multi))\b",
    re.IGNORECASE,
)
_NAME_CALLED_IN_BACKTICKS = later(r"`\s*+\(")
#: What can be before a list. Each of these words is also allowed as the name of a variable.
_WORDS = r"(?:IN|RETURN|WITH|UNWIND|AND|OR|XOR|WHERE|THEN|ELSE|WHEN|BY|AS)"
_KEYWORD = later(rf"(?<![\w.]){_WORDS}\Z", re.IGNORECASE)
_KEYWORD_AS_NAME = later(rf"(?:[(\[,]|\b(?:AS|LET)\b)\s*+{_WORDS}\b", re.IGNORECASE)
_IN_BACKTICKS = later(r"`(?:``|[^`])*`?")
_DOT_AND_BLANKS = later(r"\.\s+")
_INDEXED = later(r"[\w)\]}`]\s*\[")
#: An index of a list that can't be the name of a property.
_NUMBER = later(r"(?:[\s\d+*/%.-]|(?:size|toInteger|length|abs)\s*\((?:[^()]|\([^()]*\))*\))*", re.IGNORECASE)
_CLAUSES = later(
    r"\b(?:STARTS|ENDS)\s++WITH\b|\b(MATCH|WITH|UNWIND|RETURN|CALL|CREATE|MERGE|SET|DELETE|REMOVE|FOREACH)\b",
    re.IGNORECASE,
)
_OPERATORS = later(r"\b(?:AND|OR|XOR|NOT|IN|CONTAINS|STARTS|ENDS|IS)\b|[-+*/%^=<>\[]|\.(?=\s*+[^\W\d])", re.IGNORECASE)
_DEPTH = later(r"[(\[{]|[)\]}]|\bCASE\b|\bEND\b", re.IGNORECASE)


@lru_cache(maxsize=256)  # the same few texts are asked again and again
def readings(text: str) -> tuple[str, ...]:
    r"""Returns the text as each engine may read it: as it is, and with ``\uXXXX`` replaced, once with and once without
    regard to a backslash before it. A text without such an escape has one reading."""
    text = text.translate(_BLANKS)
    if "\\u" not in text and "\\U" not in text:
        return (text,)

    def character(found: re.Match[str]) -> str:
        return chr(int(found[1], 16)) if found[1] else found[0]

    decoded = (_ESCAPE.sub(character, text), _PAIR_OR_ESCAPE.sub(character, text), text)
    return tuple(dict.fromkeys(reading.translate(_BLANKS) for reading in decoded))


@lru_cache(maxsize=256)
def check_reads_only(text: str, *, admin: bool = False) -> None:
    """Raises ReadOnlyError if the text has a clause that writes or that reads a file, or a procedure or function that
    isn't known to read only the graph. With ``admin``, SHOW and any procedure are allowed, too."""
    for reading in readings(text):
        bare = masked(reading)
        writes = _WRITES.search(bare)
        if writes:
            raise _refused(f"it would write ({' '.join(writes.group().split())})")
        if not admin:
            _check_clauses(bare)
            _check_calls(reading, bare)


def check_size(text: str) -> None:
    """Raises QueryLimitError for a text that is too long, has too many parts or nests too deeply for an engine to read
    safely."""
    if len(text) > LONGEST:
        raise QueryLimitError("query", f"it has {len(text):,} characters", "Give values as parameters")
    for reading in readings(text):
        bare = masked(reading)
        if len(re.findall(r"\bUNION\b", bare, re.IGNORECASE)) > MOST_UNIONS:
            raise QueryLimitError("query", f"it joins more than {MOST_UNIONS} parts by UNION", "UNWIND a list instead")
        clauses = sum(map(bool, _CLAUSES.findall(bare)))
        if clauses > MOST_CLAUSES:
            raise QueryLimitError("query", f"it has {clauses:,} clauses", "Ask in several queries")
        operators = sum(1 for _ in _OPERATORS.finditer(bare))
        if operators > MOST_OPERATORS:
            raise QueryLimitError("query", f"it has {operators:,} operators", "Give values as parameters")
        depth = 0
        for found in _DEPTH.finditer(bare):
            depth += 1 if found[0] in "([{" or found[0].upper() == "CASE" else -1
            if depth > DEEPEST:
                raise QueryLimitError("query", f"it nests more than {DEEPEST} deep", "Write it in several WITH")


@lru_cache(maxsize=256)
def may_reach_internals(text: str) -> str:
    """Returns, in words, how the text could show an internal property of the store; empty if it can't.

    It can name such a property, take all properties, or take one by a name that is only known when the query runs.
    """
    for reading in readings(text):
        bare = masked(reading)
        uncommented = without_comments(reading)
        for before, name, colon in _INTERNAL_NAME.findall(uncommented):
            # After a dot, in quotes or in backticks, or as a key of a map or pattern.
            if before and (before not in "{," or colon):
                return f"{name} is kept for newsgraph itself"
        if _ALL_PROPERTIES.search(bare) or _NAME_CALLED_IN_BACKTICKS.search(only_code_and_names(reading)):
            return "all properties at once include those kept for newsgraph itself"
        if any(map(_may_name_a_property, _indexes(reading, uncommented))):
            return "a property by a name that is known only later may be one kept for newsgraph itself"
    return ""


def check_internals(text: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Raises QueryError if the text, or a map among its parameters, could show or change internal properties of the
    store, or if a parameter nests too deeply."""
    named = INTERNAL & _keys(parameters.values()) if parameters else frozenset()
    problem = f"{min(named)} is kept for newsgraph itself" if named else may_reach_internals(text)
    if problem:
        raise QueryError(
            "query", problem, "Name the properties that you need; write l[toInteger(i)] for the item of a list"
        )


def _keys(values: Iterable[Any]) -> set[str]:
    """Returns the keys of all maps in parameters' values. Raises QueryError for one that nests too deeply."""
    keys: set[str] = set()
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for value in values:
            if isinstance(value, Mapping):
                keys.update(map(str, value))
                inner += value.values()
            elif isinstance(value, list | tuple):
                inner += value
        if not inner:
            return keys
        values = inner
    raise QueryError(
        "query", f"a parameter nests more than {DEEPEST} deep", "Give texts, numbers, times, lists and maps"
    )


def _refused(problem: str) -> ReadOnlyError:
    return ReadOnlyError("query", f"{problem}, and only reading is allowed", "Pass write=True if you mean it")


def _not_known(what: str) -> ReadOnlyError:
    return ReadOnlyError("query", f"{what} isn't known to read the graph alone", "Pass admin=True if you mean it")


def _check_clauses(bare: str) -> None:
    first = _FIRST_WORD.match(bare)
    if first and first[1].upper() in ("SHOW", "USE"):
        raise _not_known(first[1].upper())
    if first and first[1].upper() not in _BEGINS:
        raise QueryError(
            "query", f"no clause that reads begins with {first[1]}", "See docs/cypher.md for those that do"
        )
    if _SHOW.search(bare):
        raise _not_known("SHOW")
    if _ELSEWHERE.search(bare):
        raise _not_known("USE")


def _check_calls(reading: str, bare: str) -> None:
    code = only_code_and_names(reading)  # names may be in backticks
    procedures = set()
    for found in _CALLED_PROCEDURE.finditer(code):
        if not bare[found.start() : found.start() + 4].strip():
            continue  # inside a name in backticks
        name = re.sub(r"[`\s]", "", found[1])
        if name.lower() not in PROCEDURES and not found[2]:
            raise _not_known(f"CALL {name}")
        procedures.add(found.start(1))
    if any(found[2] and "`" in found[1] for found in _ANY_NAME.finditer(code)):
        raise _not_known("a function in backticks")
    for found in _DOTTED_NAME.finditer(bare):
        name = re.sub(r"\s", "", found[1])
        called = found[2] is not None and "." in name and found.start() not in procedures
        if called and not name.lower().startswith(FUNCTION_SPACES):
            raise _not_known(f"{name}()")


def _indexes(reading: str, uncommented: str) -> Iterator[str]:
    # Yields what is in each pair of brackets after a value: the index of a list, or the name of a property. After a
    # keyword they begin a list, if it isn't a name: of a variable, or after a dot.
    code = _IN_BACKTICKS.sub(lambda found: "_" * len(found[0]), only_code_and_names(reading))
    code = _DOT_AND_BLANKS.sub(lambda found: " " * (len(found[0]) - 1) + ".", code)
    named = _KEYWORD_AS_NAME.search(code) is not None
    for found in _INDEXED.finditer(code):
        if named or not _KEYWORD.search(code, max(0, found.start() - 11), found.start() + 1):
            inside = _inside(code, uncommented, found.end())
            if inside is not None:
                yield inside


def _may_name_a_property(inside: str) -> bool:
    return not _NUMBER.fullmatch(inside)


def _inside(bare: str, uncommented: str, start: int) -> str | None:
    # Returns the text, with its strings, up to the bracket that closes the one just before ``start``. None for a list,
    # which has a comma.
    depth = 1
    for place in range(start, len(bare)):
        depth += {"[": 1, "(": 1, "{": 1, "]": -1, ")": -1, "}": -1}.get(bare[place], 0)
        if depth == 0:
            return uncommented[start:place]
        if depth == 1 and bare[place] == ",":
            return None
    return uncommented[start:]
