"""Query texts: they are read from the package, with a header that says what they are for, and what they take and
return.

A header is the comment at the top of a ``.cypher`` file::

    // purpose: outlets by how many stories they have
    // parameters:
    //   minimum (integer, default 1): stories that an outlet must have
    // columns:
    //   outlet (text): the outlet's id
    //   stories (integer; stories): how many it has
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from newsgraph.errors import UsageError
from newsgraph.graph.stores.query_text import parameters_in
from newsgraph.packaged_files import packaged_text
from newsgraph.patterns import later
from newsgraph.queries.asking.includes import expanded

_ENTRY = later(
    r"(?P<name>\w+) \((?P<type>[a-z ]+?)(?:, default (?P<default>[^)]*?))?(?:; (?P<unit>[^)]+))?\): (?P<meaning>.+)"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A parameter or column of a text, as its header documents it."""

    name: str
    type: str
    default: str | None
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Header:
    """What a query text says about itself."""

    purpose: str
    parameters: tuple[Entry, ...]
    columns: tuple[Entry, ...]


@cache
def packaged(name: str, package: str = "newsgraph.queries") -> str:
    """Returns the text of a ``.cypher`` file of a package, with what it includes (see
    :mod:`newsgraph.queries.asking.includes`).

    ``name`` is its path there without the ending, such as ``questions/first_to_cover``. Raises UsageError for an
    include that doesn't exist.
    """
    text = packaged_text(package, f"{name}.cypher").replace("\r\n", "\n")
    return expanded(text, f"{name}.cypher")


def header_of(text: str, subject: str) -> Header:
    """Returns a text's header. Raises UsageError, about ``subject``, which names the line that can't be read."""
    purpose: list[str] = []
    entries: dict[str, list[Entry]] = {"parameters": [], "columns": []}
    section = ""
    for number, raw in enumerate(text.splitlines(), 1):
        if not raw.startswith("//"):
            break
        line = raw[2:].strip()
        where = f"{subject}, line {number}"
        name, colon, rest = line.partition(":")
        if colon and name in ("purpose", *entries):
            section = name
            if name == "purpose":
                purpose.append(rest.strip())
            elif rest.strip() not in ("", "none"):
                raise UsageError(
                    where, f"{name} are one a line", f"Write '// {name}:', and below '//   name (type): meaning'"
                )
        elif section == "purpose":
            purpose.append(line)
        elif line and section:
            _add(entries[section], line, where)
    if not " ".join(purpose).strip():
        raise UsageError(subject, "it doesn't say what it is for", "Begin the file with '// purpose: ...'")
    return Header(" ".join(purpose).strip(), tuple(entries["parameters"]), tuple(entries["columns"]))


def _add(entries: list[Entry], line: str, where: str) -> None:
    match = _ENTRY.fullmatch(line)
    if match:
        entries.append(Entry(match["name"], match["type"], match["default"], match["unit"] or "", match["meaning"]))
    elif entries and "(" not in line.partition(":")[0]:
        last = entries.pop()
        entries.append(Entry(last.name, last.type, last.default, last.unit, f"{last.meaning} {line}"))
    else:
        raise UsageError(
            where, f"can't read {line!r}", "Write 'name (type): meaning' or 'name (type, default 5): meaning'"
        )


def with_values(text: str, values: dict[str, Any]) -> str:
    """Returns the text in the form for the Neo4j Browser or cypher-shell: a ``:param`` line for each value, then the
    text."""
    lines = [f":param {name} => {_literal(values[name])};" for name in sorted(values) if name in parameters_in(text)]
    return "\n".join([*lines, text.rstrip() + ";"])


def _literal(value: Any) -> str:
    import json  # noqa: PLC0415  # only to show a text
    from datetime import datetime  # noqa: PLC0415

    from newsgraph.output.times import iso  # noqa: PLC0415

    if isinstance(value, datetime):
        return f"datetime({json.dumps(iso(value))})"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_literal(part) for part in value) + "]"
    # A JSON string is also a Cypher string: it has the same escapes, and no others are written.
    return json.dumps(value, ensure_ascii=False)
