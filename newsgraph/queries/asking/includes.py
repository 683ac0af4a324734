"""Texts that several query texts include: named texts, which are written once and inserted where they are included.

If a line of a ``.cypher`` file ends in ``// include: NAMES``, the texts of those names are inserted there. Several
names are conditions, which are joined by ``AND``. What is before the comment on its line, such as ``WHERE``, stays. The
parameters and columns that an included text documents are added to those of the text that includes it::

    MATCH (s:Story)
    WHERE // include: since, until, copies
    RETURN s.id AS story_id

The named texts are in the files of ``newsgraph/queries/fragments``. Each begins with ``// text: NAME``, followed by a
header as in any other file (see :mod:`newsgraph.queries.asking.texts`) and by the text itself. It may include others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from newsgraph.errors import UsageError

_INCLUDE = re.compile(r"(?P<before>.*?)// include: (?P<names>\w+(?:, \w+)*)\s*")
_TEXT = re.compile(r"^// text: (\w+)$", re.MULTILINE)
_ENTRY = re.compile(r"//   (\w+) \(")
_SECTIONS = ("// parameters:", "// columns:")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A named text: the lines of its header that document parameters and columns, and the lines of the text itself."""

    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    body: tuple[str, ...]


def expanded(text: str, subject: str) -> str:
    """Returns the text with every included one inserted.

    Raises UsageError, about ``subject``, for a name that no text has, and for a text that includes itself.
    """
    if "// include: " not in text:
        return text
    lines = text.splitlines()
    whole = _assembled(_sections(lines), subject, ())
    sections = [*_section("// parameters:", whole.parameters), *_section("// columns:", whole.columns)]
    return "\n".join([*_until_section(_header(lines)), *sections, *whole.body]) + "\n"


def _header(lines: Iterable[str]) -> Iterator[str]:
    """Yields the lines of comment at the top, up to one that includes something."""
    for line in lines:
        if not line.startswith("//") or _INCLUDE.fullmatch(line):
            return
        yield line


def _until_section(header: Iterable[str]) -> Iterator[str]:
    for line in header:
        if line.startswith(_SECTIONS):
            return
        yield line


def _section(title: str, entries: tuple[str, ...]) -> list[str]:
    return [title, *entries] if entries else [f"{title} none"]


def _sections(lines: list[str]) -> Fragment:
    """Sorts the lines of a text by what they are."""
    header = list(_header(lines))
    found: dict[str, list[str]] = {title: [] for title in _SECTIONS}
    title = ""
    for line in header:
        if line.startswith(_SECTIONS):
            title = line.partition(":")[0] + ":"
        elif title:
            found[title].append(line)
    return Fragment(tuple(found["// parameters:"]), tuple(found["// columns:"]), tuple(lines[len(header) :]))


def _assembled(own: Fragment, subject: str, within: tuple[str, ...]) -> Fragment:
    """Returns the text with what it includes. ``within`` names the texts on the way to it."""
    parameters, columns, body = list(own.parameters), list(own.columns), []
    for line in own.body:
        include = _INCLUDE.fullmatch(line)
        if include is None:
            body.append(line)
            continue
        parts = [_included(name, subject, within) for name in include["names"].split(", ")]
        for part in parts:
            parameters += _new(part.parameters, parameters)
            columns += _new(part.columns, columns)
        body += (include["before"] + "\n  AND ".join("\n".join(part.body) for part in parts)).split("\n")
    return Fragment(tuple(parameters), tuple(columns), tuple(body))


def _included(name: str, subject: str, within: tuple[str, ...]) -> Fragment:
    if name in within:
        raise UsageError(subject, f"the text {name} includes itself", "Take one of the includes out")
    if name not in fragments():
        raise UsageError(subject, f"there is no text {name!r} to include", f"There are {', '.join(fragments())}")
    return _assembled(fragments()[name], subject, (*within, name))


def _new(entries: Iterable[str], known: list[str]) -> list[str]:
    """Returns the entries, each with the lines that continue it, whose names aren't documented yet."""
    names = {match[1] for line in known if (match := _ENTRY.match(line))}
    new: list[str] = []
    keep = False
    for line in entries:
        match = _ENTRY.match(line)
        keep = match[1] not in names if match else keep
        if keep:
            new.append(line)
    return new


@cache
def fragments() -> Mapping[str, Fragment]:
    """Returns every named text of ``newsgraph/queries/fragments``, by name."""
    found: dict[str, Fragment] = {}
    # importlib.resources does the same, and takes longer to import than a look-up takes.
    for file in sorted((Path(__file__).parents[1] / "fragments").glob("*.cypher")):
        _, *parts = _TEXT.split(file.read_text(encoding="utf-8"))
        for name, text in zip(parts[::2], parts[1::2], strict=True):
            if name in found:
                raise UsageError(file.name, f"the text {name} stands twice", "Rename one")
            found[name] = _sections(text.strip("\n").splitlines())
    return found
