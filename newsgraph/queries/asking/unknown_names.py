"""Finds names in a Cypher text that the schema doesn't have.

To an engine, a misspelt label, type of edge or property is no error: it fits nothing, and the answer is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from newsgraph.graph.schema import EDGES, NODES, EdgeType, NodeType
from newsgraph.graph.stores.protocol import Rows
from newsgraph.graph.stores.query_text import masked
from newsgraph.patterns import later

_NAMES = r"([^\W\d]\w*+(?:\s*+[|&:]++\s*+[^\W\d]\w*+)*+)"
#: The beginning of a pattern: its variable, its names, and the map of its properties.
_NODE = later(rf"\(\s*+([^\W\d]\w*+)?+\s*+:\s*+{_NAMES}\s*+(?:\{{([^{{}}]*+)\}})?+")
_EDGE = later(rf"\[\s*+([^\W\d]\w*+)?+\s*+:\s*+{_NAMES}[^\]{{]*+(?:\{{([^{{}}]*+)\}})?+")
_WORD = later(r"[^\W\d]\w*+")
_KEY = later(r"(?<![\w.$])([^\W\d]\w*+)\s*+:")
_BOUND_AGAIN = later(r"\b(?:AS\s++|FOR\s++|\()([^\W\d]\w*+)(?:\s++IN\b)?+", re.IGNORECASE)
_PROPERTY = later(r"(?<![\w.$`])([^\W\d]\w*+)\.([^\W\d]\w*+)(?!\s*+[(.])")

_Declared = NodeType | EdgeType


def unknown_names(text: str) -> tuple[str, ...]:
    """Returns a line for each label, type of edge and property in a Cypher text that the schema doesn't have, in the
    order of their names. Properties are looked at where the text says what their node or edge is.

    >>> unknown_names("MATCH (s:Stroy) RETURN s")
    ('Stroy: no node has this label. Did you mean Story?',)
    """
    code = masked(text)
    return tuple(sorted(dict.fromkeys(chain(_in_patterns(code), _of_variables(code)))))


def with_notes(rows: Rows, text: str) -> Rows:
    """Returns the answer to a text with notes about its unknown names."""
    return replace(rows, notes=unknown_names(text))


def _in_patterns(code: str) -> Iterator[str]:
    for pattern, declared, what in ((_NODE, NODES, "no node has this label"), (_EDGE, EDGES, "no edge has this type")):
        known: Mapping[str, _Declared] = declared
        for _, names, properties in pattern.findall(code):
            named = _WORD.findall(names)
            for name in named:
                if name not in known:
                    yield _line(name, what, (key for key, one in known.items() if not one.bookkeeping))
            yield from _unknown_properties(_KEY.findall(properties), [known[name] for name in named if name in known])


def _of_variables(code: str) -> Iterator[str]:
    """Yields lines about properties of variables that stand for nodes or edges of known names throughout the text."""
    kinds: dict[str, list[_Declared]] = {}
    unknown = set(_BOUND_AGAIN.findall(_NODE.sub("", code)))
    for pattern, declared in ((_NODE, NODES), (_EDGE, EDGES)):
        known: Mapping[str, _Declared] = declared
        for variable, names, _ in pattern.findall(code):
            named = _WORD.findall(names)
            kinds.setdefault(variable, []).extend(known[name] for name in named if name in known)
            if any(name not in known for name in named):
                unknown.add(variable)
    for variable, name in _PROPERTY.findall(code):
        if variable not in unknown:
            yield from _unknown_properties([name], kinds.get(variable, []))


def _unknown_properties(names: Iterable[str], kinds: list[_Declared]) -> Iterator[str]:
    """Yields a line for each name that none of the kinds has as a property."""
    if not kinds:
        return
    known = {property_.name for kind in kinds for property_ in kind.properties}
    internal = {property_.name for kind in kinds for property_ in kind.properties if property_.internal}
    if any(isinstance(kind, NodeType) for kind in kinds):
        known.add("id")
    said = " or ".join(dict.fromkeys(one.label if isinstance(one, NodeType) else one.type for one in kinds))
    for name in names:
        if name not in known:
            yield _line(name, f"no {said} has this property", known - internal)


def _line(name: str, problem: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  # only where there is something to suggest

    by_letters = {one.casefold(): one for one in sorted(known)}
    near = get_close_matches(name.casefold(), by_letters, n=1)
    return f"{name}: {problem}. " + (
        f"Did you mean {by_letters[near[0]]}?" if near else f"There is: {', '.join(by_letters.values()) or 'none'}"
    )
